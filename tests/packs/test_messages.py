"""What groupbot says: every message whole, in both languages, and no message that the program lacks."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from groupbot.messages import TABLES
from groupbot.messages.wording import Choice, parse, slots
from tests.packs.texts import PACK, at, catalogue, toml

NOW = at("2026-11-23 10:10")
CATALOGUE = catalogue()
WORDINGS = toml(Path(__file__).parent / "wordings.toml")


@pytest.mark.parametrize("message", WORDINGS["message"], ids=[message["key"] for message in WORDINGS["message"]])
def test_each_message_reads_as_agreed(message: dict[str, Any]) -> None:
    given = WORDINGS["params"] | message.get("params", {})
    params = {name: _param(value) for name, value in given.items() if name not in message.get("without", ())}
    for language in ("en", "sw"):
        assert CATALOGUE.text(message["key"], language, params, NOW) == message[language]


def _param(value: object) -> object:
    """Times as the program gives them: integer UTC microseconds."""
    return int(value.timestamp()) * 1_000_000 if isinstance(value, datetime) else value


def test_no_message_is_left_unread() -> None:
    read = {message["key"] for message in WORDINGS["message"]}
    said = {key for key in toml(PACK / "messages/en.toml") if key not in TABLES and not key.startswith("help_")}
    assert said == read


def test_no_text_of_a_group_or_the_mirror_has_room_for_a_citizens_name_or_phone() -> None:
    for language in ("en", "sw"):
        for key, written in toml(PACK / f"messages/{language}.toml").items():
            if key not in TABLES and key != "contact_told":  # said in private alone
                names = {slot.name for slot in slots(parse(written))}
                assert not names & {"reporter_name", "reporter_phone", "citizen", "name", "phone"}, key


def test_help_names_five_acts_for_each() -> None:
    for language in ("en", "sw"):
        for role in ("ward_admin", "coordinator", "director", "champion", "communications", "observer", "other"):
            lines = CATALOGUE.text(f"help_{role}", language, {}, NOW).splitlines()
            assert [line[:3] for line in lines[:5]] == ["1. ", "2. ", "3. ", "4. ", "5. "]
            assert len(lines) <= 6


def test_messages_in_groups_stay_short() -> None:
    for language in ("en", "sw"):
        for key, written in toml(PACK / f"messages/{language}.toml").items():
            # help is asked for, the card is pinned, a welcome is said to one alone: none is in the stream of a group
            if key not in TABLES and not key.startswith("help_") and key not in ("card", "welcome", "welcome_mirror"):
                assert max(map(len, _forms(written))) <= 210, key


def _forms(written: object) -> list[str]:
    text = parse(written)
    if isinstance(text, Choice):
        assert isinstance(written, dict)
        return [form for name, part in written.items() if name != text.selector for form in _forms(part)]
    return [str(written)]


def test_every_text_that_the_program_names_is_in_the_catalogue() -> None:
    known = toml(PACK / "messages/en.toml").keys()
    named = list(_named_texts())
    missing = [f"{path.name}:{line} {key}" for path, line, key in named if not _is_known(key, known)]
    assert named
    assert not missing


def _is_known(key: str, known: Collection[str]) -> bool:
    """A whole key, or the beginning of some when the program puts its end together."""
    return any(text.startswith(key) for text in known) if key.endswith("_") else key in known


# Functions that speak -> which of their arguments names a text.
SPEAKERS = {"say": 0, "receipt": 0, "text": 0, "Button": 0, "Command": 1, "_tell": 2}


def _named_texts() -> Iterator[tuple[Path, int, str]]:
    """Every literal handed to a function that speaks, or given to a variable called `key`."""
    house = Path(__file__).parents[2] / "groupbot"
    verbs = [path for path in house.glob("*.py") if not path.name.startswith("protocol")]
    for path in [*verbs, *house.glob("intake/*.py"), *house.glob("commands/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for value in _spoken(node):
                yield from ((path, value.lineno, key) for key in _literals(value))


def _spoken(node: ast.AST) -> list[ast.expr]:
    """The expressions that name a text, without those that only choose one."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
        place = SPEAKERS.get(name, len(node.args))
        return node.args[place : place + 1]
    if isinstance(node, ast.Assign) and any(getattr(name, "id", "") == "key" for name in node.targets):
        return [node.value]
    return []


def _literals(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.IfExp):
        yield from _literals(value.body)
        yield from _literals(value.orelse)
    elif isinstance(value, ast.JoinedStr):
        yield from _literals(value.values[0])
    elif isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value.isidentifier():
        yield value.value
