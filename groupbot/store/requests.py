"""Requests as records: finding them by reference or by message, and changing named columns of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from groupbot.records import ServiceRequest, instant, micros
from groupbot.store.database import Tx

_COLUMNS = tuple(field.name for field in fields(ServiceRequest))
_INSTANTS = tuple(place for place, field in enumerate(fields(ServiceRequest)) if "datetime" in str(field.type))
_SELECT = "SELECT " + ", ".join(f"request.{name}" for name in _COLUMNS) + " FROM request"
_AT_ONCE = 400  # rows of one statement


class StaleRequest(Exception):
    """The request was changed by someone else since it was read."""


def _record(row: Sequence[Any]) -> ServiceRequest:
    values = list(row)
    for place in _INSTANTS:
        stored = values[place]
        if stored is not None:
            values[place] = instant(stored)
    return ServiceRequest(*values)


def select(tx: Tx, clause: str, values: Sequence[object]) -> list[ServiceRequest]:
    """The requests that a clause of the store's own rooms finds."""
    return [_record(row) for row in tx.all(f"{_SELECT} {clause}", values)]


def by_id(tx: Tx, request_id: int) -> ServiceRequest:
    """The request of that row id. Raises LookupError when there is none."""
    row = tx.one(f"{_SELECT} WHERE id = ?", (request_id,))
    if row is None:
        raise LookupError(f"no request with row id {request_id}")
    return _record(row)


def by_ids(tx: Tx, request_ids: Sequence[int]) -> list[ServiceRequest]:
    """The requests of these row ids, in this order."""
    found: dict[int, ServiceRequest] = {}
    for start in range(0, len(request_ids), _AT_ONCE):
        part = request_ids[start : start + _AT_ONCE]
        found |= {one.id: one for one in select(tx, f"WHERE id IN ({', '.join('?' * len(part))})", tuple(part))}
    return [found[request_id] for request_id in request_ids]


def pause(tx: Tx, request_id: int) -> tuple[int | None, str]:
    """Who paused the request last, by row id (None where nobody did), and why."""
    row = tx.one("SELECT paused_by, pause_reason FROM request WHERE id = ?", (request_id,))
    return (None, "") if row is None else (row[0], str(row[1]))


def by_reference(tx: Tx, jurisdiction_id: str, reference: str) -> ServiceRequest | None:
    """The request with that reference."""
    row = tx.one(f"{_SELECT} WHERE jurisdiction_id = ? AND service_request_id = ?", (jurisdiction_id, reference))
    return None if row is None else _record(row)


def by_message(tx: Tx, platform: str, chat_id: str, message_id: str) -> list[ServiceRequest]:
    """The requests that a message is about: it opened them, or it is a line of the bot or a person linked to them."""
    rows = tx.all(
        f"{_SELECT} WHERE id IN (SELECT id FROM request WHERE platform = ? AND chat_id = ? AND message_id = ?"
        " UNION SELECT request_id FROM message_link WHERE platform = ? AND chat_id = ? AND message_id = ?"
        " AND request_id > 0) ORDER BY id",
        (platform, chat_id, message_id) * 2,
    )
    return [_record(row) for row in rows]


def by_post(tx: Tx, platform: str, chat_id: str, message_id: str) -> list[ServiceRequest]:
    """The requests that a post opened or completed: by its own message, or linked to it as their post."""
    rows = tx.all(
        f"{_SELECT} WHERE id IN (SELECT id FROM request WHERE platform = ? AND chat_id = ? AND message_id = ?"
        " UNION SELECT request_id FROM message_link WHERE platform = ? AND chat_id = ? AND message_id = ?"
        " AND request_id > 0 AND kind = 'post') ORDER BY id",
        (platform, chat_id, message_id) * 2,
    )
    return [_record(row) for row in rows]


