"""Roles given and ended, each with its dates: who holds office when, and who gave and confirmed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from groupbot.records import Grant, instant, micros
from groupbot.store import people
from groupbot.store.database import Tx


@dataclass(frozen=True, slots=True)
class Term:
    """For how long a role is given (aware UTC; `until` None is open-ended), by whom, confirmed by whom."""

    since: datetime
    until: datetime | None = None
    given_by: int | None = None
    confirmed_by: int | None = None


def give(tx: Tx, jurisdiction_id: str, person_id: int, grant: Grant, term: Term) -> None:
    """Give a person a role."""
    tx.execute(
        "INSERT INTO role_grant(jurisdiction_id, person_id, role, service_code, ward, sub_county, granted_from,"
        " granted_until, acting_for, granted_by, confirmed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            jurisdiction_id,
            person_id,
            *_scoped(grant),
            micros(term.since),
            None if term.until is None else micros(term.until),
            grant.acting_for,
            term.given_by,
            term.confirmed_by,
        ),
    )
    people.touch(tx, jurisdiction_id)


def end(tx: Tx, jurisdiction_id: str, person_id: int, grant: Grant, at: datetime, *, by: int) -> bool:
    """End a person's role, with this scope, at `at` (aware UTC), on the word of `by` (a person's row id, 0 for none).

    Returns False when they did not hold it then.
    """
    stamp = micros(at)
    ended = tx.execute(
        "UPDATE role_grant SET granted_until = ?, ended_by = ? WHERE jurisdiction_id = ? AND person_id = ? AND role = ?"
        " AND service_code = ? AND ward = ? AND sub_county = ? AND (granted_until IS NULL OR granted_until > ?)",
        (stamp, by, jurisdiction_id, person_id, *_scoped(grant), stamp),
    )
    people.touch(tx, jurisdiction_id)
    return ended.rowcount > 0


def next_lapse(tx: Tx, jurisdiction_id: str, after: datetime) -> datetime | None:
    """When the first term after `after` (aware UTC) ends by its own date."""
    found = tx.scalar(
        "SELECT MIN(granted_until) FROM role_grant WHERE jurisdiction_id = ? AND granted_until > ?"
        " AND ended_by IS NULL",
        (jurisdiction_id, micros(after)),
    )
    return None if found is None else instant(int(found))


def lapsed(tx: Tx, jurisdiction_id: str, after: datetime, by: datetime) -> list[tuple[int, Grant, datetime]]:
    """The terms that have ended by their own date within a span: (person's row id, role and scope, the end)."""
    rows = tx.all(
        "SELECT person_id, role, service_code, ward, sub_county, acting_for, granted_until FROM role_grant"
        " WHERE jurisdiction_id = ? AND granted_until > ? AND granted_until <= ? AND ended_by IS NULL"
        " ORDER BY granted_until, id",
        (jurisdiction_id, micros(after), micros(by)),
    )
    return [
        (row[0], Grant(row[1], row[2] or None, row[3] or None, row[4] or None, acting_for=row[5]), instant(row[6]))
        for row in rows
    ]


def _scoped(grant: Grant) -> tuple[str, str, str, str]:
    return (grant.role, grant.service_code or "", grant.ward or "", grant.sub_county or "")
