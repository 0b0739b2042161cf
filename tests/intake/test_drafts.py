"""Posts that lack something: one nudge to their author alone, and an end after a day."""

from __future__ import annotations

from tests.county import county

NO_PLACE = "SERVICE REQUEST\nProblem: No nurse at night\nPriority: normal"


async def test_whoever_forgets_is_nudged_once_alone_and_in_working_time() -> None:
    async with county() as here:
        await here.say("chebet", "health", NO_PLACE)
        await here.wait(hours=3, minutes=59)
        assert here.private("chebet") == []
        await here.wait(minutes=2)
        assert here.private("chebet") == [
            "Jane, your post of today 10:10 still lacks the place. "
            "Reply to it in the group with that, and I will give a number."
        ]
        await here.wait(hours=72)
        assert len(here.private("chebet")) == 1
        assert len(here.lines("health")) == 1


async def test_an_evenings_post_is_nudged_about_when_offices_open() -> None:
    async with county() as here:
        await here.wait_until("2026-11-24 19:00")
        await here.say("chebet", "health", NO_PLACE)
        await here.wait_until("2026-11-25 07:59")
        assert here.private("chebet") == []
        await here.wait_until("2026-11-25 08:05")
        assert [line.partition(" still ")[0] for line in here.private("chebet")] == [
            "Jane, your post of yesterday 19:00"
        ]


async def test_whoever_has_completed_a_post_is_not_nudged_about_it() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", NO_PLACE)
        await here.say("chebet", "health", "Chesoi dispensary", reply_to=post)
        told = here.private("chebet")
        await here.wait(hours=5)
        assert not [line for line in here.private("chebet")[len(told) :] if "still lacks" in line]


async def test_after_a_day_a_bare_label_no_longer_completes_it() -> None:
    async with county() as here:
        await here.say("chebet", "health", NO_PLACE)
        await here.wait(hours=25)
        await here.say("chebet", "health", "Location: Chesoi dispensary")
        assert len(here.lines("health")) == 1


async def test_a_late_reply_completes_it_all_the_same_with_clocks_from_the_reply() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", NO_PLACE)
        await here.wait(hours=25)
        await here.say("chebet", "health", "Chesoi dispensary", reply_to=post)
        assert here.lines("health")[1:] == [
            "HLT-26-0001-J, routine, Kapsowar. Daniel, please reply here by Fri 27 Nov 11:10. Answer due Wed 9 Dec."
        ]


async def test_nobody_else_completes_it() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", NO_PLACE)
        await here.say("rose", "health", "Location: Kabiemit", reply_to=post)
        await here.say("rose", "health", "Location: Kabiemit")
        assert len(here.lines("health")) == 1
