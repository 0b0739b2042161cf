"""Notices on their way out: which may be sent now, what became of each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from groupbot.records import Button, micros
from groupbot.store import inbox
from groupbot.store.database import Tx

_COLUMNS = (
    "id, platform, chat_id, action, key, params, language, reply_to, target, buttons, request_ids, draft_id, holds,"
    " txn_id, state, attempts, expires, text, unknowns, tried_at"
)
_RESTORES = "restores"
PERSON = "person"  # in the place of a platform: for somebody alone, whose private chat is not known (the chat: row id)
AWAY = "the bot is not in this chat"
_OPEN = "state IN ('new', 'sending', 'unknown')"
_BEGINS = "substr(dedup_key, 1, ?) = ?"  # with a length and a text: a key may hold what LIKE takes for a pattern


@dataclass(frozen=True, slots=True)
class QueuedNotice:
    """One outbox row as delivery needs it. Instants are UTC microseconds.

    `text` is frozen at the first attempt, `attempts` counts them, `unknowns` those that may have arrived, and
    `tried_at` is when the first was made.
    """

    id: int
    platform: str
    chat_id: str
    action: str
    key: str
    params: dict[str, Any]
    language: str
    reply_to: str
    target: str
    buttons: tuple[Button, ...]
    request_ids: tuple[int, ...]
    draft_id: int
    holds: str
    txn_id: str
    state: str
    attempts: int
    expires: int | None
    text: str | None
    unknowns: int = 0
    tried_at: int | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """What waits for one platform: open notices, those with an unknown outcome, parked ones, the oldest open one."""

    platform: str
    open: int
    unknown: int
    parked: int
    oldest_at: int | None  # UTC microseconds


def _record(row: tuple[Any, ...]) -> QueuedNotice:
    values = list(row)
    values[5] = json.loads(row[5])
    values[9] = tuple(Button(*button) for button in json.loads(row[9])) if row[9] else ()
    values[10] = tuple(int(part) for part in row[10].split(",")) if row[10] else ()
    return QueuedNotice(*values)


def heads(tx: Tx, now: datetime, limit: int = 200) -> list[QueuedNotice]:
    """The notice that each chat is to hear next: a chat hears its notices in the order they were queued.

    A notice that waits for its own time does not hold back those behind it; one whose first attempt failed does. A chat
    to which something is being sent has none.
    """
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM outbox WHERE not_before <= ? AND id IN (SELECT MIN(id) FROM outbox WHERE {_OPEN}"
        " AND (not_before <= ? OR attempts > 0) GROUP BY platform, chat_id"
        f" HAVING MAX(CASE WHEN state = 'sending' THEN 1 ELSE 0 END) = 0) ORDER BY id LIMIT {int(limit)}",
        (micros(now), micros(now)),
    )
    return [_record(row) for row in rows]


def behind(tx: Tx, head: QueuedNotice, now: datetime, limit: int) -> list[QueuedNotice]:
    """The untried notices of the head's chat that are due after it, in order."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM outbox WHERE {_OPEN} AND platform = ? AND chat_id = ? AND id > ? AND not_before <= ?"
        f" ORDER BY id LIMIT {int(limit)}",
        (head.platform, head.chat_id, head.id, micros(now)),
    )
    return [_record(row) for row in rows]


def same_behind(tx: Tx, notice: QueuedNotice, now: datetime) -> bool:
    """Whether a younger notice with the same text's key is due in the same chat."""
    sql = f"SELECT 1 FROM outbox WHERE {_OPEN} AND platform = ? AND chat_id = ? AND key = ? AND id > ?"
    about = (notice.platform, notice.chat_id, notice.key, notice.id)
    return tx.scalar(f"{sql} AND not_before <= ? LIMIT 1", (*about, micros(now))) is not None


def anything_due(tx: Tx, now: datetime) -> bool:
    """Whether any notice may be sent now, as far as the outbox knows."""
    return tx.scalar(f"SELECT 1 FROM outbox WHERE {_OPEN} AND not_before <= ? LIMIT 1", (micros(now),)) is not None


