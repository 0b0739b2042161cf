"""Why a request stands as it does, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from groupbot import explaining
from groupbot.cli import main
from groupbot.store import requests
from tests.county import FORM, County, county

REF = "HLT-26-0001-J"


async def _explained(here: County) -> explaining.Explanation:
    def read(tx: object) -> explaining.Explanation:
        request = requests.by_id(tx, 1)  # type: ignore[arg-type]
        return explaining.explain(tx, here.app.jurisdiction, request, here.clock())  # type: ignore[arg-type]

    return await here.app.worker.run(lambda: here.app.store.read(read))


async def test_it_tells_the_clocks_the_askings_and_what_comes_next() -> None:
    async with county() as here:
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
    assert lines[0] == f"{REF}: submitted, urgent"
    assert lines[1] == (
        "priority.urgent.acknowledge: 4 working_hours from Tue 2026-11-24 10:10: due Tue 2026-11-24 14:10"
    )
    assert "asked Tue 2026-11-24 14:15: coordinator, first_word" in lines
    as_json = CliRunner().invoke(main, ["why", REF, "--json", "--database", url])
    assert json.loads(as_json.output)["service_request_id"] == REF
    missing = CliRunner().invoke(main, ["why", "HLT-26-0009-X", "--database", url])
    assert missing.exit_code == 1
    assert "there is no request HLT-26-0009-X: check its number" in missing.output
