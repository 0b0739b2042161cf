"""Who may do what, and what people are told when they may not, or when they mistype."""

from __future__ import annotations

import pytest

from tests.county import FORM, County, county


async def _posted(here: County) -> str:
    return await here.say("chebet", "health", FORM)


@pytest.mark.parametrize("who", ["chebet", "judith", "nelson", "naomi", "stranger"])
async def test_only_the_departments_own_officers_can_answer(who: str) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say(who, "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        assert here.lines("health")[1:] == [
            "HLT-26-0001-J: only the coordinator, director and chief officer can say that it is done."
        ]
        assert await here.value("SELECT state FROM request") == "submitted"


@pytest.mark.parametrize("who", ["rose", "judith", "kiptoo", "naomi", "stranger"])
async def test_only_the_wards_own_side_and_the_hotline_bring_the_citizens_word(who: str) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        await here.say(who, "health", "Confirmed, the citizen is satisfied", reply_to=post)
        assert await here.value("SELECT state FROM request") == "answered"
        assert len(here.lines("health")) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Is she satisfied? I will ask",
        "If the nurse agrees I will confirm",
        "Good news, I will confirm with Mary on Monday",
        "Thank you Daniel",
        "🙏🏾",
    ],
)
async def test_a_question_an_if_or_thanks_changes_nothing(text: str) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        await here.say("chebet", "health", text, reply_to=post)
        assert await here.value("SELECT state FROM request") == "answered"
        assert len(here.lines("health")) == 2


@pytest.mark.parametrize("text", ["/resolve ok", "/resolve", "/resolve Done 👍", "/resolve noted"])
async def test_an_answer_that_says_nothing_is_refused_with_the_reason(text: str) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", text, reply_to=post)
        assert here.lines("health")[1:] == [
            "HLT-26-0001-J: that does not say what was done, so the citizen is not asked yet. "
            "Please reply with what, by whom and when."
        ]


@pytest.mark.parametrize("text", ["Done", "Imeshafanyika", "Ok, done 👍"])
async def test_a_bare_claim_is_no_answer_and_its_writer_is_told_so_once(text: str) -> None:
    async with county() as here:
        post = await _posted(here)
        word = await here.say("kiptoo", "health", text, reply_to=post)
        await here.say("kiptoo", "health", text, reply_to=post)
        assert here.reaction("health", word) == "👀"
        assert here.lines("health")[1:] == [
            "HLT-26-0001-J: that does not say what was done, so the citizen is not asked yet. "
            "Please reply with what, by whom and when."
        ]
        assert await here.value("SELECT state FROM request") == "acknowledged"


@pytest.mark.parametrize("first", ["Done", "/resolve"])
async def test_who_was_asked_what_was_done_and_tells_it_is_not_asked_again(first: str) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", first, reply_to=post)
        line = here.messages("health")[-1].id
        await here.say("kiptoo", "health", "200 doses were delivered this morning from the store", reply_to=line)
        assert here.lines("health")[2:] == [
            "HLT-26-0001-J: Daniel says it is done. Jane, please ask the citizen. Reply YES, or NOT YET and why."
        ]


async def test_a_bare_claim_about_several_requests_is_asked_which() -> None:
    async with county() as here:
        await here.say("chebet", "water", "Location: Nyaru\nProblem: Pipe is cut\n\nLocation: Tot\nProblem: No tap")
        await here.say("judith", "water", "Done", reply_to=here.messages("water")[0].id)
        assert len(here.lines("water")) == 2
        assert here.lines("water")[1].startswith("Which one: WTR-26-0001-G")


