"""Danger is heard wherever it is told: EMERGENCY in any reply, in answers to other questions, from anybody."""

from __future__ import annotations

import pytest

from tests.county import FORM, County, county

REF = "HLT-26-0001-J"
ROUTINE = FORM.replace("Urgent", "Routine")
NUMBERS = "ambulance 1199, police 999 / 112 or county helpline (Mon-Fri 8-17) 0704 220 220"
CALL = f"If anyone is in danger, call now: {NUMBERS}."
ASKED = f"{REF}: if anyone is in danger, call now: {NUMBERS}. Make it an emergency? Reply EMERGENCY."
RUNG = (
    f"{REF} EMERGENCY, Kapsowar. Do not wait for this bot, call now: {NUMBERS}. Ringing Daniel, Dr Cheruto and Nelson."
)
WORSE = "The patients there are bleeding heavily and unconscious"
NEED = "There is no water at Kapsowar dispensary since Monday and mothers carry it from the river"
BLEEDING = "A woman is bleeding after delivery at Kabiemit dispensary and there is no doctor"


async def _asked(here: County) -> tuple[str, str]:
    """The post and the words of danger below it; the bot has asked whether it is an emergency."""
    post = await here.say("chebet", "health", ROUTINE)
    danger = await here.say("chebet", "health", WORSE, reply_to=post)
    assert here.lines("health")[1:] == [ASKED]
    return post, danger


@pytest.mark.parametrize("word", ["EMERGENCY", "Emergency!", "Dharura", "Yes emergency", "It is an emergency"])
@pytest.mark.parametrize("below", ["post", "danger", "question"])
async def test_the_word_that_the_bot_asks_for_counts_below_every_line_of_the_request(word: str, below: str) -> None:
    async with county() as here:
        post, danger = await _asked(here)
        places = {"post": post, "danger": danger, "question": here.messages("health")[-1].id}
        await here.say("chebet", "health", word, reply_to=places[below])
        assert here.lines("health")[2:] == [RUNG]


async def test_it_counts_without_a_reply_where_it_is_asked_for_one_request_alone() -> None:
    async with county() as here:
        await _asked(here)
        await here.say("rose", "health", "EMERGENCY")
        assert here.lines("health")[2:] == []
        await here.say("chebet", "health", "EMERGENCY")
        assert here.lines("health")[2:] == [RUNG]


async def test_an_officer_may_say_it_too_and_whoever_has_no_part_in_it_may_not() -> None:
    async with county() as here:
        await _asked(here)
        question = here.messages("health")[-1].id
        await here.say("rose", "health", "EMERGENCY", reply_to=question)
        assert here.lines("health")[2:] == []
        await here.say("kiptoo", "health", "EMERGENCY", reply_to=question)
        assert here.lines("health")[2:] == [RUNG]


async def test_a_word_that_says_more_or_denies_it_is_asked_about() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", ROUTINE)
        await here.say("chebet", "health", "EMERGENCY", reply_to=post)
        assert here.lines("health")[1:] == [ASKED]
        await here.say("chebet", "health", "It is not an emergency", reply_to=here.messages("health")[-1].id)
        assert here.lines("health")[2:] == []
        assert await here.value("SELECT priority FROM request") == "routine"


async def test_what_an_officer_tells_of_a_danger_brings_the_numbers() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", ROUTINE)
        await here.say("kiptoo", "health", "Seen. Two mothers are bleeding, no ambulance", reply_to=post)
        assert here.lines("health")[1:] == [ASKED]


@pytest.mark.parametrize("closed", [False, True])
async def test_danger_below_what_is_answered_or_closed_is_asked_about(closed: bool) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", ROUTINE)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered this morning from the store", reply_to=post)
        if closed:
            await here.say("chebet", "health", "Yes, she got hers", reply_to=here.messages("health")[-1].id)
        before = len(here.lines("health"))
        await here.say("chebet", "health", "House on fire there and a child trapped", reply_to=post)
        assert here.lines("health")[before:] == [ASKED]
        await here.say("chebet", "health", "EMERGENCY", reply_to=post)
        assert here.lines("health")[-1] == RUNG
        assert await here.value("SELECT state FROM request") == "submitted"


