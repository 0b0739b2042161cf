"""A mirror ends on two people's word: asked for, told to its readers first, agreed to by another, and on record."""

from __future__ import annotations

import pytest

from groupbot.orders import Order, OrderRefused, take
from tests.county import FORM, County, Place
from tests.people.staff import staffed

WHY = "/disconnect the society has closed"
READERS = (
    "Nelson asks that this mirror end: the society has closed. It ends only if a second person agrees. "
    "Please keep what you need, and object now if you want it to go on."
)
ASKED = (
    "Nelson asks that the mirror end: the society has closed. Its readers are told now. "
    "If another one of you agrees, reply YES by tomorrow 10:10; else it goes on."
)
GOES_ON = "Nobody agreed with {} that this mirror end: it goes on."
LAST = (
    "This mirror ends here: Nelson asked, Grace agreed (the society has closed). I write no more in it. "
    "The public log goes on: ask communications for it."
)
DONE = (
    "Nelson asked and Grace agreed: I write nothing more in the mirror (the society has closed). "
    "Its readers are told, and it is in the log."
)


async def _log(here: County) -> list[tuple[object, ...]]:
    sql = "SELECT type, role, ref, ward FROM service_log WHERE type LIKE 'mirror%' ORDER BY seq"
    rows = await here.app.worker.run(lambda: here.app.store.read(lambda tx: tx.all(sql)))
    return [tuple(row) for row in rows]


def _told(here: County) -> list[str]:
    """What the mirror's readers hear beside the daily checkpoint."""
    return [line for line in here.lines("mirror") if not line.startswith("The public log has")]


async def _state(here: County) -> object:
    return await here.value("SELECT state FROM chat WHERE chat_id = 'mirror'")


@pytest.mark.parametrize("tapped", [True, False])
async def test_its_readers_hear_it_first_and_it_ends_when_a_second_person_agrees(*, tapped: bool) -> None:
    async with staffed() as here:
        await here.say("nelson", "communications", WHY)
        assert here.lines("mirror") == [READERS]
        assert here.lines("communications") == [ASKED]
        assert await _state(here) == "bound"
        asked = here.messages("communications")[-1]
        if tapped:
            await here.tap("grace", "communications", asked)
        else:
            await here.say("grace", "communications", "Yes", asked.id)
        assert here.lines("mirror") == [READERS, LAST]
        assert here.lines("communications") == [ASKED, DONE]
        assert await _state(here) == "unbound"
        assert await _log(here) == [
            ("mirror_ending", "communications", "", ""),
            ("mirror_ended", "communications", "", ""),
        ]
        await here.say("chebet", "health", FORM)
        await here.wait(days=3)
        assert here.lines("mirror") == [READERS, LAST]


async def test_nobody_agrees_with_themselves_and_nobody_else_may() -> None:
    async with staffed() as here:
        await here.say("nelson", "communications", WHY)
        asked = here.messages("communications")[-1]
        await here.tap("nelson", "communications", asked)
        await here.say("nelson", "communications", "YES", asked.id)
        assert await _state(here) == "bound"
        assert LAST not in here.lines("mirror")


async def test_who_asks_twice_is_told_whom_it_waits_for_and_the_readers_hear_it_once() -> None:
    async with staffed() as here:
        await here.say("nelson", "communications", WHY)
        await here.say("nelson", "communications", WHY)
        assert here.lines("mirror") == [READERS]
        assert here.lines("communications") == [
            ASKED,
            "You have asked already, and its readers are told. Now another one of you must reply YES to my question in"
            " the group of communications.",
        ]
        await here.wait(days=2)
        await here.say("nelson", "communications", WHY)
        assert here.lines("mirror").count(READERS) == 2