async def test_a_refusal_is_in_the_language_of_the_person_refused() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("rose", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        assert here.lines("health")[1:] == [
            "HLT-26-0001-J: mratibu, mkurugenzi na afisa mkuu pekee ndio wanaoweza kusema imekamilika."
        ]


async def test_a_command_may_name_its_request_in_any_shape() -> None:
    async with county() as here:
        await _posted(here)
        await here.say("kiptoo", "health", "resolve hlt 26 OOO1 j: 200 doses delivered to the hospital")
        assert await here.value("SELECT status_notes FROM request") == "200 doses delivered to the hospital"


async def test_a_mistyped_number_changes_nothing_and_is_answered_with_the_real_one() -> None:
    async with county() as here:
        await _posted(here)
        await here.say("kiptoo", "health", "/resolve HLT-26-0001-A 200 doses delivered to the hospital")
        assert here.lines("health")[1:] == ["I find no HLT-26-0001-A. Did you mean HLT-26-0001-J? Nothing was changed."]
        assert await here.value("SELECT state FROM request") == "submitted"


async def test_a_number_alone_shows_where_the_request_stands_as_far_as_the_place_may_see() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", "Seen, back by 12:00", reply_to=post)
        await here.say("judith", "health", "HLT-26-0001-J")
        assert here.lines("health")[1:] == [
            "HLT-26-0001-J, urgent, Kapsowar: Daniel is on it. Next word by today 12:00. Answer due Fri 27 Nov."
        ]
        await here.say("judith", "water", "hlt-26-0001-j?")
        assert here.lines("water") == [
            "HLT-26-0001-J · Health · Kapsowar · medicines and supplies · urgent · due Fri 27 Nov · being worked on"
        ]


@pytest.mark.parametrize("act", ["/resolve 200 doses delivered to the hospital", "Seen, I am on it"])
async def test_a_forwarded_act_does_nothing(act: str) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", act, reply_to=post, forwarded=True)
        assert await here.value("SELECT state FROM request") == "submitted"
        assert len(here.lines("health")) == 1


async def test_an_officers_it_is_fixed_is_offered_as_the_answer_for_one_tap() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", "It is fixed, 200 doses reached the hospital today", reply_to=post)
        offer = here.messages("health")[-1]
        assert offer.text == "HLT-26-0001-J: Daniel, is it done? Reply YES and the citizen will be asked."
        assert await here.value("SELECT state FROM request") == "acknowledged"
        await here.tap("chebet", "health", offer)
        assert await here.value("SELECT state FROM request") == "acknowledged"
        await here.tap("kiptoo", "health", offer)
        assert await here.value("SELECT state FROM request") == "answered"
        assert here.lines("health")[-1].startswith("HLT-26-0001-J: Daniel says it is done.")
        await here.tap("kiptoo", "health", offer)
        assert len(here.lines("health")) == 3


async def test_a_yes_by_reply_takes_an_offer_too() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", "It is fixed, 200 doses reached the hospital today", reply_to=post)
        await here.say("kiptoo", "health", "Yes", reply_to=here.messages("health")[-1].id)
        assert await here.value("SELECT state FROM request") == "answered"
        assert (
            await here.value("SELECT status_notes FROM request") == "It is fixed, 200 doses reached the hospital today"
        )


async def test_a_closed_request_can_be_opened_again_by_not_yet_within_the_packs_window() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        await here.say("chebet", "health", "Yes", reply_to=post)
        await here.wait(days=5)
        await here.say("chebet", "health", "Not yet, the drugs were expired", reply_to=post)
        assert await here.value("SELECT state FROM request") == "reopened"


async def test_an_officer_never_brings_the_citizens_word_to_the_departments_own_answer() -> None:
    async with county() as here:
        post = await here.say("kiptoo", "health", FORM)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        assert here.lines("health")[1] == (
            "HLT-26-0001-J: Daniel says it is done. Jane, please ask the citizen. Reply YES, or NOT YET and why."
        )
        await here.say("kiptoo", "health", "Yes, confirmed", reply_to=post)
        assert await here.value("SELECT state FROM request") == "answered"
        await here.say("chebet", "health", "Yes, confirmed", reply_to=post)
        assert await here.value("SELECT state FROM request") == "closed"


@pytest.mark.parametrize("text", ["NOT YET", "bado", "Not yet, the drugs were expired", "❌", "👎"])
async def test_a_plain_not_yet_opens_a_closed_request_again(text: str) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        await here.say("chebet", "health", "Yes", reply_to=post)
        await here.say("chebet", "health", text, reply_to=post)
        assert await here.value("SELECT state FROM request") == "reopened"


@pytest.mark.parametrize(("text", "state"), [("✅", "closed"), ("Agreed 👍", "closed"), ("👍", "answered")])
async def test_a_mark_that_is_typed_counts_as_one_that_is_put_under_the_question(text: str, state: str) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        await here.say("chebet", "health", text, reply_to=post)
        assert await here.value("SELECT state FROM request") == state


async def test_words_behind_a_reference_count_as_a_reply() -> None:
    async with county() as here:
        await _posted(here)
        await here.say("kiptoo", "health", "HLT-26-0001-J seen, back by 12:00")
        assert await here.value("SELECT state FROM request") == "acknowledged"
        await here.say("kiptoo", "health", "/resolve HLT-26-0001-J 200 doses delivered to the hospital")
        await here.say("chebet", "health", "HLT-26-0001-J yes")
        assert await here.value("SELECT state FROM request") == "closed"


@pytest.mark.parametrize(
    ("text", "state"),
    [("Yes", "closed"), ("Confirmed with the citizen, she got hers", "closed"), ("Yes doctor", "answered")],
)
async def test_a_yes_without_a_reply_counts_for_the_one_open_question_and_only_if_it_can_be_nothing_else(
    text: str, state: str
) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        await here.say("chebet", "health", text)
        assert await here.value("SELECT state FROM request") == state


async def test_a_yes_without_a_reply_counts_for_nothing_when_two_questions_are_open() -> None:
    async with county() as here:
        for text in (FORM, FORM.replace("malaria", "typhoid")):
            post = await here.say("chebet", "health", text)
            await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        await here.say("chebet", "health", "Yes")
        assert await here.value("SELECT count(*) FROM request WHERE state = 'answered'") == 2


async def test_why_without_a_number_says_how_it_is_asked() -> None:
    async with county() as here:
        await here.say("kiptoo", "health", "/why")
        assert here.lines("health") == ["Reply to the request with /why, or write /why and its number."]


# --- a line that begins with a mistyped number ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", ["HLT-26-0001-K how far?", "hlt 26 0001 z seen, calling the store", "HLT-26-0001 seen"]
)
async def test_a_line_on_a_mistyped_number_is_told_the_real_one_and_changes_nothing(said: str) -> None:
    async with county() as here:
        await _posted(here)
        await here.say("kiptoo", "health", said)
        (line,) = here.lines("health")[1:]
        assert line.endswith("Did you mean HLT-26-0001-J? Nothing was changed.")
        assert await here.value("SELECT state FROM request") == "submitted"


