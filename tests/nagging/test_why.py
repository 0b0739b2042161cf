"""Why a request stands as it does, from the command line."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from groupbot import explaining
from groupbot.cli import main
from groupbot.store import requests
from tests.county import FORM, PLAYERS, ZONE, County, Player, county

REF = "HLT-26-0001-J"
CHIEF = (*PLAYERS, Player("otieno", "Grace Otieno", "chief_officer", service_code="health"))

DANIEL, ANN = {"name": "Daniel", "role": "coordinator"}, {"name": "Dr Cheruto", "role": "director"}


async def _explained(here: County) -> explaining.Explanation:
    def read(tx: object) -> explaining.Explanation:
        request = requests.by_id(tx, 1)  # type: ignore[arg-type]
        return explaining.explain(tx, here.app.jurisdiction, request, here.clock())  # type: ignore[arg-type]

    return await here.app.worker.run(lambda: here.app.store.read(read))


async def test_it_tells_the_clocks_the_askings_and_what_comes_next() -> None:
    async with county(players=CHIEF) as here:
        await here.say("chebet", "health", FORM)
        await here.wait_until("2026-11-25 09:00")
        found = explaining.record(await _explained(here))
        assert found["asked"] == [
            {"at": "2026-11-24T11:15:00+00:00", "role": "coordinator", "reason": "first_word", "people": [DANIEL]},
            {"at": "2026-11-25T05:00:00+00:00", "role": "director", "reason": "first_word", "people": [DANIEL, ANN]},
        ]
        assert (found["reason"], found["next_at"]) == ("asked_already", "2026-11-26T05:00:00+00:00")
        assert (found["next_role"], found["next_role_at"]) == ("chief_officer", "2026-11-27T05:00:00+00:00")
        clocks = found["clocks"]
        assert isinstance(clocks, list)
        assert [(one["key"], one["due"], one["counted_seconds"]) for one in clocks] == [
            ("priority.urgent.acknowledge", "2026-11-24T11:10:00+00:00", 4 * 3600),
            ("priority.urgent.answer", "2026-11-27T14:00:00+00:00", 3 * 9 * 3600 + 6 * 3600 + 50 * 60),
        ]
        assert all(one["counted"] == one["due"] and one["basis"] for one in clocks)


async def test_the_command_prints_it_and_refuses_a_number_that_is_not_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'groupbot.db'}"
    async with county(url) as here:
        await here.say("chebet", "health", FORM)
        await here.wait_until("2026-11-24 14:20")
    run = CliRunner().invoke(main, ["why", REF.lower(), "--database", url])
    assert run.exit_code == 0, run.output
    lines = run.output.splitlines()
    assert lines[0] == f"{REF}, urgent: no word yet."
    assert "working hours: 4 [priority.urgent.acknowledge]" in lines[1]
    assert any(line.startswith("priority.urgent.acknowledge: ") for line in lines)
    as_json = CliRunner().invoke(main, ["why", REF, "--json", "--database", url])
    assert json.loads(as_json.output)["service_request_id"] == REF
    missing = CliRunner().invoke(main, ["why", "HLT-26-0009-X", "--database", url])
    assert missing.exit_code == 1
    assert "there is no request HLT-26-0009-X: check its number" in missing.output


# --- in the chat ------------------------------------------------------------------------------------------------------

WHOLE = f"""{REF}, urgent: no word yet.
First word: due yesterday 14:10. Counted from yesterday 10:10, working hours: 4 [priority.urgent.acknowledge]
Answer: due Fri 27 Nov 17:00. Counted from yesterday 10:10, working days: 3 [priority.urgent.answer]
  33 h 50 min of work; not counted: nights