def next_part(tx: Tx, platform: str, chat_id: str, message_id: str) -> int:
    """The place among the requests of a post, from 0, of one more that it opens."""
    sql = "SELECT COALESCE(MAX(part) + 1, 0) FROM request WHERE platform = ? AND chat_id = ? AND message_id = ?"
    return int(tx.scalar(sql, (platform, chat_id, message_id)))


def links_of(tx: Tx, platform: str, chat_id: str, message_id: str) -> frozenset[str]:
    """As what a message is known to be about requests: a line of the bot, a post, a reply, context."""
    where = "platform = ? AND chat_id = ? AND message_id = ? AND request_id > 0"
    rows = tx.all(f"SELECT DISTINCT kind FROM message_link WHERE {where}", (platform, chat_id, message_id))
    return frozenset(str(row[0]) for row in rows)


def fingerprints(tx: Tx, request_ids: Sequence[int]) -> dict[int, str]:
    """Row id -> the fingerprint of the form by which its post tells of each of these requests."""
    marks = ", ".join("?" * len(request_ids))
    rows = tx.all(f"SELECT id, fingerprint FROM request WHERE id IN ({marks})", tuple(request_ids)) if marks else []
    return {int(row[0]): str(row[1]) for row in rows}


def keep_fingerprint(tx: Tx, request_id: int, fingerprint: str) -> None:
    """Its post tells of a request by another form from now on."""
    tx.execute("UPDATE request SET fingerprint = ? WHERE id = ?", (fingerprint, request_id))


def is_linked(tx: Tx, platform: str, chat_id: str, message_id: str) -> bool:
    """Whether it is known what a message is about."""
    sql = "SELECT 1 FROM message_link WHERE platform = ? AND chat_id = ? AND message_id = ? LIMIT 1"
    return tx.scalar(sql, (platform, chat_id, message_id)) is not None


def said_by_bot(tx: Tx, platform: str, chat_id: str, message_id: str) -> bool:
    """Whether a message that is about a request is a line of the bot."""
    sql = "SELECT 1 FROM message_link WHERE platform = ? AND chat_id = ? AND message_id = ? AND kind = 'bot'"
    return tx.scalar(sql, (platform, chat_id, message_id)) is not None


def references(tx: Tx, jurisdiction_id: str, service_code: str | None, limit: int = 2000) -> list[str]:
    """The latest references that are no confidential cases, of one department where it is named, newest first."""
    where, values = ("AND service_code = ?", [service_code]) if service_code else ("", [])
    rows = tx.all(
        f"SELECT service_request_id FROM request WHERE jurisdiction_id = ? AND route = 'public' {where}"
        f" ORDER BY id DESC LIMIT {int(limit)}",
        (jurisdiction_id, *values),
    )
    return [str(row[0]) for row in rows]


def change(tx: Tx, request: ServiceRequest, columns: Mapping[str, object]) -> None:
    """Set the named columns of a request that is still as it was read; instants may be datetimes.

    Raises StaleRequest when it is not.
    """
    stored = {name: micros(value) if isinstance(value, datetime) else value for name, value in columns.items()}
    settings = ", ".join(f"{name} = ?" for name in stored)
    cursor = tx.execute(
        f"UPDATE request SET {settings}, version = version + 1 WHERE id = ? AND version = ?",
        (*stored.values(), request.id, request.version),
    )
    if cursor.rowcount != 1:
        raise StaleRequest(request.service_request_id)


def mark_told(tx: Tx, request_ids: Sequence[int], at: datetime) -> None:
    """Keep when the department was first told of these requests."""
    marks = ", ".join("?" * len(request_ids))
    tx.execute(f"UPDATE request SET told_at = ? WHERE id IN ({marks}) AND told_at IS NULL", (micros(at), *request_ids))


def link_draft(tx: Tx, message: tuple[str, str, str], draft_id: int, now: datetime) -> None:
    """Remember that a message (platform, chat id, message id) asks about this draft."""
    tx.execute(
        "INSERT INTO message_link(platform, chat_id, message_id, request_id, draft_id, kind, at)"
        " VALUES (?, ?, ?, 0, ?, 'bot', ?) ON CONFLICT DO NOTHING",
        (*message, draft_id, micros(now)),
    )


