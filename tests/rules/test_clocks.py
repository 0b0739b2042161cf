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


def test_a_named_time_is_kept_but_not_beyond_its_limit() -> None:
    sooner, later, limit = (POSTED + timedelta(hours=hours) for hours in (-1, 1, 2))
    assert next_word(POSTED, None, limit) == NextWord(POSTED, named=False)
    assert next_word(POSTED, sooner, limit) == NextWord(sooner, named=True)
    assert next_word(POSTED, later, limit) == NextWord(later, named=True)
    assert next_word(POSTED, limit, limit) == NextWord(limit, named=True)
    assert next_word(POSTED, limit, later) == NextWord(later, named=False)
    assert next_word(POSTED, later, POSTED) == NextWord(POSTED, named=False)
