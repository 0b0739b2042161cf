"""The sandbox platform: what people do there, what the bot is told, and what survives a crash."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupbot.chat import Chat, ChatError, Outgoing
from groupbot.chat.sandbox import FULL, PLAIN, RecordError, Sandbox, SandboxChat, SandboxError
from groupbot.chat.sandbox_update import EPOCH, parse
from groupbot.records import Attachment, Batch, Update

NOON = datetime(2025, 11, 24, 9, 0, tzinfo=UTC)
FORM = "SERVICE REQUEST\nLocation: Kipsaos borehole\nProblem: Only air is coming 🙏🏾"


def stage(path: Path | None = None) -> Sandbox:
    sandbox = Sandbox(path)
    sandbox.add_person("chebet", "Chebet", "ward_admin", ward="Kapsowar")
    sandbox.add_person("kiptoo", "Kiptoo", "coordinator", service_code="health")
    sandbox.add_person("cso", "Observer", "observer")
    sandbox.add_chat("health", "Health feedback", "department", ("chebet", "kiptoo"))
    sandbox.add_chat("mirror", "CSO mirror", "mirror", ("cso",))
    return sandbox


def adapter(sandbox: Sandbox) -> SandboxChat:
    return SandboxChat(sandbox, lambda: NOON)


async def updates(chat: Chat, cursor: str | None = None) -> tuple[Update, ...]:
    return (await chat.fetch(cursor)).updates


# --- what the bot is told --------------------------------------------------------------------------------------------


async def test_a_post_reaches_the_bot_as_it_was_written() -> None:
    sandbox = stage()
    photo = Attachment("photo", "f1", "pump.jpg", 2048)
    first = sandbox.post("health", "kiptoo", "Habari", at=NOON)
    sandbox.post(
        "health", "chebet", FORM, at=NOON, reply_to=first, forwarded=True, attachments=(photo,), album_id="album-1"
    )
    update = (await updates(adapter(sandbox)))[1]
    assert update == Update(
        platform="sandbox",
        chat_id="health",
        message_id="2",
        kind="post",
        raw=update.raw,
        sent_at=NOON,
        revision="",
        update_id="7",
        sender_id="chebet",
        sender_name="Chebet",
        text=FORM,
        reply_to="1",
        disguise="forwarded",
        album_id="album-1",
        attachments=(photo,),
    )
    assert parse(update.raw) == update


async def test_edits_taps_reactions_and_deletions_reach_the_bot_each_with_its_own_revision() -> None:
    sandbox, later = stage(), NOON + timedelta(minutes=1)
    message = sandbox.post("health", "chebet", "Pump broken", at=NOON, forwarded=True)
    sandbox.edit("health", "chebet", message, "Pump broken at Endo", later)
    sandbox.edit("health", "chebet", message, "Pump broken at Arror", later)
    sandbox.tap("health", "kiptoo", message, "token-1", later)
    sandbox.react("health", "kiptoo", message, "👍", later)
    sandbox.delete("health", "chebet", message, later)
    told = await updates(adapter(sandbox))
    seen = [(update.kind, update.sender_id, update.text, update.token, update.disguise) for update in told]
    assert seen == [
        ("post", "chebet", "Pump broken", "", "forwarded"),
        ("edit", "chebet", "Pump broken at Endo", "", "forwarded"),
        ("edit", "chebet", "Pump broken at Arror", "", "forwarded"),
        ("tap", "kiptoo", "", "token-1", ""),
        ("reaction", "kiptoo", "👍", "", ""),
        ("redaction", "chebet", "", "", ""),
    ]
    assert {update.message_id for update in told} == {message}
    assert len({update.revision for update in told}) == len(told)


async def test_a_private_chat_is_marked_private() -> None:
    sandbox = stage()
    chat_id = sandbox.add_private_chat("chebet")
    sandbox.post(chat_id, "chebet", "mine", at=NOON)
    assert [(u.private, u.chat_id) for u in await updates(adapter(sandbox))] == [(True, "private:chebet")]
    assert sandbox.add_private_chat("chebet") == chat_id
    assert [room.title for room in sandbox.chats()] == ["Health feedback", "CSO mirror", "private: Chebet"]


async def test_the_bot_is_not_told_of_its_own_messages() -> None:
    sandbox = stage()
    chat = adapter(sandbox)
    message = await chat.send(Outgoing("health", "Habari", "t1"))
    await chat.edit("health", message, "Habari zenu")
    await chat.react("health", message, "👀")
    assert await updates(chat) == ()


async def test_updates_stay_until_a_higher_cursor_confirms_them() -> None:
    sandbox = stage()
    chat = adapter(sandbox)
    for number in range(5):
        sandbox.post("health", "chebet", f"post {number}", at=NOON)
    first = await chat.fetch(None, limit=2)
    again = await chat.fetch(None, limit=2)
    assert [update.text for update in first.updates] == ["post 0", "post 1"]
    assert again == first
    assert sandbox.confirmed == 0
    rest = await chat.fetch(first.cursor)
    assert [update.text for update in rest.updates] == ["post 2", "post 3", "post 4"]
    assert sandbox.confirmed == int(first.cursor)
    assert await chat.fetch(rest.cursor) == Batch((), rest.cursor)


async def test_a_waiting_fetch_returns_as_soon_as_somebody_posts() -> None:
    sandbox = stage()
    waiting = asyncio.create_task(adapter(sandbox).fetch(None, wait=30))
    await asyncio.sleep(0)
    begun = time.monotonic()
    sandbox.post("health", "chebet", "now", at=NOON)
    assert [update.text for update in (await waiting).updates] == ["now"]
    assert time.monotonic() - begun < 5


async def test_a_waiting_fetch_returns_empty_handed_when_its_time_is_over() -> None:
    assert await adapter(stage()).fetch("3", wait=0.01) == Batch((), "3")


def test_one_sandbox_can_be_waited_on_in_two_event_loops_in_turn() -> None:
    sandbox = stage()
    chat = adapter(sandbox)
    assert asyncio.run(chat.fetch(None, wait=0.01)).updates == ()
    assert asyncio.run(chat.fetch(None, wait=0.01)).updates == ()


# --- reading raw updates ---------------------------------------------------------------------------------------------

GOOD = {
    "n": 9,
    "do": "post",
    "chat_id": "health",
    "private": False,
    "message_id": "2",
    "user_id": "chebet",
    "name": "Chebet",
    "at": 1763974800000000,
    "text": "Habari",
}


def test_an_instant_may_be_an_iso_text_with_its_offset() -> None:
    update = parse(json.dumps(GOOD | {"at": "2025-11-24T12:00:00+03:00"}))
    assert (update.kind, update.sent_at, update.sent_at.tzinfo) == ("post", NOON, UTC)


def test_an_update_of_a_kind_not_known_yet_is_other() -> None:
    assert parse(json.dumps(GOOD | {"do": "poll"})).kind == "other"


@pytest.mark.parametrize(
    "change",
    [
        {"text": 5},
        {"text": None},
        {"chat_id": ["health"]},
        {"message_id": 2},
        {"user_id": {}},
        {"reply_to": 7},
        {"token": 1},
        {"do": []},
        {"at": 10**30},
        {"at": "yesterday"},
        {"at": "2025-11-24T12:00:00"},
        {"at": None},
        {"at": float("inf")},
        {"attachments": ["photo"]},
        {"attachments": 1},
        {"attachments": [{"kind": "virus", "file_id": "f"}]},
        {"attachments": [{"kind": "photo", "file_id": "f", "size": "big"}]},
    ],
)
def test_a_wrong_value_makes_an_update_unreadable(change: dict[str, object]) -> None:
    raw = json.dumps(GOOD | change)
    update = parse(raw)
    assert (update.kind, update.raw, update.sent_at) == ("unreadable", raw, EPOCH)


@pytest.mark.parametrize("key", ["n", "do", "chat_id", "message_id", "user_id", "at"])
def test_a_missing_value_makes_an_update_unreadable(key: str) -> None:
    assert parse(json.dumps({name: value for name, value in GOOD.items() if name != key})).kind == "unreadable"


@pytest.mark.parametrize("raw", ["", "{", "[]", "null", "1", '"x"', "[" * 100_000, "\ud800", "9" * 5000])
def test_hostile_raw_text_is_unreadable(raw: str) -> None:
    assert parse(raw).kind == "unreadable"


def test_two_unreadable_updates_are_told_apart() -> None:
    assert parse("{").revision != parse("[").revision


@given(st.text() | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_reading_never_raises(raw: str) -> None:
    assert parse(raw).raw == raw.replace("\0", "\ufffd")  # no database keeps a NUL


# --- the bot's side --------------------------------------------------------------------------------------------------


async def test_the_same_txn_id_again_is_the_same_message() -> None:
    sandbox = stage()
    chat = adapter(sandbox)
    first = await chat.send(Outgoing("health", "Habari", "t1"))
    again = await chat.send(Outgoing("health", "Habari tena", "t1"))
    elsewhere = await chat.send(Outgoing("mirror", "Habari", "t1"))
    assert (first, again, elsewhere) == ("1", "1", "1")
    assert [message.text for message in sandbox.messages("health")] == ["Habari"]
    assert [message.text for message in sandbox.messages("mirror")] == ["Habari"]


async def test_a_message_of_the_bot_bears_the_virtual_time_and_all_it_was_given() -> None:
    sandbox = stage()
    chat = adapter(sandbox)
    asked = sandbox.post("health", "chebet", FORM, at=NOON)
    message_id = await chat.send(Outgoing("health", "Shall I?", "t1", asked, (("YES", "y1"), ("NO", "n1"))))
    await chat.pin("health", message_id)
    await chat.react("health", asked, "👀")
    message = sandbox.message("health", message_id)
    assert (message.at, message.sender_id, message.reply_to) == (NOON, "groupbot", asked)
    assert (message.buttons, message.pinned) == ((("YES", "y1"), ("NO", "n1")), True)
    assert sandbox.message("health", asked).reactions == {"groupbot": "👀"}


async def test_an_edit_by_the_bot_keeps_the_old_text_and_takes_the_buttons_away() -> None:
    sandbox = stage()
    chat = adapter(sandbox)
    message_id = await chat.send(Outgoing("health", "Shall I?", "t1", buttons=(("YES", "y1"),)))
    await chat.edit("health", message_id, "Done.")
    await chat.edit("health", message_id, "Done.")
    message = sandbox.message("health", message_id)
    assert (message.text, message.old_texts, message.edits, message.buttons) == ("Done.", ["Shall I?"], 1, ())


async def test_doing_again_what_is_already_so_is_no_event() -> None:
    sandbox = stage()
    chat = adapter(sandbox)
    message_id = await chat.send(Outgoing("health", "Done.", "t1"))
    await chat.pin("health", message_id)
    await chat.react("health", message_id, "👀")
    queue = sandbox.subscribe()
    await chat.edit("health", message_id, "Done.")
    await chat.pin("health", message_id)
    await chat.react("health", message_id, "👀")
    assert queue.empty()


async def test_another_reaction_of_the_bot_takes_the_place_of_the_first_and_an_empty_one_takes_it_away() -> None:
    sandbox = stage()
    chat = adapter(sandbox)
    message = sandbox.post("health", "chebet", "Habari", at=NOON)
    await chat.react("health", message, "👀")
    await chat.react("health", message, "✅")
    assert sandbox.message("health", message).reactions == {"groupbot": "✅"}
    await chat.react("health", message, "")
    assert sandbox.message("health", message).reactions == {}


async def test_a_reply_to_a_message_that_never_was_is_sent_without_the_quote() -> None:
    sandbox = stage()
    message_id = await adapter(sandbox).send(Outgoing("health", "Habari", "t1", reply_to="99"))
    assert sandbox.message("health", message_id).reply_to is None


async def refused(work: object) -> tuple[str, str]:
    with pytest.raises(ChatError) as caught:
        await work  # type: ignore[misc]
    return caught.value.kind, caught.value.detail


async def test_what_cannot_be_sent_is_refused_with_its_reason() -> None:
    chat = adapter(stage())
    assert await refused(chat.send(Outgoing("health", " \n", "t1"))) == ("refused", "empty text")
    too_long = Outgoing("health", "🙏" * 2049, "t2")
    assert await refused(chat.send(too_long)) == ("refused", "longer than 4096 characters")
    assert await chat.send(Outgoing("health", "🙏" * 2048, "t3")) == "1"
    assert await refused(chat.send(Outgoing("nowhere", "Habari", "t4"))) == ("gone", "no chat 'nowhere'")


async def test_what_is_no_longer_there_is_gone() -> None:
    sandbox = stage()
    chat = adapter(sandbox)
    message = await chat.send(Outgoing("health", "Habari", "t1"))
    await chat.delete("health", message)
    await chat.delete("health", message)
    assert (await refused(chat.edit("health", message, "x")))[0] == "gone"
    assert (await refused(chat.react("health", message, "👀")))[0] == "gone"
    assert (await refused(chat.pin("health", "7"))) == ("gone", "no message '7' in 'health'")


async def test_the_bot_cannot_edit_what_a_person_wrote() -> None:
    sandbox = stage()
    message = sandbox.post("health", "chebet", "Habari", at=NOON)
    refusal = await refused(adapter(sandbox).edit("health", message, "x"))
    assert refusal == ("refused", "only the bot's own messages can be edited")


async def test_a_plain_chat_refuses_everything_but_a_message() -> None:
    sandbox = stage()
    chat = SandboxChat(sandbox, lambda: NOON, FULL, {"health": PLAIN})
    assert (chat.capabilities_of("health"), chat.capabilities_of("mirror")) == (PLAIN, FULL)
    message = await chat.send(Outgoing("health", "Habari", "t1"))
    assert (await refused(chat.edit("health", message, "x")))[0] == "refused"
    assert (await refused(chat.delete("health", message)))[0] == "refused"
    assert (await refused(chat.react("health", message, "👀")))[0] == "refused"
    buttons = Outgoing("health", "Shall I?", "t2", buttons=(("YES", "y"),))
    assert await refused(chat.send(buttons)) == ("refused", "this chat has no buttons")


# --- people ----------------------------------------------------------------------------------------------------------


def test_message_ids_count_up_per_chat_and_are_not_reused_after_a_deletion() -> None:
    sandbox = stage()
    private = sandbox.add_private_chat("chebet")
    first = sandbox.post("health", "chebet", "one", at=NOON)
    sandbox.delete("health", "chebet", first, NOON)
    second = sandbox.post("health", "chebet", "two", at=NOON)
    assert (first, second, sandbox.post(private, "chebet", "one", at=NOON)) == ("1", "2", "1")


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda s: s.post("mirror", "cso", "hi", at=NOON), "CSO mirror is read-only: only the bot writes there."),
        (lambda s: s.post("health", "cso", "hi", at=NOON), "Observer does not sit in Health feedback."),
        (lambda s: s.post("health", "chebet", " \n", at=NOON), "Nothing to send: write a text or add a photo."),
        (lambda s: s.post("nowhere", "chebet", "hi", at=NOON), "There is no chat 'nowhere'."),
        (lambda s: s.post("health", "nobody", "hi", at=NOON), "There is no person 'nobody'."),
        (lambda s: s.post("health", "chebet", "hi", at=NOON, reply_to="9"), "That message is no longer there."),
        (lambda s: s.edit("health", "kiptoo", "1", "hi", NOON), "Only the one who wrote a message can change it."),
        (lambda s: s.delete("health", "kiptoo", "1", NOON), "Only the one who wrote a message can change it."),
        (
            lambda s: s.edit("health", "chebet", "1", "", NOON),
            "A message cannot be edited to nothing; delete it instead.",
        ),
        (lambda s: s.tap("health", "cso", "1", "t", NOON), "Observer does not sit in Health feedback."),
        (lambda s: s.react("health", "chebet", "9", "👍", NOON), "That message is no longer there."),
        (lambda s: s.join("health", "nobody"), "There is no person 'nobody'."),
    ],
)
def test_what_people_may_not_do_is_refused_and_leaves_no_trace(
    attempt: Callable[[Sandbox], object], sentence: str
) -> None:
    sandbox = stage()
    sandbox.post("health", "chebet", "Habari", at=NOON)
    with pytest.raises(SandboxError) as caught:
        attempt(sandbox)
    assert str(caught.value) == sentence
    assert len(sandbox.updates_after(0, 100)) == 1
    assert [message.text for message in sandbox.messages("health")] == ["Habari"]


def test_nothing_more_happens_to_a_deleted_message() -> None:
    sandbox = stage()
    message = sandbox.post("health", "chebet", "Habari", at=NOON)
    sandbox.delete("health", "chebet", message, NOON)
    for attempt in (
        lambda: sandbox.post("health", "kiptoo", "Yes", at=NOON, reply_to=message),
        lambda: sandbox.edit("health", "chebet", message, "Back", NOON),
        lambda: sandbox.tap("health", "chebet", message, "y1", NOON),
        lambda: sandbox.delete("health", "chebet", message, NOON),
    ):
        with pytest.raises(SandboxError, match="no longer there"):
            attempt()


def test_an_event_of_a_newer_version_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.jsonl"
    stage(path).close()
    with path.open("a") as file:
        file.write('{"n":6,"do":"poll","chat_id":"later","message_id":"1"}\n')
    again = Sandbox(path)
    assert again.post("health", "chebet", "Habari", at=NOON) == "1"
    assert again.updates_after(6, 10)[0][0] == 7
    again.close()


def test_a_photo_needs_no_words() -> None:
    sandbox = stage()
    message = sandbox.post("health", "chebet", "", at=NOON, attachments=(Attachment("photo", "f1"),))
    assert sandbox.message("health", message).attachments == (Attachment("photo", "f1"),)


def test_one_who_joins_can_speak() -> None:
    sandbox = stage()
    sandbox.join("health", "cso")
    assert sandbox.post("health", "cso", "Habari", at=NOON) == "1"


def test_a_naive_time_is_an_error_and_nothing_is_posted() -> None:
    sandbox = stage()
    with pytest.raises(TypeError):
        sandbox.post("health", "chebet", "hi", at=datetime(2025, 1, 1))  # noqa: DTZ001
    assert sandbox.messages("health") == []


async def test_half_a_surrogate_pair_becomes_a_replacement_mark() -> None:
    sandbox = stage()
    sandbox.post("health", "chebet", "a\ud83db", at=NOON)
    assert [update.text for update in await updates(adapter(sandbox))] == ["a\ufffdb"]


async def test_64000_characters_and_control_marks_arrive_whole() -> None:
    sandbox, text = stage(), "x\u2028\u0000\n\r\t" * 11_000
    sandbox.post("health", "chebet", text, at=NOON)
    assert [update.text for update in await updates(adapter(sandbox))] == [text]


# --- watchers --------------------------------------------------------------------------------------------------------


async def test_a_watcher_sees_every_change_and_none_after_leaving() -> None:
    sandbox = stage()
    queue = sandbox.subscribe()
    sandbox.post("health", "chebet", "Habari", at=NOON)
    await adapter(sandbox).send(Outgoing("health", "Asante", "t1"))
    sandbox.unsubscribe(queue)
    sandbox.post("health", "chebet", "Kwaheri", at=NOON)
    assert [queue.get_nowait()["do"] for _ in range(queue.qsize())] == ["post", "say"]


async def test_a_watcher_who_falls_behind_is_told_that_something_was_lost() -> None:
    sandbox = stage()
    queue = sandbox.subscribe()
    for _ in range(1001):
        sandbox.react("health", "chebet", sandbox.post("health", "chebet", "x", at=NOON), "👍", NOON)
    seen = [queue.get_nowait()["do"] for _ in range(queue.qsize())]
    assert seen[0] == "lost"
    assert len(seen) <= 1000


# --- the record ------------------------------------------------------------------------------------------------------


async def test_a_restart_finds_everything_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "sandbox.jsonl"
    sandbox = stage(path)
    chat = adapter(sandbox)
    asked = sandbox.post("health", "chebet", FORM, at=NOON, attachments=(Attachment("photo", "f1", "a.jpg", 5),))
    sandbox.edit("health", "chebet", asked, FORM + "!", NOON)
    sandbox.react("health", "kiptoo", asked, "🙏", NOON)
    offered = await chat.send(Outgoing("health", "Shall I?", "t1", asked, (("YES", "y1"),)))
    sandbox.tap("health", "chebet", offered, "y1", NOON)
    await chat.edit("health", offered, "Done.")
    await chat.pin("health", offered)
    sandbox.clock_moved(NOON + timedelta(days=2))
    told = await chat.fetch(None)
    await chat.close()

    again = Sandbox(path)
    assert again.state == sandbox.state
    assert again.state.latest == NOON + timedelta(days=2)
    assert await adapter(again).fetch(None) == told
    assert await adapter(again).send(Outgoing("health", "Shall I?", "t1", asked)) == offered
    assert again.post("health", "kiptoo", "Seen", at=NOON) == "3"
    again.close()


def test_making_the_stage_again_keeps_the_messages(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.jsonl"
    sandbox = stage(path)
    sandbox.post("health", "chebet", "Habari", at=NOON)
    sandbox.close()
    again = stage(path)
    assert [message.text for message in again.messages("health")] == ["Habari"]
    again.close()


@pytest.mark.parametrize("kept", range(0, 260, 13))
def test_a_torn_last_line_is_cut_off_wherever_it_broke(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "sandbox.jsonl"
    sandbox = stage(path)
    sandbox.post("health", "chebet", "first", at=NOON)
    whole = path.stat().st_size
    sandbox.post("health", "chebet", "second 🙏🏾", at=NOON)
    sandbox.close()
    line = path.stat().st_size - whole
    kept = min(kept, line - 1)  # never the whole line
    os.truncate(path, whole + kept)

    again = Sandbox(path)
    assert [message.text for message in again.messages("health")] == ["first"]
    assert again.record.cut_off == kept
    assert path.stat().st_size == whole
    again.post("health", "chebet", "third", at=NOON)
    again.close()
    last = Sandbox(path)
    assert [message.text for message in last.messages("health")] == ["first", "third"]
    last.close()


def test_a_last_line_of_zeros_is_cut_off_and_reported(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "sandbox.jsonl"
    stage(path).close()
    with path.open("ab") as file:
        file.write(b"\0" * 20 + b"\n")
    again = Sandbox(path)
    assert len(again.people()) == 3
    assert caplog.messages == [f"{path}: the last line was torn by a crash; 21 bytes cut off"]
    again.close()


def test_a_line_broken_in_the_middle_is_named_and_nothing_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.jsonl"
    stage(path).close()
    lines = path.read_bytes().split(b"\n")
    lines[1] = b"{"
    broken = b"\n".join(lines)
    path.write_bytes(broken)
    with pytest.raises(RecordError) as caught:
        Sandbox(path)
    assert str(caught.value) == f"{path}, line 2: not an event; restore the file or move it away"
    assert path.read_bytes() == broken


async def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sandbox.jsonl"
    sandbox = stage(path)
    before, write = path.read_bytes(), os.write

    def half(file: int, data: bytes) -> int:
        if len(data) < 100:
            raise OSError(28, "No space left on device")
        return write(file, data[: len(data) // 2])

    with monkeypatch.context() as full:
        full.setattr("groupbot.chat.sandbox_record.os.write", half)
        with pytest.raises(OSError, match="No space"):
            sandbox.post("health", "chebet", "lost", at=NOON)
        failed = await refused(adapter(sandbox).send(Outgoing("health", "lost too", "t1")))
    assert failed[0] == "not_sent"
    assert path.read_bytes() == before
    assert sandbox.messages("health") == []
    assert sandbox.post("health", "chebet", "kept", at=NOON) == "1"
    assert await updates(adapter(sandbox)) != ()
    sandbox.close()


def test_a_post_is_on_the_disk_before_it_is_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    sandbox = stage(tmp_path / "sandbox.jsonl")
    monkeypatch.setattr("groupbot.chat.sandbox_record.os.fsync", synced.append)
    sandbox.post("health", "chebet", "Habari", at=NOON)
    assert len(synced) == 1
    assert b"Habari" in (tmp_path / "sandbox.jsonl").read_bytes()
    sandbox.close()


def test_instants_are_utc_whatever_offset_they_came_with() -> None:
    sandbox = stage()
    nairobi = datetime(2025, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=3)))
    message = sandbox.post("health", "chebet", "Habari", at=nairobi)
    assert sandbox.message("health", message).at == NOON
    assert sandbox.message("health", message).at.tzinfo is UTC
