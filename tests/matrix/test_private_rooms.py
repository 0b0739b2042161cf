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


NO_MORE = (
    "Others have been let into this chat, so I say nothing private here any more and leave it. "
    "Please open a new chat with me alone."
)


def _membership(town: County, name: str) -> str:
    """Of the bot, in a room of Kiptoo's."""
    return str(town.people["kiptoo"].state_of(town.rooms[name], "m.room.member", town.bot.user_id)["membership"])


@pytest.mark.parametrize("comes", ["joins", "is invited", "joined while the bot was away"])
async def test_in_a_private_room_that_others_come_into_nothing_private_is_said_and_a_new_one_is_asked_for(
    town: County, comes: str
) -> None:
    kiptoo, stranger = town.people["kiptoo"], town.people["stranger"]
    await _opened(town, "kiptoo", "first")
    helped = _heard(town, "kiptoo", "first")
    await town.say("chebet", "health", FORM + "\nName: Mary Jelagat\nPhone: 0722123456")
    reference = (await town.all("SELECT service_request_id FROM request"))[0][0]
    kiptoo.act(town.rooms["first"], "invite", user_id=stranger.user_id)
    if comes != "is invited":
        stranger.join(town.rooms["first"])
    if comes != "joined while the bot was away":
        await town.step()
    kiptoo.say(town.rooms["first"], f"contact {reference}")
    for _ in range(3):
        await town.step()
    assert _heard(town, "kiptoo", "first")[len(helped) :] == [NO_MORE]
    assert _membership(town, "first") == "leave"
    stranger.act(town.rooms["first"], "leave")
    kiptoo.say(town.rooms["first"], f"contact {reference}")
    await town.step()
    assert _heard(town, "kiptoo", "first")[len(helped) :] == [NO_MORE]
    await _opened(town, "kiptoo", "second")
    await town.say("kiptoo", "second", f"contact {reference}")
    told = f"{reference}: Mary Jelagat +254722123456. For this case only; that you looked is on record."
    assert told in _heard(town, "kiptoo", "second")
    assert await town.all("SELECT action, error FROM outbox WHERE state = 'parked'") == []


async def test_a_list_for_somebody_alone_is_said_in_the_next_room_where_others_came_into_the_first(
    town: County, clock: Later
) -> None:
    """The one who comes in is seen when the bot is about to speak, though nobody writes."""
    kiptoo = town.people["kiptoo"]
    await _opened(town, "kiptoo", "first")
    helped = _heard(town, "kiptoo", "first")
    await town.say("chebet", "health", FORM)
    kiptoo.act(town.rooms["first"], "invite", user_id=town.people["stranger"].user_id)
    await pass_time(town, clock, days=2)
    assert _heard(town, "kiptoo", "first")[len(helped) :] == [NO_MORE]
    await _opened(town, "kiptoo", "second")
    lists = [line for line in _heard(town, "kiptoo", "second") if line.startswith("Habari Daniel. One waits")]
    assert len(lists) == 1
