"""Order in the groups on Telegram: what the guards call and what they never call, and what people decide."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.county import FORM
from tests.intake.test_misplaced import MISPLACED
from tests.telegram.fake import Failure
from tests.telegram.town import GROUPS, USERS, Town, town
from tests.telegram.world import BOT_ID

HEALTH = GROUPS["health"]
AGAINST_PEOPLE = {"banchatmember", "restrictchatmember", "deletemessage", "setchatpermissions"}
HELD = (
    "I do not know you yet, so this has no number. Communications are asked; once you are registered it gets its "
    "number, in order."
)


@asynccontextmanager
async def settled() -> AsyncIterator[Town]:
    """The county when communications have let the guards begin: they no longer only watch."""
    async with town() as here:
        await here.say("nelson", "communications", "/guards until today")
        yield here


async def _unrest(here: Town) -> None:
    """Everything that a guard looks for: a wave of strangers, an officer's look-alike, a flood, a number, a need."""
    for number, name in enumerate([*(f"Visitor {number}" for number in range(9)), "Daniel Kipt00"]):
        here.fake.world.add_user(5000 + number, name)
        here.fake.world.change_member(HEALTH, 5000 + number, "member")
    await here.settle()
    for _ in range(21):
        here.fake.world.post(HEALTH, USERS["judith"], "hello")
    await here.say("kiptoo", "health", "the mother's card is 23456789, please check")
    await here.say("stranger", "health", FORM)


def _done(here: Town) -> set[str]:
    """Which calls were made in Health that hold somebody back, take something away or close a door."""
    return {
        call.method
        for call in here.fake.calls
        if call.method in AGAINST_PEOPLE | {"exportchatinvitelink"} and int(call.params["chat_id"]) == HEALTH
    }


def _held_back(here: Town, who: str) -> bool:
    """Whether somebody is kept from writing in Health, or from coming in."""
    member = here.fake.world.chats[HEALTH].members[USERS[who]]
    held = member["status"] == "restricted" and not member["held"]["can_send_messages"]
    return bool(held or member["status"] == "kicked")


async def _findings(here: Town) -> list[tuple[str, int]]:
    return await here.rows("SELECT DISTINCT finding, dry_run FROM moderation_act WHERE act = '' OR finding <> ''")


async def test_b4_in_the_dry_run_every_guard_notes_what_it_saw_and_calls_nothing() -> None:
    async with town() as here:
        await _unrest(here)
        assert {finding for finding, dry_run in await _findings(here) if dry_run} == {
            "unknown_joined", "unknown_posted", "join_wave", "look_alike", "flood", "personal_data",
        }  # fmt: skip
        assert _done(here) == set()
        assert here.lines("communications") == [
            "Mirror: everybody could write there. I made it read-only again.",
            "Philip Otieno posted a need in Health and is on no roster. "
            "It waits without a number: /invite registers it.",
        ]


async def test_b4_b7_afterwards_they_tell_and_close_the_link_and_do_nothing_to_anybody() -> None:
    async with settled() as here:
        before = set(here.fake.world.chats[HEALTH].members)
        await _unrest(here)
        assert _done(here) == {"exportchatinvitelink"}
        members = here.fake.world.chats[HEALTH].members
        assert before < set(members)
        assert {one["status"] for pk, one in members.items() if pk != BOT_ID} == {"member"}
        told = here.lines("communications")
        assert [line for line in told if "Many unknown" in line] == [
            "Many unknown people are joining Health. "
            "I closed its invitation link; members are not affected. Please look."
        ]
        assert [line for line in told if "posts very much" in line] == [
            "Judith Cherotich posts very much in Health. All of it is kept and nothing was done; please look."
        ]
        await here.say("chebet", "health", FORM)
        assert here.lines("health")[-1].startswith("HLT-26-0001-J")


async def test_b6_a_strangers_posts_wait_and_are_registered_in_order_when_they_join() -> None:
    async with settled() as here:
        first = await here.say("stranger", "health", FORM)
        second = await here.say("stranger", "health", FORM.replace("malaria drugs", "gloves"))
        assert here.lines("health") == [HELD]
        assert [line for line in here.lines("communications") if "on no roster" in line] == [
            "Philip Otieno posted a need in Health and is on no roster. "
            "It waits without a number: /invite registers it."
        ]
        await here.say("nelson", "private", "/invite ward admin Kapsowar Philip Otieno")
        code = here.private("nelson")[-1].split("/join ")[1].split("\n")[0]
        await here.say("stranger", "private", f"/join {code}")
        await here.settle()
        numbers = [one for one in here.messages("health") if one["text"].startswith("HLT-")]
        assert [(one["text"][:13], one["reply_to_message"]["message_id"]) for one in numbers] == [
            ("HLT-26-0001-J", first),
            ("HLT-26-0002-K", second),
        ]


