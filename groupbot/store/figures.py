"""The requests of a stretch of time as their figures are made of, and how often people were written to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from groupbot.records import instant, micros
from groupbot.store.database import Tx
from groupbot.store.history import UNDONE

Row = tuple[Any, ...]

Place = tuple[str, str, datetime]  # department, ward, when it was posted (aware UTC): what a pilot's stage is known by

_COURSE = (
    "id, original_priority, priority, ward, state, word, requested_datetime, acknowledge_due, acknowledged_at,"
    " original_expected_datetime, (SELECT MIN(at) FROM service_log WHERE request_id = request.id"
    " AND type = 'answered'), answered_at, closed_at, first_answer_held, extensions, reopenings"
)
_OF_ALL = "FROM request WHERE jurisdiction_id = ? AND route = 'public'"
_SET_ASIDE = "IN ('withdrawn', 'duplicate', 'settled_locally')"  # outcomes that are no answer of the department
_COUNTED = f"{_OF_ALL} AND (state <> 'closed' OR outcome NOT {_SET_ASIDE})"
_FELL_DUE = "original_expected_datetime >= ? AND original_expected_datetime < ?"


def courses(tx: Tx, jurisdiction_id: str, start: datetime, end: datetime) -> Iterator[Row]:
    """The columns of rules.figures.Course, in its order, for what was posted in a half-open stretch (aware UTC)."""
    which = f"{_COUNTED} AND requested_datetime >= ? AND requested_datetime < ?"
    for _, course in _courses(tx, which, _span(jurisdiction_id, start, end)):
        yield course


def due(tx: Tx, jurisdiction_id: str, start: datetime, end: datetime) -> list[tuple[Place, Row]]:
    """The same for what was due, by its original deadline, in a half-open stretch (aware UTC), each with its place."""
    found = _courses(tx, f"{_COUNTED} AND {_FELL_DUE}", _span(jurisdiction_id, start, end))
    return [((code, course[0], course[4]), course) for code, course in found]


def _courses(tx: Tx, which: str, span: tuple[str, int, int]) -> Iterator[tuple[str, Row]]:
    """The department and the course of each request that `which` selects."""
    given = _given(tx, which, span)
    for code, request_id, first, now, *row in tx.all(f"SELECT service_code, {_COURSE} {which} ORDER BY id", span):
        times = (None if at is None else instant(int(at)) for at in row[3:10])
        yield str(code), (row[0], (first, *given.get(request_id, ()), now), *row[1:3], *times, *row[10:])


def _given(tx: Tx, which: str, span: tuple[str, int, int]) -> dict[int, list[str]]:
    """The priorities that requests had before each act, still standing, that gave them another one."""
    found: dict[int, list[str]] = {}
    rows = tx.all(
        f"SELECT request_id, columns FROM request_past WHERE request_id IN (SELECT id {which}) AND undone_at IS NULL"
        " AND act <> ? AND columns LIKE ? ORDER BY request_id, version",
        (*span, UNDONE, '%"priority":%'),
    )
    for request_id, columns in rows:
        found.setdefault(int(request_id), []).append(str(json.loads(columns)["priority"]))
    return found


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
