"""What goes to each platform now: calls under way, windows of the recent ones, its breaker. Kept on the worker thread.

Calls under way count as made now, and finished ones as made when they ended: the platform never sees more in any window
than its rates allow, however long a call took to arrive.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from groupbot.records import Rate
from groupbot.rules import breaker, pacing
from groupbot.rules.breaker import Breaker

MOST_AT_ONCE = 16  # calls under way per platform: a slow platform must not fill the process


@dataclass(frozen=True, slots=True)
class PlatformHealth:
    """How delivery to a platform fares. `open_since` and `probe_at` (aware UTC) are set while its breaker is open."""

    platform: str
    failures: int  # calls in a row that did not get through
    open_since: datetime | None
    probe_at: datetime | None
    under_way: int
    paced_until: datetime | None  # when the next waiting chat may be spoken to, where a limit holds one back


class Window:
    """The recent calls to one chat, or to all of a platform."""

    def __init__(self) -> None:
        self.ended: deque[datetime] = deque()
        self.under_way = 0

    def earliest(self, rates: Sequence[Rate], now: datetime, more: int = 1) -> datetime:
        """When the last of `more` calls could be made."""
        calls = [*self.ended, *[now] * self.under_way]
        return pacing.last_of(more, calls, rates, now)

    def end(self, rates: Sequence[Rate], at: datetime) -> None:
        """A call has ended."""
        self.under_way = max(0, self.under_way - 1)
        self.remember(rates, at)

    def remember(self, rates: Sequence[Rate], at: datetime) -> None:
        """A call was made then."""
        self.ended.append(at)
        while len(self.ended) > pacing.remembered(rates):
            self.ended.popleft()


class Traffic:
    """One platform's."""

    def __init__(self) -> None:
        self.all = Window()
        self.chats: dict[str, Window] = {}
        self.breaker = Breaker()
        self.probing = False
        self.wake: datetime | None = None  # when the first chat that was held back by a rate may go on

    def window(self, chat_id: str) -> Window:
        """The window of a chat."""
        return self.chats.setdefault(chat_id, Window())

    def may_start(self, rates: Sequence[Rate], chat: tuple[str, Sequence[Rate]], starting: int, now: datetime) -> bool:
        """Whether a call may begin now, with `starting` others that begin too; `wake` tells until when a rate says no.

        `chat` is its id and its own rates.
        """
        if self.breaker.open_since is not None or self.all.under_way + starting >= MOST_AT_ONCE:
            return False
        chat_id, chat_rates = chat
        at = max(self.all.earliest(rates, now, starting + 1), self.window(chat_id).earliest(chat_rates, now))
        if at > now:
            self.wake = at if self.wake is None else min(self.wake, at)
        return at <= now

    def begin(self, chat_id: str) -> None:
        """A call begins."""
        self.all.under_way += 1
        self.window(chat_id).under_way += 1

    def end(self, rates: Sequence[Rate], chat_id: str, chat_rates: Sequence[Rate], at: datetime) -> None:
        """A call has ended."""
        self.all.end(rates, at)
        self.window(chat_id).end(chat_rates, at)

    def answered(self) -> bool:
        """The platform gave an answer. Returns whether its breaker was open until now."""
        was_open = self.breaker.open_since is not None
        self.breaker = breaker.succeeded()
        return was_open

    def failed(self, now: datetime) -> bool:
        """A call did not get through. Returns whether this opened the breaker."""
        was_open = self.breaker.open_since is not None
        self.breaker = breaker.failed(self.breaker, now)
        return not was_open and self.breaker.open_since is not None

    def health(self, platform: str) -> PlatformHealth:
        """For the health command."""
        known = self.breaker
        return PlatformHealth(platform, known.failures, known.open_since, known.probe_at, self.all.under_way, self.wake)
