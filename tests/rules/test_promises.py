"""Good news for a time to come is a promise; what has happened, and what is so beside it, still counts."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from groupbot.rules.dates import NamedTime, find_time
from groupbot.rules.replies import read_promising
from tests.county import jurisdiction

TUESDAY = datetime(2026, 11, 24, 10, 10, tzinfo=ZoneInfo("Africa/Nairobi"))


def _named(words: str) -> NamedTime | None:
    return find_time(words, TUESDAY, jurisdiction().date_words, jurisdiction().calendar)


def _meaning(text: str, *, asked: bool = False) -> str:
    return read_promising(text, jurisdiction().reply_vocabulary, _named, asked=asked).meaning


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "seen, I come back on Friday",
        "On leave, back on Monday",
        "power is back tomorrow",
        "Power is back, tomorrow",
        "On Friday, power is back",
        "the nurse is back on Monday",
        "power is back today at 5pm",
        "The technician is here. Power is back on Thursday.",
        "Nitarudi Ijumaa",
    ],
)
def test_good_news_of_a_time_to_come_is_a_promise(text: str, asked: bool) -> None:
    assert _meaning(text, asked=asked) == "later"


@pytest.mark.parametrize(
    "text",
    [
        "water is back since Monday",
        "back on since 2pm",
        "fixed today",
        "fixed on Friday",
        "the pump was repaired on Friday",
        "The valve was replaced this morning",
        "it is working now, we monitor until Friday",
        "Power is back. We check the other line tomorrow",
        "we repaired the pump, the tools go back tomorrow",
        "maji yamerudi tangu Jumatatu",
    ],
)
def test_what_is_done_stays_done(text: str) -> None:
    assert _meaning(text) == "done"


def test_a_yes_to_a_promise_is_no_yes_and_one_beside_other_plans_is() -> None:
    assert _meaning("Yes, power is back tomorrow", asked=True) == "later"
    assert _meaning("Yes, she got hers. See you tomorrow", asked=True) == "yes"
    assert _meaning("She got hers, thanks, see you on Friday", asked=True) == "yes"