@pytest.mark.parametrize(
    ("act", "method", "said"),
    [
        ("mute", "restrictChatMember", "you cannot write in this group"),
        ("ban", "banChatMember", "you are out of this group"),
    ],
)
async def test_b5_an_act_is_asked_back_timed_told_on_record_and_undone(act: str, method: str, said: str) -> None:
    async with town() as here:
        post = await here.say("stranger", "health", "you are all thieves")
        await here.say("nelson", "health", f"/{act} until Friday insults", post)
        asked = here.messages("health")[-1]
        assert _done(here) == set()
        await here.tap("chebet", "health", asked)
        assert _done(here) == set()
        await here.tap("nelson", "health", asked)
        (call,) = here.fake.called(method)
        assert (call["user_id"], _held_back(here, "stranger")) == (USERS["stranger"], True)
        assert call["until_date"] > here.clock().timestamp()
        assert here.lines("health")[-1] == (
            f"Philip Otieno, {said} until Fri 27 Nov 17:00: insults. "
            "So decided Kiptoo of communications; ask them if that is not right."
        )
        kept = "SELECT act, reason, person_id IS NOT NULL, until IS NOT NULL FROM moderation_act WHERE act <> ''"
        assert [tuple(row) for row in await here.rows(kept)] == [(act, "insults", 1, 1)]
        await here.say("nelson", "health", "/lift", post)
        assert _held_back(here, "stranger") is False
        assert here.lines("health")[-1] == "Philip Otieno may take part again, says Kiptoo."
        entries = await here.rows("SELECT type FROM service_log ORDER BY seq")
        assert [row[0] for row in entries] == [{"mute": "muted", "ban": "banned"}[act], "lifted"]


async def test_a_misplaced_post_is_hinted_at_keeps_its_place_and_moves_by_one_tap() -> None:
    async with town() as here:
        await here.say("chebet", "health", MISPLACED)
        hint = here.messages("health")[-1]
        assert "This looks like Water. Move it? Reply YES. Else Kiptoo, please reply here by " in hint["text"]
        assert not {call.method for call in here.fake.calls} & {"deletemessage", "banchatmember", "restrictchatmember"}
        await here.tap("stranger", "health", hint)
        assert here.lines("water") == []
        await here.tap("chebet", "health", hint)
        (moved,) = here.lines("water")
        assert moved.startswith("HLT-26-0001-J, routine, Kapsowar, came from Health.")


async def _orders(here: Town, order: str) -> list[int]:
    """Nelson orders something against Judith, and says YES; how much each had heard before it was done."""
    post = await here.say("judith", "health", "you are all thieves")
    await here.say("nelson", "health", f"/{order} until tomorrow insulting language", reply_to=post)
    heard = [len(here.lines("communications")), len(here.private("judith")), len(here.private("cheruto"))]
    await here.tap("nelson", "health", here.messages("health")[-1])
    await here.wait(minutes=1)
    return [*heard, post]


@pytest.mark.parametrize(
    ("order", "method", "said"),
    [
        (
            "mute",
            "restrictchatmember",
            "Judith Cherotich can write in Health as before: the chat does not let me stop it,",
        ),
        ("ban", "banchatmember", "Judith Cherotich was not put out of Health: the chat does not let me do it,"),
    ],
)
async def test_an_order_that_telegram_refuses_is_told_as_not_done_and_stands_so_on_record(
    order: str, method: str, said: str
) -> None:
    refused = f"{said} as with its own administrators."
    async with town() as here:
        refusal = Failure(code=400, description="Bad Request: user is an administrator of the chat")
        here.fake.fail(method, refusal)
        staff, judith, cheruto, post = await _orders(here, order)
        assert here.lines("communications")[staff:] == [refused]
        assert here.private("judith")[judith + 1 :] == [refused]
        assert here.private("cheruto")[cheruto + 1 :] == [refused]
        assert await here.rows("SELECT type FROM service_log") == [
            ({"mute": "muted", "ban": "banned"}[order],),
            (f"{order}_refused",),
        ]
        assert await here.rows("SELECT act FROM moderation_act WHERE act <> ''") == [(f"{order}_refused",)]
        await here.say("nelson", "health", "/lift", reply_to=post)
        assert here.lines("health")[-1] == "Nothing holds this person back here."
        await here.wait(days=2)
        tried = [call.method for call in here.fake.calls if call.method in (method, "unbanchatmember")]
        assert tried == [method], "and nothing is left to be ended"


async def test_a_lift_that_telegram_refuses_is_told_and_can_be_ordered_again() -> None:
    async with town() as here:
        staff, _, _, post = await _orders(here, "ban")
        here.fake.fail("unbanchatmember", Failure(code=400, description="Bad Request: not enough rights"))
        await here.say("nelson", "health", "/lift", reply_to=post)
        assert here.lines("communications")[staff:] == [
            "Judith Cherotich is still held back in Health: the chat does not let me end it. Please let one of its "
            "administrators do so."
        ]
        assert _held_back(here, "judith")
        await here.say("nelson", "health", "/lift", reply_to=post)
        assert not _held_back(here, "judith")
