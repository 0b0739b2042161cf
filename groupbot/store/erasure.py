"""Where the words of one request stand in the database, and forgetting them: numbers, codes and dates stay."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from groupbot.records import instant, micros
from groupbot.store import service_log
from groupbot.store.database import Tx

_UNSENT = "('new', 'unknown', 'parked', 'waiting', 'merged')"
_LINKED = (
    "SELECT id FROM inbox WHERE platform <> 'cli' AND id IN (SELECT inbox_id FROM service_log WHERE request_id = ?"
    " UNION SELECT inbox_id FROM request_past WHERE request_id = ?)"
    " UNION SELECT id FROM inbox WHERE (platform, chat_id, message_id) IN (SELECT platform, chat_id, message_id"
    " FROM message_link WHERE request_id = ? AND kind <> 'bot' UNION SELECT platform, chat_id, message_id FROM request"
    " WHERE id = ? UNION SELECT platform, chat_id, message_id FROM attachment WHERE request_id = ?"
    " UNION SELECT platform, chat_id, message_id FROM draft WHERE request_id = ?)"
)
_SHARED = (
    "EXISTS(SELECT 1 FROM request WHERE request.platform = inbox.platform AND request.chat_id = inbox.chat_id"
    " AND request.message_id = inbox.message_id AND request.id <> ? AND request.erased_at IS NULL)"
    " OR EXISTS(SELECT 1 FROM message_link WHERE message_link.platform = inbox.platform"
    " AND message_link.chat_id = inbox.chat_id AND message_link.message_id = inbox.message_id"
    " AND message_link.request_id > 0 AND message_link.request_id <> ?)"
)


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the bot that tells of a request: sent, or still to be sent (message id '').

    `text` is what it says, None while it is not worded. `about` are the requests of all its lines; `live` says that its
    words are found only when it is sent.
    """

    head_id: int
    platform: str
    chat_id: str
    key: str
    params: Mapping[str, object]
    language: str
    message_id: str
    text: str | None
    about: frozenset[int]
    live: bool

    @property
    def chat(self) -> tuple[str, str]:
        """(platform, chat id)."""
        return self.platform, self.chat_id


def _naming(reference: str) -> str:
    return f"%{reference.lower()}%"


def _told(request_id: int, reference: str) -> tuple[str, tuple[object, ...]]:
    """The clause that finds the notices about a request: by its row, by its number, or made by a post about it."""
    where = (
        "(',' || request_ids || ',' LIKE ? OR LOWER(params) LIKE ? OR LOWER(COALESCE(text, '')) LIKE ?"
        " OR (request_ids = '' AND EXISTS(SELECT 1 FROM inbox WHERE SUBSTR(dedup_key, 1, LENGTH(inbox.platform) +"
        " LENGTH(inbox.chat_id) + LENGTH(inbox.message_id) + 3) = inbox.platform || '|' || inbox.chat_id || '|' ||"
        f" inbox.message_id || '|' AND inbox.id IN ({_LINKED}))))"
    )
    return where, (f"%,{request_id},%", _naming(reference), _naming(reference), *(request_id,) * 6)


def being_sent(tx: Tx, request_id: int, reference: str) -> bool:
    """Whether a message about a request is on its way at this moment, so that it cannot be called back yet."""
    where, values = _told(request_id, reference)
    return tx.scalar(f"SELECT 1 FROM outbox WHERE state = 'sending' AND {where} LIMIT 1", values) is not None


def said(tx: Tx, request_id: int, reference: str) -> list[Said]:
    """Every message of the bot about a request that stands in a chat or waits to be sent, in order."""
    where, values = _told(request_id, reference)
    rows = tx.all(
        "SELECT id, platform, chat_id, key, params, language, COALESCE(message_id, ''), text, holds, state FROM outbox"
        " WHERE action = 'send' AND merged_into IS NULL AND state <> 'expired' AND id IN"
        f" (SELECT COALESCE(merged_into, id) FROM outbox WHERE action = 'send' AND {where}) ORDER BY id",
        values,
    )
    found = []
    for head_id, platform, chat_id, key, params, language, message_id, text, holds, state in rows:
        listed = tx.all("SELECT request_ids FROM outbox WHERE id = ? OR merged_into = ?", (head_id, head_id))
        about = frozenset(int(pk) for (ids,) in listed for pk in ids.split(",") if pk)
        place = (platform, chat_id, key, json.loads(params), language, message_id if state == "sent" else "")
        found.append(Said(head_id, *place, text, about, holds == "live"))
    return found


