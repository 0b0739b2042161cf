"""A holiday is declared while the bot runs: asked back, dates move, everybody concerned is told once and quietly."""

from __future__ import annotations

from pathlib import Path

import pytest

from groupbot import explaining
from groupbot.store import requests
from tests.cli.test_control import give, running
from tests.county import FORM, County, county

REF, SECOND = "HLT-26-0001-J", "HLT-26-0002-K"
# Tuesday 24 November 2026, 10:10: urgent, the answer is due on Friday 27 at 17:00.
STEP = "SELECT escalation_step FROM request"
FRIDAY = "/holiday Friday state funeral"


async def declared(here: County, text: str) -> None:
    """Nelson declares it in the communications group, and says YES to the line that asks back."""
    await here.say("nelson", "communications", text)
    await here.say("nelson", "communications", "yes", reply_to=here.messages("communications")[-1].id)


async def test_dates_move_and_the_groups_hear_it_once_with_the_new_dates() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await here.say("nelson", "communications", FRIDAY)
        assert here.lines("communications") == [
            "Is Fri 27 Nov a holiday (state funeral)? One request gets a later date, and its group is told once."
            " Reply YES."
        ]
        assert await here.value("SELECT count(*) FROM holiday") == 0
        await here.say("nelson", "communications", "Yes", reply_to=here.messages("communications")[0].id)
        assert here.lines("communications")[1:] == ["Fri 27 Nov is a holiday now. One request has a later date."]
        assert here.lines("health")[1:] == [
            f"Fri 27 Nov is a holiday (state funeral). Answers are due later:\n{REF}: Mon 30 Nov"
        ]
        assert here.lines("mirror")[1:] == ["Fri 27 Nov is a holiday: one answer is due later"]
        assert here.lines("water") == []
        await here.wait_until("2026-11-28 12:00")
        assert len([line for line in here.lines("health") if "is a holiday" in line]) == 1


async def test_nobody_is_asked_on_the_day_and_posts_of_later_count_it() -> None:
    async with county() as here:
        await declared(here, FRIDAY)
        await here.say("chebet", "health", FORM)
        assert "Answer due Mon 30 Nov" in here.lines("health")[-1]
        await here.wait_until("2026-11-26 18:00")
        private = here.private("kiptoo")
        await here.wait_until("2026-11-27 18:00")
        assert here.private("kiptoo") == private


async def test_a_next_word_that_moves_is_no_word_and_the_ladder_stays_where_it_is() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", "Seen, I am on it", reply_to=post)
        await here.wait_until("2026-12-01 09:00")
        word, step = await here.value("SELECT next_word_at FROM request"), await here.value(STEP)
        assert int(str(step)) > 0
        await declared(here, "/holiday 25 Nov Gazette 15120 state funeral")
        assert await here.value("SELECT next_word_at FROM request") > word  # type: ignore[operator]
        assert await here.value(STEP) == step


async def test_many_new_dates_are_five_lines_and_a_number() -> None:
    async with county() as here:
        for number in range(7):
            await here.say("chebet", "health", FORM.replace("malaria drugs", f"supply of kind {number} {number}"))
        await declared(here, FRIDAY)
        told = here.lines("health")[-1].splitlines()
        assert (len(told), told[-1]) == (7, "and 2 more; each number shows its own.")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/holiday", "Please write /holiday, the day, and what for; each day by itself."),
        ("/holiday Friday", "Please write /holiday, the day, and what for; each day by itself."),
        ("/holiday 20 July to 24 July mourning", "Please write /holiday, the day, and what for; each day by itself."),
        ("/holiday 20-24 July mourning", "Please write /holiday, the day, and what for; each day by itself."),
        (
            "/holiday next Monday and Tuesday, floods",
            "Please write /holiday, the day, and what for; each day by itself.",
        ),
        (
            "/holiday from 21 to 24 December mourning",
            "Please write /holiday, the day, and what for; each day by itself.",
        ),
        ("/holiday 21, 22 and 23 December floods", "Please write /holiday, the day, and what for; each day by itself."),
        ("/holiday 21st to 24th December floods", "Please write /holiday, the day, and what for; each day by itself."),
        ("/holiday soon, a funeral", "Please write /holiday, the day, and what for; each day by itself."),
        ("/sikukuu 28 Nov mazishi", "Sat 28 Nov is a day off already. Nothing was changed."),
        ("/holiday 12 Dec 2027 too early", "Sun 12 Dec 2027 is more than a year away. Nothing was changed."),
        (
            "/holiday 20 November funeral",
            "Fri 20 Nov is past. Please write it with the number of its Gazette notice:"
            " /holiday, the day, Gazette and the number, and what for.",
        ),
    ],
)
async def test_what_cannot_be_declared_is_answered_with_what_to_do(text: str, answer: str) -> None:
    async with county() as here:
        await here.say("nelson", "communications", text)
        assert here.lines("communications") == [answer]
        assert await here.value("SELECT count(*) FROM holiday") == 0