def link_message(tx: Tx, message: tuple[str, str, str], request_ids: Sequence[int], kind: str, now: datetime) -> None:
    """Remember that a message (platform, chat id, message id) is about these requests."""
    stamp = micros(now)
    for start in range(0, len(request_ids), _AT_ONCE):
        part = request_ids[start : start + _AT_ONCE]
        tx.execute(
            "INSERT INTO message_link(platform, chat_id, message_id, request_id, draft_id, kind, at)"
            f" VALUES {', '.join(['(?, ?, ?, ?, 0, ?, ?)'] * len(part))} ON CONFLICT DO NOTHING",
            [value for request_id in part for value in (*message, request_id, kind, stamp)],
        )


def keep_contact(tx: Tx, request_id: int, contacts: tuple[str, str, str]) -> None:
    """Keep the citizen's name, phone and channel beside a request; what is '' leaves what was known before."""
    tx.execute(
        "INSERT INTO contact(request_id, reporter_name, reporter_phone, channel) VALUES (?, ?, ?, ?)"
        " ON CONFLICT(request_id) DO UPDATE SET"
        " reporter_name = CASE WHEN excluded.reporter_name = '' THEN contact.reporter_name"
        " ELSE excluded.reporter_name END,"
        " reporter_phone = CASE WHEN excluded.reporter_phone = '' THEN contact.reporter_phone"
        " ELSE excluded.reporter_phone END,"
        " channel = CASE WHEN excluded.channel = '' THEN contact.channel ELSE excluded.channel END",
        (request_id, *contacts),
    )


def unclosed(tx: Tx, jurisdiction_id: str) -> list[ServiceRequest]:
    """All that are not closed, in the order of their coming."""
    return select(tx, "WHERE jurisdiction_id = ? AND state <> 'closed' ORDER BY id", (jurisdiction_id,))


def open_of_levels(
    tx: Tx, jurisdiction_id: str, service_code: str, levels: Sequence[str], since: datetime
) -> list[ServiceRequest]:
    """A department's unclosed requests of these priorities, posted, made so or moved there since then.

    The newest come first.
    """
    marks = ", ".join("?" * len(levels))
    if not levels:
        return []
    return select(
        tx,
        "WHERE jurisdiction_id = ? AND service_code = ? AND state <> 'closed'"
        " AND (requested_datetime >= ? OR alarmed_at >= ? OR moved_at >= ?)"
        f" AND priority IN ({marks}) ORDER BY id DESC LIMIT 10",
        (jurisdiction_id, service_code, *[micros(since)] * 3, *levels),
    )


def open_by_poster(tx: Tx, poster_id: int, service_code: str, limit: int = 3) -> list[ServiceRequest]:
    """A poster's open requests in a department, newest first."""
    rows = tx.all(
        f"{_SELECT} WHERE poster_id = ? AND state <> 'closed' AND service_code = ? ORDER BY id DESC LIMIT {int(limit)}",
        (poster_id, service_code),
    )
    return [_record(row) for row in rows]


def latest_linked(tx: Tx, platform: str, chat_id: str, since: datetime) -> list[ServiceRequest]:
    """The requests that the newest linked line of a chat, since then, is about."""
    rows = tx.all(
        f"{_SELECT} WHERE id IN (SELECT request_id FROM message_link WHERE platform = ? AND chat_id = ?"
        " AND request_id > 0 AND kind <> 'context' AND at = (SELECT MAX(at) FROM message_link WHERE platform = ?"
        " AND chat_id = ? AND request_id > 0 AND kind <> 'context' AND at >= ?))",
        (platform, chat_id, platform, chat_id, micros(since)),
    )
    return [_record(row) for row in rows]
