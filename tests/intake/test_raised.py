"""A request that is made more pressing later: its clocks run from then, and an emergency rings like a new one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.county import County, county

REF = "HLT-26-0001-J"
ROUTINE = "Location: Chesoi clinic\nProblem: The roof of the maternity ward leaks"
WORSE = "Location: Chesoi clinic\nProblem: The roof of the maternity ward leaks, it is falling in\nPriority: {}"
CALL = (
    f"{REF} EMERGENCY, Kapsowar. Do not wait for this bot, call now: ambulance 1199, police 999 / 112 or county"
    " helpline (Mon-Fri 8-17) 0704 220 220. Ringing Daniel, Dr Cheruto and Nelson."
)
RING = (
    f"EMERGENCY {REF}, Health, Kapsowar, posted by Jane today 13:10. Please reply in the group now; one word is enough."
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
        assert here.private("kiptoo") == here.private("cheruto") == here.private("nelson") == [RING]
        assert here.lines("mirror")[1:] == [f"{REF}: now emergency, due Thu 26 Nov"]
        await here.wait(minutes=11)
        assert here.private("kiptoo") == [RING, RING]
        await here.say("kiptoo", "health", "I am on my way", reply_to=post)
        await here.wait(minutes=30)
        assert here.private("kiptoo") == [RING, RING]


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
