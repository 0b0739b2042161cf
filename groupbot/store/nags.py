"""Which requests are to be looked at, claims on them, and who was asked for which when."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from groupbot.records import ServiceRequest, instant, micros
from groupbot.store import requests
from groupbot.store.database import Tx

_CLAIMED = 400  # rows in one statement


@dataclass(frozen=True, slots=True)
class Claim:
    """A look at a request as it was read, and when to look again (aware UTC, None: not as things stand).

    `nagged` says that people are asked at `now`; `asks` counts those for the citizen's word so far.
    """

    request: ServiceRequest
    next_at: datetime | None
    nagged: bool
    step: int
    asks: int


@dataclass(frozen=True, slots=True)
class Nag:
    """One person asked once: on which rung and for which reason, by their names in the code; `at` is aware UTC."""

    request_id: int
    step: int
    occurrence: int
    person_id: int
    reason: str
    at: datetime


def first_due(tx: Tx, jurisdiction_id: str) -> datetime | None:
    """The first moment at which a request is to be looked at (aware UTC, perhaps past)."""
    found = tx.scalar(
        "SELECT MIN(next_nag_at) FROM request WHERE jurisdiction_id = ? AND next_nag_at IS NOT NULL",
        (jurisdiction_id,),
    )
    return None if found is None else instant(int(found))


def due(tx: Tx, jurisdiction_id: str, now: datetime, limit: int) -> list[ServiceRequest]:
    """The requests to be looked at by `now`, those waiting longest first."""
    return requests.select(
        tx,
        "WHERE next_nag_at <= ? AND jurisdiction_id = ? ORDER BY next_nag_at, id LIMIT ?",
        (micros(now), jurisdiction_id, limit),
    )


def claim(tx: Tx, claims: Sequence[Claim], now: datetime) -> set[int]:
    """Note these looks on the requests that are still as they were read; the row ids of those that were."""
    taken: set[int] = set()
    for start in range(0, len(claims), _CLAIMED):
        part = claims[start : start + _CLAIMED]
        # Both databases call the columns of a bare VALUES column1, column2 and so on.
        rows = ", ".join(["(CAST(? AS BIGINT), ?, CAST(? AS BIGINT), CAST(? AS BIGINT), ?, ?, ?)"] * len(part))
        values: list[object] = []
        for one in part:
            next_at = None if one.next_at is None else micros(one.next_at)
            asked_at = micros(now) if one.nagged else _stored(one.request.nagged_at)
            nagged = int(one.nagged)
            values += (one.request.id, one.request.version, next_at, asked_at, one.step, nagged, one.asks)
        found = tx.all(
            "UPDATE request SET next_nag_at = v.column3, nagged_at = v.column4, escalation_step = v.column5,"
            " nags = nags + v.column6, version = version + v.column6, word_asks = v.column7"
            f" FROM (VALUES {rows}) AS v"
            " WHERE request.id = v.column1 AND request.version = v.column2 RETURNING request.id",
            values,
        )
        taken |= {int(row[0]) for row in found}
    return taken


def _stored(at: datetime | None) -> int | None:
    return None if at is None else micros(at)


def add(tx: Tx, nags: Sequence[Nag]) -> None:
    """Keep who was asked; what is known already is left alone."""
    for start in range(0, len(nags), _CLAIMED):
        part = nags[start : start + _CLAIMED]
        rows = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(part))
        values: list[object] = []
        for nag in part:
            values += (nag.request_id, nag.step, nag.occurrence, nag.person_id, nag.reason, micros(nag.at))
        tx.execute(
            "INSERT INTO nag(request_id, step, occurrence, person_id, reason, at)"
            f" VALUES {rows} ON CONFLICT DO NOTHING",
            values,
        )


def of_request(tx: Tx, request_id: int, since: datetime | None = None) -> list[Nag]:
    """Who was asked for a request, from `since` on, the first one first."""
    rows = tx.all(
        "SELECT request_id, step, occurrence, person_id, reason, at FROM nag WHERE request_id = ? AND at >= ?"
        " ORDER BY at, occurrence, id",
        (request_id, 0 if since is None else micros(since)),
    )
    return [Nag(row[0], row[1], row[2], row[3], row[4], instant(int(row[5]))) for row in rows]


def asked_of(tx: Tx, person_id: int, since: datetime, levels: Sequence[str], limit: int) -> list[ServiceRequest]:
    """The requests, not closed, for which a person was asked since then: by these priorities, then the oldest first."""
    ranks = " ".join(f"WHEN ? THEN {rank}" for rank in range(len(levels)))
    return requests.select(
        tx,
        "WHERE state <> 'closed' AND id IN (SELECT request_id FROM nag WHERE person_id = ? AND at >= ?)"
        f" ORDER BY CASE priority {ranks} END, requested_datetime, id LIMIT ?",
        (person_id, micros(since), *levels, limit),
    )


def known_keys(tx: Tx, dedup_keys: Collection[str]) -> dict[str, str]:
    """Which of these notices were ever queued, with the state of each."""
    return dict(_known(tx, sorted(dedup_keys)))


def _known(tx: Tx, keys: list[str]) -> Iterator[tuple[str, str]]:
    for start in range(0, len(keys), _CLAIMED):
        part = keys[start : start + _CLAIMED]
        marks = ", ".join("?" * len(part))
        for row in tx.all(f"SELECT dedup_key, state FROM outbox WHERE dedup_key IN ({marks})", part):
            yield str(row[0]), str(row[1])
