"""What the citizen's side may do: settle locally, withdraw, link twins, list its own; and taking back one's own act."""

from __future__ import annotations

import pytest

from tests.county import FORM, County, county

REF = "HLT-26-0001-J"
OTHER = "HLT-26-0002-K"
ELSEWHERE = FORM.replace("Kapsowar sub-county hospital", "Chesoi dispensary").replace(
    "No malaria drugs since Monday, patients sent away", "The maternity roof leaks on the beds"
)
TWIN = """Ward: Kabiemit
Location: Kapsowar sub-county hospital
Problem: No malaria drugs there for a week
Priority: Urgent"""
RESOLVED = "/resolve 200 doses delivered to the hospital this morning"


async def _posted(here: County) -> str:
    return await here.say("chebet", "health", FORM)


async def _state(here: County, reference: str = REF) -> str:
    return str(await here.value("SELECT state || ' ' || outcome FROM request WHERE service_request_id = ?", reference))


async def test_the_ward_closes_what_it_settled_itself() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("chebet", "health", "/local the clinic lent 20 packs, everybody was served", reply_to=post)
        assert here.lines("health")[1:] == [f"{REF} closed: settled in the ward, says Jane."]
        assert await _state(here) == "closed settled_locally"
        assert await here.value("SELECT word || ' ' || word_source FROM request") == "not_applicable admin"
        assert here.lines("mirror")[1:] == [f"{REF}: settled in the ward, reported by ward admin"]


async def test_what_never_needed_the_department_is_put_on_record_and_counted() -> None:
    async with county() as here:
        await here.say("chebet", "health", "/local cleared the drain at Kapsowar market with the youth group")
        assert here.lines("health") == [f"{REF} closed: settled in the ward, says Jane."]
        assert await _state(here) == "closed settled_locally"
        assert await here.value("SELECT ward FROM request") == "Kapsowar"


@pytest.mark.parametrize("who", ["kiptoo", "cheruto", "judith", "rose", "nelson", "naomi", "stranger"])
@pytest.mark.parametrize("said", ["/local the clinic lent 20 packs to everybody", "/withdraw", "/withdraw it is old"])
async def test_no_department_and_no_other_ward_can_close_a_request(who: str, said: str) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say(who, "health", said, reply_to=post)
        assert await _state(here) == "submitted "
        assert len(here.lines("health")) == 2


async def test_a_withdrawn_request_can_be_opened_again_by_not_yet() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("chebet", "health", "/withdraw she went to Iten", reply_to=post)
        assert here.lines("health")[1:] == [f"{REF} closed: withdrawn, says Jane."]
        assert await _state(here) == "closed withdrawn"
        await here.say("chebet", "health", "Not yet, she came back with nothing", reply_to=post)
        assert (await _state(here)).startswith("reopened")


# --- whose NOT YET counts ---------------------------------------------------------------------------------------------


async def test_the_hotlines_not_yet_outranks_the_admins_yes_and_is_recorded_as_such() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        await here.say("chebet", "health", "Yes", reply_to=post)
        await here.say("nelson", "health", "Not yet, Mary called the helpline, she got nothing", reply_to=post)
        assert (await _state(here)).startswith("reopened")
        assert await here.value("SELECT word || ' ' || word_source FROM request") == "disputed hotline"
        assert await here.value("SELECT escalation_step FROM request") == 1
        await here.say("chebet", "health", "Yes, she has it", reply_to=post)
        assert (await _state(here)).startswith("reopened")


async def test_the_citizens_yes_to_the_hotline_closes_and_is_recorded_as_such() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        await here.say("nelson", "health", "Mary called the helpline, she is satisfied", reply_to=post)
        assert await _state(here) == "closed done"
        assert await here.value("SELECT word || ' ' || word_source FROM request") == "agreed hotline"
        assert here.lines("health")[2:] == [
            f"{REF} closed: the citizen agrees, says Nelson. Under a minute. Thank you both."
        ]
        assert here.lines("mirror")[-1] == f"{REF}: citizen agrees, told to the hotline"


