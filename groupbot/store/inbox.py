"""What came in and is not worked yet: waiting rows, parked rows, and the platforms' cursors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from groupbot.records import instant, micros
from groupbot.store.database import Tx

MOST_ATTEMPTS = 3
MOST_VERSIONS = 50  # of an edited post that are looked at
QUESTION = "%?%"  # of a post as it was received
WATCHED = 60  # newest rows that are looked at, for a flood or for what time it is


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A raw update that was kept but not worked, and how often it was tried."""

    id: int
    platform: str
    raw: str
    attempts: int


def cursor(tx: Tx, platform: str, stream: str = "") -> str | None:
    """The platform's cursor as last committed; None before the first fetch."""
    found = tx.scalar("SELECT value FROM platform_cursor WHERE platform = ? AND stream = ?", (platform, stream))
    return None if found is None else str(found)


def move_cursor(tx: Tx, platform: str, value: str, now: datetime, stream: str = "") -> None:
    """Commit the cursor together with the rows that it confirms."""
    tx.execute(
        "INSERT INTO platform_cursor(platform, stream, value, updated_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT(platform, stream) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
        (platform, stream, value, micros(now)),
    )


def waiting(tx: Tx, after: int = 0, limit: int = 100) -> list[WaitingRow]:
    """The oldest rows after that one which still wait."""
    rows = tx.all(
        "SELECT id, platform, raw, attempts FROM inbox WHERE state = 'waiting' AND id > ?"
        f" ORDER BY id LIMIT {int(limit)}",
        (after,),
    )
    return [WaitingRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class PutOff:
    """Somebody in a chat whose posts are put off."""

    platform: str
    chat_id: str
    sender_id: str


_PUT_OFF = "FROM inbox WHERE state = 'put_off' AND platform = ? AND chat_id = ? AND sender_id = ?"


def put_off_senders(tx: Tx) -> list[tuple[str, str, str]]:
    """(platform, chat id, user id) of everybody whose posts are put off, the first one first."""
    rows = tx.all(
        "SELECT platform, chat_id, sender_id FROM inbox WHERE state = 'put_off'"
        " GROUP BY platform, chat_id, sender_id ORDER BY MIN(id)"
    )
    return [(str(row[0]), str(row[1]), str(row[2])) for row in rows]


def first_put_off(tx: Tx, sender: PutOff) -> WaitingRow | None:
    """The oldest post of somebody that was put off."""
    place = (sender.platform, sender.chat_id, sender.sender_id)
    row = tx.one(f"SELECT id, platform, raw, attempts {_PUT_OFF} ORDER BY id LIMIT 1", place)
    return None if row is None else WaitingRow(*row)


def count_put_off(tx: Tx, sender: PutOff) -> int:
    """How many posts of somebody are put off."""
    return int(tx.scalar(f"SELECT count(*) {_PUT_OFF}", (sender.platform, sender.chat_id, sender.sender_id)) or 0)


def begin_attempt(tx: Tx, row: WaitingRow) -> None:
    """Count an attempt before it is made, so that a row which kills the process is found after three."""
    tx.execute("UPDATE inbox SET state = 'waiting', attempts = attempts + 1 WHERE id = ?", (row.id,))


def finish(tx: Tx, inbox_id: int) -> None:
    """The row is worked."""
    tx.execute("UPDATE inbox SET state = 'done' WHERE id = ?", (inbox_id,))


def forget_words(tx: Tx, inbox_id: int) -> None:
    """Keep that the row came, and nothing of what it said: it is of a chat that the bot has no business in."""
    tx.execute("UPDATE inbox SET raw = '' WHERE id = ?", (inbox_id,))


def fail(tx: Tx, inbox_id: int, attempts: int, error: str) -> bool:
    """Keep the row with its traceback; it is parked at the third failure. Returns whether it is parked now."""
    parked = attempts >= MOST_ATTEMPTS
    tx.execute(
        "UPDATE inbox SET state = ?, attempts = ?, error = ? WHERE id = ?",
        ("parked" if parked else "waiting", attempts, error, inbox_id),
    )
    return parked


def raw_post(tx: Tx, platform: str, chat_id: str, message_id: str) -> str | None:
    """The raw text of a post as it was first received; None when it never was, or is erased."""
    found = tx.scalar(
        "SELECT raw FROM inbox WHERE platform = ? AND chat_id = ? AND message_id = ? AND kind = 'post'"
        " ORDER BY id LIMIT 1",
        (platform, chat_id, message_id),
    )
    return str(found) if found else None


def raws_before(tx: Tx, inbox_id: int, message: tuple[str, str, str], sender_id: str) -> Iterator[str]:
    """The raw texts of the sender's message (platform, chat id, message id) before that row, the latest first.

    Its edits count, but none by somebody else: a homeserver lets anybody send those.
    """
    found = tx.all(
        "SELECT raw FROM inbox WHERE platform = ? AND chat_id = ? AND message_id = ? AND sender_id = ?"
        " AND kind IN ('post', 'edit') AND id < ? ORDER BY id DESC LIMIT ?",
        (*message, sender_id, inbox_id, MOST_VERSIONS),
    )
    return (str(row[0]) for row in found if row[0])


def after(tx: Tx, inbox_id: int, message: tuple[str, str, str]) -> list[tuple[str, str, str]]:
    """(kind, sender, raw) of all that came about a message (platform, chat id, message id) after that row, in order."""
    sql = "SELECT kind, sender_id, raw FROM inbox WHERE platform = ? AND chat_id = ? AND message_id = ? AND id > ?"
    return [(str(row[0]), str(row[1]), str(row[2])) for row in tx.all(f"{sql} ORDER BY id", (*message, inbox_id))]


def latest_but(tx: Tx, place: tuple[str, str], sender_id: str, before: int, count: int) -> datetime | None:
    """When the sender's `count`-th latest post in a chat before that inbox row was sent; None where there were fewer.

    Looks at the newest rows of the inbox only, so it costs the same however long the inbox is.
    """
    row = tx.one(
        "SELECT sent_at FROM (SELECT id, platform, chat_id, sender_id, kind, sent_at FROM inbox WHERE id <= ?"
        f" ORDER BY id DESC LIMIT {WATCHED}) AS latest WHERE platform = ? AND chat_id = ? AND sender_id = ?"
        f" AND kind = 'post' ORDER BY id DESC LIMIT 1 OFFSET {int(count)}",
        (before, *place, sender_id),
    )
    return None if row is None else instant(int(row[0]))


def others_asked(tx: Tx, message: tuple[str, str, str], sender_id: str, before: int) -> bool:
    """Whether somebody else posted a question in a chat between a post of it and that inbox row.

    The newest rows are looked at, and in them a question mark.
    """
    sql = (
        "SELECT 1 FROM (SELECT id, platform, chat_id, sender_id, kind, raw FROM inbox WHERE id < ?"
        f" ORDER BY id DESC LIMIT {WATCHED}) AS latest WHERE platform = ? AND chat_id = ? AND sender_id <> ?"
        " AND kind = 'post' AND raw LIKE ? AND id >"
        " (SELECT min(id) FROM inbox WHERE platform = ? AND chat_id = ? AND message_id = ?) LIMIT 1"
    )
    return tx.one(sql, (before, *message[:2], sender_id, QUESTION, *message)) is not None


def author(tx: Tx, platform: str, chat_id: str, message_id: str) -> str | None:
    """The platform's user id of who first wrote a message; None when it was never received."""
    found = tx.scalar(
        "SELECT sender_id FROM inbox WHERE platform = ? AND chat_id = ? AND message_id = ? AND kind = 'post'"
        " ORDER BY id LIMIT 1",
        (platform, chat_id, message_id),
    )
    return None if found is None else str(found)


def get_state(tx: Tx, name: str) -> str | None:
    """A small fact that the bot keeps about itself."""
    found = tx.scalar("SELECT value FROM bot_state WHERE name = ?", (name,))
    return None if found is None else str(found)


def set_state(tx: Tx, name: str, value: str) -> None:
    """Keep a small fact about the bot itself."""
    tx.execute(
        "INSERT INTO bot_state(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def anything_from(tx: Tx, chat: tuple[str, str], since: datetime) -> bool:
    """Whether anybody has written in a chat (platform, chat id) since then (aware UTC)."""
    sql = "SELECT 1 FROM inbox WHERE platform = ? AND chat_id = ? AND kind = 'post' AND received_at >= ? LIMIT 1"
    return tx.scalar(sql, (*chat, micros(since))) is not None


def states(tx: Tx, begins: str) -> dict[str, str]:
    """The small facts whose names begin so, by name."""
    # an order of names would be another one in each database's own collation
    sql = "SELECT name, value FROM bot_state WHERE SUBSTR(name, 1, ?) = ? ORDER BY name"
    rows = tx.all(sql, (len(begins), begins))
    return {str(row[0]): str(row[1]) for row in rows}


def stamps(tx: Tx) -> list[tuple[str, str, datetime]]:
    """(platform, user id, the platform's own time in aware UTC) of the latest messages that came in, oldest first.

    Orders of the command line bear this machine's time and are no witness, nor is what is fetched of the past.
    """
    rows = tx.all(
        "SELECT platform, sender_id, sent_at FROM (SELECT id, platform, sender_id, source, sent_at FROM inbox"
        f" ORDER BY id DESC LIMIT {WATCHED}) AS latest WHERE platform <> 'cli' AND source = 'live' ORDER BY id"
    )
    return [(str(row[0]), str(row[1]), instant(int(row[2]))) for row in rows]
