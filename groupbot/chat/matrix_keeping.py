"""Order in a Matrix room: who may write, by power levels that are read back from the homeserver, never remembered."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import datetime
from typing import Any

from nio import Api

from groupbot.chat import ChatError
from groupbot.chat.matrix_event import Event
from groupbot.chat.matrix_room import Room
from groupbot.chat.matrix_session import Session
from groupbot.chat.matrix_sync import Reader
from groupbot.records import Right, Standing

WRITERS = 50  # the power that writing takes in a read-only room
SILENCED = -1  # below the power that writing takes in any room
FORMER = "org.groupbot.former_levels"  # beside the levels, in the room itself: those of members who are silenced
SAYING = ("m.room.message", "m.reaction", "m.sticker")


class Keeping:
    """What the adapter does to keep order. Ends of restrictions and bans are not the homeserver's business."""

    user_id: str
    session: Session
    reader: Reader

    async def look_at(self, chat_id: str) -> Room:
        """A room as the homeserver has it now. Raises ChatError."""
        built = Api.room_get_state("", chat_id)
        answer = await self.session.call_list(built)
        known = self.reader.rooms.get(chat_id)
        room = Room(chat_id)
        for event in answer:
            if isinstance(event, dict):
                room.take(event)
        if known is not None:
            room.members, room.joined_at = known.members, known.joined_at
            self.reader.rooms[chat_id] = room
        return room

    async def standing(self, chat_id: str) -> Standing:
        """What members and the bot may do, read back. Raises ChatError."""
        room = await self.look_at(chat_id)
        return Standing(is_read_only(room), rights(room, self.user_id))

    async def set_read_only(self, chat_id: str, read_only: bool) -> None:
        """Let only those of power write and react, or everybody. Raises ChatError."""
        room = await self.look_at(chat_id)
        if is_read_only(room) == read_only:
            return
        levels = _levels(room)
        levels["events_default"] = WRITERS if read_only else 0
        for kind in SAYING:
            levels["events"].pop(kind, None)
        await self._set_levels(chat_id, levels)

    async def restrict(self, chat_id: str, user_id: str, until: datetime) -> None:
        """Keep a member from writing. Raises ChatError."""
        room = await self.look_at(chat_id)
        if room.power_of(user_id) >= room.power_of(self.user_id):
            raise ChatError("refused", detail="a member of the same power cannot be restricted")
        levels = _levels(room)
        if levels["users"].get(user_id) != SILENCED:
            levels[FORMER].pop(user_id, None)
            if user_id in levels["users"]:
                levels[FORMER][user_id] = room.power_of(user_id)
            levels["users"][user_id] = SILENCED
            await self._set_levels(chat_id, levels)

    async def unrestrict(self, chat_id: str, user_id: str) -> None:
        """Let a member write again, with the level that they had. Raises ChatError."""
        room = await self.look_at(chat_id)
        levels = _levels(room)
        if levels["users"].get(user_id) == SILENCED:
            del levels["users"][user_id]
            former = levels[FORMER].pop(user_id, None)
            if type(former) is int and former < room.power_of(self.user_id):  # what restrict can have found
                levels["users"][user_id] = former
            await self._set_levels(chat_id, levels)

    async def ban(self, chat_id: str, user_id: str, until: datetime) -> None:
        """Put a member out. Raises ChatError."""
        await self.session.call(Api.room_ban("", chat_id, user_id))

    async def unban(self, chat_id: str, user_id: str) -> None:
        """Let a person join again. Raises ChatError."""
        await self.session.call(Api.room_unban("", chat_id, user_id))

    async def close_invites(self, chat_id: str) -> None:
        """Let only invited people join. Raises ChatError."""
        room = await self.look_at(chat_id)
        if room.state.get("m.room.join_rules", {}).get("join_rule") != "invite":
            await self.session.call(Api.room_put_state("", chat_id, "m.room.join_rules", {"join_rule": "invite"}))

    async def accept(self, chat_id: str) -> None:
        """Come into a room that the bot is invited to. Raises ChatError."""
        await self.session.call(Api.join("", chat_id))
        if chat_id not in self.reader.rooms:  # until the next sync, so that something can be said at once
            self.reader.rooms[chat_id] = await self.look_at(chat_id)

    async def decline(self, chat_id: str, reason: str) -> None:
        """Turn an invitation down, or leave a room; the reason stands in the room's history. Raises ChatError."""
        method, path = Api.room_leave("", chat_id)
        await self.session.call((method, path, json.dumps({"reason": reason})))

    async def _set_levels(self, chat_id: str, levels: Event) -> None:
        if not levels[FORMER]:
            del levels[FORMER]
        await self.session.call(Api.room_put_state("", chat_id, "m.room.power_levels", levels))


def is_read_only(room: Room) -> bool:
    """Whether an ordinary member may neither write nor react."""
    return all(room.power_of("") < room.needed(kind) for kind in SAYING)


def rights(room: Room, user_id: str) -> frozenset[Right]:
    """What a user may do in a room."""
    own = room.power_of(user_id)
    needed: dict[Right, int] = {
        "write": room.needed("m.room.message"),
        "pin": room.needed("m.room.pinned_events", state=True),
        "delete": room.needed_to("redact"),
        "restrict": room.needed("m.room.power_levels", state=True),
        "ban": room.needed_to("ban"),
        "read_only": room.needed("m.room.power_levels", state=True),
        "invites": room.needed("m.room.join_rules", state=True),
        "members": own,
        "read": own,
    }
    able = {right for right, level in needed.items() if own >= level}
    return frozenset(able - {"write", "read"} if room.encrypted else able)


def _levels(room: Room) -> dict[str, Any]:
    levels = deepcopy(room.state.get("m.room.power_levels", {}))
    for part in ("users", "events", FORMER):
        if not isinstance(levels.get(part), dict):
            levels[part] = {}
    return levels
