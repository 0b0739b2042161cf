"""When the department's two words on a request are due, by the pack's clocks."""

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
