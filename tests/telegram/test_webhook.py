"""The webhook: answered only after the commit, to nobody without the secret, and nothing lost or doubled."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from groupbot.app import App
from groupbot.chat import telegram_webhook
from groupbot.chat.telegram import ALLOWED, TelegramChat
from groupbot.chat.telegram_api import Api
from groupbot.chat.telegram_webhook import SECRET_HEADER, Hook, Webhook
from groupbot.clock import real_time
from groupbot.store.database import OperationalError, Store
from tests.county import FORM
from tests.telegram.fake import FakeTelegram
from tests.telegram.town import GROUPS, USERS, enrol, jurisdiction, set_up
from tests.telegram.world import TOKEN

SECRET = "a-long_secret"


class Hooked:
    """A running bot behind a webhook."""

    def __init__(self, app: App, fake: FakeTelegram, port: int, session: aiohttp.ClientSession) -> None:
        self.app = app
        self.fake = fake
        self.address = f"http://127.0.0.1:{port}/hook"
        self.session = session

    async def send(self, update: object, secret: str = SECRET) -> int:
        """Call as Telegram would; the status of the answer."""
        async with self.session.post(self.address, json=update, headers={SECRET_HEADER: secret}) as answer:
            return answer.status

    def post(self, text: str = FORM) -> dict[str, Any]:
        """An update that Telegram would send."""
        self.fake.world.post(GROUPS["health"], USERS["chebet"], text)
        return self.fake._queue.pop()[1]

    async def count(self) -> int:
        """How many requests there are."""
        return int(
            await self.app.worker.run(lambda: self.app.store.read(lambda tx: tx.scalar("SELECT count(*) FROM request")))
        )


@asynccontextmanager
async def hooked() -> AsyncIterator[Hooked]:
    """A bot that runs behind a webhook."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    fake = FakeTelegram()
    set_up(fake)
    async with fake.served(), aiohttp.ClientSession() as session:
        api = Api(TOKEN, fake.base_url)
        source = Webhook(api, Hook("https://county.example/hook", f"127.0.0.1:{port}", SECRET), ALLOWED)
        app = App(jurisdiction(), Store("sqlite://"), {"telegram": TelegramChat(api, real_time, source)}, real_time)
        await app.start(lambda tx: enrol(tx, app.jurisdiction, real_time()))
        stop = asyncio.Event()
        running = asyncio.create_task(app.run(stop))
        try:
            await _told(fake)
            yield Hooked(app, fake, port, session)
        finally:
            stop.set()
            await running
            await app.close()
    assert fake.violations == []


async def _told(fake: FakeTelegram) -> None:
    async with asyncio.timeout(10):
        while not fake.called("setWebhook"):
            await asyncio.sleep(0.05)


async def test_telegram_is_told_where_to_call_with_the_secret_and_what_is_wanted() -> None:
    async with hooked() as here:
        (call,) = here.fake.called("setWebhook")
        assert call == {
            "url": "https://county.example/hook",
            "secret_token": SECRET,
            "allowed_updates": list(ALLOWED),
            "max_connections": 40,
        }


async def test_a_call_is_answered_after_its_commit_and_once_however_often_it_is_made() -> None:
    async with hooked() as here:
        update = here.post()
        assert await here.send(update) == 200
        assert await here.count() == 1
        assert await here.send(update) == 200
        assert await here.count() == 1


async def test_many_calls_at_once_are_all_answered() -> None:
    async with hooked() as here:
        updates = [here.post(FORM.replace("malaria drugs", f"thing {n} {n * 7919}")) for n in range(20)]
        assert await asyncio.gather(*map(here.send, updates)) == [200] * 20
        kept = "SELECT count(*) FROM inbox WHERE kind = 'post'"  # some of one person's twenty wait for their turn
        assert await here.app.worker.run(lambda: here.app.store.read(lambda tx: tx.scalar(kept))) == 20


async def test_what_cannot_be_committed_is_not_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_webhook, "PATIENCE", 0.5)
    async with hooked() as here:
        take = here.app.intake.take

        def full(*_: Any) -> None:
            raise OperationalError("database or disk is full")

        monkeypatch.setattr(here.app.intake, "take", full)
        update = here.post()
        assert await here.send(update) == 503
        monkeypatch.setattr(here.app.intake, "take", take)
        monkeypatch.setattr(telegram_webhook, "PATIENCE", 20.0)
        assert await here.send(update) == 200
        assert await here.count() == 1


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", "é"])
async def test_nobody_without_the_secret_is_heard(secret: str) -> None:
    async with hooked() as here:
        assert await here.send(here.post(), secret) == 403
        assert await here.count() == 0


@pytest.mark.parametrize("update", [[], {}, {"update_id": "7"}, {"update_id": True}, 7, "x"])
async def test_what_is_no_update_is_refused(update: object) -> None:
    async with hooked() as here:
        assert await here.send(update) == 400
