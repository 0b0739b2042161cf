"""Whose open requests: those somebody posted, or answers for, or brings the citizen's word for."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from groupbot.records import ServiceRequest
from groupbot.store import requests
from groupbot.store.database import Tx

MOST = 200  # requests that are looked at


@dataclass(frozen=True, slots=True)
class Scope:
    """A person's row id, the departments and the wards that are theirs, and whether the confidential cases are."""

    person_id: int
    departments: AbstractSet[str]
    wards: AbstractSet[str]
    confidential: bool = False


def open_within(tx: Tx, jurisdiction_id: str, scope: Scope) -> list[ServiceRequest]:
    """The open requests within a scope, the oldest first; confidential ones are of no department and no ward."""
    fits, values = ["poster_id = ?"], [scope.person_id]
    for column, names in (("service_code", scope.departments), ("ward", scope.wards)):
        if names:
            fits.append(f"({column} IN ({', '.join('?' * len(names))}) AND route = 'public')")
            values += sorted(names)  # type: ignore[arg-type]
    if scope.confidential:
        fits.append("route = 'private'")
    rows = tx.all(
        f"SELECT id FROM request WHERE jurisdiction_id = ? AND state <> 'closed' AND ({' OR '.join(fits)})"
        f" ORDER BY requested_datetime, id LIMIT {MOST}",
        (jurisdiction_id, *values),
    )
    return [requests.by_id(tx, int(row[0])) for row in rows]
