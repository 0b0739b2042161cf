"""Where "+1 hour", "+1 day", "next opening" and a chosen local time lead. Pure: now is an argument."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from groupbot.web.sandbox.guard import BadInputError

FARTHEST = timedelta(days=400)


def target(
    move: str, now: datetime, zone: ZoneInfo, next_opening: Callable[[datetime], datetime] | None = None
) -> datetime:
    """The aware UTC instant that a move leads to.

    `move` is "hour", "day" (the same local time tomorrow), "opening", or a local date and time (2025-11-24T09:00).
    Raises BadInputError with a sentence for anything else, for the past and for more than 400 days ahead.
    """
    to = _target(move, now, zone, next_opening).astimezone(UTC)
    if to <= now:
        raise BadInputError("The clock only moves forward; choose a later time.")
    if to - now > FARTHEST:
        raise BadInputError(f"That is too far: at most {FARTHEST.days} days ahead in one step.")
    return to


def _target(move: str, now: datetime, zone: ZoneInfo, next_opening: Callable[[datetime], datetime] | None) -> datetime:
    if move == "hour":
        return now + timedelta(hours=1)
    if move == "day":
        return now.astimezone(zone) + timedelta(days=1)
    if move == "opening" and next_opening is not None:
        return next_opening(now)
    try:
        at = datetime.fromisoformat(move)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadInputError("That is no date and time; write it as 2025-11-24T09:00.") from error
