"""Calls of the Telegram Bot API through python-telegram-bot, raw JSON in and out, and what its errors mean for us.

The library sends nothing twice by itself. Methods are named in small letters (the Bot API does not mind): under their
own names the library would read the answer into its classes, and an answer that it cannot read would look like a
message that was not sent.
"""

from __future__ import annotations

import os
from typing import Any

# The library then gives times to wait as timedelta, and does not warn of the day when it will.
os.environ.setdefault("PTB_TIMEDELTA", "true")

import httpx
from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from groupbot.chat import ChatError, Picture

CONNECT, WRITE, READ, POOL = 10.0, 20.0, 30.0, 5.0  # seconds; a short read limit would make sends of unknown outcome
CONNECTIONS = 64
LONGEST_DETAIL = 200  # characters; who answers in Telegram's place may send a whole page

# What the library says of an answer without Telegram's words: something in between gave it, and passed nothing on.
NO_WORDS = ("Bad Request (400)", "Forbidden (403)")
# What a 403 says where nothing reaches a chat any more; one that says anything else is refused.
SHUT_OUT = ("bot was kicked", "bot was blocked", "bot is not a member", "user is deactivated", "chat was deleted",
            "group chat was deactivated", "initiate conversation", "send messages to bots",
            "send messages to the user")  # fmt: skip
# What a 400 says -> what it means; matched in small letters, the first that fits. All else is refused for good.
GONE = ("chat not found", "message to edit not found", "message to delete not found", "message to react not found",
        "message to pin not found", "message_id_invalid", "message can't be edited", "reaction_invalid",
        "group chat was deactivated", "peer_id_invalid", "user is deactivated")  # fmt: skip
UNCHANGED = ("message is not modified",)
NO_REPLY = ("message to be replied not found", "replied message not found", "reply message not found")
NO_TOPIC = ("topic_closed", "message thread not found", "topic_deleted", "topic_id_invalid")


class Conflicted(ChatError):
    """Somebody else fetches this bot's updates, or a webhook takes them."""


class TokenRefused(ChatError):
    """Telegram does not know the token."""


class Api:
    """One bot's account. `base_url` ends where the token begins."""

    def __init__(self, token: str, base_url: str) -> None:
        self._token = token
        self._base_url = base_url
        self.bot_id = _bot_id(token)
        request = HTTPXRequest(
            connection_pool_size=CONNECTIONS,
            connect_timeout=CONNECT,
            read_timeout=READ,
            write_timeout=WRITE,
            pool_timeout=POOL,
        )
        self._bot = Bot(token, base_url=base_url, request=request, get_updates_request=request)
        self._request = request
        self._open = False

    async def call(self, method: str, params: dict[str, Any], read: float = READ) -> Any:
        """The result of a method, as JSON. `read` is how long to wait for it, in seconds.

        Raises ChatError.
        """
        if not self._open:
            await self._request.initialize()
            self._open = True
        given = {key: value for key, value in params.items() if value is not None}
        try:
            return await self._bot.do_api_request(method.lower(), api_kwargs=given, read_timeout=read)
        except TelegramError as error:
            raise self._meaning(error) from error

    def url(self, method: str) -> str:
        """A method's address, which holds the token: never to be logged."""
        return f"{self._base_url}{self._token}/{method}"

    async def close(self) -> None:
        """Let go of the connections."""
        if self._open:
            self._open = False
            await self._request.shutdown()

    def _meaning(self, error: TelegramError) -> ChatError:
        detail = error.message.replace(self._token, "(token)")
        if isinstance(error, ChatMigrated):
            return ChatError("moved", new_chat_id=str(error.new_chat_id), detail=detail)
        if isinstance(error, RetryAfter):
            return ChatError("retry_after", retry_after=_seconds(error) + 1, detail=detail)
        if isinstance(error, Forbidden | BadRequest) and detail.startswith(NO_WORDS):
            return ChatError("not_sent", detail=detail[:LONGEST_DETAIL])
        if isinstance(error, Forbidden):
            return ChatError("gone" if _says(detail, SHUT_OUT) else "refused", detail=detail)
        if isinstance(error, Conflict):
            return Conflicted("not_sent", detail=detail)
        if isinstance(error, InvalidToken | EndPointNotFound):
            return TokenRefused("not_sent", detail=detail)
        if isinstance(error, BadRequest):  # which is a NetworkError too, to this library
            return ChatError("gone" if _says(detail, GONE) else "refused", detail=detail)
        if isinstance(error, NetworkError):
            return ChatError("not_sent" if _never_left(error) else "unknown", detail=detail)
        return ChatError("unknown", detail=detail)


def file_of(picture: Picture) -> InputFile:
    """A picture as the parameter of a call, which then goes out as a form with a file."""
    return InputFile(picture.png, picture.name)


def _bot_id(token: str) -> int:
    """The bot's own user id, which every token begins with."""
    number, mark, _ = token.partition(":")
    if not mark or not number.isdigit():
        raise TokenRefused("refused", detail="that is no token of Telegram: it looks like 123456:ABC-DEF…")
    return int(number)


def says(error: ChatError, words: tuple[str, ...]) -> bool:
    """Whether the platform's own words hold one of these."""
    return _says(error.detail, words)


def _says(detail: str, words: tuple[str, ...]) -> bool:
    folded = detail.lower()
    return any(word in folded for word in words)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()


def _never_left(error: NetworkError) -> bool:
    """Whether the call surely did not reach Telegram: there was no connection to send it by."""
    cause = error.__cause__
    if isinstance(error, TimedOut) and isinstance(cause, httpx.PoolTimeout):
        return True
    return isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.UnsupportedProtocol | httpx.InvalidURL)
