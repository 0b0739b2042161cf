"""The edit of a post with several forms: each amends its own request, and what was added or completed is new."""

from __future__ import annotations

import pytest

from groupbot.rehearsal.stage import Player
from tests.county import PLAYERS, County, county

PIPE = "Location: Nyaru\nProblem: The pipe is cut"
TANK = "Location: Kipkaner\nProblem: The tank leaks\nPriority: normal"
BOTH = f"{PIPE}\n\n{TANK}"
WORDS = "SELECT group_concat(description, '|') FROM request"


async def _given(here: County, text: str = BOTH) -> str:
    """A post of Jane's; what was said of it is forgotten."""
    return await here.say("chebet", "water", text)


async def test_what_changed_in_the_second_form_amends_the_second_request() -> None:
    async with county() as here:
        post = await _given(here)
        before = here.lines("water")
        await here.edit("chebet", "water", post, BOTH.replace("leaks", "leaks day and night"))
        assert here.lines("water")[len(before) :] == ["WTR-26-0002-H changed by Jane: the problem."]
        assert await here.value(WORDS) == "The pipe is cut|The tank leaks day and night"


async def test_each_form_amends_its_own_request_in_whatever_order_they_stand_now() -> None:
    async with county() as here:
        post = await _given(here)
        await here.edit("chebet", "water", post, f"{TANK}, high\n\n{PIPE} since Monday")
        assert await here.value(WORDS) == "The pipe is cut since Monday|The tank leaks"


async def test_a_form_that_was_added_gets_a_number() -> None:
    async with county() as here:
        post = await _given(here, PIPE)
        await here.edit("chebet", "water", post, BOTH)
        assert here.lines("water")[1].startswith("WTR-26-0002-H, routine, Kapsowar.")
        await here.edit("chebet", "water", post, f"{BOTH}\n\nLocation: Chebara\nProblem: No water since May")
        assert here.lines("water")[2].startswith("WTR-26-0003-")
        assert len(here.lines("water")) == 3
        assert await here.value(WORDS) == "The pipe is cut|The tank leaks|No water since May"


async def test_an_edit_that_changes_no_form_is_noted_and_nothing_is_said() -> None:
    async with county() as here:
        post = await _given(here)
        before = here.lines("water")
        await here.edit("chebet", "water", post, f"Good morning all\n{BOTH}")
        assert here.lines("water") == before
        assert here.reaction("water", post) == "✍"


async def test_a_form_that_was_taken_out_leaves_its_request() -> None:
    async with county() as here:
        post = await _given(here)
        before = here.lines("water")
        await here.edit("chebet", "water", post, f"{PIPE} since Monday")
        assert here.lines("water")[len(before) :] == ["WTR-26-0001-G changed by Jane: the problem."]
        assert await here.value("SELECT group_concat(state) FROM request") == "submitted,submitted"


async def test_after_the_answer_of_one_the_other_is_still_amended() -> None:
    async with county() as here:
        post = await _given(here)
        first = str(await here.value("SELECT service_request_id FROM request WHERE id = 1"))
        await here.say("judith", "water", f"/resolve {first} The pipe was mended this morning")
        before = here.lines("water")
        await here.edit("chebet", "water", post, f"{PIPE} again\n\n{TANK.replace('leaks', 'is broken')}")
        assert len(here.lines("water")) == len(before) + 1
        assert await here.value(WORDS) == "The pipe is cut|The tank is broken"


async def test_a_second_form_made_an_emergency_by_an_edit_rings() -> None:
    async with county() as here:
        post = await _given(here)
        await here.edit("chebet", "water", post, BOTH.replace("normal", "emergency"))
        assert await here.value("SELECT group_concat(priority) FROM request") == "routine,emergency"
        assert any("999" in line for line in here.lines("water"))


CUT = "Problem: The pipe is cut\nLocation: Nyaru"  # a problem first: a place before it would be that of all below
UNFINISHED = f"{CUT}\n\nProblem: The tank leaks"


