"""Values of raw updates that are what they ought to be, or an error: what is wrong is quarantined, never guessed."""

from __future__ import annotations


def text(value: object) -> str:
    """A text. Raises TypeError for anything else."""
    if type(value) is not str:
        raise TypeError(f"text expected, got {type(value).__name__}")
    return value


def identifier(value: object) -> str:
    """A text that goes into the database as it is: without NUL and lone surrogates. Raises TypeError, ValueError."""
    given = text(value)
    if "\0" in given:
        raise ValueError("NUL in an id")
    if not given.isascii():
        given.encode("utf-8")
    return given
