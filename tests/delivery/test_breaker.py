"""A platform that is away is left alone until it gives a sign of life; then everything goes on at once."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pytest

from groupbot.records import Capabilities
from tests.county import county
from tests.delivery.scripted import LATE, TELEGRAM, WAYS, ScriptedChat, line, queue, scripted


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


ROOMS = ("health", "water", "roads", "mirror", "communications")


async def test_after_ten_failures_in_a_row_the_platform_is_only_looked_at_once_a_minute() -> None:
    async with county() as here:
        chat = scripted(here, *["not_sent"] * 1000)
        chat.alive = False
        await queue(here, *(line(number) for number in range(3)))
        await here.wait(hours=1)
        (health,) = here.app.delivery.health()
        assert (len(chat.calls), health.failures >= 10) == (10, True)
        assert health.open_since is not None
        assert chat.pings in (51, 52, 53, 54)  # the tenth failure comes after 8 min 31 s
        kept = await here.value("SELECT value FROM bot_state WHERE name = 'delivery:sandbox'")
        assert "open_since" in str(kept)


async def test_a_sign_of_life_closes_it_and_nothing_waits_for_its_own_pause_any_more() -> None:
    async with county() as here:
        chat = scripted(here, *["not_sent"] * 10)
        chat.alive = False
        await queue(here, *(line(number) for number in range(3)))
        await here.wait(minutes=30)
        chat.alive = True
        await here.wait(seconds=60)
        assert len(here.lines("health")) == 3
        (health,) = here.app.delivery.health()
        assert (health.open_since, health.failures) == (None, 0)
        assert await here.value("SELECT value FROM bot_state WHERE name = 'delivery:sandbox'") == ""


async def test_an_answer_of_any_kind_is_a_sign_of_life() -> None:
    async with county() as here:
        chat = scripted(here, *["not_sent"] * 9, "refused", *["not_sent"] * 9)
        await queue(here, *(line(number) for number in range(2)))
        await here.wait(hours=3)
        assert (chat.pings, len(here.lines("health"))) == (0, 1)


async def test_no_message_is_spent_on_finding_out_whether_the_platform_is_back() -> None:
    async with county() as here:
        chat = scripted(here, *["unknown"] * 1000, capabilities=Capabilities())
        chat.alive = False
        chat.script = lambda _: None if chat.alive else "unknown"
        await queue(here, *(line(number, room) for room in ROOMS for number in range(10)))
        await here.wait(hours=5)
        assert len(chat.calls) == 10  # five chats, each tried and repeated once
        chat.alive = True
        await here.wait(minutes=20)
        assert await here.value("SELECT count(*) FROM outbox WHERE state = 'sent'") == 45


@pytest.mark.parametrize("repeatable", [True, False])
@pytest.mark.parametrize("seed", range(30))
async def test_however_a_chat_fails_order_copies_and_limits_hold(seed: int, repeatable: bool) -> None:
    chance = random.Random(seed)
    async with county() as here:
        capabilities = Capabilities(repeatable_sends=repeatable, rates=TELEGRAM)
        budget = iter(range(chance.randint(5, 40)))

        def way(_: str) -> str | None:
            return chance.choice(WAYS) if next(budget, None) is not None else None

        chat = ScriptedChat(here, way, capabilities)
        here.app.chats["sandbox"] = chat  # type: ignore[index]
        here.app.delivery.longest_call = 0.005
        chat.retry_after = chance.uniform(1, 90)
        count = chance.randint(5, 30)
        keys = ("settled", "reopened_unattended")
        await queue(here, *(line(n, room, chance.choice(keys)) for n in range(count) for room in ROOMS[:3]))
        await here.wait(hours=8)
        open_rows = "SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'parked', 'expired')"
        assert await here.value(open_rows) == 0
        for room in ROOMS[:3]:
            _check_room(chat, here.lines(room), room, repeatable)


def _check_room(chat: ScriptedChat, lines: list[str], room: str, repeatable: bool) -> None:
    calls = [call for call in chat.calls if call.chat_id == room]
    for earlier, later in pairwise(calls):
        assert (later.at - earlier.at).total_seconds() >= 1
    for start, twentieth in zip(calls, calls[20:], strict=False):
        assert (twentieth.at - start.at).total_seconds() >= 60
    numbers = [part[:11] for text in lines for part in text.removeprefix(_REPEATED).split("\n")]
    first = list(dict.fromkeys(numbers))
    assert first == sorted(first), "first deliveries are in order"
    extra = {number: times - 1 for number, times in Counter(numbers).items() if times > 1}
    ambiguous = sum(call.way in LATE for call in calls)
    assert all(times == 1 for times in extra.values())
    assert (not extra) if repeatable else len({text for text in lines if text.startswith(_REPEATED)}) <= ambiguous


_REPEATED = "(Repeated, in case it did not reach you.) "
