"""Mornings as a table: counted and found by number, in any direction and however far."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groupbot.rules.mornings import Mornings
from groupbot.rules.worktime import DaysOff, WorkCalendar, next_open
from tests.rules.chases import PACE, ZONE, at, local

MORNINGS = PACE.mornings
EARLIEST, LATEST = (datetime.fromisoformat(day) for day in ("1975-01-01", "2090-01-01"))
INSTANTS = st.datetimes(timezones=st.just(UTC), min_value=EARLIEST, max_value=LATEST)


@pytest.mark.parametrize(
    ("now", "number", "found"),
    [
        ("2025-10-13 07:59", 1, "Mon 13 Oct 08:00"),
        ("2025-10-13 08:00", 1, "Tue 14 Oct 08:00"),
        ("2025-10-16 17:00", 1, "Tue 21 Oct 08:00"),
        ("2025-10-16 17:00", 3, "Thu 23 Oct 08:00"),
    ],
)
def test_mornings_to_come_step_over_weekends_and_holidays(now: str, number: int, found: str) -> None:
    assert local(MORNINGS.after(at(now), number)) == found


def test_mornings_before_are_counted_backwards() -> None:
    assert local(MORNINGS.before(at("2025-10-21 08:00"))) == "Thu 16 Oct 08:00"
    assert local(MORNINGS.before(at("2025-10-21 08:01"), 2)) == "Thu 16 Oct 08:00"


@settings(deadline=None)  # the table grows on the first question
@given(INSTANTS, st.integers(1, 900))
def test_the_nth_morning_after_has_n_mornings_up_to_it(start: datetime, number: int) -> None:
    found = MORNINGS.after(start, number)
    assert MORNINGS.count(start, found) == number
    assert MORNINGS.count(start, found - timedelta(microseconds=1)) == number - 1
    assert MORNINGS.before(found + timedelta(microseconds=1)) == found


@settings(deadline=None)  # the table grows on the first question
@given(INSTANTS, INSTANTS)
def test_a_count_is_never_negative_and_adds_up(one: datetime, other: datetime) -> None:
    first, last = min(one, other), max(one, other)
    middle = first + (last - first) / 2
    assert MORNINGS.count(last, first) == 0
    assert MORNINGS.count(first, middle) + MORNINGS.count(middle, last) == MORNINGS.count(first, last)


@settings(deadline=None)  # the table grows on the first question
@given(INSTANTS)
def test_the_first_morning_after_is_an_opening(start: datetime) -> None:
    found = MORNINGS.after(start)
    assert found > start
    assert next_open(found, MORNINGS.calendar) == found
    assert found.astimezone(ZONE).time() == time(8)


def test_the_table_grows_as_far_as_it_is_asked_in_both_directions() -> None:
    fresh = Mornings(PACE.mornings.calendar)
    assert local(fresh.after(at("2025-10-13 08:00"), 2_000)) == local(MORNINGS.after(at("2025-10-13 08:00"), 2_000))
    assert local(fresh.before(at("2025-10-13 08:00"), 2_000)) == local(MORNINGS.before(at("2025-10-13 08:00"), 2_000))
    assert fresh.count(at("1990-01-01 08:00"), at("2040-01-01 08:00")) > 50 * 240


def test_a_calendar_without_work_for_over_a_year_is_said_to_be_wrong() -> None:
    class Always(DaysOff):
        def __contains__(self, day: object) -> bool:
            return True

    week = tuple(((time(8), time(17)),) for _ in range(7))
    idle = Mornings(WorkCalendar(ZONE, week, Always()))
    with pytest.raises(ValueError, match="no working day in the 400 days"):
        idle.after(at("2025-10-13 08:00"))
