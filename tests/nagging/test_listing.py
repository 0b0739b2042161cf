"""One list stands in a private chat: a newer one takes its place, and what is answered leaves it without a sound."""

from __future__ import annotations

import pytest

from groupbot.chat import ChatError
from groupbot.chat.sandbox import FULL, PLAIN, SandboxMessage
from tests.county import FORM, County, county
from tests.delivery.scripted import scripted

ASKED = "2026-11-24 15:00"  # the first words were due before that
NEXT = "2026-11-25 10:00"
DONE = "/resolve 200 doses delivered to the hospital this morning"
NOTHING = "Nothing on this list waits for your word now."


def _standing(here: County, who: str = "kiptoo") -> list[str]:
    """The messages of the bot that somebody sees when they open the private chat."""
    return [one.text for one in _messages(here, who) if not one.deleted]


def _messages(here: County, who: str = "kiptoo") -> list[SandboxMessage]:
    return here.messages(f"private:{who}")


async def _owed(here: County, *needs: str) -> list[str]:
    posts = [await here.say("chebet", "health", FORM.replace("malaria drugs", need)) for need in needs]
    await here.wait_until(ASKED)
    return posts


async def test_the_next_list_takes_the_place_of_the_one_before() -> None:
    async with county() as here:
        await _owed(here, "gauze", "gloves")
        (first,) = _messages(here)
        await here.wait_until(NEXT)
        assert len(_messages(here)) == 2, "a new message: an edit would ring nobody"
        (only,) = _standing(here)
        assert only.startswith("Habari Daniel. 2 wait for your word:")
        assert (first.deleted, first.old_texts) == (True, [])


async def test_what_is_answered_leaves_the_list_in_silence() -> None:
    async with county() as here:
        posts = await _owed(here, "gauze", "gloves")
        await here.say("kiptoo", "health", DONE, reply_to=posts[0])
        (only,) = _messages(here)
        assert only.text.startswith("One still waits for your word:\nHLT-26-0002-")
        await here.say("kiptoo", "health", DONE.replace("doses", "boxes"), reply_to=posts[1])
        assert [one.text for one in _messages(here)] == [NOTHING]
        assert only.old_texts[0].startswith("Habari Daniel. 2 wait for your word:")


async def test_at_night_it_leaves_as_well_because_nobody_is_rung() -> None:
    async with county() as here:
        posts = await _owed(here, "gauze")
        await here.wait_until("2026-11-24 22:00")
        await here.say("kiptoo", "health", DONE, reply_to=posts[0])
        assert [one.text for one in _messages(here)] == [NOTHING]


async def test_a_list_below_which_somebody_has_written_stays_as_it_was() -> None:
    async with county() as here:
        posts = await _owed(here, "gauze", "gloves")
        await here.say("kiptoo", "private:kiptoo", "I am on leave, my phone is off")
        count, before = len(_standing(here)), _messages(here)[0].text
        await here.say("kiptoo", "health", "Seen, tomorrow by noon", reply_to=posts[0])
        await here.wait_until(NEXT)
        assert _messages(here)[0].text == before
        assert len(_standing(here)) > count


async def test_a_list_below_which_the_bot_said_something_else_stays_as_it_was() -> None:
    async with county() as here:
        await _owed(here, "gauze")
        await here.wait_until("2026-11-24 16:00")
        await here.say("kiptoo", "private:kiptoo", "/mine")
        await here.wait_until(NEXT)
        first, *_, last = _messages(here)
        assert (first.deleted, first.old_texts, last.deleted) == (False, [], False)


async def test_a_chat_that_can_neither_keeps_every_list() -> None:
    async with county(capabilities=PLAIN) as here:
        posts = await _owed(here, "gauze", "gloves")
        await here.wait_until(NEXT)
        await here.say("kiptoo", "health", DONE, reply_to=posts[0])
        assert len(_standing(here)) == 2
        assert [one.old_texts for one in _messages(here)] == [[], []]


async def test_a_list_that_cannot_be_deleted_any_more_says_that_another_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    async with county() as here:
        await _owed(here, "gauze")

        async def refuse(chat_id: str, message_id: str) -> None:
            raise ChatError("refused", detail="message can't be deleted for everyone")

        monkeypatch.setattr(here.app.chats["sandbox"], "delete", refuse)
        await here.wait_until(NEXT)
        first, last = _standing(here)
        assert first == "An older list. The one that holds is below."
        assert last.startswith("Habari Daniel. One waits for your word:")
        assert here.lines("communications") == []


async def test_the_one_before_goes_only_when_the_new_one_has_arrived() -> None:
    async with county() as here:
        await _owed(here, "gauze")
        scripted(here, "not_sent", "lost_answer", chat="private:kiptoo", capabilities=FULL)
        await here.wait_until("2026-11-25 08:00")
        assert len(_standing(here)) == 1
        await here.wait(minutes=1)
        assert len(_standing(here)) == 1, "the same message was sent twice, and is one"
        assert [one.deleted for one in _messages(here)] == [True, False]


async def test_a_list_that_went_meanwhile_is_not_edited() -> None:
    async with county() as here:
        posts = await _owed(here, "gauze", "gloves")
        chat = scripted(here, "not_sent", chat="private:kiptoo", capabilities=FULL)
        chat.retry_after = 1.0
        await here.wait_until(NEXT)
        await here.say("kiptoo", "health", DONE, reply_to=posts[0])
        first, last = _messages(here)
        assert (first.deleted, first.old_texts, len(last.old_texts)) == (True, [], 1)