@pytest.mark.parametrize("who", ["chebet", "kiptoo", "cheruto", "naomi"])
async def test_nobody_but_communications_declares_and_they_only_where_colleagues_see_it(who: str) -> None:
    async with county() as here:
        await here.say(who, "health", FRIDAY)
        assert "communications" in here.lines("health")[-1]
        await here.say("nelson", "health", FRIDAY)
        assert here.lines("health")[-1] == (
            "Please give /holiday in the communications group, where your colleagues see it."
        )
        assert await here.value("SELECT count(*) FROM offer") == 0


async def test_a_day_after_the_fact_needs_its_gazette_and_keeps_the_original_date() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await here.wait_until("2026-11-30 09:00")
        before = await here.value("SELECT expected_datetime FROM request")
        await declared(here, "/holiday 27 Nov Gazette 15120 state funeral")
        assert here.lines("mirror")[-1] == (
            "Fri 27 Nov is a holiday (Gazette notice 15120): one answer is due later; the original date stays on record"
        )
        assert await here.value("SELECT original_expected_datetime FROM request") == before
        assert await here.value("SELECT expected_datetime FROM request") == before + 3 * 86_400 * 1_000_000  # type: ignore[operator]


async def test_two_who_declare_one_day_move_the_dates_once() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await here.say("nelson", "communications", FRIDAY)
        await here.say("nelson", "communications", FRIDAY)
        for message in here.messages("communications"):
            await here.say("nelson", "communications", "yes", reply_to=message.id)
        assert here.lines("communications")[2:] == [
            "Fri 27 Nov is a holiday now. One request has a later date.",
            "Fri 27 Nov is a day off already. Nothing was changed.",
        ]
        assert await here.value("SELECT count(*) FROM service_log WHERE type = 'recounted'") == 1


async def test_the_command_line_declares_to_a_running_bot_and_without_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'groupbot.db'}"
    async with running(url) as here:
        await here.say("chebet", "health", FORM)
        code, said = await give(url, "holidays", "add", "2026-11-27", "state funeral")
        assert (code, said) == (0, "2026-11-27: a holiday; 1 open requests have later dates\n")
        await here.app.step()
        assert here.lines("health")[-1].startswith("Fri 27 Nov is a holiday (state funeral).")
        assert await give(url, "holidays", "add", "2026-11-27", "again") == (
            1,
            "Error: 2026-11-27: that is a day off already; nothing was changed\n",
        )
    assert (await give(url, "holidays", "list"))[1] == "2026-11-27 state funeral\n"
    async with county(url) as again:  # it is known after a restart
        request = await again.app.worker.run(
            lambda: again.app.store.read(
                lambda tx: explaining.explain(tx, again.app.jurisdiction, requests.by_id(tx, 1), again.clock())
            )
        )
        assert [day.isoformat() for day in request.clocks[1].holidays] == ["2026-11-27"]
        assert request.clocks[1].due == request.clocks[1].counted


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("tomorrow", "x"), "'tomorrow' is no day; write it as 2027-08-31"),
        (("2020-01-02", "x"), "2020-01-02: that is more than 366 days away: is the year right?"),
        (("2026-12-01", " "), "what for? people are told"),
        (("2026-12-01", "x", "--gazette", "soon"), "'soon' is no number of a Gazette notice; write it as 15120"),
    ],
)
async def test_an_order_that_cannot_be_is_refused(given: tuple[str, ...], said: str, tmp_path: Path) -> None:
    async with running(f"sqlite:///{tmp_path / 'groupbot.db'}"):
        code, answer = await give(f"sqlite:///{tmp_path / 'groupbot.db'}", "holidays", "add", *given)
        assert (code, answer[: len(said) + 7]) == (1, f"Error: {said}")
