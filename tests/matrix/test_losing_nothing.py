"""M2 to M5: nothing is lost and nothing is taken twice, whatever stops, and in the order in which it was said."""

from __future__ import annotations

import json
from pathlib import Path

import peewee
import pytest

from groupbot.chat import ChatError
from tests.county import FORM
from tests.matrix.county import County, Member, county, make_chat
from tests.matrix.synapse import Homeserver, Refused

pytestmark = pytest.mark.slow


@pytest.mark.timeout(600)
@pytest.mark.parametrize("count", [1, 10, 11, 100, 101, 300, 1500])
async def test_m2_an_outage_of_any_length_is_made_up_for_in_order(town: County, count: int) -> None:
    posts = []
    for number in range(count):
        posts.append(town.people["chebet"].say(town.rooms["health"], f"line {number}"))
        if number % 40 == 20:
            town.owner.state(town.rooms["health"], "m.room.topic", {"topic": f"number {number}"})
    await town.step()
    assert await town.posts("health") == posts
    assert await town.all("SELECT * FROM platform_gap WHERE closed_at IS NULL") == []
    assert await town.all("SELECT * FROM held_update") == []


async def test_m2_a_room_with_a_gap_holds_back_no_other_room(town: County) -> None:
    for number in range(150):
        town.people["chebet"].say(town.rooms["health"], f"line {number}")
    await town.app._pump("matrix", wait=0)  # the gap is seen, and not filled yet
    town.people["rose"].say(town.rooms["water"], "good morning")
    held = town.people["chebet"].say(town.rooms["health"], "behind the gap")
    batch = await town.chat.fetch(await cursor(town))
    assert {update.text for update in batch.updates} == {"good morning", "behind the gap"}
    await town.app.worker.run(lambda: town.app.intake.take("matrix", batch, town.app.clock()))
    assert len(await town.posts("water")) == 1
    assert await town.posts("health") == []
    await town.step()
    posts = await town.posts("health")
    assert (len(posts), posts[-1]) == (151, held)


async def cursor(town: County) -> str:
    return str((await town.all("SELECT value FROM platform_cursor"))[0][0])


async def test_m3_a_stop_in_the_middle_of_a_gap_goes_on_at_the_page_that_was_kept(
    server: Homeserver, tmp_path: Path
) -> None:
    async with county(server, tmp_path) as town:
        posts = [town.people["chebet"].say(town.rooms["health"], f"line {number}") for number in range(260)]
        await town.app._pump("matrix", wait=0)
        await town.app._pump("matrix", wait=0)
        assert await town.posts("health") == []
        assert (await town.all("SELECT count(*) FROM held_update"))[0][0] == 200
        fresh = make_chat(server, town.bot, tmp_path)  # a process begins anew with what was committed
        asked = []
        page_back = fresh.page_back

        async def counted(gap):  # type: ignore[no-untyped-def]
            asked.append(gap)
            return await page_back(gap)

        fresh.page_back = counted  # type: ignore[method-assign]
        await town.chat.close()
        town.app.chats["matrix"] = fresh  # type: ignore[index]
        town.app.intake.catching_up._waiting = None
        await town.step()
        assert await town.posts("health") == posts
        assert len(asked) <= 2  # the rest, and the page that says that there is no more