async def test_after_a_day_without_a_second_word_it_goes_on() -> None:
    async with staffed() as here:
        await here.say("nelson", "communications", WHY)
        asked = here.messages("communications")[-1]
        await here.wait(hours=23, minutes=59)
        assert _told(here) == [READERS]
        await here.wait(minutes=2)
        assert _told(here) == [READERS, GOES_ON.format("Nelson")]
        await here.tap("grace", "communications", asked)
        assert await _state(here) == "bound"
        await here.say("chebet", "health", FORM)
        assert here.lines("mirror")[-1].startswith("HLT-26-0001-J")


async def test_while_another_one_who_wants_it_waits_for_agreement_its_readers_do_not_hear_that_it_goes_on() -> None:
    async with staffed() as here:
        await here.say("nelson", "communications", WHY)
        await here.wait(hours=5)
        await here.say("grace", "communications", WHY)
        await here.wait(days=1, hours=-5, minutes=1)
        assert _told(here) == [READERS, READERS.replace("Nelson", "Grace")]
        await here.wait(hours=5)
        assert _told(here)[2:] == [GOES_ON.format("Grace")]


async def test_agreed_to_twice_it_ends_once() -> None:
    async with staffed() as here:
        for who in ("nelson", "grace"):
            await here.say(who, "communications", WHY)
        first, second = here.messages("communications")
        await here.tap("grace", "communications", first)
        await here.tap("nelson", "communications", second)
        assert here.lines("communications")[-1] == "That mirror is connected no more."
        assert [entry[0] for entry in await _log(here)].count("mirror_ended") == 1


async def test_a_line_that_was_planned_for_later_does_not_come_after_the_last_one() -> None:
    async with staffed() as here:
        await here.say("chebet", "health", FORM)
        await here.wait_until("2026-11-24 20:00")
        await here.say("nelson", "communications", "/holiday Friday, a state funeral")
        await here.tap("nelson", "communications", here.messages("communications")[-1])
        waiting = "SELECT count(*) FROM outbox WHERE chat_id = 'mirror' AND state = 'new'"
        assert await here.value(waiting) != 0
        await here.say("nelson", "communications", WHY)
        await here.tap("grace", "communications", here.messages("communications")[-1])
        await here.wait(days=2)
        assert here.lines("mirror")[-1] == LAST


async def test_what_stands_in_a_mirror_that_ended_is_still_taken_back() -> None:
    async with staffed() as here:
        post = await here.say("chebet", "health", FORM)
        assert "Kapsowar" in here.lines("mirror")[0]
        await here.say("nelson", "communications", WHY)
        await here.tap("grace", "communications", here.messages("communications")[-1])
        await here.say("nelson", "health", "/protect it names a child", post)
        assert not [line for line in here.lines("mirror") if "Kapsowar" in line]


WATER = Place("mirror-w", "Water mirror", "mirror", "water", ("naomi",))


@pytest.mark.parametrize(("where", "who"), [("private:nelson", "nelson"), ("communications", "nelson")])
async def test_of_several_mirrors_the_one_is_named_by_its_number_alone_to_the_bot(where: str, who: str) -> None:
    async with staffed(more=(WATER,)) as here:
        await here.say(who, where, WHY)
        which = here.lines(where)[-1]
        first, second = which.splitlines()[1:]
        assert which.startswith("Which mirror? Write /disconnect, its number from here, and why:\n")
        assert [first.partition(": ")[2], second.partition(": ")[2]] == [
            "CSO mirror, all departments",
            "Water mirror, Water",
        ]
        assert here.lines("mirror") == here.lines("mirror-w") == []
        number = second.partition(":")[0]
        post = await here.say(who, where, WHY.replace("/disconnect", f"/disconnect {number}"))
        assert here.lines("mirror-w") == [READERS]
        assert here.lines("mirror") == []
        assert here.lines("communications")[-1] == ASKED.replace("the mirror end", "a mirror end (Water mirror, Water)")
        assert bool(here.reaction(where, post)) == where.startswith("private")
        await here.tap("grace", "communications", here.messages("communications")[-1])
        assert here.lines("mirror-w") == [READERS, LAST]
        assert here.lines("communications")[-1] == DONE.replace("the mirror", "that mirror, Water mirror, Water")
        assert here.lines("mirror") == []


