"""What requests were before each change, so that a person can take an act of their own back; extensions and twins."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from groupbot.records import instant, micros
from groupbot.store.database import Tx

_COLUMNS = "request_id, version, at, act, person_id, inbox_id, columns"
UNDONE = "undone"  # the act under which an undoing is itself kept: it cannot be undone again
MOVED = "moved"  # to another department
RECOUNTED = "recounted"  # a holiday moved dates: whoever declared it takes the holiday back, not its effect on one


@dataclass(frozen=True, slots=True)
class PastAct:
    """One change: who made it when (aware UTC), by which message, and the columns as they stood before, as stored."""

    request_id: int
    version: int
    at: datetime
    act: str
    person_id: int | None
    inbox_id: int
    columns: dict[str, Any] = field(default_factory=dict)


def keep(tx: Tx, past: PastAct, names: Iterable[str]) -> None:
    """Keep the named columns of a request as they are before a change; the record's own columns are ignored."""
    known = list(names)
    of = (past.request_id, past.version)
    row = tx.one(f"SELECT {', '.join(known)} FROM request WHERE id = ? AND version = ?", of)
    if row is None:
        return  # the change itself will find that the request has moved on
    before = json.dumps(dict(zip(known, row, strict=True)), ensure_ascii=False)
    tx.execute(
        f"INSERT INTO request_past({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*of, micros(past.at), past.act, past.person_id, past.inbox_id, before),
    )


def latest(tx: Tx, person_id: int, since: datetime, request_id: int | None = None) -> PastAct | None:
    """The newest change that a person made since then and that still stands, of one request where it is named."""
    where, values = ("AND request_id = ?", [request_id]) if request_id is not None else ("", [])
    row = tx.one(
        f"SELECT {_COLUMNS} FROM request_past WHERE person_id = ? AND at >= ?"
        f" AND undone_at IS NULL AND act NOT IN (?, ?) {where} ORDER BY at DESC, inbox_id DESC, version DESC LIMIT 1",
        (person_id, micros(since), UNDONE, RECOUNTED, *values),
    )
    return None if row is None else _record(row)


def last(tx: Tx, request_id: int) -> PastAct | None:
    """The newest change of a request that still stands."""
    row = tx.one(
        f"SELECT {_COLUMNS} FROM request_past WHERE request_id = ? AND undone_at IS NULL ORDER BY version DESC LIMIT 1",
        (request_id,),
    )
    return None if row is None else _record(row)


def setter(tx: Tx, request_id: int, column: str, value: object) -> PastAct | None:
    """The newest act, still standing, that gave a column of a request the value (as stored) that it has now.

    An act that wrote the same value again is not it, nor is a holiday that moved it.
    """
    found = setting(tx, request_id, column)
    return next((act for act in found if act.act != RECOUNTED and act.columns[column] != value), None)


def setting(tx: Tx, request_id: int, column: str) -> list[PastAct]:
    """The acts, still standing, that set a column of a request, the newest first; each has what it was before."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM request_past WHERE request_id = ? AND undone_at IS NULL AND act <> ?"
        " ORDER BY version DESC",
        (request_id, UNDONE),
    )
    return [act for act in map(_record, rows) if column in act.columns]


def left(tx: Tx, request_id: int) -> list[str]:
    """The departments that a request was moved away from, the first one first, as far as those moves still stand."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM request_past WHERE request_id = ? AND undone_at IS NULL AND act = ? ORDER BY version",
        (request_id, MOVED),
    )
    return [str(_record(row).columns["service_code"]) for row in rows]


def _record(row: Sequence[Any]) -> PastAct:
    request_id, version, at, act, person_id, inbox_id, before = row
    return PastAct(request_id, version, instant(at), act, person_id, inbox_id, json.loads(before))


def together(tx: Tx, act: PastAct) -> list[PastAct]:
    """The changes that one message made, this one among them, the newest first: twins are changed together."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM request_past WHERE person_id = ? AND at = ? AND inbox_id = ?"
        " AND undone_at IS NULL AND act <> ? ORDER BY version DESC, request_id",
        (act.person_id, micros(act.at), act.inbox_id, UNDONE),
    )
    return [_record(row) for row in rows]


def changed_since(tx: Tx, act: PastAct) -> int | None:
    """Who last changed the request after that act, as far as it still stands: a person's row id, 0 for no person.

    None when nobody did.
    """
    row = tx.one(
        "SELECT person_id FROM request_past WHERE request_id = ? AND version > ? AND undone_at IS NULL AND act <> ?"
        " ORDER BY version DESC LIMIT 1",
        (act.request_id, act.version, UNDONE),
    )
    return None if row is None else int(row[0] or 0)


def mark_undone(tx: Tx, act: PastAct, now: datetime) -> None:
    """The act no longer stands."""
    tx.execute(
        "UPDATE request_past SET undone_at = ? WHERE request_id = ? AND version = ?",
        (micros(now), act.request_id, act.version),
    )


def extend(
    tx: Tx, request_id: int, due: tuple[datetime, datetime], reason: str, *, by: int | None, at: datetime
) -> None:
    """Keep an extension of a deadline, from `due[0]` to `due[1]`, with its reason."""
    tx.execute(
        "INSERT INTO extension(request_id, at, due_before, due_after, reason, person_id) VALUES (?, ?, ?, ?, ?, ?)",
        (request_id, micros(at), micros(due[0]), micros(due[1]), reason, by),
    )


def drop_extension(tx: Tx, request_id: int, at: datetime) -> None:
    """Forget the extension that was given at that instant: it was taken back."""
    tx.execute("DELETE FROM extension WHERE request_id = ? AND at = ?", (request_id, micros(at)))


def pair(tx: Tx, request_id: int, other_id: int, person_id: int | None, at: datetime) -> bool:
    """Remember that two requests are about one matter; False when that was known."""
    first, second = sorted((request_id, other_id))
    made = tx.execute(
        "INSERT INTO twin(request_id, other_id, at, person_id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (first, second, micros(at), person_id),
    )
    return made.rowcount == 1


def unpair(tx: Tx, request_id: int, person_id: int | None, at: datetime) -> None:
    """Forget the twins of a request that this person named at that instant."""
    tx.execute(
        "DELETE FROM twin WHERE (request_id = ? OR other_id = ?) AND person_id = ? AND at = ?",
        (request_id, request_id, person_id, micros(at)),
    )


def twins(tx: Tx, request_id: int) -> list[int]:
    """The row ids of the requests that are about the same matter, through others too, without the request itself."""
    rows = tx.all(
        "WITH RECURSIVE near(id) AS (SELECT CAST(? AS BIGINT) UNION SELECT CASE WHEN twin.request_id = near.id THEN"
        " twin.other_id ELSE twin.request_id END FROM twin JOIN near ON near.id IN (twin.request_id, twin.other_id))"
        " SELECT id FROM near WHERE id <> ? ORDER BY id",
        (request_id, request_id),
    )
    return [int(row[0]) for row in rows]
