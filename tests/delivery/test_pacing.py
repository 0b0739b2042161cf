"""Limits are kept strictly, chat by chat and for the whole platform; a burst becomes fewer messages, not lost ones."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from groupbot.chat import ChatError
from groupbot.records import Button, Capabilities, Notice, Rate
from groupbot.rules import coalescing
from tests.county import FORM, county
from tests.delivery.scripted import TELEGRAM, Call, line, queue, scripted

GROUP = Capabilities(reactions=True, rates=TELEGRAM)


def _most_in(calls: Sequence[datetime], window: timedelta) -> int:
    """The most calls in any half-open window of that length."""
    return max(sum(1 for other in calls if start <= other < start + window) for start in calls)


def _times(calls: Sequence[Call], chat: str = "") -> list[datetime]:
    return [call.at for call in calls if chat in ("", call.chat_id)]


async def test_a_group_hears_at_most_one_message_a_second_and_twenty_a_minute() -> None:
    async with county() as here:
        chat = scripted(here, capabilities=GROUP)
        await queue(here, *(line(number, key="reopened_unattended") for number in range(50)))
        await here.wait(minutes=3)
        assert len(here.lines("health")) == 50
        assert _most_in(_times(chat.calls), timedelta(seconds=1)) == 1
        assert _most_in(_times(chat.calls), timedelta(minutes=1)) == 20


async def test_the_whole_platform_hears_at_most_its_own_limit_and_no_chat_waits_for_another_ones() -> None:
    async with county() as here:
        chat = scripted(here, capabilities=GROUP, rates=(Rate(3, 1.0),))
        rooms = ("health", "water", "roads", "mirror", "communications")
        await queue(here, *(line(number, room, "reopened_unattended") for room in rooms for number in range(4)))
        await here.app.step()
        assert len(chat.calls) == 3
        await here.wait(minutes=1)
        assert _most_in(_times(chat.calls), timedelta(seconds=1)) == 3
        assert [len(here.lines(room)) for room in rooms] == [4] * 5


async def test_the_limits_still_hold_after_a_restart() -> None:
    async with county() as here:
        chat = scripted(here, capabilities=GROUP)
        await queue(here, line(1), line(2))
        await here.app.step()
        here.app.delivery._traffic.clear()
        await here.app.worker.run(lambda: here.app.store.write_tx(here.app.delivery.begin_run))
        await here.app.step()
        assert len(chat.calls) == 1
        await here.wait(seconds=1)
        assert len(chat.calls) == 2


async def test_a_slow_chat_and_a_failing_one_delay_no_other() -> None:
    async with county() as here:
        scripted(here, "hangs", "not_sent", "not_sent")
        here.app.delivery.longest_call = 5.0
        await queue(here, line(1), line(2), line(1, "water"), line(2, "water"), line(1, "roads"))
        sending = asyncio.create_task(here.app.delivery.deliver_due())
        async with asyncio.timeout(2):
            while (len(here.lines("water")), len(here.lines("roads"))) != (2, 1):
                await asyncio.sleep(0.01)
        assert here.lines("health") == []
        here.app.delivery.longest_call = 0.01
        for task in here.app.delivery._under_way:
            task.cancel()
        sending.cancel()


async def test_a_short_queue_goes_out_line_by_line() -> None:
    async with county() as here:
        scripted(here, capabilities=GROUP)
        await queue(here, *(line(number) for number in range(10)))
        await here.wait(seconds=9)
        assert here.lines("health") == [
            f"HLT-26-{number:04} closed: settled in the ward, says Jane." for number in range(10)
        ]


MIRROR = "mirror_reopened"


@pytest.mark.parametrize(("many", "messages"), [(2, 2), (3, 1), (8, 1)])
async def test_many_lines_of_a_mirror_at_one_time_are_one_message(many: int, messages: int) -> None:
    async with county() as here:
        await queue(here, *(line(number, "mirror", MIRROR, request_ids=(number,)) for number in range(1, many + 1)))
        await here.app.step()
        said = here.messages("mirror")
        assert len(said) == messages
        assert "\n".join(one.text for one in said) == "\n".join(
            f"HLT-26-{number:04}: citizen says NOT YET, open again" for number in range(1, many + 1)
        )
        links = "SELECT count(*) FROM message_link WHERE chat_id = 'mirror'"
        assert await here.value(links) == many


async def test_a_line_of_a_mirror_that_surely_did_not_arrive_goes_with_those_that_came_since() -> None:
    async with county() as here:
        scripted(here, "not_sent", chat="mirror")
        await queue(here, line(0, "mirror", MIRROR))
        await here.app.step()
        await queue(here, *(line(number, "mirror", MIRROR) for number in range(1, 4)))
        await here.wait(minutes=5)
        assert [text.count("HLT") for text in here.lines("mirror")] == [4]


async def test_a_line_of_a_mirror_that_may_have_arrived_is_repeated_alone() -> None:
    async with county() as here:
        scripted(here, "lost_answer", chat="mirror")
        await queue(here, line(0, "mirror", MIRROR))
        await here.app.step()
        await queue(here, *(line(number, "mirror", MIRROR) for number in range(1, 4)))
        await here.wait(minutes=5)
        assert [text.count("HLT") for text in here.lines("mirror")] == [1, 3]


async def test_a_burst_becomes_few_messages_that_name_all_its_requests_in_order() -> None:
    async with county() as here:
        chat = scripted(here, capabilities=GROUP)
        await queue(here, *(line(number, request_ids=(number + 1,)) for number in range(200)))
        await here.wait(seconds=10)
        said = "\n".join(here.lines("health")).split("\n")
        assert said == [f"HLT-26-{number:04} closed: settled in the ward, says Jane." for number in range(200)]
        assert len(chat.calls) == 200 / coalescing.MOST_TOGETHER
        links = "SELECT count(*) FROM message_link WHERE message_id = ? AND chat_id = 'health'"
        for message in here.messages("health"):
            assert await here.value(links, message.id) == coalescing.MOST_TOGETHER
        assert await here.value("SELECT count(*) FROM outbox WHERE state = 'sent'") == 200


async def test_a_message_of_many_lines_stays_within_what_the_chat_holds() -> None:
    async with county() as here:
        scripted(here, capabilities=Capabilities(rates=TELEGRAM, longest=200))
        await queue(here, *(line(number) for number in range(60)))
        await here.wait(minutes=1)
        assert max(len(text) for text in here.lines("health")) <= 200
        assert len("\n".join(here.lines("health")).split("\n")) == 60


async def test_what_asks_or_has_a_button_or_a_draft_is_never_put_together_with_other_lines() -> None:
    alone = (
        line(30, key="reopened_unattended"),
        line(31, draft_id=7),
        line(32, buttons=(Button("button_yes", "token-32"),)),
        line(33, holds="state:submitted", request_ids=()),
    )
    async with county() as here:
        scripted(here, capabilities=GROUP)
        await queue(here, *(line(number) for number in range(30)), *alone, *(line(number) for number in range(40, 70)))
        await here.wait(minutes=3)
        texts = here.lines("health")
        assert [text.count("HLT") for text in texts] == [30, 1, 1, 1, 30]
        assert await here.value("SELECT state FROM outbox WHERE dedup_key = 'health-33'") == "expired"


async def test_a_message_of_many_that_is_refused_is_sent_again_line_by_line() -> None:
    async with county() as here:
        scripted(here, "refused", capabilities=GROUP)
        await queue(here, *(line(number) for number in range(20)))
        await here.wait(minutes=2)
        assert [text.count("HLT") for text in here.lines("health")] == [1] * 20


async def test_a_message_of_many_that_may_have_arrived_is_repeated_whole_and_once() -> None:
    async with county() as here:
        chat = scripted(here, "lost_answer", capabilities=GROUP)
        await queue(here, *(line(number) for number in range(20)))
        await here.wait(minutes=2)
        first, second = chat.calls
        assert second.text == f"(Repeated, in case it did not reach you.) {first.text}"
        assert await here.value("SELECT count(*) FROM outbox WHERE state = 'sent'") == 20


async def test_a_reply_to_a_line_of_many_requests_is_asked_which_one() -> None:
    async with county() as here:
        scripted(here, capabilities=Capabilities(reactions=True, rates=(Rate(1, 60.0),)))
        for number, who in enumerate(("chebet", "rose")):  # of one person's the second would wait for its turn
            text = FORM.replace("malaria drugs", f"thing {number}").replace(
                "Kapsowar sub-county hospital", f"Tot {number}"
            )
            here.sandbox.post("health", who, text, at=here.clock())
        await here.wait(minutes=3)
        (many,) = here.messages("health")
        assert (many.text.count("HLT-26"), many.reply_to) == (2, None)
        await here.say("kiptoo", "health", "/resolve 200 doses delivered this morning from the store", many.id)
        await here.wait(minutes=3)
        assert here.lines("health")[-1].startswith("Which one: HLT-26-0001")


async def test_a_chat_that_asks_for_patience_keeps_only_itself_waiting() -> None:
    async with county() as here:
        scripted(here, "retry_after", capabilities=GROUP)
        await queue(here, line(1), line(1, "water"))
        await here.app.step()
        assert (here.lines("health"), len(here.lines("water"))) == ([], 1)
        await here.wait(seconds=30)
        assert len(here.lines("health")) == 1


async def test_a_chat_that_moved_is_followed_with_all_that_waits_for_it() -> None:
    async with county() as here:
        here.sandbox.add_chat("health-2", "Health", "department", ())
        chat = scripted(here)
        moved = ChatError("moved", new_chat_id="health-2")
        send = chat.send

        async def send_or_move(message):  # type: ignore[no-untyped-def]
            if message.chat_id == "health":
                raise moved
            return await send(message)

        chat.send = send_or_move  # type: ignore[method-assign]
        react = Notice("sandbox", "health", "react", "r", "receipt_seen", target="1")
        await queue(here, line(1, reply_to="1"), line(2), react)
        await here.app.step()
        assert (here.lines("health"), len(here.lines("health-2"))) == ([], 2)
        assert here.messages("health-2")[0].reply_to is None
        assert await here.value("SELECT state FROM outbox WHERE dedup_key = 'r'") == "expired"
        post = here.sandbox.post
        here.sandbox.join("health-2", "chebet")
        post("health-2", "chebet", FORM, at=here.clock())
        await here.app.step()
        assert here.lines("health-2")[-1].startswith("HLT-26-0001")
