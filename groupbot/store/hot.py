"""The hand-written statements of the hot path: a post accepted is these few, whatever the database.

peewee's query building costs more than the disk here, so what runs for every post is written out once.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from groupbot.records import Notice, Update, micros
from groupbot.store.database import Tx

_RECEIVE = (
    "INSERT INTO inbox(platform, chat_id, message_id, revision, update_id, kind, sender_id, raw, source, sent_at,"
    " received_at, state, attempts, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '')"
    " ON CONFLICT(platform, chat_id, message_id, revision) DO NOTHING"
    " RETURNING id, COALESCE((SELECT version FROM roster_version WHERE jurisdiction_id = ?), 0),"
    " EXISTS(SELECT 1 FROM attachment WHERE request_id IS NULL AND platform = ? AND chat_id = ? AND sender_id = ?)"
)
_NUMBER = (
    "INSERT INTO counter(jurisdiction_id, series, year, value) VALUES (?, ?, ?, 1)"
    " ON CONFLICT(jurisdiction_id, series, year) DO UPDATE SET value = counter.value + 1 RETURNING value"
)
# Two short indexed reads in one statement: the poster's own open requests, the department's latest ones on the topic.
_ALIKE_COLUMNS = (
    "id, service_request_id, service_code, poster_id, ward, address, description, fingerprint,"
    " requested_datetime, state"
)
_ALIKE = (
    f"SELECT {_ALIKE_COLUMNS} FROM (SELECT {_ALIKE_COLUMNS} FROM request WHERE poster_id = ?"
    " AND state <> 'closed' AND route = 'public' AND (fingerprint = ? OR requested_datetime >= ?)"
    " ORDER BY requested_datetime DESC, id DESC LIMIT 10) AS own UNION ALL"
    f" SELECT {_ALIKE_COLUMNS} FROM (SELECT {_ALIKE_COLUMNS} FROM request WHERE jurisdiction_id = ?"
    " AND service_code = ? AND topic = ? AND state <> 'closed' AND requested_datetime >= ? AND poster_id <> ?"
    " ORDER BY requested_datetime DESC LIMIT 10) AS others"
)
_LOG_COLUMNS = (
    "jurisdiction_id, seq, epoch, at, type, ref, service_code, ward, role, state, outcome, pack_version, c_public,"
    " c_private, public_text, public_salt, private_text, private_salt, request_id, actor_id, inbox_id"
)
_LOG_ROW = f"({', '.join('?' * 21)})"
_AT_ONCE = 400  # rows of one statement
_LOG = (
    f"INSERT INTO service_log({_LOG_COLUMNS})"
    " VALUES (?, COALESCE((SELECT MAX(seq) FROM service_log WHERE jurisdiction_id = ?), 0) + 1,"
    " COALESCE((SELECT epoch FROM service_log WHERE jurisdiction_id = ? ORDER BY seq DESC LIMIT 1), 0),"
    " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_OUTBOX_COLUMNS = (
    "platform, chat_id, action, key, params, language, reply_to, target, buttons, request_ids, draft_id, holds,"
    " dedup_key, txn_id, state, attempts, queued_at, not_before, expires, error"
)
_JSON = json.JSONEncoder(ensure_ascii=False)
_OUTBOX_ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'new', 0, ?, ?, ?, '')"


class Received(NamedTuple):
    """An update that was kept: its row, the roster version by which it is worked, and if its sender has loose files.

    Loose files belong to no request yet; most people have none, and nothing need be looked for then.
    """

    inbox_id: int
    roster_version: int
    loose_files: bool
    released_at: datetime | None = None  # of a post that was held


def receive(
    tx: Tx, jurisdiction_id: str, update: Update, now: datetime, state: Literal["done", "waiting", "put_off"] = "done"
) -> Received | None:
    """Keep an update's raw text; None when this very revision was received before."""
    row = (
        update.platform,
        update.chat_id,
        update.message_id,
        update.revision,
        update.update_id,
        update.kind,
        update.sender_id,
        update.raw,
        update.source,
        micros(update.sent_at),
        micros(now),
        state,
        jurisdiction_id,
        update.platform,
        update.chat_id,
        update.sender_id,
    )
    found = tx.one(_RECEIVE, row)
    return None if found is None else Received(int(found[0]), int(found[1]), bool(found[2]))


def next_number(tx: Tx, jurisdiction_id: str, series: str, year: int) -> int:
    """The next number of a series: gap-free, because it is given in the transaction that uses it."""
    return int(tx.scalar(_NUMBER, (jurisdiction_id, series, year)))


