"""What a stretch of time comes to: rates, each with the counts beside it that show where one is bought dearly.

The headline is how many of all due requests the citizens confirmed (ELG0004: "until fully answered and the citizen
acknowledges"); a rate alone rewards quick closing, so beside it stand answers that did not hold, answers and words that
came suspiciously soon, priorities lowered, second dates, and wards that said nothing. The limits are ours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

AGREED = ("agreed", "disputed_then_agreed")
SOON = timedelta(minutes=10)  # nobody repairs anything, or asks a citizen, in less


@dataclass(frozen=True, slots=True)
class Course:
    """How one request went; instants are aware UTC, None for what has not come. `answered_at` is its first answer.

    `priorities` are all that it has had, one after the other, the present one last.
    """

    ward: str
    priorities: tuple[str, ...]
    state: str
    word: str
    posted_at: datetime
    heard_due: datetime | None
    heard_at: datetime | None
    due: datetime | None  # by the original deadline
    answered_at: datetime | None
    asked_at: datetime | None  # the latest answer, after which the citizen was asked
    closed_at: datetime | None
    held: int | None  # whether the first answer held, once known
    extensions: int
    reopenings: int


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    of: int
    count: int

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means all of them; None of none."""
        return self.count * 100 // self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a stretch: shares first, then what stands beside them."""

    posted: int
    open: int
    confirmed: Share  # by their citizens, of all whose answer was due
    answered_in_time: Share  # of all whose answer was due
    heard_in_time: Share  # first words, of all that were due
    held: Share  # first answers that held, of those of which it is known
    unreachable: int
    reopenings: int
    soon_answers: int
    soon_words: int
    downgrades: int
    second_dates: int
    silent: tuple[str, ...]  # the wards that said nothing
    answers: int  # first ones, in time or not
    words: int  # of citizens who agree, due or not

    @property
    def silent_wards(self) -> int:
        """How many wards said nothing."""
        return len(self.silent)


def per_ten_thousand(people: int, of_all: int) -> int:
    """How many of every ten thousand: rounded, a half upwards."""
    return (20_000 * people + of_all) // (2 * of_all)


def silent_people(silent: Iterable[str], residents: Mapping[str, int]) -> int | None:
    """How many of every 10,000 residents live in a silent ward; None where nobody has counted them."""
    total = sum(residents.values())
    return per_ten_thousand(sum(residents.get(name, 0) for name in silent), total) if total else None


def of(courses: Iterable[Course], levels: Sequence[str], wards: Collection[str], now: datetime) -> Figures:
    """The figures at `now` (aware UTC). `levels` are the priorities, the most pressing first; `wards` are all.

    What is not due yet counts in no share, also where it came early: else the newest requests would flatter.
    """
    listed = list(courses)
    due = [one for one in listed if one.due is not None and one.due <= now]
    hearable = [one for one in listed if one.heard_due is not None and one.heard_due <= now]
    known = [one for one in listed if one.held is not None]
    heard = {one.ward for one in listed}
    return Figures(
        len(listed),
        sum(one.state != "closed" for one in listed),
        Share(len(due), sum(one.word in AGREED for one in due)),
        Share(len(due), sum(_by(one.answered_at, one.due) for one in due)),
        Share(len(hearable), sum(_by(one.heard_at, one.heard_due) for one in hearable)),
        Share(len(known), sum(one.held == 1 for one in known)),
        sum(one.word == "unreachable" for one in listed),
        sum(one.reopenings for one in listed),
        sum(_soon(one.posted_at, one.answered_at) for one in listed),
        sum(one.word in AGREED and _soon(one.asked_at, one.closed_at) for one in listed),
        sum(_lowered(one.priorities, levels) for one in listed),
        sum(one.extensions for one in listed),
        tuple(ward for ward in wards if ward not in heard),
        sum(one.answered_at is not None for one in listed),
        sum(one.word in AGREED for one in listed),
    )


def _lowered(priorities: Sequence[str], levels: Sequence[str]) -> int:
    """How often a request was made less pressing: a priority that is raised again afterwards has moved its date too."""
    ranks = [levels.index(level) for level in priorities if level in levels]  # a pack may have given one up
    return sum(after > before for before, after in pairwise(ranks))


def _by(at: datetime | None, due: datetime | None) -> bool:
    return at is not None and due is not None and at <= due


def _soon(start: datetime | None, end: datetime | None) -> bool:
    return start is not None and end is not None and end - start < SOON
