"""In which stretches a department owed an answer: not while one lay with the citizen's side."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from groupbot.rules.debts import owed_between

DUE = datetime(2026, 11, 27, 14, tzinfo=UTC)


def day(number: int) -> datetime:
    return DUE + timedelta(days=number)


@pytest.mark.parametrize(
    ("states", "owed"),
    [
        ([], [(0, 9)]),
        ([(-3, "submitted"), (-2, "acknowledged")], [(0, 9)]),
        ([(-2, "submitted"), (-1, "answered"), (4, "reopened")], [(4, 9)]),
        ([(-2, "submitted"), (2, "answered"), (4, "reopened")], [(0, 2), (4, 9)]),
        ([(-9, "submitted"), (-8, "answered"), (-7, "reopened")], [(0, 9)]),
        ([(2, "answered"), (3, "closed"), (5, "reopened"), (6, "acknowledged")], [(0, 2), (5, 9)]),
        ([(2, "answered"), (3, "answered")], [(0, 2)]),
    ],
)
def test_the_days_are_left_out_on_which_it_was_answered_or_closed(
    states: list[tuple[int, str]], owed: list[tuple[int, int]]
) -> None:
    found = [one for one in owed_between(DUE, [(day(at), state) for at, state in states], day(9)) if one[0] < one[1]]
    assert found == [(day(since), day(until)) for since, until in owed]
