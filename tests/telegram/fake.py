"""A Bot API server of our own on loopback: queue, offsets, long polls, limits, rights, and failures to order.

It refuses every call, parameter and type that the Bot API's description does not have, and holds its own updates
against the description too. It models the documented behaviour; what only the live service shows is in the README.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.telegram import spec
from tests.telegram.methods import METHODS
from tests.telegram.world import BOT_ID, TOKEN, Json, Refused, World

DAY = 24 * 3600
MAX_BATCH = 100


@dataclass(frozen=True)
class Failure:
    """What is to go wrong with one call: an answer (code, description, parameters), or when `how` is not "answer":
    "hang" (no answer), "drop" (the connection is closed), "502" or "page" (no answer of Telegram's but a page with that
    code); these after the call has taken effect if `arrives`.
    """

    how: str = "answer"
    code: int = 400
    description: str = ""
    parameters: tuple[tuple[str, int], ...] = ()
    arrives: bool = True


@dataclass(frozen=True)
class Call:
    """One call that came in, when (the fake's clock, seconds), and its parameters decoded."""

    method: str
    params: Json
    at: float
    done: bool = True


class FakeTelegram:
    """The server. `now` gives seconds since 1970 and is also the clock of its limits, which hold if `strict`."""

    def __init__(self, now: Callable[[], float] = time.time, *, strict: bool = False) -> None:
        self.now = now
        self.strict = strict
        self.world = World(lambda: int(now()), self._tell)
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.allowed: list[str] | None = None
        self.webhook: Json = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.base_url = ""
        self.next_update = 500_000
        self.skew = 0  # seconds by which the server's Date is off
        self.polls = 0  # polls that have begun; `calls` has each when it is answered
        self.token = TOKEN
        self._queue: deque[tuple[int, Json, float]] = deque()
        self._came = asyncio.Event()
        self._poll: asyncio.Future[None] | None = None
        self._failures: dict[str, deque[Failure]] = defaultdict(deque)
        self._sends: dict[int, deque[float]] = defaultdict(deque)
        self._answered: set[str] = set()

    # --- to order -------------------------------------------------------------------------------------------------

    def fail(self, method: str, *failures: Failure) -> None:
        """Let the next calls of a method fail, one after the other."""
        self._failures[method.lower()].extend(failures)

    def called(self, method: str) -> list[Json]:
        """The parameters of all calls of a method that were taken."""
        return [call.params for call in self.calls if call.method == method.lower() and call.done]

    def sent(self, chat_id: int) -> list[Json]:
        """The bot's messages that stand in a chat."""
        return [one for one in self.world.chats[chat_id].messages.values() if one["from"]["id"] == BOT_ID]

    def texts(self, chat_id: int) -> list[str]:
        """What they say."""
        return [one.get("text", "") or one.get("caption", "") for one in self.sent(chat_id)]

    def queue(self, update: Json) -> None:
        """Put an update as it is into the queue, whatever it says; without a number it gets the next one."""
        if "update_id" not in update:
            update = {"update_id": self.next_update, **update}
        self.next_update = max(self.next_update, update["update_id"] + 1)
        self._queue.append((update["update_id"], update, self.now()))
        self._came.set()

    def waiting(self) -> int:
        """How many updates are not confirmed."""
        return len(self._queue)

    def _tell(self, content: Json) -> None:
        update = {"update_id": self.next_update, **content}
        with suppress(spec.NoSpec):
            self.violations += spec.wrong_update(update)
        self.queue(json.loads(json.dumps(update)))

    # --- calls ----------------------------------------------------------------------------------------------------

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        token, method = request.match_info["token"], request.match_info["method"].lower()
        form = dict(await request.post()) if request.method == "POST" else dict(request.query)
        files = {name: value.file.read() for name, value in form.items() if isinstance(value, web.FileField)}
        given = {name: spec.FILE if name in files else str(value) for name, value in form.items()}
        if token != self.token:
            return self._answer(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
        try:
            wrong = spec.wrong_call(method, given)
        except spec.NoSpec:
            wrong = [] if method in METHODS or method == "getupdates" else [f"no method {method}"]
        params = {name: _decoded(value) for name, value in given.items()} | files
        if wrong:
            self.violations += wrong
            return self._answer(404, {"ok": False, "error_code": 404, "description": "; ".join(wrong)})
        return await self._do(request, method, params)

    async def _do(self, request: web.Request, method: str, params: Json) -> web.StreamResponse:
        failure = self._failures[method].popleft() if self._failures[method] else None
        if failure is not None and (failure.how == "answer" or not failure.arrives):
            self.calls.append(Call(method, params, self.now(), done=False))
            return await self._fail(request, failure)
        try:
            result = await self._updates(params) if method == "getupdates" else self._run(method, params)
        except Refused as refused:
            self.calls.append(Call(method, params, self.now(), done=False))
            body = {"ok": False, "error_code": refused.code, "description": refused.description}
            return self._answer(refused.code, body | ({"parameters": refused.parameters} if refused.parameters else {}))
        self.calls.append(Call(method, params, self.now()))
        if failure is not None:
            return await self._fail(request, failure)
        return self._answer(200, {"ok": True, "result": result})

    async def _fail(self, request: web.Request, failure: Failure) -> web.StreamResponse:
        if failure.how == "hang":
            await asyncio.sleep(3600)
        if failure.how == "drop" and request.transport is not None:
            request.transport.close()
        if failure.how == "502":
            return web.Response(status=502, text="<html>Bad Gateway</html>")
        if failure.how == "page":
            return web.Response(status=failure.code, text=f"<html>{failure.description}</html>")
        body = {"ok": False, "error_code": failure.code, "description": failure.description}
        return self._answer(
            failure.code, body | ({"parameters": dict(failure.parameters)} if failure.parameters else {})
        )

    def _answer(self, code: int, body: Mapping[str, Any]) -> web.Response:
        stamp = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(self.now() + self.skew))
        return web.json_response(body, status=code, headers={"Date": stamp})

    def _run(self, method: str, params: Json) -> Any:
        if method in ("sendmessage", "sendphoto", "editmessagetext"):
            self._pace(int(params["chat_id"]), method)
        return METHODS[method](self, params)

    def _pace(self, chat_id: int, method: str) -> None:
        """One message a second in a chat, 20 a minute in a group, 30 a second in all."""
        now = self.now()
        if not self.strict or method == "editmessagetext":
            return
        here, everywhere = self._sends[chat_id], self._sends[0]
        limits = [(here, 1, 1.0), (everywhere, 30, 1.0)] + ([(here, 20, 60.0)] if chat_id < 0 else [])
        for sends, most, span in limits:
            recent = [at for at in sends if now - at < span]
            if len(recent) >= most:
                wait = max(1, round(span - (now - recent[-most])))
                raise Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        here.append(now)
        everywhere.append(now)

    # --- updates --------------------------------------------------------------------------------------------------

    async def _updates(self, params: Json) -> list[Json]:
        if self.webhook.get("url"):
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        self.polls += 1
        if "allowed_updates" in params:
            self.allowed = params["allowed_updates"]
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(
                Refused(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance")
            )
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poll = mine
        offset = params.get("offset")
        if offset is not None:
            self._queue = deque(one for one in self._queue if one[0] >= offset)
        mine.add_done_callback(lambda poll: poll.cancelled() or poll.exception())  # its caller may be gone
        until = asyncio.get_running_loop().time() + params.get("timeout", 0)
        while not (found := self._ready(params.get("limit", MAX_BATCH))):
            left = until - asyncio.get_running_loop().time()
            if left <= 0 and not mine.done():
                break
            self._came.clear()
            came = asyncio.ensure_future(self._came.wait())
            await asyncio.wait((came, mine), timeout=max(0.0, left), return_when=asyncio.FIRST_COMPLETED)
            came.cancel()
            if mine.done():
                mine.result()
        if not mine.done():
            mine.set_result(None)
        return found

    def _ready(self, limit: int) -> list[Json]:
        """The oldest updates that are younger than a day and asked for."""
        while self._queue and self.now() - self._queue[0][2] > DAY:
            self._queue.popleft()
        named = self.allowed or ["message", "edited_message", "callback_query", "my_chat_member"]
        fitting = [one for _, one, _ in self._queue if one.keys() & {*named} or len(one) == 1 or _strange(one)]
        return fitting[: min(limit, MAX_BATCH)]

    # --- serving --------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def served(self, port: int = 0) -> AsyncIterator[FakeTelegram]:
        """Serve on loopback; `base_url` is set meanwhile."""
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        host, bound = runner.addresses[0][:2]
        self.base_url = f"http://{host}:{bound}/bot"
        try:
            yield self
        finally:
            await runner.cleanup()


def _decoded(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if not isinstance(value, str) else text


def _strange(update: Json) -> bool:
    """An update of a kind that nobody knows yet is delivered whatever is asked for."""
    return any(key.startswith("x_") for key in update)


def words(calls: Iterable[Json]) -> list[str]:
    """The texts of some calls."""
    return [call["text"] for call in calls]
