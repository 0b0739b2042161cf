"""Where the bot is: what it lacks in a group, chats that move, putting out and return, blocked people."""

from __future__ import annotations

from datetime import timedelta

import pytest

from groupbot.chat import ChatError
from groupbot.orders import Order
from tests.county import FORM
from tests.telegram.fake import Failure
from tests.telegram.town import GROUPS, USERS, Town, town
from tests.telegram.world import BOT_ID, Json

HEALTH, WATER = GROUPS["health"], GROUPS["water"]
BASIC = -5000


async def test_t8_a_bot_that_cannot_hear_says_that_it_is_not_ready_and_when_it_is() -> None:
    async with town() as here:
        here.fake.world.privacy = True
        here.fake.world.change_member(HEALTH, BOT_ID, "member")
        await here.settle()
        (deaf,) = here.lines("health")
        assert deaf.startswith("Health feedback: NOT READY. I cannot hear the posts here.")
        assert "Please make me administrator of this group" in deaf
        await here.say("chebet", "health", FORM)
        assert await here.value("SELECT count(*) FROM request") == 0
        here.fake.world.change_member(HEALTH, BOT_ID, "administrator")
        await here.say("chebet", "health", FORM)
        assert "Health feedback: I have all I need here now." in here.lines("health")
        assert await here.value("SELECT count(*) FROM request") == 1


@pytest.mark.parametrize(
    ("right", "feature"),
    [
        ("can_pin_messages", "pin messages: without it the day's overview is not pinned"),
        ("can_delete_messages", "delete messages: without it I cannot take away what shows a citizen's data"),
        ("can_restrict_members", "ban users: without it nobody can be muted through me"),
    ],
)
async def test_t20_each_right_that_lacks_names_what_is_off(right: str, feature: str) -> None:
    async with town() as here:
        here.fake.world.change_member(HEALTH, BOT_ID, "administrator", right)
        await here.settle()
        (said,) = here.lines("health")
        title, line = said.split("\n")
        assert title == "Health feedback: I lack these rights here. Please give them to me:"
        assert line.startswith(feature)
        here.fake.world.change_member(HEALTH, BOT_ID, "administrator", right)
        for _ in range(3):
            await here.wait(hours=20)
        assert len(here.lines("health")) == 1  # said once


async def test_t20_rights_are_looked_up_at_the_start_and_daily_and_the_mirrors_lack_is_told_to_staff() -> None:
    async with town() as here:
        here.fake.world.chats[GROUPS["mirror"]].members[BOT_ID]["can_restrict_members"] = False
        await here.settle()
        await here.wait(days=1, hours=1)
        assert here.lines("mirror") == []
        (lacks,) = here.lines("communications")
        assert lacks.startswith("CSO mirror: I lack these rights here.")
        assert "keep the mirror read-only" in lacks


async def _basic(here: Town) -> None:
    """Health, as a basic group."""
    chat = here.fake.world.chats.pop(HEALTH)
    chat.id, chat.type = BASIC, "group"
    here.fake.world.chats[BASIC] = chat
    await here.app.worker.run(
        lambda: here.app.store.write_tx(
            lambda tx: tx.execute("UPDATE chat SET chat_id = ? WHERE chat_id = ?", (str(BASIC), str(HEALTH)))
        )
    )
    await here.app.worker.run(
        lambda: here.app.store.write_tx(lambda tx: tx.execute("UPDATE roster_version SET version = version + 1"))
    )


