"""A platform that fails again and again is left alone: it is only asked for a sign of life until it gives one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

MOST_FAILURES = 10  # in a row, over all its chats
PROBE_EVERY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Breaker:
    """How a platform fares. While `open_since` is set nothing is sent; `probe_at` is the next look. Both aware UTC."""

    failures: int = 0  # in a row
    open_since: datetime | None = None
    probe_at: datetime | None = None


def succeeded() -> Breaker:
    """The platform answered: whatever it said, it is there."""
    return Breaker()


def failed(breaker: Breaker, now: datetime) -> Breaker:
    """A call did not get through; the tenth in a row opens the breaker, a failed probe puts the next one off."""
    failures = breaker.failures + 1
    if breaker.open_since is None and failures < MOST_FAILURES:
        return replace(breaker, failures=failures)
    return Breaker(failures, breaker.open_since or now, now + PROBE_EVERY)
