"""A post in the wrong group is hinted at, gently: it has its number and moves only by a person's word."""

from __future__ import annotations

import pytest

from groupbot.chat.sandbox import FULL, PLAIN
from groupbot.records import Capabilities
from tests.county import FORM, county

MISPLACED = "Location: Kipsaos borehole\nProblem: borehole pump has burst, no water in the taps and the tank"
HINT = (
    "HLT-26-0001-J, routine, Kapsowar. This looks like Water. Move it? Reply YES. "
    "Else Daniel, please reply here by Thu 26 Nov 10:10. Answer due Tue 8 Dec."
)


@pytest.mark.parametrize("capabilities", [FULL, PLAIN])
async def test_a_misplaced_post_is_hinted_at_in_the_line_of_its_number_and_nothing_else_is_done(
    capabilities: Capabilities,
) -> None:
    async with county(capabilities=capabilities) as here:
        post = await here.say("chebet", "health", MISPLACED)
        assert here.lines("health") == [HINT]
        await here.wait(hours=2)
        assert here.lines("health") == [HINT]
        assert here.lines("water") == []
        assert not here.sandbox.message("health", post).deleted
        assert await here.value("SELECT service_code || state FROM request") == "healthsubmitted"


@pytest.mark.parametrize("who", ["rose", "naomi", "stranger"])
async def test_a_misplaced_post_is_not_moved_by_anybody_elses_yes(who: str) -> None:
    async with county() as here:
        await here.say("chebet", "health", MISPLACED)
        if who in here.sandbox.room("health").members:
            await here.say(who, "health", "YES", here.messages("health")[0].id)
        assert here.lines("water") == []
        assert await here.value("SELECT service_code FROM request") == "health"


async def test_a_misplaced_post_that_nobody_moves_is_answered_where_it_is() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", MISPLACED)
        await here.say("kiptoo", "health", "We have this one, the technician comes on Thursday", post)
        assert await here.value("SELECT service_code || state FROM request") == "healthacknowledged"


@pytest.mark.parametrize(
    "text",
    [
        FORM,
        "Location: Tot dispensary\nProblem: no water at the dispensary, mothers carry it to the maternity ward",
        "Location: Tot\nProblem: it has been bad since Monday",
    ],
)
async def test_a_post_that_may_well_belong_where_it_stands_is_not_called_misplaced(text: str) -> None:
    async with county() as here:
        await here.say("chebet", "health", text)
        (line,) = here.lines("health")
        assert "looks like" not in line
