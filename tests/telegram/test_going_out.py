"""What goes out to Telegram: once, in order, within its limits, never as markup, and what its errors mean."""

from __future__ import annotations

import asyncio
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groupbot.chat import ChatError, Outgoing
from groupbot.chat.telegram import TelegramChat
from groupbot.chat.telegram_api import Api
from groupbot.chat.telegram_text import split, units
from groupbot.clock import real_time
from groupbot.menus import menus
from groupbot.records import Notice
from groupbot.store import hot
from tests import nasty
from tests.county import FORM
from tests.telegram.fake import Failure, FakeTelegram
from tests.telegram.town import GROUPS, USERS, Town, town
from tests.telegram.world import TOKEN

HEALTH = GROUPS["health"]


def _outgoing(text: str = "Hello", chat_id: int = HEALTH, **more: Any) -> Outgoing:
    return Outgoing(str(chat_id), text, "txn-1", **more)


async def _kind(here: Town, failure: Failure) -> str:
    here.fake.fail("sendMessage", failure)
    try:
        await here.chat.send(_outgoing())
    except ChatError as error:
        return error.kind
    return "sent"


TABLE = [
    (Failure("drop"), "unknown"),
    (Failure("502"), "unknown"),
    (Failure("502", arrives=False), "unknown"),
    (Failure(code=500, description="Internal Server Error"), "unknown"),
    (Failure(code=429, description="Too Many Requests", parameters=(("retry_after", 7),)), "retry_after"),
    (Failure(code=400, description="upgraded", parameters=(("migrate_to_chat_id", -1007),)), "moved"),
    (Failure(code=403, description="Forbidden: bot was kicked from the supergroup chat"), "gone"),
    (Failure(code=403, description="Forbidden: bot was blocked by the user"), "gone"),
    (Failure(code=403, description="Forbidden: bot can't initiate conversation with a user"), "gone"),
    (Failure(code=403, description="Forbidden: CHAT_WRITE_FORBIDDEN"), "refused"),
    (Failure("page", 403, "Access denied: bot was kicked", arrives=False), "not_sent"),
    (Failure("page", 400, "Bad Request: chat not found", arrives=False), "not_sent"),
    (Failure(code=403), "not_sent"),
    (Failure(code=400, description="Bad Request: chat not found"), "gone"),
    (Failure(code=400, description="Bad Request: message to be replied not found"), "sent"),
    (Failure(code=400, description="Bad Request: message thread not found"), "sent"),
    (Failure(code=400, description="Bad Request: TOPIC_CLOSED"), "sent"),
    (Failure(code=400, description="Bad Request: not enough rights to send text messages to the chat"), "refused"),
    (Failure(code=400, description="Bad Request: can't parse entities"), "refused"),
    (Failure(code=401, description="Unauthorized"), "not_sent"),
    (Failure(code=409, description="Conflict"), "not_sent"),
]


@pytest.mark.parametrize(("failure", "kind"), TABLE)
async def test_t13_every_error_means_what_it_should_and_is_sent_again_at_most_once(failure: Failure, kind: str) -> None:
    async with town() as here:
        assert await _kind(here, failure) == kind
        sends = [call for call in here.fake.calls if call.method == "sendmessage"]
        assert len(sends) == (2 if kind == "sent" else 1)


async def test_t13_a_wait_is_a_second_longer_than_telegram_asks() -> None:
    async with town() as here:
        here.fake.fail("sendMessage", Failure(code=429, description="x", parameters=(("retry_after", 7),)))
        with pytest.raises(ChatError) as raised:
            await here.chat.send(_outgoing())
        assert raised.value.retry_after == 8


async def test_t13_what_never_left_is_known_not_to_be_sent() -> None:
    chat = TelegramChat(Api(TOKEN, "http://127.0.0.1:9/bot"), real_time)
    with pytest.raises(ChatError) as raised:
        await chat.send(_outgoing())
    await chat.close()
    assert raised.value.kind == "not_sent"
    assert TOKEN not in str(raised.value)


async def test_t13_an_edit_that_changes_nothing_and_a_message_deleted_already_are_no_errors() -> None:
    async with town() as here:
        number = await here.chat.send(_outgoing("One"))
        await here.chat.edit(str(HEALTH), number, "One")
        await here.chat.edit(str(HEALTH), number, "Two")
        await here.chat.delete(str(HEALTH), number)
        await here.chat.delete(str(HEALTH), number)
        with pytest.raises(ChatError) as raised:
            await here.chat.edit(str(HEALTH), number, "Three")
        assert raised.value.kind == "gone"


