"""When the department's two words are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from groupbot import protocol
from groupbot.rules.clocks import NextWord, deadlines, next_word
from groupbot.rules.worktime import calendar_for

PACK = protocol.load(protocol.locate("ke-elgeyo-marakwet"))
POSTED = datetime(2025, 9, 9, 6, tzinfo=UTC)


def test_both_deadlines_run_from_the_post() -> None:
    calendar = calendar_for(PACK)
    urgent, routine = (deadlines(PACK.priorities[level], POSTED, calendar) for level in ("urgent", "routine"))
    assert POSTED < urgent.acknowledge < urgent.answer
    assert urgent.acknowledge < routine.acknowledge
    assert urgent.answer < routine.answer


def test_a_named_time_is_kept_and_only_a_clock_that_caps_is_not_outlasted() -> None:
    sooner, later = POSTED - timedelta(hours=1), POSTED + timedelta(hours=1)
    for caps in (False, True):
        assert next_word(POSTED, None, caps=caps) == NextWord(POSTED, named=False)
        assert next_word(POSTED, sooner, caps=caps) == NextWord(sooner, named=True)
    assert next_word(POSTED, later, caps=False) == NextWord(later, named=True)
    assert next_word(POSTED, later, caps=True) == NextWord(POSTED, named=False)