@pytest.mark.parametrize("told", [("old", "new"), ("old",), ("new",), ()])
async def test_t11_a_group_that_becomes_a_supergroup_is_followed_once_however_it_is_heard(
    told: tuple[str, ...],
) -> None:
    async with town() as here:
        await _basic(here)
        post = here.fake.world.post(BASIC, USERS["chebet"], FORM)
        await here.settle()
        late = here.fake.world.post(BASIC, USERS["kiptoo"], "Seen, on it", post, quiet=True)
        message = here.fake.world.chats[BASIC].messages[late]
        here.fake.world.migrate(BASIC, HEALTH, tell=told)
        here.fake.world.tell({"message": message})  # said before the move, heard after it
        here.fake.world.post(HEALTH, USERS["rose"], FORM.replace("Kapsowar", "Kabiemit").replace("drugs", "gloves"))
        await here.settle()
        if not told:  # the bot learns of it when it next speaks there
            await here.say("kiptoo", "private", "/resolve HLT-26-0001-J 200 doses delivered this morning")
            here.fake.world.post(HEALTH, USERS["rose"], FORM.replace("Kapsowar", "Kabiemit").replace("drugs", "masks"))
        await here.wait(minutes=2)
        assert await here.value("SELECT state FROM request WHERE id = 1") in ("acknowledged", "answered")
        bound = await here.rows("SELECT chat_id, state FROM chat WHERE chat_id IN (?, ?)", str(BASIC), str(HEALTH))
        assert sorted(bound) == [(str(HEALTH), "bound"), (str(BASIC), "moved")]
        assert await here.value("SELECT count(*) FROM service_group WHERE service_code = 'health'") == 1
        assert any("HLT-26-0002-K" in line for line in here.lines("health"))


async def test_t11_what_was_queued_arrives_in_the_new_chat() -> None:
    async with town() as here:
        await _basic(here)
        here.fake.fail("sendMessage", Failure(code=429, description="x", parameters=(("retry_after", 60),)))
        here.fake.world.post(BASIC, USERS["chebet"], FORM)
        await here.settle()
        here.fake.world.migrate(BASIC, HEALTH)
        await here.wait(minutes=3)
        assert [line[:13] for line in here.lines("health")] == ["HLT-26-0001-J"]


async def test_a_bot_that_is_put_out_tells_communications_and_says_what_it_had_to_say_when_it_is_back() -> None:
    async with town() as here:
        post = await here.say("chebet", "health", FORM)
        here.fake.world.change_member(HEALTH, BOT_ID, "kicked", by=USERS["stranger"])
        await here.settle()
        assert [line for line in here.lines("communications") if "put out of Health feedback" in line]
        await here.say("kiptoo", "private", "/resolve HLT-26-0001-J 200 doses delivered this morning")
        before = len(here.lines("health"))
        here.fake.world.change_member(HEALTH, BOT_ID, "administrator")
        await here.settle()
        later = here.lines("health")[before:]
        assert any("says it is done" in line for line in later) or later == []
        assert await here.value("SELECT state FROM chat WHERE chat_id = ?", str(HEALTH)) == "bound"
        await here.say("kiptoo", "health", "Seen", reply_to=post)
        assert await here.value("SELECT count(*) FROM outbox WHERE state = 'parked'") == 0


async def test_a_group_that_is_gone_without_a_word_is_noticed_by_the_first_line_that_fails() -> None:
    async with town() as here:
        await here.settle()
        here.fake.world.chats[HEALTH].members[BOT_ID] = here.fake.world.member(BOT_ID, "member")
        here.fake.world.post(HEALTH, USERS["chebet"], FORM)
        here.fake.world.chats[HEALTH].members[BOT_ID] = here.fake.world.member(BOT_ID, "kicked")
        await here.settle()
        assert [line for line in here.lines("communications") if "put out of Health feedback" in line]
        calls = len([call for call in here.fake.calls if call.method == "sendmessage" and not call.done])
        await here.wait(hours=5)
        assert len([call for call in here.fake.calls if call.method == "sendmessage" and not call.done]) == calls == 1


async def test_a_page_that_answers_in_telegrams_place_for_a_while_puts_the_bot_out_of_no_group() -> None:
    async with town() as here:
        denied = Failure("page", 403, "Access denied by policy", arrives=False)
        here.fake.fail("sendMessage", denied, denied, denied)
        await here.say("chebet", "health", FORM)
        await here.wait(minutes=5)
        await here.say("kiptoo", "health", "/resolve HLT-26-0001-J 200 doses delivered this morning")
        numbered, answered = here.lines("health")
        assert numbered.startswith("HLT-26-0001-J, urgent, Kapsowar. ")
        assert answered.startswith("HLT-26-0001-J: ")
        assert LOST not in here.lines("communications")
        assert await here.rows("SELECT DISTINCT state FROM outbox") == [("sent",)]


