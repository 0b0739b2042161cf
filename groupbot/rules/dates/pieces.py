"""What are the pieces of a text, as far as days and hours go? Numbers, clock times, dates, marks and the pack's words.

Pure and linear: every pattern looks at a bounded stretch, and every phrase of the pack is found by its first word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from groupbot.protocol import DateWords

Meanings = Mapping[str, Any]  # kind -> value; see `_phrases` for the kinds that words have

_PIECE = re.compile(
    r"(?P<iso>(?<![\w/.-])[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![0-9/-]))T?"
    r"|(?P<date>(?<![\w/.-])[0-9]{1,2}(?:/[0-9]{1,2}(?:/(?:20)?[0-9]{2})?|([.-])[0-9]{1,2}\3(?:20)[0-9]{2})"
    r"(?![\w/-]|[.:][0-9]))"
    r"|(?P<clock>(?:(?<![\w:./-])|(?<=[0-9]T))[0-9]{1,2}[:.][0-9]{2}(?::[0-9]{2})?(?![0-9/]|[:.][0-9]))"
    r"|(?P<opaque>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+[.:][0-9]+)"
    r"|(?P<number>[0-9]+)"
    r"|(?P<word>(?<![^\W\d_])[^\W\d_](?:\.[^\W\d_]){1,4}(?![^\W\d_])\.?|[^\W\d_]+(?:['’][^\W\d_]+)*)"
    r"|(?P<mark>[^\w\s]|[_\n])"
)
_STRETCHED = re.compile(r"(.)\1{2,}")
_STOPS = frozenset(".!?;\n…")
_SILENT = frozenset("*_~`'’‘\"“”«»\u200b\u200c\u200d\u200e\u200f\ufeff")  # formatting, quotes, invisible marks
_JOINTS = frozenset("-/")
_LONGEST_NUMBER = 4
_LONGEST_START = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece: its text in lower case, where it stands, and what it means."""

    text: str
    start: int
    end: int
    means: Meanings = field(default_factory=dict)

    def has(self, *kinds: str) -> bool:
        """Whether the piece has one of the meanings."""
        return any(kind in self.means for kind in kinds)

    def touches(self, before: Piece) -> bool:
        """Whether nothing stands between this piece and the one before."""
        return before.end == self.start


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The phrases of one or more languages by their first word, the longest first, and the beginnings of verbs."""

    phrases: Mapping[str, Sequence[tuple[tuple[str, ...], Meanings]]]
    starts: Mapping[str, str]  # beginning -> kind

    @classmethod
    def of(cls, words: Iterable[DateWords]) -> Lexicon:
        """Fold the vocabularies; a phrase that several use has all its meanings."""
        table: dict[tuple[str, ...], dict[str, Any]] = {}
        starts: dict[str, str] = {}
        for language in words:
            for phrase, kind, value in _phrases(language):
                key = _words_of(phrase)
                if key:
                    table.setdefault(key, {})[kind] = value
            starts |= dict.fromkeys(language.happened_starts, "happened") | dict.fromkeys(language.will_starts, "will")
        by_first: dict[str, list[tuple[tuple[str, ...], Meanings]]] = {}
        for key in sorted(table, key=len, reverse=True):
            by_first.setdefault(key[0], []).append((key, table[key]))
        return cls(by_first, starts)


def _words_of(phrase: str) -> tuple[str, ...]:
    words = phrase.lower().split()
    return tuple(words) if all(map(str.isalpha, words)) else tuple(piece.text for piece in _lex(phrase))


def pieces_of(text: str, lexicon: Lexicon) -> list[Piece]:
    """The pieces of a text in order, phrases as one piece each, formatting marks and abbreviation dots left out."""
    raw = [piece for piece in _lex(text) if piece.text not in _SILENT]
    found: list[Piece] = []
    place = 0
    while place < len(raw):
        piece, length = _phrase_at(raw, place, lexicon)
        if not _is_abbreviation_dot(piece, found):
            found.append(piece)
        place += length
    return [_without_code(found, place) for place in range(len(found))]


def _lex(text: str) -> Iterator[Piece]:
    for match in _PIECE.finditer(text):
        kind = match.lastgroup or ""
        given = match[kind]
        yield Piece(_plain(given, kind), match.start(), match.end(), _meaning(given, kind))


def _plain(given: str, kind: str) -> str:
    if kind != "word":
        return given
    word = given.lower().replace("’", "'")
    return _STRETCHED.sub(r"\1", word.replace(".", ""))


def _meaning(given: str, kind: str) -> Meanings:
    if kind == "number":
        return {"digits": given} if len(given) <= _LONGEST_NUMBER else {}
    if kind == "mark":
        return {"stop": given} if given in _STOPS else {"mark": given}
    return {} if kind in ("word", "opaque") else {kind: given}


def _phrase_at(raw: Sequence[Piece], place: int, lexicon: Lexicon) -> tuple[Piece, int]:
    """The longest phrase at a place as one piece, and how many pieces it takes."""
    first = raw[place]
    for phrase, means in lexicon.phrases.get(first.text, ()):
        length = len(phrase)
        if length == 1 or tuple(piece.text for piece in raw[place : place + length]) == phrase:
            merged = {**first.means, **means} if length == 1 else means
            return Piece(" ".join(phrase), first.start, raw[place + length - 1].end, merged), length
    if first.means:
        return first, 1
    for cut in range(min(_LONGEST_START, len(first.text) - 3), 1, -1):  # a stem has at least three letters
        if first.text[:cut] in lexicon.starts:
            return Piece(first.text, first.start, first.end, {lexicon.starts[first.text[:cut]]: True}), 1
    return first, 1


def _is_abbreviation_dot(piece: Piece, before: Sequence[Piece]) -> bool:
    if piece.text != "." or not before or not piece.touches(before[-1]):
        return False
    return len(before[-1].text) <= 4 and before[-1].has("month", "weekday")


def _without_code(found: Sequence[Piece], place: int) -> Piece:
    """A number that is part of a code ("MET-12", "A4", "7-seater") means nothing."""
    piece = found[place]
    if not piece.has("digits"):
        return piece
    before, after = _touching(found, place, -1), _touching(found, place, 1)
    unit = place + 1 < len(found) and after is found[place + 1]  # "5km" is an amount, not a code
    if _is_letters(before) or (_is_letters(after) and not unit):
        return Piece(piece.text, piece.start, piece.end)
    return piece


def _touching(found: Sequence[Piece], place: int, step: int) -> Piece | None:
    """The piece that touches on one side, directly or across a hyphen or slash."""
    for other in (place + step, place + 2 * step):
        if not 0 <= other < len(found) or not found[max(other, other - step)].touches(found[min(other, other - step)]):
            return None
        if found[other].text not in _JOINTS:
            return found[other]
    return None


def _is_letters(piece: Piece | None) -> bool:
    return piece is not None and (piece.text == "#" or (piece.text.isalpha() and not piece.means))


# --- the words of the pack --------------------------------------------------------------------------------------------

_PLAIN_KINDS = (
    "one", "ordinals", "working", "half", "am", "pm", "hour_words", "hour_marks", "clock_marks", "at", "before",
    "until", "on",
    "day_number", "after", "from_now", "next", "coming", "this", "filler", "goes_on", "since", "ago", "not_times",
    "will", "happened", "ambiguous", "past_days",
)  # fmt: skip
_COUNTED = {
    "day": ("today", "tomorrow", "day_after_tomorrow"),
    "week": ("this_week", "next_week"),
    "month_end": ("this_month", "next_month"),
}


def _phrases(words: DateWords) -> Iterator[tuple[str, str, Any]]:
    """Every phrase of a vocabulary with its kind and value."""
    for kind in _PLAIN_KINDS:
        yield from ((phrase, kind, True) for phrase in getattr(words, kind))
    for kind, fields in _COUNTED.items():
        yield from ((phrase, kind, value) for value, name in enumerate(fields) for phrase in getattr(words, name))
    for kind, spellings in (("weekday", words.weekdays), ("month", words.months)):
        yield from ((phrase, kind, value) for value, listed in enumerate(spellings) for phrase in listed)
    for kind, values in (
        ("number", words.numbers),
        ("minutes_before", words.minutes_before),
        ("minutes_after", words.minutes_after),
    ):
        yield from ((phrase, kind, value) for phrase, value in values.items())
    yield from ((phrase, "part", part) for part in words.parts.values() for phrase in part.words)
    yield from ((phrase, "unit", unit) for unit, listed in words.units.items() for phrase in listed)
