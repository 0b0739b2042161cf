"""What a chat that was away could not be told: said when it can be heard, as things stand then, and in working time."""

from __future__ import annotations

from tests.county import FORM, county
from tests.delivery.scripted import scripted

SECOND = "HLT-26-0002-K"
OTHER = FORM.replace("malaria drugs", "electric power in the maternity")
# Posted Tuesday 24 November 2026 at 10:10; urgent: a first word by 14:10.


async def test_a_list_that_could_not_be_sent_says_what_waits_when_it_can_and_is_one_list() -> None:
    async with county() as here:
        first = await here.say("chebet", "health", FORM)
        await here.say("chebet", "health", OTHER)
        chat = scripted(here, *["not_sent"] * 500, chat="private:kiptoo")
        await here.wait_until("2026-11-24 16:30")
        assert here.private("kiptoo") == []
        await here.say("kiptoo", "health", "On my way", reply_to=first)
        await here.wait_until("2026-11-25 09:00")
        chat.script = lambda _: None
        await here.wait_until("2026-11-25 10:00")
        assert here.private("kiptoo") == [
            "Habari Daniel. One waits for your word:\n"
            f"{SECOND}, urgent, Kapsowar: no word yet, due yesterday 14:10\n"
            "Please reply with its number and your news."
        ]


async def test_a_line_in_the_group_that_was_held_up_until_after_hours_waits_for_the_morning() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        chat = scripted(here, *["not_sent"] * 500)
        await here.wait_until("2026-11-25 16:50")
        before = here.lines("health")
        await here.wait_until("2026-11-25 21:00")
        chat.script = lambda _: None
        await here.wait_until("2026-11-26 07:59")
        assert here.lines("health") == before
        await here.wait_until("2026-11-26 08:30")
        assert len([line for line in here.lines("health")[len(before) :] if "no word yet" in line]) == 1


async def test_a_line_that_may_have_arrived_before_the_office_closed_is_not_said_again() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        await here.wait_until("2026-11-24 20:00")
        before = here.lines("health")
        chat = scripted(here, *["unknown"] * 500)
        await here.wait_until("2026-11-25 17:30")
        chat.script = lambda _: None
        await here.wait_until("2026-11-25 23:00")
        assert here.lines("health")[len(before) :] == []
        assert await here.value("SELECT error FROM outbox WHERE key = 'late'") == (
            "it may have arrived, and its time has passed"
        )
