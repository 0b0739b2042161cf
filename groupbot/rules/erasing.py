"""What is left of a message when one request is taken out of it, and when words are old enough to be forgotten."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from groupbot.rules import references

NIGHT = 2  # o'clock, local: ours, when nobody waits for the bot


def left(lines: Sequence[str], reference: str, prefixes: Collection[str]) -> list[str]:
    """The lines that are not about a request; none when they name no other one.

    A line that names a request is about it, and so are those below that name none.
    """
    kept: list[str] = []
    others = dropping = False
    for line in lines:
        named = {found.text for found in references.find(line, prefixes)}
        if named:
            dropping = reference in named
        if not dropping:
            kept.append(line)
            others = others or bool(named)
    return kept if others else []


def months_before(at: datetime, months: int) -> datetime:
    """The same day of the month and time in UTC so many months ago; the month's last day where there is none such."""
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    day = min(at.day, calendar.monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day)


def months_after(at: datetime, months: int) -> datetime:
    """An instant from which on `months_before` gives `at` or later, less than a day after the first such one."""
    found = months_before(at, -months)
    return found if months_before(found, months) >= at else found + timedelta(days=1)


def night_after(at: datetime, zone: tzinfo) -> datetime:
    """The first NIGHT o'clock at or after an instant, in UTC."""
    local = at.astimezone(zone)
    night = local.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    if night < local:
        night = (local + timedelta(days=1)).replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return night.astimezone(UTC)
