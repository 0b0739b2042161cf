"""A need in plain prose is offered back as a form, once: YES registers it, a correction too, silence does nothing."""

from __future__ import annotations

import pytest

from groupbot.chat.sandbox import FULL, PLAIN
from groupbot.records import Attachment, Capabilities
from tests.county import FORM, county

NEED = "Culvert ya Kolol imebebwa na maji, gari ya mgonjwa ilirudi"
KIOSK = "Good morning. The borehole at Kamwosor has broken down, people have no water"


async def test_a_need_is_offered_and_one_tap_registers_it() -> None:
    async with county() as here:
        await here.say("chebet", "water", KIOSK)
        offer = here.messages("water")[0]
        assert offer.text.startswith("Shall I register this? Place: ")
        assert offer.text.endswith("Reply YES, or correct it.")
        await here.tap("rose", "water", offer)
        assert await here.value("SELECT count(*) FROM request") == 0
        await here.tap("chebet", "water", offer)
        assert len(here.lines("water")) == 2
        assert here.lines("water")[1].startswith("WTR-26-0001-G, routine, Kapsowar. Judith, please reply here")
        await here.tap("chebet", "water", offer)
        assert await here.value("SELECT count(*) FROM request") == 1


async def test_in_a_plain_chat_a_yes_registers_it_and_replies_to_the_post_find_it() -> None:
    async with county(capabilities=PLAIN) as here:
        post = await here.say("rose", "roads", NEED)
        offer = here.messages("roads")[0]
        await here.say("rose", "roads", "Ndio", reply_to=offer.id)
        assert await here.value("SELECT count(*) FROM request") == 1
        await here.say("rose", "roads", "Location: Kolol bridge", reply_to=post)
        assert await here.value("SELECT address FROM request") == "Kolol bridge"


@pytest.mark.parametrize("yes", ["Yes", "NDIO!", "yes please", "*Ndiyo*", "Yes please register", "Yes, thank you"])
async def test_a_yes_right_after_an_offer_need_not_be_a_reply(yes: str) -> None:
    async with county() as here:
        await here.say("chebet", "water", KIOSK)
        await here.wait(minutes=20)
        await here.say("chebet", "water", yes)
        assert here.lines("water")[1:] == [
            "WTR-26-0001-G, routine, Kapsowar. Judith, please reply here by Thu 26 Nov 10:30. Answer due Tue 8 Dec."
        ]
        await here.say("chebet", "water", yes)
        assert await here.value("SELECT count(*) FROM request") == 1


@pytest.mark.parametrize("word", ["Sawa", "ok", "👍", "Hapana", "Yes but wait", "Asante"])
async def test_other_words_right_after_an_offer_register_nothing(word: str) -> None:
    async with county() as here:
        await here.say("chebet", "water", KIOSK)
        await here.say("chebet", "water", word)
        assert await here.value("SELECT count(*) FROM request") == 0
        assert len(here.lines("water")) == 1


async def test_a_yes_without_a_reply_is_nobody_elses_and_not_for_what_others_asked_since() -> None:
    async with county() as here:
        await here.say("chebet", "water", KIOSK)
        await here.say("rose", "roads", "Yes")
        await here.say("judith", "water", "Jane, did you call the operator?")
        await here.say("chebet", "water", "Yes")
        assert await here.value("SELECT count(*) FROM request") == 0
        assert len(here.lines("water")) == 1


async def test_a_yes_without_a_reply_counts_though_others_have_said_something() -> None:
    async with county() as here:
        await here.say("chebet", "water", KIOSK)
        await here.say("judith", "water", "Pole sana")
        await here.say("chebet", "water", "Yes")
        assert await here.value("SELECT count(*) FROM request") == 1


async def test_a_yes_without_a_reply_is_for_no_old_offer_and_for_no_other_message() -> None:
    async with county() as here:
        post = await here.say("chebet", "water", "Good morning all")
        await here.say("chebet", "water", KIOSK)
        await here.say("chebet", "water", "Yes", reply_to=post)
        await here.wait(minutes=31)
        await here.say("chebet", "water", "Yes")
        assert await here.value("SELECT count(*) FROM request") == 0