@pytest.mark.parametrize("place", ["Location: Kipkaner", "behind it\nPlace: Kipkaner"])
async def test_an_edit_completes_the_unfinished_one_of_several_forms(place: str) -> None:
    async with county() as here:
        post = await _given(here, UNFINISHED)
        assert len(here.lines("water")) == 2
        await here.edit("chebet", "water", post, f"{UNFINISHED}\n{place}")
        assert here.lines("water")[2].startswith("WTR-26-0002-H, routine, Kapsowar.")
        assert await here.value("SELECT group_concat(state) FROM draft") == "completed"
        await here.edit("chebet", "water", post, f"{UNFINISHED}\n{place}".replace("leaks", "leaks badly"))
        assert str(await here.value(WORDS)).startswith("The pipe is cut|The tank leaks badly")


async def test_an_edit_gives_several_unfinished_forms_what_they_lacked() -> None:
    async with county() as here:
        lacking = f"{UNFINISHED}\n\nProblem: No tap at the school"
        post = await _given(here, lacking)
        assert await here.value("SELECT count(*) FROM request") == 1
        whole = lacking.replace("leaks", "leaks\nLocation: Kipkaner") + "\nLocation: Chebara"
        await here.edit("chebet", "water", post, whole)
        assert await here.value("SELECT group_concat(address, '|') FROM request") == "Nyaru|Kipkaner|Chebara"


async def test_an_edit_adds_a_form_that_lacks_its_place() -> None:
    async with county() as here:
        post = await _given(here, CUT)
        await here.edit("chebet", "water", post, UNFINISHED)
        assert here.lines("water")[1:] == [
            "Jane, form 2 of this post has no number yet: the place is missing. Reply here with it."
        ]


async def test_one_unfinished_form_is_edited_into_two_whole_ones() -> None:
    async with county() as here:
        post = await _given(here, "SERVICE REQUEST\nProblem: The tank leaks")
        await here.edit("chebet", "water", post, BOTH)
        assert sorted(str(await here.value(WORDS)).split("|")) == ["The pipe is cut", "The tank leaks"]
        assert await here.value("SELECT group_concat(state) FROM draft") == "completed"


async def test_confidential_words_in_one_of_several_forms_become_a_case_and_the_requests_stay() -> None:
    async with county() as here:
        post = await _given(here)
        before = here.lines("water")
        bribed = f"{PIPE}\n\n{TANK}\nThe plumber asked for a bribe of 2,000 before he mends it"
        await here.edit("chebet", "water", post, bribed)
        assert await here.value("SELECT count(*) FROM request WHERE route = 'private'") == 1
        assert await here.value("SELECT group_concat(description, '|') FROM request WHERE route = 'public'") == (
            "The pipe is cut|The tank leaks"
        )
        assert not any("bribe" in line for line in here.lines("water")[len(before) :])
        await here.edit("chebet", "water", post, BOTH.replace("cut", "cut again"))
        assert await here.value("SELECT group_concat(description, '|') FROM request WHERE route = 'public'") == (
            "The pipe is cut again|The tank leaks"
        )


async def test_what_is_changed_above_all_forms_is_told_in_one_message() -> None:
    async with county() as here:
        post = await _given(here, f"Ward: Kapsowar\n\n{CUT}\n\nProblem: The tank leaks\nLocation: Kipkaner")
        await here.edit("chebet", "water", post, f"Ward: Arror\n\n{CUT}\n\nProblem: The tank leaks\nLocation: Kipkaner")
        assert here.lines("water")[1:] == [
            "WTR-26-0001-G changed by Jane: the ward.\nWTR-26-0002-H changed by Jane: the ward."
        ]
        word = await here.say(
            "judith", "water", "Noted, the plumber goes to both", reply_to=here.messages("water")[-1].id
        )
        assert here.reaction("water", word) == "👀"
        assert await here.value("SELECT group_concat(state) FROM request") == "acknowledged,acknowledged"


