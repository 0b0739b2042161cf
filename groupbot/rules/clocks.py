"""When the department's words on a request are due, by the pack's clocks and by the times that people name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from groupbot.protocol import Priority
from groupbot.rules.worktime import WorkCalendar, add


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When the first word and the answer are due (aware UTC)."""

    acknowledge: datetime
    answer: datetime


def deadlines(priority: Priority, sent_at: datetime, calendar: WorkCalendar) -> Deadlines:
    """The two deadlines of a request posted at `sent_at` (aware UTC): they run from the post, not from its arrival."""
    return Deadlines(add(sent_at, priority.acknowledge, calendar), add(sent_at, priority.answer, calendar))


@dataclass(frozen=True, slots=True)
class NextWord:
    """When the next word is due (aware UTC), and whether somebody named that time, rather than a clock."""

    at: datetime
    named: bool


def next_word(by_clock: datetime, named: datetime | None, *, caps: bool) -> NextWord:
    """The time that was named, and is still to come; without one by the clock.

    A clock that `caps` is never outlasted: people in danger hear from the county at least so often, whatever is named.
    """
    if named is None or (caps and named > by_clock):
        return NextWord(by_clock, named=False)
    return NextWord(named, named=True)
