"""After an absence much falls due at one time; a group hears at most three messages of it in a quarter of an hour.

What must wait shares the next message. People's own posts are answered at once as ever: only what is told to all waits.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from groupbot.records import Rate, instant, micros
from groupbot.rules import coalescing, pacing
from groupbot.store import inbox
from groupbot.store.database import Tx
from groupbot.store.outbox import QueuedNotice

AWAY = timedelta(minutes=15)  # ours: a machine that was off or asleep for longer than this was away
AFTERWARDS = timedelta(hours=1)  # ours: so long the bot holds back
AT_MOST = Rate(3, 900.0)  # messages, seconds: the first ten minutes with some to spare
_RETURNED = "returned"


def note(tx: Tx, at: datetime) -> None:
    """The bot has been away for long, and is back since `at` (aware UTC)."""
    inbox.set_state(tx, _RETURNED, str(micros(at)))


class Returning:
    """What the groups heard last, and what must wait therefore."""

    def __init__(self) -> None:
        self._heard: dict[tuple[str, str], deque[datetime]] = {}

    def heard(self, chat: tuple[str, str], at: datetime) -> None:
        """A chat (platform, chat id) hears a message at `at` (aware UTC)."""
        self._heard.setdefault(chat, deque(maxlen=AT_MOST.count)).append(at)

    def until(self, tx: Tx, head: QueuedNotice, now: datetime) -> datetime | None:
        """Until when the next notice of a chat must wait (aware UTC); None for one that may be said."""
        if head.action != "send" or head.unknowns or not coalescing.may_wait(head.key):
            return None
        if head.attempts and not coalescing.only_read(head.key):
            return None  # tried before, it keeps back all behind it, answers to people among them
        returned = inbox.get_state(tx, _RETURNED)
        if not returned or not timedelta(0) <= now - instant(int(returned)) < AFTERWARDS:
            return None
        at = pacing.earliest(self._heard.get((head.platform, head.chat_id), ()), (AT_MOST,), now)
        return at if at > now else None
