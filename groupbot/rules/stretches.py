"""Weeks and months: the stretches of time over which figures are told. All days are local."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, get_args

from groupbot.rules import sampling

Kind = Literal["week", "month"]
KINDS: tuple[Kind, ...] = get_args(Kind)
WEEK = timedelta(days=7)


def holding(kind: Kind, day: date) -> date:
    """The first day of the stretch in which a day lies; a week begins on Monday (ISO 8601)."""
    return day - timedelta(days=day.weekday()) if kind == "week" else day.replace(day=1)


def after(kind: Kind, first: date) -> date:
    """The first day of the stretch after the one that begins on `first`."""
    return first + WEEK if kind == "week" else sampling.next_month(first)


def before(kind: Kind, first: date) -> date:
    """The first day of the stretch before the one that begins on `first`."""
    return first - WEEK if kind == "week" else sampling.month_before(first)
