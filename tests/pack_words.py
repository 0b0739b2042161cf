"""Names and words that belong to a pack, and where the program says one of them in a string."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKS = Path(__file__).parent.parent / "protocols"
WORD = re.compile(r"[^\W\d_]+")
SHORTEST = 4  # shorter words of one language are accidents in another
# English technical words that other languages borrowed, and that a program must be able to say.
BORROWED = frozenset({"admin", "email", "form", "group", "phone", "photo", "video"})


@dataclass(frozen=True)
class Vocabulary:
    """What must not be said: names of places and departments, words of the languages that are not the first."""

    names: frozenset[str]
    words: frozenset[str]


def vocabulary(packs: Path = PACKS) -> Vocabulary:
    """Of all packs together, in lower case."""
    names: set[str] = set()
    words: set[str] = set()
    for folder in sorted(path for path in packs.iterdir() if path.is_dir()):
        names |= _names(folder)
        words |= _words(folder)
    return Vocabulary(frozenset(names), frozenset(words))


def found_in(sources: Mapping[str, str], forbidden: Vocabulary) -> list[str]:
    """`module:line: what` for each string, docstrings excepted, that holds a forbidden name or word."""
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(forbidden.names))) + r")\b")
    found = []
    for module, text in sources.items():
        for line, value in strings(text):
            said = {*pattern.findall(value.lower()), *(set(WORD.findall(value.lower())) & forbidden.words)}
            found += [f"{module}:{line}: {what}" for what in sorted(said)]
    return found


def strings(text: str) -> Iterator[tuple[int, str]]:
    """(line, value) of each string in a source that is not a docstring."""
    tree = ast.parse(text)
    documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node.lineno, node.value


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _names(folder: Path) -> set[str]:
    """Wards with their spellings, sub-counties, the jurisdiction; of departments only names of several words."""
    protocol = _read(folder / "protocol.toml")
    places = {ward[key] for ward in protocol.get("ward", []) for key in ("name", "sub_county")}
    places |= {part for place in places for part in place.split("/")}
    aliases = {alias for ward in protocol.get("ward", []) for alias in ward.get("aliases", [])}
    offices = {name for office in protocol.get("department", []) for name in _department(office) if " " in name}
    pack = protocol.get("pack", {})
    county = {pack.get("name", ""), pack.get("id", ""), pack.get("id", "").partition("-")[2].replace("-", " ")}
    said = {name.strip().lower() for name in places | aliases | offices | county}
    return {name for name in said if len(name) >= SHORTEST}


def _department(office: Mapping[str, Any]) -> list[str]:
    return [*office.get("name", {}).values(), office.get("agency_responsible", "")]


def _words(folder: Path) -> set[str]:
    languages = _read(folder / "protocol.toml").get("pack", {}).get("languages") or ["en"]
    first = _tokens(_read(folder / "words" / f"{languages[0]}.toml"))
    first |= _tokens(_read(folder / "messages" / f"{languages[0]}.toml"))
    others = [path for path in (folder / "words").glob("*.toml") if path.stem != languages[0]]
    theirs = {word for path in others for word in _tokens(_read(path))}
    return {word for word in theirs - first - BORROWED if len(word) >= SHORTEST}


def _tokens(value: object) -> set[str]:
    """All words in a TOML table's strings; its keys are the format's, not the language's."""
    if isinstance(value, str):
        return set(WORD.findall(value.lower()))
    if isinstance(value, dict):
        value = list(value.values())
    return {word for part in value for word in _tokens(part)} if isinstance(value, list) else set()
