"""Who is told of each act: what the page of a request's life says is what happens."""

from __future__ import annotations

import pytest

from groupbot.rules.life_page import ACTS, TOLD
from tests.county import FORM, County, county

REF = "HLT-26-0001-J"
OTHER = "HLT-26-0002-K"
RESOLVED = "/resolve 200 doses delivered to the hospital"
# act -> who says what where, in reply to the post unless it names its request; before it, what must have been said
SAID = {
    "answer": ("kiptoo", "health", RESOLVED),
    "cannot": ("kiptoo", "health", "/cannot there is no cold room in the hospital"),
    "by": ("kiptoo", "health", "/by tomorrow"),
    "amend": ("chebet", "health", "Location: Chesoi dispensary"),
    "move": ("kiptoo", "health", "/move water"),
    "raise": ("chebet", "health", "EMERGENCY"),
    "priority": ("cheruto", "health", "/priority routine they have stock for two weeks"),
    "pause": ("nelson", "health", "/pause until Friday, the store is being counted"),
    "safe": ("kiptoo", "health", "/safe"),
    "same": ("kiptoo", "health", f"/same {REF} {OTHER}"),
    "duplicate": ("chebet", "health", f"/same {REF} HLT-26-0003-L"),
    "local": ("chebet", "health", "/local the clinic lent twenty packs to everybody"),
    "withdraw": ("chebet", "health", "/withdraw"),
    "citizen_yes": ("chebet", "health", "Yes, she got hers"),
    "citizen_not_yet": ("chebet", "health", "Not yet, still nothing"),
    "observe": ("naomi", "private:naomi", f"/we-see {REF} the shelves are empty"),
}
AFTER = {"citizen_yes": ("kiptoo", RESOLVED), "citizen_not_yet": ("kiptoo", RESOLVED)}
AFTER["raise"] = ("chebet", "Snake bite patient and no antivenom")
PLACES = {"group": "health", "new group": "water", "mirror": "mirror", "sms": "private:chebet"}


def _heard(here: County) -> dict[str, int]:
    return {name: len(here.lines(place)) for name, place in PLACES.items()}


async def _staged(here: County, act: str) -> str:
    form = FORM.replace("Urgent", "Emergency") if act == "safe" else FORM
    post = await here.say("chebet", "health", form)
    await here.say("rose", "health", FORM.replace("Kapsowar\n", "Kabiemit\n", 1))
    await here.say("chebet", "health", FORM.replace("malaria drugs", "gloves").replace("hospital", "dispensary"))
    if act in AFTER:
        who, text = AFTER[act]
        await here.say(who, "health", text, reply_to=post)
        return here.messages("health")[-1].id if act == "raise" else post
    return post


@pytest.mark.parametrize("act", SAID)
async def test_an_act_is_told_to_whom_the_page_says(act: str) -> None:
    who, where, text = SAID[act]
    async with county() as here:
        post = await _staged(here, act)
        before = _heard(here)
        await here.say(who, where, text, reply_to=post if where == "health" else None)
        after = _heard(here)
        assert {name for name in PLACES if after[name] > before[name]} == set(TOLD[act])  # type: ignore[index]


def test_every_act_that_is_told_is_tried_here() -> None:
    assert set(SAID) == set(TOLD)
    assert set(ACTS) - set(TOLD) == {"word", "protect"}
