"""What is left of a message when one request is taken out of it, and when words are old enough to be forgotten."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from groupbot.rules import references

SHORTEST_QUOTE, SHORTEST_PART = 20, 12  # signs
_UNESCAPED = re.compile(r"[a-z0-9 ,.]+")
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


def names(raw: str, reference: str, prefixes: Collection[str]) -> bool:
    """Whether what came in (raw, as the platform gave it) names a request, however its writer spelled the number."""
    for text in _texts(raw):
        for found in references.find(text, prefixes):
            if found.text == reference or reference.startswith(f"{found.text}-"):
                return True
    return False


def quotes(raw: str, words: str) -> bool:
    """Whether what came in holds all of these words, as a pin, an answer with its post, or a copy does.

    Words so few that somebody else may write them are nobody's.
    """
    wanted = _plain(words)
    return len(wanted) >= SHORTEST_QUOTE and any(wanted in _plain(text) for text in _texts(raw))


def longest_part(words: str) -> str:
    """The longest part of a text that any JSON holds letter for letter, in small letters; '' where it tells little."""
    part = max(_UNESCAPED.findall(words.lower()), key=len, default="")
    return part if len(part) >= SHORTEST_PART else ""


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _texts(raw: str) -> list[str]:
    """Every text in a JSON document; the document itself where it is none."""
    try:
        left = [json.loads(raw)]
    except (ValueError, RecursionError):
        return [raw]
    found = []
    while left:
        one = left.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, (list, dict)):
            left += one.values() if isinstance(one, dict) else one
    return found


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
