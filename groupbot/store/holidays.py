"""The holidays that people declared while the bot ran."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from groupbot.records import micros
from groupbot.store.database import Tx


@dataclass(frozen=True, slots=True)
class Declared:
    """A local day off, what for, and the number of its Gazette notice, '' where none was given."""

    day: date
    name: str
    gazette: str = ""


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
    rows = tx.all("SELECT day, name, gazette FROM holiday WHERE jurisdiction_id = ? ORDER BY day", (jurisdiction_id,))
    return [Declared(date.fromisoformat(row[0]), str(row[1]), str(row[2])) for row in rows]
