"""What those who keep order can do on the sandbox: read-only chats, joining and leaving, holding people back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from groupbot.chat import ChatError, Keeper, keeping
from groupbot.chat.sandbox import FULL, PLAIN, Sandbox, SandboxChat, SandboxError
from groupbot.chat.sandbox_state import RIGHTS
from groupbot.records import Capabilities, Right, Standing, micros

NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def stage(path: Path | None = None) -> Sandbox:
    sandbox = Sandbox(path)
    for who in ("chebet", "kiptoo", "otieno"):
        sandbox.add_person(who, who.title(), "")
    sandbox.add_chat("health", "Health feedback", "department", ("chebet", "kiptoo"))
    sandbox.add_chat("mirror", "CSO mirror", "mirror", ("kiptoo",))
    return sandbox


def adapter(sandbox: Sandbox, capabilities: Capabilities = FULL) -> SandboxChat:
    return SandboxChat(sandbox, lambda: NOON, capabilities)


async def test_who_joins_and_who_leaves_is_told_to_the_bot() -> None:
    sandbox = stage()
    sandbox.enter("health", "otieno", NOON)
    sandbox.leave("health", "chebet", LATER)
    told = (await adapter(sandbox).fetch(None)).updates
    assert [(one.kind, one.change, one.sender_id, one.sender_name, one.sent_at) for one in told] == [
        ("member", "joined", "otieno", "Otieno", NOON),
        ("member", "left", "chebet", "Chebet", LATER),
    ]
    assert len({(one.chat_id, one.message_id, one.revision) for one in told}) == 2
    assert list(sandbox.room("health").members) == ["kiptoo", "otieno"]


async def test_a_mirror_that_was_opened_is_read_back_and_closed_again() -> None:
    sandbox = stage()
    chat = adapter(sandbox)
    assert await chat.standing("mirror") == Standing(True, RIGHTS)
    sandbox.set_standing("mirror", NOON, read_only=False)
    assert (await chat.fetch(None)).updates[0].kind == "standing"
    assert (await chat.standing("mirror")).read_only is False
    sandbox.post("mirror", "kiptoo", "hello", at=NOON)
    await chat.set_read_only("mirror", True)
    with pytest.raises(SandboxError, match="read-only"):
        sandbox.post("mirror", "kiptoo", "hello", at=NOON)


async def test_who_is_muted_cannot_write_until_then_or_until_it_is_lifted() -> None:
    sandbox = stage()
    chat = adapter(sandbox)
    await chat.restrict("health", "chebet", LATER)
    with pytest.raises(SandboxError, match="Chebet may not write"):
        sandbox.post("health", "chebet", "hello", at=NOON)
    sandbox.post("health", "chebet", "hello", at=LATER)
    await chat.unrestrict("health", "chebet")
    sandbox.post("health", "chebet", "hello", at=NOON)


async def test_who_is_banned_is_out_and_cannot_come_back_until_then() -> None:
    sandbox = stage()
    chat = adapter(sandbox)
    await chat.ban("health", "chebet", LATER)
    for way in (sandbox.enter, lambda *who: sandbox.post(who[0], who[1], "hello", at=who[2])):
        with pytest.raises(SandboxError):
            way("health", "chebet", NOON)
    sandbox.enter("health", "chebet", LATER)
    await chat.ban("health", "chebet", LATER)
    await chat.unban("health", "chebet")
    sandbox.enter("health", "chebet", NOON)


async def test_a_closed_chat_takes_only_those_who_are_invited() -> None:
    sandbox = stage()
    await adapter(sandbox).close_invites("health")
    with pytest.raises(SandboxError, match="by invitation only"):
        sandbox.enter("health", "otieno", NOON)
    sandbox.enter("health", "otieno", NOON, invited=True)


ACTS: list[tuple[str, Right]] = [
    ("restrict", "restrict"),
    ("unrestrict", "restrict"),
    ("ban", "ban"),
    ("unban", "ban"),
    ("read_only", "read_only"),
    ("close_invites", "invites"),
]


@pytest.mark.parametrize(("act", "right"), ACTS)
async def test_an_act_is_refused_without_the_right_and_on_a_chat_that_has_none_such(act: str, right: Right) -> None:
    sandbox = stage()
    params = {"until": micros(LATER)}
    for chat in (adapter(sandbox, PLAIN), adapter(sandbox, replace(FULL, **{right: False}))):  # type: ignore[arg-type]
        with pytest.raises(ChatError, match="refused"):
            await keeping.carry_out(chat, act, "health", "chebet", params)
    sandbox.set_standing("health", NOON, read_only=False, rights=RIGHTS - {right})
    with pytest.raises(ChatError, match="the bot lacks the right"):
        await keeping.carry_out(adapter(sandbox), act, "health", "chebet", params)


@pytest.mark.parametrize(("act", "right"), ACTS)
async def test_an_act_done_twice_is_no_error_and_happens_once(act: str, right: Right) -> None:
    sandbox = stage()
    chat = adapter(sandbox)
    watch = sandbox.subscribe()
    for _ in range(2):
        await keeping.carry_out(chat, act, "health", "chebet", {"until": micros(LATER)})
    assert watch.qsize() == (0 if act.startswith("un") else 1)


def test_the_acts_that_can_be_queued_are_those_that_can_be_done() -> None:
    assert set(keeping.KEEPING) == {act for act, _ in ACTS}
    assert isinstance(adapter(stage()), Keeper)


async def test_all_of_it_survives_a_restart(tmp_path: Path) -> None:
    sandbox = stage(tmp_path / "sandbox.jsonl")
    chat = adapter(sandbox)
    sandbox.enter("health", "otieno", NOON)
    await chat.restrict("health", "chebet", LATER)
    await chat.ban("health", "kiptoo", LATER)
    await chat.close_invites("health")
    await chat.set_read_only("health", True)
    sandbox.close()
    again = stage(tmp_path / "sandbox.jsonl").room("health")
    assert (again.muted, again.banned, again.by_invitation, again.read_only) == (
        {"chebet": LATER},
        {"kiptoo": LATER},
        True,
        True,
    )
