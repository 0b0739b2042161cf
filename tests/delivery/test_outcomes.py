"""Getting notices out: once each, in order, and what becomes of them when a chat fails."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest

from groupbot.chat import ChatError, Outgoing
from groupbot.chat.sandbox import FULL, SandboxChat
from groupbot.records import Capabilities, Notice
from groupbot.store import condition, hot
from tests.county import FORM, County, county


class FailingChat(SandboxChat):
    """A sandbox chat whose Health group fails as it is told to, before or after the message has arrived."""

    failures: list[ChatError]
    arrives = False

    async def send(self, message: Outgoing) -> str:
        """Fail as often as there are failures left."""
        if not self.failures or message.chat_id != "health":
            return await super().send(message)
        if self.arrives:
            await super().send(message)
        raise self.failures.pop(0)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def _failing(here: County, *failures: ChatError, arrives: bool = False, capabilities: Capabilities = FULL) -> None:
    chat = FailingChat(here.sandbox, here.clock, capabilities)
    chat.failures = list(failures)
    chat.arrives = arrives
    here.app.chats["sandbox"] = chat  # type: ignore[index]


async def _state(here: County, key: str = "number") -> object:
    return await here.value("SELECT state FROM outbox WHERE key = ?", key)


async def test_a_notice_that_surely_was_not_sent_is_sent_later_and_the_mirror_does_not_wait_for_it() -> None:
    async with county() as here:
        _failing(here, ChatError("not_sent"))
        await here.say("chebet", "health", FORM)
        assert (here.lines("health"), len(here.lines("mirror"))) == ([], 1)
        await here.wait(seconds=2)
        assert len(here.lines("health")) == 1
        assert await _state(here) == "sent"


async def test_a_chat_that_asks_for_patience_is_given_it() -> None:
    async with county() as here:
        _failing(here, ChatError("retry_after", retry_after=30))
        await here.say("chebet", "health", FORM)
        await here.wait(seconds=29)
        assert here.lines("health") == []
        await here.wait(seconds=1)
        assert len(here.lines("health")) == 1


@pytest.mark.parametrize("seconds", [1e15, float("inf"), 1e400, 10**400, float("nan")])
async def test_a_wait_that_nobody_asks_for_in_earnest_is_at_most_a_day_and_holds_up_no_other(seconds: float) -> None:
    async with county() as here:
        _failing(here, ChatError("retry_after", retry_after=seconds))
        await here.say("chebet", "health", FORM)
        assert (here.lines("health")[:1], len(here.lines("mirror"))) == ([], 1)
        await here.wait(days=1)
        assert [line[:13] for line in here.lines("health")][:1] == ["HLT-26-0001-J"]


async def test_what_may_have_arrived_is_repeated_where_the_chat_can_tell_repeats() -> None:
    async with county() as here:
        _failing(here, *[ChatError("unknown")] * 4, arrives=True)
        await here.say("chebet", "health", FORM)
        await here.wait(minutes=2)
        assert len(here.lines("health")) == 1
        assert await _state(here) == "sent"


async def test_what_may_have_arrived_is_repeated_once_where_the_chat_cannot_tell() -> None:
    async with county() as here:
        _failing(here, *[ChatError("unknown")] * 9, capabilities=Capabilities(reactions=True))
        await here.say("chebet", "health", FORM)
        await here.wait(hours=1)
        assert await _state(here) == "parked"
        assert await here.value("SELECT attempts FROM outbox WHERE key = 'number'") == 2


@pytest.mark.parametrize("hours", [1, 30])
async def test_what_may_have_arrived_and_was_given_up_is_sent_once_more_when_a_person_asks_and_says_so(
    hours: int,
) -> None:
    async with county() as here:
        _failing(here, *[ChatError("unknown")] * 2, capabilities=Capabilities(reactions=True))
        await here.say("chebet", "health", FORM)
        await here.wait(hours=hours)
        assert await _state(here) == "parked"
        assert await here.app.worker.run(lambda: here.app.store.write_tx(condition.retry)) == (0, 1)
        await here.app.step()
        assert await _state(here) == "sent"
        again = (
            "(Repeated, in case it did not reach you.) HLT-26-0001-J, urgent, Kapsowar. Daniel, please reply here by"
        )
        assert [line.startswith(again) for line in here.lines("health") if "Repeated" in line] == [True]


async def test_a_notice_refused_for_good_is_parked_and_those_behind_it_go_on() -> None:
    async with county() as here:
        _failing(here, ChatError("refused"))
        await here.say("chebet", "health", FORM)
        assert await _state(here) == "parked"
        await here.say("chebet", "health", FORM.replace("Monday", "Sunday"))
        assert len(here.lines("health")) == 1


async def test_pauses_between_tries_grow_and_the_order_is_kept() -> None:
    async with county() as here:
        _failing(here, *[ChatError("not_sent")] * 6)
        start = here.clock()
        await here.say("chebet", "health", FORM)
        await here.say("chebet", "health", FORM.replace("Monday", "Sunday"))
        await here.wait(minutes=5)
        first, second = here.messages("health")
        assert first.at - start == timedelta(seconds=1 + 2 + 4 + 8 + 16 + 32)
        assert [line.split(",")[0][:11] for line in (first.text, second.text)] == ["HLT-26-0001", "HLT-26-0002"]


async def test_a_text_is_frozen_at_the_first_attempt() -> None:
    async with county() as here:
        await here.wait_until("2026-11-24 23:59")
        _failing(here, ChatError("retry_after", retry_after=120))
        await here.say("chebet", "health", FORM)
        await here.wait(minutes=5)
        assert "reply here by tomorrow 12:00" in here.lines("health")[0]


async def test_a_reply_to_any_line_of_the_bot_finds_its_request() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        number = here.messages("health")[0].id
        word = await here.say("kiptoo", "health", "Seen", reply_to=number)
        assert here.reaction("health", word) == "👀"


async def test_an_officer_may_answer_the_ring_itself() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM.replace("Urgent", "Emergency"))
        (ring,) = here.messages("private:cheruto")
        await here.say("cheruto", "private:cheruto", "I have it, calling now", reply_to=ring.id)
        assert await here.value("SELECT state FROM request") == "acknowledged"
        await here.wait(hours=1)
        assert len(here.private("kiptoo")) == 1


async def test_a_notice_that_cannot_be_worded_is_parked_and_stops_nobody() -> None:
    async with county() as here:
        await here.app.worker.run(
            lambda: here.app.store.write_tx(
                lambda tx: hot.queue(tx, [Notice("sandbox", "health", "send", "bad", "no_such_text")], here.clock())
            )
        )
        await here.say("chebet", "health", FORM)
        assert len(here.lines("health")) == 1
        assert await _state(here, "no_such_text") == "parked"


async def test_a_receipt_for_a_message_that_was_deleted_meanwhile_expires_quietly() -> None:
    async with county() as here:
        post = await here.say("chebet", "health", FORM)
        word = here.sandbox.post("health", "kiptoo", "Seen", at=here.clock(), reply_to=post)
        here.sandbox.delete("health", "kiptoo", word, here.clock())
        await here.app.step()
        assert await _state(here, "receipt_seen") == "expired"
