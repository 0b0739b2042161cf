"""The monthly samples of closed requests whose citizens are called back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from groupbot.records import instant, micros
from groupbot.store.database import Tx

Span = tuple[datetime, datetime]  # aware UTC, the end not included
_CLOSINGS = ("closed", "settled", "withdrawn", "closed_duplicate", "unreachable")  # types of log entries
_AGREED = "word IN ('agreed', 'disputed_then_agreed')"


def first_closed(tx: Tx, jurisdiction_id: str) -> datetime | None:
    """When the first request was closed that still is (aware UTC)."""
    found = tx.scalar(
        "SELECT MIN(closed_at) FROM request WHERE jurisdiction_id = ? AND state = 'closed'", (jurisdiction_id,)
    )
    return None if found is None else instant(int(found))


def confirmed(tx: Tx, jurisdiction_id: str, span: Span) -> dict[str, int]:
    """Reference -> row id of what was closed in the span with the citizen's word, confidential cases left out."""
    rows = tx.all(
        "SELECT service_request_id, id FROM request WHERE jurisdiction_id = ? AND state = 'closed' AND route = 'public'"
        f" AND {_AGREED} AND erased_at IS NULL AND closed_at >= ? AND closed_at < ?",
        (jurisdiction_id, *map(micros, span)),
    )
    return {str(reference): int(pk) for reference, pk in rows}


def said_closed(tx: Tx, jurisdiction_id: str, span: Span) -> tuple[int, int]:
    """How many requests were closed in the span, and of how many the citizen was said to agree, by the log as it was.

    What was opened again since counts too; confidential cases do not.
    """
    marks = ", ".join("?" * len(_CLOSINGS))
    row = tx.one(
        "SELECT count(DISTINCT ref), count(DISTINCT CASE WHEN type = 'closed' THEN ref END) FROM service_log"
        f" WHERE jurisdiction_id = ? AND service_code <> '' AND at >= ? AND at < ? AND type IN ({marks})",
        (jurisdiction_id, *map(micros, span), *_CLOSINGS),
    )
    return (int(row[0]), int(row[1])) if row else (0, 0)


def draw(tx: Tx, jurisdiction_id: str, month: str, request_ids: Sequence[int], now: datetime) -> None:
    """Keep a month's sample."""
    for request_id in request_ids:
        tx.execute(
            "INSERT INTO call_back(jurisdiction_id, month, request_id, drawn_at, result) VALUES (?, ?, ?, ?, '')"
            " ON CONFLICT DO NOTHING",
            (jurisdiction_id, month, request_id, micros(now)),
        )


def is_drawn(tx: Tx, request_id: int) -> bool:
    """Whether a request is in a sample."""
    return tx.scalar("SELECT 1 FROM call_back WHERE request_id = ? LIMIT 1", (request_id,)) is not None


def keep(tx: Tx, request_id: int, result: str, person_id: int | None, now: datetime) -> None:
    """Keep what the citizen said, in the latest sample that the request is in; a later word replaces it."""
    tx.execute(
        "UPDATE call_back SET result = ?, at = ?, person_id = ? WHERE request_id = ?"
        " AND month = (SELECT MAX(month) FROM call_back WHERE request_id = ?)",
        (result, micros(now), person_id, request_id, request_id),
    )


def results(tx: Tx, jurisdiction_id: str, month: str) -> dict[str, int]:
    """Result ('' none yet) -> how many of a month's sample."""
    rows = tx.all(
        "SELECT result, count(*) FROM call_back WHERE jurisdiction_id = ? AND month = ? GROUP BY result",
        (jurisdiction_id, month),
    )
    return {str(result): int(count) for result, count in rows}