KICKED = Failure(code=403, description="Forbidden: bot was kicked from the supergroup chat")
LOST = (
    "I was put out of Health feedback and hear nothing there. What I had to say waits. "
    "Please add me again, as administrator."
)
OTHER = FORM.replace("malaria", "snake bite").replace("hospital", "dispensary, by the bridge")


async def test_a_group_that_was_taken_for_lost_is_there_again_with_the_next_words_that_come_from_it() -> None:
    async with town() as here:
        here.fake.fail("sendMessage", KICKED)
        await here.say("chebet", "health", FORM)
        assert here.lines("health") == []
        assert here.lines("communications")[1:] == [LOST]  # the first one is of the mirror
        await here.say("rose", "health", OTHER)
        assert [line[:13] for line in here.lines("health")[:2]] == ["HLT-26-0001-J", "HLT-26-0002-K"]
        assert await here.value("SELECT count(*) FROM inbox WHERE kind = 'post' AND raw = ''") == 0
        assert await here.rows("SELECT DISTINCT state FROM outbox") == [("sent",)]
        assert here.lines("communications")[1:] == [LOST]  # the first one is of the mirror


async def test_words_that_come_later_than_the_news_of_being_put_out_are_kept_and_it_is_told_once() -> None:
    async with town() as here:
        here.fake.fail("sendMessage", KICKED)
        await here.say("chebet", "health", FORM)
        here.fake.world.post(HEALTH, USERS["rose"], OTHER)
        here.fake.world.change_member(HEALTH, BOT_ID, "kicked", by=USERS["stranger"])
        await here.settle()
        assert await here.value("SELECT count(*) FROM request") == 2
        assert await here.value("SELECT state FROM chat WHERE chat_id = ?", str(HEALTH)) == "lost"
        assert here.lines("communications")[1:] == [LOST]  # the first one is of the mirror
        here.fake.world.change_member(HEALTH, BOT_ID, "administrator")
        await here.settle()
        assert [line[:13] for line in here.lines("health")[:2]] == ["HLT-26-0001-J", "HLT-26-0002-K"]


async def test_somebody_who_blocks_the_bot_gets_nothing_until_they_are_back() -> None:
    async with town() as here:
        here.fake.world.change_member(USERS["chebet"], BOT_ID, "kicked", by=USERS["chebet"])
        await here.say("chebet", "health", FORM)
        assert here.private("chebet") == []
        assert not any(not call.done for call in here.fake.calls)
        here.fake.world.change_member(USERS["chebet"], BOT_ID, "member", by=USERS["chebet"])
        await here.say("chebet", "private", "/mine")
        assert any("HLT-26-0001-J" in line for line in here.private("chebet"))


async def test_a_bot_added_to_a_group_that_is_not_bound_says_how_to_bind_it() -> None:
    async with town() as here:
        here.fake.world.add_group(-(10**12) - 77, "Lands", (USERS["nelson"],), admin=False)
        here.fake.world.chats[-(10**12) - 77].members[BOT_ID] = here.fake.world.member(BOT_ID, "left")
        here.fake.world.change_member(-(10**12) - 77, BOT_ID, "member", by=USERS["nelson"])
        await here.settle()
        (line,) = here.fake.texts(-(10**12) - 77)
        assert line.endswith("groupbot groups bind department CODE --telegram -1000000000077")


