"""When the missing past of a chat is asked for: one that fails is put off, and no other chat waits for it.

One that the platform refuses again and again, while it answers everything else, is given up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from groupbot.chat import ChatError
from groupbot.records import Gap

REST = timedelta(seconds=5)  # before a page that failed is asked for again
MOST_REFUSALS = 3  # of one gap, while the platform answered something else in between


class Delays:
    """Which gaps failed, until when they are put off, and how often each was refused for good. Times are aware UTC."""

    def __init__(self) -> None:
        self._until: dict[int, datetime] = {}
        self._just_refused: set[int] = set()
        self._refusals: dict[int, int] = {}

    def first_due(self, waiting: Sequence[Gap], now: datetime) -> Gap | None:
        """The oldest gap that may be asked for now."""
        return next((gap for gap in waiting if self._until.get(gap.id, now) <= now), None)

    def failed(self, gap: Gap, error: ChatError, now: datetime) -> None:
        """A page could not be had. It counts against the gap only if the platform is then found to answer."""
        self._until[gap.id] = now + max(REST, timedelta(seconds=error.retry_after or 0))
        if error.kind == "gone":
            self._just_refused.add(gap.id)

    def answered(self) -> bool:
        """The platform has answered something else. Whether a gap is refused for good by now."""
        for gap_id in self._just_refused:
            self._refusals[gap_id] = self._refusals.get(gap_id, 0) + 1
        self._just_refused.clear()
        return any(count >= MOST_REFUSALS for count in self._refusals.values())

    def take_refused(self, waiting: Sequence[Gap]) -> list[Gap]:
        """The gaps that are refused for good; they are counted no more."""
        refused = [gap for gap in waiting if self._refusals.get(gap.id, 0) >= MOST_REFUSALS]
        for gap in refused:
            del self._refusals[gap.id], self._until[gap.id]
        return refused
