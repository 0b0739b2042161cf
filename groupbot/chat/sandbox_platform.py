"""The sandbox: a small real chat platform on this machine. Here is the people's side of it; the bot's is `sandbox`.

It is the record, the state folded from it, the updates that wait for the bot, and those who watch. One thread.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Never, TypedDict, Unpack

from groupbot.chat.sandbox_record import Event, Record, as_line
from groupbot.chat.sandbox_state import RIGHTS, Room, SandboxMessage, SandboxPerson, State
from groupbot.chat.sandbox_update import KINDS
from groupbot.records import Attachment, GroupKind, Right, micros

WATCHER_BACKLOG = 1000
NOT_FSYNCED = frozenset({"chat", "person", "member"})  # the stage: made anew at every start, acknowledged to nobody


class SandboxError(ValueError):
    """A person tried what this chat does not allow; the message is a sentence for that person."""


class PostExtras(TypedDict, total=False):
    """What a post may carry besides its text."""

    reply_to: str | None
    forwarded: bool
    attachments: tuple[Attachment, ...]
    album_id: str


class Sandbox:
    """The platform itself, in memory when `path` is None, else on a record that survives a crash.

    Instants are aware datetimes. Raises OSError or RecordError when the record cannot be opened or written.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.record = Record(path)
        self.state = State()
        self.confirmed = 0  # the highest cursor that the bot has asked with
        self._number = 0
        self._numbers: list[int] = []
        self._raws: list[str] = []
        self._waiting: set[asyncio.Future[None]] = set()
        self._watchers: set[asyncio.Queue[Event]] = set()
        for event in self.record.events:
            self._take_in(event, None)
        self.record.events.clear()

    # --- the stage -------------------------------------------------------------------------------------------------

    def add_chat(
        self, chat_id: str, title: str, kind: GroupKind, members: Iterable[str] = (), private_to: str = ""
    ) -> None:
        """Make a chat, or give a known one a new title, kind and members; its messages stay."""
        self.happen("chat", chat_id=chat_id, title=title, kind=kind, members=list(members), private_to=private_to)

    def add_person(self, user_id: str, name: str, role: str, ward: str = "", service_code: str = "") -> None:
        """Make a person, or correct a known one."""
        self.happen("person", user_id=user_id, name=name, role=role, ward=ward, service_code=service_code)

    def add_private_chat(self, user_id: str) -> str:
        """The person's chat with the bot, made when it is missing: its chat id."""
        chat_id = f"private:{user_id}"
        if chat_id not in self.state.rooms:
            self.add_chat(chat_id, f"private: {self.person(user_id).name}", "private", (user_id,), user_id)
        return chat_id

    def join(self, chat_id: str, user_id: str) -> None:
        """Let a person sit in a chat."""
        self.room(chat_id)
        self.person(user_id)
        self.happen("member", chat_id=chat_id, user_id=user_id)

    # --- what people do ----------------------------------------------------------------------------------------------

    def post(self, chat_id: str, user_id: str, text: str, *, at: datetime, **extras: Unpack[PostExtras]) -> str:
        """Say something; the message's id. Raises SandboxError."""
        room = self._seated(chat_id, user_id)
        if room.muted.get(user_id, at) > at:
            raise SandboxError(f"{self.person(user_id).name} may not write in {room.title} for now.")
        attachments = extras.get("attachments", ())
        if not text.strip() and not attachments:
            raise SandboxError("Nothing to send: write a text or add a photo.")
        reply_to = extras.get("reply_to")
        if reply_to is not None:
            self.message(chat_id, reply_to)
        message_id = room.next_id()
        body = {
            "text": text,
            "reply_to": reply_to,
            "forwarded": extras.get("forwarded", False),
            "attachments": [asdict(item) for item in attachments],
            "album_id": extras.get("album_id", ""),
        }
        self._act("post", (chat_id, user_id, message_id), at, **body)
        return message_id

    def edit(self, chat_id: str, user_id: str, message_id: str, text: str, at: datetime) -> None:
        """Change one's own message. Raises SandboxError."""
        message = self._own(chat_id, user_id, message_id)
        if not text.strip() and not message.attachments:
            raise SandboxError("A message cannot be edited to nothing; delete it instead.")
        body = {
            "text": text,
            "reply_to": message.reply_to,
            "forwarded": message.forwarded,
            "attachments": [asdict(item) for item in message.attachments],
            "album_id": message.album_id,
        }
        self._act("edit", (chat_id, user_id, message_id), at, **body)

    def tap(self, chat_id: str, user_id: str, message_id: str, token: str, at: datetime) -> None:
        """Tap a button. Any token goes through: on a real platform, too, a crafted client can send any."""
        self._member(chat_id, user_id)
        self.message(chat_id, message_id)
        self._act("tap", (chat_id, user_id, message_id), at, token=token)

    def react(self, chat_id: str, user_id: str, message_id: str, emoji: str, at: datetime) -> None:
        """Put one's one reaction under a message; an empty emoji takes it away."""
        self._member(chat_id, user_id)
        self.message(chat_id, message_id)
        self._act("reaction", (chat_id, user_id, message_id), at, text=emoji)

    def delete(self, chat_id: str, user_id: str, message_id: str, at: datetime) -> None:
        """Delete one's own message; the bot is told."""
        self._own(chat_id, user_id, message_id)
        self._act("redaction", (chat_id, user_id, message_id), at)

    def enter(self, chat_id: str, user_id: str, at: datetime, *, invited: bool = False) -> None:
        """Come into a chat, by its link or because an administrator invited; the bot is told. Raises SandboxError."""
        room = self.room(chat_id)
        if room.by_invitation and not invited:
            raise SandboxError(f"{room.title} is by invitation only.")
        if room.banned.get(user_id, at) > at:
            raise SandboxError(f"{self.person(user_id).name} is put out of {room.title}.")
        self._come_or_go("joined", chat_id, user_id, at)

    def leave(self, chat_id: str, user_id: str, at: datetime) -> None:
        """Go out of a chat; the bot is told. Raises SandboxError."""
        self._member(chat_id, user_id)
        self._come_or_go("left", chat_id, user_id, at)

    def set_standing(self, chat_id: str, at: datetime, *, read_only: bool, rights: Iterable[Right] = RIGHTS) -> None:
        """Say as the chat's owner who may write and what the bot may do there; the bot is told."""
        self.room(chat_id)
        self.happen("standing", chat_id=chat_id, at=micros(at), read_only=read_only, rights=sorted(rights))

    def clock_moved(self, to: datetime) -> None:
        """Write down that the virtual clock now stands here, so that a restart goes on from it."""
        self.happen("clock", at=micros(to))

    # --- looking on --------------------------------------------------------------------------------------------------

    def chats(self) -> list[Room]:
        """All chats in the order in which they were made."""
        return list(self.state.rooms.values())

    def people(self) -> list[SandboxPerson]:
        """All people in the order in which they came."""
        return list(self.state.people.values())

    def messages(self, chat_id: str) -> list[SandboxMessage]:
        """All messages of a chat, oldest first, deleted ones included."""
        return list(self.room(chat_id).messages.values())

    def room(self, chat_id: str) -> Room:
        """One chat. Raises SandboxError when there is none."""
        return self.state.rooms.get(chat_id) or _refuse(f"There is no chat '{chat_id}'.")

    def person(self, user_id: str) -> SandboxPerson:
        """One person. Raises SandboxError when there is none."""
        return self.state.people.get(user_id) or _refuse(f"There is no person '{user_id}'.")

    def message(self, chat_id: str, message_id: str) -> SandboxMessage:
        """One message that is still there. Raises SandboxError when there is none."""
        message = self.room(chat_id).messages.get(message_id)
        if message is None or message.deleted:
            raise SandboxError("That message is no longer there.")
        return message

    def subscribe(self) -> asyncio.Queue[Event]:
        """A queue of all events from now on. One who falls far behind gets {"do": "lost"} in their place."""
        queue: asyncio.Queue[Event] = asyncio.Queue(WATCHER_BACKLOG)
        self._watchers.add(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[Event]) -> None:
        """Stop filling the queue."""
        self._watchers.discard(queue)

    # --- for the bot's adapter ---------------------------------------------------------------------------------------

    def updates_after(self, number: int, limit: int) -> list[tuple[int, str]]:
        """Raw updates with a higher number, oldest first.

        A lower number than before brings them again: the sandbox forgets nothing, so a bot that was restored from a
        backup can read on from there.
        """
        self.confirmed = max(self.confirmed, number)
        start = bisect_right(self._numbers, number)
        return list(zip(self._numbers[start : start + limit], self._raws[start : start + limit], strict=True))

    async def update_came(self, wait: float) -> None:
        """Return at the next update, or after `wait` seconds."""
        came: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(came)
        try:
            await asyncio.wait((came,), timeout=wait)
        finally:
            self._waiting.discard(came)

    def happen(self, do: str, **fields: Any) -> None:
        """Write an event down, let it be so, and tell everyone. Raises OSError; then nothing has happened."""
        cleaned = {key: _whole(value) if isinstance(value, str) else value for key, value in fields.items()}
        event: Event = {"n": self._number + 1, "do": do, **cleaned}
        line = self.record.append(event, durable=do not in NOT_FSYNCED)
        self._take_in(event, line)
        for queue in self._watchers:
            _offer(queue, event)

    def close(self) -> None:
        """Close the record."""
        self.record.close()

    def _take_in(self, event: Event, line: str | None) -> None:
        self._number = event["n"]
        self.state.apply(event)
        if event["do"] in KINDS:
            self._numbers.append(self._number)
            self._raws.append(line or as_line(event))
            for came in self._waiting:
                if not came.done():
                    came.set_result(None)

    def _act(self, do: str, who: tuple[str, str, str], at: datetime, **body: Any) -> None:
        chat_id, user_id, message_id = who
        self.happen(
            do,
            chat_id=chat_id,
            private=self.room(chat_id).private,
            message_id=message_id,
            user_id=user_id,
            name=self.person(user_id).name,
            at=micros(at),
            **body,
        )

    def _come_or_go(self, do: str, chat_id: str, user_id: str, at: datetime) -> None:
        self.happen(do, chat_id=chat_id, user_id=user_id, name=self.person(user_id).name, at=micros(at))

    def _member(self, chat_id: str, user_id: str) -> Room:
        room = self.room(chat_id)
        if user_id not in room.members:
            raise SandboxError(f"{self.person(user_id).name} does not sit in {room.title}.")
        return room

    def _seated(self, chat_id: str, user_id: str) -> Room:
        if self.room(chat_id).read_only:
            raise SandboxError(f"{self.room(chat_id).title} is read-only: only the bot writes there.")
        return self._member(chat_id, user_id)

    def _own(self, chat_id: str, user_id: str, message_id: str) -> SandboxMessage:
        self._seated(chat_id, user_id)
        message = self.message(chat_id, message_id)
        if message.sender_id != user_id:
            raise SandboxError("Only the one who wrote a message can change it.")
        return message


def _refuse(sentence: str) -> Never:
    raise SandboxError(sentence)


def _whole(text: str) -> str:
    """The text without lone surrogates, which no file and no platform can carry."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _offer(queue: asyncio.Queue[Event], event: Event) -> None:
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        event = {"do": "lost"}
    queue.put_nowait(event)
