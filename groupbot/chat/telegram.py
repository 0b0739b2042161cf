"""The bot's adapter to Telegram: our own getUpdates loop on raw JSON, and sends that happen at most once a call.

An update is confirmed by asking for the next one, so it is asked for only after the commit. Every process asks first
without an offset: the numbers of updates start anew at chance after a quiet week, and a stored one might lie above.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from groupbot.chat import Buttons, ChatError, Outgoing, Picture
from groupbot.chat.telegram_api import NO_REPLY, NO_TOPIC, UNCHANGED, Api, Conflicted, TokenRefused, file_of, says
from groupbot.chat.telegram_keeping import Keeping
from groupbot.chat.telegram_recovery import SUPERGROUPS, Recovery
from groupbot.chat.telegram_text import LONGEST, LONGEST_CAPTION, split, units
from groupbot.chat.telegram_update import CONTINUE, FETCHED, PLATFORM, message_id, parse, read
from groupbot.records import ALONE, COPY, Batch, Capabilities, Rate, Update

log = logging.getLogger(__name__)

CAPABILITIES = Capabilities(
    reactions=True,
    edits=True,
    buttons=True,
    delete=True,
    pins=True,
    read_only=True,
    copy_button=True,
    alone_button=True,
    restrict=True,
    ban=True,
    invites=True,
    members=True,
    pictures=True,
    rates=(Rate(1, 1.0), Rate(20, 60.0)),
    longest=LONGEST,
    deletes_for=timedelta(hours=48),  # Bot API, deleteMessage
)
PRIVATE = replace(
    CAPABILITIES,
    read_only=False,
    restrict=False,
    ban=False,
    invites=False,
    members=False,
    rates=(Rate(1, 1.0),),
)
RATES = (Rate(25, 1.0),)  # Telegram names 30 a second for all chats; the rest is for what people's taps need
# Edits, pins and reactions count as messages here: how Telegram counts them it does not say.
TAKEN_BY_ANOTHER = "another program, or a webhook, takes this bot's updates"
IN_TURNS = timedelta(minutes=5)  # two programs with one token both get some: how long a conflict is told of
RETENTION = timedelta(hours=24)  # how long Telegram keeps what nobody fetched
# Named at every poll: what is left out stays as it was, and members and reactions come only when they are named.
ALLOWED = (
    "message",
    "edited_message",
    "callback_query",
    "message_reaction",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
)
SCOPES = {"groups": "all_group_chats", "officers": "all_chat_administrators", "private": "all_private_chats"}
LONGEST_DESCRIPTION = 256  # characters of what a command does
HOME = "https://t.me/"
LONGEST_TOKEN = 64  # bytes of a button's data
LONGEST_COPY = 256  # UTF-16 units that a button can copy
REMEMBERED = 200  # half-sent long messages

Raw = list[dict[str, Any]]
Part = tuple[str, Picture | None]


class Source(Protocol):
    """Where updates come from: asked for, or sent by Telegram to an address of ours."""

    async def fetch(self, confirmed: int | None, limit: int, wait: float) -> Raw:
        """The oldest updates above `confirmed`, which is never fetched again; None confirms nothing."""
        ...

    async def close(self) -> None:
        """Stop taking any."""
        ...


class Polling:
    """getUpdates."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def fetch(self, confirmed: int | None, limit: int, wait: float) -> Raw:
        """The oldest updates above `confirmed`. Raises ChatError."""
        params = {
            "offset": None if confirmed is None else confirmed + 1,
            "limit": limit,
            "timeout": int(wait),
            "allowed_updates": list(ALLOWED),
        }
        found = await self._api.call("getUpdates", params, read=wait + 15)
        return [one for one in found if isinstance(one, dict)]

    async def close(self) -> None:
        """Nothing to stop."""


