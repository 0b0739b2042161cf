"""When the log's checkpoint is due, and how it is written down for people to keep.

A checkpoint in the chat is the witness: the members' phones keep it, and no later change of the log can match it.
Daily and every 50 entries: our own choice, so that little lies between two checkpoints and the chat stays quiet.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import date, datetime, timedelta
from typing import NamedTuple

from groupbot.rules.worktime import WorkCalendar, closing, hours_of, next_open

EVERY = 50  # entries


class Checkpoint(NamedTuple):
    """One state of a log: its first `size` entries and their root; `epoch` is that of the last of them."""

    log_id: str
    epoch: int
    size: int
    root: bytes
    day: date  # local


def due(waiting: int, first_at: datetime, calendar: WorkCalendar) -> datetime:
    """When the next checkpoint is due, in UTC: the next morning, or at once when many entries wait for it.

    `waiting` entries came since the last one, the first of them at `first_at` (aware). A morning is the first opening
    of a working day after it.
    """
    return first_at if waiting >= EVERY else _next_morning(first_at, calendar)


def _next_morning(at: datetime, calendar: WorkCalendar) -> datetime:
    shuts = closing(at, calendar)
    day = (shuts - timedelta.resolution).astimezone(calendar.zone).date()  # midnight closes the day before it
    opens = hours_of(day, calendar)[0][0]
    return opens if opens > at else next_open(shuts, calendar)


def lines(checkpoint: Checkpoint) -> list[str]:
    """A checkpoint as short lines that can be read out, copied and pasted; `verify_log` finds them in any text.

    They are a format, the same in every language.
    """
    return [
        f"log {checkpoint.log_id} {checkpoint.day.isoformat()}",
        f"epoch {checkpoint.epoch} size {checkpoint.size}",
        f"root {b64encode(checkpoint.root).decode()}",
    ]
