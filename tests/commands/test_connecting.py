"""Groups are connected by a steward in the group itself; before that the bot hears and keeps nothing there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from groupbot import believing, health
from tests.county import EVERYONE, FORM, County
from tests.people.staff import staffed

NEW = "new"
HELLO = "This is now the group of Trade. Post each need here, with its place; it gets a number. /help shows the rest."


@asynccontextmanager
async def with_new_group() -> AsyncIterator[County]:
    """The county, and a group in which the bot was put and that nobody has connected."""
    async with staffed() as here:
        here.sandbox.add_chat(NEW, "Trade people", "department", (*EVERYONE, "talai"))
        yield here


async def test_a_steward_connects_a_group_and_it_takes_posts_from_then_on() -> None:
    async with with_new_group() as here:
        await here.say("chebet", NEW, FORM)
        await here.say("nelson", NEW, "/connect trade")
        assert here.lines(NEW) == [HELLO]
        assert here.lines("communications") == ["Nelson has connected a group to Trade."]
        await here.say("chebet", NEW, FORM.replace("malaria drugs", "stalls"))
        assert here.lines(NEW)[1].startswith("TRD-26-0001-")


@pytest.mark.parametrize("said", ["/connect Biashara", "!connect TRD", "/unganisha soko", "/connect\nTrade"])
async def test_a_department_is_known_by_any_of_its_names(said: str) -> None:
    async with with_new_group() as here:
        await here.say("nelson", NEW, said)
        assert here.lines(NEW) == [HELLO]


async def test_what_is_said_in_a_group_that_is_not_connected_is_answered_with_silence_and_not_kept() -> None:
    async with with_new_group() as here:
        for who in EVERYONE:
            for text in (
                FORM,
                "/help",
                "/connect trade" if who not in ("nelson",) else "/mine",
                "HLT-26-0001-J",
                "yes",
            ):
                await here.say(who, NEW, text)
        await here.photo("chebet", NEW)
        post = await here.say("chebet", NEW, "Good morning")
        here.sandbox.edit(NEW, "chebet", post, "Good morning, Mary Cherop is ill", at=here.clock())
        await here.app.step()
        assert here.lines(NEW) == []
        assert await here.value("SELECT count(*) FROM request") == 0
        assert await here.value("SELECT count(*) FROM attachment") == 0
        assert await here.value("SELECT count(*) FROM inbox WHERE chat_id = 'new' AND kind = 'edit'") == 1
        assert await here.value("SELECT count(*) FROM inbox WHERE chat_id = 'new' AND raw <> ''") == 0


async def test_a_group_where_much_is_said_that_is_not_for_all_is_connected_by_an_operator_alone() -> None:
    async with with_new_group() as here:
        await here.say("nelson", NEW, "/connect communications")
        assert here.lines(NEW) == ["Only the operator can connect a group."]
        await here.say("talai", NEW, "/connect communications")
        assert here.lines(NEW)[1:] == [
            "This is now the group of communications: here I write what needs somebody.",
        ]


async def test_a_connected_group_stays_what_it_is() -> None:
    async with with_new_group() as here:
        await here.say("nelson", "health", "/connect water")
        await here.say("nelson", "private:nelson", "/connect water")
        await here.say("nelson", NEW, "/connect")
        await here.say("nelson", NEW, "/connect the moon")
        assert here.lines("health") == ["This is the group of Health already."]
        assert here.private("nelson") == ["Please write /connect in the group that you want to connect."]
        how = "Please write /connect here and the department, or: mirror, communications, committee."
        assert here.lines(NEW) == [how, how]


async def test_a_disguised_connection_connects_nothing() -> None:
    async with with_new_group() as here:
        await here.say("nelson", NEW, "/connect trade", forwarded=True)
        assert here.lines(NEW) == []


# --- who leaves -------------------------------------------------------------------------------------------------------


async def test_who_leaves_office_is_told_to_the_group_and_can_do_no_more() -> None:
    async with staffed() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("nelson", "communications", "/release Daniel Kiptoo coordinator health")
        gone = "Daniel Kiptoo is no longer coordinator of Health. Nobody is for now."
        assert here.lines("health")[1:] == [gone]
        assert here.lines("communications") == [gone]
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        assert await here.value("SELECT state FROM request") == "submitted"


async def test_there_is_always_an_operator_and_only_operators_end_operators() -> None:
    async with staffed() as here:
        await here.say("nelson", "communications", "/release Grace Talai operator")
        await here.say("talai", "private:talai", "/release Grace Talai operator")
        assert here.lines("communications") == ["Only the operator can invite an operator."]
        assert here.private("talai") == [
            "That is the only operator. Please invite another one first: /invite operator."
        ]


async def test_an_office_that_somebody_does_not_hold_cannot_be_ended() -> None:
    async with staffed() as here:
        await here.say("nelson", "communications", "/release Rose coordinator health")
        assert here.lines("communications") == ["Rose Kemei is not coordinator of Health."]


# --- how the bot is ---------------------------------------------------------------------------------------------------


async def test_an_operator_asks_how_the_bot_is() -> None:
    async with staffed() as here:
        await here.app._tick()
        await here.say("talai", "private:talai", "/health")
        assert here.private("talai") == [
            "All is well. Waiting to come in: 0; to go out: 0. Operators: 1. Offices that nobody holds: 26."
        ]
        await here.app.worker.run(
            lambda: here.app.store.write_tx(
                lambda tx: tx.execute("UPDATE inbox SET state = 'parked', error = 'ValueError: Mary'")
            )
        )
        await here.say("talai", "private:talai", "/afya-ya-bot")
        assert here.private("talai")[1:] == [
            "Something needs you. Waiting to come in: 0; to go out: 0; given up: 1; missed stretches: 0."
            " What to do: on my machine, groupbot health."
        ]
        await here.say("nelson", "communications", "/health")
        assert here.lines("communications")[-1] == "Only the operator can ask how I am."


@pytest.mark.parametrize(("hours", "where"), [(1, "behind"), (-24 * 90, "ahead")])
async def test_a_clock_that_cannot_be_believed_is_the_first_thing_to_be_told(hours: int, where: str) -> None:
    async with staffed() as here:
        await here.app._tick()
        seen = here.clock() + timedelta(hours=hours)
        await here.app.worker.run(
            lambda: here.app.store.write_tx(
                lambda tx: (believing.believe(tx, seen), tx.execute("UPDATE inbox SET sent_at = 0"))
            )
        )
        found = await here.app.worker.run(
            lambda: here.app.store.read(lambda tx: health.look(tx, here.app.jurisdiction, here.clock()))
        )
        assert (found.clock, found.well, health.record(found)["clock"]) == (where, False, where)
        told = here.app.jurisdiction.catalogue.text("health_ill", "en", health.params(found), here.clock())
        assert told == (
            f"My clock is {where}, so I remind nobody until it is set. What to do: on my machine, groupbot health."
        )
