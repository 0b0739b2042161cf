"""A request that is moved: its number and its answer's date stay, and the new department is asked as of a new post."""

from __future__ import annotations

import pytest

from tests.county import FORM, County, county

REF = "HLT-26-0001-J"
DRY = FORM.replace("No malaria drugs since Monday, patients sent away", "Tap at the gate is dry since Monday")
ROUTINE = DRY.replace("Urgent", "Routine")
EMERGENCY = DRY.replace("Urgent", "Emergency")
NUMBERS = "ambulance 1199, police 999 / 112 or county helpline (Mon-Fri 8-17) 0704 220 220"
CALL = f"{REF} EMERGENCY, Kapsowar, came from Health. Do not wait for this bot, call now: {NUMBERS}."
RING = (
    f"EMERGENCY {REF}, Water, Kapsowar, posted by Jane today 10:10. Please reply in the group now; one word is enough."
)
MOVED = [f"{REF}: moved to Water"]


async def _promised(here: County, until: str) -> str:
    """A routine request with a first word in time and a day that was named; the clock stands at `until`, local."""
    post = await here.say("chebet", "health", ROUTINE)
    await here.say("kiptoo", "health", "Seen. I will find out whose it is by 4 December.", reply_to=post)
    await here.wait_until(until)
    return post


@pytest.mark.parametrize(
    ("moved", "reply_by"), [("2026-12-03 15:00", "Mon 7 Dec 15:00"), ("2026-11-30 16:00", "Wed 2 Dec 16:00")]
)
async def test_the_new_coordinator_has_the_time_of_a_first_word_and_nobody_is_blamed_before(
    moved: str, reply_by: str
) -> None:
    async with county() as here:
        post = await _promised(here, moved)
        mirror, slips = here.lines("mirror"), here.private("chebet")
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        await here.wait(hours=1)
        assert here.lines("water") == [
            f"{REF}, routine, Kapsowar, came from Health. Judith, please reply here by {reply_by}. "
            "Answer due Tue 8 Dec."
        ]
        assert here.lines("mirror")[len(mirror) :] == MOVED
        assert here.private("chebet") == slips
        assert here.private("judith") == here.private("nelson") == []


async def test_whoever_hands_it_back_tells_their_own_group_and_where_it_comes_home_it_is_asked_for() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", ROUTINE)
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        health = here.lines("health")
        await here.say("judith", "water", f"/move {REF} health")
        assert here.lines("water")[1:] == [f"{REF} moved to Health by Judith. Number and clock stay."]
        assert here.lines("health")[len(health) :] == [
            f"{REF}, routine, Kapsowar, came from Water. Daniel, please reply here by Thu 26 Nov 10:10."
            " Answer due Tue 8 Dec."
        ]


async def test_silence_in_the_new_department_climbs_its_ladder_from_the_first_step() -> None:
    async with county() as here:
        post = await _promised(here, "2026-12-03 15:00")
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        await here.wait_until("2026-12-07 15:14")
        assert here.private("judith") == []
        await here.wait_until("2026-12-07 15:15")
        assert here.private("judith") == [
            "Habari Judith. One waits for your word:\n"
            f"{REF}, Kapsowar: no word yet, due today 15:00\n"
            "Please reply with its number and your news."
        ]
        assert len(here.lines("water")) == 1
        await here.wait_until("2026-12-08 08:10")
        assert here.lines("water")[1:] == [
            f"{REF}: no word yet. It goes to the director next, but I can reach none; Nelson of communications, "
            "please take it there."
        ]


async def test_an_answer_that_was_late_when_it_was_moved_is_asked_for_after_the_new_departments_first_word_is_due() -> (
    None
):
    async with county() as here:
        post = await _promised(here, "2026-12-16 10:00")
        group = here.lines("health")
        assert group[-1].startswith(f"{REF}: ")
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        await here.say(
            "judith", "water", "Seen, the plumber goes on 22 December", reply_to=here.messages("water")[0].id
        )
        asked = here.private("judith")
        await here.wait_until("2026-12-18 17:00")
        assert here.private("judith") == asked == []
        await here.wait_until("2026-12-21 08:10")
        assert here.private("judith") == [
            "Habari Judith. One waits for your word:\n"
            f"{REF}, Kapsowar: the answer was due Tue 8 Dec\n"
            "Please reply with its number and your news."
        ]
        assert here.lines("water")[1:] == []


