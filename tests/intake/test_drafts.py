"""Posts that lack something: one nudge to their author alone, and an end after a day."""

from __future__ import annotations

import pytest

from tests.county import county

NO_PLACE = "SERVICE REQUEST\nProblem: No nurse at night\nPriority: normal"


async def test_whoever_forgets_is_nudged_once_alone_and_in_working_time() -> None:
    async with county() as here:
        await here.say("chebet", "health", NO_PLACE)
        await here.wait(hours=3, minutes=59)
        assert here.private("chebet") == []
        await here.wait(minutes=2)
        assert here.private("chebet") == [
            "Jane, your post of today 10:10 still lacks the place. "
            "Reply to it in the group with that, and I will give a number."
        ]
        await here.wait(hours=72)
        assert len(here.private("chebet")) == 1
        assert len(here.lines("health")) == 1


async def test_an_evenings_post_is_nudged_about_when_offices_open() -> None:
    async with county() as here:
        await here.wait_until("2026-11-24 19:00")
        await here.say("chebet", "health", NO_PLACE)
        await here.wait_until("2026-11-25 07:59")
        assert here.private("chebet") == []
        await here.wait_until("2026-11-25 08:05")
        assert [line.partition(" still ")[0] for line in here.private("chebet")] == [
            "Jane, your post of yesterday 19:00"
        ]


async def test_whoever_has_completed_a_post_is_not_nudged_about_it() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", NO_PLACE)
        await here.say("chebet", "health", "Chesoi dispensary", reply_to=post)
        told = here.private("chebet")
        await here.wait(hours=5)
        assert not [line for line in here.private("chebet")[len(told) :] if "still lacks" in line]


async def test_after_a_day_a_bare_label_no_longer_completes_it() -> None:
    async with county() as here:
        await here.say("chebet", "health", NO_PLACE)
        await here.wait(hours=25)
        await here.say("chebet", "health", "Location: Chesoi dispensary")
        assert len(here.lines("health")) == 1


async def test_a_late_reply_completes_it_all_the_same_with_clocks_from_the_reply() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", NO_PLACE)
        await here.wait(hours=25)
        await here.say("chebet", "health", "Chesoi dispensary", reply_to=post)
        assert here.lines("health")[1:] == [
            "HLT-26-0001-J, routine, Kapsowar. Daniel, please reply here by Fri 27 Nov 11:10. Answer due Wed 9 Dec."
        ]


async def test_nobody_else_completes_it() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", NO_PLACE)
        await here.say("rose", "health", "Location: Kabiemit", reply_to=post)
        await here.say("rose", "health", "Location: Kabiemit")
        assert len(here.lines("health")) == 1


async def test_of_several_forms_the_unfinished_one_is_asked_for_what_it_lacks() -> None:
    post = "Problem: Gate was stolen\nLocation: Chebara camp\n\nProblem: The toilet is full"
    async with county() as here:
        posted = await here.say("chebet", "roads", post)
        assert here.lines("roads")[1:] == [
            "Jane, form 2 of this post has no number yet: the place is missing. Reply here with it.",
        ]
        await here.say("chebet", "roads", "behind the chief's office", reply_to=here.messages("roads")[-1].id)
        assert await here.value("SELECT group_concat(address, '|') FROM request") == (
            "Chebara camp|behind the chief's office"
        )
        linked = "SELECT request_id FROM message_link WHERE message_id = ? AND kind = 'post' AND request_id > 0"
        assert await here.value(linked, posted) == 2  # as the first is by its own message


async def test_a_reply_to_a_post_with_an_unfinished_form_is_about_its_requests() -> None:
    post = "Problem: Pipe is cut\nLocation: Nyaru\n\nProblem: The tank leaks"
    async with county() as here:
        posted = await here.say("chebet", "water", post)
        word = await here.say("judith", "water", "Noted, the plumber goes there", reply_to=posted)
        assert here.reaction("water", word) == "👀"
        await here.say("chebet", "water", "Location: Kipkaner")
        assert await here.value("SELECT group_concat(address, '|') FROM request") == "Nyaru|Kipkaner"


async def test_several_unfinished_forms_are_named_in_one_line() -> None:
    post = "Problem: Pipe is cut\nLocation: Nyaru" + "\n\nProblem: The tank leaks" * 2 + "\n\nProblem: No tap"
    async with county() as here:
        await here.say("chebet", "water", post)
        assert here.lines("water")[1:] == [
            "Jane, forms 2, 3 and 4 of this post have no number, because they lack the place. "
            "Please post them again, each with its own."
        ]


NUMBERS = "ambulance 1199, police 999 / 112 or county helpline (Mon-Fri 8-17) 0704 220 220"
CALL = f"If anyone is in danger, call now: {NUMBERS}. "
TWO = "Problem: No nurse\nLocation: Chesoi\n\nProblem: A landslide took two houses"