@pytest.mark.parametrize("said", ["The citizen called, she got it", "Mwananchi amepiga simu, ameridhika"])
async def test_the_hotlines_word_may_be_brought_by_number_in_communications_own_group(said: str) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        await here.say("nelson", "communications", f"{REF} {said}")
        assert await _state(here) == "closed done"
        assert await here.value("SELECT word_source FROM request") == "hotline"


async def test_a_bare_yes_of_communications_is_asked_back_for_nobody_had_asked_them() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        await here.say("nelson", "health", "Yes", reply_to=post)
        assert await _state(here) == "answered done"
        offer = here.messages("health")[-1]
        assert offer.text == (
            f"{REF}: Nelson, did the citizen tell the county's helpline that it is done? Reply YES and it is closed."
        )
        await here.say("cheruto", "health", "Yes", reply_to=offer.id)
        assert await _state(here) == "answered done"
        await here.say("nelson", "health", "Yes", reply_to=offer.id)
        assert await _state(here) == "closed done"
        assert await here.value("SELECT word || ' ' || word_source FROM request") == "agreed hotline"


@pytest.mark.parametrize(
    "said", ["Thank you all", "Yes, thank you all", "Is she satisfied?", "If she calls I will say so"]
)
async def test_communications_may_talk_under_an_answer_and_close_nothing(said: str) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        await here.say("nelson", "health", said, reply_to=post)
        assert await _state(here) == "answered done"
        assert len(here.lines("health")) == 2


# --- twins and double filings -----------------------------------------------------------------------------------------


async def _twins(here: County) -> tuple[str, str]:
    first = await _posted(here)
    second = await here.say("rose", "health", TWIN)
    await here.say("kiptoo", "health", f"/same {REF} {OTHER}")
    return first, second


async def test_twins_share_the_answer_and_each_citizen_is_asked() -> None:
    async with county() as here:
        first, _ = await _twins(here)
        assert here.lines("health")[2:] == [
            f"{REF} and {OTHER} are one matter now: one answer for all, and each citizen is asked."
        ]
        await here.say("kiptoo", "health", RESOLVED, reply_to=first)
        assert await _state(here) == await _state(here, OTHER) == "answered done"
        assert len(here.lines("health")) == 5
        await here.say("chebet", "health", "Yes, Mary got hers", reply_to=first)
        assert await _state(here) == "closed done"
        assert await _state(here, OTHER) == "answered done"


async def test_a_word_on_one_twin_is_said_of_the_other_and_nobody_is_asked_for_it_again() -> None:
    async with county() as here:
        first, second = await _twins(here)
        await here.say("kiptoo", "health", "Seen, the lorry comes on Thursday at noon", reply_to=first)
        assert await _state(here) == await _state(here, OTHER) == "acknowledged "
        dues = "SELECT count(DISTINCT next_word_at) FROM request"
        assert await here.value(dues) == 1
        await here.say("kiptoo", "health", "It is delayed, on Friday at noon then", reply_to=second)
        assert await here.value(dues) == 1
        await here.wait_until("2026-11-26 17:00")
        assert [text for text in here.private("kiptoo") if "word" in text and "due" in text] == []


async def test_a_word_on_an_ordinary_twin_silences_no_emergency() -> None:
    async with county() as here:
        first, second = await _twins(here)
        await here.say("cheruto", "health", "/priority emergency she is bleeding", reply_to=second)
        await here.say("kiptoo", "health", "Seen, the lorry comes on Thursday at noon", reply_to=first)
        assert await _state(here) == "acknowledged "
        assert await _state(here, OTHER) == "submitted "


async def test_a_word_below_both_twins_at_once_is_taken_once_of_each() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", f"{FORM}\n\n{FORM.replace('hospital', 'dispensary')}")
        await here.say("kiptoo", "health", f"/same {REF} {OTHER}")
        await here.say("kiptoo", "health", "Seen, the lorry comes on Thursday at noon", reply_to=post)
        assert await here.value("SELECT count(*) FROM request WHERE state = 'acknowledged'") == 2


async def test_any_not_yet_opens_the_twins_that_still_wait_again() -> None:
    async with county() as here:
        first, second = await _twins(here)
        await here.say("kiptoo", "health", RESOLVED, reply_to=first)
        await here.say("rose", "health", "Bado, hawajapata", reply_to=second)
        assert (await _state(here)).startswith("reopened")
        assert (await _state(here, OTHER)).startswith("reopened")


