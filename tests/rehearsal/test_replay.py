"""Replays: until when, with taps or without."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from groupbot.chat.sandbox import BOT
from groupbot.rehearsal import transcript
from groupbot.rehearsal.replay import Options, Replay
from groupbot.rehearsal.transcript import TranscriptError
from tests.county import ZONE, jurisdiction

TALK = """2026-11-24 10:10 | Health feedback | Jane Chebet (ward admin, Kapsowar) | SERVICE REQUEST
    Location: Chesoi
    Problem: No gloves since Monday
2026-11-24 10:30 | Health feedback | Daniel Kiptoo (coordinator) | [reply 10:10] It is fixed, gloves came to Chesoi
2026-11-24 11:00 | Health feedback | Jane Chebet (ward admin, Kapsowar) | Thank you
"""


def _heard(**options: object) -> list[tuple[str, str]]:
    lines = transcript.read(TALK, ZONE)
    heard = asyncio.run(Replay(jurisdiction(), lines, Options(**options)).run())  # type: ignore[arg-type]
    return [(one.sender, one.text) for one in heard if one.group == "Health feedback"]


def test_a_replay_ends_at_the_time_it_is_given() -> None:
    heard = _heard(until=datetime(2026, 11, 24, 7, 20, tzinfo=UTC))
    assert [sender for sender, _ in heard] == ["Jane Chebet", BOT]


def test_an_offer_is_taken_by_the_person_it_was_made_to() -> None:
    heard = _heard()
    place = next(number for number, (_, text) in enumerate(heard) if text.endswith("the citizen will be asked."))
    assert heard[place + 1] == ("Daniel Kiptoo", "Yes")
    assert heard[place + 2][1].startswith("HLT-26-0001-J: Daniel says it is done.")


def test_without_taps_an_offer_stays_untaken() -> None:
    assert not any("says it is done" in text for _, text in _heard(taps=False))


def test_in_a_plain_chat_the_offer_is_taken_with_words() -> None:
    assert ("Daniel Kiptoo", "Yes") in _heard(plain=True)


def test_a_reply_to_what_nobody_said_is_told_with_its_line() -> None:
    lines = transcript.read(TALK.replace("[reply 10:10]", "[reply 09:09]"), ZONE)
    with pytest.raises(TranscriptError, match=r"line 4: .*"):
        asyncio.run(Replay(jurisdiction(), lines, Options()).run())
