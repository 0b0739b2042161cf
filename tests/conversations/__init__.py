"""Whole conversations through the real bot; see README.md."""
