"""Accepting posts as Telegram and Matrix hand them over: from the answer's text, through the adapter, a commit each."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from groupbot.chat.matrix import Account, MatrixChat
from groupbot.chat.telegram import TelegramChat
from groupbot.chat.telegram_api import Api
from groupbot.intake.batches import Intake
from groupbot.records import Batch, instant
from groupbot.worker import Worker
from tests.bench.county import ON_THE_WAY, County, county
from tests.bench.laps import Laps, Measures
from tests.bench.text import FIRST_AT, Post, posts

WARM_UP = 30
ME = "@groupbot:county.example"


class TelegramAnswers:
    """getUpdates, answered from a list of texts: one post each."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts

    async def fetch(self, confirmed: int | None, limit: int, wait: float) -> list[dict[str, Any]]:
        """The next answer."""
        return list(json.loads(next(self._texts))["result"])

    async def close(self) -> None:
        """Nothing to close."""


def telegram(count: int, folder: Path) -> Measures:
    """Telegram's updates."""
    with county(folder) as ours:
        numbers = _settle(ours, "telegram", numeric=True)
        texts = iter([_as_telegram(post, numbers) for post in posts(WARM_UP + count)])
        chat = TelegramChat(Api("1:x", "http://127.0.0.1:9/bot"), _now, TelegramAnswers(texts))
        return _measure(ours, "telegram", chat, count)


def matrix(count: int, folder: Path) -> Measures:
    """Matrix's answers to /sync."""
    with county(folder) as ours:
        _settle(ours, "matrix", numeric=False)
        texts = iter([_as_matrix(post) for post in posts(WARM_UP + count)])
        chat = MatrixChat(Account("http://127.0.0.1:9", ME, lambda: "", folder), _now)

        async def call(*_: object) -> Any:
            return json.loads(next(texts))

        chat.session.call = call  # type: ignore[method-assign]
        return _measure(ours, "matrix", chat, count)


def _now() -> datetime:
    return instant(FIRST_AT)


def _settle(ours: County, platform: str, *, numeric: bool) -> dict[str, int]:
    """The people and groups of the county as those of a platform; Telegram's ids are numbers."""
    numbers: dict[str, int] = {}

    def move(tx: Any) -> None:
        for table, column, sign in (("identity", "user_id", 1), ("chat", "chat_id", -1)):
            tx.execute(f"UPDATE {table} SET platform = ?", (platform,))
            for pk, name in tx.all(f"SELECT id, {column} FROM {table}") if numeric else ():
                numbers[name] = sign * (1000 + pk)
                tx.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (str(numbers[name]), pk))
        tx.execute("UPDATE roster_version SET version = version + 1")

    ours.store.write_tx(move)
    return numbers


def _measure(ours: County, platform: str, chat: Any, count: int) -> Measures:
    intake = Intake(ours.store, ours.intake.jurisdiction, {platform: chat.parse})
    measures = asyncio.run(_through_worker(intake, platform, chat, count))
    assert ours.count("SELECT COUNT(*) FROM request") == WARM_UP + count
    return measures


async def _through_worker(intake: Intake, platform: str, chat: Any, count: int) -> Measures:
    worker = Worker()
    cursor = json.dumps({"since": "s0", "joined": {}}) if platform == "matrix" else None

    async def one() -> None:
        nonlocal cursor
        batch: Batch = await chat.fetch(cursor)
        cursor = batch.cursor
        now = batch.updates[-1].sent_at + ON_THE_WAY
        await worker.run(lambda: intake.take(platform, batch, now))

    for _ in range(WARM_UP):
        await one()
    laps = Laps()
    for _ in range(count):
        with laps:
            await one()
    worker.close()
    await chat.close()
    return laps.measures(count)


def _as_telegram(post: Post, numbers: dict[str, int]) -> str:
    sender = {"id": numbers[post.user_id], "is_bot": False, "first_name": "Ward Admin", "last_name": post.ward}
    chat = {"id": numbers[post.service_code], "title": post.service_code, "type": "supergroup"}
    message = {"message_id": post.number, "from": sender, "chat": chat, "date": post.at // 1_000_000}
    update = {"update_id": 1_000_000 + post.number, "message": {**message, "text": post.text}}
    return json.dumps({"ok": True, "result": [update]})


def _as_matrix(post: Post) -> str:
    event = {
        "type": "m.room.message",
        "sender": post.user_id,
        "content": {"msgtype": "m.text", "body": post.text, "m.mentions": {}},
        "origin_server_ts": post.at // 1000,
        "unsigned": {"age": 100},
        "event_id": f"${post.number:043d}",
    }
    timeline = {"events": [event], "prev_batch": f"s{post.number}", "limited": False}
    empty: dict[str, list[object]] = {"events": []}
    room = {"timeline": timeline, "state": empty, "account_data": empty, "ephemeral": empty, "summary": {}}
    room["unread_notifications"] = {"notification_count": 0, "highlight_count": 0}
    return json.dumps({"next_batch": f"s{post.number}_1_0_1_1", "rooms": {"join": {post.service_code: room}}})