# --- which was which --------------------------------------------------------------------------------------------------

SCHOOL = "Location: Chebara\nProblem: No water at the school since May"
ASKED = "Jane, form 2 of this post has no number yet: the place is missing. Reply here with it."
CONTACTS = "SELECT group_concat(request_id || ' ' || reporter_name, '|') FROM contact"


async def test_a_number_is_never_made_over_to_another_need() -> None:
    async with county() as here:
        post = await _given(here, f"{PIPE}\nName: Mary Kosgei\n\n{TANK}")
        await here.edit("chebet", "water", post, f"{TANK}\n\n{SCHOOL}\nName: Ann Cherop")
        assert await here.value(WORDS) == "The pipe is cut|The tank leaks|No water at the school since May"
        assert await here.value(CONTACTS) == "1 Mary Kosgei|3 Ann Cherop"


async def test_a_need_in_the_place_of_one_that_is_answered_or_withdrawn_gets_a_number() -> None:
    async with county() as here:
        post = await _given(here)
        first = str(await here.value("SELECT service_request_id FROM request WHERE id = 1"))
        await here.say("chebet", "water", f"/withdraw {first} posted by mistake")
        await here.edit("chebet", "water", post, f"{SCHOOL}\n\n{TANK}")
        assert await here.value("SELECT service_request_id FROM request WHERE id = 3") == "WTR-26-0003-J"


async def test_of_needs_at_one_place_the_one_that_tells_the_same_is_amended() -> None:
    both = "Location: Kapsowar hospital\nProblem 1: No malaria drugs\nProblem 2: No nurse in maternity"
    async with county() as here:
        post = await here.say("chebet", "health", both)
        await here.say("kiptoo", "health", "HLT-26-0001-J the drugs are on the way")
        left = "Location: Kapsowar hospital\nProblem: No nurse in maternity at night"
        await here.edit("chebet", "health", post, left)
        assert here.lines("health")[1:] == ["HLT-26-0002-K changed by Jane: the problem."]
        assert await here.value(WORDS) == "No malaria drugs|No nurse in maternity at night"


async def test_an_edit_finds_its_request_whatever_was_said_of_it_since() -> None:
    async with county() as here:
        post = await _given(here)
        first, second = "WTR-26-0001-G", "WTR-26-0002-H"
        await here.say("chebet", "water", f"{first} Location: Kipkaner\nProblem: The main pipe was stolen")
        await here.say("chebet", "water", f"{second} Problem: It fell down")
        await here.edit("chebet", "water", post, BOTH.replace("leaks", "leaks a lot"))
        assert await here.value(WORDS) == "The main pipe was stolen|It fell down\nThe tank leaks a lot"


async def test_what_became_of_one_form_by_the_same_edit_is_known_to_the_next() -> None:
    taps = "Problem: Taps are dry\nLocation: Kapsowar market"
    async with county() as here:
        post = await _given(here, f"{taps}\n\nProblem: Taps are dry since Monday")
        edited = f"Problem: Taps are dry since Monday\nLocation: Kapsowar market\n\n{taps}\nPriority: Urgent"
        await here.edit("chebet", "water", post, edited)
        assert await here.value("SELECT priority || ', ' || description FROM request") == (
            "urgent, Taps are dry since Monday"
        )
        assert await here.value("SELECT count(*) FROM inbox WHERE state <> 'done'") == 0


async def test_two_forms_in_one_post_on_one_need_are_one_line_with_what_both_say() -> None:
    async with county() as here:
        twice = "Location: Kapsowar market\nProblem: {}\n\nLocation: Kapsowar market\nProblem: {}\nPriority: urgent"
        await _given(here, twice.format("Taps are dry since Monday", "Taps are dry"))
        assert here.lines("water") == [
            "WTR-26-0001-G, urgent, Kapsowar. Judith, please reply here by today 14:10. Answer due Fri 27 Nov."
        ]
        assert await here.value(WORDS) == "Taps are dry since Monday"