def open_alike(
    tx: Tx, jurisdiction_id: str, own: tuple[int, str, datetime], others: tuple[str, str, datetime]
) -> list[tuple[Any, ...]]:
    """The open requests that a new one may repeat.

    `own` is (poster, fingerprint, since): the poster's with that fingerprint, or since then. `others` is (service code,
    topic, since): other people's on that.

    Columns: row id, reference, service code, poster, ward, address, description, fingerprint, requested (microseconds),
    state. The poster's own come first, newest first.
    """
    poster_id, fingerprint, own_since = own
    code, topic, since = others
    known = (poster_id, fingerprint, micros(own_since))
    return tx.all(_ALIKE, (*known, jurisdiction_id, code, topic, micros(since), poster_id))


def insert_request(tx: Tx, columns: Mapping[str, object]) -> int:
    """Write a new request row; returns its id."""
    return int(tx.scalar(_insert_request(tuple(columns)), tuple(columns.values())))


@functools.lru_cache(maxsize=8)
def _insert_request(columns: tuple[str, ...]) -> str:
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO request({', '.join(columns)}) VALUES ({marks}) RETURNING id"


def insert_contact(tx: Tx, request_id: int, name: str, phone: str, channel: str) -> None:
    """Keep the citizen's contacts apart from the request, so that they can be erased alone."""
    tx.execute(
        "INSERT INTO contact(request_id, reporter_name, reporter_phone, channel) VALUES (?, ?, ?, ?)",
        (request_id, name, phone, channel),
    )


def append_log(tx: Tx, jurisdiction_id: str, entry: Sequence[object]) -> None:
    """Append one entry to the service log; its sequence number is the next one, its epoch the current one."""
    tx.execute(_LOG, (jurisdiction_id, jurisdiction_id, jurisdiction_id, *entry))


def append_logs(tx: Tx, jurisdiction_id: str, entries: Sequence[Sequence[object]]) -> None:
    """Append many entries to the service log, in their order, by few statements."""
    sql = "SELECT seq, epoch FROM service_log WHERE jurisdiction_id = ? ORDER BY seq DESC LIMIT 1"
    seq, epoch = tx.one(sql, (jurisdiction_id,)) or (0, 0)
    for start in range(0, len(entries), _AT_ONCE):
        part = entries[start : start + _AT_ONCE]
        values: list[object] = []
        for entry in part:
            seq += 1
            values += (jurisdiction_id, seq, epoch, *entry)
        tx.execute(f"INSERT INTO service_log({_LOG_COLUMNS}) VALUES {', '.join([_LOG_ROW] * len(part))}", values)


def queue(tx: Tx, notices: Sequence[Notice], now: datetime) -> None:
    """Put notices into the outbox, all in one statement. A dedup_key that is known already is left alone."""
    if not notices:
        return
    stamp = micros(now)
    rows = ", ".join([_OUTBOX_ROW] * len(notices))
    values: list[object] = []
    for notice in notices:
        values += _outbox_row(notice, stamp)
    tx.execute(f"INSERT INTO outbox({_OUTBOX_COLUMNS}) VALUES {rows} ON CONFLICT(dedup_key) DO NOTHING", values)


def _outbox_row(notice: Notice, stamp: int) -> tuple[object, ...]:
    return (
        notice.platform,
        notice.chat_id,
        notice.action,
        notice.key,
        _JSON.encode(notice.params),
        notice.language,
        notice.reply_to or "",
        notice.target or "",
        json.dumps([(button.key, button.token, button.ref) for button in notice.buttons]) if notice.buttons else "",
        ",".join(map(str, notice.request_ids)),
        notice.draft_id,
        notice.holds,
        notice.dedup_key,
        sha256(notice.dedup_key.encode()).hexdigest()[:32],
        stamp,
        stamp if notice.not_before is None else micros(notice.not_before),
        None if notice.expires is None else micros(notice.expires),
    )


def last_number(tx: Tx, jurisdiction_id: str, series: str, year: int) -> int:
    """The last number that a series gave; 0 for none."""
    sql = "SELECT value FROM counter WHERE jurisdiction_id = ? AND series = ? AND year = ?"
    return int(tx.scalar(sql, (jurisdiction_id, series, year)) or 0)


def raise_number(tx: Tx, jurisdiction_id: str, series: tuple[str, int], value: int) -> None:
    """Let a series (letters, year) go on above `value`; it never goes back."""
    tx.execute(
        "INSERT INTO counter(jurisdiction_id, series, year, value) VALUES (?, ?, ?, ?)"
        " ON CONFLICT(jurisdiction_id, series, year) DO UPDATE SET value = excluded.value"
        " WHERE counter.value < excluded.value",
        (jurisdiction_id, *series, value),
    )
