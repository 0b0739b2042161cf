"""Sliding windows, breakers and what fits into one message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from groupbot.records import Rate
from groupbot.rules import breaker, coalescing, pacing
from groupbot.rules.breaker import Breaker

NOW = datetime(2026, 11, 24, 7, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def _ago(*seconds: float) -> list[datetime]:
    return [NOW - timedelta(seconds=number) for number in seconds]


@pytest.mark.parametrize(
    ("calls", "rates", "wait"),
    [
        ([], (Rate(1, 1.0),), 0),
        (_ago(0.4), (Rate(1, 1.0),), 0.6),
        (_ago(1), (Rate(1, 1.0),), 0),
        (_ago(9, 5), (Rate(2, 10.0),), 1),
        (_ago(9, 5), (Rate(2, 10.0), Rate(1, 7.0)), 2),
        (_ago(9, 5), (), 0),
        (_ago(-3600), (Rate(1, 1.0),), 1),  # the clock was set back an hour
    ],
)
def test_the_next_call_waits_until_every_window_has_room(
    calls: list[datetime], rates: tuple[Rate, ...], wait: float
) -> None:
    assert (pacing.earliest(calls, rates, NOW) - NOW).total_seconds() == wait


def test_the_last_of_many_calls_waits_for_those_before_it() -> None:
    rates = (Rate(1, 1.0), Rate(3, 60.0))
    assert [pacing.last_of(count, [], rates, NOW) - NOW for count in (1, 2, 3, 4, 5)] == [
        0 * SECOND, 1 * SECOND, 2 * SECOND, 60 * SECOND, 61 * SECOND,
    ]  # fmt: skip
    assert (pacing.remembered(rates), pacing.remembered(())) == (3, 0)


def test_the_breaker_opens_at_the_tenth_failure_in_a_row_and_looks_every_minute() -> None:
    state = Breaker()
    for count in range(9):
        state = breaker.failed(state, NOW + count * SECOND)
    assert (state.failures, state.open_since, state.probe_at) == (9, None, None)
    state = breaker.failed(state, NOW)
    assert (state.open_since, state.probe_at) == (NOW, NOW + 60 * SECOND)
    state = breaker.failed(state, NOW + 60 * SECOND)
    assert (state.open_since, state.probe_at) == (NOW, NOW + 120 * SECOND)
    assert breaker.succeeded() == Breaker()


@pytest.mark.parametrize(
    ("texts", "longest", "fit"),
    [
        (["12345", "12345"], 11, 2),
        (["12345", "12345"], 10, 1),
        (["🚑🚑🚑"], 6, 1),
        (["🚑🚑", "🚑🚑"], 8, 1),
        (["too long by itself"], 3, 1),
        (["a", "b", "c", "d"], 5, 3),
    ],
)
def test_as_many_lines_stand_in_one_message_as_the_chat_holds(texts: list[str], longest: int, fit: int) -> None:
    assert coalescing.how_many_fit(texts, longest) == fit


def test_only_lines_that_tell_share_a_message() -> None:
    assert all(coalescing.may_share(key) for key in ("number", "mirror_new", "closed"))
    assert not any(coalescing.may_share(key) for key in ("ask_citizen", "ring", "number_emergency", "incomplete"))