async def test_m3_the_token_the_events_and_the_gap_are_one_commit(
    town: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    from groupbot.store import inbox

    before = await cursor(town)
    for number in range(120):
        town.people["chebet"].say(town.rooms["health"], f"line {number}")

    def fails(*_: object, **__: object) -> None:
        raise peewee.OperationalError("the disk is away")

    with monkeypatch.context() as patched:
        patched.setattr(inbox, "move_cursor", fails)
        with pytest.raises(peewee.OperationalError):
            await town.app._pump("matrix", wait=0)
    assert await cursor(town) == before
    assert await town.all("SELECT * FROM platform_gap") == []
    assert await town.all("SELECT * FROM held_update") == []
    await town.step()
    assert len(await town.posts("health")) == 120


async def test_m4_a_post_that_breaks_the_core_is_kept_and_the_others_are_worked(
    town: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    from groupbot.intake import batches, posts

    def fragile(moment) -> None:  # type: ignore[no-untyped-def]
        if "poison" in moment.update.text:
            raise ValueError("a rule met what it did not expect")
        posts.take(moment)

    monkeypatch.setattr(batches, "HANDLERS", {**batches.HANDLERS, "post": fragile})
    chebet, health = town.people["chebet"], town.rooms["health"]
    chebet.say(health, "poison")
    chebet.say(health, FORM)
    await town.step()
    assert len([line for line in town.lines("health") if line.startswith("HLT-")]) == 1
    for _ in range(3):
        await town.app.worker.run(lambda: town.app.intake.work_waiting(town.app.clock()))
    assert await town.all("SELECT state, attempts FROM inbox WHERE raw LIKE '%poison%'") == [("parked", 3)]


async def test_what_was_said_before_the_bot_came_was_not_said_to_it(town: County) -> None:
    owner, bot = town.owner, town.bot
    room = owner.room(bot.user_id, name="Older")
    for number in range(130):
        owner.say(room, f"before {number}")
    bot.join(room)
    after = [owner.say(room, f"after {number}") for number in range(3)]
    town.rooms["older"] = room
    await town.step()
    assert await town.posts("older") == after


async def test_what_was_said_before_the_bot_came_is_left_out_of_a_gap_too(town: County) -> None:
    owner, bot = town.owner, town.bot
    room = owner.room(bot.user_id, name="Older")
    for number in range(20):
        owner.say(room, f"before {number}")
    bot.join(room)
    after = [owner.say(room, f"after {number}") for number in range(120)]
    town.rooms["older"] = room
    await town.step()
    assert await town.posts("older") == after


def accepted(member: Member, room_id: str, kind: str, content: dict[str, object]) -> str:
    """The event's id; '' where the homeserver takes no such event."""
    try:
        return member.put(room_id, kind, content)
    except Refused:
        return ""


async def test_m24_malformed_events_are_kept_and_break_nothing(town: County) -> None:
    chebet, health = town.people["chebet"], town.rooms["health"]
    odd = [
        ("m.room.message", {}),
        ("m.room.message", {"msgtype": "m.text", "body": 17}),
        ("m.room.message", {"msgtype": "m.text"}),
        ("m.room.message", {"msgtype": ["m.text"], "body": "x"}),
        ("m.room.message", {"msgtype": "m.text", "body": "x", "m.relates_to": "y"}),
        ("m.room.message", {"msgtype": "m.text", "body": "x", "m.relates_to": {"m.in_reply_to": {"event_id": 9}}}),
        ("m.room.message", {"msgtype": "m.text", "body": "x", "m.relates_to": {"rel_type": "m.replace"}}),
        ("m.room.message", {"msgtype": "m.image", "body": "x", "info": {"size": 2**53 - 1}, "url": 3}),
        ("m.room.message", {"msgtype": "m.image", "body": "x", "info": "none", "filename": 4}),
        ("m.room.message", {"msgtype": "m.location", "body": "x", "geo_uri": {}}),
        ("m.room.message", {"msgtype": "m.text", "body": "null \0 in it"}),
        ("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": 1, "key": "x"}}),
        ("m.reaction", {}),
        ("m.poll.start", {"question": 1}),
        ("m.sticker", {"body": None}),
        ("org.example.unknown", {"a": {"b": [1, 2**53 - 1]}}),
    ]
    sent = [event_id for kind, content in odd if (event_id := accepted(chebet, health, kind, content))]
    assert len(sent) > 8
    after = chebet.say(health, FORM)
    await town.step()
    kept = [json.loads(row[0].replace("\ufffd", "")) for row in await town.all("SELECT raw FROM inbox")]
    assert {one["event"]["event_id"] for one in kept} >= {*sent, after}
    assert len([line for line in town.lines("health") if line.startswith("HLT-")]) == 1
    assert await town.all("SELECT * FROM inbox WHERE state <> 'done'") == []


async def test_m5_no_answer_of_a_broken_homeserver_moves_the_cursor(town: County) -> None:
    town.people["chebet"].say(town.rooms["health"], "one")
    before = await cursor(town)
    real = town.chat.line.call

    async def broken(*_: object, **__: object) -> object:
        return {"next_batch": "s1", "rooms": {"join": {"!x": {"timeline": {"limited": True, "events": []}}}}}

    town.chat.line.call = broken  # type: ignore[method-assign]
    with pytest.raises(ChatError, match="malformed"):
        await town.app._pump("matrix", wait=0)
    town.chat.line.call = real  # type: ignore[method-assign]
    assert await cursor(town) == before
    await town.step()
    assert len(await town.posts("health")) == 1