@pytest.mark.parametrize("how", ["drop", "502"])
async def test_t14_a_send_of_unknown_outcome_is_repeated_once_and_says_so(how: str) -> None:
    async with town() as here:
        here.fake.fail("sendMessage", *[Failure(how)] * 5)
        await here.say("chebet", "health", FORM)
        await here.wait(hours=1)
        first, second = here.lines("health")[:2]
        assert second != first
        assert first in second
        assert len([line for line in here.lines("health") if first in line]) == 2


async def test_t14_a_send_that_hangs_is_given_up_and_repeated_once() -> None:
    async with town() as here:
        here.app.delivery.longest_call = 0.3
        here.fake.fail("sendMessage", Failure("hang"))
        await here.say("chebet", "health", FORM)
        await here.wait(minutes=5)
        first, second = here.lines("health")
        assert first in second


async def test_t14_a_reply_to_a_line_of_unknown_fate_finds_what_it_is_about() -> None:
    async with town() as here:
        await here.say("chebet", "private", "help")
        here.fake.fail("sendMessage", *[Failure("drop")] * 5)
        await here.say("chebet", "health", FORM)
        await here.wait(minutes=5)
        said = [one for one in here.messages("health") if "HLT-26-0001-J" in one["text"]]
        fate = "SELECT state FROM outbox WHERE key LIKE 'number%'"
        assert (len(said), await here.value(fate)) == (2, "parked")
        await here.say("kiptoo", "health", "Seen, I am calling the store", reply_to=said[1]["message_id"])
        assert await here.value("SELECT state FROM request") == "acknowledged"
        assert await here.value(fate) == "sent"
        await here.say("kiptoo", "health", "/resolve 200 doses delivered this morning", reply_to=said[0]["message_id"])
        assert await here.value("SELECT state FROM request") == "answered"


async def test_t14_a_line_that_somebody_has_replied_to_is_not_repeated() -> None:
    async with town() as here:
        here.fake.fail("sendMessage", Failure("drop"))
        here.fake.world.post(HEALTH, USERS["chebet"], "Problem: No gloves since Monday, patients turned away")
        await here.app.step()
        asked = here.messages("health")[-1]
        assert await here.value("SELECT state FROM outbox WHERE draft_id > 0") == "unknown"
        await here.say("chebet", "health", "Chesoi dispensary", reply_to=asked["message_id"])
        assert await here.value("SELECT count(*) FROM request") == 1
        await here.wait(minutes=5)
        assert len([line for line in here.lines("health") if asked["text"] in line]) == 1


async def test_t14_a_reply_to_another_bots_words_finds_nothing() -> None:
    async with town() as here:
        here.fake.fail("sendMessage", *[Failure("drop")] * 5)
        await here.say("chebet", "health", FORM)
        await here.wait(minutes=5)
        here.fake.world.users[77] = {"id": 77, "is_bot": True, "first_name": "Weather"}
        other = here.fake.world.post(HEALTH, 77, "It will rain", quiet=True)
        await here.say("kiptoo", "health", "Seen, I am calling the store", reply_to=other)
        assert await here.value("SELECT state FROM request") == "submitted"


async def test_t15_limits_hold_over_any_window_and_nothing_is_refused() -> None:
    async with town(strict=True) as here:
        texts = [
            Notice("telegram", str(HEALTH), "send", f"k{n}", "announcement", {"text": f"line {n}", "who": "N"})
            for n in range(45)
        ]
        await here.app.worker.run(lambda: here.app.store.write_tx(lambda tx: hot.queue(tx, texts, here.clock())))
        await here.wait(minutes=5)
        calls = [call for call in here.fake.calls if call.method == "sendmessage"]
        assert all(call.done for call in calls)
        said = "\n".join(here.lines("health"))
        assert [f"line {n}" for n in range(45)] == [part.split(": ")[1] for part in said.split("\n")]
        at = [call.at for call in calls if str(call.params["chat_id"]) == str(HEALTH)]
        assert all(sum(start <= one < start + 60 for one in at) <= 20 for start in at)
        assert all(later - sooner >= 1 for sooner, later in pairwise(at))


async def test_t15_a_chat_that_must_wait_holds_up_no_other() -> None:
    async with town() as here:
        here.fake.fail("sendMessage", Failure(code=429, description="x", parameters=(("retry_after", 300),)))
        await here.say("chebet", "health", FORM)
        assert here.lines("health") == []
        await here.say("rose", "water", FORM.replace("Kapsowar", "Kabiemit"))
        assert len(here.lines("water")) == 1
        await here.wait(minutes=6)
        assert len(here.lines("health")) == 1