def next_due(tx: Tx, now: datetime) -> int | None:
    """The next moment after `now` at which an open notice may be sent, in UTC microseconds.

    What is due already and still open waits for another one of its chat, which is not due yet.
    """
    found = tx.scalar(f"SELECT MIN(not_before) FROM outbox WHERE {_OPEN} AND not_before > ?", (micros(now),))
    return None if found is None else int(found)


def begin_sending(tx: Tx, notice: QueuedNotice, text: str, now: datetime) -> None:
    """Freeze the text and say that a call is about to be made; committed before the call."""
    tx.execute(
        "UPDATE outbox SET state = 'sending', text = ?, attempts = attempts + 1, tried_at = COALESCE(tried_at, ?)"
        " WHERE id = ?",
        (text, micros(now), notice.id),
    )


def merge(tx: Tx, head: QueuedNotice, others: Sequence[QueuedNotice]) -> None:
    """Let other notices stand in the head's message; they share its fate."""
    for other in others:
        tx.execute("UPDATE outbox SET state = 'merged', merged_into = ? WHERE id = ?", (head.id, other.id))


def merged(tx: Tx, head: QueuedNotice) -> list[QueuedNotice]:
    """The notices that stand in the head's message beside it, in order."""
    rows = tx.all(f"SELECT {_COLUMNS} FROM outbox WHERE merged_into = ? ORDER BY id", (head.id,))
    return [_record(row) for row in rows]


def unmerge(tx: Tx, head: QueuedNotice) -> None:
    """Their one message was refused: each is to be sent alone, and shares no message again."""
    tx.execute(
        "UPDATE outbox SET state = 'new', merged_into = NULL, attempts = 1 WHERE merged_into = ?",
        (head.id,),
    )
    tx.execute("UPDATE outbox SET state = 'new', text = NULL WHERE id = ?", (head.id,))


def mark_sent(tx: Tx, notice: QueuedNotice, message_id: str, now: datetime) -> None:
    """The chat has it, under this message id ('' for what has none), and all that stand in its message."""
    tx.execute(
        "UPDATE outbox SET state = 'sent', message_id = ?, sent_at = ?, error = '' WHERE id = ? OR merged_into = ?",
        (message_id, micros(now), notice.id, notice.id),
    )


def mark_expired(tx: Tx, notice: QueuedNotice, reason: str) -> None:
    """It will not be sent: what it said no longer holds, or the chat cannot do it."""
    tx.execute("UPDATE outbox SET state = 'expired', error = ? WHERE id = ?", (reason, notice.id))


def mark_parked(tx: Tx, notice: QueuedNotice, error: str) -> None:
    """It was refused for good, and with it all that stand in its message; a person must look."""
    tx.execute(
        "UPDATE outbox SET state = 'parked', error = ? WHERE id = ? OR merged_into = ?", (error, notice.id, notice.id)
    )


def keep_back(tx: Tx) -> None:
    """What was just queued for people whose private chats are not known waits until they open one."""
    tx.execute(f"UPDATE outbox SET state = 'waiting' WHERE {_OPEN} AND platform = ?", (PERSON,))


def waits_for(tx: Tx, person_id: int, now: datetime) -> bool:
    """Whether anything waits for somebody to open a private chat."""
    sql = "SELECT 1 FROM outbox WHERE state = 'waiting' AND platform = ? AND chat_id = ? AND expires > ? LIMIT 1"
    return tx.scalar(sql, (PERSON, str(person_id), micros(now))) is not None


def take_up(tx: Tx, chat: tuple[str, str], person_id: int | None, now: datetime) -> None:
    """A chat can be written to, again or at last: what was set aside for it, or for its person, is said now."""
    tx.execute(
        "UPDATE outbox SET state = CASE WHEN unknowns > 0 THEN 'unknown' ELSE 'new' END, not_before = ?, error = ''"
        " WHERE state = 'parked' AND error = ? AND platform = ? AND chat_id = ?",
        (micros(now), AWAY, *chat),
    )
    if person_id is not None:
        tx.execute(
            "UPDATE outbox SET state = 'new', platform = ?, chat_id = ?"
            " WHERE state = 'waiting' AND platform = ? AND chat_id = ? AND expires > ?",
            (*chat, PERSON, str(person_id), micros(now)),
        )


