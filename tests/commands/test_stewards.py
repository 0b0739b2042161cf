"""Communications pause and announce; observers tell what they see, and nobody learns who they are."""

from __future__ import annotations

import pytest

from tests.county import FORM, county

REF = "HLT-26-0001-J"


async def test_a_pause_puts_reminders_off_and_moves_no_date() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        due = await here.value("SELECT expected_datetime FROM request")
        await here.say("nelson", "health", "/pause until Friday, the store is being counted", reply_to=post)
        assert here.lines("health")[1:] == [f"{REF}: no reminders until Fri 27 Nov 17:00, says Nelson. Its dates stay."]
        assert await here.value("SELECT expected_datetime FROM request") == due
        paused = await here.value("SELECT paused_until FROM request")
        assert await here.value("SELECT next_nag_at FROM request") == paused


async def test_a_department_that_a_paused_request_comes_to_hears_of_the_pause() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("nelson", "health", "/pause until Friday, the store is being counted", reply_to=post)
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        assert here.lines("water")[1:] == [f"{REF}: no reminders until Fri 27 Nov 17:00, says Nelson. Its dates stay."]


async def test_an_answer_ends_the_pause_and_a_not_yet_is_put_to_the_department_at_once() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("nelson", "health", "/pause until 18 December, the store is being counted", reply_to=post)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        assert await here.value("SELECT paused_until FROM request") is None
        await here.say("chebet", "health", "NOT YET, the shelves are empty", reply_to=post)
        await here.wait_until("2026-11-25 09:00")
        assert [line for line in here.private("cheruto") if "the citizen says not yet" in line]


async def test_a_department_hears_of_no_pause_that_is_over() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("nelson", "health", "/pause until Friday, the store is being counted", reply_to=post)
        await here.wait_until("2026-11-30 09:00")
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        assert len(here.lines("water")) == 1


@pytest.mark.parametrize("why", ["the store was flooded", "flood", "the lorry comes back on 20 December"])
async def test_a_pause_ends_on_the_day_in_front_whatever_the_reason_tells(why: str) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("nelson", "health", f"/pause until 11 December {why}", reply_to=post)
        told = f"{REF}: no reminders until Fri 11 Dec 17:00, says Nelson. Its dates stay."
        assert here.lines("health")[1:] == [told]
        assert await here.value("SELECT pause_reason FROM request") == why


@pytest.mark.parametrize("who", ["chebet", "kiptoo", "cheruto", "naomi", "stranger"])
async def test_nobody_else_pauses(who: str) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say(who, "health", "/pause until Friday, the store is being counted", reply_to=post)
        assert await here.value("SELECT paused_until FROM request") is None


async def test_an_announcement_goes_to_all_groups_from_the_communications_group_alone() -> None:
    async with county() as here:
        await here.say("nelson", "health", "/announce The helpline is closed tomorrow")
        assert here.lines("health") == [
            "Please give /announce in the communications group, where your colleagues see it."
        ]
        await here.say("nelson", "communications", "/announce The helpline is closed tomorrow")
        said = "From communications (Nelson): The helpline is closed tomorrow"
        assert here.lines("health")[1:] == here.lines("water") == here.lines("mirror") == [said]
        assert here.lines("communications") == ["Sent to 4 groups."]


async def test_an_observer_tells_what_they_see_and_is_not_named() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await here.say("naomi", "private:naomi", f"/we-see {REF} the shelves are empty since Monday")
        assert here.lines("health")[1:] == [f"{REF}: an observer says: the shelves are empty since Monday"]
        assert here.private("naomi") == [f"{REF}: passed on to the department, without your name."]
        assert not [line for line in (*here.lines("health"), *here.lines("mirror")) if "Naomi" in line]
        assert await here.value("SELECT state FROM request") == "submitted"


@pytest.mark.parametrize(
    ("where", "text", "answer"),
    [
        ("health", "the shelves are empty", "Please write that to me alone, so that nobody sees who you are."),
        ("private:naomi", "call 0712 345 678", f"{REF}: please leave out telephone numbers, then I pass it on."),
        ("private:naomi", "", "Please write /we-see, the number of the request, and what you see."),
    ],
)
async def test_what_an_observer_should_not_do_is_not_done(where: str, text: str, answer: str) -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await here.say("naomi", where, f"/we-see {REF} {text}")
        assert here.lines(where)[-1] == answer
        assert await here.value("SELECT count(*) FROM service_log") == 1


@pytest.mark.parametrize("who", ["chebet", "kiptoo", "nelson", "stranger"])
async def test_only_observers_speak_as_observers(who: str) -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await here.say(who, f"private:{who}", f"/we-see {REF} the shelves are empty")
        assert len(here.lines("health")) == 1


@pytest.mark.parametrize(
    ("who", "first"),
    [
        ("chebet", "1. Report: write Location and Problem, each on its own line, and Priority if you know it."),
        ("kiptoo", "1. Reply to the post: one word is enough. A day or hour in it is when your next word is due."),
        ("cheruto", "1. Reply to the post: one word is enough. A day or hour in it is when your next word is due."),
        ("nelson", "1. Somebody new: /invite, the role, its department or ward, and the name."),
        ("naomi", "1. See where a request stands: write its number alone, here or in the group."),
        ("stranger", "I do not know you yet, so nothing was changed. Please ask communications to register you."),
    ],
)
async def test_help_shows_a_person_their_own(who: str, first: str) -> None:
    async with county() as here:
        await here.say(who, f"private:{who}", "/help")
        assert here.private(who)[0].splitlines()[0] == first
