"""`groupbot breach`: which requests, whose, read by whom, and the two clocks of the law."""

from __future__ import annotations

import json
import re
from pathlib import Path

from click.testing import CliRunner

from groupbot.cli import main
from groupbot.orders import Order, take
from tests.county import FORM, PLAYERS, Player, county

NAMED = FORM + "\nName: Hezron Kipzovipu\nPhone: 0720 000 662"
BRIBE = "Location: Kapsowar town\nProblem: a meter reader is asking for 2,000 shillings and gives no receipt"
WITH_INTEGRITY = (*PLAYERS, Player("judy", "Judy Komen", "integrity"))


def command(*arguments: str) -> tuple[int, str]:
    """Give a command as somebody at the bot's machine would."""
    done = CliRunner().invoke(main, ["breach", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


async def days(url: str) -> None:
    """One request with a citizen in Health, one without in Water, one confidential case; Kiptoo looks at a contact."""
    async with county(url, players=WITH_INTEGRITY) as here:
        await here.say("chebet", "health", NAMED)
        await here.wait(hours=1)
        await here.say("rose", "water", "Location: Nyaru\nProblem: The pump is broken")
        await here.say("chebet", "health", BRIBE)
        await here.say("kiptoo", "private:kiptoo", "/contact HLT-26-0001-J")


async def test_both_clocks_run_from_when_it_was_known(sqlite_url: str) -> None:
    await days(sqlite_url)
    code, said = command("--database-copy", "--known", "2026-11-24 12:00", "--database", sqlite_url)
    lines = said.splitlines()
    assert code == 0
    assert lines[0] == "known since Tue 2026-11-24 12:00"
    assert lines[1].startswith("whoever keeps the bot for the county tells the county by Thu 2026-11-26 12:00: ")
    assert lines[2].startswith(
        "the county tells the Office of the Data Protection Commissioner by Fri 2026-11-27 12:00: "
    )
    assert lines[4] == "requests: 3; with a citizen's name or number, who must be told: 1"
    assert lines[5] == "  HLT-26-0001-J of Tue 2026-11-24 10:10: its words, a name, a phone number"
    assert "CONFIDENTIAL, its words" in lines[7]


async def test_a_clock_that_has_run_out_says_so(sqlite_url: str) -> None:
    await days(sqlite_url)
    _, said = command("--database-copy", "--known", "2001-01-01 00:00", "--database", sqlite_url)
    assert said.count("LATE by ") == 2


async def test_who_asks_again_is_told_to_say_since_when_it_is_known(sqlite_url: str) -> None:
    await days(sqlite_url)
    first = command("--database-copy", "--database", sqlite_url)[1].splitlines()[0]
    since = re.search(r"; when you ask again, give --known '(.+)', or these clocks begin anew$", first)
    assert since
    again = command("--database-copy", "--known", since[1], "--database", sqlite_url)[1].splitlines()[0]
    assert again == first.partition(";")[0]


async def test_of_what_is_erased_since_it_is_said_that_nobody_knows_any_more_whom_it_named(sqlite_url: str) -> None:
    async with county(sqlite_url, players=WITH_INTEGRITY) as here:
        post = await here.say("chebet", "health", NAMED)
        await here.say("chebet", "health", "/withdraw the citizen has moved away", post)
        order = Order("o1", "requests.erase", {"reference": "HLT-26-0001-J"}, "root")
        await here.app.worker.run(lambda: take(here.app.store, here.app.jurisdiction, order, here.clock()))
    lines = command("--database-copy", "--database", sqlite_url)[1].splitlines()
    assert lines[4] == (
        "requests: 1; with a citizen's name or number, who must be told: 0; "
        "erased since, so that this is not known any more: 1"
    )
    assert lines[5] == "  HLT-26-0001-J of Tue 2026-11-24 10:10: erased here since; before that: its words"


async def test_a_lost_telephone_exposes_its_groups_and_what_was_told_to_it_alone(store_url: str) -> None:
    await days(store_url)
    _, said = command("--account", "sandbox:kiptoo", "--database", store_url, "--json")
    found = json.loads(said)
    shown = {one["reference"]: one["shown"] for one in found["requests"]}
    assert shown == {"HLT-26-0001-J": True}
    _, said = command("--account", "sandbox:judy", "--database", store_url, "--json")
    assert [one["route"] for one in json.loads(said)["requests"]] == ["private"]
    _, said = command("--account", "sandbox:nobody", "--database", store_url, "--json")
    assert json.loads(said)["requests"] == []


async def test_a_request_names_the_chats_the_people_and_who_looked(store_url: str) -> None:
    await days(store_url)
    _, said = command("--request", "hlt-26-0001-j", "--database", store_url)
    assert "in sandbox health (department health): Jane Chebet" in said
    assert "was told the citizen's name or number: Daniel Kiptoo, Tue 2026-11-24 11:10" in said
    assert "WTR-26" not in said


async def test_a_chat_exposes_what_was_said_there_in_that_time(sqlite_url: str) -> None:
    await days(sqlite_url)
    _, said = command("--chat", "sandbox:water", "--database", sqlite_url)
    assert "WTR-26-0001-G" in said
    assert "HLT-26" not in said
    _, said = command("--chat", "sandbox:health", "--until", "2026-11-24 10:00", "--database", sqlite_url)
    assert "requests: 0" in said


def test_what_is_not_said_is_asked_for(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    assert command("--database", url)[0] == 2
    assert command("--chat", "x", "--account", "y", "--database", url)[0] == 2
    code, said = command("--chat", "nonsense", "--database", url)
    assert (code, "write telegram:123456" in said) == (2, True)
    code, said = command("--database-copy", "--known", "yesterday", "--database", url)
    assert (code, "is no time" in said) == (2, True)
