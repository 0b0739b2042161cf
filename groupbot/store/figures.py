"""The requests of a stretch of time as their figures are made of, and how often people were written to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from groupbot.records import instant, micros
from groupbot.store.database import Tx

Row = tuple[Any, ...]

Place = tuple[str, str, datetime]  # department, ward, when it was posted (aware UTC): what a pilot's stage is known by

_COURSE = (
    "ward, original_priority, priority, state, word, requested_datetime, acknowledge_due, acknowledged_at,"
    " original_expected_datetime, (SELECT MIN(at) FROM service_log WHERE request_id = request.id"
    " AND type = 'answered'), answered_at, closed_at, first_answer_held, extensions, reopenings"
)
_OF_ALL = "FROM request WHERE jurisdiction_id = ? AND route = 'public'"
_SET_ASIDE = "IN ('withdrawn', 'duplicate', 'settled_locally')"  # outcomes that are no answer of the department
_COUNTED = f"{_OF_ALL} AND (state <> 'closed' OR outcome NOT {_SET_ASIDE})"
_FELL_DUE = "original_expected_datetime >= ? AND original_expected_datetime < ?"


def courses(tx: Tx, jurisdiction_id: str, start: datetime, end: datetime) -> Iterator[Row]:
    """The columns of rules.figures.Course, in its order, for what was posted in a half-open stretch (aware UTC)."""
    posted = "requested_datetime >= ? AND requested_datetime < ?"
    for row in tx.all(f"SELECT {_COURSE} {_COUNTED} AND {posted} ORDER BY id", _span(jurisdiction_id, start, end)):
        yield _course(row)


def due(tx: Tx, jurisdiction_id: str, start: datetime, end: datetime) -> list[tuple[Place, Row]]:
    """The same for what was due, by its original deadline, in a half-open stretch (aware UTC), each with its place."""
    rows = tx.all(
        f"SELECT service_code, {_COURSE} {_COUNTED} AND {_FELL_DUE} ORDER BY id", _span(jurisdiction_id, start, end)
    )
    return [((str(code), str(row[0]), instant(int(row[5]))), _course(row)) for code, *row in rows]


def set_aside(tx: Tx, jurisdiction_id: str, start: datetime, end: datetime) -> list[Place]:
    """The places of what was due in a half-open stretch (aware UTC) and counts no more, for it was set aside."""
    rows = tx.all(
        f"SELECT service_code, ward, requested_datetime {_OF_ALL} AND state = 'closed'"
        f" AND outcome {_SET_ASIDE} AND {_FELL_DUE} ORDER BY id",
        _span(jurisdiction_id, start, end),
    )
    return [(str(code), str(ward), instant(int(at))) for code, ward, at in rows]


def posted(tx: Tx, jurisdiction_id: str, start: datetime, end: datetime) -> list[tuple[Place, str, bool]]:
    """What was posted in a half-open stretch (aware UTC): its place, its topic, and whether it was protected since."""
    rows = tx.all(
        "SELECT service_code, ward, requested_datetime, topic, protected_at FROM request WHERE jurisdiction_id = ?"
        " AND route = 'public' AND requested_datetime >= ? AND requested_datetime < ? ORDER BY id",
        _span(jurisdiction_id, start, end),
    )
    return [
        ((str(code), str(ward), instant(int(at))), str(topic), kept is not None) for code, ward, at, topic, kept in rows
    ]


def still_open(tx: Tx, jurisdiction_id: str) -> list[Place]:
    """The places of all open requests."""
    rows = tx.all(
        "SELECT service_code, ward, requested_datetime FROM request WHERE jurisdiction_id = ? AND route = 'public'"
        " AND state <> 'closed' ORDER BY id",
        (jurisdiction_id,),
    )
    return [(str(code), str(ward), instant(int(at))) for code, ward, at in rows]


def first_posted(tx: Tx, jurisdiction_id: str) -> datetime | None:
    """When the first request was posted (aware UTC)."""
    found = tx.scalar("SELECT MIN(requested_datetime) FROM request WHERE jurisdiction_id = ?", (jurisdiction_id,))
    return None if found is None else instant(int(found))


def _span(jurisdiction_id: str, start: datetime, end: datetime) -> tuple[str, int, int]:
    return jurisdiction_id, micros(start), micros(end)


def _course(row: Sequence[Any]) -> Row:
    return (*row[:5], *(None if at is None else instant(int(at)) for at in row[5:12]), *row[12:])


def sent_alone(tx: Tx, key: str) -> list[tuple[str, datetime]]:
    """To which private chat, and when (aware UTC), each message with this text was sent."""
    rows = tx.all("SELECT chat_id, sent_at FROM outbox WHERE key = ? AND state = 'sent' ORDER BY id", (key,))
    return [(str(chat), instant(int(at))) for chat, at in rows]


def escalations(tx: Tx, jurisdiction_id: str) -> list[tuple[str, datetime]]:
    """Which role a ladder reached, and when (aware UTC), each time."""
    rows = tx.all(
        "SELECT role, at FROM service_log WHERE jurisdiction_id = ? AND type = 'escalated' ORDER BY seq",
        (jurisdiction_id,),
    )
    return [(str(role), instant(int(at))) for role, at in rows]
