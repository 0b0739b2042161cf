"""Who is told who the citizen is: in private, those who work on the case; and every look is on record."""

from __future__ import annotations

import pytest

from tests.county import County, county

CASE = (
    "Location: Kapsowar sub-county hospital\nProblem: No malaria drugs\nName: Zipporah Kipzovipu\nPhone: 0722 000 345"
)
TOLD = "HLT-26-0001-J: Zipporah Kipzovipu +254722000345. For this case only; that you looked is on record."


async def looks(here: County) -> object:
    return await here.value("SELECT count(*) FROM contact_look")


@pytest.mark.parametrize("who", ["chebet", "kiptoo", "cheruto"])
async def test_those_who_work_on_the_case_are_told_in_private_and_it_is_on_record(who: str) -> None:
    async with county() as here:
        await here.say("chebet", "health", CASE)
        await here.say(who, f"private:{who}", "/contact HLT-26-0001-J")
        assert here.private(who)[-1] == TOLD
        assert await looks(here) == 1


@pytest.mark.parametrize("who", ["rose", "judith", "nelson", "naomi", "stranger"])
async def test_nobody_else_is_told(who: str) -> None:
    async with county() as here:
        await here.say("chebet", "health", CASE)
        await here.say(who, f"private:{who}", "/contact HLT-26-0001-J")
        assert not any("Zipporah" in line or "345" in line for line in here.private(who))
        assert await looks(here) == 0


async def test_in_a_group_nobody_is_told() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", CASE)
        await here.say("kiptoo", "health", "/contact", post)
        assert here.lines("health")[-1] == "HLT-26-0001-J: please ask me that alone, so that nobody else sees it."
        assert await looks(here) == 0


async def test_without_a_number_it_is_told_how() -> None:
    async with county() as here:
        await here.say("kiptoo", "private:kiptoo", "/contact")
        assert here.private("kiptoo") == ["Write me, alone, /contact and the number of the request."]
