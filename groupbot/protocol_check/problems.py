"""A mistake in a pack as a sentence: which file, which key, what was expected, how to mend it.

Turns what TOML, pydantic and the file system say into such sentences.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)

# What tells the items of a pack's lists apart; the first that an item has names it in a key.
NAMES = ("service_code", "level", "code", "alias", "day", "name")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake. `file` is relative to the pack; `key` is the place in it; the others are whole sentences."""

    file: str
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.file}: {self.key}: {self.problem} {self.remedy}"


class Findings:
    """The problems found so far, and where in which file the next one is."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, place: tuple[str, str], problem: str, remedy: str) -> None:
        """Note one; `place` is (file, key)."""
        self.problems.append(Problem(*place, problem, remedy))


def read(pack: Path, name: str, model: type[Model], found: Findings) -> Model | None:
    """One file of a pack as its model; None, and the problems noted, when it is missing or wrong."""
    raw = read_toml(pack, name, found)
    if raw is None:
        return None
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for mistake in error.errors():
            problem, remedy = _sentences(mistake)
            found.add((name, key_of(mistake["loc"], raw)), problem, remedy)
    return None


def read_toml(pack: Path, name: str, found: Findings) -> dict[str, Any] | None:
    """One file of a pack as plain data; None, and the problem noted, when it cannot be read."""
    try:
        return tomllib.loads((pack / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        found.add((name, "file"), "This file is missing.", "Add it; the README of the packs lists its keys.")
    except UnicodeDecodeError as error:
        found.add((name, f"byte {error.start}"), "This is not UTF-8 text.", "Save the file as UTF-8.")
    except OSError as error:
        found.add((name, "file"), f"This cannot be read: {error.strerror}.", "Make it a file that may be read.")
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).partition(" (at ")
        remedy = "Mend it there: strings stand in double quotes, tables open with [name] or [[name]]."
        found.add((name, where.rstrip(")") or "file"), f"This is not TOML: {what}.", remedy)
    return None


def key_of(loc: tuple[int | str, ...], raw: object) -> str:
    """A place in a file as people name it: department.health.prefix instead of department[0].prefix."""
    said = []
    for step in loc:
        raw = _step(raw, step)
        named = _name_of(raw) if isinstance(step, int) else None
        said.append(named or (str(step + 1) if isinstance(step, int) else step))
    return ".".join(said) or "file"


def _step(raw: object, step: int | str) -> object:
    if isinstance(raw, Mapping):
        return raw.get(step)
    if isinstance(raw, list) and isinstance(step, int) and step < len(raw):
        return raw[step]
    return None


def _name_of(item: object) -> str | None:
    return name_of(item.get) if isinstance(item, Mapping) else None


def name_of(get: Callable[[str], object]) -> str | None:
    """What an item of a list is called in a key; of names in several languages the first. `get` gives its values."""
    found = next((value for value in map(get, NAMES) if value), None)
    if isinstance(found, Mapping):
        found = next(iter(found.values()))
    return None if found is None else str(found)


Context = Mapping[str, Any]

SHAPES = {"^[A-Z]{3}$": "three capital letters", "^[A-Z]{2}$": "two capital letters"}

# What pydantic calls a mistake -> what to tell, given its context.
SAYINGS: Mapping[str, Callable[[Context], tuple[str, str]]] = {
    "missing": lambda _: ("This key is missing.", "Add it."),
    "extra_forbidden": lambda _: ("No such key is known here.", "Take it out, or correct its spelling."),
    "literal_error": lambda ctx: (f"Expected {ctx['expected']}.", "Write one of these."),
    "string_pattern_mismatch": lambda ctx: (f"Expected {SHAPES.get(ctx['pattern'], ctx['pattern'])}.", "Write it so."),
    "string_too_short": lambda _: ("Expected some text, found none.", "Write it."),
    "too_short": lambda ctx: (f"Expected at least {ctx['min_length']}.", "Add what is missing."),
    "greater_than_equal": lambda ctx: (f"Expected {ctx['ge']} or more.", "Raise the number."),
    "less_than_equal": lambda ctx: (f"Expected {ctx['le']} or less.", "Lower the number."),
}
# The beginning of pydantic's other names for mistakes -> what was expected.
KINDS: Mapping[str, str] = {
    "string": 'text in double quotes, such as "urgent"',
    "int": "a whole number, such as 4",
    "bool": "true or false",
    "tuple": 'a list, such as ["one", "two"]',
    "list": 'a list, such as ["one", "two"]',
    "dict": 'a table, such as { en = "urgent" }',
    "mapping": 'a table, such as { en = "urgent" }',
    "model": "a table of keys",
    "date": "a day, such as 2026-12-12",
    "time": "a time of day, such as 08:00:00",
}


def sentence(error: Exception) -> str:
    """What an error says, with a capital and without a full stop."""
    said = str(error.args[0] if error.args else error).strip().rstrip(".")
    return f"{said[:1].upper()}{said[1:]}"


def _sentences(mistake: Mapping[str, Any]) -> tuple[str, str]:
    kind = str(mistake["type"])
    if kind in SAYINGS:
        return SAYINGS[kind](mistake.get("ctx", {}))
    expected = next((words for start, words in KINDS.items() if kind.startswith(start)), None)
    if expected is None:
        return f"{mistake['msg']}.", "Correct the value."
    return f"Expected {expected}.", f"Found {mistake['input']!r:.60}; write it in that shape."
