"""Every change, told to every open page at once: one stream of server-sent events per page."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from groupbot.chat.sandbox import Sandbox
from groupbot.web.sandbox.settings import CLOCK, SANDBOX, STREAMS
from groupbot.web.sandbox.views import chat_line, message_view, milliseconds

HEARTBEAT = 10  # seconds; carries the clock, and finds pages that are gone
STAGE = frozenset({"chat", "person", "member", "lost"})
ABOUT_MESSAGES = frozenset(
    {"post", "edit", "reaction", "redaction", "say", "bot_edit", "bot_reaction", "bot_delete", "pin"}
)
CLOSING = {"do": "closing"}


async def events(request: web.Request) -> web.StreamResponse:
    """GET /api/events: the stream. A browser that loses it comes back by itself and loads the state anew."""
    sandbox, clock = request.app[SANDBOX], request.app[CLOCK]
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    queue = sandbox.subscribe()
    request.app[STREAMS].add(queue)
    event: dict[str, Any] | None = None
    try:
        while event is not CLOSING:
            change = {} if event is None else change_view(sandbox, event)
            if change is not None:
                told = json.dumps({"now": milliseconds(clock.now()), **change})
                await response.write(f"data: {told}\n\n".encode())
            event = await _next(queue)
    except ConnectionError:
        pass  # the page was closed
    finally:
        request.app[STREAMS].discard(queue)
        sandbox.unsubscribe(queue)
    return response


def change_view(sandbox: Sandbox, event: dict[str, Any]) -> dict[str, Any] | None:
    """What a page must know of one event, or None when it shows nothing of it."""
    do = event["do"]
    if do in STAGE:
        return {"stage": True}
    if do == "clock":
        return {}
    if do in ABOUT_MESSAGES:
        room = sandbox.room(event["chat_id"])
        message = room.messages[event["message_id"]]
        return {"chat": chat_line(room), "message": message_view(sandbox, message)}
    return None


async def close_streams(app: web.Application) -> None:
    """End all streams, so that stopping the server need not wait for the pages to go."""
    for queue in app[STREAMS]:
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(CLOSING)


async def _next(queue: asyncio.Queue[dict[str, Any]]) -> dict[str, Any] | None:
    try:
        return await asyncio.wait_for(queue.get(), HEARTBEAT)
    except TimeoutError:
        return None
