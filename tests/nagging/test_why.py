"""Why a request stands as it does, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from groupbot import explaining
from groupbot.cli import main
from groupbot.store import requests
from tests.county import FORM, PLAYERS, County, Player, county

REF = "HLT-26-0001-J"
CHIEF = (*PLAYERS, Player("otieno", "Grace Otieno", "chief_officer", service_code="health"))


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
            {"at": "2026-11-24T11:15:00+00:00", "role": "coordinator", "reason": "first_word"},
            {"at": "2026-11-25T05:00:00+00:00", "role": "director", "reason": "first_word"},
        ]
        assert (found["reason"], found["next_at"]) == ("asked_already", "2026-11-26T05:00:00+00:00")
        assert (found["next_role"], found["next_role_at"]) == ("chief_officer", "2026-11-27T05:00:00+00:00")
        clocks = found["clocks"]
        assert isinstance(clocks, list)
        assert [(one["key"], one["due"], one["working_seconds"]) for one in clocks] == [
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
Asked yesterday 14:15: the coordinator; no word yet
Asked today 08:00: the director; no word yet
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
        assert "\n  Not counted: Fri 27 Nov 2026\n" in told
        assert (
            "\n  The rule alone gives Mon 30 Nov 2026 17:00; the date was changed since, or the priority was.\n" in told
        )
        assert " times before that.\n" in told
        assert told.count("\nAsked ") == 9