async def test_a_form_under_a_mistyped_number_is_a_form_and_a_strangers_line_is_silence() -> None:
    async with county() as here:
        await _posted(here)
        await here.say("stranger", "health", "HLT-26-0001-K how far?")
        assert len(here.lines("health")) == 1
        await here.say("rose", "health", "HLT-26-0099-K\nLocation: Nyaru\nProblem: No gloves since Monday")
        assert here.lines("health")[1].startswith("HLT-26-0002-K, routine")


# --- the citizen's word without a reply -------------------------------------------------------------------------------


async def _answered(here: County) -> None:
    post = await _posted(here)
    await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)


@pytest.mark.parametrize(
    "no",
    [
        "Not yet",
        "Not yet, the shelves are still empty",
        "Bado hawajaona dawa",
        "The citizen says not yet",
        "Mwananchi anasema bado",
        "Please reopen, there are no drugs again",
    ],
)
async def test_a_not_yet_counts_without_a_reply_as_a_yes_does(no: str) -> None:
    async with county() as here:
        await _answered(here)
        await here.say("chebet", "health", no)
        assert await here.value("SELECT state FROM request") == "reopened"


@pytest.mark.parametrize(
    "text",
    [
        "No drugs at Kapsowar market dispensary, bado hawajaleta",
        "Bado hawajaleta maji Kaptabuk primary",
        "It is not done that way",
        "Have they come?",
        "Mkutano bado ni kesho",
        "Good morning all",
    ],
)
async def test_other_words_without_a_reply_reopen_nothing(text: str) -> None:
    async with county() as here:
        await _answered(here)
        await here.say("chebet", "health", text)
        assert await here.value("SELECT state FROM request WHERE id = 1") == "answered"


async def test_a_not_yet_of_what_is_not_clear_is_asked_back_once() -> None:
    async with county() as here:
        await _answered(here)
        for text in ("Mkutano bado ni kesho", "It is not done"):
            await here.say("chebet", "health", text)
        assert here.lines("health")[2:] == [
            "HLT-26-0001-J: Jane, does the citizen agree all the same? Reply YES and it is closed, or NOT YET and it is"
            " open again."
        ]
        await here.say("chebet", "health", "NOT YET", reply_to=here.messages("health")[-1].id)
        assert await here.value("SELECT state FROM request") == "reopened"


async def test_the_not_yet_of_somebody_else_reopens_nothing() -> None:
    async with county() as here:
        await _answered(here)
        for who in ("rose", "kiptoo", "naomi", "stranger"):
            await here.say(who, "health", "Not yet, the shelves are still empty")
        assert await here.value("SELECT state FROM request") == "answered"


@pytest.mark.parametrize("fine", ["No more leaking, asante", "Bado iko sawa", "Still fine, thank you"])
async def test_what_is_still_well_or_no_longer_wrong_is_no_not_yet(fine: str) -> None:
    async with county() as here:
        await _answered(here)
        await here.say("chebet", "health", fine, reply_to=here.messages("health")[-1].id)
        assert await here.value("SELECT state FROM request") in {"answered", "closed"}


@pytest.mark.parametrize("said", ["{} /resolve 200 doses delivered today", "{}: !resolve 200 doses delivered today"])
async def test_a_command_may_stand_behind_the_number(said: str) -> None:
    async with county() as here:
        await _posted(here)
        await here.say("kiptoo", "health", said.format("HLT-26-0001-J"))
        assert await here.value("SELECT state FROM request") == "answered"