async def test_a_twin_whose_own_citizen_has_agreed_stays_closed() -> None:
    async with county() as here:
        first, second = await _twins(here)
        await here.say("kiptoo", "health", RESOLVED, reply_to=first)
        await here.say("chebet", "health", "Yes, Mary got hers", reply_to=first)
        await here.say("rose", "health", "Bado, hawajapata", reply_to=second)
        assert await _state(here) == "closed done"
        assert (await _state(here, OTHER)).startswith("reopened")


async def test_ones_own_second_filing_closes_and_the_first_goes_on() -> None:
    async with county() as here:
        await _posted(here)
        second = await here.say("chebet", "health", ELSEWHERE)
        await here.say("chebet", "health", f"/same {REF}", reply_to=second)
        assert here.lines("health")[2:] == [f"{OTHER} closed: it is the same as {REF}, which goes on."]
        assert await _state(here) == "submitted "
        assert await _state(here, OTHER) == "closed duplicate"


async def test_a_coordinator_cannot_close_an_admins_second_filing_by_calling_it_the_same() -> None:
    async with county() as here:
        await _posted(here)
        second = await here.say("chebet", "health", ELSEWHERE)
        await here.say("kiptoo", "health", f"/same {REF}", reply_to=second)
        assert await _state(here) == await _state(here, OTHER) == "submitted "
        assert await here.value("SELECT count(*) FROM twin") == 1


async def test_a_stranger_links_nothing() -> None:
    async with county() as here:
        await _posted(here)
        await here.say("rose", "health", TWIN)
        for who in ("stranger", "naomi", "judith"):
            await here.say(who, "health", f"/same {REF} {OTHER}")
        assert await here.value("SELECT count(*) FROM twin") == 0


# --- undo -------------------------------------------------------------------------------------------------------------


async def test_a_yes_too_many_is_taken_back_within_a_day() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        asked = await here.value("SELECT word_due FROM request")
        await here.say("chebet", "health", "Yes", reply_to=post)
        assert await _state(here) == "closed done"
        await here.wait(hours=3)
        await here.say("chebet", "health", "undo")
        assert here.lines("health")[-1] == f"{REF}: Jane took the last act back. Now: says done, citizen being asked."
        assert here.lines("mirror")[-1] == f"{REF}: correction: says done, citizen being asked"
        assert await _state(here) == "answered done"
        assert await here.value("SELECT closed_at FROM request") is None
        assert await here.value("SELECT word FROM request") == ""
        assert await here.value("SELECT word_due FROM request") == asked


async def test_after_a_day_nothing_is_taken_back() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        await here.wait(hours=25)
        await here.say("kiptoo", "health", "/undo", reply_to=post)
        assert here.lines("health")[-1] == "You did nothing in the last 24 hours that I could take back."
        assert await _state(here) == "answered done"


async def test_what_somebody_has_built_on_is_not_taken_back() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        await here.say("chebet", "health", "Yes", reply_to=post)
        await here.say("kiptoo", "health", "/undo", reply_to=post)
        assert here.lines("health")[-1] == f"{REF}: Jane has acted on it since, so I cannot take it back."
        assert await _state(here) == "closed done"


@pytest.mark.parametrize("who", ["chebet", "cheruto", "judith", "nelson", "stranger"])
async def test_nobody_takes_back_another_persons_act(who: str) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        await here.say(who, "health", "/undo", reply_to=post)
        assert await _state(here) == "answered done"


async def test_an_extension_that_is_taken_back_may_be_given_again() -> None:
    async with county() as here:
        post = await _posted(here)
        due = await here.value("SELECT expected_datetime FROM request")
        await here.say("kiptoo", "health", "/by Monday, the lorry leaves Eldoret on Saturday", reply_to=post)
        await here.say("kiptoo", "health", "/undo", reply_to=post)
        assert await here.value("SELECT expected_datetime FROM request") == due
        assert await here.value("SELECT extensions FROM request") == 0
        assert await here.value("SELECT count(*) FROM extension") == 0
        await here.say("kiptoo", "health", "/by 2 December, the lorry leaves Eldoret on Saturday", reply_to=post)
        assert await here.value("SELECT extensions FROM request") == 1