@given(st.text(alphabet=st.sampled_from("a b.\n😀é\u0301🇰🇪👩\u200d⚕️ᠮ"), max_size=400), st.integers(8, 60))
@settings(max_examples=300, deadline=None)
def test_t16_no_part_is_too_long_and_nothing_is_cut_away(text: str, longest: int) -> None:
    parts = split(text, longest)
    assert all(units(part) <= longest for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(part.strip() for part in parts) or parts == [text]


def test_t16_a_text_is_cut_where_a_reader_would_cut_it() -> None:
    assert split("one two three four", 11) == ["one two", "three four"]
    assert split("a\n\nb c d e f g h\n\ni", 16) == ["a\n\nb c d e f g h", "i"]
    assert units("a😀") == 3
    assert [units(part) for part in split("😀" * 4096)] == [4096, 4096]


async def test_t16_a_long_line_arrives_whole_and_goes_on_where_it_stopped() -> None:
    async with town() as here:
        text = "\n".join(f"{n}. A request that waits for a word 😀" for n in range(400))
        here.fake.fail("sendMessage", Failure(code=429, description="x", parameters=(("retry_after", 1),)))
        with pytest.raises(ChatError):
            await here.chat.send(_outgoing(text, buttons=(("Yes", "t"),)))
        here.fake.fail("sendMessage", Failure("502", arrives=False))
        for _ in range(3):
            try:
                last = await here.chat.send(_outgoing(text, buttons=(("Yes", "t"),)))
            except ChatError:
                continue
            break
        assert "\n".join(here.lines("health")) == text
        *others, final = here.messages("health")
        assert str(final["message_id"]) == last
        assert "reply_markup" in final
        assert not any("reply_markup" in one for one in others)


async def test_t17_peoples_words_are_never_markup() -> None:
    async with town() as here:
        words = "<b>x</b> & _a_ *b* [c](http://d) `e` @everyone #f tg://user?id=1"
        await here.say("chebet", "health", FORM.replace("Kapsowar sub-county hospital", words))
        await here.say("kiptoo", "health", f"/resolve {words} delivered this morning to everybody", reply_to=2)
        for text in list(nasty.texts(400).values())[:20]:
            await here.say("chebet", "health", FORM.replace("No malaria drugs since Monday", text.replace("\n", " ")))
        sent = here.fake.called("sendMessage") + here.fake.called("editMessageText")
        assert len(sent) > 10
        assert not any(call.keys() & {"parse_mode", "entities"} for call in sent)
        assert all(call["link_preview_options"] == {"is_disabled": True} for call in sent)


async def test_t18_a_button_holds_a_token_that_means_nothing_and_is_good_once_for_one_person() -> None:
    async with town() as here:
        await here.say("chebet", "health", "There is no water at Kapsowar hospital since Monday please help us")
        offer = here.messages("health")[-1]
        data = offer["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        assert len(data.encode()) <= 64
        assert not any(word in data for word in ("register", "chebet", "1000"))
        for forged in (data[:-1], data + "0", "register", "' OR 1=1", "\x00", "x" * 64):
            here.fake.world.tap(HEALTH, USERS["chebet"], offer["message_id"], forged)
        await here.tap("kiptoo", "health", offer)
        assert await here.value("SELECT count(*) FROM request") == 0
        await here.tap("chebet", "health", offer)
        await here.tap("chebet", "health", offer)
        assert await here.value("SELECT count(*) FROM request") == 1


async def test_t18_a_tap_is_answered_before_its_work_and_one_that_is_too_old_does_it_all_the_same() -> None:
    async with town() as here:
        await here.say("chebet", "health", "There is no water at Kapsowar hospital since Monday please help us")
        offer = here.messages("health")[-1]
        here.fake.fail("answerCallbackQuery", Failure(code=400, description="Bad Request: query is too old"))
        await here.tap("chebet", "health", offer)
        assert await here.value("SELECT count(*) FROM request") == 1
        order = [call.method for call in here.fake.calls if call.method in ("answercallbackquery", "sendmessage")]
        assert order[-3:] != []
        assert order.index("answercallbackquery") < len(order) - 1  # the line that tells of it came after


async def test_t18_a_tap_on_a_message_that_telegram_no_longer_shows_still_counts() -> None:
    async with town() as here:
        await here.say("chebet", "health", "There is no water at Kapsowar hospital since Monday please help us")
        offer = here.messages("health")[-1]
        gone = {"chat": offer["chat"], "message_id": offer["message_id"], "date": 0}
        here.fake.world.chats[HEALTH].messages[offer["message_id"]] = gone | {"reply_markup": offer["reply_markup"]}
        query = {"id": "q", "from": here.fake.world.users[USERS["chebet"]], "message": gone, "chat_instance": "1"}
        data = offer["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        here.fake.queue({"callback_query": {**query, "data": data}})
        await here.app.step()
        assert await here.value("SELECT count(*) FROM request") == 1


async def test_t12_an_answer_lands_in_the_topic_of_its_post() -> None:
    async with town() as here:
        chat = here.fake.world.chats[HEALTH]
        chat.forum, chat.topics = True, {40, 41}
        post = await here.say("chebet", "health", FORM, topic=40)
        (number,) = here.messages("health")
        assert (number["message_thread_id"], number["reply_to_message"]["message_id"]) == (40, post)
        await here.say("kiptoo", "health", "Seen", reply_to=number["message_id"], topic=40)
        assert await here.value("SELECT state FROM request") == "acknowledged"
        assert [line for line in here.lines("communications") if "topic" in line] == []


async def test_t12_an_ordinary_chain_of_replies_is_no_topic() -> None:
    async with town() as here:
        root = await here.say("kiptoo", "health", "Good morning all")
        await here.say("chebet", "health", FORM, reply_to=root, message_thread_id=root)
        assert not any("message_thread_id" in call for call in here.fake.called("sendMessage"))
        assert len(here.lines("health")) == 1


async def test_t12_what_belongs_in_a_closed_topic_goes_to_the_general_one() -> None:
    async with town() as here:
        chat = here.fake.world.chats[HEALTH]
        chat.forum, chat.topics = True, set()
        await here.say("chebet", "health", FORM, topic=40)
        await here.say("chebet", "health", FORM.replace("malaria drugs", "gloves"), topic=40)
        (number, _) = [one for one in here.messages("health") if "HLT-26" in one["text"]]
        assert "message_thread_id" not in number
        assert "reply_to_message" not in number
        told = [line for line in here.lines("communications") if "topic" in line]
        assert told == [
            "Health feedback: a topic is closed in which I had to answer, so I answered in the general one. "
            "Please open it again."
        ]


async def test_t12_the_head_of_a_topic_is_not_what_is_replied_to() -> None:
    async with town() as here:
        chat = here.fake.world.chats[HEALTH]
        chat.forum, chat.topics = True, {1}
        head = here.fake.world.post(
            HEALTH, USERS["kiptoo"], topic=1, forum_topic_created={"name": "Drugs", "icon_color": 1}
        )
        await here.say("chebet", "health", FORM, reply_to=head, topic=1)
        raw = await here.value("SELECT raw FROM inbox WHERE kind = 'post'")
        assert here.chat.parse(str(raw)).reply_to is None


async def test_a_reaction_is_one_that_telegram_knows() -> None:
    from tests.telegram import spec

    try:
        text = spec.load()._types["ReactionTypeEmoji"]["fields"][1]["description"]
    except spec.NoSpec as reason:
        pytest.skip(str(reason))
    from tests.county import jurisdiction

    catalogue = jurisdiction().catalogue
    for key in ("receipt_seen", "receipt_noted", "receipt_same"):
        assert f'"{catalogue.text(key, "en", {}, real_time())}"' in text


async def test_b2_every_call_can_be_cancelled_and_ends_by_itself() -> None:
    fake = FakeTelegram()
    fake.world.add_group(HEALTH, "Health")
    async with fake.served():
        chat = TelegramChat(Api(TOKEN, fake.base_url), real_time)
        fake.fail("sendMessage", Failure("hang"))
        sending = asyncio.create_task(chat.send(_outgoing()))
        await asyncio.sleep(0.2)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        await chat.close()
    assert len([call for call in fake.calls if call.method == "sendmessage"]) == 1


async def test_t25_menus_are_shown_per_scope_and_language_and_unchanged_ones_are_not_sent_again() -> None:
    async with town() as here:
        everything = list(menus(here.app.jurisdiction, here.clock()))
        for _ in range(2):
            for menu in everything:
                await here.chat.set_menu(menu.scope, menu.language, menu.commands)
        sent = here.fake.called("setMyCommands")
        scopes = {(call["scope"]["type"], call.get("language_code", "")) for call in sent}
        wanted = ("all_group_chats", "all_chat_administrators", "all_private_chats")
        assert len(sent) == len(scopes) == 9
        assert scopes == {(scope, language) for scope in wanted for language in ("", "en", "sw")}
        for command in (one for call in sent for one in call["commands"]):
            assert re.fullmatch(r"[a-z0-9_]{1,32}", command["command"])
            assert 3 <= len(command["description"]) <= 256
        (swahili,) = [call for call in sent if call["scope"]["type"] == wanted[2] and call.get("language_code") == "sw"]
        assert swahili["commands"][0] == {"command": "help", "description": "unachoweza kufanya hapa"}
