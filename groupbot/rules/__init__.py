"""The rules: pure functions of their arguments. No clock, no database, no chat, no random, no files."""
