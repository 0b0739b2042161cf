"""Which clock may be believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from groupbot.rules.timekeeping import judge

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seen", "heard", "verdict"),
    [
        (None, None, "right"),
        (timedelta(hours=-1), None, "right"),
        (timedelta(minutes=5), None, "right"),
        (timedelta(minutes=6), None, "behind"),
        (timedelta(days=-60), None, "right"),
        (timedelta(days=-61), None, "ahead"),
        (timedelta(days=-61), timedelta(hours=-3), "right"),
        (timedelta(days=-61), timedelta(days=-40), "ahead"),
        (timedelta(days=400), timedelta(0), "right"),
        (timedelta(days=400), timedelta(minutes=3), "behind"),
        (timedelta(hours=-1), timedelta(minutes=3), "right"),
        (None, timedelta(minutes=3), "right"),
    ],
)
def test_a_clock_is_believed_by_what_was_seen_and_heard(
    seen: timedelta | None, heard: timedelta | None, verdict: str
) -> None:
    assert judge(NOW, None if seen is None else NOW + seen, () if heard is None else (NOW + heard,)) == verdict


@pytest.mark.parametrize(("minutes", "verdict"), [((3, 3), "behind"), ((3, 2), "right"), ((3, -5, 9), "behind")])
def test_several_people_from_the_future_say_that_the_clock_is_behind(minutes: tuple[int, ...], verdict: str) -> None:
    assert judge(NOW, None, [NOW + timedelta(minutes=one) for one in minutes]) == verdict