# --- unfinished forms -------------------------------------------------------------------------------------------------


async def test_each_unfinished_form_is_its_own_draft_however_the_post_is_edited() -> None:
    async with county() as here:
        post = await _given(here, UNFINISHED)
        among = f"{CUT}\nPriority: Emergency\n\nProblem: No tap at the school\n\nProblem: The tank leaks"
        await here.edit("chebet", "water", post, among)
        assert here.lines("water")[2].startswith("WTR-26-0001-G changed by Jane: now emergency.")
        assert here.lines("water")[4] == ASKED
        whole = among.replace("school", "school\nLocation: Chebara") + "\nLocation: Kipkaner"
        await here.edit("chebet", "water", post, whole)
        assert await here.value("SELECT group_concat(address, '|') FROM request") == "Nyaru|Chebara|Kipkaner"
        assert await here.value("SELECT group_concat(state) FROM draft") == "completed,completed"


async def test_replies_to_a_post_that_opens_requests_by_now_are_about_those() -> None:
    async with county() as here:
        post = await _given(here, "Problem: The tank leaks")
        await here.edit("chebet", "water", post, UNFINISHED)
        word = await here.say("judith", "water", "Noted, the plumber goes there", reply_to=post)
        assert here.reaction("water", word) == "👀"
        await here.say("chebet", "water", "Kipkaner", reply_to=here.messages("water")[0].id)
        assert await here.value("SELECT group_concat(address, '|') FROM request") == "Nyaru|Kipkaner"


async def test_when_one_of_several_forms_should_not_count_it_is_asked_which() -> None:
    async with county() as here:
        post = await _given(here)
        await here.edit("chebet", "water", post, "Sorry, ignore this one, wrong group")
        assert here.lines("water")[1:] == [
            "Which one: WTR-26-0001-G (pipes and leaks) or WTR-26-0002-H (boreholes, pumps and tanks)? "
            "Reply with its number."
        ]
        await here.tap("chebet", "water", here.messages("water")[-1])
        assert here.lines("water")[2] == (
            "WTR-26-0001-G: Jane, shall I take it back? Reply YES and it is closed as withdrawn."
        )


async def test_other_words_in_the_place_of_several_forms_are_noted() -> None:
    async with county() as here:
        post = await _given(here)
        await here.edit("chebet", "water", post, "Good morning all")
        assert here.reaction("water", post) == "✍"
        assert len(here.lines("water")) == 1


# --- danger, and what must leave the group ----------------------------------------------------------------------------


async def test_words_of_danger_that_an_edit_brings_are_asked_about() -> None:
    async with county() as here:
        post = await _given(here)
        trapped = BOTH.replace("The tank leaks", "The tank fell, two children are trapped under it")
        await here.edit("chebet", "water", post, trapped)
        assert here.lines("water")[1] == "WTR-26-0002-H changed by Jane: the problem."
        assert here.lines("water")[2].startswith("WTR-26-0002-H: if anyone is in danger, call now: ambulance 1199")
        await here.edit("chebet", "water", post, trapped.replace("under it", "below, and bleeding"))
        assert len(here.lines("water")) == 4  # asked once a day


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("", "WTR-26-0001-G: if anyone is in danger, call now: ambulance 1199"),  # answered: asked about
        ("Not yet, it broke again", "WTR-26-0001-G EMERGENCY, Kapsowar. Do not wait for this bot"),
    ],
)
async def test_an_emergency_that_is_edited_into_a_post_after_its_answer(word: str, line: str) -> None:
    async with county() as here:
        post = await _given(here, PIPE)
        await here.say("judith", "water", "/resolve The pipe was mended this morning", reply_to=post)
        if word:
            await here.say("chebet", "water", word, reply_to=post)
        await here.edit("chebet", "water", post, f"{PIPE}\nPriority: Emergency")
        assert here.lines("water")[-1].startswith(line)


