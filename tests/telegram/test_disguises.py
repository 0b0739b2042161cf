"""Every act x every disguise of Telegram: forwarded, through a bot, quoted, as code, said by no person."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commands.test_disguises import ACTS, TABLES
from tests.county import FORM
from tests.telegram.town import GROUPS, USERS, Town, town
from tests.telegram.world import ANONYMOUS

ORIGIN = {"type": "hidden_user", "sender_user_name": "Somebody", "date": 1_795_000_000}
CHANNEL = {"id": -1009, "type": "channel", "title": "News"}
DISGUISES: dict[str, dict[str, Any]] = {
    "forwarded": {"forward_origin": ORIGIN},
    "through a bot": {"via_bot": {"id": 9, "is_bot": True, "first_name": "Other"}},
    "quoted": {"entities": [{"type": "blockquote", "offset": 0, "length": 7}]},
    "as a code block": {"entities": [{"type": "pre", "offset": 0, "length": 7}]},
    "as code": {"entities": [{"type": "code", "offset": 0, "length": 7}]},
    "in a channel's name": {"sender_chat": CHANNEL},
}


async def _state(here: Town, without: str = "") -> list[Any]:
    read = here.app.store.read
    tables = [name for name in (*TABLES, "outbox") if name not in ("chat", without)]
    return [
        await here.app.worker.run(lambda n=n: read(lambda tx: tx.all(f"SELECT * FROM {n} ORDER BY 1"))) for n in tables
    ]


@pytest.mark.parametrize("disguise", DISGUISES)
async def test_no_act_in_disguise_does_anything(disguise: str) -> None:
    async with town() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "Seen, I am on it", reply_to=post)
        for who in USERS:
            await here.say(who, "health", "Good morning to all")
        before = await _state(here)
        for name, (who, rest) in ACTS.items():
            await here.say(who, "health", f"/{name} {rest}", reply_to=post, **DISGUISES[disguise])
            assert await _state(here) == before, name


MASKED = (
    "Written in the group's name, so I cannot tell by whom. Whoever wrote it: tap the button, and it counts as yours."
)


async def _say_masked(here: Town, where: str, text: str, reply_to: int | None = None) -> int:
    """An administrator who is anonymous says something."""
    group = here.fake.world.chats[GROUPS[where]].short()
    number = here.fake.world.post(GROUPS[where], ANONYMOUS, text, reply_to, sender_chat=group)
    await here.settle()
    return number


@pytest.mark.parametrize("name", [name for name in ACTS if name != "health"])  # the small county has no operator
async def test_t9_an_act_in_the_groups_name_counts_only_when_its_author_has_tapped(name: str) -> None:
    who, rest = ACTS[name]
    async with town() as here:
        post = await here.say("chebet", "health", FORM)
        other = FORM.replace("Kapsowar sub-county hospital", "Chesoi dispensary").replace("malaria drugs", "gloves")
        await here.say("chebet", "health", other)
        await here.say("kiptoo", "health", "Seen, I am on it", reply_to=post)
        before = await _state(here, without="outbox")
        await _say_masked(here, "health", f"/{name} {rest}", post)
        assert await _state(here, without="outbox") == before
        assert here.lines("health")[-1] == MASKED
        line, said = here.messages("health")[-1], len(here.fake.calls)
        await here.tap("stranger", "health", line)
        assert (await _state(here, without="outbox"), len(here.fake.called("deleteMessage"))) == (before, 0)
        await here.tap(who, "health", line)
        assert MASKED not in here.lines("health")  # the question is taken away
        assert any(call.method in ("sendmessage", "setmessagereaction") for call in here.fake.calls[said:])
        once = await _state(here)
        data = line["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        here.fake.world.tap(GROUPS["health"], USERS[who], here.messages("health")[0]["message_id"], data)
        await here.settle()
        assert await _state(here) == once


async def test_t9_who_may_not_give_a_command_cannot_use_up_its_button() -> None:
    async with town() as here:
        await _say_masked(here, "health", "/invite champion Kapsowar")
        line = here.messages("health")[-1]
        await here.tap("chebet", "health", line)
        assert here.lines("health") == [MASKED]
        await here.tap("nelson", "health", line)
        assert await here.value("SELECT count(*) FROM invite") == 1


async def test_t9_a_form_and_a_word_in_the_groups_name_are_nobodys_until_somebody_takes_them() -> None:
    async with town() as here:
        await _say_masked(here, "health", FORM)
        assert await here.value("SELECT count(*) FROM request") == 0
        assert await here.value("SELECT count(*) FROM held_post") == 0
        await here.tap("chebet", "health", here.messages("health")[-1])
        (number,) = here.messages("health")
        await _say_masked(here, "health", "Seen, I am calling the store", number["message_id"])
        assert await here.value("SELECT state FROM request") == "submitted"
        await here.tap("kiptoo", "health", here.messages("health")[-1])
        assert await here.value("SELECT state FROM request") == "acknowledged"
        assert len(here.lines("health")) == 1
        await _say_masked(here, "health", "Good morning all")
        assert len(here.lines("health")) == 1


async def test_t9_a_group_can_be_connected_in_its_own_name() -> None:
    async with town() as here:
        group = here.fake.world.add_group(-1_000_000_009_999, "Roads at last", (USERS["nelson"], USERS["chebet"]))
        here.fake.world.post(group.id, ANONYMOUS, "/connect agriculture", sender_chat=group.short())
        here.fake.world.post(group.id, ANONYMOUS, FORM, sender_chat=group.short())
        await here.settle()
        assert here.fake.texts(group.id) == [MASKED]
        assert await here.value("SELECT count(*) FROM chat WHERE chat_id = ?", str(group.id)) == 0
        for who in ("chebet", "nelson"):
            await here.tap(who, "health", here.fake.sent(group.id)[0])
        assert await here.value("SELECT state FROM chat WHERE chat_id = ?", str(group.id)) == "bound"


async def test_the_same_act_said_plainly_is_done() -> None:
    async with town() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        assert await here.value("SELECT state FROM request") == "answered"
