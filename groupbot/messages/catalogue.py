"""What groupbot says: texts by key, in the pack's languages, filled with named parameters.

A text is compiled when it is first asked for. Parameters are put in as they are: words of users are never read as
templates. How texts are written: protocols/README.md and `wording`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from groupbot.messages.speech import SAY, WORDS, Scene, Speech
from groupbot.messages.wording import Choice, Text, parse, pick
from groupbot.protocol import Protocol

TABLES = ("terms", *WORDS)  # tables of a messages file that are words, not texts

Params = Mapping[str, object]


@dataclass(slots=True)
class Language:
    """One language's file: its written texts, those compiled so far, and its words."""

    written: Mapping[str, Any]
    speech: Speech
    texts: dict[str, Text] = field(default_factory=dict)


class Catalogue:
    """The texts of one pack."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._languages: dict[str, Language] = {}
        self._terms: dict[tuple[str, str], str] = {}

    def text(self, key: str, language: str, params: Params, now: datetime, zone: tzinfo | None = None) -> str:
        """The text named `key`, worded for someone who reads it at `now` (aware) in `zone` (default: the pack's).

        A language or text that the pack lacks falls back to its default language. Raises KeyError naming the key or
        parameter that is missing, ValueError for a naive `now`, TypeError for a parameter that its spec cannot say.
        """
        if now.tzinfo is None:
            raise ValueError("now must be aware")
        spoken, text = self._find(key, language)
        while isinstance(text, Choice):
            text = pick(text, params.get(text.name) if text.selector == "given" else _value(params, text.name, key))
        place = zone or self._zone
        scene = Scene(spoken.speech, place, now.astimezone(place).date())
        said = []
        for part in text:
            if isinstance(part, str):
                said.append(part)
            else:
                words = SAY[part.spec](_value(params, part.name, key), scene)
                said.append(words[:1].upper() + words[1:] if part.capital else words)
        return "".join(said)

    def term(self, key: str, language: str) -> str:
        """The words for a term such as "priority.urgent": the messages' own `[terms]`, else the pack's names.

        Falls back to the default language. Raises KeyError naming the term.
        """
        found = self._terms.get((key, language))
        if found is None:
            found = self._terms[(key, language)] = self._find_term(key, language)
        return found

    def emergency_numbers(self, language: str) -> list[str]:
        """Whom to call, as "name number" in the language, in the pack's order."""
        default = self._protocol.languages[0]
        numbers = self._protocol.file.emergency.number
        return [f"{number.name.get(language) or number.name[default]} {number.number}" for number in numbers]

    @functools.cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._protocol.file.pack.timezone)

    def _find(self, key: str, language: str) -> tuple[Language, Text]:
        for code in (language, self._protocol.languages[0]):
            spoken = self._language(code)
            if spoken is None:
                continue
            text = spoken.texts.get(key)
            if text is not None:
                return spoken, text
            if key in spoken.written and key not in TABLES:
                text = spoken.texts[key] = compile_text(spoken.written[key])
                return spoken, text
        raise KeyError(f"no text '{key}'")

    def _language(self, code: str) -> Language | None:
        spoken = self._languages.get(code)
        if spoken is None and code in self._protocol.messages:
            written = self._protocol.messages[code]
            speech = Speech.of(written, functools.partial(self.term, language=code))
            spoken = self._languages[code] = Language(written, speech)
        return spoken

    def _find_term(self, key: str, language: str) -> str:
        kind, _, code = key.partition(".")
        named = self._names(kind).get(code, {})
        for spoken in (language, self._protocol.languages[0]):
            words = self._protocol.messages.get(spoken, {}).get("terms", {}).get(kind, {})
            if code in words:
                return str(words[code])
            if spoken in named:
                return named[spoken]
        raise KeyError(f"no term '{key}'")

    def _names(self, kind: str) -> Mapping[str, Mapping[str, str]]:
        pack = self._protocol
        if kind == "topic":
            return {topic.code: topic.name for topic in pack.reading.topic}
        if kind == "priority":
            return {code: priority.name for code, priority in pack.priorities.items()}
        if kind == "department":
            return {code: department.name for code, department in pack.departments.items()}
        return {code: role.name for code, role in pack.roles.items()} if kind == "role" else {}


def compile_text(written: object) -> Text:
    """A text of a messages file, ready to be filled. Raises ValueError with a sentence that names what is wrong."""
    return parse(written.strip("\n") if isinstance(written, str) else written)


def _value(params: Params, name: str, key: str) -> object:
    try:
        return params[name]
    except KeyError:
        raise KeyError(f"text '{key}' needs parameter '{name}'") from None