def reword(tx: Tx, message: Said, lines: Sequence[str]) -> None:
    """Let a message say these lines alone, whenever it is said or looked at again; nothing at all for none."""
    if not lines and not message.message_id:
        tx.execute(
            f"UPDATE outbox SET state = 'expired', error = 'erased' WHERE (id = ? OR merged_into = ?)"
            f" AND state IN {_UNSENT}",
            (message.head_id, message.head_id),
        )
    text = "\n".join(lines)
    params = json.dumps({"lines": list(lines)}, ensure_ascii=False)
    tx.execute(
        "UPDATE outbox SET key = 'as_it_is', params = ?, text = ?, buttons = '' WHERE id = ?",
        (params, None if message.text is None else text, message.head_id),
    )
    tx.execute(
        "UPDATE outbox SET key = 'as_it_is', params = '{\"lines\": []}', buttons = '' WHERE merged_into = ?",
        (message.head_id,),
    )


def posts(tx: Tx, request_id: int) -> list[tuple[str, str, str, int]]:
    """(platform, chat id, message id, sent at in UTC microseconds) of what people wrote of this request alone."""
    rows = tx.all(
        f"SELECT platform, chat_id, message_id, MIN(sent_at) FROM inbox WHERE kind = 'post' AND id IN ({_LINKED})"
        f" AND NOT ({_SHARED}) GROUP BY platform, chat_id, message_id ORDER BY platform, chat_id, message_id",
        (request_id,) * 8,
    )
    return [(str(platform), str(chat_id), str(message_id), int(sent)) for platform, chat_id, message_id, sent in rows]


def forget(tx: Tx, request_id: int, now: datetime) -> None:
    """Forget what people wrote about a request, who its citizen is, and what its columns were before each change.

    The request's own columns, the messages of the bot and the published texts are the caller's.
    """
    tx.execute(
        "UPDATE moderation_act SET reason = '' WHERE act = 'report' AND EXISTS(SELECT 1 FROM inbox"
        " WHERE inbox.platform = moderation_act.platform AND inbox.chat_id = moderation_act.chat_id"
        f" AND inbox.message_id = moderation_act.message_id AND inbox.id IN ({_LINKED}))",
        (request_id,) * 6,
    )
    _empty_inbox(tx, _LINKED, (request_id,) * 6)
    stamp = micros(now)
    for statement, values in (
        ("UPDATE contact SET reporter_name = '', reporter_phone = '', erased_at = ? WHERE request_id = ?", (stamp,)),
        (
            "UPDATE request_past SET columns = '{}', undone_at = COALESCE(undone_at, ?) WHERE request_id = ?",
            (stamp,),
        ),
        ("UPDATE draft SET form = '{}' WHERE request_id = ?", ()),
        ("UPDATE extension SET reason = '' WHERE request_id = ?", ()),
        ("UPDATE offer SET params = '{}', used_at = COALESCE(used_at, ?) WHERE request_id = ?", (stamp,)),
        ("DELETE FROM attachment WHERE request_id = ?", ()),
    ):
        tx.execute(statement, (*values, request_id))
    service_log.erase_private(tx, request_id)


def forget_published(tx: Tx, request_id: int) -> None:
    """Forget the words of a request that were published, or were to be."""
    tx.execute("UPDATE publication SET text = '' WHERE request_id = ?", (request_id,))
    service_log.erase_public(tx, request_id)


def forget_unpublished(tx: Tx, request_id: int) -> None:
    """Forget the words of a request that were never published."""
    tx.execute("UPDATE publication SET text = '' WHERE request_id = ? AND state <> 'published'", (request_id,))


def forget_naming(tx: Tx, reference: str) -> None:
    """Forget whatever else came in that names a request by its number."""
    _empty_inbox(tx, "SELECT id FROM inbox WHERE platform <> 'cli' AND LOWER(raw) LIKE ?", (_naming(reference),))
    tx.execute(
        "UPDATE outbox SET params = '{\"lines\": []}', text = NULL, key = 'as_it_is' WHERE action = 'edit'"
        " AND state IN ('sent', 'expired', 'parked') AND LOWER(params) LIKE ?",
        (_naming(reference),),
    )


def words_of(tx: Tx, request_id: int) -> list[str]:
    """What a request's problem was said to be, now and before each change."""
    now = str(tx.scalar("SELECT description FROM request WHERE id = ?", (request_id,)) or "")
    rows = tx.all("SELECT columns FROM request_past WHERE request_id = ?", (request_id,))
    before = [str(json.loads(columns).get("description") or "") for (columns,) in rows]
    return [words for words in dict.fromkeys([now, *before]) if words]


def like(tx: Tx, pattern: str, after: int, limit: int) -> list[tuple[int, str]]:
    """(row id, raw text) of what came in after that row and is like the pattern, in small letters."""
    rows = tx.all(
        "SELECT id, raw FROM inbox WHERE platform <> 'cli' AND state <> 'waiting' AND id > ? AND LOWER(raw) LIKE ?"
        f" ORDER BY id LIMIT {int(limit)}",
        (after, pattern),
    )
    return [(int(pk), str(raw)) for pk, raw in rows]


