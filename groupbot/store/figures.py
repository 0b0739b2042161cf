"""The requests of a stretch of time as their figures are made of, and how often people were written to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from groupbot.records import instant, micros
from groupbot.store.database import Tx

Row = tuple[Any, ...]

_COURSES = (
    "SELECT ward, original_priority, priority, state, word, requested_datetime, acknowledge_due, acknowledged_at,"
    " original_expected_datetime, (SELECT MIN(at) FROM service_log WHERE request_id = request.id"
    " AND type = 'answered'), answered_at, closed_at,"
    " first_answer_held, extensions, reopenings FROM request WHERE jurisdiction_id = ? AND route = 'public'"
    " AND outcome NOT IN ('withdrawn', 'duplicate', 'settled_locally')"
    " AND requested_datetime >= ? AND requested_datetime < ? ORDER BY id"
)


def courses(tx: Tx, jurisdiction_id: str, start: datetime, end: datetime) -> Iterator[Row]:
    """The columns of rules.figures.Course, in its order, for what was posted in a half-open stretch (aware UTC)."""
    for row in tx.all(_COURSES, (jurisdiction_id, micros(start), micros(end))):
        yield (*row[:5], *(None if at is None else instant(int(at)) for at in row[5:12]), *row[12:])


def sent_alone(tx: Tx, key: str) -> list[tuple[str, datetime]]:
    """To which private chat, and when (aware UTC), each message with this text was sent."""
    rows = tx.all("SELECT chat_id, sent_at FROM outbox WHERE key = ? AND state = 'sent' ORDER BY id", (key,))
    return [(str(chat), instant(int(at))) for chat, at in rows]


def escalations(tx: Tx, jurisdiction_id: str) -> dict[str, int]:
    """How often a ladder reached each role."""
    rows = tx.all(
        "SELECT role, COUNT(*) FROM service_log WHERE jurisdiction_id = ? AND type = 'escalated' GROUP BY role"
        " ORDER BY role",
        (jurisdiction_id,),
    )
    return {str(role): int(count) for role, count in rows}
