"""The bot on a Matrix homeserver: what comes in, what goes out. Rooms of a bridged WhatsApp group are rooms too.

The sync loop is our own: the token, the events and the gaps that they leave are committed together by the caller, and
only the next call confirms them.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from nio import Api
from nio.api import RelationshipType

from groupbot.chat import Buttons, ChatError, Outgoing, Picture
from groupbot.chat.matrix_event import PLATFORM, Event, parse
from groupbot.chat.matrix_keeping import Keeping
from groupbot.chat.matrix_line import Built, HomeserverError, Line, Upload, without_token
from groupbot.chat.matrix_room import Room
from groupbot.chat.matrix_session import Session
from groupbot.chat.matrix_sync import FILTER, Cursor, Reader
from groupbot.records import Batch, Capabilities, Gap, Page, Rate, Update

log = logging.getLogger(__name__)

Read = TypeVar("Read", Batch, Page)
KEY = "org.groupbot.txn"  # in what the bot sends: by it a message is found again when its txn id is forgotten
PAGE = 100  # events; Synapse gives no more at once
MOST_PAGES = 20  # looked through for a message that may have been sent before
GRACE = 30.0  # seconds that a long poll may take beyond its own time

NATIVE = Capabilities(
    reactions=True,
    edits=True,
    delete=True,
    pins=True,
    read_only=True,
    repeatable_sends=True,
    finds_sent=True,
    restrict=True,
    ban=True,
    invites=True,
    members=True,
    pictures=True,
)
BRIDGED = Capabilities(reactions=True, repeatable_sends=True, finds_sent=True, pictures=True)


@dataclass(frozen=True, slots=True)
class Account:
    """The bot's account. `password` is called only for a login; `folder` keeps the access token and the device."""

    homeserver: str
    user_id: str
    password: Callable[[], str]
    folder: Path


