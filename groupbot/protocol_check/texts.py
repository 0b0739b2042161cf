"""Are a pack's texts whole: every key in every language, the same placeholders, all words of days and lists?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from groupbot.messages import TABLES, compile_text
from groupbot.messages.speech import WORDS, Speech
from groupbot.messages.wording import Choice, Slot, Text, selectors, slots
from groupbot.protocol import Protocol
from groupbot.protocol_check.problems import Findings, sentence

COMMAND = re.compile(r"(?<![\w/.:<-])/([a-z][a-z_-]*)")


def compare(pack: Protocol, model: Protocol, found: Findings) -> None:
    """Note what is missing, left over or different, by language; `model` is the pack groupbot comes with."""
    texts = {language: _texts(pack, language, found) for language in pack.languages}
    wanted = texts[pack.languages[0]]
    for language in pack.languages[1:]:
        _same(_file(language), wanted, texts[language], found)
    if model is not pack:
        _whole(pack, model, texts, found)
    for language in pack.languages:
        _words(_file(language), pack.messages[language], found)
        _terms(pack, model, language, found)
        lines = ((key, line) for key, text in texts[language].items() for line in _literals(text))
        _commands(pack, _file(language), lines, found)
    for path in sorted((pack.folder / "guide").glob("*.md")):
        numbered = enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        _commands(pack, f"guide/{path.name}", ((f"line {number}", line) for number, line in numbered), found)


def _file(language: str) -> str:
    return f"messages/{language}.toml"


def _texts(pack: Protocol, language: str, found: Findings) -> dict[str, Text | None]:
    """The compiled texts; None for one that is badly written, which is noted here and nowhere else."""
    texts: dict[str, Text | None] = {}
    for key, written in pack.messages[language].items():
        if key in TABLES:
            continue
        texts[key] = None
        try:
            texts[key] = compile_text(written)
        except ValueError as error:
            found.add((_file(language), key), f"{sentence(error)}.", "Write it as the README of the packs says.")
    return texts


def _same(file: str, wanted: Mapping[str, Text | None], texts: Mapping[str, Text | None], found: Findings) -> None:
    for key in wanted.keys() - texts.keys():
        found.add((file, key), "This text is missing; the first language has it.", "Translate it.")
    for key in texts.keys() - wanted.keys():
        found.add((file, key), "The first language has no such text.", "Add it there, or take it out here.")
    for key in wanted.keys() & texts.keys():
        mine, theirs = texts[key], wanted[key]
        here, there = _placeholders(mine), _placeholders(theirs)
        if here != there and mine is not None and theirs is not None:
            problem = f"Expected the placeholders {_listed(there)}, found {_listed(here)}."
            found.add((file, key), problem, "Say the same in both languages.")


def _placeholders(text: Text | None) -> set[str]:
    return set() if text is None else {str(slot) for slot in slots(text)}


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _whole(pack: Protocol, model: Protocol, texts: Mapping[str, Mapping[str, Text | None]], found: Findings) -> None:
    """Every text that the program says is there, and asks for nothing that the program does not give."""
    spoken = [key for key in model.messages[model.languages[0]] if key not in TABLES]
    first = pack.languages[0]
    for key in spoken:
        if key not in texts[first]:
            found.add((_file(first), key), "This text is missing; groupbot says it.", "Write it.")
    for language, own in texts.items():
        for key in own.keys() & set(spoken):
            given = set().union(*(_names(compile_text(file[key])) for file in model.messages.values()))
            for name in sorted(_names(own[key]) - given):
                problem = f"groupbot gives this text no '{name}'."
                found.add((_file(language), key), problem, f"Use only what it gives: {_listed(given)}.")


def _names(text: Text | None) -> set[str]:
    return set() if text is None else {slot.name for slot in slots(text)} | set(selectors(text))


def _words(file: str, messages: Mapping[str, Any], found: Findings) -> None:
    before = len(found.problems)
    for table, keys in WORDS.items():
        given = _table(messages, table)
        for key in set(keys) - set(given):
            found.add((file, f"{table}.{key}"), "This word is missing.", "Add it; the README of the packs shows it.")
        for key in set(given) - set(keys):
            found.add((file, f"{table}.{key}"), "No such word is known here.", "Take it out, or correct its spelling.")
    if len(found.problems) == before:
        _try_words(file, messages, found)


def _try_words(file: str, messages: Mapping[str, Any], found: Findings) -> None:
    """Say a few days and lengths of time, so that a wrong placeholder is found now and not in a group."""
    try:
        speech = Speech.of(messages, str)
        for key, listed, expected in (("weekdays", speech.weekdays, 7), ("months", speech.months, 12)):
            if len(listed) != expected:
                problem = f"Expected {expected} names, found {len(listed)}."
                found.add((file, f"dates.{key}"), problem, "List them all, in order.")
                return
        day = datetime(2026, 12, 31, 12, tzinfo=UTC)
        for ahead in (-5, -1, 0, 1, 2):
            speech.when(day + timedelta(days=ahead), day.date())
        speech.short_day(day)
        speech.span(90_060)
        speech.span(7_260)
    except KeyError as error:
        remedy = "Use those that the README of the packs shows."
        found.add((file, "dates or units"), f"There is no placeholder '{error.args[0]}' for these words.", remedy)
    except (ValueError, TypeError, AttributeError) as error:
        found.add((file, "dates or units"), f"{sentence(error)}.", "Write them as the README of the packs shows.")


def _terms(pack: Protocol, model: Protocol, language: str, found: Findings) -> None:
    wanted = _term_keys(model.messages) | _term_keys(pack.messages)
    for key in sorted(wanted - _term_keys({language: pack.messages[language]})):
        found.add((_file(language), f"terms.{key}"), "This term is missing.", "Add it.")


def _term_keys(messages: Mapping[str, Mapping[str, Any]]) -> set[str]:
    return {
        f"{kind}.{code}"
        for words in messages.values()
        for kind, terms in _table(words, "terms").items()
        for code in (terms if isinstance(terms, Mapping) else ())
    }


def _table(messages: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A table of words; empty where something else stands in its place."""
    found = messages.get(name)
    return found if isinstance(found, Mapping) else {}


def _literals(text: Text | None) -> Iterator[str]:
    if text is None:
        return
    if isinstance(text, Choice):
        for form in text.forms.values():
            yield from _literals(form)
    else:
        yield "".join("{}" if isinstance(part, Slot) else part for part in text)


def _commands(pack: Protocol, file: str, lines: Iterator[tuple[str, str]], found: Findings) -> None:
    from groupbot.commands import COMMANDS

    aliases = {
        alias
        for words in pack.words.values()
        for command, spellings in words.commands.items()
        for alias in spellings
        if command in COMMANDS
    }
    for key, line in lines:
        for name in COMMAND.findall(line):
            if name not in COMMANDS and name not in aliases:
                found.add((file, key), f"There is no command /{name}.", "Name a command that groupbot has.")
