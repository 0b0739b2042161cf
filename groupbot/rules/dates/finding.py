"""Which time to come do an officer's words name? ("I will come back to you before noon" names 12:00 today.)

Pure, and linear in the length of the text. The vocabulary is the pack's; people mix its languages in one line, so all
are read at once. How words are placed on the calendar is ours:

- A day without an hour means its closing, also on a day off (at the usual closing), a week or a month the closing of
  its last working day, a part of the day the time that the pack gives it, in general its end.
- An hour that may be morning or evening is told by the part of the day beside it, else by working hours where a day is
  named, else it is the next to come. Hours counted from dawn ("saa nne") are those of daylight.
- "before" and "by" name the same time as "at". A weekday named on that day is today if still ahead, else next week's.
- A time that is nearer in the past than in the future, or in a clause about what happened, is not one to come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from groupbot.protocol import DateWords
from groupbot.rules.dates.parts import Said
from groupbot.rules.dates.phrases import expressions
from groupbot.rules.dates.pieces import Lexicon, Piece, pieces_of
from groupbot.rules.dates.places import Moment
from groupbot.rules.worktime import WorkCalendar

_NEAR = 8  # an hour so few pieces away belongs to the day named before it
_READ_LENGTH = 1_000  # characters of a text that are looked into: nobody promises later than that
_HORIZON = timedelta(days=2 * 366)  # nobody names a time further off; larger numbers are something else


@dataclass(frozen=True, slots=True)
class NamedTime:
    """A time to come: when (UTC), the words that named it, and whether they named an hour, not only a day.

    `sure`: it can be nothing else; not so "today" alone, "until Friday", or "this morning" in words of what happened.
    """

    at: datetime
    words: str
    has_hour: bool
    sure: bool = True


def find_time(
    text: str, said_at: datetime, words: Sequence[DateWords] | Lexicon, calendar: WorkCalendar
) -> NamedTime | None:
    """The time to come that a text names, or None: the first, "today" alone and "until" only if there is no other.

    `said_at` is aware, in any zone (ValueError if it is naive); no text raises. `words` are the pack's languages, all
    read at once; who asks often folds them once with `Lexicon.of`.
    """
    if said_at.utcoffset() is None:
        raise ValueError(f"{said_at.isoformat()} has no time zone")
    pieces = pieces_of(text[:_READ_LENGTH], words if isinstance(words, Lexicon) else Lexicon.of(words))
    return _first_to_come(text, pieces, list(expressions(pieces)), said_at, calendar)


def find_commanded(text: str, said_at: datetime, words: Lexicon, calendar: WorkCalendar) -> NamedTime | None:
    """As `find_time`, of a command's text: the time in front is the one asked for, whatever the reason after it tells.

    ("11 December the tender was late" names 11 December; so does "until 11 December, the lorry comes on the 20th".)
    """
    pieces = pieces_of(text[:_READ_LENGTH], words)
    found = list(expressions(pieces))
    if found and all(piece.has("filler") for piece in pieces[: found[0].first]):
        # Of an evening, too, "today" is a time to come: it ends at 23:59, as in an officer's promise.
        found[0] = replace(found[0], tense="will" if found[0].offset == 0 else "", until=False)
    return _first_to_come(text, pieces, found, said_at, calendar)


def _first_to_come(
    text: str, pieces: Sequence[Piece], found: Sequence[Said], said_at: datetime, calendar: WorkCalendar
) -> NamedTime | None:
    now = Moment.of(said_at, calendar)
    second_best = None
    for said in _joined(pieces, found):
        if second_best and _is_vague(said):
            continue
        at = now.place(said)
        if at is None or not said_at < at <= said_at + _HORIZON:
            continue
        start, end = pieces[said.first].start, pieces[said.last - 1].end
        sure = not _is_vague(said) and said.tense != "happened"
        named = NamedTime(at.astimezone(UTC), text[start:end], _has_hour(said), sure)
        if not _is_vague(said):
            return named
        second_best = second_best or named
    return second_best


def _is_vague(said: Said) -> bool:
    """Whether it may tell of something else than a word to come: "today" or "this week" alone, "until Friday"."""
    return said.until or ((said.offset == 0 or said.week == 0) and not said.names_time() and said.weekday is None)


def _has_hour(said: Said) -> bool:
    in_hours = said.length is not None and said.length[1] in ("minutes", "hours")
    return said.minutes is not None or in_hours or (said.part is not None and said.part.exact)


def _joined(pieces: Sequence[Piece], found: Sequence[Said]) -> Iterator[Said]:
    """The expressions, an hour joined to a day named shortly before in the same sentence, or just after."""
    place = 0
    while place < len(found):
        first, second = found[place], found[place + 1] if place + 1 < len(found) else None
        pair = second and _pair(pieces, first, second)
        yield pair or first
        place += 2 if pair else 1


def _pair(pieces: Sequence[Piece], first: Said, second: Said) -> Said | None:
    between = pieces[first.last : second.first]
    if len(between) > _NEAR or any(piece.has("stop") for piece in between) or "happened" in (first.tense, second.tense):
        return None
    if first.names_day() and not first.names_time() and second.minutes is not None and not second.names_day():
        return replace(first, minutes=second.minutes, hour_kind=second.hour_kind, part=second.part, last=second.last)
    same_clause = not any(piece.has("mark") for piece in between)
    if same_clause and first.minutes is not None and not first.names_day() and not second.names_time():
        return replace(second, minutes=first.minutes, hour_kind=first.hour_kind, part=first.part, first=first.first)
    return None
