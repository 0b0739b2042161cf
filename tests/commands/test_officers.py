"""What the department's officers may say by command: cannot, by, move, priority; and what they are told."""

from __future__ import annotations

import pytest

from tests.county import FORM, County, county

REF = "HLT-26-0001-J"


async def _posted(here: County) -> str:
    return await here.say("chebet", "health", FORM)


# --- cannot -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "outcome", "detail", "line"),
    [
        (
            "/cannot the hospital has no cold room for it",
            "declined",
            "",
            f"{REF}: Daniel says it cannot be done, and why. Jane, please tell the citizen."
            " Reply YES if they accept it, or NOT YET and why.",
        ),
        (
            "/cannot planned 2027/28, the store must be built first",
            "planned",
            "2027/28",
            f"{REF}: Daniel says it is planned for 2027/28. Jane, please tell the citizen."
            " Reply YES if they accept it, or NOT YET and why.",
        ),
        (
            "/cannot refer to the national medical stores, they own the lorry",
            "referred_out",
            "the national medical stores",
            f"{REF}: Daniel says it belongs to the national medical stores. Jane, please tell the citizen."
            " Reply YES if they accept it, or NOT YET and why.",
        ),
        (
            "/haiwezekani bajeti ya 2027, hospitali haina chumba baridi",
            "planned",
            "2027",
            f"{REF}: Daniel says it is planned for 2027. Jane, please tell the citizen."
            " Reply YES if they accept it, or NOT YET and why.",
        ),
    ],
)
async def test_a_refusal_is_an_answer_and_the_citizen_is_asked(said: str, outcome: str, detail: str, line: str) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", said, reply_to=post)
        assert here.lines("health")[1:] == [line]
        assert await here.value("SELECT state || ' ' || outcome FROM request") == f"answered {outcome}"
        assert await here.value("SELECT outcome_detail FROM request") == detail


async def test_an_officer_who_posted_and_refuses_is_not_told_to_ask_the_citizen_the_wards_admin_is() -> None:
    async with county() as here:
        post = await here.say("kiptoo", "health", FORM)
        await here.say("kiptoo", "health", "/cannot the hospital has no cold room for it", reply_to=post)
        assert here.lines("health")[1:] == [
            f"{REF}: Daniel says it cannot be done, and why. Jane, please tell the citizen."
            " Reply YES if they accept it, or NOT YET and why."
        ]


async def test_a_refusal_that_the_citizen_does_not_accept_opens_the_request_again() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", "/cannot the hospital has no cold room for it", reply_to=post)
        await here.say("chebet", "health", "Not yet, she says the clinic has one", reply_to=post)
        assert await here.value("SELECT state FROM request") == "reopened"
        assert here.lines("mirror")[1:] == [
            f"{REF}: department says it cannot be done; citizen being asked",
            f"{REF}: citizen says NOT YET, open again",
        ]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("/cannot", f"{REF}: please write why after /cannot, so that the citizen can be told."),
        ("/cannot sorry", f"{REF}: please write why after /cannot, so that the citizen can be told."),
        (
            "/cannot planned, no money now",
            f"{REF}: which budget year? Please write /cannot planned, the year and why.",
        ),
        ("/cannot refer to", f"{REF}: whose matter is it? Please write /cannot refer, whose it is, and why."),
    ],
)
async def test_a_refusal_without_its_reason_year_or_body_is_asked_for_it(said: str, line: str) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", said, reply_to=post)
        assert here.lines("health")[1:] == [line]
        assert await here.value("SELECT state FROM request") == "submitted"


# --- by ---------------------------------------------------------------------------------------------------------------


async def test_a_day_before_the_deadline_is_a_promise_and_no_extension() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", "/by Thursday", reply_to=post)
        assert here.lines("health")[1:] == [f"{REF}: Daniel says it will be done by Thu 26 Nov 17:00."]
        assert await here.value("SELECT extensions FROM request") == 0
        assert await here.value("SELECT count(*) FROM extension") == 0
        assert await here.value("SELECT state FROM request") == "acknowledged"


async def test_a_later_day_needs_a_reason_is_counted_and_moves_the_deadline_once() -> None:
    async with county() as here:
        post = await _posted(here)
        original = await here.value("SELECT original_expected_datetime FROM request")
        await here.say("kiptoo", "health", "/by Monday", reply_to=post)
        await here.say("kiptoo", "health", "/by Monday, the lorry leaves Eldoret on Saturday", reply_to=post)
        await here.say("kiptoo", "health", "/by 5 December, the lorry broke down again", reply_to=post)
        assert here.lines("health")[1:] == [
            f"{REF}: Mon 30 Nov is after the day it is due. Please write /by, the day and why; it moves only once.",
            f"{REF}: new date Mon 30 Nov; it moves only this once. Jane, please tell the citizen.",
            f"{REF}: the date was moved once already and cannot move again. Answer due Mon 30 Nov.",
        ]
        assert await here.value("SELECT extensions FROM request") == 1
        assert await here.value("SELECT original_expected_datetime FROM request") == original
        assert await here.value("SELECT due_before FROM extension") == original
        assert await here.value("SELECT reason FROM extension") == "the lorry leaves Eldoret on Saturday"
        assert here.lines("mirror")[1:] == [f"{REF}: new date Mon 30 Nov, moved once"]