async def test_t20_t21_a_group_that_is_bound_while_the_bot_runs_is_looked_up_at_once() -> None:
    async with town() as here:
        await here.settle()
        new, mirror = -1001234567890, -1001234567891
        for chat_id, title in ((new, "Trade"), (mirror, "Second mirror")):
            here.fake.world.add_group(chat_id, title)
        here.fake.world.chats[new].members[BOT_ID] = here.fake.world.member(BOT_ID, "administrator", "can_pin_messages")
        for kind, code, chat_id in (("department", "trade", new), ("mirror", "", mirror)):
            given = {"kind": kind, "code": code, "telegram": str(chat_id)}
            await here.app.obey(Order(f"bind {kind}", "groups.bind", given, "ict"))
        await here.app._tick()
        await here.settle()
        assert [line for line in here.fake.texts(new) if "I lack these rights" in line]
        assert here.fake.world.chats[mirror].permissions["can_send_messages"] is False
        assert "Mirror: everybody could write there. I made it read-only again." in here.lines("communications")


async def test_t21_a_mirror_is_made_read_only_and_read_back() -> None:
    async with town() as here:
        mirror = str(GROUPS["mirror"])
        assert (await here.chat.standing(mirror)).read_only is False
        await here.chat.set_read_only(mirror, True)
        assert (await here.chat.standing(mirror)).read_only is True
        assert not any(here.fake.world.chats[GROUPS["mirror"]].permissions.values())
        await here.chat.set_read_only(mirror, False)
        assert (await here.chat.standing(mirror)).read_only is False


async def test_keeping_order_calls_what_the_bot_api_has_and_needs_the_right() -> None:
    async with town() as here:
        until = here.clock().replace(year=2027)
        who = str(USERS["stranger"])
        await here.chat.restrict(str(HEALTH), who, until)
        await here.chat.unrestrict(str(HEALTH), who)
        await here.chat.ban(str(HEALTH), who, until)
        await here.chat.unban(str(HEALTH), who)
        await here.chat.close_invites(str(HEALTH))
        here.fake.world.chats[HEALTH].members[BOT_ID] = here.fake.world.member(
            BOT_ID, "administrator", "can_restrict_members"
        )
        with pytest.raises(ChatError) as raised:
            await here.chat.ban(str(HEALTH), who, until)
        assert raised.value.kind == "refused"


async def test_t7_an_absence_of_more_than_a_day_is_announced_in_each_group_with_its_times() -> None:
    async with town() as here:
        await here.say("chebet", "health", FORM)
        said = {place: len(here.lines(place)) for place in ("health", "water", "mirror")}
        down = here.fake.world.now()
        here.clock.set(here.clock() + timedelta(hours=30))  # the process does not run
        here.fake.world.post(HEALTH, USERS["chebet"], FORM.replace("malaria drugs", "gloves"), at=down + 3600)
        here.fake._queue[-1] = (*here.fake._queue[-1][:2], down + 3600.0)
        here.fake.world.post(HEALTH, USERS["chebet"], FORM.replace("malaria drugs", "masks"))
        here.app._last_reached.clear()
        await here.settle()
        line = here.lines("health")[said["health"]]
        assert line.startswith(
            "I was out of reach from yesterday 10:10 to today 16:10 and lost what was first written here."
        )
        assert [text for text in here.lines("water")[said["water"] :] if text == line] == [line]
        assert not [text for text in here.lines("mirror") if "out of reach" in text]
        kept = await here.rows("SELECT chat_id, from_cursor, closed_at IS NOT NULL FROM platform_gap ORDER BY id")
        assert (str(HEALTH), "1", True) in [(chat, last, bool(closed)) for chat, last, closed in kept]
        assert await here.value("SELECT count(*) FROM request") == 2  # the one that Telegram forgot never came


FORWARDED = ("chebet", "rose", "stranger")


@pytest.mark.parametrize("forwarder", FORWARDED)
async def test_t7_a_forwarded_post_that_the_absence_took_counts_as_said_then_by_its_author(forwarder: str) -> None:
    async with town() as here:
        lost_at = await lose_a_day(here)
        await here.say(forwarder, "health", FORM, forward_origin=origin("chebet", lost_at))
        (found,) = await here.rows(
            "SELECT requested_datetime, person.name FROM request JOIN person ON poster_id = person.id"
        )
        assert found == (lost_at * 10**6, "Jane Chebet")
        again = len(here.lines("health"))
        await here.say("rose", "health", FORM, forward_origin=origin("chebet", lost_at))
        assert await here.value("SELECT count(*) FROM request") == 1
        assert len(here.lines("health")) <= again + 1


