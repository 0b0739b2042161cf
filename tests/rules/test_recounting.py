"""A day becomes a holiday: which dates of open requests move, and that none of them ever comes nearer."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groupbot import protocol
from groupbot.rules.recounting import Calendars, judge, moved, recounted
from groupbot.rules.worktime import add, with_holidays
from tests.rules.requests import a_request
from tests.rules.test_worktime import CALENDARS, CLOCKS, COUNTY, INSTANTS, clock, nairobi, shown

PACK = protocol.load(protocol.locate("ke-elgeyo-marakwet"))
URGENT, EMERGENCY = PACK.priorities["urgent"], PACK.priorities["emergency"]
POSTED = nairobi("2026-11-24 10:10")  # a Tuesday
FRIDAY = date(2026, 11, 27)
TODAY = date(2026, 11, 24)


def calendars(*days):
    return Calendars(COUNTY, with_holidays(COUNTY, days))


def found(days, *, after_the_fact=False, opened=URGENT, now=URGENT, **changes):
    request = a_request(**({"requested_datetime": POSTED, "updated_datetime": POSTED} | changes))
    columns = moved(request, (now, opened), calendars(*days), after_the_fact=after_the_fact)
    return {name: shown(at) for name, at in columns.items()}


DUE = {
    "acknowledge_due": nairobi("2026-11-24 14:10"),
    "expected_datetime": nairobi("2026-11-27 17:00"),
    "original_expected_datetime": nairobi("2026-11-27 17:00"),
}
MONDAY = "Mon 2026-11-30 17:00"


def test_the_answer_is_due_a_working_day_later_and_so_is_the_original_date():
    assert found([FRIDAY], **DUE) == {"expected_datetime": MONDAY, "original_expected_datetime": MONDAY}


def test_a_first_word_that_was_due_on_the_day_waits_for_the_next():
    assert found([TODAY], **DUE)["acknowledge_due"] == "Wed 2026-11-25 12:00"


def test_a_first_word_of_a_department_that_it_was_moved_to_is_counted_from_the_move():
    friday = {"moved_at": nairobi("2026-11-26 16:10"), "acknowledge_due": nairobi("2026-11-27 11:10")}
    assert found([FRIDAY], **DUE | friday)["acknowledge_due"] == "Mon 2026-11-30 11:10"


def test_a_holiday_after_the_fact_leaves_the_original_date_so_that_both_sums_stand():
    assert found([FRIDAY], after_the_fact=True, **DUE) == {"expected_datetime": MONDAY}


def test_a_day_that_no_clock_runs_over_moves_nothing():
    assert found([date(2026, 11, 30)], **DUE) == {}


def test_the_day_that_an_extension_named_stays():
    named = DUE | {"expected_datetime": nairobi("2026-12-04 17:00"), "extensions": 1}
    assert found([FRIDAY, date(2026, 12, 4)], **named) == {"original_expected_datetime": MONDAY}


def test_an_emergency_counts_on_through_holidays():
    due = add(POSTED, EMERGENCY.answer, COUNTY)
    emergency = {"acknowledge_due": add(POSTED, EMERGENCY.acknowledge, COUNTY), "expected_datetime": due}
    assert found([TODAY, date(2026, 11, 25)], now=EMERGENCY, opened=EMERGENCY, **emergency) == {}


def test_the_next_word_moves_unless_a_person_named_its_time():
    acknowledged = {"state": "acknowledged", "next_word_at": nairobi("2026-11-27 12:00")}
    assert found([FRIDAY], **acknowledged) == {"next_word_at": "Mon 2026-11-30 12:00"}
    assert found([FRIDAY], next_word_named=1, **acknowledged) == {}
    assert found([FRIDAY], done_by=nairobi("2026-11-27 12:00"), **acknowledged) == {}


def test_the_citizens_word_has_a_day_more():
    answered = {"state": "answered", "answered_at": POSTED, "word_due": add(POSTED, URGENT.word, COUNTY)}
    day = answered["word_due"].date()
    assert found([day], **answered)["word_due"] == shown(add(POSTED, URGENT.word, calendars(day).after))


def test_a_date_that_no_clock_gave_is_put_off_by_the_work_that_was_lost():
    half = recounted(nairobi("2026-11-27 14:10"), POSTED, clock(9, "working_days"), calendars(FRIDAY))
    assert shown(half) == "Mon 2026-11-30 14:10"
    stays = recounted(nairobi("2026-11-27 14:10"), POSTED, clock(9, "clock_hours"), calendars(FRIDAY))
    assert shown(stays.astimezone(nairobi("2026-11-27 14:10").tzinfo).astimezone(UTC)) == "Fri 2026-11-27 14:10"


@pytest.mark.parametrize(
    ("day", "gazette", "why"),
    [
        (FRIDAY, "", None),
        (TODAY, "", None),
        (date(2026, 11, 23), "", "gazette"),
        (date(2026, 11, 23), "15120", None),
        (date(2026, 11, 28), "15120", "day_off"),
        (date(2026, 12, 12), "", "day_off"),
        (date(2028, 12, 12), "", "too_far"),
        (date(2024, 12, 12), "15120", "too_far"),
    ],
)
def test_which_day_can_be_declared(day, gazette, why):
    assert judge(day, TODAY, gazette, COUNTY) == why


DAYS = st.sets(st.dates(date(2024, 12, 1), date(2026, 3, 1)), max_size=40)


@settings(max_examples=150, deadline=None)
@given(CALENDARS, INSTANTS, CLOCKS, DAYS, st.integers(0, 90 * 24 * 60))
def test_no_date_however_it_was_set_comes_nearer(calendar, start, given_clock, days, minutes):
    both = Calendars(calendar, with_holidays(calendar, days))
    for due in (start + timedelta(minutes=minutes), add(start, given_clock, calendar)):
        assert recounted(due, start, given_clock, both) >= due


@settings(max_examples=100, deadline=None)
@given(CALENDARS, INSTANTS, CLOCKS, DAYS, DAYS)
def test_days_declared_one_after_the_other_are_days_declared_together(calendar, start, given_clock, first, second):
    one = with_holidays(calendar, first)
    both = with_holidays(one, second)
    due = add(start, given_clock, calendar)
    stepwise = recounted(recounted(due, start, given_clock, Calendars(calendar, one)), start, given_clock,
                         Calendars(one, both))  # fmt: skip
    assert stepwise == recounted(due, start, given_clock, Calendars(calendar, both))
