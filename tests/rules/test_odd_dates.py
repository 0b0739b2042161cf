"""Scraps of dates: a number that is no hour, a day beside an hour, a word of the pack unused."""

from __future__ import annotations

from datetime import datetime

import pytest

from groupbot import protocol
from groupbot.rules.dates import find_time
from groupbot.rules.dates.pieces import Lexicon
from groupbot.rules.worktime import calendar_for

PACK = protocol.load(protocol.locate("ke-elgeyo-marakwet"))
WORDS = [words.dates for words in PACK.words.values()]
CALENDAR = calendar_for(PACK)
TUESDAY = datetime(2025, 9, 9, 9, 2, tzinfo=CALENDAR.zone)


def read(text: str, lexicon: Lexicon | None = None) -> str | None:
    named = find_time(text, TUESDAY, lexicon or Lexicon.of(WORDS), CALENDAR)
    return named and f"{named.at.astimezone(CALENDAR.zone):%a %d %b %H:%M}"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("14:00 36 next week", "Fri 19 Sep 14:00"),  # an hour first, its day a word later
        ("14:00 I will be there Friday", "Fri 12 Sep 14:00"),
        ("by 4pm I shall visit them Monday", "Mon 15 Sep 16:00"),
        ("Thursday 24 of them come", "Thu 11 Sep 17:00"),  # no 24th near here is a Thursday: 24 counts something
        ("at 38 am tomorrow", "Wed 10 Sep 17:00"),
        ("at 15:00 am Wednesday", "Wed 10 Sep 15:00"),
        ("at 15:00 pm Wednesday", "Wed 10 Sep 15:00"),
    ],
)
def test_what_is_odd_is_left_and_the_rest_is_read(text: str, meant: str) -> None:
    assert read(text) == meant


@pytest.mark.parametrize(
    "text", ["38 am", "sa", "saa 26", "nitakuja saa ngapi", "57// hapo 3", "room 12-/x", "", "..."]
)
def test_what_is_no_time_names_none(text: str) -> None:
    assert read(text) is None


def test_a_phrase_of_nothing_is_no_word_of_a_pack() -> None:
    blank = [words.model_copy(update={"at": (*words.at, "", "  ")}) for words in WORDS]
    assert Lexicon.of(blank) == Lexicon.of(WORDS)


def test_three_small_words_may_stand_between_a_lead_and_its_hour_but_not_four() -> None:
    assert read("Friday at about just only 4") == "Fri 12 Sep 16:00"
    assert read("Friday at about just only around 4") == "Fri 12 Sep 17:00"


def test_a_filler_that_also_leads_an_hour_leads_it() -> None:
    about = [words.model_copy(update={"at": (*words.at, "about")}) for words in WORDS]
    assert read("Friday about the 4", Lexicon.of(about)) == "Fri 12 Sep 16:00"
    assert read("Friday about the 4") == "Fri 12 Sep 17:00"
