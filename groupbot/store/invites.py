"""Invitations: one-time codes, kept only as hashes, that give a role or bind a further id to a known person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from groupbot.records import Grant, instant, micros
from groupbot.store.database import Tx

LINK = "link"  # the role of a code that binds a further id to the person who asked for it
_COLUMNS = (
    "id, role, service_code, ward, sub_county, name, granted_until, hand_over, created_by, created_at, expires_at,"
    " used_by, confirmed_by, granted_from"
)


@dataclass(frozen=True, slots=True)
class Invite:
    """What a code gives, to whom (`name`, '' where it was not said), who made it, and until when it may be used.

    `hand_over` says that whoever holds the role then gives it up. `since` is when the office begins, None for at once.
    """

    id: int
    grant: Grant
    name: str
    until: datetime | None
    created_by: int | None
    created_at: datetime
    expires_at: datetime
    hand_over: bool = False
    used_by: int | None = None
    confirmed_by: int | None = None
    since: datetime | None = None


def add(tx: Tx, jurisdiction_id: str, code_hash: str, invite: Invite) -> None:
    """Keep an invitation; its own id is ignored."""
    grant = invite.grant
    tx.execute(
        "INSERT INTO invite(jurisdiction_id, code_hash, role, service_code, ward, sub_county, name, granted_until,"
        " hand_over, created_by, created_at, expires_at, granted_from) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            jurisdiction_id,
            code_hash,
            grant.role,
            grant.service_code or "",
            grant.ward or "",
            grant.sub_county or "",
            invite.name,
            None if invite.until is None else micros(invite.until),
            int(invite.hand_over),
            invite.created_by,
            micros(invite.created_at),
            micros(invite.expires_at),
            None if invite.since is None else micros(invite.since),
        ),
    )


def open_by_hash(tx: Tx, jurisdiction_id: str, code_hash: str, now: datetime) -> Invite | None:
    """The invitation behind a code, if it is unused and has not lapsed."""
    row = tx.one(
        f"SELECT {_COLUMNS} FROM invite WHERE jurisdiction_id = ? AND code_hash = ? AND used_at IS NULL"
        " AND expires_at > ?",
        (jurisdiction_id, code_hash, micros(now)),
    )
    return None if row is None else _record(row)


def use(tx: Tx, invite: Invite, person_id: int, now: datetime) -> bool:
    """Use up an invitation; False when someone was quicker."""
    used = tx.execute(
        "UPDATE invite SET used_by = ?, used_at = ? WHERE id = ? AND used_at IS NULL AND expires_at > ?",
        (person_id, micros(now), invite.id, micros(now)),
    )
    return used.rowcount == 1


def burn(tx: Tx, invite: Invite, now: datetime) -> None:
    """Make a code worthless that others have seen."""
    tx.execute("UPDATE invite SET expires_at = ? WHERE id = ? AND used_at IS NULL", (micros(now), invite.id))


def unconfirmed(tx: Tx, jurisdiction_id: str) -> list[Invite]:
    """The invitations that were used and wait for a second person's word, the oldest first."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM invite WHERE jurisdiction_id = ? AND used_by IS NOT NULL AND confirmed_by IS NULL"
        " ORDER BY id",
        (jurisdiction_id,),
    )
    return [_record(row) for row in rows]


def confirm(tx: Tx, invite: Invite, person_id: int) -> bool:
    """Confirm a used invitation; False when it was confirmed already."""
    done = tx.execute(
        "UPDATE invite SET confirmed_by = ? WHERE id = ? AND confirmed_by IS NULL", (person_id, invite.id)
    )
    return done.rowcount == 1


def planned(tx: Tx, jurisdiction_id: str) -> list[Invite]:
    """The confirmed offices that begin later, or were to begin and were not taken up yet; the first one first."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM invite WHERE jurisdiction_id = ? AND granted_from IS NOT NULL AND settled_at IS NULL"
        " AND used_by IS NOT NULL AND confirmed_by IS NOT NULL ORDER BY granted_from, id",
        (jurisdiction_id,),
    )
    return [_record(row) for row in rows]


def settle(tx: Tx, invite: Invite, now: datetime) -> None:
    """A planned office was taken up, or called off."""
    tx.execute("UPDATE invite SET settled_at = ? WHERE id = ?", (micros(now), invite.id))


def _record(row: Any) -> Invite:
    pk, role, service_code, ward, sub_county, name, until, hand_over, *rest = row
    created_by, created_at, expires_at, used_by, confirmed_by, since = rest
    grant = Grant(role, service_code or None, ward or None, sub_county or None)
    ends = None if until is None else instant(until)
    times = (instant(created_at), instant(expires_at))
    begins = None if since is None else instant(since)
    return Invite(pk, grant, name, ends, created_by, *times, bool(hand_over), used_by, confirmed_by, begins)
