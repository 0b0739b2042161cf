"""M5 to M8, B2 and B3: what is sent arrives once, whatever fails; the session is kept; no hot loops."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat
import time
from pathlib import Path

import pytest

from groupbot.chat import ChatError, Outgoing
from groupbot.chat.matrix import Account, MatrixChat
from groupbot.clock import real_time
from tests.county import FORM
from tests.matrix.county import PASSWORD, County, account, county, make_chat
from tests.matrix.limits import count_calls, send_under_limits
from tests.matrix.synapse import Homeserver

pytestmark = pytest.mark.slow


def bodies(town: County, where: str) -> list[str]:
    return town.lines(where)


async def test_m6_the_same_message_sent_ten_times_is_one_message(town: County) -> None:
    message = Outgoing(town.rooms["health"], "once", "txn-once")
    found = await asyncio.gather(*(town.chat.send(message) for _ in range(10)))
    assert len(set(found)) == 1
    assert bodies(town, "health") == ["once"]


async def test_m6_after_a_restart_and_with_a_new_token_it_is_still_one_message(
    server: Homeserver, tmp_path: Path
) -> None:
    async with county(server, tmp_path) as town:
        message = Outgoing(town.rooms["health"], "once", "txn-once")
        first = await town.chat.send(message)
        file = tmp_path / "matrix-state" / "session.json"
        kept = json.loads(file.read_text())
        file.write_text(json.dumps({**kept, "access_token": ""}))  # the next process logs in anew, on the same device
        fresh = make_chat(server, town.bot, tmp_path)
        await fresh.fetch(None)
        assert await fresh.send(message) == first
        assert json.loads(file.read_text())["device_id"] == kept["device_id"]
        assert json.loads(file.read_text())["access_token"] != kept["access_token"]
        await fresh.close()
        assert bodies(town, "health") == ["once"]


async def test_m6_with_another_device_it_is_found_by_its_key(server: Homeserver, tmp_path: Path) -> None:
    async with county(server, tmp_path) as town:
        tried = town.app.clock()
        message = Outgoing(town.rooms["health"], "once", "txn-once")
        first = await town.chat.send(message)
        for number in range(130):
            town.people["chebet"].say(town.rooms["health"], f"talk {number}")
        (tmp_path / "matrix-state" / "session.json").unlink()
        fresh = make_chat(server, town.bot, tmp_path)
        await fresh.fetch(None)
        again = Outgoing(town.rooms["health"], "once", "txn-once", tried_at=tried)
        assert await fresh.send(again) == first
        await fresh.close()
        assert bodies(town, "health") == ["once"]


async def test_m6_after_a_day_it_is_found_by_its_key(server: Homeserver, tmp_path: Path) -> None:
    async with county(server, tmp_path) as town:
        tried = town.app.clock()
        message = Outgoing(town.rooms["health"], "once", "txn-once")
        first = await town.chat.send(message)
        await asyncio.to_thread(forget_transactions, server)  # the bot meanwhile sees its line end
        again = Outgoing(town.rooms["health"], "once", "txn-once", tried_at=tried)
        assert await town.chat.send(again) == first
        assert await town.chat.send(message) != first  # what the search is there for
        assert len(bodies(town, "health")) == 2


def forget_transactions(server: Homeserver) -> None:
    """What Synapse does with the ids of transactions that are a day old."""
    server.kill()
    with sqlite3.connect(server.folder / "homeserver.db") as database:
        database.execute("DELETE FROM event_txn_id_device_id")
    database.close()
    server.start()


async def test_m6_a_notice_whose_outcome_is_unknown_is_not_said_twice(server: Homeserver, tmp_path: Path) -> None:
    async with county(server, tmp_path) as town:
        real = town.chat.line.call
        cut = []

        async def drops_the_answer(built, token="", seconds=30.0):  # type: ignore[no-untyped-def]
            answer = await real(built, token, seconds)
            if "/send/m.room.message/" in built[1] and not cut:
                cut.append(built)
                raise ChatError("unknown", detail="the line was cut")
            return answer

        town.chat.line.call = drops_the_answer  # type: ignore[method-assign]
        await town.say("chebet", "health", FORM)
        deadline = time.monotonic() + 30
        while await pending(town) and time.monotonic() < deadline:
            await asyncio.sleep(0.3)
            await town.step()
        assert cut
        assert len(bodies(town, "health")) == 1
        said = "SELECT DISTINCT state FROM outbox WHERE platform = 'matrix'"  # the SMS waits for a private chat
        assert await town.all(said) == [("sent",)]


async def pending(town: County) -> bool:
    return bool(await town.all("SELECT 1 FROM outbox WHERE state IN ('new', 'sending', 'unknown')"))


async def test_m8_twenty_restarts_need_one_login(server: Homeserver, tmp_path: Path) -> None:
    bot = account(server, "groupbot")
    asked = []

    def password() -> str:
        asked.append(1)
        return PASSWORD

    devices = set()
    for _ in range(20):
        chat = MatrixChat(Account(server.url, bot.user_id, password, tmp_path), real_time)
        await chat.fetch(None)
        devices.add(chat.session.device_id)
        await chat.close()
    assert (len(asked), len(devices)) == (1, 1)
    assert stat.S_IMODE((tmp_path / "session.json").stat().st_mode) == 0o600


async def test_m8_a_wrong_password_is_tried_once(server: Homeserver, tmp_path: Path) -> None:
    bot = account(server, "groupbot")
    words = ["wrong", "wrong", "wrong", PASSWORD]
    chat = MatrixChat(Account(server.url, bot.user_id, lambda: words[0], tmp_path), real_time)
    calls = count_calls(chat)
    for _ in range(3):
        with pytest.raises(ChatError, match="refused"):
            await chat.fetch(None)
    assert len(calls) == 1
    words[:] = [PASSWORD]
    await chat.fetch(None)
    await chat.close()


async def test_m5_a_session_that_was_ended_is_not_asked_with_again_until_it_is_mended(
    town: County, tmp_path: Path
) -> None:
    file = tmp_path / "matrix-state" / "session.json"
    token = json.loads(file.read_text())["access_token"]
    town.server.call("POST", "/_matrix/client/v3/logout", {}, token)
    town.people["chebet"].say(town.rooms["health"], FORM)
    calls = count_calls(town.chat)
    for _ in range(5):
        with pytest.raises(ChatError, match=r"refused.*remove .*session\.json to log in again"):
            await town.step()
    assert len(calls) == 1
    assert "session.json" in town.chat.trouble
    file.unlink()
    await town.step()
    assert len(await town.posts("health")) == 1
    assert town.chat.trouble == ""


async def test_m22_after_a_soft_logout_the_same_device_logs_in_again(server: Homeserver, tmp_path: Path) -> None:
    async with county(server, tmp_path) as town:
        device = town.chat.session.device_id
        real = town.chat.line.call
        refused = []

        async def soft(built, token="", seconds=30.0):  # type: ignore[no-untyped-def]
            from groupbot.chat.matrix_line import HomeserverError

            if "/sync" in built[1] and not refused:
                refused.append(1)
                raise HomeserverError(401, {"errcode": "M_UNKNOWN_TOKEN", "soft_logout": True}, None)
            return await real(built, token, seconds)

        town.chat.line.call = soft  # type: ignore[method-assign]
        await town.say("chebet", "health", FORM)
        assert (refused, town.chat.session.device_id) == ([1], device)
        assert len(bodies(town, "health")) == 1


async def test_m5_a_homeserver_that_is_away_is_asked_ever_more_seldom_and_taken_up_when_it_is_back(
    server: Homeserver, tmp_path: Path
) -> None:
    async with county(server, tmp_path) as town:
        calls = count_calls(town.chat)
        post = town.people["chebet"].say(town.rooms["health"], FORM)
        server.kill()
        stop = asyncio.Event()
        running = asyncio.create_task(town.app.run(stop))
        try:
            await asyncio.sleep(5)
            assert 1 <= len(calls) <= 4  # at 0, 1 and 3 seconds
            assert town.chat.trouble != ""
            server.start()
            deadline = time.monotonic() + 60
            while not town.lines("health") and time.monotonic() < deadline:
                await asyncio.sleep(0.2)
        finally:
            stop.set()
            await running
        assert await town.posts("health") == [post]
        assert len(bodies(town, "health")) == 1
        assert town.chat.trouble == ""


async def test_b2_a_failing_call_is_made_once_and_ends_in_time(tmp_path: Path) -> None:
    asked = []
    over = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        await over.wait()  # and never says a word
        writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    chat = MatrixChat(Account(f"http://127.0.0.1:{port}", "@bot:county.test", lambda: "x", tmp_path), real_time)
    (tmp_path / "session.json").write_text(json.dumps({"access_token": "t", "device_id": "D"}))
    began = time.monotonic()
    with pytest.raises(ChatError, match="unknown"):
        await chat.session.call(("GET", "/_matrix/client/v3/sync"), 1.0)
    assert time.monotonic() - began < 5
    assert len(asked) == 1
    task = asyncio.create_task(chat.ping())
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await chat.close()
    over.set()
    listening.close()
    await listening.wait_closed()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\noops", "unknown"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\noops", "unknown"),
        (b"HTTP/1.1 429 Slow\r\nContent-Length: 23\r\n\r\n" + b'{"retry_after_ms": 900}', "retry_after"),
        (b"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\n{}", "retry_after"),
        (b"HTTP/1.1 403 No\r\nContent-Length: 25\r\n\r\n" + b'{"errcode":"M_FORBIDDEN"}', "refused"),
        (b"HTTP/1.1 404 No\r\nContent-Length: 25\r\n\r\n" + b'{"errcode":"M_NOT_FOUND"}', "gone"),
        (b"HTTP/1.1 404 No\r\nContent-Length: 28\r\n\r\n" + b'{"errcode":"M_UNRECOGNIZED"}', "refused"),
        (b"HTTP/1.1 413 No\r\nContent-Length: 4\r\n\r\noops", "refused"),
        (b"HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\n{}", "not_sent"),  # something in between says so
        (b"HTTP/1.1 404 No\r\nContent-Length: 19\r\n\r\n404 page not found\n", "not_sent"),
        (b"HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\n[]", "not_sent"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{", "unknown"),
        (b"", "unknown"),
    ],
)
async def test_m5_b2_each_way_of_failing_has_its_kind_and_is_asked_once(
    answer: bytes, kind: str, tmp_path: Path
) -> None:
    asked = []

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        writer.close()

    listening = await asyncio.start_server(reply, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    chat = MatrixChat(Account(f"http://127.0.0.1:{port}", "@bot:county.test", lambda: "x", tmp_path), real_time)
    (tmp_path / "session.json").write_text(json.dumps({"access_token": "secret", "device_id": "D"}))
    with pytest.raises(ChatError) as failed:
        await chat.ping()
    assert failed.value.kind == kind
    assert failed.value.retry_after == {429: 0.9 if b"900" in answer else 7.0}.get(429 if b" 429 " in answer else 0)
    assert len(asked) == 1
    assert b"secret" not in asked[0].splitlines()[0]  # never in an address
    await chat.close()
    listening.close()


async def test_b2_no_connection_is_surely_not_sent(tmp_path: Path) -> None:
    chat = MatrixChat(Account("http://127.0.0.1:9", "@bot:county.test", lambda: "x", tmp_path), real_time)
    (tmp_path / "session.json").write_text(json.dumps({"access_token": "t", "device_id": "D"}))
    with pytest.raises(ChatError, match="not_sent"):
        await chat.ping()
    await chat.close()


async def test_b3_nothing_is_said_before_it_is_committed(town: County, monkeypatch: pytest.MonkeyPatch) -> None:
    from groupbot.store import inbox

    town.people["chebet"].say(town.rooms["health"], FORM)

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("stopped before the commit")

    with monkeypatch.context() as patched:
        patched.setattr(inbox, "move_cursor", fails)
        with pytest.raises(RuntimeError):
            await town.step()
    await town.app.delivery.deliver_due()
    assert bodies(town, "health") == []
    await town.step()
    assert len(bodies(town, "health")) == 1
    sent = await town.all("SELECT message_id FROM outbox WHERE state = 'sent' AND chat_id = ?", town.rooms["health"])
    linked = await town.all(
        "SELECT message_id FROM message_link WHERE kind = 'bot' AND chat_id = ?", town.rooms["health"]
    )
    assert sent == linked == [(town.messages("health")[0]["event_id"],)]


@pytest.mark.timeout(300)
async def test_m7_with_synapses_own_limits_all_arrives_in_order_and_no_room_is_starved(
    strict_server: Homeserver, tmp_path: Path
) -> None:
    found = await send_under_limits(strict_server, tmp_path, each=12)
    assert found.wrong == ()
    assert found.seconds > 40  # that there was a limit at all: ten at once, then one in five seconds
