"""What time it is: the real clock, or a virtual one for the sandbox, replays and tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def real_time() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(UTC)


class VirtualClock:
    """A clock that stands where it is set, or runs on from there at the pace of another clock.

    It only moves forward: what has been said cannot be unsaid.
    """

    def __init__(self, start: datetime, pace: Clock | None = None) -> None:
        self._set_to = start
        self._pace = pace
        self._set_at = pace() if pace else None

    def __call__(self) -> datetime:
        """The virtual present (aware UTC)."""
        if self._pace is None or self._set_at is None:
            return self._set_to
        return self._set_to + max(timedelta(0), self._pace() - self._set_at)

    now = __call__

    def set(self, to: datetime) -> None:
        """Move forward to an instant (aware UTC); an earlier one is ignored."""
        self._set_to = max(to, self())
        self._set_at = self._pace() if self._pace else None

    def run_at(self, pace: Clock) -> None:
        """Run on from where it stands, at the pace of another clock."""
        self._set_to = self()
        self._pace = pace
        self._set_at = pace()
