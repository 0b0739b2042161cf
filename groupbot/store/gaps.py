"""Gaps in what a platform told: where each stands, and the updates held back until the room's past is whole.

What comes after a gap is held, in the order in which it was said, until every gap of its chat is filled; then all of it
goes to the inbox, oldest first, and is worked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from groupbot.records import Gap, Update, micros
from groupbot.store.database import Tx


def begin(tx: Tx, platform: str, gap: Gap, now: datetime) -> int:
    """Keep a gap that a fetch left; its row's id. A fetch that is repeated leaves the same gap, which is kept once."""
    known = tx.scalar(
        "SELECT id FROM platform_gap WHERE platform = ? AND chat_id = ? AND stop_cursor = ? AND closed_at IS NULL",
        (platform, gap.chat_id, gap.stop_cursor),
    )
    if known is not None:
        return int(known)
    row = (platform, gap.chat_id, gap.from_cursor, gap.stop_cursor, micros(now))
    sql = "INSERT INTO platform_gap(platform, chat_id, from_cursor, stop_cursor, opened_at) VALUES (?, ?, ?, ?, ?)"
    return int(tx.scalar(f"{sql} RETURNING id", row))


def still_open(tx: Tx, platform: str) -> list[Gap]:
    """The gaps to be filled, oldest first."""
    rows = tx.all(
        "SELECT chat_id, from_cursor, stop_cursor, id FROM platform_gap"
        " WHERE platform = ? AND closed_at IS NULL ORDER BY id",
        (platform,),
    )
    return [Gap(*row) for row in rows]


def holding(tx: Tx) -> set[tuple[str, str]]:
    """The chats (platform, chat id) whose updates are held."""
    return {(row[0], row[1]) for row in tx.all("SELECT platform, chat_id FROM platform_gap WHERE closed_at IS NULL")}


def hold_after(tx: Tx, updates: Sequence[Update]) -> None:
    """Hold updates of one chat that came after its gaps, in their order."""
    first = updates[0]
    gap_id = tx.scalar(
        "SELECT MAX(id) FROM platform_gap WHERE platform = ? AND chat_id = ?", (first.platform, first.chat_id)
    )
    last = tx.scalar("SELECT MAX(place) FROM held_update WHERE gap_id = ?", (gap_id,))
    _hold(tx, gap_id, (0 if last is None else int(last)) + 1, updates)


def hold_before(tx: Tx, gap_id: int, updates: Sequence[Update]) -> None:
    """Hold a page of a gap, which was said before all that is held behind the gap so far."""
    first = tx.scalar("SELECT MIN(place) FROM held_update WHERE gap_id = ?", (gap_id,))
    _hold(tx, gap_id, (1 if first is None else int(first)) - len(updates), updates)


def _hold(tx: Tx, gap_id: int, place: int, updates: Sequence[Update]) -> None:
    rows = [(gap_id, place + turn, update.platform, update.chat_id, update.raw) for turn, update in enumerate(updates)]
    if rows:
        tx.executemany("INSERT INTO held_update(gap_id, place, platform, chat_id, raw) VALUES (?, ?, ?, ?, ?)", rows)


def move_on(tx: Tx, gap_id: int, from_cursor: str) -> None:
    """A page is kept: the next one begins here."""
    tx.execute("UPDATE platform_gap SET from_cursor = ? WHERE id = ?", (from_cursor, gap_id))


def close(tx: Tx, gap_id: int, now: datetime) -> None:
    """The gap is filled."""
    tx.execute("UPDATE platform_gap SET closed_at = ? WHERE id = ?", (micros(now), gap_id))


def release(tx: Tx, platform: str, chat_id: str) -> list[str]:
    """The raw updates held of a chat, in the order in which they were said; they are held no more."""
    rows = tx.all(
        "SELECT raw FROM held_update WHERE platform = ? AND chat_id = ? ORDER BY gap_id, place", (platform, chat_id)
    )
    tx.execute("DELETE FROM held_update WHERE platform = ? AND chat_id = ?", (platform, chat_id))
    return [str(row[0]) for row in rows]


