"""Who posts by mistake and says so is asked whether to withdraw it; nothing is withdrawn by words alone."""

from __future__ import annotations

import pytest

from tests.county import FORM, county

OFFER = "HLT-26-0001-J: Jane, shall I take it back? Reply YES and it is closed as withdrawn."
PIPE = "Location: Nyaru\nProblem: Pipe is cut"


async def test_a_mistaken_post_is_withdrawn_by_a_yes() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("chebet", "health", "Sorry, ignore this one, I posted it by mistake", reply_to=post)
        assert here.lines("health")[1:] == [OFFER]
        assert await here.value("SELECT state FROM request") == "submitted"
        await here.say("chebet", "health", "Yes", reply_to=here.messages("health")[-1].id)
        assert await here.value("SELECT state || ' ' || outcome FROM request") == "closed withdrawn"


@pytest.mark.parametrize("who", ["rose", "kiptoo", "judith", "stranger"])
async def test_nobody_else_is_offered_it(who: str) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say(who, "health", "Please ignore this", reply_to=post)
        assert len(here.lines("health")) == 1


async def test_it_is_offered_once_and_to_a_tap_of_its_own_writer_alone() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        for _ in range(2):
            await here.say("chebet", "health", "please ignore", reply_to=post)
        assert here.lines("health")[1:] == [OFFER]
        offer = here.messages("health")[-1]
        for who, state in (("kiptoo", "submitted"), ("chebet", "closed")):
            await here.tap(who, "health", offer)
            assert await here.value("SELECT state FROM request") == state


async def test_a_post_edited_into_an_apology_is_asked_about_and_stays() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.edit("chebet", "health", post, "Sorry, please ignore")
        assert here.lines("health")[1:] == [OFFER]
        assert await here.value("SELECT state FROM request") == "submitted"


async def test_of_several_requests_it_is_asked_which() -> None:
    async with county() as here:
        await here.say("chebet", "water", PIPE + "\n\nLocation: Tot\nProblem: No tap")
        await here.say("chebet", "water", "please ignore this one", reply_to=here.messages("water")[0].id)
        assert here.lines("water")[1].startswith("Which one: WTR-26-0001-G")


async def test_once_answered_they_are_only_noted() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        word = await here.say("chebet", "health", "please ignore", reply_to=post)
        assert len(here.lines("health")) == 2
        assert here.reaction("health", word) == "✍"