@pytest.mark.parametrize("heard", [False, True])
async def test_an_emergency_rings_in_the_new_department_at_once_and_its_group_gets_the_numbers(heard: bool) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", EMERGENCY)
        if heard:
            await here.wait(minutes=5)
            await here.say("kiptoo", "health", "I am going there now", reply_to=post)
        await here.wait(minutes=40)
        before = here.private("nelson")
        await here.say("chebet", "health", "/move water", reply_to=post)
        assert here.lines("water") == [f"{CALL} Ringing Judith and Nelson."]
        assert here.private("judith") == [RING]
        assert here.private("nelson")[len(before) :] == [RING]
        await here.wait(minutes=25)
        assert here.private("judith") == [RING] * 3
        await here.say(
            "judith", "water", "The valve is closed now, we are there", reply_to=here.messages("water")[0].id
        )
        await here.wait(hours=3)
        assert here.private("judith") == [RING] * 3


async def test_an_emergency_that_is_moved_after_hours_of_words_begins_with_the_new_coordinator() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", EMERGENCY)
        await here.say("kiptoo", "health", "I am going there now", reply_to=post)
        await here.wait(hours=5)
        await here.say("kiptoo", "health", "It is the main pipe, only water can close it", reply_to=post)
        await here.wait(hours=2)
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        assert here.lines("water") == [f"{CALL} Ringing Judith and Nelson."]
        assert here.private("judith") == [RING]
        await here.wait_until("2026-11-24 18:31")
        assert here.private("judith")[3:] == [
            f"EMERGENCY {REF}, Water, Kapsowar: no word yet, due today 18:10. Please reply in the group now. "
            "Nobody in danger any more: /safe."
        ]


async def test_an_emergency_that_the_citizen_opened_again_rings_where_it_is_moved() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", EMERGENCY)
        await here.say("kiptoo", "health", "/resolve The gate was mended by our own team", reply_to=post)
        await here.say("chebet", "health", "Not yet, still no water", reply_to=post)
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        assert here.lines("water") == [f"{CALL} Ringing Judith and Nelson."]
        assert here.private("judith") == [RING]


async def test_what_the_citizen_opened_again_is_asked_for_where_it_is_moved() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", DRY)
        await here.say("kiptoo", "health", "/resolve The gate was mended by our own team", reply_to=post)
        await here.say("chebet", "health", "Not yet, still no water", reply_to=post)
        await here.wait(hours=1)
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        assert here.lines("water") == [
            f"{REF}, urgent, Kapsowar, came from Health. Judith, please reply here by today 15:10. "
            "Answer due Fri 27 Nov."
        ]
        await here.wait_until("2026-11-24 15:20")
        assert here.private("judith") == [
            "Habari Judith. One waits for your word:\n"
            f"{REF}, urgent, Kapsowar: your next word was due today 15:10\n"
            "Please reply with its number and your news."
        ]


async def test_a_department_that_nobody_can_be_rung_for_gets_the_numbers_all_the_same() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", EMERGENCY)
        await here.say("chebet", "health", "/move roads", reply_to=post)
        assert here.lines("roads") == [f"{CALL} Ringing Nelson."]


async def test_who_asks_why_is_told_that_the_first_word_is_counted_from_the_move() -> None:
    async with county() as here:
        post = await _promised(here, "2026-12-03 15:00")
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        await here.say("judith", "private:judith", f"/why {REF}")
        assert here.private("judith")[0].splitlines()[1] == (
            "First word: due Mon 7 Dec 15:00. Counted from today 15:00, working days: 2 [priority.routine.acknowledge]"
        )


async def test_communications_hear_of_what_is_handed_back_and_may_settle_whose_it_is() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", ROUTINE)
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        await here.say("judith", "water", f"/move {REF} roads")
        before = here.lines("communications")
        await here.say("chebet", "health", f"/move {REF} water", reply_to=post)
        assert here.lines("communications")[len(before) :] == [
            f"{REF} is back with Water, which had moved it away; it was moved 3 times so far."
            " Please settle with the departments whose it is."
        ]


async def test_a_move_that_was_undone_is_no_return() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", ROUTINE)
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        await here.say("kiptoo", "health", "/undo")
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        assert here.lines("communications") == []
