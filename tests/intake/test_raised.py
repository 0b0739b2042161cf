"""A request that is made more pressing later: its clocks run from then, and an emergency rings like a new one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.county import FORM, County, county

REF = "HLT-26-0001-J"
ROUTINE = "Location: Chesoi clinic\nProblem: The roof of the maternity ward leaks"
WORSE = "Location: Chesoi clinic\nProblem: The roof of the maternity ward leaks, it is falling in\nPriority: {}"
CALL = (
    f"{REF} EMERGENCY, Kapsowar. Do not wait for this bot, call now: ambulance 1199, police 999 / 112 or county"
    " helpline (Mon-Fri 8-17) 0704 220 220. Ringing Daniel, Dr Cheruto and Nelson."
)
RING = (
    f"EMERGENCY {REF}, Health, Kapsowar, raised by {{}} today 13:10. Please reply in the group now; one word is enough."
)
Raise = Callable[[County, str, str], Awaitable[None]]


async def _edits(here: County, post: str, level: str) -> None:
    await here.edit("chebet", "health", post, WORSE.format(level))


async def _adds_below(here: County, post: str, level: str) -> None:
    await here.say("chebet", "health", f"Priority: {level}", reply_to=post)


async def _posts_again(here: County, _: str, level: str) -> None:
    await here.say("chebet", "health", f"{ROUTINE}\nPriority: {level}\nPhone: 0728 000 836")


async def _orders(here: County, post: str, level: str) -> None:
    await here.say("cheruto", "health", f"/priority {level} the ward is full of mothers", reply_to=post)


def _ring_of(raised: Raise) -> str:
    return RING.format("Dr Cheruto" if raised is _orders else "Jane")


EVERY_WAY = pytest.mark.parametrize("raised", [_edits, _adds_below, _posts_again, _orders])


async def _promised(here: County) -> str:
    post = await here.say("chebet", "health", ROUTINE)
    await here.say("kiptoo", "health", "Seen, the engineer comes on 11 December", reply_to=post)
    await here.wait(hours=3)
    return post


@EVERY_WAY
async def test_who_makes_it_an_emergency_gets_the_numbers_and_its_officers_are_rung_whatever_was_promised(
    raised: Raise,
) -> None:
    async with county() as here:
        post = await _promised(here)
        await raised(here, post, "emergency")
        assert here.lines("health")[-1] == CALL
        assert len(here.lines("health")) == 3
        ring = _ring_of(raised)
        assert here.private("kiptoo") == here.private("cheruto") == here.private("nelson") == [ring]
        assert here.lines("mirror")[1:] == [f"{REF}: now emergency, due Thu 26 Nov"]
        await here.wait(minutes=11)
        assert here.private("kiptoo") == [ring, ring]
        await here.say("kiptoo", "health", "I am on my way", reply_to=post)
        await here.wait(minutes=30)
        assert here.private("kiptoo") == [ring, ring]


@EVERY_WAY
async def test_a_time_named_for_a_routine_matter_does_not_outlast_the_clock_of_an_urgent_one(raised: Raise) -> None:
    async with county() as here:
        post = await _promised(here)
        await raised(here, post, "urgent")
        assert CALL not in here.lines("health")
        assert here.lines("mirror")[1:] == [f"{REF}: now urgent, due Fri 27 Nov"]
        await here.wait(days=2)
        assert (
            here.private("kiptoo")[0].splitlines()[1] == f"{REF}, urgent, Kapsowar: your next word was due today 13:10"
        )


async def test_an_emergency_that_was_made_safe_and_is_edited_again_rings_nobody() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", WORSE.format("emergency"))
        await here.say("kiptoo", "health", f"/safe {REF}")
        lines, rung = here.lines("health"), here.private("kiptoo")
        await here.edit("chebet", "health", post, WORSE.format("emergency").replace("falling in", "held up by poles"))
        assert here.lines("health")[len(lines) :] == [f"{REF} changed by Jane: the problem."]
        await here.wait(minutes=30)
        assert here.private("kiptoo") == rung


async def test_undone_at_once_it_is_as_it_was_and_what_was_promised_holds() -> None:
    async with county() as here:
        post = await _promised(here)
        await _orders(here, post, "emergency")
        await here.say("cheruto", "health", "/undo")
        told = await here.value("SELECT state || ' ' || priority || ' ' || next_word_named FROM request")
        assert told == "acknowledged routine 1"
        rung = len(here.private("kiptoo"))
        await here.wait(minutes=30)
        assert len(here.private("kiptoo")) == rung


async def test_after_it_was_made_safe_it_can_be_made_an_emergency_again() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", WORSE.format("emergency"))
        await here.say("kiptoo", "health", f"/safe {REF}")
        await here.wait(hours=3)
        await _orders(here, post, "emergency")
        assert here.lines("health")[-2:] == [f"{REF} is now emergency, says Dr Cheruto. Answer due Thu 26 Nov.", CALL]
        assert here.private("kiptoo")[-1] == RING.format("Dr Cheruto")
        await here.wait(minutes=11)
        assert here.private("kiptoo")[-2:] == [RING.format("Dr Cheruto"), RING.format("Dr Cheruto")]


async def test_danger_that_is_told_of_after_it_was_made_safe_is_asked_about_again() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", WORSE.format("emergency"))
        await here.say("kiptoo", "health", f"/safe {REF}")
        await here.wait(hours=3)
        await here.say("chebet", "health", "Two mothers are trapped under it now, they may die", reply_to=post)
        asked = here.messages("health")[-1]
        assert asked.text.endswith("Make it an emergency? Reply EMERGENCY.")
        await here.tap("chebet", "health", asked)
        assert here.lines("health")[-1] == CALL
        assert here.private("kiptoo")[-1] == RING.format("Jane")


async def test_a_yes_to_what_is_an_emergency_by_now_changes_nothing() -> None:
    async with county() as here:
        post = await _promised(here)
        await here.say("chebet", "health", "The roof is falling, mothers are trapped", reply_to=post)
        asked = here.messages("health")[-1]
        await _orders(here, post, "emergency")
        await here.say("kiptoo", "health", "I am on my way", reply_to=post)
        lines, rung = here.lines("health"), here.private("kiptoo")
        await here.tap("chebet", "health", asked)
        await here.wait(minutes=30)
        assert (here.lines("health"), here.private("kiptoo")) == (lines, rung)
        assert await here.value("SELECT state FROM request") == "acknowledged"


async def test_who_makes_it_an_emergency_ends_a_pause() -> None:
    async with county() as here:
        post = await _promised(here)
        await here.say("nelson", "communications", f"/pause {REF} until 11 December the road is closed")
        await _edits(here, post, "emergency")
        await here.wait(minutes=11)
        assert here.private("kiptoo") == [RING.format("Jane")] * 2


async def test_an_answer_that_came_before_the_yes_to_an_emergency_does_not_hold() -> None:
    async with county() as here:
        post = await _promised(here)
        await here.say("chebet", "health", "The roof is falling, mothers are trapped", reply_to=post)
        asked = here.messages("health")[-1]
        await here.say("kiptoo", "health", "/resolve the roof was propped up by our carpenter today", reply_to=post)
        await here.tap("chebet", "health", asked)
        assert here.lines("health")[-1] == CALL
        assert await here.value("SELECT state || ' ' || priority FROM request") == "submitted emergency"
        assert here.private("kiptoo")[-1] == RING.format("Jane")


async def test_an_emergency_by_mistake_that_is_edited_back_makes_nobody_late_and_the_promise_stands() -> None:
    async with county() as here:
        post = await _promised(here)
        await here.wait_until("2026-12-02 10:00")
        await _edits(here, post, "emergency")
        await here.wait(minutes=1)
        await here.edit("chebet", "health", post, ROUTINE + "\nPriority: routine")
        assert here.lines("health")[-1].endswith("now routine. Answer due Tue 8 Dec.")
        said = (here.lines("health"), here.private("kiptoo"))
        await here.wait_until("2026-12-07 18:00")
        assert (here.lines("health"), here.private("kiptoo")) == said


async def test_a_lower_priority_leaves_the_day_that_was_granted_and_gives_its_own_time_for_the_next_word() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", WORSE.format("urgent"))
        await here.say("kiptoo", "health", "/by 18 December the timber comes only then", reply_to=post)
        await _orders(here, post, "routine")
        assert here.lines("health")[-1] == f"{REF} is now routine, says Dr Cheruto. Answer due Fri 18 Dec."
        await here.wait(days=1, hours=1)
        assert here.private("kiptoo") == []


async def test_whose_priority_is_that_already_is_left_as_it_is() -> None:
    async with county() as here:
        post = await _promised(here)
        await _orders(here, post, "routine")
        assert here.lines("health")[-1] == f"{REF} is routine already."
        assert here.lines("mirror")[1:] == []


PLACE = (ROUTINE.replace("Chesoi clinic", "Chesoi clinic, ward 3"), f"{REF} changed by Jane: the place.")
TYPO = (ROUTINE.replace("leaks", "leeks"), f"{REF} changed by Jane: the problem.")


@pytest.mark.parametrize("raised", [_adds_below, _posts_again, _orders])
@pytest.mark.parametrize(("edited", "said"), [PLACE, TYPO], ids=["the place", "a letter"])
async def test_an_edit_of_something_else_takes_no_emergency_back(raised: Raise, edited: str, said: str) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", f"{ROUTINE}\nPriority: routine")
        await here.wait(hours=3)
        await raised(here, post, "emergency")
        lines = here.lines("health")
        await here.edit("chebet", "health", post, f"{edited}\nPriority: routine")
        assert here.lines("health")[len(lines) :] == [said]
        assert here.lines("mirror")[1:] == [f"{REF}: now emergency, due Thu 26 Nov"]
        await here.wait(minutes=11)
        assert here.private("kiptoo") == [_ring_of(raised)] * 2


async def test_nor_does_it_take_back_what_a_director_lowered() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", f"{ROUTINE}\nPriority: urgent")
        await here.say("cheruto", "health", "/priority routine the ward is empty until March", reply_to=post)
        await here.edit("chebet", "health", post, f"{PLACE[0]}\nPriority: urgent")
        assert here.lines("health")[2:] == [PLACE[1]]
        await here.edit("chebet", "health", post, f"{PLACE[0]}\nPriority: emergency")
        assert here.lines("health")[3:] == [f"{REF} changed by Jane: now emergency. Answer due Thu 26 Nov.", CALL]


async def test_who_raises_the_post_a_little_lowers_no_emergency_and_who_lowers_it_again_lowers_the_request() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", f"{ROUTINE}\nPriority: routine")
        await _orders(here, post, "emergency")
        lines = here.lines("health")
        await here.edit("chebet", "health", post, f"{ROUTINE}\nPriority: urgent")
        assert here.lines("health") == lines
        assert here.reaction("health", post) == "✍"
        await here.edit("chebet", "health", post, f"{ROUTINE}\nPriority: routine")
        assert here.lines("health")[len(lines) :] == [f"{REF} changed by Jane: now routine. Answer due Tue 8 Dec."]


async def test_the_same_words_within_the_hour_but_now_an_emergency_ring() -> None:
    async with county() as here:
        await here.say("chebet", "health", ROUTINE)
        await here.wait(minutes=5)
        await here.say("chebet", "health", ROUTINE + "\nPriority: emergency")
        assert here.lines("health")[1:] == [
            f"{REF} is open since today 10:10; the details are added. Now emergency, answer due Thu 26 Nov.",
            CALL,
        ]
        assert len(here.private("kiptoo")) == 1
        again = await here.say("chebet", "health", ROUTINE + "\nPriority: emergency")
        assert here.reaction("health", again) == "👍"
        assert len(here.lines("health")) == 3


async def test_an_emergency_in_another_group_moves_the_request_and_rings_there() -> None:
    async with county() as here:
        await here.say("chebet", "health", ROUTINE)
        await here.wait(minutes=5)
        await here.say("chebet", "water", ROUTINE + "\nPriority: emergency")
        assert [line for line in here.lines("water") if "EMERGENCY" in line] != []
        assert await here.value("SELECT priority || ' ' || service_code FROM request") == "emergency water"
        assert [line for line in here.private("judith") if line.startswith("EMERGENCY")] != []


async def test_what_was_answered_already_is_not_said_to_be_added_to() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", ROUTINE)
        await here.say("kiptoo", "health", "/resolve the roof was mended by our carpenter on Monday", reply_to=post)
        await here.wait(hours=2)
        lines = len(here.lines("health"))
        await here.say("chebet", "health", ROUTINE + ", water comes in on the mothers\nPriority: urgent")
        assert here.lines("health")[lines:] == [f"{REF} is answered already; the citizen is being asked."]


async def test_a_request_that_was_opened_again_can_be_made_an_emergency() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", ROUTINE)
        await here.say("kiptoo", "health", "/resolve the roof was mended by our carpenter on Monday", reply_to=post)
        await here.say(
            "chebet", "health", "Not yet, it is falling in and mothers are trapped, they may die", reply_to=post
        )
        assert here.lines("health")[-1].endswith("Make it an emergency? Reply EMERGENCY.")
        await here.say("chebet", "health", "Priority: emergency", reply_to=post)
        assert here.lines("health")[-1] == CALL
        assert await here.value("SELECT state || ' ' || priority FROM request") == "submitted emergency"


async def test_a_level_alone_raises_what_was_made_safe() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", WORSE.format("emergency"))
        await here.say("kiptoo", "health", f"/safe {REF}")
        await here.wait(hours=3)
        await _adds_below(here, post, "emergency")
        assert here.lines("health")[-1] == CALL
        assert here.private("kiptoo")[-1] == RING.format("Jane")


@pytest.mark.parametrize("words", ["EMERGENCY", "Emergency! people are fighting again", "Hii ni dharura"])
async def test_whoever_calls_it_an_emergency_in_a_short_reply_is_asked_and_told_the_numbers(words: str) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("chebet", "health", words, reply_to=post)
        assert here.lines("health")[1].startswith("HLT-26-0001-J: if anyone is in danger, call now: ambulance 1199")
        assert await here.value("SELECT priority FROM request") == "urgent"