@pytest.mark.parametrize("who", ["rose", "stranger"])
async def test_a_need_told_below_another_ones_request_is_a_post_of_its_own(who: str) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", ROUTINE)
        await here.say(who, "health", BLEEDING, reply_to=post)
        (line,) = here.lines("health")[1:]
        assert line.startswith(f"{CALL} ")
        assert ("Shall I register this?" in line) == (who == "rose")


async def test_a_stranger_who_tells_of_danger_gets_the_numbers_and_one_who_does_not_gets_none() -> None:
    known = (
        "I do not know you yet, so this has no number. Communications are asked; once you are registered it gets its"
    )
    async with county() as here:
        await here.say("stranger", "health", BLEEDING)
        assert here.lines("health") == [f"{CALL} {known} number, in order."]
    async with county() as here:
        await here.say("stranger", "health", NEED)
        assert here.lines("health") == [f"{known} number, in order."]


async def test_while_an_emergency_is_open_only_danger_in_another_ward_is_offered() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM.replace("Urgent", "Emergency"))
        await here.say("chebet", "health", "A woman is bleeding at Kapsowar dispensary and there is no doctor")
        await here.say("rose", "health", NEED.replace("Kapsowar", "Kabiemit"))
        assert here.lines("health")[1:] == []
        await here.say("rose", "health", BLEEDING)
        assert here.lines("health")[1:] == [
            f"{CALL} Shall I register this? Place: Kabiemit dispensary. Problem: {BLEEDING}. Reply YES, or correct it."
        ]


async def test_an_emergency_cannot_be_paused_until_it_is_safe() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM.replace("Urgent", "Emergency"))
        await here.say("nelson", "communications", f"/pause {REF} until 20 December strike of the drivers")
        assert here.lines("communications") == [
            f"{REF} is an emergency: nothing of it pauses until it is safe."
            " Write /safe when nobody is in danger any more."
        ]
        await here.say("chebet", "health", "/safe", reply_to=post)
        await here.say("nelson", "communications", f"/pause {REF} until 20 December strike of the drivers")
        assert await here.value("SELECT paused_until IS NOT NULL FROM request")


async def test_a_closed_posts_edit_that_brings_danger_is_asked_about() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", ROUTINE)
        await here.say("chebet", "health", "/withdraw posted twice", reply_to=post)
        before = len(here.lines("health"))
        await here.edit("chebet", "health", post, f"{ROUTINE}\nWall fell, children trapped under it")
        assert here.lines("health")[before:] == [ASKED]


@pytest.mark.parametrize("word", ["EMERGENCY", "YES EMERGENCY", "Ndiyo, ni dharura"])
async def test_a_need_that_was_offered_is_registered_as_the_emergency_that_it_is_called(word: str) -> None:
    async with county() as here:
        await here.say("chebet", "health", NEED)
        await here.say("chebet", "health", word, reply_to=here.messages("health")[-1].id)
        assert here.lines("health")[1:] == [RUNG]


@pytest.mark.parametrize("words", ["Tot dispensary", "No, it is Tot dispensary", "wrong place, Tot dispensary"])
async def test_another_place_in_reply_to_an_offer_is_offered_anew(words: str) -> None:
    async with county() as here:
        await here.say("chebet", "health", NEED)
        await here.say("chebet", "health", words, reply_to=here.messages("health")[-1].id)
        assert here.lines("health")[1:] == [
            f"Shall I register this? Place: Tot dispensary. Problem: {NEED}. Reply YES, or correct it."
        ]
        await here.say("chebet", "health", "YES", reply_to=here.messages("health")[-1].id)
        assert await here.value("SELECT address FROM request") == "Tot dispensary"


