"""How fast a chat may be spoken to: strict sliding windows, and how long a queue would take through them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from groupbot.records import Rate


def earliest(calls: Sequence[datetime], rates: Sequence[Rate], now: datetime) -> datetime:
    """The first moment, not before `now`, at which one more call keeps every rate.

    `calls` are the moments of the calls made, oldest first, as many as the largest count needs; one that lies ahead of
    `now` (a clock was set back) counts as made now.
    """
    found = now
    for rate in rates:
        if len(calls) >= rate.count:
            found = max(found, min(calls[-rate.count], now) + timedelta(seconds=rate.seconds))
    return found


def last_of(count: int, calls: Sequence[datetime], rates: Sequence[Rate], now: datetime) -> datetime:
    """When the last of `count` calls could be made, each as early as the rates let it."""
    made, at = list(calls), now
    for _ in range(count):
        at = earliest(made, rates, at)
        made.append(at)
    return at


def remembered(rates: Sequence[Rate]) -> int:
    """How many calls must be remembered to keep these rates."""
    return max((rate.count for rate in rates), default=0)
