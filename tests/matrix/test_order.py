"""Order in the rooms on a real homeserver: strangers' posts wait, guards touch nobody, people decide and can undo."""

from __future__ import annotations

import pytest

from groupbot.orders import Order, take
from tests.county import FORM
from tests.matrix.county import County, account
from tests.matrix.synapse import Refused

pytestmark = pytest.mark.slow
WAVE = 10  # joins within an hour, which is more than the pack takes for a coincidence


async def _register(town: County, who: str) -> None:
    given = {"name": "Philip Otieno", "role": "ward_admin", "ward": "Kapsowar", "matrix": town.people[who].user_id}
    order = Order("o1", "people.add", {"people": [given]}, "root")
    await town.app.worker.run(lambda: take(town.app.store, town.app.jurisdiction, order, town.app.clock()))
    for _ in range(3):
        await town.step()


async def test_b4_b6_a_strangers_posts_wait_and_are_registered_in_order_and_no_guard_touches_anybody(
    town: County,
) -> None:
    first = await town.say("stranger", "health", FORM)
    second = await town.say("stranger", "health", FORM.replace("malaria drugs", "gloves"))
    for number in range(15):
        town.people["stranger"].say(town.rooms["health"], f"hello {number}")
    await town.step()
    assert [line[:34] for line in town.lines("health")] == ["I do not know you yet, so this has"]
    await _register(town, "stranger")
    numbers = [one["content"] for one in town.messages("health") if one["content"]["body"].startswith("HLT-")]
    assert [(one["body"][6:12], one["m.relates_to"]["m.in_reply_to"]["event_id"]) for one in numbers] == [
        ("-0001-", first),
        ("-0002-", second),
    ]
    kinds = {event["type"] for event in town.events("health")}
    assert not kinds & {"m.room.redaction", "m.room.power_levels"}
    about = {event["state_key"] for event in town.events("health") if event["type"] == "m.room.member"}
    assert about <= {town.bot.user_id}


async def test_b7_a_wave_of_strangers_closes_the_room_to_the_uninvited_and_touches_nobody(town: County) -> None:
    health = town.rooms["health"]
    await town.say("nelson", "communications", "!guards until today")
    town.owner.state(health, "m.room.join_rules", {"join_rule": "public"})
    visitors = [account(town.server, "visitor") for _ in range(WAVE)]
    for visitor in visitors:
        visitor.join(health)
    for _ in range(3):
        await town.step()
    assert town.owner.state_of(health, "m.room.join_rules") == {"join_rule": "invite"}
    assert len([line for line in town.lines("communications") if line.startswith("Many unknown")]) == 1
    late = account(town.server, "late")
    with pytest.raises(Refused, match="403"):
        late.join(health)
    joined = town.owner.call("GET", f"/rooms/{health}/joined_members")["joined"]
    assert {visitor.user_id for visitor in visitors} <= joined.keys()
    assert not {event["type"] for event in town.events("health")} & {"m.room.redaction", "m.room.power_levels"}
    await town.say("chebet", "health", FORM)
    assert town.lines("health")[-1].startswith("HLT-")


async def test_b5_a_mute_is_asked_back_told_on_record_and_undone(town: County) -> None:
    stranger = town.people["stranger"]
    post = await town.say("stranger", "health", "you are all thieves")
    await town.say("nelson", "health", "!mute until tomorrow insults", post)
    asked = town.messages("health")[-1]
    stranger.say(town.rooms["health"], "still here")
    await town.say("chebet", "health", "YES", asked["event_id"])
    stranger.say(town.rooms["health"], "and still")
    await town.say("nelson", "health", "YES", asked["event_id"])
    await town.step()
    with pytest.raises(Refused, match="403"):
        stranger.say(town.rooms["health"], "again")
    assert ": insults. So decided " in town.lines("health")[-1]
    await town.say("nelson", "health", "!lift", post)
    await town.step()
    stranger.say(town.rooms["health"], "thank you")
    entries = await town.all("SELECT type, role FROM service_log ORDER BY seq")
    assert entries == [("muted", "communications"), ("lifted", "communications")]
    kept = await town.all("SELECT act, reason, undone_at IS NOT NULL FROM moderation_act WHERE act <> ''")
    assert [tuple(row) for row in kept] == [("mute", "insults", 1)]