class TelegramChat(Recovery, Keeping):
    """Telegram as the bot sees it. `now` gives the present (aware UTC); `source` None asks by getUpdates."""

    platform = PLATFORM
    capabilities = CAPABILITIES
    rates: tuple[Rate, ...] = RATES
    retention = RETENTION

    def __init__(self, api: Api, now: Callable[[], datetime], source: Source | None = None) -> None:
        super().__init__(api)
        self.trouble = ""  # why nothing comes in, in words for the operator; '' while all is well
        self._conflicted_at: datetime | None = None
        self._now = now
        self._source: Source = source or Polling(api)
        self._given: int | None = None  # the last update that was handed out
        self._answers: set[asyncio.Task[None]] = set()
        self._name = ""  # the bot's username, asked for when it is needed first
        self._begun: dict[str, list[str]] = {}  # txn id -> the parts of a long message that are sent

    def capabilities_of(self, chat_id: str) -> Capabilities:
        """What this chat offers."""
        if not chat_id.startswith("-"):
            return PRIVATE
        return self.capabilities

    # --- coming in -------------------------------------------------------------------------------------------------

    async def fetch(self, cursor: str | None, limit: int = 100, wait: float = 0) -> Batch:
        """The oldest updates that are not confirmed; those up to `cursor` are, if this process handed them out.

        Raises ChatError.
        """
        confirmed = self._given if self._given is not None and cursor == str(self._given) else None
        try:
            found = await self._source.fetch(confirmed, limit, wait)
        except Conflicted:
            self.trouble, self._conflicted_at = TAKEN_BY_ANOTHER, self._now()
            raise
        except TokenRefused:
            self.trouble = "Telegram refuses the token"
            raise
        if self._conflicted_at is None or self._now() - self._conflicted_at > IN_TURNS:
            self.trouble, self._conflicted_at = "", None
        if not found:
            return Batch((), cursor or "")
        for update in found:
            self._answer_tap(update)
        self._given = int(found[-1]["update_id"])
        return Batch(tuple(self._read(update) for update in found), str(self._given))

    def _read(self, update: dict[str, Any]) -> Update:
        if "callback_query" in update:  # the one kind of ours that bears no date
            update[FETCHED] = int(self._now().timestamp())
        raw = json.dumps(update, separators=(",", ":"))
        try:
            return read(update, raw)
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError, OSError):
            return parse(raw)

    def parse(self, raw: str) -> Update:
        """Read one raw update; never raises."""
        return parse(raw)

    def _answer_tap(self, update: dict[str, Any]) -> None:
        """Stop the clock on a tapped button at once: what the tap does is told by a message."""
        query = update.get("callback_query")
        if isinstance(query, dict) and isinstance(query.get("id"), str):
            task = asyncio.create_task(self._answer(query["id"]))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)

    async def _answer(self, query_id: str) -> None:
        try:
            await self._api.call("answerCallbackQuery", {"callback_query_id": query_id})
        except ChatError as error:  # after a restart the tap may be too old to be answered; it is done all the same
            log.info("a tap was not answered: %s", error.kind)

    # --- going out -------------------------------------------------------------------------------------------------

    async def send(self, message: Outgoing) -> str:
        """Post a message, in several where it is too long; the id of the last one. Raises ChatError.

        A picture has its words under it, or answered to it where they are too long; one that is refused is left out.
        Asked again for one that was half sent, it goes on where it stopped.
        """
        sent = self._begun.pop(message.txn_id, [])
        parts = _parts(message)
        for number, part in enumerate(parts[len(sent) :], len(sent) + 1):
            buttons = message.buttons if number == len(parts) else ()
            try:
                sent.append(await self._send_part(replace(message, buttons=buttons), part, sent))
            except ChatError as error:
                if error.kind == "refused" and message.picture is not None and not sent:
                    log.info("a picture was refused, its words go alone: %s", error.detail)
                    return await self.send(replace(message, picture=None))
                self._remember(message.txn_id, sent)
                raise
        return sent[-1]

    def _remember(self, txn_id: str, sent: list[str]) -> None:
        if sent:
            self._begun[txn_id] = sent
            while len(self._begun) > REMEMBERED:
                del self._begun[next(iter(self._begun))]

    async def _send_part(self, message: Outgoing, part: Part, sent: Sequence[str]) -> str:
        text, picture = part
        # words that have no room under their picture answer it
        replied, topic = _place(sent[0] if sent and message.picture else message.reply_to)
        params = {
            "chat_id": _chat(message.chat_id),
            "message_thread_id": topic,
            "reply_parameters": _reply(replied),
            "reply_markup": _keyboard(await self._linked(message.buttons), text),
        }
        if picture is not None:
            return await self._said("sendPhoto", {**params, "photo": file_of(picture), "caption": text or None})
        return await self._said("sendMessage", {**params, "text": text, "link_preview_options": {"is_disabled": True}})

    async def _said(self, method: str, params: dict[str, Any]) -> str:
        """Send; once more without what it answers, or outside its topic, where that is gone."""
        try:
            return message_id(await self._api.call(method, params))
        except ChatError as error:
            if not (says(error, NO_REPLY) or says(error, NO_TOPIC)):
                raise
            bare = params | {"reply_parameters": None}
            if says(error, NO_TOPIC):
                bare["message_thread_id"] = None
            return message_id(await self._api.call(method, bare))

    async def _linked(self, buttons: Buttons) -> Buttons:
        """The buttons with the address of the private chat in the place of ALONE; without it where it is not known."""
        if all(token != ALONE for _, token in buttons):
            return buttons
        if not self._name:
            try:
                self._name = str((await self._api.call("getMe", {}, read=10)).get("username") or "")
            except ChatError as error:  # the line itself must not suffer
                log.info("the bot's own name is not known: %s", error.kind)
        link = f"{HOME}{self._name}?start={CONTINUE}"
        linked = [
            (label, link if token == ALONE else token) for label, token in buttons if self._name or token != ALONE
        ]
        return tuple(linked)

    def strayed(self, reply_to: str | None, message_id: str) -> bool:
        """Whether a reply landed in the general topic, its own being closed or gone."""
        return "@" in (reply_to or "") and "@" not in message_id

    def link(self, chat_id: str, message_id: str) -> str:
        """The address at which a member finds a message; only supergroups have one."""
        number, topic = _place(message_id)
        supergroup = SUPERGROUPS - _chat(chat_id)
        if supergroup <= 0 or number is None:
            return ""
        return f"{HOME}c/{supergroup}/{number if topic is None else f'{topic}/{number}'}"

    async def edit(self, chat_id: str, message_id: str, text: str, buttons: Buttons = ()) -> None:
        """Give one of the bot's messages a new text and new buttons. Raises ChatError."""
        number, _ = _place(message_id)
        params = {
            "chat_id": _chat(chat_id),
            "message_id": number,
            "text": split(text)[0],
            "reply_markup": _keyboard(await self._linked(buttons), text),
            "link_preview_options": {"is_disabled": True},
        }
        await self._unless("editMessageText", params, UNCHANGED)

    async def delete(self, chat_id: str, message_id: str) -> None:
        """Remove a message; one that is gone already is no error. Raises ChatError."""
        number, _ = _place(message_id)
        params = {"chat_id": _chat(chat_id), "message_id": number}
        await self._unless("deleteMessage", params, ("message to delete not found",))

    async def react(self, chat_id: str, message_id: str, emoji: str) -> None:
        """Put the bot's one reaction under a message; an empty emoji takes it away. Raises ChatError."""
        number, _ = _place(message_id)
        reaction = [{"type": "emoji", "emoji": emoji}] if emoji else []
        params = {"chat_id": _chat(chat_id), "message_id": number, "reaction": reaction}
        await self._unless("setMessageReaction", params, UNCHANGED)

    async def pin(self, chat_id: str, message_id: str) -> None:
        """Pin a message, without a sound. Raises ChatError."""
        number, _ = _place(message_id)
        params = {"chat_id": _chat(chat_id), "message_id": number, "disable_notification": True}
        await self._unless("pinChatMessage", params, ("chat_not_modified",))

    async def set_menu(self, scope: str, language: str, commands: Sequence[tuple[str, str]]) -> None:
        """Show people these commands as they type; the same ones again are not sent. Raises ChatError."""
        where = {"scope": {"type": SCOPES[scope]}, "language_code": language or None}
        wanted = [{"command": name, "description": text[:LONGEST_DESCRIPTION]} for name, text in commands]
        if await self._api.call("getMyCommands", where) != wanted:
            await self._api.call("setMyCommands", {**where, "commands": wanted})

    async def ping(self) -> None:
        """Ask for a sign of life; a refusal is one too. Raises ChatError where there is none."""
        try:
            await self._api.call("getMe", {}, read=10)
        except ChatError as error:
            if error.kind in ("not_sent", "unknown") and not isinstance(error, TokenRefused):
                raise

    async def close(self) -> None:
        """Let go of connections."""
        await self._source.close()
        for task in tuple(self._answers):
            task.cancel()
        await asyncio.gather(*self._answers, return_exceptions=True)
        await self._api.close()

    async def _unless(self, method: str, params: dict[str, Any], no_error: Iterable[str]) -> None:
        """Call, and take these refusals for what they are: it is so already."""
        try:
            await self._api.call(method, params)
        except ChatError as error:
            if not says(error, tuple(no_error)):
                raise