async def test_a_yes_right_after_an_offer_is_no_citizens_word_on_another_request() -> None:
    async with county() as here:
        post = await here.say("chebet", "water", FORM)
        await here.say("judith", "water", "/resolve The drugs were delivered by lorry this morning", reply_to=post)
        await here.say("chebet", "water", KIOSK)
        await here.say("chebet", "water", "Yes")
        assert await here.value("SELECT count(*) FROM request") == 2
        assert await here.value("SELECT count(*) FROM request WHERE state = 'answered'") == 1
        await here.say("chebet", "water", "Yes")
        assert await here.value("SELECT count(*) FROM request WHERE state = 'closed'") == 1


async def test_a_correction_is_a_yes_with_other_words() -> None:
    async with county() as here:
        await here.say("chebet", "water", KIOSK)
        await here.say("chebet", "water", "Location: Kamwosor market borehole", reply_to=here.messages("water")[0].id)
        assert await here.value("SELECT address FROM request") == "Kamwosor market borehole"


async def test_words_that_are_no_yes_leave_an_offer_alone() -> None:
    async with county() as here:
        await here.say("chebet", "water", KIOSK)
        offer = here.messages("water")[0].id
        for text in ("No, somebody has posted it", "Wait, let me ask first", "hapana"):
            await here.say("chebet", "water", text, reply_to=offer)
        assert await here.value("SELECT count(*) FROM request") == 0
        assert len(here.lines("water")) == 1


async def test_an_offer_lapses_after_a_day() -> None:
    async with county() as here:
        await here.say("chebet", "water", KIOSK)
        offer = here.messages("water")[0]
        await here.wait(hours=25)
        await here.tap("chebet", "water", offer)
        assert await here.value("SELECT count(*) FROM request") == 0


async def test_a_late_yes_in_reply_to_an_offer_is_meant_all_the_same() -> None:
    async with county() as here:
        await here.say("chebet", "water", KIOSK)
        await here.wait(hours=25)
        await here.say("rose", "water", "YES", reply_to=here.messages("water")[0].id)
        assert len(here.lines("water")) == 1
        await here.say("chebet", "water", "YES", reply_to=here.messages("water")[0].id)
        assert here.lines("water")[1:] == [
            "WTR-26-0001-G, routine, Kapsowar. Judith, please reply here by Fri 27 Nov 11:10. Answer due Wed 9 Dec."
        ]


async def test_nobody_is_bothered_with_forms_while_an_emergency_is_open() -> None:
    async with county() as here:
        await here.say("rose", "roads", "EMERGENCY REQUEST\nLocation: Kolol\nProblem: landslide, matatu is trapped")
        await here.wait(minutes=45)
        await here.say("chebet", "roads", "The bridge at Chesoi has broken, people cannot cross the river")
        assert len(here.lines("roads")) == 1
        await here.wait(hours=25)
        await here.say("chebet", "roads", "The bridge at Chesoi has broken, people cannot cross the river")
        assert len(here.lines("roads")) == 2


async def test_words_of_danger_print_the_numbers_and_are_asked_about_never_guessed() -> None:
    async with county() as here:
        await here.say(
            "chebet", "health", "Location: Chesoi\nProblem: Snake bite patient and no antivenom\nPriority: urgent"
        )
        number, danger = here.messages("health")
        assert number.text.startswith("HLT-26-0001-J, urgent, ")
        assert danger.text == (
            "HLT-26-0001-J: if anyone is in danger, call now: ambulance 1199, police 999 / 112 or "
            "county helpline (Mon-Fri 8-17) 0704 220 220. Make it an emergency? Reply EMERGENCY."
        )
        assert await here.value("SELECT priority FROM request") == "urgent"
        await here.say("chebet", "health", "EMERGENCY", reply_to=danger.id)
        assert await here.value("SELECT priority FROM request") == "emergency"
        assert here.lines("health")[2].startswith("HLT-26-0001-J EMERGENCY, Kapsowar.")
        assert here.private("kiptoo")[0].startswith("EMERGENCY HLT-26-0001-J, Health, Kapsowar, raised by Jane")
        assert await here.value("SELECT original_priority FROM request") == "urgent"


async def test_a_voice_note_is_asked_to_be_typed_and_a_photo_alone_is_kept_in_silence() -> None:
    async with county() as here:
        await here.say("chebet", "water", "", attachments=(Attachment("voice", "v1"),))
        await here.photo("rose", "water")
        assert here.lines("water") == ["Jane, I cannot hear voice notes. Please type the place and the problem."]
        assert await here.value("SELECT count(*) FROM attachment") == 2