Asked yesterday 14:15: Daniel (coordinator); no word yet
Asked today 08:00: Daniel (coordinator) and Dr Cheruto (director); no word yet
Now: who owes it was asked already. I look again tomorrow 08:00.
If no word comes, the chief officer is asked Fri 27 Nov 08:00."""
OUTSIDE = f"""{REF}, urgent: no word yet.
Answer: due Fri 27 Nov. Counted from Tue 24 Nov, working days: 3 [priority.urgent.answer]"""


@pytest.mark.parametrize(
    ("who", "where", "told"),
    [
        ("kiptoo", "private:kiptoo", WHOLE),
        ("chebet", "private:chebet", WHOLE),
        ("kiptoo", "health", WHOLE),
        ("rose", "health", WHOLE),
        ("naomi", "private:naomi", OUTSIDE),
        ("judith", "private:judith", OUTSIDE),
        ("kiptoo", "water", OUTSIDE),
        ("nelson", "communications", WHOLE),
    ],
)
async def test_people_are_told_in_private_what_they_may_know(who: str, where: str, told: str) -> None:
    async with county(players=CHIEF) as here:
        await here.say("chebet", "health", FORM)
        await here.wait_until("2026-11-25 09:00")
        await here.say("rose", "private:rose", "/language english")
        group = here.lines("health")
        await here.say(who, where, f"/why {REF}")
        assert here.private(who)[-1] == told
        assert here.lines("health") == group


async def test_who_is_on_no_roster_learns_in_a_group_what_the_mirror_shows() -> None:
    async with county(players=CHIEF) as here:
        await here.say("chebet", "health", FORM)
        await here.wait_until("2026-11-25 09:00")
        group = here.lines("health")
        await here.say("stranger", "health", f"/why {REF}")
        told = [*here.lines("health")[len(group) :], *here.private("stranger")]
        assert told == [OUTSIDE]


async def test_of_the_most_sensitive_an_outsider_learns_no_day() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await here.say("nelson", "health", f"/protect {REF} it names a child")
        await here.say("naomi", "private:naomi", f"why {REF}")
        assert here.private("naomi")[-1] == f"{REF}, urgent: no word yet."


async def test_a_holiday_and_a_moved_date_are_explained_and_old_askings_are_counted() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("nelson", "communications", "/holiday Friday state funeral")
        await here.say("nelson", "communications", "yes", reply_to=here.messages("communications")[-1].id)
        await here.say("kiptoo", "health", "/by 4 December, the store is empty everywhere", reply_to=post)
        await here.wait_until("2027-01-20 09:00")
        await here.say("kiptoo", "private:kiptoo", f"why {REF}")
        told = here.private("kiptoo")[-1]
        assert "\n  69 h 50 min of work; not counted: nights, weekends and Fri 27 Nov 2026 (state funeral)\n" in told
        assert (
            "\n  The rule alone gives Mon 30 Nov 2026 17:00; the date was changed since, or the priority was.\n" in told
        )
        assert " times before that.\n" in told
        assert told.count("\nAsked ") == 6


async def _told(here: County, who: str, where: str = "") -> list[str]:
    """What somebody is told who asks why, line by line, without what comes next."""
    await here.say(who, where or f"private:{who}", f"/why {REF}")
    said = here.private(who)[-1] if not where else here.lines(where)[-1]
    return [line for line in said.splitlines() if not line.startswith(("Now: ", "If no word comes"))]


@pytest.mark.parametrize(
    ("word", "lines"),
    [
        (
            "Seen",
            [
                "Next word: due tomorrow 10:10. Counted from today 10:10, working days: 1 [priority.urgent.next_word]",
                "  9 h of work; not counted: nights",
            ],
        ),
        ("Seen, back before noon", ["Next word: due today 12:00, the time that Daniel named today 10:10."]),
    ],
)
async def test_the_clock_of_the_next_word_is_told_with_who_named_it(word: str, lines: list[str]) -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "health", word, reply_to=post)
        await here.wait(minutes=20)
        if "noon" in word:
            await here.say("cheruto", "health", "ok", reply_to=post)
        first, *told, answer, worked = await _told(here, "kiptoo")
        assert first == f"{REF}, urgent: being worked on."
        assert told[1:] == lines
        assert answer.startswith("Answer: due Fri 27 Nov 17:00.")
        assert worked == "  33 h 50 min of work; not counted: nights"


async def test_every_one_who_was_rung_is_named_and_hours_of_the_clock_are_all_counted() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM.replace("Urgent", "Emergency"))
        await here.wait(minutes=5)
        assert (await _told(here, "kiptoo"))[1:] == [
            "First word: due today 11:10. Counted from today 10:10, hours of the clock: 1 "
            "[priority.emergency.acknowledge]",
            "Answer: due Thu 26 Nov 10:10. Counted from today 10:10, hours of the clock: 48 "
            "[priority.emergency.answer]",
            "Asked today 10:10: Daniel (coordinator), Dr Cheruto (director) and Nelson (communications); "
            "the emergency was called",
        ]
        clocks = explaining.record(await _explained(here))["clocks"]
        assert isinstance(clocks, list)
        assert [(one["counted_seconds"], one["left_out"]) for one in clocks] == [(3600, []), (48 * 3600, [])]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("english", "  36 h of work; not counted: nights, weekends and Fri 25 Dec (Christmas Day)"),
        ("kiswahili", "  saa 36 za kazi; hazikuhesabiwa: usiku, wikendi na Ijm 25 Des (Siku ya Krismasi)"),
    ],
)
async def test_a_public_holiday_is_told_by_its_name(language: str, line: str) -> None:
    start = datetime(2026, 12, 23, 17, 0, tzinfo=ZONE)
    async with county(start=start) as here:
        await here.say("chebet", "health", FORM)
        await here.say("kiptoo", "private:kiptoo", f"/language {language}")
        await here.say("kiptoo", "private:kiptoo", f"/why {REF}")
        assert line in here.private("kiptoo")[-1].splitlines()


PAUSED = "No reminders until Fri 27 Nov 17:00, says Nelson: the store is being counted"


async def test_a_pause_is_told_with_who_and_why_to_those_whom_it_concerns_while_it_lasts() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await here.say("nelson", "health", f"/pause {REF} until Friday, the store is being counted")
        for who in ("kiptoo", "chebet", "nelson"):
            assert PAUSED in await _told(here, who)
        await here.say("rose", "private:rose", "/language english")
        await here.say("rose", "health", f"/why {REF}")
        assert "No reminders until Fri 27 Nov 17:00, says Nelson.\n" in here.private("rose")[-1]
        assert not [line for line in await _told(here, "naomi") if "reminders" in line]
        paused = explaining.record(await _explained(here))["paused"]
        over = {"until": "2026-11-27T14:00:00+00:00", "by": "Nelson", "why": "the store is being counted"}
        assert paused == over
        await here.wait_until("2026-11-28 09:00")
        assert not [line for line in await _told(here, "kiptoo") if "reminders" in line]
        assert explaining.record(await _explained(here))["paused"] == over


async def test_a_ward_admin_who_asks_for_news_during_a_pause_is_told_of_it_once() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.wait_until("2026-11-24 15:00")
        await here.say("nelson", "communications", f"/pause {REF} until Friday, the store is being counted")
        before = here.lines("health")
        for _ in range(2):
            await here.say("chebet", "health", "Any news on this?", reply_to=post)
        assert here.lines("health")[len(before) :] == [
            f"{REF}: no reminders until Fri 27 Nov 17:00, says Nelson. Its dates stay."
        ]


async def test_after_an_emergency_was_made_safe_the_clocks_that_hold_now_are_explained() -> None:
    async with county(players=CHIEF) as here:
        post = await here.say("chebet", "health", FORM.replace("Urgent", "Emergency"))
        await here.wait(minutes=30)
        await here.say("kiptoo", "health", "/safe everybody is out of the house", reply_to=post)
        await here.say("kiptoo", "private:kiptoo", f"why {REF}")
        told = here.private("kiptoo")[-1].splitlines()
        assert told[1] == (
            "First word: due today 14:40. Counted from today 10:40, working hours: 4 [priority.urgent.acknowledge]"
        )
        answer = "Answer: due Fri 27 Nov 17:00. Counted from today 10:10, working days: 3 [priority.urgent.answer]"
        assert answer in told
        assert not any("The rule alone gives" in line for line in told)


# --- priorities that were changed -------------------------------------------------------------------------------------

ROUTINE = FORM.replace("Urgent", "Routine")


async def _clocks_after(here: County, *acts: str) -> list[str]:
    """What is told of the clocks after a director's words, each an hour after the one before."""
    post = await here.say("chebet", "health", ROUTINE)
    for act in acts:
        await here.wait(minutes=60)
        await here.say("cheruto", "health", act, reply_to=post)
    return [line for line in await _told(here, "cheruto") if line.startswith(("First word", "Answer", "  The rule"))]


