"""When each half of a request is due: deadlines from the pack's clocks, and the one moment to look at it next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from groupbot.protocol import Priority
from groupbot.records import ServiceRequest
from groupbot.rules.worktime import WorkCalendar, add


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When the first word and the answer are due (aware UTC)."""

    acknowledge: datetime
    answer: datetime


def deadlines(priority: Priority, sent_at: datetime, calendar: WorkCalendar) -> Deadlines:
    """The two deadlines of a request posted at `sent_at` (aware UTC): they run from the post, not from its arrival."""
    return Deadlines(add(sent_at, priority.acknowledge, calendar), add(sent_at, priority.answer, calendar))


def next_nag_at(request: ServiceRequest) -> datetime | None:
    """The next moment at which the request may need chasing; None when nobody owes anything.

    A pause puts it off, and moves nothing else. Every nag is decided from this one moment, so it is derived here after
    each change and nowhere else.
    """
    owed = _owed_at(request)
    if owed is None or request.paused_until is None:
        return owed
    return max(owed, request.paused_until)


def _owed_at(request: ServiceRequest) -> datetime | None:
    if request.state == "closed":
        return None
    if request.state == "answered":
        return request.word_due
    if request.state == "submitted":
        return request.acknowledge_due
    owed = [due for due in (request.next_word_at, request.expected_datetime) if due is not None]
    return min(owed, default=None)
