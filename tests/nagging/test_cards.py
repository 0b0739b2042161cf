"""The pinned card: the greeting of a connected group, pinned once and edited each working morning, with no new line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from groupbot import cards
from groupbot.chat.sandbox import FULL, PLAIN, SandboxMessage
from groupbot.orders import Order
from groupbot.records import Capabilities
from tests.commands.test_connecting import HELLO, NEW, with_new_group
from tests.county import EVERYONE, FORM, County, county


async def connected(here: County) -> None:
    here.sandbox.add_chat(NEW, "Trade people", "department", EVERYONE)
    await here.say("nelson", NEW, "/connect trade")


async def test_the_greeting_is_pinned_and_the_next_morning_it_is_the_card() -> None:
    async with with_new_group() as here:
        await here.say("nelson", NEW, "/connect trade")
        assert here.lines(NEW) == [HELLO]
        assert here.messages(NEW)[0].pinned
        await here.say("chebet", NEW, FORM.replace("malaria drugs", "stalls"))
        number = here.lines(NEW)[1].split(",")[0]
        await here.wait_until("2026-11-25 08:00")
        assert here.lines(NEW)[0] == (
            "Trade, Wed 25 Nov. To report, write:\nLocation: \nProblem: \nPriority: \n\n"
            "Open: 1. No first word yet: 1. None is late. Waiting for the citizen's word: 0.\n"
            "Coordinator: nobody for now\nDirector: nobody for now\n"
            "Danger to life: ambulance 1199, police 999 / 112 and county helpline (Mon-Fri 8-17) 0704 220 220"
        )
        await here.wait_until("2026-11-30 08:00")
        assert f"Late: 1, the longest {number}." in here.lines(NEW)[0]
        assert len([line for line in here.lines(NEW) if "To report, write:" in line]) == 1


async def test_it_is_written_once_a_working_day_and_not_on_days_off() -> None:
    async with county() as here:
        await connected(here)
        await here.wait_until("2026-11-27 17:00")
        assert here.messages(NEW)[0].text.startswith("Trade, Fri 27 Nov.")
        await here.wait_until("2026-11-29 23:00")
        assert here.messages(NEW)[0].text.startswith("Trade, Fri 27 Nov.")
        assert await here.value("SELECT count(*) FROM outbox WHERE key = 'card'") == 3


async def test_a_card_that_somebody_deleted_is_posted_anew_at_once_and_pinned() -> None:
    async with county() as here:
        await connected(here)
        await here.app.chats["sandbox"].delete(NEW, here.messages(NEW)[0].id)
        await here.wait_until("2026-11-25 09:00")
        assert await here.value("SELECT count(*) FROM outbox WHERE state = 'parked'") == 0
        (posted,) = standing(here)
        assert (posted.text[:18], posted.pinned) == ("Trade, Wed 25 Nov.", True)
        await here.wait_until("2026-11-27 09:00")
        assert [message.text[:18] for message in standing(here)] == ["Trade, Fri 27 Nov."]


def standing(here: County) -> list[SandboxMessage]:
    """The bot's messages in the new group that nobody has deleted."""
    return [message for message in here.messages(NEW) if not message.deleted]


CARD = (
    "Health, Tue 24 Nov. To report, write:\nLocation: \nProblem: \nPriority: \n\n"
    "Open: 0. No first word yet: 0. None is late. Waiting for the citizen's word: 0.\n"
    "Coordinator: Daniel Kiptoo\nDirector: Dr Ann Cheruto\n"
    "Danger to life: ambulance 1199, police 999 / 112 and county helpline (Mon-Fri 8-17) 0704 220 220"
)


async def begin(here: County, *chats: str) -> None:
    """What is done for chats that were bound without a greeting."""
    places = [("sandbox", chat_id) for chat_id in chats]
    ours = here.app.jurisdiction
    await here.app.worker.run(lambda: here.app.store.write_tx(lambda tx: cards.begin(tx, ours, places, here.clock())))
    await here.app.step()


async def test_a_group_that_was_bound_without_a_greeting_gets_its_card_at_once_and_one_alone() -> None:
    async with county() as here:
        await begin(here, "health", "mirror")
        await begin(here, "health")
        assert [(message.text, message.pinned) for message in here.messages("health")] == [(CARD, True)]
        assert here.lines("mirror") == []
        await here.wait_until("2026-11-26 09:00")
        assert [line[:19] for line in here.lines("health")] == ["Health, Thu 26 Nov."]


async def test_binding_a_departments_chat_on_the_machine_posts_its_card() -> None:
    async with county() as here:
        for kind, code in (("department", "trade"), ("mirror", "")):
            given = {"kind": kind, "code": code, "telegram": f"-7{code}"}
            await here.app.obey(Order(f"bind {kind}", "groups.bind", given, "ict"))
        assert await here.value("SELECT count(*) FROM outbox WHERE platform = 'telegram'") == 1
        assert await here.value("SELECT action || key || chat_id FROM outbox WHERE key = 'card'") == "sendcard-7trade"


async def test_a_plain_chat_that_was_bound_gets_no_card() -> None:
    async with county(capabilities=PLAIN) as here:
        await begin(here, "health")
        await here.wait_until("2026-11-26 09:00")
        assert here.lines("health") == []


@pytest.mark.parametrize("capabilities", [PLAIN, replace(FULL, pins=False), replace(FULL, edits=False)])
async def test_a_chat_without_pins_or_edits_keeps_the_greeting_and_hears_nothing_more(
    capabilities: Capabilities,
) -> None:
    async with county(capabilities=capabilities) as here:
        await connected(here)
        await here.wait_until("2026-11-27 17:00")
        assert here.lines(NEW) == [HELLO]


async def test_a_mirror_has_no_card() -> None:
    async with county(capabilities=FULL) as here:
        here.sandbox.add_chat(NEW, "Observers", "department", EVERYONE)
        await here.say("nelson", NEW, "/connect mirror")
        await here.wait_until("2026-11-26 17:00")
        assert not here.messages(NEW)[0].pinned
        assert await here.value("SELECT count(*) FROM outbox WHERE key = 'card'") == 0
