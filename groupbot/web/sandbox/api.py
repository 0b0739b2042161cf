"""The page's JSON API: what it reads and what people do there. Bad input is a 400 with a sentence."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from groupbot.chat.sandbox import PostExtras, Room, Sandbox
from groupbot.records import Attachment
from groupbot.web.sandbox.clock_moves import target
from groupbot.web.sandbox.guard import BadInputError
from groupbot.web.sandbox.settings import ADVANCING, CLOCK, ON_ADVANCE, SANDBOX, SETTINGS
from groupbot.web.sandbox.views import message_view, messages_view, milliseconds, stage_view

WORTH_PACKING = 1024  # bytes
PIN = "geo:0.000000,0.000000"  # where a pin of the sandbox points: nobody lives there
LONGEST_EMOJI = 16  # code points: a family with skin tones


async def state(request: web.Request) -> web.Response:
    """GET /api/state: the county, the clock, all chats and people."""
    app, settings = request.app, request.app[SETTINGS]
    head = {
        "county": settings.county,
        "timezone": settings.timezone,
        "form": settings.blank_form,
        "opening": settings.next_opening is not None,
        "now": milliseconds(app[CLOCK].now()),
    }
    return _packed(request, head | stage_view(app[SANDBOX]))


async def messages(request: web.Request) -> web.Response:
    """GET /api/messages?chat=ID[&before=MESSAGE_ID]: the newest messages, or the ones before an id."""
    before = request.query.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 16):
        raise BadInputError("'before' must be a message's number.")
    chat_id = request.query.get("chat", "")
    return _packed(request, messages_view(request.app[SANDBOX], chat_id, int(before) if before else None))


async def picture(request: web.Request) -> web.Response:
    """GET /api/picture?chat=ID&message=ID: the PNG file that stands with a message."""
    message = request.app[SANDBOX].message(request.query.get("chat", ""), request.query.get("message", ""))
    if message.picture is None:
        raise web.HTTPNotFound
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}  # a picture is never edited
    return web.Response(body=message.picture.png, content_type="image/png", headers=headers)


async def post(request: web.Request) -> web.Response:
    """POST /api/post {chat_id, user_id, text, reply_to?, forwarded?, photo?, pin?}."""
    body, sandbox = await _body(request), request.app[SANDBOX]
    room = _room(request, body)
    extras: PostExtras = {"forwarded": _flag(body, "forwarded")}
    if body.get("reply_to") is not None:
        extras["reply_to"] = _text(body, "reply_to")
    files: list[Attachment] = []
    if _flag(body, "photo"):
        name = f"photo-{room.next_id()}"
        files.append(Attachment("photo", f"{room.chat_id}/{name}", f"{name}.jpg"))
    if _flag(body, "pin"):
        files.append(Attachment("location", PIN))
    if files:
        extras["attachments"] = tuple(files)
    text = _text(body, "text")
    message_id = sandbox.post(room.chat_id, _text(body, "user_id"), text, at=request.app[CLOCK].now(), **extras)
    return _message(request, room.chat_id, message_id)


async def edit(request: web.Request) -> web.Response:
    """POST /api/edit {chat_id, user_id, message_id, text}."""
    return await _change(request, Sandbox.edit, _text(await _body(request), "text"))


async def tap(request: web.Request) -> web.Response:
    """POST /api/tap {chat_id, user_id, message_id, token}."""
    return await _change(request, Sandbox.tap, _text(await _body(request), "token"))


async def react(request: web.Request) -> web.Response:
    """POST /api/react {chat_id, user_id, message_id, emoji}; an empty emoji takes the reaction away."""
    emoji = _text(await _body(request), "emoji")
    if len(emoji) > LONGEST_EMOJI:
        raise BadInputError("One emoji, please.")
    return await _change(request, Sandbox.react, emoji)


async def delete(request: web.Request) -> web.Response:
    """POST /api/delete {chat_id, user_id, message_id}."""
    return await _change(request, Sandbox.delete)


async def clock(request: web.Request) -> web.Response:
    """POST /api/clock {move}: "hour", "day", "opening" or a local date and time; answers when all that was due ran."""
    app, settings = request.app, request.app[SETTINGS]
    move = _text(await _body(request), "move")
    if app[ADVANCING].locked():
        raise BadInputError("The clock is already moving; wait until it stands.")
    async with app[ADVANCING]:
        to = target(move, app[CLOCK].now(), ZoneInfo(settings.timezone), settings.next_opening)
        await app[ON_ADVANCE](to)
        app[SANDBOX].clock_moved(app[CLOCK].now())
    return web.json_response({"now": milliseconds(app[CLOCK].now())})


async def _change(request: web.Request, act: Callable[..., None], *values: str) -> web.Response:
    body = await _body(request)
    chat_id, user_id, message_id = (_text(body, key) for key in ("chat_id", "user_id", "message_id"))
    act(request.app[SANDBOX], chat_id, user_id, message_id, *values, request.app[CLOCK].now())
    return _message(request, chat_id, message_id)


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except (ValueError, RecursionError) as error:
        raise BadInputError("That is not JSON.") from error
    if not isinstance(body, dict):
        raise BadInputError("A JSON object is expected.")
    return body


def _text(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str):
        raise BadInputError(f"'{key}' is missing or is not text.")
    return value


def _flag(body: dict[str, Any], key: str) -> bool:
    value = body.get(key, False)
    if not isinstance(value, bool):
        raise BadInputError(f"'{key}' must be true or false.")
    return value


def _room(request: web.Request, body: dict[str, Any]) -> Room:
    return request.app[SANDBOX].room(_text(body, "chat_id"))


def _message(request: web.Request, chat_id: str, message_id: str) -> web.Response:
    sandbox = request.app[SANDBOX]
    return web.json_response(message_view(sandbox, sandbox.room(chat_id).messages[message_id]))


def _packed(request: web.Request, data: dict[str, Any]) -> web.Response:
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if len(plain) >= WORTH_PACKING and "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        plain = gzip.compress(plain, 6, mtime=0)
    return web.Response(body=plain, content_type="application/json", charset="utf-8", headers=headers)
