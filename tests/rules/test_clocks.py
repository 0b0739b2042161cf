"""When the department's two words are due."""

from __future__ import annotations

from datetime import UTC, datetime

from groupbot import protocol
from groupbot.rules.clocks import deadlines
from groupbot.rules.worktime import calendar_for

PACK = protocol.load(protocol.locate("ke-elgeyo-marakwet"))
POSTED = datetime(2025, 9, 9, 6, tzinfo=UTC)


def test_both_deadlines_run_from_the_post() -> None:
    calendar = calendar_for(PACK)
    urgent, routine = (deadlines(PACK.priorities[level], POSTED, calendar) for level in ("urgent", "routine"))
    assert POSTED < urgent.acknowledge < urgent.answer
    assert urgent.acknowledge < routine.acknowledge
    assert urgent.answer < routine.answer