def _parts(message: Outgoing) -> list[Part]:
    """What is sent in one call each: a picture with its words under it, or alone where they are too many."""
    if message.picture is None:
        return [(text, None) for text in split(message.text)]
    if units(message.text) <= LONGEST_CAPTION:
        return [(message.text, message.picture)]
    return [("", message.picture), *((text, None) for text in split(message.text))]


def _chat(chat_id: str) -> int:
    try:
        return int(chat_id)
    except ValueError:
        raise ChatError("gone", detail="no chat of Telegram") from None


def _place(message: str | None) -> tuple[int | None, int | None]:
    """The message's own number and its topic's."""
    if not message:
        return None, None
    number, _, topic = message.partition("@")
    try:
        return int(number), int(topic) if topic else None
    except ValueError:
        raise ChatError("gone", detail="no message of Telegram") from None


def _reply(number: int | None) -> dict[str, Any] | None:
    return None if number is None else {"message_id": number, "allow_sending_without_reply": True}


def _keyboard(buttons: Buttons, text: str) -> dict[str, Any] | None:
    if not buttons:
        return None
    too_long = [one for _, one in buttons if not one.startswith(HOME) and len(one.encode()) > LONGEST_TOKEN]
    if too_long:
        raise ChatError("refused", detail="a button's token is longer than 64 bytes")
    rows = [[_button(label, token, text)] for label, token in buttons if _fits(token, text)]
    return {"inline_keyboard": rows} if rows else None


def _button(label: str, token: str, text: str) -> dict[str, Any]:
    if token.startswith(HOME):
        return {"text": label, "url": token}
    return {"text": label, "copy_text": {"text": text}} if token == COPY else {"text": label, "callback_data": token}


def _fits(token: str, text: str) -> bool:
    """A text that is too long for a copy button is copied by hand."""
    return token != COPY or len(text.encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST_COPY
