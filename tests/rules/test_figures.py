"""Figures: the headline is what citizens confirmed, and beside each rate stands what would make it cheap."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from groupbot.rules.figures import Course, Share, of, per_ten_thousand

POSTED = datetime(2026, 11, 23, 6, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = POSTED + 30 * DAY
LEVELS = ("emergency", "urgent", "routine")
GOOD = Course(
    "Endo", ("urgent",), "closed", "agreed", POSTED, POSTED + 4 * HOUR, POSTED + HOUR, POSTED + 3 * DAY,
    POSTED + DAY, POSTED + DAY, POSTED + 2 * DAY, 1, 0, 0,
)  # fmt: skip
SILENT = replace(GOOD, state="submitted", word="", heard_at=None, answered_at=None, asked_at=None, closed_at=None,
                 held=None)  # fmt: skip


def found(*courses, now=NOW):
    return of(courses, LEVELS, {"Endo", "Arror", "Soy"}, now)


def test_of_all_that_was_due_so_many_were_confirmed_answered_and_heard_in_time():
    figures = found(GOOD, replace(GOOD, answered_at=POSTED + 4 * DAY, heard_at=POSTED + 5 * HOUR), SILENT)
    assert (figures.posted, figures.open) == (3, 1)
    assert figures.confirmed == Share(3, 2)
    assert figures.answered_in_time == Share(3, 1)
    assert figures.heard_in_time == Share(3, 1)
    assert figures.held == Share(2, 2)
    assert figures.silent_wards == 2


def test_what_is_not_due_yet_counts_in_no_share_even_if_it_came_early():
    assert found(SILENT, now=POSTED + HOUR).confirmed == Share(0, 0)
    assert found(SILENT, now=POSTED + HOUR).heard_in_time == Share(0, 0)
    assert found(GOOD, now=POSTED + HOUR).answered_in_time == Share(0, 0)


def test_a_share_is_whole_only_when_it_is_all():
    assert Share(200, 199).percent == 99
    assert Share(200, 200).percent == 100
    assert Share(0, 0).percent is None


def test_what_makes_a_rate_cheap_is_counted_beside_it():
    minutes = timedelta(minutes=9)
    quick = replace(GOOD, answered_at=POSTED + minutes, asked_at=POSTED + minutes, closed_at=POSTED + 2 * minutes)
    figures = found(
        quick,
        replace(GOOD, priorities=("urgent", "routine"), extensions=1),
        replace(GOOD, priorities=("urgent", "emergency")),
        replace(GOOD, word="disputed_then_agreed", held=0, reopenings=2),
        replace(GOOD, word="unreachable"),
    )
    assert (figures.soon_answers, figures.soon_words, figures.downgrades, figures.second_dates) == (1, 1, 1, 1)
    assert (figures.reopenings, figures.unreachable, figures.held, figures.confirmed.count) == (2, 1, Share(5, 4), 4)
    assert (figures.answers, figures.words) == (5, 4)


@pytest.mark.parametrize(
    ("priorities", "lowered"),
    [
        (("urgent", "routine", "urgent"), 1),
        (("routine", "urgent", "urgent", "routine"), 1),
        (("emergency", "urgent", "routine", "emergency", "routine"), 3),
        (("routine", "urgent", "emergency"), 0),
        (("urgent", "of an older pack", "routine"), 1),
    ],
)
def test_each_lowering_of_a_priority_counts_also_one_that_was_raised_again(priorities, lowered):
    assert found(replace(GOOD, priorities=priorities)).downgrades == lowered


@pytest.mark.parametrize(
    ("people", "of_all", "found"), [(0, 5, 0), (1, 3, 3333), (2, 3, 6667), (1, 20_000, 1), (7, 7, 10_000)]
)
def test_people_are_told_of_every_ten_thousand(people, of_all, found):
    assert per_ten_thousand(people, of_all) == found
