"""From when and until when is an office given? ("from Monday until 5 December")

Pure, and linear in the length of the text. A day after one of the pack's words for a beginning is the first day in
office, from its midnight, where no hour is said; any other time that is named is the end, as `dates` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from groupbot.rules.dates import Lexicon, NamedTime, find_time
from groupbot.rules.dates.pieces import pieces_of
from groupbot.rules.worktime import WorkCalendar, instant

_EDGES = " \t\n:,;.-–—"
_LONGEST = 200  # characters in which an end is looked for


@dataclass(frozen=True, slots=True)
class NamedTerm:
    """The time of an office: its beginning (None: now) and end (None: open), aware UTC, and what else was said."""

    since: datetime | None
    until: datetime | None
    rest: str


def beginnings(words: Iterable[str]) -> re.Pattern[str]:
    """The pack's words for a beginning, the longest first, as one pattern."""
    spelt = sorted({re.escape(word) for word in words}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(spelt)})(?!\w)", re.IGNORECASE) if spelt else re.compile(r"(?!)")


def read_term(
    text: str, said_at: datetime, starting: re.Pattern[str], words: Lexicon, calendar: WorkCalendar
) -> NamedTerm | None:
    """The term that a text names. None for a beginning that is no day, or a term that ends before it begins.

    `said_at` is aware; `starting` is what `beginnings` made.
    """
    found = starting.search(text)
    since: datetime | None = None
    if found:
        after = text[found.end() :].lstrip(_EDGES)
        begins = _opening(after, said_at, words, calendar)
        if begins is None:
            return None
        first = _first_moment(begins, calendar)
        since = first if first > said_at else None
        text = f"{text[: found.start()].strip(_EDGES)} {after[len(begins.words) :].strip(_EDGES)}"
    ends = find_time(text, said_at, words, calendar)
    if ends is None:
        return NamedTerm(since, None, text.strip(_EDGES))
    if since is not None and ends.at <= since:
        return None
    before, _, after = text.partition(ends.words)
    rest = " ".join(part for part in (before.strip(_EDGES), after.strip(_EDGES)) if part)
    return NamedTerm(since, ends.at, rest)


def _opening(text: str, said_at: datetime, words: Lexicon, calendar: WorkCalendar) -> NamedTime | None:
    """The time that a text opens with; an end that follows ("Monday until 18 December") is no part of it."""
    end = next((piece.start for piece in pieces_of(text[:_LONGEST], words) if piece.has("until")), len(text))
    named = find_time(text[:end], said_at, words, calendar)
    return named if named is not None and text.startswith(named.words) else None


def _first_moment(begins: NamedTime, calendar: WorkCalendar) -> datetime:
    if begins.has_hour:
        return begins.at
    return instant(begins.at.astimezone(calendar.zone).date(), time(), calendar.zone)
