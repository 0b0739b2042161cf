"""Updates that Telegram sends to an address of ours: answered 200 only after they are committed.

The https server in front hands the calls on to `listen`. A call whose update is not committed in time is answered 503,
and Telegram sends it again.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections import OrderedDict
from dataclasses import dataclass

from aiohttp import web

from groupbot.chat import ChatError
from groupbot.chat.telegram_api import Api

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
PATIENCE = 50.0  # seconds; Telegram waits for a minute
LARGEST = 4 * 1024 * 1024  # bytes of one update
CONNECTIONS = 40


@dataclass(frozen=True, slots=True)
class Hook:
    """Where Telegram is to call (`url`), where that arrives (`listen`, host:port), and the secret that it must show."""

    url: str
    listen: str
    secret: str


class Webhook:
    """A source of updates: what came is kept here until it is confirmed. `allowed` names the kinds that are wanted."""

    def __init__(self, api: Api, hook: Hook, allowed: tuple[str, ...]) -> None:
        self._api = api
        self._hook = hook
        self._allowed = allowed
        self._waiting: OrderedDict[int, tuple[dict[str, object], list[asyncio.Future[None]]]] = OrderedDict()
        self._came = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def fetch(self, confirmed: int | None, limit: int, wait: float) -> list[dict[str, object]]:
        """What came and is not confirmed, in the order of its numbers; waits so many seconds for the first.

        Raises ChatError when Telegram does not take the address, OSError when nothing can listen there.
        """
        if self._runner is None:
            await self._begin()
        if confirmed is not None:
            self._confirm(confirmed)
        if not self._waiting and wait > 0:
            self._came.clear()
            with_timeout = asyncio.wait_for(self._came.wait(), wait)
            try:
                await with_timeout
            except TimeoutError:
                return []
        return [self._waiting[number][0] for number in sorted(self._waiting)[:limit]]

    def _confirm(self, up_to: int) -> None:
        for number in [number for number in self._waiting if number <= up_to]:
            for answered in self._waiting.pop(number)[1]:
                if not answered.done():
                    answered.set_result(None)

    async def _begin(self) -> None:
        app = web.Application(client_max_size=LARGEST)
        app.router.add_post("/{path:.*}", self._receive)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        host, _, port = self._hook.listen.rpartition(":")
        try:
            await web.TCPSite(runner, host, int(port)).start()
            params = {"url": self._hook.url, "secret_token": self._hook.secret}
            await self._api.call(
                "setWebhook", {**params, "allowed_updates": list(self._allowed), "max_connections": CONNECTIONS}
            )
        except (OSError, ChatError):
            await runner.cleanup()
            raise
        self._runner = runner

    async def _receive(self, request: web.Request) -> web.Response:
        shown = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(shown.encode(), self._hook.secret.encode()):
            return web.Response(status=403)
        try:
            update = json.loads(await request.text())
            number = update["update_id"]
        except (ValueError, KeyError, TypeError):
            return web.Response(status=400)
        if type(number) is not int:
            return web.Response(status=400)
        answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(number, (update, []))[1].append(answered)
        self._came.set()
        try:
            await asyncio.wait_for(answered, PATIENCE)
        except TimeoutError:
            return web.Response(status=503)
        return web.Response(status=200)

    async def close(self) -> None:
        """Stop listening; Telegram keeps what it could not deliver for a day."""
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()
