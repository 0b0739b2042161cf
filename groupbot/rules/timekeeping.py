"""May the clock be believed? What falls due by itself waits until it may; what people post is taken all the same.

A machine can start in 1970 or in 2038. What it has seen before, and the times of the messages that come in, tell. One
message is evidence for the clock where both agree; against it only several people's are: anybody's phone may be wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

STEP_BACK = timedelta(minutes=5)  # as far as a clock may be set back while it runs
SKEW = timedelta(minutes=2)  # as far as a platform's clock may be ahead of ours
AWAY = timedelta(days=60)  # longer than anybody leaves the bot off; a jump of more needs a witness
FRESH = timedelta(days=1)  # how old the latest message may be to be one
WITNESSES = 2  # people whose messages must all be from the future before the clock is said to be behind

Verdict = Literal["right", "behind", "ahead"]


def judge(now: datetime, seen: datetime | None, heard: Sequence[datetime]) -> Verdict:
    """Whether `now` may be believed; all are aware UTC.

    `seen` is the latest time that was believed before, `heard` the platforms' own times of the latest messages, one of
    each person.
    """
    if sum(one > now + SKEW for one in heard) >= WITNESSES:
        return "behind"
    if seen is None or any(now - FRESH < one <= now + SKEW for one in heard):
        return "right"
    if now < seen - STEP_BACK:
        return "behind"
    return "ahead" if now > seen + AWAY else "right"


def surely_by_now(believed: datetime, heard: Iterable[datetime]) -> datetime:
    """How late it must be at least (aware UTC) while the clock is wrong: as late as several people's messages say.

    `believed` is what was known before; what is said to be much later is no better than the clock.
    """
    later = sorted(one for one in heard if believed < one <= believed + AWAY)
    return later[-WITNESSES] if len(later) >= WITNESSES else believed
