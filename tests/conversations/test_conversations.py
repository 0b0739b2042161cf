"""What is heard on whole days: every line as expected, and few of them the bot's."""

from __future__ import annotations

from pathlib import Path

import pytest

from groupbot.chat.sandbox import BOT
from tests.conversations.play import SCRIPTS, heard_file, play, written

# Lines of the bot in the departments' groups.
MOST_LINES = {
    "1-drugs-out-of-stock": 3,
    "2-landslide-at-night": 3,
    "3-wrong-group": 5,
    "4-completed-edited-disputed": 7,
    "5-silent-coordinator": 9,
    "6-busy-monday": 12,
}
BOTH = pytest.mark.parametrize("plain", [False, True], ids=["full", "plain"])
EACH = pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)


@EACH
@BOTH
def test_what_is_heard_is_what_is_expected(script: Path, plain: bool) -> None:
    assert written(play(script, plain=plain)) == heard_file(script, plain=plain).read_text(encoding="utf-8")


@EACH
@BOTH
def test_the_bot_says_little(script: Path, plain: bool) -> None:
    said = [one for one in play(script, plain=plain) if one.sender == BOT and one.group.endswith("feedback")]
    assert len(said) <= MOST_LINES[script.stem], [one.text for one in said]


# What the people gave in their own words: requests closed, requests opened again.
OUTCOMES = {
    "1-drugs-out-of-stock": (1, 0),
    "2-landslide-at-night": (1, 0),
    "3-wrong-group": (1, 0),
    "4-completed-edited-disputed": (1, 1),
    "5-silent-coordinator": (1, 0),
    "6-busy-monday": (3, 0),
}


@EACH
def test_without_taking_any_offer_every_word_that_people_gave_still_counts(script: Path) -> None:
    said = [one.text for one in play(script, plain=False, taps=False) if one.sender == BOT]
    closed = [text for text in said if " closed: the citizen agrees" in text or " imefungwa: mwananchi" in text]
    opened = [text for text in said if " open again: the citizen says not yet" in text]
    assert (len(closed), len(opened)) == OUTCOMES[script.stem]


@EACH
@BOTH
def test_no_line_of_the_bot_holds_a_name_or_phone_from_a_form(script: Path, plain: bool) -> None:
    heard = play(script, plain=plain)
    private = {
        line.split(":", 1)[1].strip()
        for one in heard
        if one.sender != BOT
        for line in one.text.splitlines()
        if line.startswith(("Citizen:", "Phone:", "Jina:", "Simu:"))
    }
    assert private
    for one in heard:
        if one.sender == BOT:
            assert not [secret for secret in private if secret in one.text], one.text
