"""A gap that fails is put off alone; only one that is refused while the platform answers otherwise is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from groupbot.chat import ChatError
from groupbot.filling import LONGEST_REST, MOST_FAILURES, MOST_REFUSALS, REST, Delays
from groupbot.records import Gap

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
FIRST, SECOND = Gap("!a", "f", "s", 1), Gap("!b", "f", "s", 2)
REFUSED, DOWN = ChatError("gone"), ChatError("unknown")


def test_a_gap_that_failed_waits_and_the_next_one_is_asked_for() -> None:
    delays = Delays()
    delays.failed(FIRST, DOWN, NOW)
    assert delays.first_due([FIRST, SECOND], NOW) == SECOND
    delays.failed(SECOND, ChatError("retry_after", 60), NOW)
    assert delays.first_due([FIRST, SECOND], NOW) is None
    assert delays.first_due([FIRST, SECOND], NOW + REST) == FIRST
    assert delays.first_due([SECOND], NOW + timedelta(seconds=60)) == SECOND


def test_a_gap_that_is_refused_again_and_again_is_given_up_once() -> None:
    delays = Delays()
    for turn in range(MOST_REFUSALS):
        delays.failed(FIRST, REFUSED, NOW)
        assert delays.answered() is (turn == MOST_REFUSALS - 1)
    assert delays.take_refused([FIRST, SECOND]) == [FIRST]
    assert delays.take_refused([FIRST, SECOND]) == []
    assert not delays.answered()


def test_no_gap_is_given_up_while_the_platform_answers_nothing_or_fails_for_a_while() -> None:
    delays = Delays()
    for _ in range(3 * MOST_REFUSALS):
        delays.failed(FIRST, REFUSED, NOW)
    assert not delays.answered()  # the first answer since
    for _ in range(3 * MOST_REFUSALS):
        delays.failed(SECOND, DOWN, NOW)
        assert not delays.answered()
    assert delays.take_refused([FIRST, SECOND]) == []


def test_a_gap_that_fails_for_an_hour_while_the_platform_answers_is_given_up() -> None:
    delays, now = Delays(), NOW
    while True:
        delays.failed(FIRST, DOWN, now)
        if delays.answered():
            break
        while delays.first_due([FIRST], now) is None:
            now += timedelta(seconds=1)
    assert delays.take_refused([FIRST, SECOND]) == [FIRST]
    assert timedelta(minutes=50) < now - NOW < timedelta(minutes=70)
    assert delays.trouble == ""


def test_a_page_that_could_be_had_and_patience_that_was_asked_for_count_nothing() -> None:
    delays = Delays()
    for _ in range(MOST_FAILURES - 1):
        delays.failed(FIRST, DOWN, NOW)
        delays.answered()
    assert delays.first_due([FIRST], NOW + LONGEST_REST - REST) is None
    delays.had(FIRST)
    assert delays.first_due([FIRST], NOW) == FIRST
    for _ in range(2 * MOST_FAILURES):
        delays.failed(FIRST, ChatError("unknown", 1.0), NOW)
        assert not delays.answered()
    delays.failed(FIRST, DOWN, NOW)
    assert not delays.answered()


def test_what_is_not_given_is_named_with_the_chat_until_it_is_had() -> None:
    delays = Delays()
    delays.failed(SECOND, ChatError("unknown", detail="400 M_UNKNOWN"), NOW)
    delays.failed(FIRST, ChatError("gone", detail="403 M_FORBIDDEN"), NOW)
    assert delays.trouble == "!a: 403 M_FORBIDDEN; !b: 400 M_UNKNOWN"
    delays.had(SECOND)
    assert delays.trouble == "!a: 403 M_FORBIDDEN"