def set_aside(tx: Tx, chat: tuple[str, str], person_id: int, until: datetime) -> None:
    """A person's private chat is no more: what was not said in it, or perhaps not, waits for another, until then."""
    tx.execute(
        "UPDATE outbox SET state = 'waiting', platform = ?, chat_id = ?, reply_to = '', expires = COALESCE(expires, ?)"
        " WHERE state IN ('new', 'unknown') AND action = 'send' AND platform = ? AND chat_id = ?",
        (PERSON, str(person_id), micros(until), *chat),
    )


def drop_waiting(tx: Tx, person_id: int, start: str) -> None:
    """What waits for somebody to open a private chat, under keys that start so, is not wanted any more."""
    tx.execute(
        "UPDATE outbox SET state = 'expired', error = 'dropped' WHERE state = 'waiting' AND platform = ?"
        f" AND chat_id = ? AND {_BEGINS}",
        (PERSON, str(person_id), len(start), start),
    )


def put_off(tx: Tx, notice: QueuedNotice, state: Literal["new", "unknown"], until: datetime, error: str) -> None:
    """Try again later; `state` is 'new' when surely not sent, 'unknown' when it may have arrived."""
    unknowns = notice.unknowns + (state == "unknown")
    if state == "new" and notice.unknowns:
        state = "unknown"  # an earlier call may still have arrived
    tx.execute(
        "UPDATE outbox SET state = ?, not_before = ?, error = ?, unknowns = ? WHERE id = ?",
        (state, micros(until), error, unknowns, notice.id),
    )


def postpone(tx: Tx, notice: QueuedNotice, until: datetime) -> None:
    """It must not be said before `until`, and holds back nothing meanwhile; one that may have arrived is given up."""
    if notice.unknowns:
        mark_expired(tx, notice, "it may have arrived, and its time has passed")
        return
    tx.execute(
        "UPDATE outbox SET state = 'new', attempts = 0, text = NULL, not_before = ? WHERE id = ?",
        (micros(until), notice.id),
    )


def let_wait(tx: Tx, notice: QueuedNotice, until: datetime) -> None:
    """It waits until then just as it stands, with what shares its message, and holds back nothing meanwhile."""
    tx.execute("UPDATE outbox SET not_before = ? WHERE id = ?", (micros(until), notice.id))


def try_now(tx: Tx, platform: str, now: datetime) -> None:
    """The platform is back: what waited because it was away need not wait longer; what it put off itself does."""
    tx.execute(
        f"UPDATE outbox SET not_before = ? WHERE {_OPEN} AND platform = ? AND attempts > 0 AND not_before > ?"
        " AND error NOT LIKE 'retry_after%'",
        (micros(now), platform, micros(now)),
    )


