"""What is left of a message without one request, and when words are old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupbot.rules import erasing

PREFIXES = ("HLT", "WTR")
A, B = "HLT-26-0042-R", "WTR-26-0001-G"


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        ([f"{A}: done"], []),
        (
            ["Two wait:", f"{A}: done", "by Jane", f"{B}: late", "since Monday"],
            ["Two wait:", f"{B}: late", "since Monday"],
        ),
        ([f"{A} and {B} wait"], []),
        (["Nothing is named here"], []),
        ([f"{B}: late"], [f"{B}: late"]),
        (["hlt 26 42 r: done", f"{B}: late"], [f"{B}: late"]),
    ],
)
def test_the_lines_about_a_request_go_with_all_that_belongs_to_them(lines: list[str], left: list[str]) -> None:
    assert erasing.left(lines, A, PREFIXES) == left


@pytest.mark.parametrize(
    ("at", "months", "before"),
    [
        ("2028-11-24T10:00", 24, "2026-11-24T10:00"),
        ("2026-03-31T10:00", 1, "2026-02-28T10:00"),
        ("2026-01-15T10:00", 1, "2025-12-15T10:00"),
    ],
)
def test_months_are_counted_by_the_calendar(at: str, months: int, before: str) -> None:
    counted = erasing.months_before(datetime.fromisoformat(at).replace(tzinfo=UTC), months)
    assert counted == datetime.fromisoformat(before).replace(tzinfo=UTC)


@given(st.integers(0, 100 * 365 * 24), st.integers(1, 60))
def test_what_is_due_is_old_enough_when_it_is_looked_at(hours: int, months: int) -> None:
    closed = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    due = erasing.months_after(closed, months)
    assert erasing.months_before(due, months) >= closed
    assert erasing.months_before(due - timedelta(days=1, seconds=1), months) < closed


def test_nights_are_local() -> None:
    zone = ZoneInfo("Africa/Nairobi")
    at = datetime(2026, 11, 24, 22, 59, tzinfo=UTC)
    assert erasing.night_after(at, zone) == datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
    assert erasing.night_after(at + timedelta(minutes=2), zone) == datetime(2026, 11, 25, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        ('{"text": "what of\\nhlt 26 42 r ?"}', True),
        ('{"a": [1, {"text": "hlt26\\u20110042"}]}', True),
        ("no JSON, hlt-26-0042-r", True),
        ('{"text": "wtr 26 1 g"}', False),
        ('{"text": "hlt 26 43 of the plot"}', False),
        ("[" * 100_000, False),
    ],
)
def test_a_number_is_found_however_it_is_spelled(raw: str, named: bool) -> None:
    assert erasing.names(raw, A, PREFIXES) is named


@pytest.mark.parametrize(
    ("raw", "words", "quoted"),
    [
        (
            '{"pinned": {"text": "Problem: No drugs  since\\nMonday, at \\u00c9ldoret"}}',
            "no drugs since Monday, at Éldoret",
            True,
        ),
        ('{"text": "Problem: No drugs since Tuesday"}', "No drugs since Monday", False),
        ('{"text": "No drugs again"}', "No drugs", False),
    ],
)
def test_words_are_found_in_whatever_holds_all_of_them(raw: str, words: str, quoted: bool) -> None:
    assert erasing.quotes(raw, words) is quoted


def test_a_text_is_looked_for_by_what_no_platform_writes_otherwise() -> None:
    assert erasing.longest_part("Hakuna dawa É tangu Jumatatu, 3 km") == " tangu jumatatu, 3 km"
    assert erasing.longest_part("maji") == ""
    assert erasing.longest_part("") == ""
