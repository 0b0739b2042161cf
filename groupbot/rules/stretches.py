"""Weeks and months: the stretches of time over which figures are told. All days are local."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, get_args

Kind = Literal["week", "month"]
KINDS: tuple[Kind, ...] = get_args(Kind)
WEEK = timedelta(days=7)


def holding(kind: Kind, day: date) -> date:
    """The first day of the stretch in which a day lies; a week begins on Monday (ISO 8601)."""
    return day - timedelta(days=day.weekday()) if kind == "week" else day.replace(day=1)


def after(kind: Kind, day: date) -> date:
    """The first day of the stretch after the one that holds `day`."""
    first = holding(kind, day)
    if kind == "week":
        return first + WEEK
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def before(kind: Kind, day: date) -> date:
    """The first day of the stretch before the one that holds `day`."""
    return holding(kind, holding(kind, day) - timedelta(days=1))
