"""A pilot ward by ward: in the shadow nothing is said, in assist nobody is reminded; the page tells what changed."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from groupbot.chat.sandbox import FULL, PLAIN
from groupbot.cli import main
from groupbot.orders import Order, OrderRefused
from groupbot.records import Capabilities
from tests.county import FORM, County, county

PIPE = "Location: Chesoi market\nProblem: The pipe has burst and 300 homes are dry"


async def stage(here: County, mode: str, department: str = "", ward: str = "") -> list[str]:
    """The operator sets a stage."""
    given = {"mode": mode, "department": department, "ward": ward}
    said = await here.app.obey(Order(f"{mode} {department} {ward} {here.clock()}", "pilot.stage", given, "ict"))
    await here.app.step()
    return said


def said(here: County) -> dict[str, list[str]]:
    """All that the bot has said, chat by chat, reactions too."""
    return {
        room.chat_id: [message.text for message in here.messages(room.chat_id)]
        + [message.reactions["groupbot"] for message in room.messages.values() if "groupbot" in message.reactions]
        for room in here.sandbox.chats()
    }


async def whole_day(here: County) -> None:
    """What happens anyway: a post, words, an answer, a bad form, a long silence."""
    post = await here.say("chebet", "water", PIPE + "\nName: Hezron\nPhone: 0720 000 662")
    await here.say("chebet", "water", "Problem: no water")
    await here.say("judith", "water", "Seen, the plumber goes there today", post)
    await here.say("judith", "water", "/resolve The pipe was replaced by our plumber, 300 homes have water", post)
    await here.say("chebet", "water", "Not yet, still dry", post)
    await here.wait(days=20)


@pytest.mark.parametrize("capabilities", [FULL, PLAIN])
async def test_in_the_shadow_not_a_word_is_said_and_all_of_it_is_kept(capabilities: Capabilities) -> None:
    async with county(capabilities=capabilities) as here:
        assert await stage(here, "shadow", "water") == ["water: shadow"]
        (told,) = here.lines("water")
        assert told == (
            "Water: for now I only watch. I give no numbers and remind nobody; what I would have said is kept,"
            " to be compared later."
        )
        before = said(here)
        await whole_day(here)
        after = said(here)
        for room in ("water", "private:chebet", "private:judith"):
            assert after.get(room, []) == before.get(room, []), room
        assert [line for line in after["mirror"] if not line.startswith("The public log")] == []
        kept = await here.value("SELECT count(*) FROM outbox WHERE error = 'shadow'")
        assert isinstance(kept, int)
        assert kept >= 5
        assert await here.value("SELECT nags FROM request") == 0
        assert await here.value("SELECT state FROM request") == "reopened"


async def test_one_ward_may_be_in_full_while_the_others_are_watched() -> None:
    async with county() as here:
        await stage(here, "shadow")
        await stage(here, "full", "health", "Kapsowar")
        count = len(here.lines("health"))
        await here.say("chebet", "health", FORM)
        await here.say("rose", "health", "Location: Kabiemit clinic\nProblem: No nurse at night")
        assert [line[:13] for line in here.lines("health")[count:]] == ["HLT-26-0001-J"]
        assert [line[:13] for line in here.lines("mirror")] == ["HLT-26-0001-J"]


async def test_in_assist_posts_are_answered_nobody_is_reminded_and_the_mirror_is_silent() -> None:
    async with county() as here:
        await stage(here, "assist", "water")
        await here.say("chebet", "water", PIPE)
        assert here.lines("water")[-1].startswith("WTR-26-0001-G, routine, Kapsowar.")
        count = len(here.lines("water"))
        await here.wait(days=10)
        assert here.lines("water")[count:] == []
        assert here.private("judith") == []
        assert [line for line in here.lines("mirror") if "WTR" in line] == []


async def test_an_emergency_rings_in_assist_too() -> None:
    async with county() as here:
        await stage(here, "assist", "water")
        await here.say("chebet", "water", PIPE + "\nPriority: EMERGENCY")
        await here.wait(hours=1)
        assert any("WTR-26-0001-G" in line for line in here.private("judith"))


async def test_in_full_at_last_the_chase_begins_within_a_day_but_not_for_the_shadows_own() -> None:
    async with county() as here:
        await stage(here, "shadow", "health")
        await here.say("chebet", "health", FORM)
        await here.wait(days=7)
        await stage(here, "assist", "health")
        await here.say("chebet", "health", FORM.replace("malaria", "cough and cold"))
        await here.wait(days=7)
        assert await here.value("SELECT count(*) FROM nag") == 0
        await stage(here, "full", "health")
        await here.wait(days=2)
        assert await here.value("SELECT MIN(request_id) FROM nag") == 2


async def test_who_is_known_to_nobody_is_not_answered_in_the_shadow_and_staff_hear_of_them() -> None:
    async with county() as here:
        await stage(here, "shadow", "water")
        count = len(here.lines("water"))
        await here.say("stranger", "water", PIPE)
        assert here.lines("water")[count:] == []


@pytest.mark.parametrize(
    ("mode", "department", "ward"), [("loud", "", ""), ("full", "weather", ""), ("full", "", "Atlantis")]
)
async def test_what_is_not_there_is_refused(mode: str, department: str, ward: str) -> None:
    async with county() as here:
        with pytest.raises(OrderRefused):
            await stage(here, mode, department, ward)
        assert await here.value("SELECT count(*) FROM pilot_stage") == 0


def command(*arguments: str) -> tuple[int, str]:
    """Give a command as somebody at the bot's machine would."""
    done = CliRunner().invoke(main, ["pilot", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


async def test_the_page_compares_the_stages_from_the_log(store_url: str) -> None:
    async with county(store_url) as here:
        await stage(here, "shadow", "health")
        await here.say("chebet", "health", FORM)
        await here.wait(days=7)
        await stage(here, "full", "health")
        post = await here.say("chebet", "health", FORM.replace("malaria", "cough and cold"))
        await here.wait(hours=2)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered this morning from the store", post)
        await here.say("chebet", "health", "Yes, she got hers", here.messages("health")[-1].id)
    code, shown = command("page", "--department", "health", "--database", store_url)
    assert code == 0
    assert [line.split() for line in shown.splitlines()[:5]] == [
        ["shadow", "full"],
        ["requests", "1", "1"],
        ["met", "with", "a", "word", "0", "(0", "%)", "1", "(100", "%)"],
        ["half", "of", "them", "within", "-", "2.0", "h"],
        ["answered", "0", "(0", "%)", "1", "(100", "%)"],
    ]
    _, shown = command("page", "--json", "--database", store_url)
    assert json.loads(shown)["full"]["agreed"] == 1
    _, shown = command("list", "--database", store_url)
    assert [line[17:] for line in shown.splitlines()] == ["health: shadow", "health: full"]


@pytest.mark.parametrize(("mode", "drawn"), [("shadow", 0), ("assist", 0), ("full", 1)])
async def test_what_csos_do_not_see_yet_is_in_no_sample(mode: str, drawn: int) -> None:
    async with county() as here:
        await stage(here, mode, "water")
        post = await here.say("chebet", "water", PIPE)
        await here.say("judith", "water", "/resolve The pipe was replaced by our plumber, 300 homes have water", post)
        await here.say("chebet", "water", "Yes, they have water", post)
        assert await here.value("SELECT state FROM request") == "closed"
        await here.wait_until("2026-12-01 09:00")
        for where in ("mirror", "communications"):
            assert len([line for line in here.lines(where) if "WTR-26-0001-G" in line and "call" in line]) == drawn