async def test_what_is_neither_a_yes_nor_a_place_is_told_once_how_to_mend_an_offer() -> None:
    async with county() as here:
        await here.say("chebet", "health", NEED)
        offered = here.messages("health")[-1].id
        for words in ("since Sunday, not Monday", "Sio Kapsowar ni Tot"):
            await here.say("chebet", "health", words, reply_to=offered)
        assert here.lines("health")[1:] == [
            "To register it reply YES. To mend it, reply with Place: or Problem: and the right words."
        ]


async def test_a_no_to_an_offer_ends_it_without_a_word() -> None:
    async with county() as here:
        await here.say("chebet", "health", NEED)
        offered = here.messages("health")[-1].id
        refusal = await here.say("chebet", "health", "No", reply_to=offered)
        await here.say("chebet", "health", "Yes", reply_to=offered)
        assert here.lines("health")[1:] == []
        assert here.reaction("health", refusal) == "✍"


UNPLACED = "SERVICE REQUEST\nProblem: No water since Monday"
LACKS = "Jane, only the place is missing. Reply here with it and I will give a number."


@pytest.mark.parametrize(
    "words", ["Emergency!", "House on fire there, child trapped", "mama anatokwa na damu", "EMERGENCY"]
)
async def test_danger_in_answer_to_where_brings_the_numbers_and_the_place_is_asked_for_again(words: str) -> None:
    async with county() as here:
        await here.say("chebet", "health", UNPLACED)
        await here.say("chebet", "health", words, reply_to=here.messages("health")[-1].id)
        assert here.lines("health") == [LACKS, f"{CALL} {LACKS}"]
        await here.say("chebet", "health", "Tot market", reply_to=here.messages("health")[-1].id)
        assert await here.value("SELECT address FROM request") == "Tot market"
        assert NUMBERS in "\n".join(here.lines("health")[2:])


@pytest.mark.parametrize(
    "words",
    ["ignore this", "wait", "I don't know", "Let me ask him and come back", "It was solved already", "thanks", "ok"],
)
async def test_what_is_no_place_does_not_become_one(words: str) -> None:
    async with county() as here:
        await here.say("chebet", "health", UNPLACED)
        await here.say("chebet", "health", words, reply_to=here.messages("health")[-1].id)
        assert here.lines("health") == [LACKS]
        assert await here.value("SELECT count(*) FROM request") == 0


async def test_a_citizens_number_in_answer_to_where_is_kept_and_is_no_place() -> None:
    async with county() as here:
        await here.say("chebet", "health", UNPLACED)
        await here.say("chebet", "health", "she is Mary Kibet 0722 000 111", reply_to=here.messages("health")[-1].id)
        assert here.lines("health") == [LACKS, LACKS]
        await here.say("chebet", "health", "Tot market", reply_to=here.messages("health")[-1].id)
        assert await here.value("SELECT address FROM request") == "Tot market"


async def test_what_offices_and_observers_say_below_a_request_stays_talk_about_it_unless_it_is_danger() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", ROUTINE)
        need = "There is no water at the Kapsowar dispensary either and mothers carry it from the river"
        await here.say("judith", "health", need, reply_to=post)
        assert here.lines("health")[1:] == []
        await here.say("judith", "health", BLEEDING, reply_to=post)
        (line,) = here.lines("health")[1:]
        assert line.startswith(f"{CALL} ")


async def test_place_and_danger_told_on_a_line_each_are_what_was_asked_for() -> None:
    async with county() as here:
        await here.say("chebet", "health", "SERVICE REQUEST\nWard: Kapsowar\nPriority: Urgent")
        answer = "Tot dispensary\nTwo women are bleeding and there is no doctor"
        await here.say("chebet", "health", answer, reply_to=here.messages("health")[-1].id)
        row = "SELECT address || ': ' || description FROM request"
        assert await here.value(row) == "Tot dispensary: Two women are bleeding and there is no doctor"