def took(tx: Tx, platform: str, chat_id: str, at: datetime) -> bool:
    """Whether what was said in a chat at this moment (aware UTC) may be lost for good."""
    found = tx.all(
        "SELECT 1 FROM platform_gap WHERE platform = ? AND chat_id = ? AND stop_cursor = ''"
        " AND opened_at <= ? AND closed_at >= ? LIMIT 1",
        (platform, chat_id, micros(at), micros(at)),
    )
    return bool(found)


def add_lost(tx: Tx, platform: str, chat_id: str, span: tuple[datetime, datetime]) -> None:
    """Keep that what was said in a chat in this span is lost for good; with the last message known before it."""
    last, _ = _last_known(tx, platform, chat_id)
    since, until = map(micros, span)
    tx.execute(
        "INSERT INTO platform_gap(platform, chat_id, from_cursor, stop_cursor, opened_at, closed_at)"
        " VALUES (?, ?, ?, '', ?, ?)",
        (platform, chat_id, last, since, until),
    )


def open_since(tx: Tx, platform: str, chat_id: str) -> tuple[int, int] | None:
    """Between when messages of a chat may be missing: its last known one, its first open gap (microseconds)."""
    opened = tx.scalar(
        "SELECT MIN(opened_at) FROM platform_gap WHERE platform = ? AND chat_id = ? AND closed_at IS NULL",
        (platform, chat_id),
    )
    if opened is None:
        return None
    _, last = _last_known(tx, platform, chat_id)
    return min(last or int(opened), int(opened)), int(opened)


def _last_known(tx: Tx, platform: str, chat_id: str) -> tuple[str, int]:
    """The last message of a chat that is known, and when it was said (microseconds); ('', 0) where there is none."""
    found = [tx.one(f"{sql} ORDER BY id DESC LIMIT 1", (platform, chat_id)) for sql in (_HEARD, _SAID)]
    last = max((row for row in found if row is not None), key=lambda row: int(row[1]), default=("", 0))
    return str(last[0]), int(last[1])


# Messages of a chat that are known: (id, when it was said), those that came in and the bot's own.
_HEARD = "SELECT message_id, sent_at FROM inbox WHERE platform = ? AND chat_id = ? AND kind = 'post'"
_SAID = (
    "SELECT message_id, sent_at FROM outbox WHERE platform = ? AND chat_id = ? AND action = 'send'"
    " AND message_id IS NOT NULL AND sent_at IS NOT NULL"
)
_ENDLESS = "FROM platform_gap WHERE stop_cursor = '' AND closed_at IS NOT NULL AND lost_to = ''"


@dataclass(frozen=True, slots=True)
class Lost:
    """Messages that may be lost for good: those after one and before another, and how far they were looked for."""

    id: int
    platform: str
    chat_id: str
    after: str
    before: str
    sought_to: str


def endless(tx: Tx) -> bool:
    """Whether it is not known yet where some of what was lost ends."""
    return bool(tx.all(f"SELECT 1 {_ENDLESS} LIMIT 1"))


def find_ends(tx: Tx) -> None:
    """Note where what was lost ends: before the first message of the chat that is known since."""
    for gap_id, platform, chat_id, until in tx.all(f"SELECT id, platform, chat_id, closed_at {_ENDLESS}"):
        found = [
            tx.one(f"{sql} AND {since} >= ? ORDER BY id LIMIT 1", (platform, chat_id, until))
            for sql, since in ((_HEARD, "received_at"), (_SAID, "sent_at"))
        ]
        if known := [row for row in found if row is not None]:
            first = min(known, key=lambda row: int(row[1]))
            tx.execute("UPDATE platform_gap SET lost_to = ? WHERE id = ?", (first[0], gap_id))


def to_seek(tx: Tx) -> list[Lost]:
    """All that was lost and whose ends are known, the latest first."""
    rows = tx.all(
        "SELECT id, platform, chat_id, from_cursor, lost_to, sought_to FROM platform_gap"
        " WHERE stop_cursor = '' AND lost_to <> '' ORDER BY id DESC"
    )
    return [Lost(*row) for row in rows]


def sought(tx: Tx, gap_id: int, message_id: str) -> None:
    """A message was looked for, found or not."""
    tx.execute("UPDATE platform_gap SET sought_to = ? WHERE id = ?", (message_id, gap_id))
