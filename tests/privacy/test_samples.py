"""The monthly sample: drawn by the last checkpoint, called back by communications, shown to CSOs as it is."""

from __future__ import annotations

import base64

import pytest

from groupbot.orders import Order
from groupbot.rules import sampling
from groupbot.verify_log import find_checkpoints
from tests.county import FORM, County, county

REF = "HLT-26-0001-J"


async def closed(here: County, what: str = "malaria") -> None:
    """A request with a citizen is posted, answered and closed with the citizen's word."""
    post = await here.say("chebet", "health", FORM.replace("malaria", what) + "\nName: Hezron\nPhone: 0720 000 662")
    await here.say("kiptoo", "health", f"/resolve 200 packs for {what} delivered this morning", post)
    await here.say("chebet", "health", "Yes, she got hers", here.messages("health")[-1].id)


def about_samples(here: County, where: str) -> list[str]:
    """The lines of a chat that are about the sample."""
    return [line for line in here.lines(where) if "called back" in line.lower() or "ample" in line]


async def test_a_sample_is_drawn_when_the_first_working_day_of_the_month_opens() -> None:
    async with county() as here:
        await closed(here)
        await here.wait_until("2026-12-01 07:59")
        assert about_samples(here, "communications") == []
        await here.wait_until("2026-12-01 08:00")
        assert about_samples(here, "communications") == [
            f"To be called back, with an observer listening where one will: {REF}. /contact tells you whom."
            " Then /called, the number, and yes, no, or not reached."
        ]
        assert about_samples(here, "mirror") == [
            f"Sample, drawn by the last checkpoint from 1 closed request: {REF}."
            " Communications call its citizen; an observer may listen."
        ]
        await here.wait_until("2026-12-31 08:00")
        assert len(about_samples(here, "mirror")) == 1


async def test_anybody_can_draw_it_again_from_the_checkpoint_in_the_mirror() -> None:
    async with county() as here:
        for number in range(14):
            await closed(here, f"illness {number} of the kind {number * 7}")
            await here.wait(hours=2)
        await here.wait_until("2026-12-01 08:00")
        shown = here.lines("mirror")
        drawn = next(line for line in shown if line.startswith("Sample"))
        before, _ = find_checkpoints("\n".join(shown[: shown.index(drawn)]))
        all_of_them = sorted({line[:13] for line in shown if line.startswith("HLT") and "citizen agrees" in line})
        again = sampling.draw(base64.b64encode(before[-1].root).decode(), "2026-11", all_of_them, 10)
        assert len(again) == 10
        assert [one for one in all_of_them if one in drawn] == again


async def test_what_the_citizen_says_is_shown_and_a_no_opens_the_request_again() -> None:
    async with county() as here:
        await closed(here)
        await here.wait_until("2026-12-01 09:00")
        await here.say("nelson", "private:nelson", f"/contact {REF}")
        assert here.private("nelson")[-1].startswith(f"{REF}: Hezron +254720000662.")
        await here.say("nelson", "communications", f"/called {REF} not reached")
        assert here.lines("mirror")[-1] == f"{REF}: called back, nobody was reached"
        assert await here.value("SELECT state FROM request") == "closed"
        await here.say("nelson", "communications", f"/called {REF} no")
        assert f"{REF}: called back, the citizen says otherwise" in here.lines("mirror")
        assert await here.value("SELECT state || word_source FROM request") == "reopenedhotline"
        assert here.lines("health")[-1].startswith(f"{REF} open again: the citizen says not yet.")


async def test_next_month_tells_what_the_wards_said_beside_what_the_citizens_said() -> None:
    async with county() as here:
        await closed(here)
        await here.wait(hours=2)
        await closed(here, "cough and cold")
        await here.wait_until("2026-12-01 09:00")
        await here.say("nelson", "communications", f"/called {REF} no")
        await here.say("nelson", "communications", "/called HLT-26-0002-K yes")
        await here.wait_until("2027-01-04 08:00")
        told = [line for line in here.lines("mirror") if "the wards say" in line]
        assert told == [
            "Of 2 requests closed that month the wards say that 2 citizens agree."
            " Reached by a call from the sample: 2; of these said otherwise: 1."
        ]


async def test_only_communications_and_only_for_the_sample() -> None:
    async with county() as here:
        await closed(here)
        await here.say("nelson", "communications", f"/called {REF} no")
        assert here.lines("communications")[-1] == f"{REF} is in no sample; nothing was changed."
        await here.say("nelson", "private:nelson", f"/contact {REF}")
        assert "only the ward admin" in here.private("nelson")[-1]
        await here.wait_until("2026-12-01 09:00")
        for who in ("chebet", "kiptoo", "naomi", "stranger"):
            await here.say(who, "health", f"/called {REF} no")
        assert await here.value("SELECT state FROM request") == "closed"
        await here.say("nelson", "communications", f"/called {REF} perhaps")
        assert here.lines("communications")[-1] == (
            "Please write /called, the number of the request, and: yes, no, or not reached."
        )


@pytest.mark.parametrize("closing", [True, False], ids=["beside closed requests", "though none was ever closed"])
async def test_each_month_csos_see_how_often_people_kept_order(*, closing: bool) -> None:
    async with county() as here:
        if closing:
            await closed(here)
        post = await here.say("rose", "health", "You are all thieves")
        await here.say("nelson", "health", "/warn insults", post)
        await here.say("nelson", "health", "YES", here.messages("health")[-1].id)
        await here.wait_until("2027-01-04 09:00")
        assert [line for line in here.lines("mirror") if line.startswith("Order in")] == [
            "Order in the groups last month, by people: warned 1, kept from writing 0, put out 0;"
            " of these taken back 0."
        ]


async def test_a_request_that_is_erased_leaves_the_others_of_its_sample_to_be_called() -> None:
    async with county() as here:
        await closed(here)
        await here.wait(hours=2)
        await closed(here, "cough and cold")
        await here.wait_until("2026-12-01 08:00")
        asked = about_samples(here, "communications")
        assert "HLT-26-0001-J and HLT-26-0002-K" in asked[0]
        await here.app.obey(Order("erase", "requests.erase", {"reference": REF}, "ict"))
        await here.app.step()
        assert about_samples(here, "communications") == asked
