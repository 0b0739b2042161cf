"""What was last read back of each bound group: who may write there, and which rights the bot lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from groupbot.records import micros
from groupbot.store.database import Tx


@dataclass(frozen=True, slots=True)
class KeptStanding:
    """A group's standing: `missing` are rights, `told` is what staff were told of it last ('' for nothing)."""

    chat_pk: int
    read_only: bool
    missing: tuple[str, ...]
    told: str


def due(tx: Tx, before: datetime) -> list[int]:
    """The row ids of the bound groups that were not read back since then."""
    rows = tx.all(
        "SELECT chat.id FROM chat LEFT JOIN chat_standing ON chat_standing.chat_pk = chat.id"
        " WHERE chat.state = 'bound' AND chat.service_group_id IS NOT NULL"
        " AND COALESCE(chat_standing.checked_at, 0) < ? ORDER BY chat.id",
        (micros(before),),
    )
    return [int(row[0]) for row in rows]


def look_again(tx: Tx, chat_pk: int) -> None:
    """Something has changed in a group: read it back at once."""
    tx.execute("UPDATE chat_standing SET checked_at = 0 WHERE chat_pk = ?", (chat_pk,))


def of_chat(tx: Tx, chat_pk: int) -> KeptStanding | None:
    """What was last read back of a group."""
    row = tx.one("SELECT chat_pk, read_only, missing, told FROM chat_standing WHERE chat_pk = ?", (chat_pk,))
    return None if row is None else KeptStanding(row[0], bool(row[1]), tuple(row[2].split()), row[3])


def keep(tx: Tx, found: KeptStanding, now: datetime) -> None:
    """Keep what was read back now."""
    tx.execute(
        "INSERT INTO chat_standing(chat_pk, checked_at, read_only, missing, told) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT(chat_pk) DO UPDATE SET checked_at = excluded.checked_at, read_only = excluded.read_only,"
        " missing = excluded.missing, told = excluded.told",
        (found.chat_pk, micros(now), int(found.read_only), " ".join(found.missing), found.told),
    )
