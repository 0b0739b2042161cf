"""After a month away a group hears little at once, whatever has fallen due meanwhile; what people write is answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from groupbot.records import Notice
from tests.county import FORM, County, county
from tests.delivery.scripted import queue, scripted

BLOCKS = [Notice("sandbox", "mirror", "send", f"b{n}", "mirror_figures", {"items": [f"block {n}"]}) for n in range(5)]


async def _come_back(here: County) -> int:
    """A month goes by with the bot off; five blocks that can share no message wait for the mirror."""
    await here.say("chebet", "health", FORM)
    here.clock.set(here.clock() + timedelta(days=30))
    await queue(here, *BLOCKS)
    count = len(here.lines("mirror"))
    await here.app.step()
    return count


async def test_three_messages_come_at_once_and_the_others_a_quarter_of_an_hour_later() -> None:
    async with county() as here:
        before = await _come_back(here)
        assert here.lines("mirror")[before:] == ["block 0", "block 1", "block 2"]
        await here.wait(minutes=14)
        assert len(here.lines("mirror")) == before + 3
        await here.wait(minutes=2)
        assert here.lines("mirror")[before + 3 : before + 5] == ["block 3", "block 4"]


async def test_a_line_that_was_tried_in_vain_before_counts_as_any_other() -> None:
    async with county() as here:
        scripted(here, "not_sent", chat="mirror")
        later = here.clock() + timedelta(days=1)
        await queue(here, *(replace(block, not_before=later) for block in BLOCKS[:3]))
        await queue(here, Notice("sandbox", "mirror", "send", "tried", "mirror_reopened", {"ref": "HLT-26-0001-J"}))
        await here.app.step()
        assert here.lines("mirror") == []
        await _come_back(here)
        assert here.lines("mirror")[-3:] == ["block 0", "block 1", "block 2"]
        await here.wait(minutes=14)
        assert here.lines("mirror")[-1] == "block 2"
        await here.wait(minutes=2)
        assert here.lines("mirror")[3] == "HLT-26-0001-J: citizen says NOT YET, open again"


async def test_a_start_after_that_does_not_begin_to_count_anew() -> None:
    async with county() as here:
        before = await _come_back(here)
        here.app.delivery._returning._heard.clear()
        await here.app.worker.run(lambda: here.app.store.write_tx(here.app.delivery.begin_run))
        await queue(here, replace(BLOCKS[0], dedup_key="another"))
        await here.wait(minutes=14)
        assert len(here.lines("mirror")) == before + 3


async def test_people_are_answered_meanwhile() -> None:
    async with county() as here:
        await _come_back(here)
        count = len(here.lines("health"))
        for number in range(4):
            await here.say("chebet", "health", FORM.replace("malaria drugs", f"gauze {number}"))
        assert len([one for one in here.lines("health")[count:] if one.startswith("HLT-")]) == 4


async def test_who_was_there_all_the_time_holds_nothing_back() -> None:
    async with county() as here:
        await here.wait(days=3)
        count = len(here.lines("mirror"))
        await queue(here, *BLOCKS)
        await here.app.step()
        assert here.lines("mirror")[count:] == [f"block {number}" for number in range(5)]


async def test_requests_that_close_because_time_has_passed_wait_as_late_ones_do() -> None:
    async with county() as here:
        await _come_back(here)
        closed = [
            Notice(
                "sandbox", "water", "send", f"c{n}", "closed_unreachable", {"ref": f"WTR-{n}", "times": 6, "days": 30}
            )
            for n in range(4)
        ]
        await queue(here, *closed)
        await here.app.step()
        assert [line.partition(" ")[0] for line in here.lines("water")] == ["WTR-0", "WTR-1", "WTR-2"]
        await here.wait(minutes=16)
        assert here.lines("water")[3:] == [
            "WTR-3 closed: no word of the citizen came, asked for 6 times. "
            "If it is not done, reply NOT YET and why within 30 days."
        ]
