"""The guards' dry run: who decides hears before it ends what they would have done, once, and says how long it lasts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from groupbot import enrolling
from tests.county import PLACES, PLAYERS, ZONE, County, Place, county

QUIET = (
    "Until {until} my guards in {groups} only watch. They found nothing. After that they tell you what they find."
    " Longer, or sooner: /guards until, and a day."
)
NOBODY = tuple(player for player in PLAYERS if player.role != "communications")
ALL = "Health, Water, Roads and mirror"
NOTED = """Until tomorrow 10:10 my guards in Health, Water, Roads and mirror only watch. They found:
Health, 1: many unknown people within an hour. The invitation link is closed; you are told.
Health, 1: a name like an officer's (Daniel Kipt00). You are told.
Health, 11: on no roster, joined (Visitor 0, Visitor 1 and Visitor 2). You are told.
After that they do it, by themselves. To let them watch longer, or begin sooner: /guards until, and a day."""
AGAIN = [  # who comes with a wave is not told one by one
    "Daniel Kipt00 in Health is not Daniel Kiptoo, but the name looks the same. Nothing was done; please look.",
    "Many unknown people are joining Health. I closed its invitation link; members are not affected. Please look.",
]


async def join(here: County, *names: str) -> None:
    """Let unknown people come into Health by the link."""
    for number, name in enumerate(names):
        here.sandbox.add_person(f"new-{number}-{name}", name, "")
        here.sandbox.enter("health", f"new-{number}-{name}", here.clock())
    await here.app.step()


async def joins_close_the_door(here: County) -> bool:
    """Whether guards act by now."""
    await join(here, *(f"Late visitor {number}" for number in range(10)))
    return here.sandbox.room("health").by_invitation


async def test_a_working_day_before_it_ends_communications_hear_once_what_would_have_been_done() -> None:
    async with county() as here:
        await join(here, *(f"Visitor {number}" for number in range(10)), "Daniel Kipt00")
        await here.wait_until("2026-12-07 07:59")
        assert here.private("nelson") == []
        await here.wait_until("2026-12-07 08:01")
        assert here.private("nelson") == [NOTED]
        assert not here.sandbox.room("health").by_invitation
        await here.wait(days=30)
        assert [line for line in here.private("nelson") if "guards" in line] == [NOTED]
        assert here.lines("health") == here.lines("communications") == []


async def test_guards_that_found_nothing_do_not_begin_unannounced_either() -> None:
    async with county() as here:
        await here.wait(days=20)
        assert here.private("nelson") == [QUIET.format(until="tomorrow 10:10", groups=ALL)]
        assert here.lines("communications") == []
        await here.say("nelson", "private:nelson", "/guards")
        assert here.private("nelson")[-1] == (
            f"My guards in {ALL} are at work. In the last days they found nothing."
            " To let them only watch again: /guards until, and a day."
        )


async def test_while_nobody_can_be_told_they_do_not_begin_and_who_comes_is_told_first() -> None:
    async with county(players=NOBODY, places=PLACES[:-1]) as here:
        await here.wait(days=30)
        assert not await joins_close_the_door(here)
        county_ = here.app.jurisdiction
        code = await here.app.worker.run(
            lambda: here.app.store.write_tx(lambda tx: enrolling.first_operator(tx, county_, here.clock()))
        )
        await here.say("stranger", "private:stranger", f"/join {code}")
        await here.wait_until("2026-12-28 07:59")
        assert not [line for line in here.private("stranger") if "guards" in line]
        await here.wait_until("2026-12-28 08:01")
        assert here.private("stranger")[-1].startswith("Until Wed 30 Dec 08:00 my guards in Health, Water, Roads and")
        assert not await joins_close_the_door(here)
        await here.wait_until("2026-12-30 08:01")
        assert await joins_close_the_door(here)


async def test_after_an_outage_at_its_end_there_is_still_time_to_decide() -> None:
    async with county() as here:
        here.clock.set(datetime(2026, 12, 10, 12, tzinfo=ZONE).astimezone(UTC))  # the bot was off
        assert not await joins_close_the_door(here)
        await here.wait(hours=1)
        assert here.private("nelson")[-1].startswith("Until Mon 14 Dec 08:00 my guards in Health, Water, Roads and mir")
        assert here.private("nelson")[-1].count("guards") == 2
        await here.wait_until("2026-12-13 07:59")
        assert not await joins_close_the_door(here)
        await here.wait_until("2026-12-14 08:01")
        assert await joins_close_the_door(here)
        await here.wait(days=20)
        assert len([line for line in here.private("nelson") if "guards" in line]) == 1


async def test_who_decides_lets_them_watch_longer_and_is_told_again_before_that_ends() -> None:
    async with county() as here:
        await here.wait_until("2026-12-07 08:01")
        await here.say("nelson", "communications", "/guards until 18 December")
        assert here.lines("communications")[-1] == QUIET.format(until="Fri 18 Dec 17:00", groups=ALL)
        await here.wait_until("2026-12-10 09:00")
        assert not await joins_close_the_door(here)
        await here.wait_until("2026-12-17 08:01")
        assert here.private("nelson")[-1].startswith("Until tomorrow 17:00 my guards in Health, Water")
        await here.wait_until("2026-12-19 09:00")
        assert await joins_close_the_door(here)


async def test_until_today_lets_them_begin_now_also_after_office_hours_and_on_a_sunday() -> None:
    for evening in ("2026-12-02 18:20", "2026-12-06 21:00"):
        async with county() as here:
            await here.wait_until(evening)
            await here.say("nelson", "communications", "/guards until today")
            assert here.lines("communications")[-1] == (
                f"My guards in {ALL} are at work. In the last days they found nothing."
                " To let them only watch again: /guards until, and a day."
            )
            assert await joins_close_the_door(here)


async def test_of_many_groups_it_is_said_that_they_are_all_of_them() -> None:
    more = (Place("lands", "Lands feedback", "department", "lands"),)
    async with county(places=(*PLACES, *more)) as here:
        await here.say("nelson", "private:nelson", "/guards")
        assert here.private("nelson") == [QUIET.format(until="Tue 8 Dec 10:10", groups="all groups")]


async def test_who_decides_lets_them_begin_at_once() -> None:
    async with county() as here:
        await here.say("nelson", "communications", "/guards until today")
        assert here.lines("communications")[-1].startswith(f"My guards in {ALL} are at work.")
        assert await joins_close_the_door(here)
        kept = "SELECT count(*) FROM moderation_act WHERE act = 'guards' AND person_id IS NOT NULL"
        assert await here.value(kept) == 1


async def test_what_was_only_noted_is_acted_on_when_it_is_found_again_after_they_began_the_same_day() -> None:
    async with county() as here:
        await join(here, *(f"Visitor {number}" for number in range(10)), "Daniel Kipt00")
        assert not here.sandbox.room("health").by_invitation
        await here.say("nelson", "communications", "/guards until today")
        before = len(here.lines("communications"))
        for _ in range(2):  # in again by the link that is still open; the second time is not told again
            here.sandbox.enter("health", "new-10-Daniel Kipt00", here.clock(), invited=True)
            await here.app.step()
        assert here.sandbox.room("health").by_invitation
        assert here.lines("communications")[before:] == AGAIN


async def test_what_they_found_is_told_to_those_who_decide_alone_and_never_in_a_department() -> None:
    async with county() as here:
        await join(here, "Daniel Kipt00")
        await here.say("nelson", "health", "/guards")
        assert here.lines("health") == ["Please ask me /guards alone."]
        await here.say("nelson", "private:nelson", "/guards")
        assert "Health, 1: a name like an officer's (Daniel Kipt00). You are told." in here.private("nelson")[-1]


@pytest.mark.parametrize("who", ["chebet", "kiptoo", "naomi", "stranger"])
async def test_nobody_else_asks_or_decides(who: str) -> None:
    async with county() as here:
        await here.say(who, f"private:{who}", "/guards until today")
        assert await here.value("SELECT count(*) FROM bot_state WHERE name LIKE 'guards_until%'") == 0
        assert not [line for line in here.private(who) if line.startswith(("The guards", "Until"))]
