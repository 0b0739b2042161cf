"""The ward admin agrees and says what is lacking: it is asked back once; a plain no, or a relapse, opens it again."""

from __future__ import annotations

import pytest

from tests.county import FORM, County, county

REF = "HLT-26-0001-J"
RESOLVED = "/resolve 200 doses delivered to the hospital this morning"
ASKED_BACK = (
    f"{REF}: Jane, does the citizen agree all the same? Reply YES and it is closed, or NOT YET and it is open again."
)


async def _answered(here: County) -> str:
    post = await here.say("chebet", "health", FORM)
    await here.say("kiptoo", "health", RESOLVED, reply_to=post)
    return post


async def _state(here: County) -> object:
    return await here.value("SELECT state FROM request")


@pytest.mark.parametrize(
    "said", ["only 3 of the 8 lights are working", "Ndio lakini maji ni machafu", "Yes but the trough is cracked"]
)
async def test_an_agreement_with_what_is_lacking_is_asked_back_once(said: str) -> None:
    async with county() as here:
        post = await _answered(here)
        await here.say("chebet", "health", said, reply_to=post)
        await here.say("chebet", "health", said, reply_to=post)
        assert here.lines("health")[2:] == [ASKED_BACK]
        assert await _state(here) == "answered"


async def test_what_is_asked_back_takes_either_word_by_tap() -> None:
    async with county() as here:
        post = await _answered(here)
        await here.say("chebet", "health", "Half is done, the second culvert was left", reply_to=post)
        asked = here.messages("health")[-1]
        assert [label for label, _ in asked.buttons] == ["Yes", "Not yet"]
        for person, token in (("kiptoo", asked.buttons[1][1]), ("chebet", asked.buttons[1][1])):
            here.sandbox.tap("health", person, asked.id, token, here.clock())
            await here.app.step()
            assert await _state(here) == ("answered" if person == "kiptoo" else "reopened")


@pytest.mark.parametrize(("word", "state"), [("Yes", "closed"), ("NOT YET, four are dark", "reopened")])
async def test_what_is_asked_back_takes_either_word_by_reply(word: str, state: str) -> None:
    async with county() as here:
        post = await _answered(here)
        await here.say("chebet", "health", "yes but only half the houses", reply_to=post)
        await here.say("chebet", "health", word, reply_to=here.messages("health")[-1].id)
        assert await _state(here) == state


async def test_a_tap_on_what_was_asked_of_an_earlier_answer_changes_nothing() -> None:
    async with county() as here:
        post = await _answered(here)
        await here.say("chebet", "health", "yes but only half the houses", reply_to=post)
        asked = here.messages("health")[-1]
        await here.say("chebet", "health", "Not yet", reply_to=post)
        await here.say("kiptoo", "health", "/resolve the other half was delivered today", reply_to=post)
        for _, token in asked.buttons:
            here.sandbox.tap("health", "chebet", asked.id, token, here.clock())
            await here.app.step()
        assert await _state(here) == "answered"


@pytest.mark.parametrize(
    "said", ["No. He got the permit but the name is wrong", "Ilirekebishwa Jumatatu, leo imeharibika tena"]
)
async def test_a_plain_no_and_a_relapse_open_it_again(said: str) -> None:
    async with county() as here:
        post = await _answered(here)
        await here.say("chebet", "health", said, reply_to=post)
        assert await _state(here) == "reopened"


@pytest.mark.parametrize("said", ["Yes if they return the keys", "Ok but who will pay for the cow?", "I will ask her"])
async def test_an_if_a_question_and_an_errand_are_not_asked_back(said: str) -> None:
    async with county() as here:
        post = await _answered(here)
        await here.say("chebet", "health", said, reply_to=post)
        assert len(here.lines("health")) == 2
        assert await _state(here) == "answered"


async def test_a_claim_that_the_work_is_done_is_asked_back_once_and_closes_nothing() -> None:
    async with county() as here:
        post = await _answered(here)
        for _ in range(2):
            await here.say("chebet", "health", "The nurse confirms, the drugs were received in full", reply_to=post)
        assert here.lines("health")[2:] == [
            "HLT-26-0001-J: Jane, is that the citizen's YES? Reply YES and it is closed, or NOT YET and why."
        ]
        assert await _state(here) == "answered"
        await here.say("chebet", "health", "Yes", reply_to=here.messages("health")[-1].id)
        assert await _state(here) == "closed"


@pytest.mark.parametrize(
    "words",
    ["Yes for the gloves, not yet for the drugs", "Not yet for the drugs, gloves yes", "gloves yes; drugs not yet"],
)
async def test_a_word_about_two_answers_below_one_of_them_is_asked_back(words: str) -> None:
    async with county() as here:
        for what in ("malaria drugs", "gloves"):
            post = await here.say("chebet", "health", FORM.replace("malaria drugs", what))
            await here.say("kiptoo", "health", f"/resolve 200 packs of {what} delivered this morning", post)
        await here.say("chebet", "health", words, here.messages("health")[-1].id)
        assert here.lines("health")[-1] == (
            "HLT-26-0002-K: Jane, does the citizen agree all the same?"
            " Reply YES and it is closed, or NOT YET and it is open again."
        )
        assert await here.value("SELECT count(*) FROM request WHERE state = 'answered'") == 2