PROSE = "People are suffering, the dispensary has had no gloves since Monday, kindly assist"


@pytest.mark.parametrize("capabilities", [FULL, PLAIN], ids=["full", "plain"])
async def test_an_offer_without_a_place_asks_for_it_and_yes_is_no_place(capabilities: Capabilities) -> None:
    async with county(capabilities=capabilities) as here:
        await here.say("chebet", "health", PROSE)
        (offer,) = here.messages("health")
        assert offer.text.endswith("Reply with the place and I will give a number.")
        assert offer.buttons == ()
        await here.say("chebet", "health", "Yes", reply_to=offer.id)
        assert here.lines("health")[1:] == [
            "Jane, only the place is missing. Reply here with it and I will give a number."
        ]
        await here.say("chebet", "health", "Chesoi dispensary", reply_to=here.messages("health")[-1].id)
        assert here.lines("health")[-1].startswith("HLT-26-0001-J, routine, Kapsowar. ")


@pytest.mark.parametrize("who", ["chebet", "judith"])
async def test_a_voice_note_in_reply_to_a_request_is_asked_to_be_typed_once(who: str) -> None:
    called = {"chebet": "Jane", "judith": "Judith"}[who]
    async with county() as here:
        post = await here.say("chebet", "water", "Location: Nyaru spring\nProblem: Pipe is cut")
        for note in ("v1", "v2"):
            await here.say(who, "water", "", reply_to=post, attachments=(Attachment("voice", note),))
        assert here.lines("water")[1:] == [f"{called}, I cannot hear voice notes. Please type it, as a reply here."]
        assert await here.value("SELECT state FROM request") == "submitted"
        assert await here.value("SELECT count(*) FROM attachment WHERE request_id IS NOT NULL") == 2


@pytest.mark.parametrize(
    "text",
    [
        "seen, I come back on Friday",
        "On leave, back on Monday",
        "power is back tomorrow",
        "the nurse is back on Monday",
    ],
)
async def test_a_promise_is_a_word_and_nobody_is_asked_whether_it_is_done(text: str) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        said = await here.say("kiptoo", "health", text, reply_to=post)
        assert (len(here.lines("health")), here.reaction("health", said)) == (1, "👀")


async def test_what_the_ward_hopes_for_tomorrow_closes_nothing() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        before = len(here.lines("health"))
        said = await here.say("chebet", "health", "the power is back tomorrow", reply_to=here.messages("health")[-1].id)
        assert await here.value("SELECT state FROM request") == "answered"
        assert (len(here.lines("health")), here.reaction("health", said)) == (before, "✍")
        await here.say("chebet", "health", "the power is back since Monday", reply_to=here.messages("health")[-1].id)
        assert await here.value("SELECT state FROM request") == "closed"


# --- the post of an offer is edited -----------------------------------------------------------------------------------

BOREHOLE = "The borehole at Nyaru has broken down, people have no water"
WORDS = "SELECT address || ': ' || description FROM request"


async def test_a_need_that_is_told_in_other_words_is_offered_in_those_and_the_first_line_means_them_too() -> None:
    async with county() as here:
        post = await here.say("chebet", "water", BOREHOLE)
        await here.edit("chebet", "water", post, BOREHOLE.replace("Nyaru", "Kipkaner market"))
        assert [line.partition(".")[0] for line in here.lines("water")] == [
            "Shall I register this? Place: borehole at Nyaru",
            "Shall I register this? Place: Kipkaner market",
        ]
        await here.edit("chebet", "water", post, BOREHOLE.replace("Nyaru", "Kipkaner market"))
        assert len(here.lines("water")) == 2
        await here.say("chebet", "water", "YES", reply_to=here.messages("water")[0].id)
        await here.say("chebet", "water", "YES", reply_to=here.messages("water")[1].id)
        assert await here.value("SELECT group_concat(address) FROM request") == "Kipkaner market"


