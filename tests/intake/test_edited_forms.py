"""The edit of a post with several forms: each amends its own request, and what was added or completed is new."""

from __future__ import annotations

import pytest

from tests.county import County, county

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
