"""Weeks and months, over which figures are told."""

from __future__ import annotations

from datetime import date, timedelta

from groupbot.rules.stretches import after, before, holding


def test_a_week_begins_on_monday_and_a_month_on_its_first_day() -> None:
    assert holding("week", date(2026, 11, 29)) == holding("week", date(2026, 11, 23)) == date(2026, 11, 23)
    assert holding("month", date(2026, 11, 30)) == date(2026, 11, 1)


def test_stretches_follow_each_other_over_the_end_of_a_year() -> None:
    assert after("week", date(2026, 12, 28)) == date(2027, 1, 4)
    assert before("week", date(2027, 1, 4)) == date(2026, 12, 28)
    assert after("month", date(2026, 12, 1)) == date(2027, 1, 1)
    assert before("month", date(2027, 1, 1)) == date(2026, 12, 1)


def test_any_day_of_a_month_leads_to_the_first_of_the_months_beside_it() -> None:
    day = date(2026, 11, 24)
    for _ in range(40):
        assert before("month", after("month", day)) == day.replace(day=1)
        assert timedelta(days=28) <= after("month", day) - day.replace(day=1) <= timedelta(days=31)
        day = after("month", day) + timedelta(days=27)
