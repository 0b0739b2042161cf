"""A declared holiday is taken back: what people were told stands, and what nobody was told is as it was before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_control import give, running
from tests.commands.test_holidays import FRIDAY, REF, declared
from tests.county import FORM, county

DUE = "SELECT expected_datetime FROM request"
COLUMNS = (
    "acknowledge_due",
    "expected_datetime",
    "original_expected_datetime",
    "next_word_at",
    "word_due",
    "next_nag_at",
)
OTHER = FORM.replace("malaria drugs", "electric power in the maternity")
ALL = "SELECT id, " + ", ".join(COLUMNS) + " FROM request ORDER BY id"


async def test_dates_that_people_were_told_stay_and_they_hear_once_that_the_day_is_worked() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await declared(here, FRIDAY)
        due = await here.value(DUE)
        health, mirror = here.lines("health"), here.lines("mirror")
        await here.say("nelson", "communications", "/workday Friday")
        assert here.lines("communications")[-1] == (
            "Is Fri 27 Nov a working day after all? Dates that people were told stay; whoever was told of the day is"
            " told once. Reply YES."
        )
        assert await here.value("SELECT count(*) FROM holiday") == 1
        await here.say("nelson", "communications", "Yes", reply_to=here.messages("communications")[-1].id)
        assert (
            here.lines("communications")[-1] == "Fri 27 Nov is a working day again. Dates that people were told stay."
        )
        assert here.lines("health")[len(health) :] == [
            "Fri 27 Nov is a working day after all. The dates that you were given stay."
        ]
        assert here.lines("mirror")[len(mirror) :] == [
            "Fri 27 Nov is a working day after all; the dates that were told stay"
        ]
        assert here.lines("water") == []
        assert await here.value(DUE) == due
        assert await here.value("SELECT count(*) FROM service_log WHERE type IN ('holiday', 'workday')") == 2
        assert await here.value("SELECT count(*) FROM holiday") == 0


async def test_the_day_counts_again_for_new_posts_and_people_are_asked_on_it() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await here.wait_until("2026-11-24 16:00")
        await declared(here, FRIDAY)
        await here.wait_until("2026-11-26 12:00")
        await declared(here, "/workday 27 Nov")
        await here.say("chebet", "health", OTHER)
        assert "Answer due Tue 1 Dec" in here.lines("health")[-1]
        asked = here.private("kiptoo")
        await here.wait_until("2026-11-27 17:00")
        assert len(here.private("kiptoo")) > len(asked)


async def test_a_slip_in_the_evening_is_undone_before_anybody_hears_of_it_and_all_is_as_before() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("chebet", "health", OTHER)
        await here.say("kiptoo", "health", "Seen, I am on it", reply_to=post)
        await here.wait_until("2026-11-24 20:00")
        before = await here.app.worker.run(lambda: here.app.store.read(lambda tx: tx.all(ALL)))
        health, mirror = here.lines("health"), here.lines("mirror")
        await declared(here, FRIDAY)
        assert await here.app.worker.run(lambda: here.app.store.read(lambda tx: tx.all(ALL))) != before
        await here.say("nelson", "communications", "/undo")
        assert here.lines("communications")[-1] == (
            "Fri 27 Nov is a working day again. Nobody had been told; 2 requests have their dates back."
        )
        assert await here.app.worker.run(lambda: here.app.store.read(lambda tx: tx.all(ALL))) == before
        await here.wait_until("2026-11-25 08:01")
        assert not [line for line in here.lines("health")[len(health) :] if "27 Nov is" in line]
        assert not [line for line in here.lines("mirror")[len(mirror) :] if "27 Nov is" in line]


async def test_what_was_posted_since_keeps_the_date_that_its_number_told() -> None:
    async with county() as here:
        await here.wait_until("2026-11-24 20:00")
        await declared(here, FRIDAY)
        await here.say("chebet", "health", FORM)
        assert "Answer due Tue 1 Dec" in here.lines("health")[-1]
        due = await here.value(DUE)
        await here.say("nelson", "communications", "/undo")
        assert await here.value(DUE) == due


async def test_a_day_that_is_declared_once_more_moves_no_date_twice_and_is_told_once_more() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await declared(here, FRIDAY)
        due = await here.value(DUE)
        await declared(here, "/workday Friday")
        await here.wait(minutes=1)
        await declared(here, FRIDAY)
        assert await here.value(DUE) == due
        assert here.lines("communications")[-1] == "Fri 27 Nov is a holiday now. 0 requests have a later date."
        await declared(here, "/workday Friday")
        await here.say("chebet", "health", OTHER)
        assert "Answer due Fri 27 Nov" in here.lines("health")[-1]
        await here.wait(minutes=1)
        await declared(here, FRIDAY)
        assert here.lines("health")[-1] == (
            "Fri 27 Nov is a holiday (state funeral). Answers are due later:\nHLT-26-0002-K: Mon 30 Nov"
        )


async def test_undo_takes_back_the_newest_act_whichever_it_is_and_a_holiday_of_nobody_else() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await declared(here, FRIDAY)
        await here.wait(minutes=1)
        await here.say("nelson", "communications", f"/pause {REF} until 3 December roads cut by rain")
        await here.say("chebet", "health", "/undo")
        assert await here.value("SELECT count(*) FROM holiday") == 1
        await here.say("nelson", "communications", "/undo")
        assert (
            await here.value("SELECT paused_until FROM request"),
            await here.value("SELECT count(*) FROM holiday"),
        ) == (
            None,
            1,
        )
        await here.say("nelson", "communications", "/undo")
        assert await here.value("SELECT count(*) FROM holiday") == 0
        await here.say("nelson", "communications", "/undo")
        assert here.lines("communications")[-1] == (
            "You did nothing in the last 24 hours that I could take back. "
            "A mute or ban ends by /lift, in reply to what that person wrote."
        )


async def test_undo_of_one_request_does_not_take_a_holiday_from_it() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await declared(here, FRIDAY)
        due = await here.value(DUE)
        await here.say("nelson", "health", f"/undo {REF}")
        assert (await here.value(DUE), await here.value("SELECT count(*) FROM holiday")) == (due, 1)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/workday", "Please write /workday and the day that is no holiday after all."),
        ("/siku_ya_kazi soon", "Please write /workday and the day that is no holiday after all."),
        ("/workday Friday", "Fri 27 Nov is no holiday that was declared here. Nothing was changed."),
        ("/workday 28 November", "Sat 28 Nov is no holiday that was declared here. Nothing was changed."),
        ("/workday 25 December", "Fri 25 Dec is no holiday that was declared here. Nothing was changed."),
    ],
)
async def test_only_what_was_declared_can_be_taken_back(text: str, answer: str) -> None:
    async with county() as here:
        await here.say("nelson", "communications", text)
        assert here.lines("communications") == [answer]


async def test_two_who_take_one_day_back_do_it_once() -> None:
    async with county() as here:
        await declared(here, FRIDAY)
        for _ in range(2):
            await here.say("nelson", "communications", "/workday Friday")
        for message in here.messages("communications")[-2:]:
            await here.say("nelson", "communications", "yes", reply_to=message.id)
        assert here.lines("communications")[-2:] == [
            "Fri 27 Nov is a working day again. Nobody had been told; 0 requests have their dates back.",
            "Fri 27 Nov is no holiday that was declared here. Nothing was changed.",
        ]


async def test_it_is_taken_back_only_where_colleagues_see_it() -> None:
    async with county() as here:
        await declared(here, FRIDAY)
        await here.say("nelson", "health", "/workday Friday")
        assert here.lines("health")[-1] == (
            "Please give /workday in the communications group, where your colleagues see it."
        )
        await here.say("chebet", "health", "/workday Friday")
        assert await here.value("SELECT count(*) FROM holiday") == 1


async def test_the_command_line_takes_it_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'groupbot.db'}"
    async with running(url) as here:
        await here.say("chebet", "health", FORM)
        await give(url, "holidays", "add", "2026-11-27", "state funeral")
        assert await give(url, "holidays", "remove", "2026-11-27") == (
            0,
            "2026-11-27: a working day again; nobody had been told, and 1 requests have their dates back\n",
        )
        await here.wait(minutes=1)
        await give(url, "holidays", "add", "2026-11-27", "state funeral")
        await here.app.step()
        assert await give(url, "holidays", "remove", "2026-11-27") == (
            0,
            "2026-11-27: a working day again; dates that people were told stay\n",
        )
        assert await give(url, "holidays", "remove", "2026-11-27") == (
            1,
            "Error: 2026-11-27: no holiday that was declared; `groupbot holidays list` has those\n",
        )
        assert (await give(url, "holidays", "remove", "Friday"))[1] == (
            "Error: 'Friday' is no day; write it as 2027-08-31\n"
        )
    assert (await give(url, "holidays", "list"))[1] == ""
