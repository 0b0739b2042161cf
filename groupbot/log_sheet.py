"""The county's log sheet: one row a request, for the county's own staff, in the words of the pack.

Source of its columns: the county's sheet as the reviewers of ELG0004 describe it (details of the request, the sender's
message, the government's response), with dates, ward, department and status. A citizen's name or phone is not on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from groupbot.jurisdiction import Jurisdiction
from groupbot.records import instant
from groupbot.store import log_read
from groupbot.store.database import Tx

INSTANTS = frozenset({"received", "acknowledged", "due", "answered", "closed"})
TERMS = ("department", "topic", "priority", "state", "outcome", "word")
MICROSECONDS_AN_HOUR = 3_600_000_000


def columns() -> list[str]:
    """The columns in order; the time to the answer stands behind the answer."""
    names = list(log_read.SHEET_COLUMNS)
    names.insert(names.index("answered") + 1, "response_time")
    return names


def rows(tx: Tx, jurisdiction: Jurisdiction, language: str) -> Iterator[list[str]]:
    """The sheet: its headings, then a row for each request that is not confidential."""
    yield [jurisdiction.catalogue.term(f"sheet.{name}", language) for name in columns()]
    for found in log_read.sheet(tx, jurisdiction.id):
        record = {**found, "response_time": _hours(found["received"], found["answered"])}
        yield [_said(record, name, jurisdiction, language) for name in columns()]


def _said(record: Mapping[str, Any], name: str, jurisdiction: Jurisdiction, language: str) -> str:
    value = record[name]
    if value in (None, ""):
        return ""
    if name in INSTANTS:
        return f"{instant(value).astimezone(jurisdiction.zone):%Y-%m-%d %H:%M}"
    if name in TERMS:
        return _term(f"{name}.{value}", jurisdiction, language)
    return str(value)


def _term(key: str, jurisdiction: Jurisdiction, language: str) -> str:
    """The pack's words for a code; the code itself where the pack has none, or has them no more."""
    try:
        return jurisdiction.catalogue.term(key, language)
    except KeyError:
        return key.partition(".")[2]


def _hours(received: int, answered: int | None) -> str:
    """Clock hours from the post to the answer."""
    return "" if answered is None else f"{(answered - received) / MICROSECONDS_AN_HOUR:.1f}"
