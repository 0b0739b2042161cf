"""Mornings, the openings of working days, as a table: how many lie between two instants, and which is the n-th.

Every reminder is due on some morning, so they are looked up by halving instead of walking the calendar each time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta

from groupbot.rules.worktime import IDLE_DAYS, WorkCalendar, hours_of

_STRETCH = timedelta(days=IDLE_DAYS)  # how many days are added at once; none has work only in a faulty calendar


class Mornings:
    """The mornings of one calendar, grown as they are asked for. All instants are aware; answers are in UTC."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self._opens: list[datetime] = []
        self._first: date | None = None  # the days known: from this one
        self._end: date | None = None  # up to the day before this one
        self._sure: tuple[datetime, datetime] | None = None  # instants whose days, in any zone, are well inside

    def after(self, at: datetime, number: int = 1) -> datetime:
        """The number-th morning later than `at`. Raises ValueError where the calendar has no work for over a year."""
        self._know(at)
        place = bisect_right(self._opens, at) + number - 1
        while place >= len(self._opens):
            self._grow_forward()
        return self._opens[place]

    def before(self, at: datetime, number: int = 1) -> datetime:
        """The number-th morning earlier than `at`, counted backwards. Raises ValueError as `after` does."""
        self._know(at)
        while (place := bisect_left(self._opens, at) - number) < 0:
            self._grow_back()
        return self._opens[place]

    def count(self, after: datetime, until: datetime) -> int:
        """How many mornings are later than `after` and not later than `until`; 0 where `until` is not later."""
        self._know(after)
        self._know(until)
        return max(0, bisect_right(self._opens, until) - bisect_right(self._opens, after))

    def _know(self, at: datetime) -> None:
        """Make sure that the day of `at` lies inside the days known, with some on either side."""
        if self._sure is not None and self._sure[0] <= at < self._sure[1]:
            return
        day = at.date()
        if self._first is None or self._end is None:
            self._first = self._end = day - timedelta(days=2)
            self._grow_forward()
        while day - timedelta(days=2) < self._first:
            self._grow_back()
        while day + timedelta(days=2) >= self._end:
            self._grow_forward()
        self._sure = (_noon(self._first + timedelta(days=3)), _noon(self._end - timedelta(days=3)))

    def _grow_forward(self) -> None:
        assert self._end is not None
        self._opens += self._found(self._end)
        self._end += _STRETCH

    def _grow_back(self) -> None:
        assert self._first is not None
        self._first -= _STRETCH
        self._opens[:0] = self._found(self._first)

    def _found(self, first: date) -> list[datetime]:
        days = (hours_of(first + timedelta(days=number), self.calendar) for number in range(_STRETCH.days))
        found = [spans[0][0] for spans in days if spans]
        if not found:
            raise ValueError(f"the calendar has no working day in the {IDLE_DAYS} days from {first.isoformat()}")
        return found


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