async def test_t7_one_whose_author_hides_is_the_forwarders_with_its_own_time() -> None:
    async with town() as here:
        lost_at = await lose_a_day(here)
        hidden = {"type": "hidden_user", "sender_user_name": "Jane", "date": lost_at}
        await here.say("chebet", "health", FORM, forward_origin=hidden)
        assert await here.value("SELECT requested_datetime FROM request") == lost_at * 10**6


async def test_t7_any_other_forwarded_post_counts_when_it_comes_and_none_is_an_act() -> None:
    async with town() as here:
        lost_at = await lose_a_day(here)
        await here.say("rose", "health", FORM, forward_origin=origin("chebet", lost_at - 40 * 3600))
        (found,) = await here.rows(
            "SELECT requested_datetime, person.name FROM request JOIN person ON poster_id = person.id"
        )
        assert found[0] > (lost_at + 24 * 3600) * 10**6
        assert found[1] == "Rose Kemei"
        reference = await here.value("SELECT service_request_id FROM request")
        await here.say("rose", "health", f"/withdraw {reference}", forward_origin=origin("chebet", lost_at))
        assert await here.value("SELECT state FROM request") == "submitted"


async def lose_a_day(here: Town) -> int:
    """Let the bot be away for 30 hours; a moment of which nothing came, in seconds since 1970."""
    await here.settle()
    lost_at = here.fake.world.now() + 3600
    here.clock.set(here.clock() + timedelta(hours=30))
    here.app._last_reached.clear()
    await here.settle()
    return lost_at


RANGE = "SELECT from_cursor, lost_to, sought_to FROM platform_gap WHERE chat_id = ?"
LOG_CHAT = -(10**12) - 9999


async def lose(here: Town) -> tuple[list[int], int]:
    """While the bot is away for 30 hours people write in the group what never comes; one line that does comes last."""
    await here.say("rose", "health", "Good morning all")
    at = here.fake.world.now() + 3600
    world = here.fake.world
    said = [
        world.post(HEALTH, USERS["chebet"], FORM, at=at, quiet=True),
        world.post(HEALTH, USERS["rose"], "Habari za mchana", at=at + 60, quiet=True),
        world.post(HEALTH, USERS["kiptoo"], "/resolve 200 doses delivered to the hospital", at=at + 120, quiet=True),
        world.post(HEALTH, USERS["rose"], FORM, at=at + 130, quiet=True, forward_origin=origin("kiptoo", at - 90000)),
    ]
    del world.chats[HEALTH].messages[said[1]]  # deleted by its author meanwhile
    here.clock.set(here.clock() + timedelta(hours=30))
    last = world.post(HEALTH, USERS["rose"], "Good evening all")
    here.app._last_reached.clear()
    await here.settle()
    return said, last


async def test_t7_the_range_of_ids_that_an_absence_took_is_kept_from_end_to_end() -> None:
    async with town() as here:
        said, last = await lose(here)
        await here.wait(minutes=2)
        assert await here.rows(RANGE, str(HEALTH)) == [(str(said[0] - 1), str(last), "")]
        # where nobody wrote, what is known since is the bot's own line
        ((_, line, _),) = await here.rows(RANGE, str(GROUPS["water"]))
        assert int(line) == here.messages("water")[-1]["message_id"]
        assert here.fake.called("forwardMessage") == []  # nobody has asked for that
        assert await here.value("SELECT count(*) FROM request") == 0


