"""Notices on their way out: which may be sent now, what became of each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from groupbot.records import micros
from groupbot.store.database import Tx

_COLUMNS = (
    "id, platform, chat_id, action, key, params, language, reply_to, target, buttons, request_ids, draft_id, holds,"
    " txn_id, state, attempts, expires, text"
)
_OPEN = "state IN ('new', 'sending', 'unknown')"


@dataclass(frozen=True, slots=True)
class QueuedNotice:
    """One outbox row as delivery needs it. `text` is frozen at the first attempt; `expires` is UTC microseconds."""

    id: int
    platform: str
    chat_id: str
    action: str
    key: str
    params: dict[str, Any]
    language: str
    reply_to: str
    target: str
    buttons: tuple[tuple[str, str], ...]
    request_ids: tuple[int, ...]
    draft_id: int
    holds: str
    txn_id: str
    state: str
    attempts: int
    expires: int | None
    text: str | None


def _record(row: tuple[Any, ...]) -> QueuedNotice:
    values = list(row)
    values[5] = json.loads(row[5])
    values[9] = tuple((key, token) for key, token in json.loads(row[9])) if row[9] else ()
    values[10] = tuple(int(part) for part in row[10].split(",")) if row[10] else ()
    return QueuedNotice(*values)


def heads(tx: Tx, now: datetime, limit: int = 200) -> list[QueuedNotice]:
    """The notice that each chat is to hear next: a chat hears its notices in the order they were queued.

    A notice that waits for its own time does not hold back those behind it; one whose first attempt failed does.
    """
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM outbox WHERE not_before <= ? AND id IN (SELECT MIN(id) FROM outbox WHERE {_OPEN}"
        f" AND (not_before <= ? OR attempts > 0) GROUP BY platform, chat_id) ORDER BY id LIMIT {int(limit)}",
        (micros(now), micros(now)),
    )
    return [_record(row) for row in rows]


def next_due(tx: Tx, now: datetime) -> int | None:
    """The next moment after `now` at which an open notice may be sent, in UTC microseconds.

    What is due already and still open waits for another one of its chat, which is not due yet.
    """
    found = tx.scalar(f"SELECT MIN(not_before) FROM outbox WHERE {_OPEN} AND not_before > ?", (micros(now),))
    return None if found is None else int(found)


def begin_sending(tx: Tx, notice: QueuedNotice, text: str) -> None:
    """Freeze the text and say that a call is about to be made; committed before the call."""
    tx.execute("UPDATE outbox SET state = 'sending', text = ?, attempts = attempts + 1 WHERE id = ?", (text, notice.id))


def mark_sent(tx: Tx, notice: QueuedNotice, message_id: str, now: datetime) -> None:
    """The chat has it, under this message id ('' for what has none)."""
    tx.execute(
        "UPDATE outbox SET state = 'sent', message_id = ?, sent_at = ? WHERE id = ?",
        (message_id, micros(now), notice.id),
    )


def mark_expired(tx: Tx, notice: QueuedNotice, reason: str) -> None:
    """It will not be sent: what it said no longer holds, or the chat cannot do it."""
    tx.execute("UPDATE outbox SET state = 'expired', error = ? WHERE id = ?", (reason, notice.id))


def mark_parked(tx: Tx, notice: QueuedNotice, error: str) -> None:
    """It was refused for good; a person must look."""
    tx.execute("UPDATE outbox SET state = 'parked', error = ? WHERE id = ?", (error, notice.id))


def put_off(tx: Tx, notice: QueuedNotice, state: str, until: datetime, error: str) -> None:
    """Try again later; `state` is 'new' when surely not sent, 'unknown' when it may have arrived."""
    tx.execute(
        "UPDATE outbox SET state = ?, not_before = ?, error = ? WHERE id = ?", (state, micros(until), error, notice.id)
    )


def mark_interrupted(tx: Tx) -> int:
    """After a stop: what was being sent may or may not have arrived. Returns how many."""
    return int(tx.execute("UPDATE outbox SET state = 'unknown' WHERE state = 'sending'").rowcount)


def pending(tx: Tx) -> int:
    """How many notices are still open."""
    return int(tx.scalar(f"SELECT count(*) FROM outbox WHERE {_OPEN}") or 0)


def was_queued(tx: Tx, dedup_key: str) -> bool:
    """Whether a notice with this key was ever queued."""
    return tx.scalar("SELECT 1 FROM outbox WHERE dedup_key = ?", (dedup_key,)) is not None