async def test_of_one_mirror_no_number_is_needed_in_private_and_a_wrong_one_ends_none() -> None:
    async with staffed() as here:
        await here.say("nelson", "private:nelson", WHY)
        assert here.lines("mirror") == [READERS]
    async with staffed(more=(WATER,)) as here:
        await here.say("nelson", "private:nelson", WHY.replace("/disconnect", "/disconnect 999"))
        assert here.private("nelson")[-1].startswith("Which mirror?")
        assert here.lines("mirror") == here.lines("mirror-w") == []


@pytest.mark.parametrize(
    ("where", "said", "answer"),
    [
        (
            "health",
            WHY,
            "Only a mirror can be ended: write /disconnect and why in it, or to me alone.",
        ),
        (
            "communications",
            "/disconnect",
            "Please write /disconnect and why, in words that name nobody: the mirror's readers are told.",
        ),
        (
            "communications",
            "/tenganisha ok",
            "Please write /disconnect and why, in words that name nobody: the mirror's readers are told.",
        ),
    ],
)
async def test_what_is_not_said_is_asked_for(where: str, said: str, answer: str) -> None:
    async with staffed() as here:
        await here.say("nelson", where, said)
        assert here.lines(where) == [answer]
        assert here.lines("mirror") == []


@pytest.mark.parametrize("who", ["chebet", "kiptoo", "cheruto", "naomi", "stranger"])
async def test_only_those_who_connect_may_ask(who: str) -> None:
    async with staffed() as here:
        await here.say(who, "health", WHY)
        assert await here.value("SELECT count(*) FROM offer") == 0
        assert here.lines("mirror") == []


async def test_who_is_alone_is_told_to_invite_another() -> None:
    async with staffed("grace", "talai") as here:
        await here.say("nelson", "communications", WHY)
        assert here.lines("communications") == [
            "Two people must agree that a mirror ends, and you are the only one. "
            "Please invite another first: /invite communications."
        ]
        assert here.lines("mirror") == []


# --- from the command line --------------------------------------------------------------------------------------------


async def _order(here: County, **given: str) -> list[str]:
    order = Order("o1", "groups.unbind", given, "root")
    told = await here.app.worker.run(lambda: take(here.app.store, here.app.jurisdiction, order, here.clock()))
    await here.app.step()
    return told


async def test_the_command_line_asks_in_somebodys_name_and_another_agrees_in_chat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("groupbot.orders.groups.PLATFORMS", ("sandbox",))
    async with staffed() as here:
        told = await _order(here, sandbox="mirror", by="Grace Talai", reason="the society has closed")
        assert told == [
            "the mirror's readers are told; it ends when a second person says YES in the group of communications"
        ]
        assert here.lines("mirror") == [READERS.replace("Nelson", "Grace")]
        await here.tap("nelson", "communications", here.messages("communications")[-1])
        assert here.lines("mirror")[-1] == LAST.replace("Grace", "?").replace("Nelson", "Grace").replace("?", "Nelson")
        assert [entry[:2] for entry in await _log(here)] == [
            ("mirror_ending", "operator"),
            ("mirror_ended", "communications"),
        ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sandbox": "health", "by": "Grace Talai", "reason": "it is over"}, "which mirror"),
        ({"sandbox": "mirror", "by": "Jane Chebet", "reason": "it is over"}, "who asks"),
        ({"sandbox": "mirror", "by": "Grace Talai", "reason": ""}, "--reason"),
        ({"by": "Grace Talai", "reason": "it is over"}, "which mirror"),
    ],
)
async def test_an_order_that_cannot_be_is_refused(
    given: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("groupbot.orders.groups.PLATFORMS", ("sandbox",))
    async with staffed() as here:
        with pytest.raises(OrderRefused, match=said):
            await _order(here, **given)
        assert here.lines("mirror") == []