async def test_what_is_withdrawn_no_edit_makes_an_emergency() -> None:
    async with county() as here:
        post = await _given(here, PIPE)
        await here.say("chebet", "water", "/withdraw posted by mistake", reply_to=post)
        said = here.lines("water")
        await here.edit("chebet", "water", post, f"{PIPE}\nPriority: Emergency")
        assert (here.lines("water"), here.reaction("water", post)) == (said, "✍")


BRIBE = "The plumber asked for a bribe of 2,000"
CASES = "SELECT group_concat(description, '|') FROM request WHERE route = 'private'"
PUBLIC = "SELECT group_concat(description, '|') FROM request WHERE route = 'public'"


async def test_of_several_forms_the_confidential_one_is_a_case_and_the_others_get_their_numbers() -> None:
    async with county() as here:
        post = await _given(here, f"{PIPE}\n\nLocation: Kipkaner\nProblem: {BRIBE}")
        assert (await here.value(CASES), await here.value(PUBLIC)) == (BRIBE, "The pipe is cut")
        assert [line[:14] for line in here.lines("water")] == ["WTR-26-0001-G,"]
        await here.edit("chebet", "water", post, f"{PIPE} again\n\nLocation: Kipkaner\nProblem: {BRIBE}")
        await here.edit("chebet", "water", post, f"{PIPE} again")
        assert (await here.value(CASES), await here.value(PUBLIC)) == (BRIBE, "The pipe is cut again")


async def test_how_much_a_form_presses_is_taken_over_beside_confidential_words() -> None:
    async with county() as here:
        post = await _given(here)
        await here.edit("chebet", "water", post, f"{BOTH.replace('normal', 'emergency')}\n{BRIBE}")
        assert await here.value("SELECT group_concat(priority) FROM request WHERE route = 'public'") == (
            "routine,emergency"
        )
        assert BRIBE in str(await here.value(CASES))
        assert BRIBE not in str(await here.value(PUBLIC))
        assert not any("bribe" in line for line in here.lines("water") + here.lines("mirror"))


async def test_an_unfinished_form_edited_into_several_of_which_one_is_confidential_is_a_request_and_a_case() -> None:
    async with county() as here:
        post = await _given(here, "Problem: The pipe is cut")
        await here.edit("chebet", "water", post, f"{PIPE}\n\nLocation: Kipkaner\nProblem: {BRIBE}")
        assert (await here.value(CASES), await here.value(PUBLIC)) == (BRIBE, "The pipe is cut")
        assert await here.value("SELECT state FROM draft") == "dropped"


# --- what cannot be told any more, and what is nobody's own ----------------------------------------------------------


async def test_where_the_words_of_a_post_are_erased_an_edit_raises_and_changes_nothing_else() -> None:
    async with county() as here:
        post = await _given(here)
        await here.say("chebet", "water", "WTR-26-0002-H Location: Kipkaner, behind the school")
        await here.app.worker.run(
            lambda: here.app.store.write_tx(
                lambda tx: tx.execute("UPDATE inbox SET raw = '' WHERE message_id = ?", (post,))
            )
        )
        await here.edit("chebet", "water", post, f"{SCHOOL}\n\n{TANK.replace('leaks', 'leaks badly')}")
        assert await here.value(WORDS) == "The pipe is cut|The tank leaks"
        await here.edit("chebet", "water", post, f"{PIPE}\n\n{TANK.replace('normal', 'urgent')}")
        assert await here.value("SELECT group_concat(address || ' ' || priority, '|') FROM request") == (
            "Nyaru routine|Kipkaner, behind the school urgent"
        )


