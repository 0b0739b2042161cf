"""The one moment at which a request is looked at next, in each state of its life."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from groupbot import protocol
from groupbot.records import ServiceRequest
from groupbot.rules.clocks import deadlines, next_nag_at
from groupbot.rules.worktime import calendar_for
from tests.rules.requests import a_request

PACK = protocol.load(protocol.locate("ke-elgeyo-marakwet"))
POSTED = datetime(2025, 9, 9, 6, tzinfo=UTC)
DUE = {
    "acknowledge_due": POSTED + timedelta(hours=1),
    "next_word_at": POSTED + timedelta(hours=2),
    "expected_datetime": POSTED + timedelta(hours=3),
    "word_due": POSTED + timedelta(hours=4),
}


def request(state: str, **changes: object) -> ServiceRequest:
    return a_request(state=state, **{**DUE, **changes})


@pytest.mark.parametrize(
    ("state", "owed"),
    [
        ("submitted", "acknowledge_due"),
        ("acknowledged", "next_word_at"),
        ("reopened", "next_word_at"),
        ("answered", "word_due"),
    ],
)
def test_each_state_is_looked_at_when_its_next_word_is_owed(state: str, owed: str) -> None:
    assert next_nag_at(request(state)) == DUE[owed]


def test_nobody_owes_anything_once_it_is_closed() -> None:
    assert next_nag_at(request("closed")) is None


def test_the_answer_is_looked_at_when_it_is_due_before_the_next_word() -> None:
    soon = POSTED + timedelta(minutes=5)
    assert next_nag_at(request("acknowledged", expected_datetime=soon)) == soon
    assert next_nag_at(request("acknowledged", next_word_at=None)) == DUE["expected_datetime"]


def test_without_any_date_there_is_no_moment() -> None:
    assert next_nag_at(request("reopened", next_word_at=None, expected_datetime=None)) is None


def test_a_pause_puts_off_what_is_owed_and_never_brings_it_nearer() -> None:
    later, earlier = POSTED + timedelta(days=1), POSTED
    assert next_nag_at(request("submitted", paused_until=later)) == later
    assert next_nag_at(request("submitted", paused_until=earlier)) == DUE["acknowledge_due"]
    assert next_nag_at(request("closed", paused_until=later)) is None


def test_both_deadlines_run_from_the_post() -> None:
    calendar = calendar_for(PACK)
    urgent, routine = (deadlines(PACK.priorities[level], POSTED, calendar) for level in ("urgent", "routine"))
    assert POSTED < urgent.acknowledge < urgent.answer
    assert urgent.acknowledge < routine.acknowledge
    assert urgent.answer < routine.answer
