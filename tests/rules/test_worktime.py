"""Clocks: what the law's and the charter's units of time come to on real days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from groupbot import protocol
from groupbot.protocol import Clock
from groupbot.rules.worktime import (
    DaysOff,
    WorkCalendar,
    add,
    calendar_for,
    closing,
    holidays_between,
    hours_of,
    instant,
    is_open,
    left_out,
    next_open,
    not_counted,
    opening,
    public_holiday,
    spans,
    with_holidays,
    worked,
)

NAIROBI = ZoneInfo("Africa/Nairobi")
COUNTY = calendar_for(protocol.load(protocol.locate("ke-elgeyo-marakwet")))
OFFICE = ((time(8), time(17)),)
LUNCH = ((time(8), time(13)), (time(14), time(17)))
ALWAYS = ((time(0), time(0)),)
LONG_WEEKEND = (date(2025, 10, 17), date(2025, 10, 20))


def week(on_weekdays, on_saturday=(), on_sunday=()):
    return (on_weekdays,) * 5 + (on_saturday, on_sunday)


def nairobi(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=NAIROBI)


def shown(at, zone=NAIROBI):
    assert at.tzinfo is UTC
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M}"


def clock(value, unit, until_close=False):
    return Clock(value=value, unit=unit, until_close=until_close, basis="ours")


# --- the county's week ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "given_clock", "end"),
    [
        ("2025-09-09 07:48", clock(4, "working_hours"), "Tue 2025-09-09 12:00"),
        ("2025-08-13 08:20", clock(4, "working_hours"), "Wed 2025-08-13 12:20"),
        ("2025-09-09 16:00", clock(2, "working_hours"), "Wed 2025-09-10 09:00"),
        ("2025-09-09 13:00", clock(4, "working_hours"), "Tue 2025-09-09 17:00"),
        ("2025-09-12 19:00", clock(4, "working_hours"), "Mon 2025-09-15 12:00"),
        ("2025-07-01 10:31", clock(2, "working_days"), "Thu 2025-07-03 10:31"),
        ("2025-09-09 07:48", clock(3, "working_days", True), "Fri 2025-09-12 17:00"),
        ("2025-09-09 17:30", clock(1, "working_days"), "Thu 2025-09-11 08:00"),
        ("2025-09-09 17:00", clock(1, "working_days"), "Thu 2025-09-11 08:00"),
        ("2025-10-13 09:05", clock(3, "working_days"), "Thu 2025-10-16 09:05"),
        ("2025-10-16 09:05", clock(1, "working_days"), "Tue 2025-10-21 09:05"),
        ("2025-07-01 10:31", clock(14, "calendar_days"), "Tue 2025-07-15 10:31"),
        ("2025-07-01 10:31", clock(14, "calendar_days", True), "Tue 2025-07-15 17:00"),
        ("2025-07-05 10:31", clock(14, "calendar_days", True), "Mon 2025-07-21 17:00"),
        ("2025-07-01 22:00", clock(14, "calendar_days", True), "Tue 2025-07-15 17:00"),
        ("2025-07-01 22:00", clock(0, "calendar_days", True), "Wed 2025-07-02 17:00"),
        ("2025-04-25 22:47", clock(48, "clock_hours"), "Sun 2025-04-27 22:47"),
        ("2025-04-25 22:47", clock(48, "clock_hours", True), "Mon 2025-04-28 17:00"),
        ("2025-09-09 16:00", clock(2, "clock_hours", True), "Wed 2025-09-10 17:00"),
        ("2025-09-09 10:00", clock(0, "working_hours"), "Tue 2025-09-09 10:00"),
        ("2025-09-13 10:00", clock(0, "working_days"), "Mon 2025-09-15 08:00"),
    ],
)
def test_a_clock_runs_out_when_the_charter_says(start, given_clock, end):
    assert shown(add(nairobi(start), given_clock, COUNTY)) == end


def test_a_friday_night_post_starts_on_monday():
    assert shown(add(nairobi("2025-09-12 22:47"), clock(1, "working_hours"), COUNTY)) == "Mon 2025-09-15 09:00"


def test_a_post_before_a_long_weekend_waits_for_tuesday():
    start = nairobi("2025-10-16 16:59")
    assert shown(add(start, clock(1, "working_hours"), COUNTY)) == "Tue 2025-10-21 08:59"
    assert holidays_between(start, nairobi("2025-10-21 08:59"), COUNTY) == LONG_WEEKEND


def test_working_time_leaves_holidays_out_and_plain_days_count_them_but_for_the_last():
    start = nairobi("2025-10-06 10:00")
    work, plain = clock(10, "working_days"), clock(7, "calendar_days", until_close=True)
    assert not_counted(start, add(start, work, COUNTY), work, COUNTY) == (date(2025, 10, 10), *LONG_WEEKEND)
    assert not_counted(start, add(start, plain, COUNTY), plain, COUNTY) == ()
    to_a_holiday = clock(11, "calendar_days", until_close=True)
    assert not_counted(start, add(start, to_a_holiday, COUNTY), to_a_holiday, COUNTY) == LONG_WEEKEND


def test_the_holidays_of_2026_and_2027_are_those_of_the_act_and_the_gazette():
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(730)]
    assert " ".join(f"{day:%d.%m.%y}" for day in days if day in COUNTY.days_off) == (
        "01.01.26 20.03.26 03.04.26 06.04.26 01.05.26 27.05.26 01.06.26 10.10.26 20.10.26 12.12.26 25.12.26 26.12.26 "
        "01.01.27 09.03.27 26.03.27 29.03.27 01.05.27 16.05.27 01.06.27 10.10.27 11.10.27 20.10.27 12.12.27 13.12.27 "
        "25.12.27 26.12.27 27.12.27"
    )


def test_a_holiday_declared_at_noon_moves_open_deadlines():
    start, given_clock = nairobi("2026-03-17 10:00"), clock(3, "working_days")
    assert shown(add(start, given_clock, COUNTY)) == "Mon 2026-03-23 10:00"
    declared = with_holidays(with_holidays(COUNTY, [date(2026, 3, 18)]), [date(2026, 3, 23)])
    assert shown(add(start, given_clock, declared)) == "Wed 2026-03-25 10:00"
    assert date(2026, 3, 18) not in COUNTY.days_off


def test_a_declared_day_counts_even_where_the_pack_says_it_is_none():
    off = DaysOff("KE", not_holiday=frozenset([date(2026, 10, 20)]))
    calendar = WorkCalendar(NAIROBI, week(OFFICE), off)
    assert hours_of(date(2026, 10, 20), calendar)
    assert not hours_of(date(2026, 10, 20), with_holidays(calendar, [date(2026, 10, 20)]))


def test_opening_is_work_and_closing_is_not():
    assert is_open(nairobi("2025-09-09 08:00"), COUNTY)
    assert is_open(nairobi("2025-09-09 16:59"), COUNTY)
    assert not is_open(nairobi("2025-09-09 17:00"), COUNTY)
    assert not is_open(nairobi("2025-09-13 10:00"), COUNTY)


def test_the_next_opening_and_closing_of_a_night_a_day_and_a_weekend():
    assert shown(next_open(nairobi("2025-09-09 03:00"), COUNTY)) == "Tue 2025-09-09 08:00"
    assert shown(next_open(nairobi("2025-09-09 10:00"), COUNTY)) == "Tue 2025-09-09 10:00"
    assert shown(next_open(nairobi("2025-09-12 17:00"), COUNTY)) == "Mon 2025-09-15 08:00"
    assert shown(opening(nairobi("2025-09-09 07:59"), COUNTY)) == "Tue 2025-09-09 08:00"
    assert shown(opening(nairobi("2025-09-09 08:00"), COUNTY)) == "Wed 2025-09-10 08:00"
    assert shown(closing(nairobi("2025-09-09 03:00"), COUNTY)) == "Tue 2025-09-09 17:00"
    assert shown(closing(nairobi("2025-09-09 17:00"), COUNTY)) == "Wed 2025-09-10 17:00"
    assert shown(closing(nairobi("2025-09-13 10:00"), COUNTY)) == "Mon 2025-09-15 17:00"


# --- other weeks ------------------------------------------------------------------------------------------------------


def test_a_lunch_break_is_no_work():
    calendar = WorkCalendar(NAIROBI, week(LUNCH))
    assert shown(add(nairobi("2025-09-09 12:30"), clock(1, "working_hours"), calendar)) == "Tue 2025-09-09 14:30"
    assert shown(next_open(nairobi("2025-09-09 13:00"), calendar)) == "Tue 2025-09-09 14:00"
    assert shown(closing(nairobi("2025-09-09 09:00"), calendar)) == "Tue 2025-09-09 17:00"
    assert worked(nairobi("2025-09-09 00:00"), nairobi("2025-09-10 00:00"), calendar) == timedelta(hours=8)


def test_a_shorter_day_takes_the_deadline_to_its_own_closing():
    calendar = WorkCalendar(NAIROBI, (*(OFFICE,) * 4, ((time(9), time(12)), (time(13), time(15))), (), ()))
    assert shown(add(nairobi("2025-09-11 16:00"), clock(1, "working_days"), calendar)) == "Fri 2025-09-12 15:00"
    assert shown(add(nairobi("2025-09-11 08:10"), clock(1, "working_days"), calendar)) == "Fri 2025-09-12 09:00"
    assert shown(add(nairobi("2025-09-11 12:30"), clock(1, "working_days"), calendar)) == "Fri 2025-09-12 13:00"


def test_a_day_that_closes_at_midnight_loses_no_minute():
    calendar = WorkCalendar(NAIROBI, (ALWAYS,) * 7)
    assert worked(nairobi("2025-09-09 10:00"), nairobi("2025-09-11 10:00"), calendar) == timedelta(hours=48)
    assert shown(add(nairobi("2025-09-09 23:59"), clock(1, "working_hours"), calendar)) == "Wed 2025-09-10 00:59"
    assert shown(add(nairobi("2025-09-09 23:59"), clock(0, "clock_hours", True), calendar)) == "Wed 2025-09-10 00:00"


@pytest.mark.parametrize(
    ("spans_of_a_day", "sentence"),
    [
        ((), "the calendar has no working hours at all: no deadline could ever be met"),
        (((time(17), time(8)),), "mon: work that opens at 17:00 cannot close at 08:00"),
        (((time(8), time(8)),), "mon: work that opens at 08:00 cannot close at 08:00"),
        (((time(8), time(13)), (time(12), time(17))), "mon: the span from 12:00 overlaps the one before it"),
        (((time(8), time(0)), (time(12), time(17))), "mon: the span from 12:00 overlaps the one before it"),
    ],
)
def test_a_week_without_sense_is_refused(spans_of_a_day, sentence):
    with pytest.raises(ValueError) as refused:
        WorkCalendar(NAIROBI, (spans_of_a_day,) * 7)
    assert str(refused.value) == sentence


def test_a_week_of_six_days_is_refused():
    with pytest.raises(ValueError, match="a week has 7 days, not 6"):
        WorkCalendar(NAIROBI, (OFFICE,) * 6)


def test_a_country_that_nobody_knows_is_named():
    with pytest.raises(ValueError, match="does not know the country ZZ"):
        is_open(nairobi("2025-09-09 10:00"), WorkCalendar(NAIROBI, week(OFFICE), DaysOff("ZZ")))


def test_a_pause_without_end_is_refused_and_does_not_hang():
    days = [date(2025, 1, 1) + timedelta(days=number) for number in range(800)]
    with pytest.raises(ValueError, match="no working day in the 400 days before"):
        next_open(nairobi("2025-01-01 10:00"), with_holidays(WorkCalendar(NAIROBI, week(OFFICE)), days))


@pytest.mark.parametrize("question", [is_open, next_open, closing])
def test_a_time_without_a_zone_is_refused(question):
    with pytest.raises(ValueError, match="has no time zone"):
        question(datetime(2025, 9, 9, 10), COUNTY)  # noqa: DTZ001


def test_ten_years_are_counted_holidays_and_all():
    ten_years = worked(datetime(2016, 1, 1, tzinfo=NAIROBI), datetime(2026, 1, 1, tzinfo=NAIROBI), COUNTY)
    weekdays = sum((date(2016, 1, 1) + timedelta(days=day)).weekday() < 5 for day in range(3653))
    off = holidays_between(datetime(2016, 1, 1, tzinfo=NAIROBI), datetime(2025, 12, 31, tzinfo=NAIROBI), COUNTY)
    assert len(off) > 90
    assert ten_years == timedelta(hours=9) * (weekdays - len(off))


@pytest.mark.parametrize("year", [1, 1900, 2400, 9990])
def test_the_far_past_and_future_have_working_days_too(year):
    start = datetime(year, 5, 5, 12, tzinfo=UTC)
    end = add(start, clock(20, "working_hours"), COUNTY)
    assert worked(start, end, COUNTY) == timedelta(hours=20)


def test_a_clock_beyond_the_last_year_overflows():
    with pytest.raises(OverflowError):
        add(datetime(9999, 12, 1, tzinfo=UTC), clock(300, "working_hours"), COUNTY)


def test_no_time_lies_between_an_end_and_an_earlier_start():
    late, early = nairobi("2025-09-10 10:00"), nairobi("2025-09-09 10:00")
    assert worked(late, early, COUNTY) == timedelta()
    assert list(spans(late, early, COUNTY)) == []


# --- clocks that are put forward and back -----------------------------------------------------------------------------

LONDON, NEW_YORK, SANTIAGO = ZoneInfo("Europe/London"), ZoneInfo("America/New_York"), ZoneInfo("America/Santiago")
APIA = ZoneInfo("Pacific/Apia")


def local(zone, *parts, fold=0):
    return datetime(*parts, tzinfo=zone, fold=fold)


def test_the_day_of_25_hours_has_25_and_the_day_of_23_has_23():
    for zone, longest, shortest in (
        (LONDON, date(2025, 10, 26), date(2025, 3, 30)),
        (NEW_YORK, date(2025, 11, 2), date(2025, 3, 9)),
        (SANTIAGO, date(2025, 4, 5), date(2025, 9, 7)),
    ):
        calendar = WorkCalendar(zone, (ALWAYS,) * 7)
        for day, hours in ((longest, 25), (shortest, 23)):
            ((opens, closes),) = hours_of(day, calendar)
            assert closes - opens == timedelta(hours=hours)


def test_working_days_keep_their_local_time_across_a_change():
    calendar = WorkCalendar(LONDON, week(OFFICE))
    before = local(LONDON, 2025, 10, 24, 10)
    assert shown(add(before, clock(1, "working_days"), calendar), LONDON) == "Mon 2025-10-27 10:00"
    assert worked(before, add(before, clock(9, "working_hours"), calendar), calendar) == timedelta(hours=9)
    assert shown(add(before, clock(7, "calendar_days"), calendar), LONDON) == "Fri 2025-10-31 10:00"


def test_a_time_that_is_jumped_over_is_the_moment_of_the_jump():
    jump = datetime(2025, 3, 30, 1, tzinfo=UTC)
    assert {instant(date(2025, 3, 30), time(1, minute), LONDON) for minute in (0, 1, 30, 59)} == {jump}
    assert instant(date(2025, 3, 30), time(2), LONDON) == jump
    assert instant(date(2025, 9, 7), time(0), SANTIAGO) == datetime(2025, 9, 7, 4, tzinfo=UTC)


def test_spans_inside_the_jumped_hour_are_empty_and_those_around_it_do_not_overlap():
    calendar = WorkCalendar(LONDON, (((time(1, 15), time(1, 45)), (time(1, 50), time(3))),) * 7)
    ((opens, closes),) = hours_of(date(2025, 3, 30), calendar)
    assert (opens, closes) == (datetime(2025, 3, 30, 1, tzinfo=UTC), datetime(2025, 3, 30, 2, tzinfo=UTC))


def test_a_day_that_a_country_skipped_has_no_work():
    calendar = WorkCalendar(APIA, (OFFICE,) * 7)
    assert hours_of(date(2011, 12, 30), calendar) == ()
    assert len(hours_of(date(2011, 12, 31), calendar)) == 1


# --- laws that hold for any week --------------------------------------------------------------------------------------

ZONES = st.sampled_from([NAIROBI, LONDON, NEW_YORK, SANTIAGO, APIA])
DAYS = st.sampled_from([(), OFFICE, LUNCH, ALWAYS, ((time(0, 30), time(2, 30)),), ((time(22), time(0)),)])
WEEKS = st.tuples(*[DAYS] * 7).filter(any)
INSTANTS = st.datetimes(datetime(2024, 12, 1), datetime(2026, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001
UNITS = st.sampled_from(["clock_hours", "working_hours", "working_days", "calendar_days"])
CLOCKS = st.builds(clock, st.integers(0, 60), UNITS, st.booleans())
OFF = st.builds(
    DaysOff, st.sampled_from([None, "KE", "GB"]), st.frozensets(st.dates(date(2025, 1, 1), date(2025, 12, 31)))
)
CALENDARS = st.builds(WorkCalendar, ZONES, WEEKS, OFF)


@settings(max_examples=60, deadline=None)
@given(CALENDARS, st.lists(INSTANTS, min_size=3, max_size=3).map(sorted))
def test_splitting_a_span_changes_nothing(calendar, moments):
    a, b, c = moments
    assert worked(a, b, calendar) + worked(b, c, calendar) == worked(a, c, calendar)


@settings(max_examples=100, deadline=None)
@given(CALENDARS, INSTANTS, st.integers(0, 60))
def test_adding_and_then_measuring_gives_the_amount_back(calendar, start, hours):
    end = add(start, clock(hours, "working_hours"), calendar)
    assert worked(start, end, calendar) == timedelta(hours=hours)
    assert hours == 0 or worked(end - timedelta(microseconds=1), end, calendar)


@settings(max_examples=150, deadline=None)
@given(CALENDARS, INSTANTS, CLOCKS, st.sets(st.dates(date(2024, 12, 1), date(2026, 3, 1)), max_size=40))
def test_one_holiday_more_never_brings_a_deadline_nearer(calendar, start, given_clock, days):
    assert add(start, given_clock, with_holidays(calendar, days)) >= add(start, given_clock, calendar)


@settings(max_examples=150, deadline=None)
@given(CALENDARS, st.lists(INSTANTS, min_size=2, max_size=2).map(sorted), CLOCKS)
def test_who_starts_later_is_not_due_earlier(calendar, starts, given_clock):
    assume(not any(start.astimezone(calendar.zone).fold for start in starts))  # the repeated hour is one local time
    first, second = (add(start, given_clock, calendar) for start in starts)
    assert starts[0] <= first <= second


@settings(max_examples=60, deadline=None)
@given(CALENDARS, INSTANTS, st.integers(0, 40))
def test_spans_are_in_order_inside_the_asked_time_and_all_work(calendar, start, days):
    end = start + timedelta(days=days)
    found = list(spans(start, end, calendar))
    assert all(start <= opens < closes <= end for opens, closes in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))
    assert all(is_open(opens, calendar) for opens, _ in found)
    assert next_open(start, calendar) == (found[0][0] if found else next_open(end, calendar))


def test_the_last_day_of_all_time_ends_the_spans() -> None:
    start, end = datetime(9999, 12, 30, 12, tzinfo=NAIROBI), datetime(9999, 12, 31, 20, tzinfo=NAIROBI)
    always = WorkCalendar(NAIROBI, week(OFFICE, OFFICE, OFFICE))
    assert list(spans(start, end, always)) == [
        (datetime(9999, 12, 30, 9, tzinfo=UTC), datetime(9999, 12, 30, 14, tzinfo=UTC)),
        (datetime(9999, 12, 31, 5, tzinfo=UTC), datetime(9999, 12, 31, 14, tzinfo=UTC)),
    ]


def test_what_working_time_leaves_out_is_named():
    assert left_out(nairobi("2025-09-09 08:00"), nairobi("2025-09-09 17:00"), COUNTY) == ()
    assert left_out(nairobi("2025-09-09 06:00"), nairobi("2025-09-09 10:00"), COUNTY) == ("closed_hours",)
    assert left_out(nairobi("2025-09-09 10:00"), nairobi("2025-09-10 10:00"), COUNTY) == ("closed_hours",)
    assert left_out(nairobi("2025-09-12 10:00"), nairobi("2025-09-15 10:00"), COUNTY) == ("closed_hours", "free_days")
    assert left_out(nairobi("2025-09-13 10:00"), nairobi("2025-09-13 12:00"), COUNTY) == ("free_days",)
    assert left_out(nairobi("2025-09-13 00:00"), nairobi("2025-09-13 00:00"), COUNTY) == ()


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Jamhuri Day"), ("sw", "Siku ya Jamhuri"), ("fr", "Jamhuri Day")]
)
def test_a_public_holiday_has_its_countrys_name(language: str, name: str):
    assert public_holiday(date(2025, 12, 12), "KE", language) == name
    assert public_holiday(date(2025, 12, 11), "KE", language) == ""
