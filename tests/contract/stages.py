"""The stages that need nothing but this process: the sandbox, and Telegram's stand-in over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from groupbot.chat.sandbox import FULL, PLAIN, Sandbox, SandboxChat
from groupbot.chat.telegram import TelegramChat
from groupbot.chat.telegram_api import Api
from groupbot.clock import VirtualClock
from groupbot.records import Attachment
from groupbot.rehearsal.stage import Place, Player
from tests.contract.playing import Said
from tests.telegram.fake import FakeTelegram
from tests.telegram.world import TOKEN


class SandboxStage:
    """The sandbox; `plain` without buttons, edits and reactions."""

    platform = "sandbox"

    def __init__(self, clock: VirtualClock, *, plain: bool = False) -> None:
        self.sandbox = Sandbox()
        self.chat = SandboxChat(self.sandbox, clock, PLAIN if plain else FULL)
        self._clock = clock

    async def add_person(self, player: Player) -> str:
        """Somebody new."""
        self.sandbox.add_person(player.user_id, player.name, player.role, player.ward, player.service_code)
        return player.user_id

    async def add_group(self, place: Place, members: Sequence[str]) -> str:
        """A group."""
        self.sandbox.add_chat(place.chat_id, place.title, place.kind, tuple(members))
        return place.chat_id

    async def private_chat(self, user_id: str) -> str:
        """A person's chat with the bot."""
        return self.sandbox.add_private_chat(user_id)

    async def post(self, said: Said) -> str:
        """Let someone speak."""
        photo = (Attachment("photo", "photo-1"),) if said.photo else ()
        return self.sandbox.post(
            said.chat_id,
            said.user_id,
            said.text,
            at=self._clock(),
            reply_to=said.reply_to,
            forwarded=said.forwarded,
            attachments=photo,
        )

    async def edit(self, said: Said, message_id: str) -> None:
        """Let someone change their message."""
        self.sandbox.edit(said.chat_id, said.user_id, message_id, said.text, self._clock())

    async def tap(self, chat_id: str, user_id: str, message_id: str, token: str) -> None:
        """Let someone tap a button."""
        self.sandbox.tap(chat_id, user_id, message_id, token, self._clock())

    async def settle(self) -> None:
        """Everything is there at once."""


class TelegramStage:
    """The fake Bot API server, its limits strict."""

    platform = "telegram"

    def __init__(self, fake: FakeTelegram, clock: VirtualClock) -> None:
        self.fake = fake
        self.chat = TelegramChat(Api(TOKEN, fake.base_url), clock)
        self._next = 1000

    async def add_person(self, player: Player) -> str:
        """Somebody new."""
        self._next += 1
        self.fake.world.add_user(self._next, player.name)
        return str(self._next)

    async def add_group(self, place: Place, members: Sequence[str]) -> str:
        """A group, the bot its administrator."""
        self._next += 1
        chat_id = -(10**12) - self._next
        self.fake.world.add_group(chat_id, place.title, tuple(int(one) for one in members))
        return str(chat_id)

    async def private_chat(self, user_id: str) -> str:
        """A person's chat with the bot."""
        return str(self.fake.world.private(int(user_id)).id)

    async def post(self, said: Said) -> str:
        """Let someone speak."""
        more: dict[str, object] = {}
        if said.photo:
            photo = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
            more = {"photo": photo} | ({"caption": said.text} if said.text else {})
        if said.forwarded:
            origin = {"type": "hidden_user", "date": self.fake.world.now(), "sender_user_name": "Somebody"}
            more["forward_origin"] = origin
        reply_to = int(said.reply_to) if said.reply_to else None
        text = "" if said.photo else said.text
        return str(self.fake.world.post(int(said.chat_id), int(said.user_id), text, reply_to, **more))

    async def edit(self, said: Said, message_id: str) -> None:
        """Let someone change their message."""
        self.fake.world.edit(int(said.chat_id), int(message_id), said.text)

    async def tap(self, chat_id: str, user_id: str, message_id: str, token: str) -> None:
        """Let someone tap a button."""
        self.fake.world.tap(int(chat_id), int(user_id), int(message_id), token)

    async def settle(self) -> None:
        """Everything is there at once."""


@asynccontextmanager
async def telegram_stage(clock: VirtualClock) -> AsyncIterator[TelegramStage]:
    """Telegram's stand-in, served; at the end no call may have been a wrong one."""
    fake = FakeTelegram(lambda: clock().timestamp(), strict=True)
    async with fake.served():
        yield TelegramStage(fake, clock)
    assert fake.violations == []
