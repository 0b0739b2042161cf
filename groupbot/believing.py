"""Whether the machine's clock can be believed now, as what was seen and heard before tells."""

from __future__ import annotations

from datetime import datetime

from groupbot.records import instant, micros
from groupbot.rules import timekeeping
from groupbot.rules.timekeeping import Verdict
from groupbot.store import inbox
from groupbot.store.database import Tx

SEEN = "nagging_seen"  # where the latest believed time is kept


def verdict(tx: Tx, now: datetime) -> Verdict:
    """Whether `now` (aware UTC) is right, behind or ahead."""
    seen = inbox.get_state(tx, SEEN)
    return timekeeping.judge(now, instant(int(seen)) if seen else None, inbox.latest_sent_at(tx))


def believe(tx: Tx, now: datetime) -> None:
    """Keep a time that was found right."""
    inbox.set_state(tx, SEEN, str(micros(now)))
