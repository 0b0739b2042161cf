"""A request's whole life in a Telegram group, over real HTTP."""

from __future__ import annotations

from tests.county import FORM
from tests.telegram.town import USERS, town


async def test_a_request_is_numbered_answered_and_closed_by_the_citizens_word() -> None:
    async with town() as here:
        post = await here.say("chebet", "health", FORM)
        (number,) = here.messages("health")
        assert number["reply_to_message"]["message_id"] == post
        assert number["text"].startswith("HLT-26-0001-J, urgent, Kapsowar.")
        word = await here.say("kiptoo", "health", "Seen. Back before noon", reply_to=post)
        assert here.reaction("health", word) == "👀"
        await here.say("kiptoo", "health", "/resolve 200 doses delivered this morning", reply_to=number["message_id"])
        asked = here.messages("health")[-1]
        await here.say("chebet", "health", "Yes, she got hers", reply_to=asked["message_id"])
        assert await here.value("SELECT state FROM request") == "closed"
        assert len(here.lines("health")) == 3
        assert len(here.lines("mirror")) == 3


async def test_the_citizens_sms_has_a_button_that_copies_it() -> None:
    async with town() as here:
        await here.say("chebet", "private", "/help")
        await here.say("chebet", "health", FORM)
        intro, slip = here.fake.sent(USERS["chebet"])[1:]
        assert "reply_markup" not in intro
        assert slip["text"].startswith("HLT-26-0001-J: your report has reached Health.")
        assert slip["reply_markup"] == {"inline_keyboard": [[{"text": "Copy", "copy_text": {"text": slip["text"]}}]]}


async def test_a_voice_note_is_asked_to_be_typed() -> None:
    async with town() as here:
        voice = {"file_id": "v1", "file_unique_id": "u1", "duration": 9}
        await here.say("chebet", "health", "", voice=voice)
        assert here.lines("health") == ["Chebet, I cannot hear voice notes. Please type the place and the problem."]
        assert await here.rows("SELECT kind, file_id FROM attachment") == [("voice", "v1")]


async def test_a_form_in_swahili_is_answered_in_swahili() -> None:
    async with town() as here:
        place = "Kata: Kapsowar\nMahali: Hospitali ya Kapsowar"
        await here.say("chebet", "health", f"OMBI LA HUDUMA\n{place}\nTatizo: Hakuna dawa ya malaria\nUmuhimu: Haraka")
        (line,) = here.lines("health")
        assert line.startswith("HLT-26-0001-J, ")
        assert "tafadhali" in line
