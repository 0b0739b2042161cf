"""Which words take back what was posted."""

from __future__ import annotations

import pytest

from groupbot import protocol
from groupbot.rules.taken_back import TakenBackWords, is_taken_back

WORDS = TakenBackWords.of(protocol.load(protocol.locate("ke-elgeyo-marakwet")).words)


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, ignore this one, I posted it by mistake",
        "please ignore",
        "Kindly ignore, wrong group",
        "Withdraw",
        "PLEASE CANCEL!!",
        "no longer needed, thanks",
        "Samahani, nimetuma kimakosa",
        "Tafadhali puuza, asante",
        "Disregard this. The real one is below",
        "futa hii",
    ],
)
def test_words_that_take_a_post_back(text: str) -> None:
    assert is_taken_back(text, WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "Do not ignore this",
        "Please don't ignore it",
        "Will you ignore this?",
        "Why do you ignore this",
        "If it rains, ignore this",
        "Please ignore the first photo",
        "You people ignore us",
        "Msipuuze hii",
        "The clerk told her to cancel the appointment she had made",
        "Any news?",
        "",
        "please ignore " * 40,
        "The pump was cut and all the people of the upper side were sent away by the office, and told to ignore it",
    ],
)
def test_words_that_do_not(text: str) -> None:
    assert not is_taken_back(text, WORDS)
