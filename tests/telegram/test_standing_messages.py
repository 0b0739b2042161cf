"""What becomes of messages that stand in a group: the card that is edited, the post that is to be deleted."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from groupbot import cards
from groupbot.chat import ChatError
from groupbot.orders import Order
from tests.county import FORM
from tests.telegram.fake import Failure
from tests.telegram.town import GROUPS, USERS, Town, town
from tests.telegram.world import Json

HEALTH = GROUPS["health"]


async def test_t19_fifty_changes_of_a_card_are_one_message_and_its_edits() -> None:
    async with town() as here:
        card = await with_card(here)
        for _ in range(50):
            await next_morning(here)
        assert [one["message_id"] for one in shown(here)] == [card]
        assert len(here.fake.called("editMessageText")) == 50
        here.fake.fail("editMessageText", Failure(description="Bad Request: message is not modified: the same content"))
        await next_morning(here)
        assert [one["message_id"] for one in shown(here)] == [card]
        assert await here.value("SELECT count(*) FROM outbox WHERE key = 'card' AND state <> 'sent'") == 0


@pytest.mark.parametrize("refusal", ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"])
async def test_t19_a_card_that_cannot_be_edited_is_posted_anew_once(refusal: str) -> None:
    async with town() as here:
        card = await with_card(here)
        here.fake.fail("editMessageText", Failure(description=f"Bad Request: {refusal}"))
        await next_morning(here)
        old, new = shown(here)
        assert (old["message_id"], new["text"][:19]) == (card, "Health, Wed 25 Nov.")
        assert here.fake.world.chats[HEALTH].pinned == [card, new["message_id"]]
        await next_morning(here)
        assert [one["text"][:19] for one in shown(here)][1:] == ["Health, Thu 26 Nov."]
        assert await here.value("SELECT count(*) FROM outbox WHERE state = 'parked'") == 0


async def with_card(here: Town) -> int:
    """Let the Health group have its pinned card; the card's message id."""
    ours = here.app.jurisdiction
    begin = partial(cards.begin, jurisdiction=ours, chats=[("telegram", str(HEALTH))], now=here.clock())
    await here.app.worker.run(lambda: here.app.store.write_tx(begin))
    await here.settle()
    (card,) = shown(here)
    return int(card["message_id"])


def shown(here: Town) -> list[Json]:
    """The cards in the Health group."""
    return [one for one in here.messages("health") if "To report, write:" in one["text"]]


async def next_morning(here: Town) -> None:
    """Let the next working day open."""
    mornings = here.app.jurisdiction.pace.mornings
    await here.app.advance(here.clock, mornings.after(here.clock()) + timedelta(minutes=1))


async def test_t22_a_post_older_than_two_days_is_not_tried_and_staff_get_its_link() -> None:
    async with town() as here:
        post = await closed_and_erased(here, days=3)
        assert [call for call in here.fake.calls if call.method == "deletemessage"] == []
        link = f"https://t.me/c/{-HEALTH - 10**12}/{post}"
        assert here.lines("communications")[-1] == (
            "Health feedback: I could not delete a post of Tue 24 Nov 10:10 whose words were erased."
            f" Please delete it there, as an administrator: {link}"
        )
        assert await here.value("SELECT count(*) FROM outbox WHERE state = 'parked'") == 0


async def test_t22_a_younger_one_is_deleted_and_nobody_is_asked() -> None:
    async with town() as here:
        post = await closed_and_erased(here, days=0)
        assert {"chat_id": HEALTH, "message_id": post} in here.fake.called("deleteMessage")
        assert post not in here.fake.world.chats[HEALTH].messages
        assert not [line for line in here.lines("communications") if "could not delete" in line]


async def test_t22_a_link_names_the_topic_and_an_ordinary_group_has_none() -> None:
    async with town() as here:
        assert here.chat.link("-1001234567890", "7@3") == "https://t.me/c/1234567890/3/7"
        assert here.chat.link("-1234", "7") == ""
        with pytest.raises(ChatError) as raised:
            post = await here.say("chebet", "health", FORM)
            await here.wait(days=3)
            await here.chat.delete(str(HEALTH), str(post))
        assert raised.value.kind == "refused"


async def closed_and_erased(here: Town, days: int) -> int:
    """Let a request be answered, closed and, so many days after its post, erased; the post's message id."""
    post = await here.say("chebet", "health", FORM)
    await here.say("kiptoo", "health", "/resolve 200 doses were delivered this morning from the sub-county store", post)
    await here.say("chebet", "health", "Yes, she got hers", here.messages("health")[-1]["message_id"])
    assert await here.value("SELECT state FROM request") == "closed"
    await here.wait(days=days)
    reference = str(await here.value("SELECT service_request_id FROM request"))
    await here.app.obey(Order(f"erase {reference}", "requests.erase", {"reference": reference}, "ict"))
    await here.settle()
    return post


async def test_the_private_list_is_replaced_and_what_is_answered_leaves_it() -> None:
    async with town() as here:
        post = await here.say("chebet", "health", FORM)
        await here.wait_until("2026-11-24 15:00")
        (first,) = here.fake.sent(USERS["kiptoo"])
        await here.wait_until("2026-11-25 10:00")
        (only,) = here.fake.sent(USERS["kiptoo"])
        assert only["message_id"] > first["message_id"]
        assert only["text"].startswith("Habari Kiptoo. One waits for your word:")
        assert here.fake.called("deleteMessage") == [{"chat_id": USERS["kiptoo"], "message_id": first["message_id"]}]
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        assert here.private("kiptoo") == ["Nothing on this list waits for your word now."]
        assert [one["message_id"] for one in here.fake.sent(USERS["kiptoo"])] == [only["message_id"]]


async def test_a_private_list_older_than_two_days_is_edited_because_telegram_lets_bots_delete_none() -> None:
    async with town() as here:
        await here.say("chebet", "health", FORM)
        await here.wait_until("2026-11-27 15:00")
        (friday,) = here.fake.sent(USERS["kiptoo"])
        refused = Failure(description="Bad Request: message can't be deleted for everyone")
        here.fake.fail("deleteMessage", refused)
        await here.wait_until("2026-11-30 10:00")
        old, new = here.fake.sent(USERS["kiptoo"])
        assert (old["message_id"], old["text"]) == (friday["message_id"], "An older list. The one that holds is below.")
        assert new["text"].startswith("Habari Kiptoo. One waits for your word:")
        assert not [one for one in here.lines("communications") if "could not delete" in one]
