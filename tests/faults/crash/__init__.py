"""Crashes: a bot that kills itself at a named point, what it leaves behind, and whether that is still true."""