def forget_row(tx: Tx, inbox_id: int, *, unless_of_another: int | None = None) -> None:
    """Forget what came in with a row; not where it is also part of another request than the one given."""
    if unless_of_another is None:
        _empty_inbox(tx, "?", (inbox_id,))
    else:
        _empty_inbox(
            tx, f"SELECT id FROM inbox WHERE id = ? AND NOT ({_SHARED})", (inbox_id, *(unless_of_another,) * 2)
        )


def forget_reasons(tx: Tx, at: datetime) -> None:
    """Forget why people reported, warned or held back somebody until then, where it holds nobody back any more."""
    stamp = micros(at)
    tx.execute(
        "UPDATE moderation_act SET reason = '' WHERE reason <> '' AND at <= ? AND (until IS NULL OR until <= ?)",
        (stamp, stamp),
    )


def _empty_inbox(tx: Tx, rows: str, values: Sequence[object]) -> None:
    tx.execute(
        "UPDATE inbox SET raw = '', error = '', state = CASE WHEN state = 'parked' THEN 'done' ELSE state END"
        f" WHERE state <> 'waiting' AND id IN ({rows})",
        values,
    )


# --- what is old ------------------------------------------------------------------------------------------------------


def first_closed(tx: Tx, jurisdiction_id: str) -> datetime | None:
    """When the oldest closed request that still has its words was closed (aware UTC)."""
    found = tx.scalar(
        "SELECT MIN(closed_at) FROM request WHERE jurisdiction_id = ? AND state = 'closed' AND erased_at IS NULL",
        (jurisdiction_id,),
    )
    return None if found is None else instant(int(found))


def closed_before(tx: Tx, jurisdiction_id: str, at: datetime, limit: int) -> list[int]:
    """The row ids of requests that were closed by then and still have their words, the oldest first."""
    rows = tx.all(
        "SELECT id FROM request WHERE jurisdiction_id = ? AND state = 'closed' AND erased_at IS NULL"
        f" AND closed_at <= ? ORDER BY closed_at, id LIMIT {int(limit)}",
        (jurisdiction_id, micros(at)),
    )
    return [int(row[0]) for row in rows]


def received_after(tx: Tx, inbox_id: int) -> datetime | None:
    """When the first row after that one was received (aware UTC)."""
    found = tx.scalar("SELECT received_at FROM inbox WHERE id > ? ORDER BY id LIMIT 1", (inbox_id,))
    return None if found is None else instant(int(found))


def forget_chatter(tx: Tx, after: int, at: datetime, limit: int) -> int:
    """Forget what was received by then, after that row, and is part of no request; the last row that was looked at.

    What waits or is parked is left to those who must look at it.
    """
    page = tx.all(
        f"SELECT id FROM inbox WHERE id > ? AND received_at <= ? ORDER BY id LIMIT {int(limit)}", (after, micros(at))
    )
    if not page:
        return after
    first, last = int(page[0][0]), int(page[-1][0])
    tx.execute(
        "UPDATE inbox SET raw = '', error = '' WHERE id BETWEEN ? AND ? AND state = 'done' AND id NOT IN"
        " (SELECT inbox_id FROM service_log JOIN request ON request.id = service_log.request_id"
        " WHERE inbox_id BETWEEN ? AND ? AND request.erased_at IS NULL) AND NOT EXISTS(SELECT 1 FROM message_link"
        " JOIN request ON request.id = message_link.request_id WHERE message_link.platform = inbox.platform"
        " AND message_link.chat_id = inbox.chat_id AND message_link.message_id = inbox.message_id"
        " AND request.erased_at IS NULL) AND NOT EXISTS(SELECT 1 FROM request WHERE request.platform = inbox.platform"
        " AND request.chat_id = inbox.chat_id AND request.message_id = inbox.message_id AND request.erased_at IS NULL)",
        (first, last) * 2,
    )
    return last


def forget_told(tx: Tx, at: datetime, mirrors: Sequence[tuple[str, str]]) -> None:
    """Forget what was said by then, but in the mirrors: their lines hold codes alone, and may have to be corrected."""
    kept = "".join(" AND NOT (platform = ? AND chat_id = ?)" for _ in mirrors)
    tx.execute(
        "UPDATE outbox SET params = '{\"lines\": []}', text = NULL, key = 'as_it_is', buttons = '' WHERE queued_at <= ?"
        f" AND action IN ('send', 'edit') AND state IN ('sent', 'expired') AND key <> 'as_it_is'{kept}",
        (micros(at), *(part for mirror in mirrors for part in mirror)),
    )


def forget_drafts(tx: Tx, at: datetime) -> None:
    """Forget the drafts that lapsed by then and became no request."""
    tx.execute("UPDATE draft SET form = '{}' WHERE request_id IS NULL AND lapses_at <= ?", (micros(at),))