def unsure(tx: Tx, platform: str, chat_id: str, limit: int = 50) -> list[QueuedNotice]:
    """The newest messages of a chat of which a call may have arrived without anybody knowing its id."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM outbox WHERE unknowns > 0 AND platform = ? AND chat_id = ? AND action = 'send'"
        f" AND merged_into IS NULL ORDER BY id DESC LIMIT {int(limit)}",
        (platform, chat_id),
    )
    return [_record(row) for row in rows]


def mark_interrupted(tx: Tx) -> int:
    """After a stop: what was being sent may or may not have arrived. Returns how many."""
    statement = "UPDATE outbox SET state = 'unknown', unknowns = unknowns + 1 WHERE state = 'sending'"
    return int(tx.execute(statement).rowcount)


def mark_restored(tx: Tx, made_at: datetime) -> None:
    """After a restore: what waited when the backup was made may have been sent since."""
    tx.execute(
        f"UPDATE outbox SET state = 'unknown', unknowns = CASE WHEN unknowns = 0 THEN 1 ELSE unknowns END,"
        f" tried_at = COALESCE(tried_at, ?) WHERE {_OPEN}",
        (micros(made_at),),
    )
    last = int(tx.scalar("SELECT MAX(id) FROM outbox") or 0)
    inbox.set_state(tx, _RESTORES, json.dumps([*restores(tx), last]))


def restores(tx: Tx) -> list[int]:
    """The last notice that was queued before each restore, oldest restore first."""
    return list(json.loads(inbox.get_state(tx, _RESTORES) or "[]"))


def recent_calls(tx: Tx, since: datetime) -> list[tuple[str, str, int]]:
    """(platform, chat id, UTC microseconds) of what was sent since then, as far as the newest notices tell."""
    rows = tx.all(
        "SELECT platform, chat_id, sent_at FROM outbox WHERE id > (SELECT COALESCE(MAX(id), 0) FROM outbox) - 2000"
        " AND sent_at >= ? AND merged_into IS NULL ORDER BY sent_at",
        (micros(since),),
    )
    return [(str(platform), str(chat_id), int(at)) for platform, chat_id, at in rows]


def queued(tx: Tx) -> list[Queued]:
    """What waits, one record per platform that has anything waiting or parked."""
    rows = tx.all(
        f"SELECT platform, SUM(CASE WHEN {_OPEN} THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN state = 'unknown' THEN 1 ELSE 0 END), SUM(CASE WHEN state = 'parked' THEN 1 ELSE 0 END),"
        f" MIN(CASE WHEN {_OPEN} THEN queued_at END)"
        " FROM outbox WHERE state IN ('new', 'sending', 'unknown', 'parked') GROUP BY platform ORDER BY platform"
    )
    return [Queued(str(row[0]), int(row[1]), int(row[2]), int(row[3]), row[4]) for row in rows]


def drop(tx: Tx, dedup_key: str) -> None:
    """A notice that was never tried will not be sent: what it would have done is done, or not wanted any more."""
    tx.execute(
        "UPDATE outbox SET state = 'expired', error = 'dropped' WHERE dedup_key = ? AND state = 'new' AND attempts = 0",
        (dedup_key,),
    )


def begun(tx: Tx, prefix: str) -> list[tuple[str, str]]:
    """The chats (platform, chat id) that have heard, or may have, a notice whose dedup_key begins so."""
    rows = tx.all(
        f"SELECT DISTINCT platform, chat_id FROM outbox WHERE {_BEGINS}"
        " AND state IN ('sending', 'unknown', 'sent', 'merged') ORDER BY platform, chat_id",
        (len(prefix), prefix),
    )
    return [(str(platform), str(chat_id)) for platform, chat_id in rows]


def was_about(tx: Tx, prefix: str, request_id: int) -> bool:
    """Whether a notice whose dedup_key begins so, and which is about this request alone, was ever queued."""
    found = f"SELECT 1 FROM outbox WHERE {_BEGINS} AND request_ids = ?"
    return tx.scalar(found, (len(prefix), prefix, str(request_id))) is not None


def call_off(tx: Tx, prefix: str) -> None:
    """Notices whose dedup_key begins so, and that surely reached nobody, are not to be sent any more."""
    tx.execute(
        f"UPDATE outbox SET state = 'expired', error = 'called off' WHERE {_BEGINS} AND state = 'new'",
        (len(prefix), prefix),
    )


def hush(tx: Tx, dedup_keys: Sequence[str]) -> None:
    """What was just queued is kept, and never said: a pilot only watches there."""
    for dedup_key in dedup_keys:
        tx.execute(
            "UPDATE outbox SET state = 'expired', error = 'shadow' WHERE dedup_key = ? AND state = 'new'", (dedup_key,)
        )


def pending(tx: Tx) -> int:
    """How many notices are still open."""
    return int(tx.scalar(f"SELECT count(*) FROM outbox WHERE {_OPEN}") or 0)


def waiting(tx: Tx, prefix: str) -> list[str]:
    """The dedup_keys that begin so, of notices that are still to be sent."""
    rows = tx.all(f"SELECT dedup_key FROM outbox WHERE {_OPEN} AND {_BEGINS} ORDER BY id", (len(prefix), prefix))
    return [str(row[0]) for row in rows]


def was_queued(tx: Tx, dedup_key: str) -> bool:
    """Whether a notice with this key was ever queued."""
    return tx.scalar("SELECT 1 FROM outbox WHERE dedup_key = ?", (dedup_key,)) is not None
