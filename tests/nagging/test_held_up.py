"""What a chat that was away could not be told: said when it can be heard, as things stand then, and in working time."""

from __future__ import annotations

import pytest

from tests.county import FORM, County, county
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


async def test_a_line_in_the_group_is_dropped_when_the_word_has_come_before_it_could_be_said() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        await here.wait_until("2026-11-24 20:00")
        before = here.lines("health")
        chat = scripted(here, *["not_sent"] * 500, chat="health")
        await here.wait_until("2026-11-25 08:30")
        assert (await _state(here, "late"))[0] == "new"
        await here.say("kiptoo", "health", "Seen, next word on Friday", reply_to=post)
        chat.script = lambda _: None
        await here.wait_until("2026-11-25 12:00")
        assert here.lines("health")[len(before) :] == []
        assert await _state(here, "late") == ("expired", "it is settled")


@pytest.mark.parametrize(
    ("until", "key", "why"),
    [("2026-11-24 10:25", "ring", "no request is submitted any more"), ("2026-11-24 11:20", "alarm", "it is settled")],
)
async def test_a_call_that_could_not_be_sent_is_dropped_when_somebody_has_answered(
    until: str, key: str, why: str
) -> None:
    async with county() as here:
        chat = scripted(here, *["not_sent"] * 500, chat="private:kiptoo")
        post = await here.say("chebet", "health", FORM.replace("Urgent", "Emergency"))
        await here.wait_until(until)
        assert (await _state(here, key))[0] == "new"
        await here.say("cheruto", "health", "I have it", reply_to=post)
        chat.script = lambda _: None
        await here.wait_until("2026-11-24 13:00")
        assert here.private("kiptoo") == []
        assert await _state(here, key) == ("expired", why)


async def _state(here: County, key: str) -> tuple[object, object]:
    """Where the newest message with this text to the silent chat stands, and why."""
    sql = f"FROM outbox WHERE key = '{key}' AND chat_id IN ('health', 'private:kiptoo') ORDER BY id DESC LIMIT 1"
    return await here.value(f"SELECT state {sql}"), await here.value(f"SELECT error {sql}")
