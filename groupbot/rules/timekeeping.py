"""May the clock be believed? People are asked for what is owed only when it may; everything else goes on.

A machine can start in 1970 or in 2038. What it has seen before, and the times of the messages that come in, tell.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

STEP_BACK = timedelta(minutes=5)  # as far as a clock may be set back while it runs
SKEW = timedelta(minutes=2)  # as far as a platform's clock may be ahead of ours
AWAY = timedelta(days=60)  # longer than anybody leaves the bot off; a jump of more needs a witness
FRESH = timedelta(days=1)  # how old the latest message may be to be one

Verdict = Literal["right", "behind", "ahead"]


def judge(now: datetime, seen: datetime | None, heard: datetime | None) -> Verdict:
    """Whether `now` may be believed; all are aware UTC.

    `seen` is the latest time that was believed before, `heard` the platform's own time of the latest message.
    """
    if heard is not None and heard > now + SKEW:
        return "behind"
    if seen is None or (heard is not None and heard > now - FRESH):
        return "right"
    if now < seen - STEP_BACK:
        return "behind"
    return "ahead" if now > seen + AWAY else "right"
