"""How a department stands at one moment: how many of its requests wait for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from groupbot.records import micros
from groupbot.store.database import Tx

NAMED = 3  # references of those that are late the longest


@dataclass(frozen=True, slots=True)
class RollCall:
    """Counts of a department's unclosed requests, confidential ones left out; `longest` are references."""

    open: int
    unheard: int  # open without a first word
    late: int  # open past the day of their answer
    asked: int  # answered, the citizen's word has not come
    longest: tuple[str, ...]


def of(tx: Tx, jurisdiction_id: str, service_code: str, now: datetime) -> RollCall:
    """The department at `now` (aware UTC)."""
    where = "jurisdiction_id = ? AND service_code = ? AND state <> 'closed' AND route = 'public'"
    late = "state <> 'answered' AND expected_datetime < ?"
    values = (jurisdiction_id, service_code)
    row = tx.one(
        "SELECT COALESCE(SUM(CASE WHEN state <> 'answered' THEN 1 ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN state = 'submitted' THEN 1 ELSE 0 END), 0),"
        f" COALESCE(SUM(CASE WHEN {late} THEN 1 ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN state = 'answered' THEN 1 ELSE 0 END), 0)"
        f" FROM request WHERE {where}",
        (micros(now), *values),
    )
    assert row is not None
    refs = tx.all(
        f"SELECT service_request_id FROM request WHERE {where} AND {late} ORDER BY expected_datetime, id LIMIT {NAMED}",
        (*values, micros(now)),
    )
    opened, unheard, overdue, asked = (int(value) for value in row)
    return RollCall(opened, unheard, overdue, asked, tuple(str(one[0]) for one in refs))
