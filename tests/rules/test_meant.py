"""Which of several requests words are about: one that they name, count or describe; never a guess between two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupbot.rules.meant import Candidate, Pointing, means_all, which

DIP = Candidate("AGR-26-0041-G", 41, "Nyaru dip, the cattle dip has no acaricide for 3 weeks")
COWS = Candidate("AGR-26-0042-H", 42, "Kapkenda AI centre, officer absent, cows on heat not served")
ROAD = Candidate("RDS-26-0002-W", 2, "Nyaru road is cut near the school")
POINTING = Pointing(
    counters=frozenset({"number", "no", "nambari"}),
    ordinals=[frozenset({"first one", "ya kwanza"}), frozenset({"second one", "number two", "ya pili"})],
    everyday=frozenset({"with", "have", "weeks"}),
    places=frozenset({"centre", "school", "road"}),
    everything=frozenset({"both", "all of them", "zote"}),
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("the cattle dip is working now", DIP),
        ("20 litres of ACARICIDE delivered", DIP),
        ("the second one is solved", COWS),
        ("Please withdraw number two.", COWS),
        ("ile ya pili imeisha", COWS),
        ("no. 1 yes", DIP),
        ("nambari 42: bado", COWS),
        ("number 41", DIP),
        ("number 2", COWS),
        ("number 7", None),
        ("number 0", None),
        ("number 0712345678", None),
        ("the first one and the second one", None),
        ("the cattle dip is working and the cows were served", None),
        ("we have seen it", None),
        ("it is at the centre", None),
        ("yes", None),
        ("", None),
    ],
)
def test_words_point_at_one_or_at_none(text: str, meant: Candidate | None) -> None:
    assert which(text, [DIP, COWS], (), POINTING) is meant


def test_a_reference_in_the_text_goes_before_all_else() -> None:
    assert which("cattle", [DIP, COWS], {"AGR-26-0042-H"}, POINTING) is COWS
    assert which("cattle", [DIP, COWS], {"AGR-26-0041-G", "AGR-26-0042-H"}, POINTING) is None


def test_a_word_that_two_of_them_have_tells_nothing() -> None:
    assert which("Nyaru", [DIP, ROAD], (), POINTING) is None
    assert which("Nyaru cattle", [DIP, ROAD], (), POINTING) is DIP


def test_a_serial_number_goes_before_a_place_in_the_post() -> None:
    assert which("number 2", [ROAD, DIP], (), POINTING) is ROAD


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    assert which(text, [DIP, COWS], (), POINTING) in (DIP, COWS, None)


@pytest.mark.parametrize("text", ["both", " BOTH. ", "All of them!", "zote"])
def test_words_for_all_of_them_mean_all(text: str) -> None:
    assert means_all(text, POINTING)


@pytest.mark.parametrize("text", ["", "both roads", "not both", "all", "AGR-26-0041-G both", "both?no"])
def test_words_for_all_of_them_beside_others_do_not(text: str) -> None:
    assert not means_all(text, POINTING)
