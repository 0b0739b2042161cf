"""On a real homeserver: who comes in is welcomed once, alone; who is put out is told before it happens."""

from __future__ import annotations

import pytest

from tests.matrix.county import County, Event, Later, pass_time
from tests.people.test_welcoming import HERE, JANE, ROSE, bare

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


async def _come_in_again(town: County, who: str, *where: str) -> None:
    """Somebody leaves rooms and comes back by an invitation."""
    for room in where:
        town.people[who].act(town.rooms[room], "leave")
        await town.step()
        town.owner.act(town.rooms[room], "invite", user_id=town.people[who].user_id)
        town.people[who].join(town.rooms[room])
        await town.step()


async def _open_private(town: County, who: str, text: str = "help") -> None:
    """Somebody makes a room with the bot alone and writes there."""
    town.rooms[who] = town.people[who].room(town.bot.user_id, is_direct=True, preset="trusted_private_chat")
    await town.step()
    await town.step()
    await town.say(who, who, text)


def _alone(town: County, who: str) -> list[str]:
    """What the bot has said to somebody alone."""
    return [event["content"]["body"] for event in _said(town, who)]


def _said(town: County, who: str) -> list[Event]:
    events = town.people[who].history(town.rooms[who])
    return [event for event in events if event["sender"] == town.bot.user_id and "body" in event["content"]]


def _greetings(town: County, where: str) -> list[str]:
    return [line for line in town.lines(where) if "Welcome" in line or "Karibu" in line]


async def test_a_known_person_is_welcomed_once_alone_in_their_language_whatever_they_join(
    town: County, clock: Later
) -> None:
    await _open_private(town, "rose")
    before = len(_alone(town, "rose"))
    await _come_in_again(town, "rose", "health", "water", "health")
    await pass_time(town, clock, days=2)
    assert [line for line in bare(_alone(town, "rose")[before:]) if "Karibu" in line] == [ROSE]
    assert [_greetings(town, where) for where in ("health", "water", "communications")] == [[], [], []]


async def test_who_has_no_private_chat_is_told_by_one_line_in_the_room_and_welcomed_when_they_open_one(
    town: County, clock: Later
) -> None:
    await _come_in_again(town, "chebet", "health")
    assert _greetings(town, "health") == []
    await pass_time(town, clock, days=3)
    assert _greetings(town, "health") == [HERE.format("Jane")]
    await _open_private(town, "chebet")
    await _come_in_again(town, "chebet", "water", "health")
    await pass_time(town, clock, days=3)
    assert [line for line in bare(_alone(town, "chebet")) if "Welcome" in line] == [JANE]
    assert (_greetings(town, "health"), _greetings(town, "water")) == ([HERE.format("Jane")], [])


async def test_a_stranger_who_comes_in_is_not_welcomed(town: County, clock: Later) -> None:
    await _open_private(town, "stranger")
    await _come_in_again(town, "stranger", "health")
    await pass_time(town, clock, days=2)
    assert _greetings(town, "health") == []
    assert not [line for line in _alone(town, "stranger") if "Welcome" in line]


@pytest.mark.parametrize("opened", [True, False])
async def test_who_is_put_out_is_told_before_it_happens_and_alone_when_they_write_to_the_bot(
    town: County, opened: bool
) -> None:
    rose = town.people["rose"]
    shown = rose.user_id.removeprefix("@").split(":")[0]  # the name of a new account
    if opened:
        await _open_private(town, "rose")
    post = await town.say("rose", "health", "you are all thieves")
    await town.say("nelson", "health", "!ban until tomorrow insults", post)
    await town.say("nelson", "health", "YES", town.messages("health")[-1]["event_id"])
    await town.step()
    (put_out,) = [event for event in town.events("health") if event["content"].get("membership") == "ban"]
    assert put_out["state_key"] == rose.user_id
    why = "insults. Ameamua Nelson wa mawasiliano; waulize kama si sawa."
    if not opened:
        begun = f"{shown}, you are out of this group until "
        (told,) = [event for event in town.messages("health") if event["content"]["body"].startswith(begun)]
        assert told["content"]["body"].endswith(
            ": insults. So decided Nelson of communications; ask them if that is not right."
        )
        in_order = [event["event_id"] for event in town.events("health")]
        assert in_order.index(told["event_id"]) < in_order.index(put_out["event_id"])
        await _open_private(town, "rose", "hujambo")
    (alone,) = [event for event in _said(town, "rose") if event["content"]["body"].endswith(why)]
    assert alone["content"]["body"].startswith(f"{shown}, uko nje ya kikundi cha Afya hadi ")
    if opened:
        assert alone["origin_server_ts"] <= put_out["origin_server_ts"]
        assert not [line for line in town.lines("health") if line.startswith(shown)]