async def test_of_an_emergency_that_lacks_its_place_the_numbers_come_with_the_question_and_nobody_is_rung() -> None:
    async with county() as here:
        trapped = "Problem: People are trapped in the houses\nPriority: Emergency"
        post = await here.say("chebet", "health", f"SERVICE REQUEST\n{trapped}")
        await here.wait(minutes=30)
        assert here.lines("health") == [
            f"{CALL}Jane, only the place is missing. Reply here with it and I will give a number."
        ]
        assert here.private("kiptoo") == here.private("cheruto") == []
        assert await here.value("SELECT COUNT(*) FROM request") == 0
        await here.say("chebet", "health", "YES", reply_to=post)
        assert here.lines("health")[1:] == here.lines("health")[:1]
        await here.say("chebet", "health", "Chesoi", reply_to=post)
        assert here.lines("health")[-1] == (
            f"HLT-26-0001-J EMERGENCY, Kapsowar. Do not wait for this bot, call now: {NUMBERS}."
            " Ringing Daniel, Dr Cheruto and Nelson."
        )


@pytest.mark.parametrize(
    ("post", "asked"),
    [
        (
            "Help, landslide at Chesoi village, people are trapped in houses now",
            f"{CALL}Shall I register this? Place: Chesoi village. Problem: Help, landslide at Chesoi village, people"
            " are trapped in houses now. Reply YES, or correct it.",
        ),
        (
            "There is no nurse at Chesoi dispensary since Monday, patients are sent away",
            "Shall I register this? Place: Chesoi dispensary. Problem: There is no nurse at Chesoi dispensary since"
            " Monday, patients are sent away. Reply YES, or correct it.",
        ),
        (
            TWO,
            f"{CALL}Jane, form 2 of this post has no number yet: the place is missing. Reply here with it.",
        ),
        (
            f"{TWO}\n\nProblem: No gloves",
            f"{CALL}Jane, forms 2 and 3 of this post have no number, because they lack the place. Please post them"
            " again, each with its own.",
        ),
    ],
)
async def test_danger_that_is_only_asked_about_comes_with_the_numbers_to_call(post: str, asked: str) -> None:
    async with county() as here:
        await here.say("chebet", "health", post)
        assert here.lines("health")[-1] == asked


async def test_what_is_neither_asked_back_nor_offered_prints_no_numbers() -> None:
    async with county() as here:
        for text in ("What if a landslide comes at Chesoi?", "Thank God the landslide at Chesoi was cleared yesterday"):
            await here.say("chebet", "health", text)
        assert here.lines("health") == []


async def test_of_two_forms_that_both_lack_their_place_each_is_asked_for_it() -> None:
    async with county() as here:
        await here.say("chebet", "water", "SERVICE REQUEST\nProblem: The pipe is cut\n\nProblem: The tank leaks")
        assert here.lines("water") == [
            "Jane, only the place is missing. Reply here with it and I will give a number.",
            "Jane, form 2 of this post has no number yet: the place is missing. Reply here with it.",
        ]
        for place, line in zip(("Nyaru", "Kipkaner"), list(here.messages("water")), strict=True):
            await here.say("chebet", "water", place, reply_to=line.id)
        assert await here.value("SELECT group_concat(address || ' ' || description, '|') FROM request") == (
            "Nyaru The pipe is cut|Kipkaner The tank leaks"
        )


async def test_a_deleted_post_takes_the_drafts_of_all_its_forms_with_it() -> None:
    async with county() as here:
        post = await here.say("chebet", "water", "Problem: Pipe is cut\nLocation: Nyaru\n\nProblem: The tank leaks")
        here.sandbox.delete("water", "chebet", post, here.clock())
        await here.app.step()
        await here.say("chebet", "water", "Location: Kipkaner")
        assert await here.value("SELECT count(*) FROM request") == 1


async def test_an_unfinished_post_that_is_taken_back_by_an_edit_is_not_asked_about_again() -> None:
    async with county() as here:
        post = await here.say("chebet", "water", "SERVICE REQUEST\nProblem: The pipe is cut")
        await here.edit("chebet", "water", post, "Wait")
        assert await here.value("SELECT state FROM draft") == "open"
        await here.edit("chebet", "water", post, "Sorry, ignore this one, wrong group")
        assert await here.value("SELECT state FROM draft") == "dropped"
        said = here.lines("private:chebet")
        await here.wait(hours=6)
        assert here.lines("private:chebet") == said


async def test_an_unfinished_form_edited_into_a_need_in_prose_is_offered() -> None:
    async with county() as here:
        post = await here.say("chebet", "water", "SERVICE REQUEST\nProblem: The borehole")
        await here.edit("chebet", "water", post, "The borehole at Nyaru has broken down, people have no water")
        assert here.lines("water")[1].startswith("Shall I register this? Place: borehole at Nyaru.")


async def test_the_answer_that_gave_a_place_gives_another_when_it_is_edited() -> None:
    async with county() as here:
        await here.say("chebet", "water", "SERVICE REQUEST\nProblem: The tank leaks")
        place = await here.say("chebet", "water", "Kipkaner", reply_to=here.messages("water")[0].id)
        await here.edit("chebet", "water", place, "Kipkaner market")
        assert await here.value("SELECT address FROM request") == "Kipkaner market"
