"""Sub-county admins post for their wards and bring the word where its admin is away; elsewhere they have no say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.county import FORM, County
from tests.people.staff import invited, joined, staffed

SUB = "stranger"
RESOLVED = "/resolve 200 doses delivered to the hospital today"


@asynccontextmanager
async def with_sub_county_admin() -> AsyncIterator[County]:
    """The county with an admin of Marakwet West, in which Kapsowar lies and Kabiemit does not."""
    async with staffed() as here:
        said = await joined(here, SUB, await invited(here, "sub-county admin Marakwet West"))
        assert said.startswith("Welcome, Philip Otieno. You are now sub-county admin of Marakwet West.")
        yield here


async def test_they_post_for_a_ward_that_they_name_and_are_asked_for_it_otherwise() -> None:
    async with with_sub_county_admin() as here:
        await here.say(SUB, "health", FORM)
        assert here.lines("health")[0].startswith("HLT-26-0001-J, urgent, Kapsowar.")
        await here.say(SUB, "health", "Location: Chesoi dispensary\nProblem: no gloves since Monday")
        assert here.lines("health")[1] == (
            "Philip, only the ward is missing. Reply here with it and I will give a number."
        )
        await here.say(SUB, "health", "Kapsowar", reply_to=here.messages("health")[-1].id)
        assert here.lines("health")[2].startswith("HLT-26-0002-")


async def test_they_bring_the_word_where_the_wards_admin_is_away_and_it_is_on_record() -> None:
    async with with_sub_county_admin() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        await here.say(SUB, "health", "Yes, she got hers", reply_to=post)
        assert await here.value("SELECT state || ' ' || word_source FROM request") == "closed admin"
        assert await here.value("SELECT role FROM service_log ORDER BY seq DESC LIMIT 1") == "sub_county_admin"
        assert here.lines("health")[-1].startswith("HLT-26-0001-J closed: the citizen agrees, says Philip.")


async def test_in_another_sub_county_their_word_counts_for_nothing() -> None:
    async with with_sub_county_admin() as here:
        post = await here.say("rose", "health", FORM.replace("Ward: Kapsowar", "Ward: Kabiemit"))
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        await here.say(SUB, "health", "Yes, she got hers", reply_to=post)
        await here.say(SUB, "health", "Not yet, still nothing", reply_to=post)
        assert await here.value("SELECT state FROM request") == "answered"


async def test_their_own_list_is_their_wards() -> None:
    async with with_sub_county_admin() as here:
        await here.say("chebet", "health", FORM)
        await here.say("rose", "health", FORM.replace("Ward: Kapsowar", "Ward: Kabiemit").replace("malaria", "TB"))
        await here.say(SUB, f"private:{SUB}", "/mine")
        assert "HLT-26-0001-J" in here.private(SUB)[-1]
        assert "HLT-26-0002" not in here.private(SUB)[-1]
