"""May an officer name this day for the work to be done? A deadline may be moved once, with a reason, and is counted.

Rule: extension once, with a reason, told to the citizen's side (the 30 + 30 days of Mongolia's petition law, borrowed).
The original deadline never moves; a day before the deadline is a promise and no extension.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Promise:
    """A day that may be named; `extends` says that it lies after the deadline and uses the one extension."""

    done_by: datetime
    extends: bool


@dataclass(frozen=True, slots=True)
class NoPromise:
    """A day that may not be named, and why."""

    reason: Literal["past", "extended_already"]


def judge(wanted: datetime, said_at: datetime, due: datetime | None, extensions: int) -> Promise | NoPromise:
    """Whether the day `wanted` may be named at `said_at`, where the answer is due at `due` (all aware UTC)."""
    if wanted <= said_at:
        return NoPromise("past")
    extends = due is not None and wanted > due
    if extends and extensions:
        return NoPromise("extended_already")
    return Promise(wanted, extends)