class MatrixChat(Keeping):
    """One bot on one homeserver. `now` gives the present (aware UTC)."""

    platform = PLATFORM
    capabilities = NATIVE
    rates: tuple[Rate, ...] = ()  # the homeserver's own limits are told by its answers

    def __init__(self, account: Account, now: Callable[[], datetime]) -> None:
        self.user_id = account.user_id
        self.line = Line(account.homeserver)
        self.session = Session(self.line, account.user_id, account.password, account.folder)
        self.reader = Reader(account.user_id)
        self.trouble = ""  # why nothing comes in, in words for the operator; '' while all is well
        self._now = now
        self._rooms_known = False
        self._ahead = ("", "")  # an answer without anything to commit: the cursor asked with, the cursor to go on with

    @property
    def rooms(self) -> dict[str, Room]:
        """The rooms that the bot is in, by id, as they were at the last sync."""
        return self.reader.rooms

    def capabilities_of(self, chat_id: str) -> Capabilities:
        """What this room offers: a bridged one little, because WhatsApp has little."""
        return offered(self.rooms.get(chat_id))

    def crowded(self, chat_id: str) -> bool:
        """Whether others than one person and the bot are in a room, or are invited to it."""
        room = self.rooms.get(chat_id)
        return room is not None and room.crowded

    async def fetch(self, cursor: str | None, limit: int = 100, wait: float = 0) -> Batch:
        """What came after `cursor`, oldest first, and the gaps that it leaves; waits up to `wait` seconds for it.

        The homeserver bounds an answer by room (100 events each), not in all. Raises ChatError.
        """
        asked, ahead = self._ahead
        kept = Cursor.load(ahead if ahead and asked == cursor else cursor)
        first = not self._rooms_known
        seconds = 0.0 if first else wait
        built = _sync(kept.since, int(seconds * 1000), first)
        try:
            answer = await self.session.call(built, seconds + GRACE)
            batch = self._read(lambda: self.reader.batch(answer, kept, int(self._now().timestamp() * 1000)))
        except ChatError as error:
            self.trouble = error.detail
            raise
        self.trouble = ""
        self._rooms_known = True
        if not batch.updates and not batch.gaps and cursor is not None:
            self._ahead = (cursor, batch.cursor)
        return batch

    def link(self, chat_id: str, message_id: str) -> str:
        """The address at which a member finds a message."""
        return f"https://matrix.to/#/{quote(chat_id)}/{quote(message_id)}"

    async def page_back(self, gap: Gap) -> Page:
        """The next page of a gap. Raises ChatError, of the kind "gone" only where the room's past is refused."""
        built = Api.room_messages("", gap.chat_id, gap.from_cursor, gap.stop_cursor, limit=PAGE)
        try:
            answer = await self.session.call(built)
        except HomeserverError as error:
            refused = error.errcode in ("M_FORBIDDEN", "M_NOT_FOUND")  # put out, or no such room any more
            raise ChatError("gone" if refused else "unknown", error.retry_after, detail=error.detail) from error
        return self._read(lambda: self.reader.page(answer, gap))

    def parse(self, raw: str) -> Update:
        """Read one raw update; never raises."""
        return parse(raw)

    async def send(self, message: Outgoing) -> str:
        """Post a message; the same txn id from the same device is the same message for a day. Raises ChatError."""
        room = self._writable(message.chat_id)
        if not message.text.strip():
            raise ChatError("refused", detail="empty text")
        content: Event = {
            "msgtype": "m.text" if room.bridged else "m.notice",  # the bridge does not carry notices
            "body": message.text,
            "m.mentions": {"user_ids": list(message.mentions)} if message.mentions else {},
            KEY: message.txn_id,
        }
        if message.reply_to:
            content["m.relates_to"] = await self._relation(message.chat_id, message.reply_to)
        if message.tried_at is not None and (found := await self._find(message, message.tried_at)):
            return found
        if message.picture is not None:
            content |= await self._shown(message.picture)
        return await self._put(message.chat_id, "m.room.message", content, message.txn_id)

    async def edit(self, chat_id: str, message_id: str, text: str, buttons: Buttons = ()) -> None:
        """Give one of the bot's messages a new text. Raises ChatError."""
        room = self._writable(chat_id)
        if room.bridged:
            raise ChatError("refused", detail="a bridged room has no edits")
        new = {"msgtype": "m.notice", "body": text, "m.mentions": {}}
        relates = {"rel_type": "m.replace", "event_id": message_id}
        content = {**new, "body": f"* {text}", "m.new_content": new, "m.relates_to": relates}
        await self._put(chat_id, "m.room.message", content, _once("edit", message_id, text, self._now().isoformat()))

    async def delete(self, chat_id: str, message_id: str) -> None:
        """Redact a message. Raises ChatError."""
        self._writable(chat_id)
        await self._call(Api.room_redact("", chat_id, message_id, _once("redact", message_id)))

    async def react(self, chat_id: str, message_id: str, emoji: str) -> None:
        """Put the bot's one reaction under a message; an empty emoji takes it away. Raises ChatError."""
        self._writable(chat_id)
        for event_id, key in await self._own_reactions(chat_id, message_id):
            if key == emoji:
                return
            await self._call(Api.room_redact("", chat_id, event_id, _once("redact", event_id)))
        if emoji:
            relates = {"rel_type": "m.annotation", "event_id": message_id, "key": emoji}
            turn = _once("react", message_id, emoji, self._now().isoformat())
            await self._put(chat_id, "m.reaction", {"m.relates_to": relates}, turn)

    async def pin(self, chat_id: str, message_id: str) -> None:
        """Pin a message beside those that are pinned. Raises ChatError."""
        room = self._writable(chat_id)
        if message_id not in room.pinned:
            pinned = [*room.pinned, message_id]
            await self._call(Api.room_put_state("", chat_id, "m.room.pinned_events", {"pinned": pinned}))

    async def ping(self) -> None:
        """Ask the homeserver for a sign of life. Raises ChatError."""
        await self.session.call(Api.whoami(""), 10.0)

    async def close(self) -> None:
        """Let go of the connections."""
        await self.line.close()

    # --- inside ------------------------------------------------------------------------------------------------------

    def _writable(self, chat_id: str) -> Room:
        """The room, if the bot may say something in it. Raises ChatError."""
        room = self.rooms.get(chat_id)
        if room is None:
            if not self._rooms_known:
                raise ChatError("retry_after", 1.0, detail="the first sync is not done yet")
            raise ChatError("gone", detail=f"the bot is not in the room {chat_id}")
        if room.encrypted:
            raise ChatError("refused", detail="the room is encrypted, and what the bot writes would not be")
        if room.replacement:
            # held back until a steward has said that the new room is genuine
            raise ChatError("retry_after", 60.0, detail=f"the room was replaced by {room.replacement}")
        return room

    async def _call(self, built: Built) -> Event:
        return await self.session.call(built)

    async def _put(self, chat_id: str, kind: str, content: Event, txn_id: str) -> str:
        answer = await self._call(Api.room_send("", chat_id, kind, content, txn_id))
        event_id = answer.get("event_id")
        if not isinstance(event_id, str):
            raise ChatError("unknown", detail="the homeserver named no event")
        return event_id

    async def _shown(self, picture: Picture) -> Event:
        """What makes a message one with a picture, its words under it; nothing where the homeserver takes no files."""
        _, path = Api.upload("", picture.name)
        try:
            answer = await self.session.call(Upload(path, picture.png, "image/png"))
        except ChatError as error:
            if error.kind not in ("refused", "gone"):
                raise
            log.info("a picture was refused, its words go alone: %s", error.detail)
            return {}
        if not isinstance(address := answer.get("content_uri"), str):
            raise ChatError("unknown", detail="the homeserver named no address of a file")
        size = {"w": picture.width, "h": picture.height, "size": len(picture.png), "mimetype": "image/png"}
        return {"msgtype": "m.image", "filename": picture.name, "url": address, "info": size}

    async def _relation(self, chat_id: str, reply_to: str) -> Event:
        """A reply; in the thread of the message that it answers, if that is in one."""
        root = self.reader.threads.get(reply_to)
        if root is None:
            return {"m.in_reply_to": {"event_id": reply_to}}
        return {
            "rel_type": "m.thread",
            "event_id": root,
            "is_falling_back": False,
            "m.in_reply_to": {"event_id": reply_to},
        }

    async def _find(self, message: Outgoing, since: datetime) -> str:
        """The message as it was sent before, found by its key in what the room holds since then; '' when it was not."""
        start, oldest = "", since.timestamp() * 1000 - 600_000  # the homeserver's clock may be minutes behind
        for _ in range(MOST_PAGES):
            built = Api.room_messages("", message.chat_id, start or None, limit=PAGE)
            answer = await self._call(built)
            events = [event for event in answer.get("chunk", []) if isinstance(event, dict)]
            for event in events:
                content = event.get("content")
                found = content.get(KEY) if isinstance(content, dict) else None
                if found == message.txn_id and event.get("sender") == self.user_id:
                    return str(event["event_id"])
            start = answer.get("end", "")
            if not events or not start or events[-1].get("origin_server_ts", 0) < oldest:
                return ""
        raise ChatError("refused", detail="it may have been sent before, and too much was said since to find it")

    async def _own_reactions(self, chat_id: str, message_id: str) -> list[tuple[str, str]]:
        """(event, emoji) of the bot's own reactions under a message."""
        built = Api.room_get_event_relations("", chat_id, message_id, RelationshipType.annotation, "m.reaction")
        answer = await self._call(built)
        found = []
        for event in answer.get("chunk", []):
            relates = event.get("content", {}).get("m.relates_to", {})
            if event.get("sender") == self.user_id and "key" in relates:
                found.append((str(event["event_id"]), str(relates["key"])))
        return found

    def _read(self, reading: Callable[[], Read]) -> Read:
        try:
            return reading()
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ChatError("unknown", detail=f"the answer is malformed: {type(error).__name__}") from error


def offered(room: Room | None) -> Capabilities:
    """What a room offers; of one about which nothing is known the most."""
    return BRIDGED if room is not None and room.bridged else NATIVE


def _sync(since: str, milliseconds: int, full_state: bool) -> Built:
    """The request for what came after `since`; '' is from the beginning."""
    path = _sync_path(milliseconds, full_state)
    return "GET", f"{path}&since={quote(since, safe='')}" if since else path


@lru_cache(maxsize=8)
def _sync_path(milliseconds: int, full_state: bool) -> str:
    """Its path without `since`, which is all that changes from one to the next."""
    return without_token(Api.sync("", "", milliseconds, FILTER, full_state, "offline")[1])


def _once(*parts: str) -> str:
    """A transaction id that is the same for the same act."""
    return sha256(json.dumps(parts).encode()).hexdigest()[:32]
