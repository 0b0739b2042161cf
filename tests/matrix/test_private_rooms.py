"""Rooms of one person and the bot on a real homeserver: left, opened anew, and joined by others."""

from __future__ import annotations

import pytest

from tests.county import FORM
from tests.matrix.county import County, Later, pass_time

pytestmark = pytest.mark.slow


async def _opened(town: County, who: str, name: str) -> None:
    """Somebody makes a room for the bot and themselves, and writes in it."""
    town.rooms[name] = town.people[who].room(town.bot.user_id, is_direct=True)
    await town.step()
    await town.step()
    await town.say(who, name, "help")


def _heard(town: County, who: str, name: str) -> list[str]:
    """What the bot has said in a room, as somebody who is or was in it reads it."""
    history = town.people[who].history(town.rooms[name])
    said = [one for one in history if one["type"] == "m.room.message" and one["sender"] == town.bot.user_id]
    return [one["content"]["body"] for one in said if one["content"]]


async def test_who_leaves_a_private_room_and_opens_another_is_chased_in_that_one(town: County, clock: Later) -> None:
    await _opened(town, "kiptoo", "first")
    town.people["kiptoo"].act(town.rooms["first"], "leave")
    await town.step()
    await _opened(town, "kiptoo", "second")
    helped = _heard(town, "kiptoo", "second")
    await town.say("chebet", "health", FORM)
    await pass_time(town, clock, days=2)
    (asked,) = _heard(town, "kiptoo", "second")[len(helped) :]
    assert asked.startswith("Habari Daniel. One waits for your word:\nHLT-26-0001-J, urgent, Kapsowar: no word yet,")
    said = await town.all("SELECT key FROM outbox WHERE chat_id = ? AND action = 'send'", town.rooms["first"])
    assert [row[0] for row in said] == ["help_coordinator"]
