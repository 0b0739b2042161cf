"""How much of what a chat can be told one person may cause, so that others are heard beside a flood. Source: ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from groupbot.records import Rate
from groupbot.rules import coalescing

SHARE = 4  # a fourth of what the slowest limit of a chat lets through is one person's
TOGETHER = 30  # lines of a turn that may share a message are one message, up to so many


@dataclass(frozen=True, slots=True)
class Share:
    """What one person has left of a chat: messages, at an instant (aware UTC)."""

    left: float
    at: datetime


def slowest(rates: Sequence[Rate]) -> Rate | None:
    """The limit that counts for a flood: the one that lets the fewest through for long; None where there is none."""
    return min(rates, key=lambda rate: rate.count / rate.seconds, default=None)


def left(share: Share | None, rate: Rate, now: datetime) -> float:
    """How many messages somebody may cause now: at most their share of what the limit lets through in its time."""
    most = max(1.0, rate.count / SHARE)
    if share is None:
        return most
    passed = max(0.0, (now - share.at).total_seconds())
    return min(most, share.left + passed * most / rate.seconds)


def charged(share: Share | None, rate: Rate, said: Iterable[str], now: datetime, *, together: bool) -> Share:
    """The share after lines with these texts were caused; `together` when many are worked in one turn."""
    cost = sum(1 / TOGETHER if together and coalescing.may_share(key) else 1.0 for key in said)
    return Share(left(share, rate, now) - cost, now)


def due(share: Share, rate: Rate, now: datetime) -> datetime:
    """When somebody may cause a message again, not before `now`."""
    lacking = 1.0 - left(share, rate, now)
    most = max(1.0, rate.count / SHARE)
    return now + timedelta(seconds=max(0.0, lacking * rate.seconds / most))
