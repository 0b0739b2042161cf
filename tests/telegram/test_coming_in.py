"""What comes in from Telegram: nothing is lost, nothing is done twice, and what is strange stops nobody."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from groupbot.app import App
from groupbot.chat import ChatError
from groupbot.chat.telegram import ALLOWED, TelegramChat
from groupbot.chat.telegram_api import Api
from groupbot.chat.telegram_update import parse
from groupbot.records import Attachment
from groupbot.store.database import OperationalError, Store
from tests.county import FORM, jurisdiction
from tests.telegram.fake import FakeTelegram
from tests.telegram.town import GROUPS, USERS, Town, town
from tests.telegram.world import ANONYMOUS, CHANNEL_BOT, TOKEN

HEALTH = GROUPS["health"]


def _update(here: Town, number: int, **message: Any) -> dict[str, Any]:
    """An update as it would come, with parts of its message changed."""
    whole = {
        "message_id": number,
        "from": here.fake.world.users[USERS["chebet"]],
        "chat": here.fake.world.chats[HEALTH].short(),
        "date": int(here.clock().timestamp()),
        "text": FORM,
        **message,
    }
    message = {key: value for key, value in whole.items() if value is not None}
    return {"update_id": here.fake.next_update, "message": message}


async def _references(here: Town) -> list[str]:
    return [row[0] for row in await here.rows("SELECT service_request_id FROM request ORDER BY id")]


@pytest.mark.parametrize(
    "poison",
    [
        {"date": 10**18},
        {"date": "yesterday"},
        {"date": None},
        {"chat": None},
        {"from": {"id": 7}},
        {"chat": {"id": 2**70, "type": "supergroup"}},
        {"text": 5},
        {"photo": [], "text": None, "caption": "x"},
        {"message_id": "seven"},
        {"text": "\ud800 lone"},
        {"text": "nul \x00 inside"},
    ],
)
async def test_t2_a_poisonous_update_is_kept_and_the_next_one_is_handled(poison: dict[str, Any]) -> None:
    async with town() as here:
        here.fake.queue(_update(here, 700, **poison))
        here.fake.queue({"x_unheard_of": {"deep": [1, {"a": None}]}})
        await here.say("chebet", "health", FORM)
        assert await _references(here) == ["HLT-26-0001-J"]
        assert await here.value("SELECT count(*) FROM inbox") == 3
        assert await here.value("SELECT count(*) FROM inbox WHERE state <> 'done'") == 0
        assert here.fake.waiting() <= 1  # confirmed, but for the last one


async def test_t2_what_cannot_be_read_is_kept_word_for_word() -> None:
    async with town() as here:
        update = _update(here, 1, date=10**18)
        here.fake.queue(update)
        await here.settle()
        ((kind, raw),) = await here.rows("SELECT kind, raw FROM inbox")
        assert kind == "unreadable"
        assert json.loads(str(raw)) == update


async def test_t3_a_process_begins_without_an_offset_and_takes_lower_numbers_after_a_quiet_week() -> None:
    async with town() as here:
        await here.say("chebet", "health", FORM)
        await here.wait(days=8)
        here.fake.next_update = 40  # Telegram begins anew at a number of its own choosing
        here.chat._given = None  # as a new process does
        await here.say("chebet", "health", FORM.replace("malaria drugs", "gloves"))
        assert await _references(here) == ["HLT-26-0001-J", "HLT-26-0002-K"]
        offsets = [call.get("offset") for call in here.fake.called("getUpdates")]
        assert offsets[0] is None
        assert 41 in offsets  # and the new one is confirmed


async def test_t3_a_stored_cursor_confirms_nothing_in_a_new_process() -> None:
    fake = FakeTelegram()
    async with fake.served():
        for _ in range(3):
            fake.queue({"x_strange": {}})
        chat = TelegramChat(Api(TOKEN, fake.base_url), lambda: parse("").sent_at)
        batch = await chat.fetch("99999")
        await chat.close()
    assert len(batch.updates) == 3
    assert fake.called("getUpdates")[0].get("offset") is None


async def test_t4_the_same_update_thrice_and_the_same_message_under_another_number_are_one() -> None:
    async with town() as here:
        update = _update(here, 1)
        for _ in range(3):
            here.fake.queue(update)
        here.fake.queue({**update, "update_id": 900_077})
        await here.settle()
        assert await _references(here) == ["HLT-26-0001-J"]
        assert len(here.lines("health")) == 1


async def test_t4_what_was_not_committed_is_fetched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with town() as here:
        take, broken = here.app.intake.take, [True]

        def full(*args: Any) -> None:
            if broken.pop() if broken else False:
                raise OperationalError("database or disk is full")
            take(*args)

        monkeypatch.setattr(here.app.intake, "take", full)
        here.fake.world.post(HEALTH, USERS["chebet"], FORM)
        with pytest.raises(OperationalError):
            await here.app.step()
        await here.settle()
        assert await _references(here) == ["HLT-26-0001-J"]


async def test_t5_every_poll_names_what_it_wants_and_none_throws_anything_away() -> None:
    async with town() as here:
        await here.say("chebet", "health", FORM)
        polls = here.fake.called("getUpdates")
        assert all(poll["allowed_updates"] == list(ALLOWED) for poll in polls)
        assert {"chat_member", "message_reaction", "my_chat_member"} <= set(ALLOWED)
        assert not any("drop_pending_updates" in call.params for call in here.fake.calls)


async def test_t6_a_second_poller_is_a_trouble_that_health_shows_and_not_a_hot_loop() -> None:
    async with town() as here:
        other = TelegramChat(Api(TOKEN, here.fake.base_url), here.clock)
        waiting = asyncio.create_task(other.fetch(None, wait=20))
        await asyncio.sleep(0.3)
        stop = asyncio.Event()
        running = asyncio.create_task(here.app.run(stop))
        with pytest.raises(ChatError):
            await waiting
        assert other.trouble == "another program, or a webhook, takes this bot's updates"
        stop.set()
        await running
        await other.close()


@pytest.mark.parametrize(("code", "said"), [(409, "Conflict: terminated"), (401, "Unauthorized")])
async def test_t6_a_refused_poll_is_asked_again_less_than_once_a_second(code: int, said: str) -> None:
    from tests.telegram.fake import Failure

    async with town() as here:
        here.fake.fail("getUpdates", *[Failure(code=code, description=said)] * 50)
        stop = asyncio.Event()
        running = asyncio.create_task(here.app.run(stop))
        await asyncio.sleep(3.5)
        polls = [call for call in here.fake.calls if call.method == "getupdates"]
        assert 1 <= len(polls) <= 3
        assert here.chat.trouble
        stop.set()
        await running


async def test_t10_an_album_of_ten_in_any_order_is_one_request_with_ten_files() -> None:
    async with town() as here:
        for number in (3, 1, 4, 0, 5, 9, 2, 6, 8, 7):
            caption = {"caption": FORM} if number == 0 else {}
            photo = [{"file_id": f"f{number}", "file_unique_id": f"u{number}", "width": 9, "height": 9}]
            here.fake.world.post(HEALTH, USERS["chebet"], media_group_id="album-1", photo=photo, **caption)
            if number in (4, 5):
                await here.settle()
        await here.settle()
        assert await _references(here) == ["HLT-26-0001-J"]
        assert await here.value("SELECT count(*) FROM attachment WHERE request_id = 1") == 10


async def test_t10_an_album_whose_parts_come_to_two_lives_of_the_bot_is_one_request(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'county.db'}"
    async with town(url) as here:
        for life in ((3, 1, 4, 0, 5), (9, 2, 6, 8, 7)):
            for number in life:
                caption = {"caption": FORM} if number == 0 else {}
                photo = [{"file_id": f"f{number}", "file_unique_id": f"u{number}", "width": 9, "height": 9}]
                here.fake.world.post(HEALTH, USERS["chebet"], media_group_id="album-1", photo=photo, **caption)
            if life[0] == 3:
                await here.app._pump("telegram", wait=0.0)  # what it took in is committed, nothing of it is confirmed
                await _another_life(here, url)
        await here.settle()
        assert await _references(here) == ["HLT-26-0001-J"]
        assert await here.value("SELECT count(*) FROM attachment WHERE request_id = 1") == 10


async def _another_life(here: Town, url: str) -> None:
    """End the bot and begin another one on what it left."""
    ended = here.app
    await ended.close()
    chat = TelegramChat(Api(TOKEN, here.fake.base_url), here.clock)
    here.app = App(jurisdiction(), Store(url), {"telegram": chat}, here.clock)
    await here.app.start()
    ended.close = here.app.close  # type: ignore[method-assign]  # the one that is closed at the end


IGNORED: list[tuple[str, dict[str, Any]]] = [
    ("guest", {"guest_query_id": "g1"}),
    ("business", {"business_connection_id": "b1"}),
    ("scheduled", {"message_id": 0}),
    ("bot", {"from": {"id": 5, "is_bot": True, "first_name": "Other bot"}}),
    (
        "automatic_forward",
        {"is_automatic_forward": True, "sender_chat": {"id": -1009, "type": "channel", "title": "x"}},
    ),
    ("service", {"text": None, "new_chat_title": "Health"}),
]


@pytest.mark.parametrize(("reason", "message"), IGNORED)
async def test_t24_what_is_none_of_our_business_is_kept_with_its_reason(reason: str, message: dict[str, Any]) -> None:
    async with town() as here:
        here.fake.queue(_update(here, 5, **message))
        await here.settle()
        assert await _references(here) == []
        ((kind, raw),) = await here.rows("SELECT kind, raw FROM inbox")
        assert (kind, parse(str(raw)).disguise) == ("other", reason)
        assert here.lines("health") == []


@pytest.mark.parametrize("kind", ["channel_post", "guest_message", "business_message", "edited_channel_post"])
async def test_t24_other_kinds_of_messages_are_kept_too(kind: str) -> None:
    async with town() as here:
        update = _update(here, 5)
        here.fake.queue({kind: update["message"], "x_": 1})
        await here.settle()
        assert await _references(here) == []
        assert await here.value("SELECT kind FROM inbox") == "other"


async def test_an_edit_amends_and_the_same_edit_again_changes_nothing() -> None:
    async with town() as here:
        post = await here.say("chebet", "health", FORM)
        here.fake.world.edit(HEALTH, post, FORM.replace("Kapsowar sub-county", "Chesoi sub-county"))
        await here.settle()
        assert await here.value("SELECT address FROM request") == "Chesoi sub-county hospital"
        version = await here.value("SELECT version FROM request")
        await here.wait(minutes=1)
        here.fake.world.edit(HEALTH, post, FORM.replace("Kapsowar sub-county", "Chesoi sub-county"))
        await here.settle()
        assert await here.value("SELECT version FROM request") == version


async def test_a_deep_link_joins_and_a_bare_start_is_answered_with_help() -> None:
    async with town() as here:
        (code,) = await _invited(here)
        await here.say("stranger", "private", f"/start {code}")
        assert await here.value("SELECT count(*) FROM identity WHERE user_id = ?", str(USERS["stranger"])) == 1
        await here.say("chebet", "private", "/start")
        assert here.private("chebet")[-1].startswith("1. Report:")


async def _invited(here: Town) -> list[str]:
    await here.say("nelson", "private", "/invite champion Kapsowar")
    lines = "\n".join(here.private("nelson")).split("\n")
    return [line.removeprefix("/join ") for line in lines if line.startswith("/join ")]


async def test_a_rich_message_that_the_library_does_not_know_is_read_all_the_same() -> None:
    async with town() as here:
        lines = [{"type": "paragraph", "text": ["", {"type": "bold", "text": line}]} for line in FORM.split("\n")]
        here.fake.queue(_update(here, 5, text=None, rich_message={"blocks": lines}))
        await here.settle()
        assert await _references(here) == ["HLT-26-0001-J"]


async def test_people_behind_channels_and_anonymous_administrators_are_told_apart_from_people() -> None:
    async with town() as here:
        chat = here.fake.world.chats[HEALTH].short()
        anonymous = {"from": here.fake.world.users[ANONYMOUS], "sender_chat": chat}
        channel = {"from": here.fake.world.users[CHANNEL_BOT], "sender_chat": {"id": -1007, "type": "channel"}}
        found = [parse(json.dumps(_update(here, 5, **who))).disguise for who in (anonymous, channel)]
        assert found == ["anonymous", "channel"]


async def test_a_clock_that_runs_ahead_moves_no_deadline() -> None:
    async with town() as here:
        ahead = int((here.clock() + timedelta(days=3)).timestamp())
        here.fake.queue(_update(here, 1, date=ahead))
        await here.settle()
        assert await here.value("SELECT requested_datetime <= received_at FROM request") in (1, True)


@pytest.mark.parametrize(
    ("location", "known"),
    [
        ({"latitude": 0.67, "longitude": 35.51, "horizontal_accuracy": 12.0}, "geo:0.670000,35.510000"),
        ({"latitude": "north", "longitude": 35.51}, ""),
        ({}, ""),
    ],
)
def test_a_pin_is_a_file_that_tells_where_it_points(location: dict[str, Any], known: str) -> None:
    message = {
        "message_id": 5,
        "from": {"id": 7, "is_bot": False, "first_name": "Jane"},
        "chat": {"id": -5, "type": "supergroup", "title": "Health"},
        "date": 1_700_000_000,
        "location": location,
    }
    found = parse(json.dumps({"update_id": 1, "message": message}))
    assert (found.kind, found.text, found.attachments) == ("post", "", (Attachment("location", known),))
