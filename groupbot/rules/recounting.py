"""A working day becomes a holiday while requests are open: which of their dates move, and to when.

A day off takes working time out of every clock that was running over it (Public Holidays Act, Cap. 110), so no date
comes nearer. Days that people named themselves stay. A holiday after the fact never touches an original deadline, so
that both sums, with the day and without it, can be drawn for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from groupbot.protocol import Clock, Priority
from groupbot.records import ServiceRequest
from groupbot.rules.lifecycle import OPEN
from groupbot.rules.worktime import WorkCalendar, add, add_working_time, hours_of, worked

WORKING = ("working_hours", "working_days")
DATES = ("acknowledge_due", "expected_datetime", "original_expected_datetime", "next_word_at", "word_due")
FURTHEST = 366  # days, either way: what lies further off is a slip of the finger

Refused = Literal["too_far", "day_off", "gazette"]


@dataclass(frozen=True, slots=True)
class Calendars:
    """The calendar as it was, and as it is with the day off."""

    before: WorkCalendar
    after: WorkCalendar


def judge(day: date, today: date, gazette: str, calendar: WorkCalendar) -> Refused | None:
    """Why a local day cannot be made a holiday; None when it can. One that is past must have been gazetted."""
    if abs((day - today).days) > FURTHEST:
        return "too_far"
    if not hours_of(day, calendar):
        return "day_off"
    return "gazette" if day < today and not gazette else None


def recounted(due: datetime, start: datetime, clock: Clock, calendars: Calendars) -> datetime:
    """When something falls due that was due at `due`, by a clock that started at `start` (aware; the answer is UTC).

    A date that is the clock's own is counted anew; one that was set otherwise is put off by the working time lost. One
    that leaves the day out already, because it was declared and taken back before, stays.
    """
    if add(start, clock, calendars.after) == due:
        return due
    if add(start, clock, calendars.before) == due:
        return add(start, clock, calendars.after)
    if clock.unit not in WORKING:
        return due
    lost = worked(start, due, calendars.before) - worked(start, due, calendars.after)
    return add_working_time(due, lost, calendars.after) if lost else due


def moved(
    request: ServiceRequest, priorities: tuple[Priority, Priority], calendars: Calendars, *, after_the_fact: bool
) -> dict[str, datetime]:
    """The columns of an unclosed request that change, with their new instants (UTC).

    `priorities` are the one whose clocks hold now, and the one under which the request was opened.
    """
    clocks, opened = priorities
    posted = request.requested_datetime
    counted: list[tuple[str, datetime | None, Clock]] = []
    if request.state == "submitted":
        counted.append(("acknowledge_due", request.moved_at or posted, clocks.acknowledge))
    if not request.extensions:  # the day of an extension was named by a person
        counted.append(("expected_datetime", posted, clocks.answer))
    if not after_the_fact:
        counted.append(("original_expected_datetime", posted, opened.answer))
    if request.state in OPEN and not request.next_word_named and request.next_word_at != request.done_by:
        counted.append(("next_word_at", request.updated_datetime, clocks.next_word))
    if request.state == "answered":
        counted.append(("word_due", request.answered_at, clocks.word))
    found = {}
    for name, start, clock in counted:
        due: datetime | None = getattr(request, name)
        if due is not None and start is not None:
            then = recounted(due, start, clock, calendars)
            if then != due:
                found[name] = then
    return found
