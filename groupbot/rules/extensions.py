"""May an officer name this day for the work to be done? A deadline may be moved once, with a reason, and is counted.

Rule: extension once, with a reason, told to the citizen's side, and not for ever (the 30 + 30 days of Mongolia's
petition law, borrowed). The original deadline never moves; a day before the deadline is a promise and no extension.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Promise:
    """A day that may be named; `extends` says that it lies after the deadline and uses the one extension."""

    done_by: datetime
    extends: bool


@dataclass(frozen=True, slots=True)
class NoPromise:
    """A day that may not be named, and why."""

    reason: Literal["past", "extended_already", "too_far"]


def last_day(said_at: datetime, due: datetime | None, days: int, zone: ZoneInfo) -> date:
    """The last local day that an extension may name: so many days after the deadline, or after today where it passed.

    Instants are aware UTC.
    """
    start = said_at if due is None else max(said_at, due)
    return start.astimezone(zone).date() + timedelta(days=days)


def judge(
    wanted: datetime, said_at: datetime, due: datetime | None, extensions: int, *, until: datetime
) -> Promise | NoPromise:
    """Whether the day `wanted` may be named at `said_at`, where the answer is due at `due`.

    An extension ends before `until`. All are aware UTC.
    """
    if wanted <= said_at:
        return NoPromise("past")
    extends = due is not None and wanted > due
    if extends and extensions:
        return NoPromise("extended_already")
    if extends and wanted >= until:
        return NoPromise("too_far")
    return Promise(wanted, extends)