async def test_a_post_edited_into_another_need_is_another_request_also_where_it_was_a_copy() -> None:
    async with county() as here:
        first = await _given(here, f"{PIPE}\nName: Mary Kosgei")
        copy = await here.say("chebet", "water", PIPE)
        await here.edit("chebet", "water", copy, TANK)
        await here.edit("chebet", "water", first, SCHOOL)
        assert await here.value(WORDS) == "The pipe is cut|The tank leaks|No water at the school since May"
        assert await here.value(CONTACTS) == "1 Mary Kosgei"


async def test_who_may_not_amend_is_offered_nothing() -> None:
    async with county() as here:
        post = await _given(here, PIPE)
        reply = await here.say("rose", "water", "Pole sana", reply_to=post)
        await here.edit("rose", "water", reply, "Problem: Two children are trapped in the trench")
        assert not any(message.buttons for message in here.messages("water"))
        assert await here.value(WORDS) == "The pipe is cut"


@pytest.mark.parametrize("text", [PIPE, BOTH])
async def test_danger_in_plain_words_in_the_place_of_forms_brings_the_numbers_to_call(text: str) -> None:
    async with county() as here:
        post = await _given(here, text)
        await here.edit("chebet", "water", post, "The tank at Kipkaner fell, two children are trapped under it")
        assert "call now: ambulance 1199" in here.lines("water")[1]
        reply = await here.say("chebet", "water", "Thank you", reply_to=here.messages("water")[0].id)
        await here.edit("chebet", "water", reply, "People are bleeding")
        assert text == PIPE or "call now: ambulance 1199" in here.lines("water")[2]  # of one it is asked once a day


async def test_nothing_is_taken_out_of_a_confidential_report() -> None:
    report = f"Location: Kipkaner\nProblem: {BRIBE}"
    async with county() as here:
        post = await _given(here, report)
        await here.edit("chebet", "water", post, "Location: Kipkaner\nProblem: removed")
        assert (await here.value(CASES), await here.value(PUBLIC)) == (BRIBE, None)
        await here.edit("chebet", "water", post, f"{report} again, and the chief was paid off")
        assert await here.value(CASES) == f"{BRIBE} again, and the chief was paid off"
        await here.edit("chebet", "water", post, f"{report}\n\n{PIPE}")
        assert await here.value(PUBLIC) == "The pipe is cut"


async def test_confidential_words_in_a_greeting_are_a_case_and_the_forms_below_get_their_numbers() -> None:
    async with county() as here:
        await _given(here, f"Good morning. {BRIBE} last week.\n\n{PIPE}\nName: Mary Kosgei\n\n{TANK}")
        assert str(await here.value(CASES)).startswith("Good morning. The plumber asked for a bribe")
        assert await here.value(PUBLIC) == "The pipe is cut|The tank leaks"
        assert await here.value(CONTACTS) == "2 Mary Kosgei"


async def test_confidential_prose_in_the_place_of_several_forms_is_a_case() -> None:
    async with county() as here:
        post = await _given(here)
        await here.edit("chebet", "water", post, f"{BRIBE} before he mends anything")
        assert (await here.value(CASES), await here.value(PUBLIC)) == (
            f"{BRIBE} before he mends anything",
            "The pipe is cut|The tank leaks",
        )


async def test_new_confidential_words_after_the_answer_are_another_case() -> None:
    yano = Player("yano", "Ruth Yano", "integrity")
    async with county(players=(*PLAYERS, yano)) as here:
        post = await _given(here, f"{PIPE}\n\nLocation: Kipkaner\nProblem: {BRIBE}")
        await here.say("yano", "private:yano", "/resolve CNF-26-0001-B the money was given back to the citizen")
        more = f"{BRIBE} again, and the chief demands a bribe of 5,000"
        await here.edit("chebet", "water", post, f"{PIPE}\n\nLocation: Kipkaner\nProblem: {more}")
        assert await here.value(CASES) == f"{BRIBE}|{more}"