async def test_a_day_that_lies_too_far_is_refused_and_the_last_one_is_named() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", "/by 1 December 2027, the tender", reply_to=post)
        assert await here.value("SELECT extensions FROM request") == 0
        await here.say("kiptoo", "health", "/by 28 December, the tender", reply_to=post)
        await here.say("kiptoo", "health", "/by 25 December, the tender", reply_to=post)
        too_far = f"{REF}: the date can move to Sun 27 Dec at most."
        too_far += " If the work waits for a later budget: /cannot planned, the year and why."
        assert here.lines("health")[1:] == [
            too_far,
            too_far,
            f"{REF}: new date Fri 25 Dec; it moves only this once. Jane, please tell the citizen.",
        ]


async def test_by_without_a_day_is_asked_for_one() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", "/by", reply_to=post)
        assert here.lines("health")[1:] == [
            "Reply to the request with /by, the day, and why if it is after the day it is due."
        ]


# --- move, priority ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["/move water", "/move WTR", "/hamisha maji", "/move Water, Environment"])
async def test_a_request_is_moved_by_any_name_of_the_department(said: str) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", said, reply_to=post)
        assert await here.value("SELECT service_code FROM request") == "water"
        assert await here.value("SELECT service_request_id FROM request") == REF
        assert len(here.lines("water")) == 1


async def test_a_department_that_does_not_exist_is_asked_back() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("kiptoo", "health", "/move the moon", reply_to=post)
        await here.say("kiptoo", "health", "/move health", reply_to=post)
        assert here.lines("health")[1:] == [
            "Reply to the request with /move and the department, or write /move, its number and the department.",
            f"{REF} is with Health already.",
        ]


async def test_a_director_changes_the_priority_with_a_reason_and_the_original_stays_on_record() -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say("cheruto", "health", "/priority routine", reply_to=post)
        await here.say("cheruto", "health", "/priority routine the clinic has stock for two weeks", reply_to=post)
        assert here.lines("health")[1:] == [
            f"{REF}: why should it be routine? Please write /priority, the level and the reason.",
            f"{REF} is now routine, says Dr Cheruto. Answer due Tue 8 Dec.",
        ]
        assert await here.value("SELECT original_priority || ' ' || priority FROM request") == "urgent routine"


@pytest.mark.parametrize("who", ["chebet", "kiptoo", "judith", "nelson", "naomi", "stranger"])
async def test_nobody_else_changes_the_priority(who: str) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say(who, "health", "/priority routine it can wait some more", reply_to=post)
        assert here.lines("health")[1:] == [f"{REF}: only the director and chief officer can change its priority."]
        assert await here.value("SELECT priority FROM request") == "urgent"


@pytest.mark.parametrize(
    "said",
    [
        "/by 11 December the tender was late",
        "/by 11 December the lorry broke down on Monday",
        "/by until 11 December the store was counted, the lorry comes on 20 December",
        "/by December 11 tender",
        "/by tarehe 11 Desemba zabuni",
        "/by the 11th of December rain",
        "/by tender, 11 December",
    ],
)
async def test_the_day_in_front_is_the_one_promised_whatever_the_reason_tells(said: str) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", said, reply_to=post)
        assert here.lines("health")[1:] == [
            f"{REF}: new date Fri 11 Dec; it moves only this once. Jane, please tell the citizen."
        ]


@pytest.mark.parametrize("reason", ["", " ok", " 👍", " x"])
async def test_a_later_day_without_any_reason_is_asked_for_one(reason: str) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", f"/by 11 December{reason}", reply_to=post)
        assert here.lines("health")[1:] == [
            f"{REF}: Fri 11 Dec is after the day it is due. Please write /by, the day and why; it moves only once."
        ]


@pytest.mark.parametrize("who", ["chebet", "rose", "judith", "nelson", "naomi", "stranger"])
@pytest.mark.parametrize("said", ["/cannot there is no money for drugs", "/by Thursday"])
async def test_only_the_departments_own_officers_refuse_or_promise(who: str, said: str) -> None:
    async with county() as here:
        post = await _posted(here)
        await here.say(who, "health", said, reply_to=post)
        assert await here.value("SELECT state FROM request") == "submitted"
        assert await here.value("SELECT count(*) FROM request_past") == 0
        assert len(here.lines("health")) == 2


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("/resolve", "Only the coordinator, director and chief officer can say that it is done."),
        ("/resolve the pump works again", "Only the coordinator, director and chief officer can say that it is done."),
        ("/by", "Only the coordinator, director and chief officer can set a new date."),
        ("/by Friday", "Only the coordinator, director and chief officer can set a new date."),
        ("/cannot no money", "Only the coordinator, director and chief officer can say that it cannot be done."),
        ("/withdraw", "Reply to the request with /withdraw, or write /withdraw and its number."),
    ],
)
async def test_a_ward_admin_is_told_whose_an_act_is_not_how_it_is_written(said: str, told: str) -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await here.say("chebet", "health", said)
        assert here.lines("health")[1:] == [told]


async def test_who_may_give_a_command_is_told_how_and_a_coordinator_elsewhere_whose_it_is() -> None:
    async with county() as here:
        await here.say("kiptoo", "health", "/by")
        await here.say("judith", "health", "/by")
        assert here.lines("health") == [
            "Reply to the request with /by, the day, and why if it is after the day it is due.",
            "Only the coordinator, director and chief officer can set a new date.",
        ]


@pytest.mark.parametrize("said", [f"kwa nini {REF}", f"/kwa nini {REF}", f"kwanini {REF}"])
async def test_why_may_be_asked_in_two_swahili_words(said: str) -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        before = here.private("chebet")
        await here.say("chebet", "health", said)
        (told,) = here.private("chebet")[len(before) :]
        assert told.startswith(f"{REF}, urgent: no word yet.\n")
        assert len(here.lines("health")) == 1
