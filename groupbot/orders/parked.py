"""Orders about what was given up: it gets another chance."""

from __future__ import annotations

from groupbot.orders.desk import Desk, Given
from groupbot.store import condition


def retry(desk: Desk, given: Given) -> list[str]:
    """Try everything again that is parked, on its way in or out."""
    rows, notices = condition.retry(desk.tx)
    return [f"tried again: {rows} that came in, {notices} on the way out"]
