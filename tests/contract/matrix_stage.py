"""The stage that is a real homeserver. Its people are users of an application service, whose events bear any time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from groupbot.chat.matrix import Account, MatrixChat
from groupbot.clock import VirtualClock
from groupbot.rehearsal.stage import Place, Player
from tests.contract.playing import Said
from tests.matrix.county import Member, ghost
from tests.matrix.synapse import BRIDGE_TOKEN, Homeserver, unique

BRIDGE = {"type": "m.bridge", "state_key": "whatsapp", "content": {"protocol": {"id": "whatsapp"}}}


class MatrixStage:
    """A homeserver; with `bridged` its rooms are WhatsApp groups, as the bridge shows them."""

    platform = "matrix"

    def __init__(self, server: Homeserver, clock: VirtualClock, folder: Path, *, bridged: bool = False) -> None:
        self.server = server
        self._clock = clock
        self._bridged = bridged
        self._owner = ghost(server, f"whatsapp_{unique('owner')}")
        self._bot = ghost(server, f"whatsapp_{unique('bot')}")
        self._users: dict[str, Member] = {}
        self._log_in(folder)
        self.chat = MatrixChat(Account(server.url, self._bot.user_id, lambda: "", folder), clock)

    def _log_in(self, folder: Path) -> None:
        """The bot's session; such a user has no password."""
        identifier = {"type": "m.id.user", "user": self._bot.user_id}
        wanted = {"type": "m.login.application_service", "identifier": identifier, "device_id": "STAGE"}
        answer = self.server.call("POST", "/_matrix/client/v3/login", wanted, BRIDGE_TOKEN)
        session = {"user_id": self._bot.user_id, "device_id": "STAGE", "access_token": answer["access_token"]}
        (folder / "session.json").write_text(json.dumps(session))

    async def add_person(self, player: Player) -> str:
        """Somebody new."""
        member = ghost(self.server, f"whatsapp_{unique(player.user_id)}", player.name)
        self._users[member.user_id] = member
        return member.user_id

    async def add_group(self, place: Place, members: Sequence[str]) -> str:
        """A room, the bot its administrator."""
        more: dict[str, Any] = {"initial_state": [BRIDGE]} if self._bridged else {}
        levels = {"users": {self._owner.user_id: 100, self._bot.user_id: 100}}
        more |= {"room_version": "11", "power_level_content_override": levels}
        room_id = self._owner.room(self._bot.user_id, *members, name=place.title, **more)
        self._let_in(room_id)
        for user_id in members:
            self._users[user_id].join(room_id)
        return room_id

    async def private_chat(self, user_id: str) -> str:
        """A room for two."""
        room_id = self._users[user_id].room(self._bot.user_id, is_direct=True, preset="trusted_private_chat")
        self._let_in(room_id)
        return room_id

    def _let_in(self, room_id: str) -> None:
        """The bot comes in long before anything is said."""
        came = self._clock() - timedelta(days=1)
        path = f"/rooms/{quote(room_id)}/state/m.room.member/{quote(self._bot.user_id)}"
        self._bot.call("PUT", path, {"membership": "join"}, ts=str(round(came.timestamp() * 1000)))

    async def post(self, said: Said) -> str:
        """Let someone speak."""
        content: dict[str, object] = {"msgtype": "m.text", "body": said.text}
        if said.photo:
            file = {"filename": "photo.jpg", "url": "mxc://county.test/photo"}
            content = {"msgtype": "m.image", "body": said.text or "photo.jpg", **file}
        if said.forwarded and self._bridged:
            content["body"] = f"↷ Forwarded\n\n{said.text}"
        if said.reply_to:
            content["m.relates_to"] = {"m.in_reply_to": {"event_id": said.reply_to}}
        return self._users[said.user_id].put(said.chat_id, "m.room.message", content, self._clock())

    async def edit(self, said: Said, message_id: str) -> None:
        """Let someone change their message."""
        new = {"msgtype": "m.text", "body": said.text}
        relates = {"rel_type": "m.replace", "event_id": message_id}
        content = {**new, "body": f"* {said.text}", "m.new_content": new, "m.relates_to": relates}
        self._users[said.user_id].put(said.chat_id, "m.room.message", content, self._clock())

    async def tap(self, chat_id: str, user_id: str, message_id: str, token: str) -> None:
        """There are no buttons."""
        raise AssertionError("a Matrix room has no buttons")

    async def settle(self) -> None:
        """What was answered is there."""