async def test_a_shared_answer_is_taken_back_from_the_twins_too() -> None:
    async with county() as here:
        first, _ = await _twins(here)
        await here.wait(minutes=5)
        await here.say("kiptoo", "health", RESOLVED, reply_to=first)
        await here.wait(minutes=5)
        await here.say("kiptoo", "health", "/undo")
        assert await _state(here) == await _state(here, OTHER) == "submitted "
        assert await here.value("SELECT count(*) FROM twin") == 1


# --- mine, language ---------------------------------------------------------------------------------------------------


async def test_mine_is_told_in_private_what_waits_for_oneself_first() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("chebet", "health", ELSEWHERE)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        said = len(here.lines("health"))
        await here.say("chebet", "health", "/mine")
        assert len(here.lines("health")) == said
        assert here.private("chebet")[-1] == (
            "Open now:\n"
            f"{REF}, Kapsowar, says done, citizen being asked, due Thu 26 Nov\n"
            f"{OTHER}, Kapsowar, no word yet, due Fri 27 Nov"
        )
        await here.say("judith", "private:judith", "mine")
        assert here.private("judith")[-1] == "Nothing of yours is open."
        await here.say("naomi", "private:naomi", "/mine")
        assert here.private("naomi")[-1] == "Nothing of yours is open."


async def test_a_language_is_chosen_by_its_own_name() -> None:
    async with county() as here:
        await here.say("naomi", "private:naomi", "/language Kiswahili")
        assert here.private("naomi") == ["Kuanzia sasa kwa Kiswahili."]
        await here.say("naomi", "private:naomi", "/lugha english")
        assert here.private("naomi")[-1] == "From now on in English."
        await here.say("naomi", "private:naomi", "/language Latin")
        assert here.private("naomi")[-1] == "Please write /language and the language: English or Kiswahili."


async def test_the_groups_language_is_not_everybodys_to_choose() -> None:
    async with county() as here:
        await here.say("chebet", "health", "/language sw")
        assert here.lines("health") == [
            "Only the coordinator, director, communications and operator can choose the group's language."
        ]
        await here.say("kiptoo", "health", "/language sw")
        assert here.lines("health")[1:] == ["Kuanzia sasa kwa Kiswahili."]


# --- a yes that may be none -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["Yes, pay me first", "Ndio walikuja wakaangalia wakaenda", "YES. Send another lorry"])
async def test_a_yes_beside_words_that_nothing_bears_out_is_asked_back_once(said: str) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        await here.say("chebet", "health", said, reply_to=post)
        assert await _state(here) == "answered done"
        offer = here.messages("health")[-1]
        assert offer.text == f"{REF}: Jane, is that the citizen's YES? Reply YES and it is closed, or NOT YET and why."
        await here.say("chebet", "health", said, reply_to=post)
        await here.say("kiptoo", "health", "Yes", reply_to=offer.id)
        assert len(here.lines("health")) == 3
        assert await _state(here) == "answered done"
        await here.say("chebet", "health", "Yes", reply_to=offer.id)
        assert await _state(here) == "closed done"


async def test_what_was_asked_back_may_be_answered_with_not_yet() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        await here.say("chebet", "health", "Yes, bring the other drugs", reply_to=post)
        await here.say("chebet", "health", "Not yet, only half", reply_to=here.messages("health")[-1].id)
        assert (await _state(here)).startswith("reopened")


async def test_a_yes_to_what_was_asked_of_an_earlier_answer_closes_nothing() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", RESOLVED, reply_to=post)
        await here.say("chebet", "health", "Yes, bring the other drugs", reply_to=post)
        offer = here.messages("health")[-1]
        await here.say("chebet", "health", "Not yet, only half", reply_to=post)
        await here.say("kiptoo", "health", "/resolve the other half was delivered today", reply_to=post)
        await here.tap("chebet", "health", offer)
        assert (await _state(here)).startswith("answered")