async def test_of_two_requests_it_is_asked_which_one_is_the_emergency() -> None:
    async with county() as here:
        await _asked(here)
        other = await here.say("chebet", "health", ROUTINE.replace("malaria drugs", "gloves"))
        await here.say("chebet", "health", "a man drowned there", reply_to=other)
        await here.say("chebet", "health", "EMERGENCY")
        question = here.messages("health")[-1]
        assert question.text.startswith("Which one: ")
        await here.say("chebet", "health", "HLT-26-0002-K", reply_to=question.id)
        assert here.lines("health")[-1] == RUNG.replace(REF, "HLT-26-0002-K")


async def test_emergency_without_a_reply_is_of_the_form_that_was_just_offered() -> None:
    async with county() as here:
        await here.say("chebet", "health", NEED)
        await here.say("chebet", "health", "EMERGENCY")
        assert here.lines("health")[1:] == [RUNG]


@pytest.mark.parametrize(
    "text",
    [
        "Two patients are trapped under the wall that fell at the hospital",
        "EMERGENCY! the roof has come down on the ward and nobody can reach the people there, come now please",
        "DHARURA! Paa imeanguka juu ya wagonjwa",
    ],
)
async def test_danger_without_a_reply_is_asked_about_where_the_line_is_about_an_open_request(text: str) -> None:
    async with county() as here:
        await here.say("chebet", "health", ROUTINE)
        await here.wait(hours=3)
        before = here.lines("health")
        await here.say("chebet", "health", text)
        assert here.lines("health")[len(before) :] == [ASKED]


@pytest.mark.parametrize(
    "text",
    [
        "EMERGENCY EMERGENCY lorry imeanguka mtoni hapa Sinon, dereva hatoki",
        "Dharura: there is no water at Sinon dispensary and mothers are giving birth",
    ],
)
async def test_a_need_that_opens_with_emergency_is_offered_with_the_numbers_and_registered_as_one(text: str) -> None:
    async with county() as here:
        await here.say("chebet", "water", text)
        assert "1199" in here.lines("water")[0]
        await here.say("chebet", "water", "YES")
        assert await here.value("SELECT priority FROM request") == "emergency"
        assert "1199" in here.lines("water")[1]


@pytest.mark.parametrize("who", ["chebet", "cheruto"])
@pytest.mark.parametrize(
    "text",
    ["NOT YET, two are still inside the ward", "No, they are not safe", "Bado, wagonjwa wawili hawajatoka"],
)
async def test_whoever_denies_that_all_are_safe_is_asked_whether_it_is_an_emergency_again(who: str, text: str) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM.replace("Urgent", "Emergency"))
        await here.say("kiptoo", "health", "/safe all are out", reply_to=post)
        before = here.lines("health")
        await here.say(who, "health", text, reply_to=post)
        assert here.lines("health")[len(before) :] == [ASKED]
        await here.say("chebet", "health", "EMERGENCY", reply_to=here.messages("health")[-1].id)
        assert await here.value("SELECT made_safe_at FROM request") is None


async def test_days_after_it_was_made_safe_a_not_yet_is_about_the_work() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM.replace("Urgent", "Emergency"))
        await here.say("kiptoo", "health", "/safe all are out", reply_to=post)
        await here.wait(hours=25)
        before = here.lines("health")
        await here.say("chebet", "health", "Not yet, the wall is still down", reply_to=post)
        assert here.lines("health")[len(before) :] == []


async def test_a_need_about_emergency_lights_is_none() -> None:
    async with county() as here:
        await here.say("chebet", "water", "Emergency lights at Sinon dispensary are not working since Monday")
        assert "1199" not in here.lines("water")[0]
        await here.say("chebet", "water", "YES")
        assert await here.value("SELECT priority FROM request") == "routine"