RAISED = "when Dr Cheruto raised it"


@pytest.mark.parametrize(
    ("acts", "lines"),
    [
        (
            ["/priority urgent it is the last store"],
            [
                "First word: due today 15:10. Counted from today 11:10, "
                f"{RAISED}, working hours: 4 [priority.urgent.acknowledge]",
                f"Answer: due Fri 27 Nov 17:00. Counted from today 11:10, {RAISED}, working days: 3 "
                "[priority.urgent.answer]",
            ],
        ),
        (
            ["/priority emergency mothers are in labour"],
            [
                f"First word: due today 12:10. Counted from today 11:10, {RAISED}, hours of the clock: 1 "
                "[priority.emergency.acknowledge]",
                f"Answer: due Thu 26 Nov 11:10. Counted from today 11:10, {RAISED}, hours of the clock: 48 "
                "[priority.emergency.answer]",
            ],
        ),
        (
            ["/priority urgent it is the last store", "/priority routine another store has some"],
            [
                "First word: due Thu 26 Nov 10:10. Counted from today 10:10, working days: 2 "
                "[priority.routine.acknowledge]",
                "Answer: due Tue 8 Dec 17:00. Counted from today 10:10, days: 14 [priority.routine.answer]",
            ],
        ),
        (
            ["/by 15 December, it is on the ship", "/priority urgent it is the last store"],
            [
                "First word: due today 16:10. Counted from today 12:10, "
                f"{RAISED}, working hours: 4 [priority.urgent.acknowledge]",
                f"Answer: due Fri 27 Nov 17:00. Counted from today 12:10, {RAISED}, working days: 3 "
                "[priority.urgent.answer]",
            ],
        ),
    ],
)
async def test_clocks_that_were_restarted_tell_since_when_and_by_whom(acts: list[str], lines: list[str]) -> None:
    async with county() as here:
        assert await _clocks_after(here, *acts) == lines


