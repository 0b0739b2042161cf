"""The bot's adapter to the sandbox: what the Telegram and Matrix adapters do for their platforms, done for ours."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from groupbot.chat import Buttons, ChatError, Outgoing
from groupbot.chat.sandbox_platform import PostExtras, Sandbox, SandboxError
from groupbot.chat.sandbox_record import RecordError
from groupbot.chat.sandbox_state import BOT, Room, SandboxMessage, SandboxPerson
from groupbot.chat.sandbox_update import PLATFORM, parse
from groupbot.records import COPY, Batch, Capabilities, Rate, Right, Standing, Update, micros

__all__ = [
    "BOT",
    "FULL",
    "PLAIN",
    "SHOWN",
    "PostExtras",
    "RecordError",
    "Room",
    "Sandbox",
    "SandboxChat",
    "SandboxError",
    "SandboxMessage",
    "SandboxPerson",
]

FULL = Capabilities(
    reactions=True,
    edits=True,
    buttons=True,
    delete=True,
    pins=True,
    read_only=True,
    copy_button=True,
    repeatable_sends=True,
    restrict=True,
    ban=True,
    invites=True,
    members=True,
)
PLAIN = Capabilities(repeatable_sends=True)
SHOWN = replace(FULL, pictures=True)  # a rehearsal does without: to draw one takes longer than a day's posts
LONGEST = 4096  # UTF-16 units: Telegram's limit, the narrowest of the platforms, so that the sandbox is no kinder


class SandboxChat:
    """The sandbox as the bot sees it. `now` gives the (virtual, aware UTC) time that the bot's messages bear.

    `capabilities` hold for every chat that `per_chat` does not name; what a chat lacks is refused there.
    """

    platform = PLATFORM
    rates: tuple[Rate, ...] = ()

    def __init__(
        self,
        sandbox: Sandbox,
        now: Callable[[], datetime],
        capabilities: Capabilities = FULL,
        per_chat: Mapping[str, Capabilities] | None = None,
    ) -> None:
        self.sandbox = sandbox
        self.capabilities = capabilities
        self._now = now
        self._per_chat = dict(per_chat or {})

    def capabilities_of(self, chat_id: str) -> Capabilities:
        """What this chat offers."""
        return self._per_chat.get(chat_id, self.capabilities)

    async def fetch(self, cursor: str | None, limit: int = 100, wait: float = 0) -> Batch:
        """The updates after `cursor`, oldest first; waits up to `wait` real seconds for the first one."""
        after = int(cursor or 0)
        found = self.sandbox.updates_after(after, limit)
        if not found and wait > 0:
            await self.sandbox.update_came(wait)
            found = self.sandbox.updates_after(after, limit)
        return Batch(tuple(parse(raw) for _, raw in found), str(found[-1][0] if found else after))

    def parse(self, raw: str) -> Update:
        """Read one raw update; never raises."""
        return parse(raw)

    async def send(self, message: Outgoing) -> str:
        """Post a message; the same txn id in the same chat again is the same message. Raises ChatError."""
        room = self._room(message.chat_id)
        already = self.sandbox.state.sent.get((message.chat_id, message.txn_id))
        if already is not None:
            return already
        self._check(message.chat_id, message.text, message.buttons)
        message_id = room.next_id()
        # a reply to what is gone is sent without the quote, as the platforms can be asked to do
        reply_to = message.reply_to if message.reply_to in room.messages else None
        body: dict[str, Any] = {"text": message.text, "reply_to": reply_to, "buttons": message.buttons}
        if (picture := message.picture) is not None:
            self._need(self.capabilities_of(message.chat_id).pictures, "this chat has no pictures")
            body["picture"] = {**asdict(picture), "png": b64encode(picture.png).decode()}
        self._happen("say", message.chat_id, message_id, txn_id=message.txn_id, **body)
        return message_id

    async def edit(self, chat_id: str, message_id: str, text: str, buttons: Buttons = ()) -> None:
        """Give one of the bot's messages a new text and new buttons. Raises ChatError."""
        message = self._message(chat_id, message_id)
        self._need(self.capabilities_of(chat_id).edits, "this chat has no edits")
        self._need(message.sender_id == BOT, "only the bot's own messages can be edited")
        self._check(chat_id, text, buttons)
        if (message.text, message.buttons) != (text, buttons):
            self._happen("bot_edit", chat_id, message_id, text=text, buttons=buttons)

    async def delete(self, chat_id: str, message_id: str) -> None:
        """Remove a message. Raises ChatError."""
        self._need(self.capabilities_of(chat_id).delete, "this chat lets the bot delete nothing")
        if not self._written(chat_id, message_id).deleted:
            self._happen("bot_delete", chat_id, message_id)

    async def react(self, chat_id: str, message_id: str, emoji: str) -> None:
        """Put the bot's one reaction under a message; an empty emoji takes it away. Raises ChatError."""
        self._need(self.capabilities_of(chat_id).reactions, "this chat has no reactions")
        if self._message(chat_id, message_id).reactions.get(BOT, "") != emoji:
            self._happen("bot_reaction", chat_id, message_id, user_id=BOT, text=emoji)

    async def pin(self, chat_id: str, message_id: str) -> None:
        """Pin a message. Raises ChatError."""
        if not self._message(chat_id, message_id).pinned:
            self._happen("pin", chat_id, message_id)

    # --- keeping order --------------------------------------------------------------------------------------------

    async def standing(self, chat_id: str) -> Standing:
        """What members and the bot may do in a chat. Raises ChatError."""
        room = self._room(chat_id)
        return Standing(room.read_only, room.rights)

    async def set_read_only(self, chat_id: str, read_only: bool) -> None:
        """Let only the bot write, or all members. Raises ChatError."""
        room = self._room(chat_id)
        self._may(chat_id, "read_only")
        if room.read_only != read_only:
            self._happen("standing", chat_id, read_only=read_only, rights=sorted(room.rights))

    async def restrict(self, chat_id: str, user_id: str, until: datetime) -> None:
        """Keep a member from writing until then. Raises ChatError."""
        self._hold_back("mute", "restrict", (chat_id, user_id), until)

    async def unrestrict(self, chat_id: str, user_id: str) -> None:
        """Let a member write again. Raises ChatError."""
        self._hold_back("mute", "restrict", (chat_id, user_id), None)

    async def ban(self, chat_id: str, user_id: str, until: datetime) -> None:
        """Put a member out until then. Raises ChatError."""
        self._hold_back("ban", "ban", (chat_id, user_id), until)

    async def unban(self, chat_id: str, user_id: str) -> None:
        """Let a person join again. Raises ChatError."""
        self._hold_back("ban", "ban", (chat_id, user_id), None)

    async def close_invites(self, chat_id: str) -> None:
        """Let only invited people join. Raises ChatError."""
        room = self._room(chat_id)
        self._may(chat_id, "invites")
        if not room.by_invitation:
            self._happen("by_invitation", chat_id, on=True)

    def _hold_back(self, do: str, right: Right, who: tuple[str, str], until: datetime | None) -> None:
        chat_id, user_id = who
        held = self._room(chat_id).muted if do == "mute" else self._room(chat_id).banned
        self._may(chat_id, right)
        if held.get(user_id) != until:
            self._happen(do, chat_id, user_id=user_id, until=0 if until is None else micros(until))

    def _may(self, chat_id: str, right: Right) -> None:
        self._need(getattr(self.capabilities_of(chat_id), right), f"this chat has no '{right}'")
        self._need(right in self._room(chat_id).rights, f"the bot lacks the right '{right}' in this chat")

    async def ping(self) -> None:
        """The sandbox is there as long as its process is."""

    async def close(self) -> None:
        """Close the record."""
        self.sandbox.close()

    def _happen(self, do: str, chat_id: str, message_id: str | None = None, **body: Any) -> None:
        about = {} if message_id is None else {"message_id": message_id}
        try:
            self.sandbox.happen(do, chat_id=chat_id, **about, at=micros(self._now()), **body)
        except OSError as error:  # the record is full or gone; what was half written has been cut off again
            raise ChatError("not_sent", detail=str(error)) from error

    def _check(self, chat_id: str, text: str, buttons: Buttons) -> None:
        self._need(bool(text.strip()), "empty text")
        self._need(len(text.encode("utf-16-le", "surrogatepass")) <= 2 * LONGEST, f"longer than {LONGEST} characters")
        capabilities = self.capabilities_of(chat_id)
        tokens = [token for _, token in buttons]
        self._need(set(tokens) <= {COPY} or capabilities.buttons, "this chat has no buttons")
        self._need(COPY not in tokens or capabilities.copy_button, "this chat has no copy buttons")

    def _room(self, chat_id: str) -> Room:
        room = self.sandbox.state.rooms.get(chat_id)
        if room is None:
            raise ChatError("gone", detail=f"no chat '{chat_id}'")
        return room

    def _written(self, chat_id: str, message_id: str) -> SandboxMessage:
        message = self._room(chat_id).messages.get(message_id)
        if message is None:
            raise ChatError("gone", detail=f"no message '{message_id}' in '{chat_id}'")
        return message

    def _message(self, chat_id: str, message_id: str) -> SandboxMessage:
        message = self._written(chat_id, message_id)
        if message.deleted:
            raise ChatError("gone", detail=f"message '{message_id}' in '{chat_id}' was deleted")
        return message

    @staticmethod
    def _need(holds: bool, detail: str) -> None:
        if not holds:
            raise ChatError("refused", detail=detail)
