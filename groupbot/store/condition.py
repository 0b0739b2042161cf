"""How the bot stands, as the database shows it: what waits, what was given up, what was missed, when it last looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from groupbot.records import instant, micros
from groupbot.store import inbox
from groupbot.store.database import Tx

LAST_TICK = "last_tick"
_OPEN = "state IN ('new', 'sending', 'unknown')"


@dataclass(frozen=True, slots=True)
class Parked:
    """Something that was tried in vain and waits for a person: its row id, what it is, since when, and the error."""

    id: int
    what: str
    at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Counts and the oldest moments (aware UTC; None where there is nothing)."""

    waiting: int
    oldest_waiting: datetime | None
    unsent: int
    oldest_unsent: datetime | None
    parked_rows: tuple[Parked, ...]
    parked_notices: tuple[Parked, ...]
    gaps: int
    last_tick: datetime | None


def read(tx: Tx, now: datetime, limit: int = 20) -> Condition:
    """The condition at `now` (aware UTC); what is not due yet does not count as unsent."""
    waiting = tx.one("SELECT count(*), MIN(received_at) FROM inbox WHERE state = 'waiting'") or (0, None)
    # posts that wait because somebody writes faster than can be answered are no trouble of the bot's
    put_off = int(tx.scalar("SELECT count(*) FROM inbox WHERE state = 'put_off'") or 0)
    unsent = tx.one(
        f"SELECT count(*), MIN(CASE WHEN not_before > queued_at THEN not_before ELSE queued_at END) FROM outbox"
        f" WHERE {_OPEN} AND not_before <= ?",
        (micros(now),),
    ) or (0, None)
    rows = tx.all(
        f"SELECT id, platform, received_at, error FROM inbox WHERE state = 'parked' ORDER BY id LIMIT {int(limit)}"
    )
    notices = tx.all(
        f"SELECT id, key, queued_at, error FROM outbox WHERE state = 'parked' ORDER BY id LIMIT {int(limit)}"
    )
    tick = inbox.get_state(tx, LAST_TICK)
    return Condition(
        int(waiting[0]) + put_off,
        _at(waiting[1]),
        int(unsent[0]),
        _at(unsent[1]),
        tuple(Parked(row[0], row[1], instant(row[2]), _kind(row[3])) for row in rows),
        tuple(Parked(row[0], row[1], instant(row[2]), row[3][:200]) for row in notices),
        int(tx.scalar("SELECT count(*) FROM platform_gap WHERE closed_at IS NULL") or 0),
        instant(int(tick)) if tick else None,
    )


def ticked(tx: Tx, now: datetime) -> None:
    """Note that the bot has just looked at what is due."""
    inbox.set_state(tx, LAST_TICK, str(micros(now)))


def retry(tx: Tx) -> tuple[int, int]:
    """Give what is parked another chance: (rows that came in, notices on their way out).

    A notice that may have arrived gets one call more, as the second copy that it then may be.
    """
    rows = tx.execute("UPDATE inbox SET state = 'waiting', attempts = 0 WHERE state = 'parked'").rowcount
    notices = tx.execute(
        "UPDATE outbox SET state = CASE WHEN unknowns > 0 THEN 'unknown' ELSE 'new' END, attempts = 0,"
        " unknowns = CASE WHEN unknowns > 1 THEN 1 ELSE unknowns END WHERE state = 'parked'"
    ).rowcount
    return int(rows), int(notices)


def _at(stored: int | None) -> datetime | None:
    return None if stored is None else instant(int(stored))


def _kind(error: str) -> str:
    """Which error a traceback ends with, without its message: that may hold a citizen's words."""
    line = error.strip().splitlines()[-1] if error.strip() else ""
    return line.split(":")[0][:80]