async def test_an_emergency_that_is_rung_again_counts_from_then() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM.replace("Urgent", "Emergency"))
        await here.wait(minutes=30)
        await here.say("kiptoo", "health", "/safe everybody is out of the house", reply_to=post)
        await here.wait(minutes=30)
        await here.say("chebet", "health", "/priority emergency it burns again", reply_to=post)
        await here.say("cheruto", "health", "/priority emergency it burns again", reply_to=post)
        first, *_ = [line for line in await _told(here, "cheruto") if line.startswith("First word")]
        assert first == (
            f"First word: due today 12:10. Counted from today 11:10, {RAISED}, hours of the clock: 1 "
            "[priority.emergency.acknowledge]"
        )


async def test_hours_of_the_clock_that_end_on_a_holiday_leave_none_out() -> None:
    async with county(start=datetime(2026, 12, 31, 23, 40, tzinfo=ZONE)) as here:
        await here.say("chebet", "health", FORM.replace("Urgent", "Emergency"))
        assert (await _told(here, "kiptoo"))[1:3] == [
            "First word: due tomorrow 00:40. Counted from today 23:40, hours of the clock: 1 "
            "[priority.emergency.acknowledge]",
            "Answer: due Sat 2 Jan 2027 23:40. Counted from today 23:40, hours of the clock: 48 "
            "[priority.emergency.answer]",
        ]
