"""How long something waits is said as a person would say it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from groupbot.cli.health import _since

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("waits", "said"),
    [
        (timedelta(seconds=59), "0 min"),
        (timedelta(minutes=119), "119 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=47, minutes=59), "47 h"),
        (timedelta(days=4), "4 days"),
    ],
)
def test_minutes_then_hours_then_days(waits: timedelta, said: str) -> None:
    assert _since(NOW - waits, NOW) == f", the oldest for {said}"


def test_nothing_that_waits_has_no_age() -> None:
    assert _since(None, NOW) == ""
