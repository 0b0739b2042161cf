"""The holidays that people declared while the bot ran."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from groupbot.records import instant, micros
from groupbot.store.database import Tx

_COLUMNS = "day, name, gazette, at"


@dataclass(frozen=True, slots=True)
class Declared:
    """A local day off, what for, and the number of its Gazette notice, '' where none was given.

    `at` (aware UTC) is when it was declared; None while it is not.
    """

    day: date
    name: str
    gazette: str = ""
    at: datetime | None = None


def add(tx: Tx, jurisdiction_id: str, declared: Declared, person_id: int | None, now: datetime) -> bool:
    """Keep a day, with who declared it and when (aware UTC); False where it was declared before."""
    done = tx.execute(
        "INSERT INTO holiday(jurisdiction_id, day, name, gazette, person_id, at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (jurisdiction_id, declared.day.isoformat(), declared.name, declared.gazette, person_id, micros(now)),
    )
    return int(done.rowcount) == 1


def every(tx: Tx, jurisdiction_id: str) -> list[Declared]:
    """All of them, the first day first."""
    rows = tx.all(f"SELECT {_COLUMNS} FROM holiday WHERE jurisdiction_id = ? ORDER BY day", (jurisdiction_id,))
    return [_record(row) for row in rows]


def find(tx: Tx, jurisdiction_id: str, day: date) -> Declared | None:
    """The one that was declared for this local day."""
    where = "WHERE jurisdiction_id = ? AND day = ?"
    row = tx.one(f"SELECT {_COLUMNS} FROM holiday {where}", (jurisdiction_id, day.isoformat()))
    return None if row is None else _record(row)


def latest_of(tx: Tx, jurisdiction_id: str, person_id: int, since: datetime) -> Declared | None:
    """The one that a person declared last, since then (aware UTC)."""
    row = tx.one(
        f"SELECT {_COLUMNS} FROM holiday WHERE jurisdiction_id = ? AND person_id = ? AND at >= ?"
        " ORDER BY at DESC LIMIT 1",
        (jurisdiction_id, person_id, micros(since)),
    )
    return None if row is None else _record(row)


def declared_by(tx: Tx, jurisdiction_id: str, declared: Declared) -> int | None:
    """The inbox row by which it was declared, as the log has it: by it the changes that it made are known."""
    if declared.at is None:
        return None
    sql = "SELECT inbox_id FROM service_log WHERE jurisdiction_id = ? AND type = 'holiday' AND at = ?"
    found = tx.scalar(f"{sql} ORDER BY seq DESC LIMIT 1", (jurisdiction_id, micros(declared.at)))
    return None if found is None else int(found)


def remove(tx: Tx, jurisdiction_id: str, day: date) -> None:
    """It was taken back; the log keeps that it was declared."""
    tx.execute("DELETE FROM holiday WHERE jurisdiction_id = ? AND day = ?", (jurisdiction_id, day.isoformat()))


def _record(row: tuple[Any, ...]) -> Declared:
    return Declared(date.fromisoformat(row[0]), str(row[1]), str(row[2]), instant(int(row[3])))
