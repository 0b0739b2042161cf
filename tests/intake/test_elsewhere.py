"""An officer writes that a request is another department's: the move is offered, or how to move it is said, once."""

from __future__ import annotations

import pytest

from groupbot.chat.sandbox import PLAIN
from tests.county import FORM, County, county

REF = "HLT-26-0001-J"
SWAHILI_FORM = """OMBI LA HUDUMA
Wadi: Kabiemit
Mahali: Zahanati ya Kipsaos
Tatizo: Bomba limepasuka, wagonjwa hawana maji
Kipaumbele: Dharura"""


async def _department(here: County) -> object:
    return await here.value("SELECT service_code FROM request")


async def test_one_tap_moves_a_request_that_its_coordinator_says_is_anothers() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        word = await here.say("kiptoo", "health", "Jane, not our department, try roads", reply_to=post)
        offer = here.messages("health")[-1]
        assert offer.text == f"{REF}: Daniel, shall I move it to Roads? Reply YES; number and clock stay."
        assert here.reaction("health", word) == "👀"
        assert await _department(here) == "health"
        await here.tap("chebet", "health", offer)
        assert await _department(here) == "health"
        await here.tap("kiptoo", "health", offer)
        assert await _department(here) == "roads"
        assert here.lines("health")[-1] == f"{REF} moved to Roads by Daniel. Number and clock stay."
        assert here.lines("roads")[0].startswith(f"{REF}, urgent, Kapsowar, came from Health.")


async def test_in_swahili_without_buttons_a_ndio_moves_it() -> None:
    async with county(capabilities=PLAIN) as here:
        post = await here.say("rose", "health", SWAHILI_FORM)
        await here.say("kiptoo", "health", "Rose, hii ni ya maji", reply_to=post)
        offer = here.messages("health")[-1]
        assert offer.text == f"{REF}: Daniel, niihamishe kwa Maji? Jibu NDIO; nambari na muda ni vile vile."
        assert await _department(here) == "health"
        await here.say("kiptoo", "health", "Ndio", reply_to=offer.id)
        assert await _department(here) == "water"
        assert here.lines("water")[0].startswith(f"{REF} DHARURA, Kabiemit, imetoka Afya.")


async def test_words_that_name_no_department_are_told_once_how_to_move_it() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "This is not ours", reply_to=post)
        await here.say("kiptoo", "health", "I said wrong department", reply_to=post)
        assert here.lines("health")[1:] == [
            f"{REF}: whose is it? Another department's: reply /move and its name. "
            "Not the county's: reply /cannot refer, whose it is and why."
        ]
        await here.say("kiptoo", "health", "/move water", reply_to=post)
        assert await _department(here) == "water"


@pytest.mark.parametrize(
    "text",
    [
        "Water is flowing here",
        "The water department was helpful",
        "Does this belong to water?",
        "If this belongs to water I will tell you",
        "This belongs to health",
    ],
)
async def test_other_words_of_the_coordinator_are_a_first_word_and_no_move(text: str) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", text, reply_to=post)
        assert not [line for line in here.lines("health") if "move" in line]
        assert await here.value("SELECT state FROM request") == "acknowledged"


@pytest.mark.parametrize("who", ["chebet", "judith", "naomi", "stranger"])
async def test_only_the_departments_own_officers_are_offered_the_move(who: str) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say(who, "health", "this belongs to water", reply_to=post)
        assert len(here.lines("health")) == 1


async def test_of_several_requests_it_is_asked_which_is_anothers() -> None:
    async with county() as here:
        two = (
            FORM
            + "\n\n"
            + FORM.replace("No malaria drugs since Monday, patients sent away", "Ward roof leaks, beds wet")
        )
        post = await here.say("chebet", "health", two)
        await here.say("kiptoo", "health", "this belongs to roads", reply_to=post)
        which = here.messages("health")[-1]
        assert len(which.buttons) == 2
        await here.tap("kiptoo", "health", which)
        assert here.lines("health")[-1].startswith(f"{REF}: Daniel, shall I move it to Roads?")
        assert await here.value("SELECT count(*) FROM request WHERE service_code = 'health'") == 2