@pytest.mark.parametrize("form", ["Location: Nyaru\nProblem: Borehole broken\nPriority: urgent", "", "Location: Nyaru"])
async def test_a_need_whose_post_is_edited_into_a_form_has_one_number(form: str) -> None:
    async with county() as here:
        post = await here.say("chebet", "water", BOREHOLE)
        offered = "Location: borehole at Nyaru\nProblem: The borehole at Nyaru has broken down, people have no water"
        await here.edit("chebet", "water", post, form or offered)
        await here.say("chebet", "water", "YES", reply_to=here.messages("water")[0].id)
        assert await here.value("SELECT count(*) FROM request") == 1
        assert here.lines("water")[1].startswith("WTR-26-0001-G, ")


async def test_an_offer_whose_post_tells_of_no_need_any_more_is_over() -> None:
    async with county() as here:
        post = await here.say("chebet", "water", BOREHOLE)
        await here.edit("chebet", "water", post, "Sorry wrong information, the borehole at Nyaru is working")
        await here.say("chebet", "water", "Yes it is working", reply_to=here.messages("water")[0].id)
        await here.tap("chebet", "water", here.messages("water")[0])
        assert await here.value("SELECT count(*) FROM request") == 0


async def test_after_the_yes_an_edit_of_the_need_amends_its_request_and_danger_is_asked_about() -> None:
    async with county() as here:
        post = await here.say("chebet", "water", BOREHOLE)
        await here.say("chebet", "water", "YES", reply_to=here.messages("water")[0].id)
        await here.edit("chebet", "water", post, f"{BOREHOLE}, two children are trapped in it")
        assert here.lines("water")[2] == "WTR-26-0001-G changed by Jane: the problem."
        assert here.lines("water")[3].startswith("WTR-26-0001-G: if anyone is in danger, call now")
        two = (
            "Location: Nyaru\nProblem: The borehole pump has broken down\n\nLocation: Kipkaner\nProblem: The tank leaks"
        )
        await here.edit("chebet", "water", post, two)
        assert await here.value("SELECT group_concat(address) FROM request") == "Nyaru,Kipkaner"


async def test_an_offered_need_that_is_edited_into_two_forms_is_two_requests() -> None:
    async with county() as here:
        post = await here.say("chebet", "water", BOREHOLE)
        two = "Location: Nyaru\nProblem: Borehole has broken down\n\nLocation: Kipkaner\nProblem: The tank leaks"
        await here.edit("chebet", "water", post, two)
        await here.say("chebet", "water", "YES", reply_to=here.messages("water")[0].id)
        assert await here.value("SELECT group_concat(address) FROM request") == "Nyaru,Kipkaner"


async def test_an_offer_is_made_twice_at_most_and_never_while_an_emergency_is_open() -> None:
    async with county() as here:
        post = await here.say("chebet", "water", BOREHOLE)
        for place in ("Kipkaner", "Chebara", "Kapcherop"):
            await here.edit("chebet", "water", post, BOREHOLE.replace("Nyaru", place))
        assert len(here.lines("water")) == 2
        await here.say("chebet", "water", "YES", reply_to=here.messages("water")[0].id)
        assert "Kapcherop" in str(await here.value("SELECT address FROM request"))
        other = await here.say("chebet", "water", BOREHOLE.replace("Nyaru", "Metkei"))
        await here.say("rose", "water", "EMERGENCY REQUEST\nLocation: Dam\nProblem: The wall burst, people trapped")
        said = len(here.lines("water"))
        await here.edit("chebet", "water", other, BOREHOLE.replace("Nyaru", "Lelan"))
        assert len(here.lines("water")) == said


async def test_another_need_in_the_place_of_an_offered_one_is_asked_for_its_own_place() -> None:
    async with county() as here:
        post = await here.say("chebet", "water", BOREHOLE)
        await here.edit("chebet", "water", post, "Priority: urgent\nProblem: Kiosk at Chebara is locked by the owner")
        assert here.lines("water")[1] == "Jane, only the place is missing. Reply here with it and I will give a number."
        await here.say("chebet", "water", "Chebara centre", reply_to=here.messages("water")[1].id)
        assert await here.value("SELECT address || ' ' || priority FROM request") == "Chebara centre urgent"


async def test_an_edited_yes_changes_nothing_of_what_it_registered() -> None:
    async with county() as here:
        await here.say("chebet", "water", BOREHOLE)
        word = await here.say("chebet", "water", "YES", reply_to=here.messages("water")[0].id)
        before = await here.value(WORDS)
        await here.edit("chebet", "water", word, f"YES, {BOREHOLE.replace('Nyaru', 'Chebara')}")
        assert await here.value(WORDS) == before
