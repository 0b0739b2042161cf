"""M9 to M16: who may do what, by the homeserver's own word; invitations, encryption, room upgrades, read-only rooms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from groupbot.chat import ChatError, Outgoing
from groupbot.records import Standing
from tests.county import FORM
from tests.matrix.county import County, Later, Member, pass_time
from tests.matrix.synapse import Refused

pytestmark = pytest.mark.slow


def levels(member: Member, room_id: str, **change: Any) -> None:
    member.state(room_id, "m.room.power_levels", {**member.state_of(room_id, "m.room.power_levels"), **change})


def may_redact(member: Member, room_id: str, event_id: str) -> bool:
    """Whether the homeserver lets somebody do what takes power."""
    try:
        member.redact(room_id, event_id)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("version", ["11", "12"])
async def test_m9_power_is_what_the_homeserver_says_at_once(town: County, version: str) -> None:
    kiptoo, rose, chebet = (town.people[name] for name in ("kiptoo", "rose", "chebet"))
    more: dict[str, Any] = {"creation_content": {"additional_creators": [rose.user_id]}} if version == "12" else {}
    room_id = town.owner.room(town.bot.user_id, kiptoo.user_id, rose.user_id, room_version=version, **more)
    for one in (town.bot, kiptoo, rose):
        one.join(room_id)

    async def held(member: Member) -> bool:
        room = await town.chat.look_at(room_id)
        return room.power_of(member.user_id) >= room.needed_to("redact")

    def users() -> dict[str, int]:
        return dict(town.owner.state_of(room_id, "m.room.power_levels").get("users", {}))

    async def agrees(member: Member, other: Member) -> bool:
        said = other.say(room_id, "something")
        now = may_redact(member, room_id, said)
        assert await held(member) == now
        return now

    assert await agrees(town.owner, kiptoo)
    assert await agrees(rose, kiptoo) == (version == "12")  # an additional creator
    assert not await agrees(kiptoo, town.owner)
    levels(town.owner, room_id, users={**users(), kiptoo.user_id: 50})
    assert await agrees(kiptoo, town.owner)
    levels(town.owner, room_id, users={**users(), kiptoo.user_id: 49})
    assert not await agrees(kiptoo, town.owner)
    levels(town.owner, room_id, users={**users(), kiptoo.user_id: 50})
    assert await agrees(kiptoo, town.owner)
    without = {user: level for user, level in users().items() if user != kiptoo.user_id}
    levels(town.owner, room_id, users=without)
    assert not await agrees(kiptoo, town.owner)
    assert not await held(chebet)
    levels(town.owner, room_id, users={**users(), kiptoo.user_id: 50})
    assert await agrees(kiptoo, town.owner)
    kiptoo.act(room_id, "leave")  # the level stays on record
    assert not await agrees(kiptoo, town.owner)
    if version == "12":
        rose.act(room_id, "leave")  # not even a creator's power outlasts it
        assert not await agrees(rose, town.owner)


async def test_m10_an_edit_by_the_author_counts_and_one_by_anybody_else_does_not(town: County) -> None:
    health = town.rooms["health"]
    post = await town.say("chebet", "health", FORM)
    town.people["rose"].edit(health, post, FORM.replace("Urgent", "Routine"))
    await town.step()
    assert await town.all("SELECT priority FROM request") == [("urgent",)]
    town.people["chebet"].edit(health, post, FORM.replace("Urgent", "Routine"))
    await town.step()
    assert await town.all("SELECT priority FROM request") == [("routine",)]


async def test_m10_an_edited_command_does_nothing(town: County) -> None:
    post = await town.say("chebet", "health", FORM)
    said = await town.say("kiptoo", "health", "I am looking into it", post)
    town.people["kiptoo"].edit(town.rooms["health"], said, "!resolve 200 doses brought from the sub-county store")
    await town.step()
    assert await town.all("SELECT state FROM request") == [("acknowledged",)]


async def test_m11_a_command_in_quoted_lines_does_nothing_and_one_in_a_thread_is_answered_there(town: County) -> None:
    health = town.rooms["health"]
    post = await town.say("chebet", "health", FORM)
    quoted = "> <@someone:county.test> !resolve 200 doses brought from the store\n\nplease wait until noon"
    await town.say("kiptoo", "health", quoted, post)
    assert await town.all("SELECT state FROM request") == [("acknowledged",)]
    relates = {
        "rel_type": "m.thread",
        "event_id": post,
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": post},
    }
    content = {"msgtype": "m.text", "body": "!resolve 200 doses brought from the store", "m.relates_to": relates}
    said = town.people["kiptoo"].put(health, "m.room.message", content)
    await town.step()
    assert await town.all("SELECT state FROM request") == [("answered",)]
    answer = town.messages("health")[-1]["content"]["m.relates_to"]
    assert (answer["rel_type"], answer["event_id"], answer["m.in_reply_to"]) == ("m.thread", post, {"event_id": said})


async def test_m11_a_reply_to_a_line_that_was_taken_away_still_counts(town: County) -> None:
    await town.say("chebet", "health", FORM)
    number = town.messages("health")[0]["event_id"]
    town.owner.redact(town.rooms["health"], number)
    await town.say("kiptoo", "health", "Seen, back by tomorrow noon", number)
    assert await town.all("SELECT state FROM request") == [("acknowledged",)]


async def test_a_mark_answers_for_the_one_who_is_asked_and_a_thumb_does_not(town: County) -> None:
    health = town.rooms["health"]
    post = await town.say("chebet", "health", FORM)
    await town.say("kiptoo", "health", "!resolve 200 doses brought from the store", post)
    asked = town.messages("health")[-1]["event_id"]
    for who, mark in (("rose", "✅"), ("kiptoo", "✅"), ("chebet", "👍"), ("chebet", "👀")):
        town.people[who].react(health, asked, mark)
        await town.step()
        assert await town.all("SELECT state FROM request") == [("answered",)], (who, mark)
    town.people["chebet"].react(health, post, "✅")
    await town.step()
    assert await town.all("SELECT state FROM request") == [("answered",)]
    town.people["chebet"].react(health, asked, "✅")
    await town.step()
    assert await town.all("SELECT state, word_source FROM request") == [("closed", "admin")]


async def test_a_cross_says_not_yet(town: County) -> None:
    post = await town.say("chebet", "health", FORM)
    await town.say("kiptoo", "health", "!resolve 200 doses brought from the store", post)
    town.people["chebet"].react(town.rooms["health"], town.messages("health")[-1]["event_id"], "❌")
    await town.step()
    assert await town.all("SELECT state FROM request") == [("reopened",)]


async def test_m12_a_post_taken_away_before_the_bot_saw_it_was_never_said(town: County) -> None:
    health, chebet = town.rooms["health"], town.people["chebet"]
    chebet.redact(health, chebet.say(health, FORM))
    await town.step()
    assert await town.all("SELECT * FROM request") == []
    assert town.lines("health") == []
    assert [row for row in await town.all("SELECT raw FROM inbox") if "malaria" in row[0]] == []


@pytest.mark.parametrize("who", ["chebet", "owner"])
async def test_m12_a_post_taken_away_by_its_author_or_a_moderator_leaves_its_request_open(
    town: County, who: str
) -> None:
    post = await town.say("chebet", "health", FORM)
    (town.owner if who == "owner" else town.people[who]).redact(town.rooms["health"], post)
    await town.step()
    assert await town.all("SELECT state, unsaid_at IS NULL FROM request") == [("submitted", 0)]
    number, deleted = town.lines("health")
    ref = number.split(",")[0]
    assert deleted == (
        f"{ref}: its post was deleted. The request stays open; its words are no longer shown outside the "
        f"department. To end it: /withdraw {ref}"
    )


async def test_m12_nobody_else_can_take_a_post_away(town: County) -> None:
    post = await town.say("chebet", "health", FORM)
    with pytest.raises(Refused, match="403"):
        town.people["kiptoo"].redact(town.rooms["health"], post)
    await town.step()
    assert await town.all("SELECT unsaid_at FROM request") == [(None,)]


@pytest.mark.parametrize("version", ["11", "12"])
async def test_m13_an_upgraded_room_is_followed_when_a_steward_says_so(town: County, version: str) -> None:
    if version == "12":
        await _to_a_room_of_version_12(town)
    health = town.rooms["health"]
    await town.say("chebet", "health", FORM)
    answer = town.owner.call("POST", f"/rooms/{quote(health)}/upgrade", {"new_version": "12"})
    fresh = str(answer["replacement_room"])
    for who in (town.bot, town.people["kiptoo"]):
        town.owner.act(fresh, "invite", user_id=who.user_id)
    town.people["kiptoo"].join(fresh)
    before = len(town.messages("health"))
    await town.step()
    asked = [line for line in town.lines("communications") if "replaced health by a new room" in line]
    assert len(asked) == 1
    with pytest.raises(ChatError, match="the room was replaced"):
        await town.chat.send(Outgoing(health, "into the dead room", "never"))
    line = town.messages("communications")[-1]["event_id"]
    await town.say("chebet", "communications", "YES", line)
    assert await town.all("SELECT chat_id FROM chat WHERE title = 'health' AND state = 'bound'") == [(health,)]
    await town.say("nelson", "communications", "YES", line)
    assert await town.all("SELECT chat_id FROM chat WHERE title = 'health' AND state = 'bound'") == [(fresh,)]
    assert len(town.messages("health")) == before
    town.rooms["health"] = fresh
    reference = (await town.all("SELECT service_request_id FROM request"))[0][0]
    await town.say("kiptoo", "health", f"resolve {reference} 200 doses brought from the store")
    assert await town.all("SELECT action, error FROM outbox WHERE state = 'parked'") == []
    assert town.lines("health")[-1].startswith(f"{reference}: ")


async def test_who_is_muted_or_put_out_for_a_day_is_free_after_it_though_the_room_was_upgraded(
    town: County, clock: Later
) -> None:
    health, rose, stranger = town.rooms["health"], town.people["rose"], town.people["stranger"]
    for who, act in (("rose", "mute"), ("stranger", "ban")):
        post = await town.say(who, "health", "you are all thieves")
        await town.say("nelson", "health", f"!{act} tomorrow insulting language", post)
        await town.say("nelson", "health", "yes", town.messages("health")[-1]["event_id"])
        await town.step()
    answer = town.owner.call("POST", f"/rooms/{quote(health)}/upgrade", {"new_version": "11"})
    fresh = town.rooms["health"] = str(answer["replacement_room"])
    await town.step()
    town.owner.act(fresh, "invite", user_id=town.bot.user_id)
    await town.step()
    await town.say("nelson", "communications", "yes", town.messages("communications")[-1]["event_id"])
    assert town.owner.state_of(fresh, "m.room.power_levels")["users"][rose.user_id] == -1
    assert town.owner.state_of(fresh, "m.room.member", stranger.user_id)["membership"] == "ban"
    await pass_time(town, clock, days=3)
    assert rose.user_id not in town.owner.state_of(fresh, "m.room.power_levels")["users"]
    assert town.owner.state_of(fresh, "m.room.member", stranger.user_id)["membership"] == "leave"
    town.owner.act(fresh, "invite", user_id=rose.user_id)
    rose.join(fresh)
    rose.say(fresh, "thank you")


async def _to_a_room_of_version_12(town: County) -> None:
    members = [one.user_id for one in town.people.values()]
    room_id = town.owner.room(
        town.bot.user_id,
        *members,
        name="health",
        room_version="12",
        power_level_content_override={"users": {town.bot.user_id: 100}},
    )
    for one in (town.bot, *town.people.values()):
        one.join(room_id)
    await town.app.worker.run(
        lambda: town.app.store.write_tx(
            lambda tx: tx.execute("UPDATE chat SET chat_id = ? WHERE title = 'health'", (room_id,))
        )
    )
    await town.app.worker.run(
        lambda: town.app.store.write_tx(lambda tx: tx.execute("UPDATE roster_version SET version = version + 1"))
    )
    town.rooms["health"] = room_id
    await town.step()


@pytest.mark.parametrize("act", ["kick", "ban"])
async def test_m14_a_bot_that_is_put_out_stops_and_tells_the_staff(town: County, act: str) -> None:
    post = town.people["chebet"].say(town.rooms["health"], FORM)
    town.owner.act(town.rooms["health"], act, user_id=town.bot.user_id)
    await town.step()
    assert await town.posts("health") == [post]  # what was said before is not lost
    sql = "SELECT raw LIKE ? FROM inbox WHERE kind = 'standing' AND chat_id = ?"
    assert await town.all(sql, '%"own":"removed"%', town.rooms["health"]) == [(1,)]
    assert town.lines("communications")[-1] == (
        "I was put out of health and hear nothing there. What I had to say waits. "
        "Please add me again, as administrator."
    )
    assert town.rooms["health"] not in town.chat.rooms
    with pytest.raises(ChatError, match="gone"):
        await town.chat.send(Outgoing(town.rooms["health"], "hello?", "never"))


async def test_m14_a_member_who_forges_what_the_adapter_tells_neither_puts_the_bot_out_nor_makes_it_deaf(
    town: County,
) -> None:
    health, stranger = town.rooms["health"], town.people["stranger"]
    content = {"membership": "leave", "encrypted": "yes", "upgrade": "", "space": "", "local": "", "reason": ""}
    for kind in ("groupbot.removed", "groupbot.invited", "groupbot.let_in", "removed", "invited"):
        stranger.put(health, kind, {**content, "own": kind})
    before = town.lines("communications")
    await town.step()
    await town.step()
    assert town.owner.state_of(health, "m.room.member", town.bot.user_id)["membership"] == "join"
    assert town.lines("communications") == before
    post = await town.say("chebet", "health", FORM)
    assert [line[:4] for line in town.lines("health")] == ["HLT-"]
    assert await town.posts("health") == [post]


async def test_m15_a_steward_may_invite_the_bot_and_nobody_else_may(town: County) -> None:
    def membership(member: Member, room_id: str) -> Mapping[str, Any]:
        return member.state_of(room_id, "m.room.member", town.bot.user_id)

    wanted = {"nelson": "join", "chebet": "leave", "stranger": "leave"}
    rooms = {who: town.people[who].room(town.bot.user_id, name=f"of {who}") for who in wanted}
    await town.step()
    await town.step()
    assert {who: membership(town.people[who], room_id)["membership"] for who, room_id in rooms.items()} == wanted
    reason = membership(town.people["stranger"], rooms["stranger"])["reason"]
    assert reason == "I come only where the county's communications invite me."


async def test_m15_anybody_of_the_server_may_talk_to_the_bot_alone(town: County) -> None:
    room_id = town.people["stranger"].room(town.bot.user_id, is_direct=True, preset="trusted_private_chat")
    await town.step()
    await town.step()
    town.people["stranger"].say(room_id, "help")
    await town.step()
    assert town.people["stranger"].state_of(room_id, "m.room.member", town.bot.user_id)["membership"] == "join"


async def test_m15_a_room_of_the_countys_space_is_entered_whoever_invites(town: County) -> None:
    space = town.people["nelson"].room(town.bot.user_id, name="County", creation_content={"type": "m.space"})
    await town.step()
    await town.step()
    assert town.bot.user_id in town.people["nelson"].call("GET", f"/rooms/{quote(space)}/joined_members")["joined"]
    said = [one["type"] for one in town.people["nelson"].history(space) if one["sender"] == town.bot.user_id]
    assert said == ["m.room.member"]  # it holds rooms, and nobody reads there
    room_id = town.people["chebet"].room(town.bot.user_id, name="Roads")
    town.people["nelson"].state(space, "m.space.child", {"via": ["county.test"]}, room_id)
    town.bot.act(room_id, "leave")
    town.people["chebet"].act(room_id, "invite", user_id=town.bot.user_id)
    await town.step()
    await town.step()
    found = town.people["chebet"].state_of(room_id, "m.room.member", town.bot.user_id)
    assert found["membership"] == "join"


async def test_m15_who_knocks_is_told_to_the_staff(town: County) -> None:
    town.owner.state(town.rooms["health"], "m.room.join_rules", {"join_rule": "knock"})
    town.people["stranger"].act(town.rooms["health"], "leave")
    town.people["stranger"].call("POST", f"/knock/{quote(town.rooms['health'])}", {"reason": "let me in"})
    await town.step()
    assert [line for line in town.lines("communications") if "asks to be let into health" in line] != []


async def test_m16_in_a_read_only_room_members_neither_write_nor_react(town: County) -> None:
    mirror = town.rooms["mirror"]
    await town.say("chebet", "health", FORM)
    line = town.messages("mirror")[0]["event_id"]
    assert (await town.chat.standing(mirror)).read_only  # the bot closed it when it came
    told = len(town.lines("communications"))
    for act in (
        lambda: town.people["chebet"].say(mirror, "hello"),
        lambda: town.people["chebet"].react(mirror, line, "👍"),
    ):
        with pytest.raises(Refused, match="403"):
            act()
    await town.chat.send(Outgoing(mirror, "the bot still writes", "m16"))
    levels(town.owner, mirror, events_default=0)
    await town.step()
    assert town.lines("communications")[told:] == ["Mirror: everybody could write there. I made it read-only again."]
    with pytest.raises(Refused, match="403"):
        town.people["chebet"].say(mirror, "hello")
    await town.chat.set_read_only(mirror, False)
    town.people["chebet"].say(mirror, "hello")


async def test_m16_what_the_bot_may_do_follows_its_power(town: County) -> None:
    health = town.rooms["health"]
    assert (await town.chat.standing(health)).rights >= {"write", "pin", "delete", "restrict", "ban", "read_only"}
    users = town.owner.state_of(health, "m.room.power_levels")["users"]
    levels(town.owner, health, users={**users, town.bot.user_id: 0})
    assert await town.chat.standing(health) == Standing(False, frozenset({"read", "write", "members"}))
    with pytest.raises(ChatError, match="refused"):
        await town.chat.set_read_only(health, True)


async def test_a_member_is_restricted_and_set_free_again(town: County) -> None:
    health, stranger = town.rooms["health"], town.people["stranger"]
    until = town.app.clock()
    await town.chat.restrict(health, stranger.user_id, until)
    with pytest.raises(Refused, match="403"):
        stranger.say(health, "hello")
    await town.chat.unrestrict(health, stranger.user_id)
    stranger.say(health, "hello")
    await town.chat.ban(health, stranger.user_id, until)
    with pytest.raises(Refused, match="403"):
        stranger.join(health)
    await town.chat.unban(health, stranger.user_id)
    with pytest.raises(ChatError, match="refused"):
        await town.chat.restrict(health, town.owner.user_id, until)


async def test_a_moderator_who_was_restricted_is_one_again_when_set_free(town: County) -> None:
    health, kiptoo = town.rooms["health"], town.people["kiptoo"].user_id
    before = town.owner.state_of(health, "m.room.power_levels")
    before = {**before, "users": {**before["users"], kiptoo: 50}}
    town.owner.state(health, "m.room.power_levels", before)
    await town.step()
    for _ in range(2):
        await town.chat.restrict(health, kiptoo, datetime.now(UTC) + timedelta(days=1))
        assert town.owner.state_of(health, "m.room.power_levels")["users"][kiptoo] == -1
    await town.chat.unrestrict(health, kiptoo)
    assert town.owner.state_of(health, "m.room.power_levels") == before


async def test_m17_an_encrypted_room_is_refused_with_the_reason(town: County) -> None:
    encryption = {"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
    room_id = town.people["nelson"].room(town.bot.user_id, initial_state=[encryption])
    await town.step()
    await town.step()
    member = town.people["nelson"].state_of(room_id, "m.room.member", town.bot.user_id)
    assert member["membership"] == "leave"
    assert member["reason"].startswith("This room is encrypted")


async def test_m17_a_room_that_becomes_encrypted_hears_nothing_more_and_the_staff_are_told(town: County) -> None:
    health = town.rooms["health"]
    post = town.people["chebet"].say(health, FORM)
    town.owner.state(health, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
    before = len(town.messages("health"))
    await town.step()
    assert await town.posts("health") == [post]
    assert len(town.messages("health")) == before
    assert [line for line in town.lines("communications") if "health was encrypted by" in line] != []
    with pytest.raises(ChatError, match="encrypted"):
        await town.chat.send(Outgoing(health, "in plain sight", "never"))


async def test_m21_a_room_id_without_a_server_is_served_as_any_other(town: County) -> None:
    await _to_a_room_of_version_12(town)
    assert ":" not in town.rooms["health"]
    await town.say("chebet", "health", FORM)
    assert [line[:4] for line in town.lines("health")] == ["HLT-"]