async def test_t7_where_a_chat_is_named_for_it_the_bot_looks_for_what_it_lost_itself() -> None:
    async with town() as here:
        here.fake.world.add_group(LOG_CHAT, "Recovery", ())
        here.chat.recovery_chat = LOG_CHAT
        said, last = await lose(here)
        for _ in range(30):
            await here.settle()
        (found,) = await here.rows(
            "SELECT requested_datetime, person.name, message_id FROM request JOIN person ON poster_id = person.id"
        )
        at = here.fake.world.chats[HEALTH].messages[said[0]]["date"]
        assert found == (at * 10**6, "Jane Chebet", str(said[0]))
        # the answer stands under the post itself; the command is none, nor is what was older than the absence
        (number,) = (
            one for one in here.messages("health") if one["text"].startswith("HLT-26-0001-J, urgent, Kapsowar.")
        )
        assert number["reply_to_message"]["message_id"] == said[0]
        assert await here.value("SELECT state FROM request") == "submitted"
        assert await here.value("SELECT count(*) FROM request") == 1
        assert await here.rows(RANGE, str(HEALTH)) == [(str(said[0] - 1), str(last), str(last - 1))]
        asked = [call["message_id"] for call in here.fake.called("forwardMessage")]
        assert asked == [said[0], *said[2:]]  # each once, in order, but for the one that is not there any more
        assert here.fake.world.chats[LOG_CHAT].messages == {}  # no copy is left


async def test_t7_a_look_that_fails_is_made_again_and_goes_on_where_it_stood() -> None:
    async with town() as here:
        here.fake.world.add_group(LOG_CHAT, "Recovery", ())
        here.chat.recovery_chat = LOG_CHAT
        here.fake.fail("forwardMessage", Failure(code=403, description="Forbidden: bot was kicked"))
        said, _ = await lose(here)
        await here.wait(minutes=3)
        assert await here.value("SELECT count(*) FROM request") == 0
        for _ in range(4):
            await here.wait(minutes=10)
        for _ in range(10):
            await here.settle()
        assert await here.value("SELECT message_id FROM request") == str(said[0])


def origin(who: str, at: int) -> Json:
    """What Telegram says of a forwarded message."""
    return {"type": "user", "sender_user": {"id": USERS[who], "is_bot": False, "first_name": who}, "date": at}


async def test_t7_an_absence_of_less_than_a_day_is_nobodys_business() -> None:
    async with town() as here:
        await here.settle()
        here.clock.set(here.clock() + timedelta(hours=23))
        here.app._last_reached.clear()
        await here.settle()
        assert here.lines("health") == []


async def _put_out_and_moved(here: Town) -> None:
    """Judith is put out of Health until tomorrow, and then it becomes a supergroup of another id."""
    post = await here.say("judith", "health", "you are all thieves")
    await here.say("nelson", "health", "/ban tomorrow rude words", reply_to=post)
    await here.tap("nelson", "health", here.messages("health")[-1])
    here.fake.world.migrate(HEALTH, BASIC)
    await here.settle()


def _let_in_again(here: Town) -> list[tuple[str, str]]:
    """Where the bot has let whom in again."""
    called = [call.params for call in here.fake.calls if call.method == "unbanchatmember"]
    return [(str(one["chat_id"]), str(one["user_id"])) for one in called]


async def test_who_is_put_out_for_a_day_may_come_back_after_it_though_the_group_has_moved() -> None:
    async with town() as here:
        await _put_out_and_moved(here)
        assert _let_in_again(here) == []
        await here.wait(days=2)
        assert _let_in_again(here) == [(str(BASIC), str(USERS["judith"]))]
        assert await here.rows("SELECT action, error FROM outbox WHERE state = 'parked'") == []


async def test_who_is_put_out_is_let_in_by_lift_in_the_group_that_has_moved() -> None:
    async with town() as here:
        await _put_out_and_moved(here)
        post = here.fake.world.post(BASIC, USERS["judith"], "let me in")
        await here.settle()
        here.fake.world.post(BASIC, USERS["nelson"], "/lift", post)
        await here.settle()
        assert here.fake.texts(BASIC)[-1] == "Judith Cherotich may take part again, says Kiptoo."
        assert _let_in_again(here) == [(str(BASIC), str(USERS["judith"]))]
        await here.wait(days=2)
        assert _let_in_again(here) == [(str(BASIC), str(USERS["judith"]))]
