"""What is taken back is corrected wherever it was told, once, and nowhere else."""

from __future__ import annotations

from groupbot.rehearsal.stage import Place
from tests.county import FORM, PLACES, county

REF = "HLT-26-0001-J"
BACK = f"{REF}: Daniel took the last act back. Now: with Health again, no word yet."
CORRECTED = f"{REF}: correction: with Health again, no word yet"
ROUTINE = FORM.replace("Urgent", "Routine")
EMERGENCY = FORM.replace("Urgent", "Emergency")
WATER_MIRROR = Place("water-mirror", "Water mirror", "mirror", service_code="water")


async def test_a_move_is_taken_back_in_the_group_it_had_come_to() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        communications = here.lines("communications")
        await here.say("kiptoo", "health", "/undo")
        assert here.lines("health")[-2:] == [f"{REF} moved to Water by Daniel. Number and clock stay.", BACK]
        assert here.lines("water")[1:] == [BACK]
        assert here.lines("mirror")[1:] == [f"{REF}: moved to Water", CORRECTED]
        assert here.lines("communications") == communications
        assert here.private("judith") == here.private("kiptoo") == []


async def test_who_was_asked_to_name_a_coordinator_for_it_hears_that_it_is_taken_back() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/move roads", reply_to=post)
        await here.say("kiptoo", "health", "/undo")
        assert here.lines("roads")[1:] == [BACK]
        assert here.lines("communications") == [
            f"Roads has no coordinator, and {REF} waits for one. Please name one.",
            BACK,
        ]


async def test_a_mirror_of_the_other_department_alone_hears_of_it_too() -> None:
    async with county(places=(*PLACES, WATER_MIRROR)) as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        await here.say("kiptoo", "health", "/undo")
        assert here.lines("water-mirror") == [f"{REF}: moved to Water", CORRECTED]
        assert here.lines("mirror")[1:] == [f"{REF}: moved to Water", CORRECTED]


async def test_a_raise_is_taken_back_with_the_priority_and_the_day_and_whoever_was_rung_hears_that_it_is_over() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", ROUTINE)
        await here.say("chebet", "health", "Priority: emergency", reply_to=post)
        await here.wait(minutes=2)
        await here.say("chebet", "health", "/undo", reply_to=post)
        back = f"{REF}: Jane took the last act back. Now: no word yet; routine, due Tue 8 Dec."
        assert here.lines("health")[-1] == back
        assert here.lines("mirror")[1:] == [
            f"{REF}: now emergency, due Thu 26 Nov",
            f"{REF}: correction: no word yet; routine, due Tue 8 Dec",
        ]
        for rung in ("kiptoo", "cheruto", "nelson"):
            assert len(here.private(rung)) == 2
            assert here.private(rung)[1] == back
        assert here.lines("communications") == []
        await here.wait(minutes=30)
        assert len(here.private("kiptoo")) == 2


async def test_who_was_rung_for_a_move_by_mistake_hears_that_it_is_over() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", EMERGENCY)
        await here.say("kiptoo", "health", "I am on my way", reply_to=post)
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        assert len(here.private("judith")) == 1
        await here.say("kiptoo", "health", "/undo")
        back = f"{REF}: Daniel took the last act back. Now: with Health again, being worked on."
        assert here.lines("water")[1:] == [back]
        assert here.private("judith")[1:] == [back]
        await here.wait(minutes=30)
        assert len(here.private("judith")) == 2


async def test_who_took_it_back_is_told_in_the_group_alone() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", ROUTINE)
        await here.say("cheruto", "health", "/priority emergency the ward is full of mothers", reply_to=post)
        assert len(here.private("cheruto")) == 1
        await here.say("cheruto", "health", "/undo")
        assert len(here.private("cheruto")) == 1
