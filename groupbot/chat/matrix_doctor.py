"""What `groupbot doctor` looks at on a homeserver, each with its remedy. It does not sync and tells nobody anything."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from uuid import uuid4

from nio import Api

from groupbot.chat import ChatError
from groupbot.chat.checks import Finding
from groupbot.chat.matrix import MatrixChat, offered
from groupbot.chat.matrix_event import Event
from groupbot.chat.matrix_keeping import is_read_only, rights
from groupbot.chat.matrix_line import HomeserverError
from groupbot.chat.matrix_room import Room
from groupbot.chat.matrix_session import SessionLost
from groupbot.records import Capabilities, Group, GroupKind, Standing

BURST = 12  # messages; a homeserver's ordinary limit stops an account before that
E2EE = "io.element.e2ee"
NOWHERE = "@nobody:federation.invalid"  # a name that no server can ever have (RFC 6761)

# What a kind of group needs and the bot does not have there, of what the room offers.
Lacking = Callable[[GroupKind, Standing, Capabilities], Sequence[str]]


class Doctor:
    """Looks at the bot's account and rooms. `lacking` says which rights a group of a kind wants."""

    def __init__(self, chat: MatrixChat, lacking: Lacking) -> None:
        self._chat = chat
        self._lacking = lacking
        self._closed = False  # whether the homeserver speaks with no server that its settings do not name

    async def look(self, groups: Sequence[Group]) -> AsyncIterator[Finding]:
        """Everything, the account first; without it nothing else can be looked at."""
        account = await self._account()
        yield account
        if not account.holds:
            return
        async for finding in self._trial():
            yield finding
        yield await self._element()
        self._closed = await self._refuses_servers()
        for group in groups:
            async for finding in self._room(group):
                yield finding

    async def _account(self) -> Finding:
        try:
            told = await self._chat.session.call(Api.whoami(""))
        except ChatError as error:
            return Finding("account", f"the homeserver does not let the bot in ({error.detail})", self._mended(error))
        device = self._chat.session.device_id
        if told.get("device_id") != device:
            remedy = f"remove {self._chat.session.file}, and start the bot: it logs in as a device of its own"
            return Finding("account", f"the token is another device's ({told.get('device_id')})", remedy)
        return Finding("account", f"{self._chat.user_id} on device {device}")

    def _mended(self, error: ChatError) -> str:
        """What lets the bot in again after this error."""
        if isinstance(error, SessionLost):
            return error.remedy
        if error.kind == "retry_after":
            return f"wait for {error.retry_after or 60:.0f} seconds: there were too many logins"
        if isinstance(error, HomeserverError) and error.errcode == "M_FORBIDDEN":
            return (
                f"put the password of {self._chat.user_id} into the file that password_file names; a new one is given"
                f" by an administrator of the homeserver: POST /_synapse/admin/v1/reset_password/{self._chat.user_id}"
                ' {"new_password": "…", "logout_devices": false}'
            )
        if isinstance(error, HomeserverError) and error.errcode == "M_USER_DEACTIVATED":
            return "make another account with register_new_matrix_user, and name it as user_id"
        return (
            f"see that the homeserver runs and that {self._chat.line.homeserver}/_matrix/client/versions answers from"
            " this machine; its address is homeserver in the settings"
        )

    async def _trial(self) -> AsyncIterator[Finding]:
        """What a room of the bot's own shows: how fast it may write, and whether new rooms can be read."""
        try:
            made = await self._chat.session.call(Api.room_create("", federate=False))
            room_id = str(made["room_id"])
        except ChatError as error:
            yield Finding("limits", f"could not be tried ({error.detail})", "run groupbot doctor again")
            return
        try:
            yield await self._limits(room_id)
            yield await self._new_rooms(room_id)
        finally:
            with suppress(ChatError):
                await self._chat.session.call(Api.room_leave("", room_id))
                await self._chat.session.call(Api.room_forget("", room_id))

    async def _limits(self, room_id: str) -> Finding:
        """Whether the homeserver lets the bot write as fast as a busy day asks."""
        try:
            await self._burst(room_id)
        except ChatError as error:
            if error.kind != "retry_after":
                return Finding("limits", f"could not be tried ({error.detail})", "run groupbot doctor again")
            remedy = (
                "as an administrator of the homeserver: POST /_synapse/admin/v1/users/"
                f'{self._chat.user_id}/override_ratelimit {{"messages_per_second": 0, "burst_count": 0}}'
            )
            return Finding("limits", "the homeserver slows the bot down after a few messages", remedy)
        return Finding("limits", f"{BURST} messages at once are let through")

    async def _new_rooms(self, room_id: str) -> Finding:
        """Whether the homeserver itself encrypts whatever room is made."""
        try:
            await self._chat.session.call(Api.room_get_state_event("", room_id, "m.room.encryption"))
        except ChatError as error:
            if error.kind == "gone":
                return Finding("homeserver", "new rooms are made without encryption")
            return Finding("homeserver", f"could not be tried ({error.detail})", "run groupbot doctor again")
        remedy = "in homeserver.yaml: encryption_enabled_by_default_for_room_type: off; then make the rooms anew"
        return Finding("homeserver", "it encrypts new rooms, which the bot cannot read", remedy)

    async def _refuses_servers(self) -> bool:
        """Whether the homeserver refuses to ask a server that its settings do not name; it sends nothing to do so."""
        try:
            await self._chat.session.call(Api.profile_get_displayname(NOWHERE))
        except HomeserverError as error:
            return error.errcode == "M_FORBIDDEN" and "federation denied" in error.detail.lower()
        except ChatError:
            return False
        return False

    async def _burst(self, room_id: str) -> None:
        for turn in range(BURST):
            content = {"msgtype": "m.notice", "body": str(turn)}
            await self._chat.session.call(Api.room_send("", room_id, "m.room.message", content, uuid4().hex))

    async def _element(self) -> Finding:
        """What Element is told to do with new rooms."""
        wanted = json.dumps({E2EE: {"default": False}})
        remedy = f"add {wanted} to /.well-known/matrix/client of the server, so that Element makes readable rooms"
        try:
            told = await self._chat.line.call(("GET", "/.well-known/matrix/client"))
        except ChatError:
            told = {}
        settings = told.get(E2EE) if isinstance(told, dict) else None
        if isinstance(settings, dict) and settings.get("default") is False:
            return Finding("new rooms", "Element makes them without encryption")
        return Finding("new rooms", "Element encrypts new private rooms, which the bot cannot read", remedy)

    async def _room(self, group: Group) -> AsyncIterator[Finding]:
        about = group.title or group.chat_id
        try:
            room = await self._chat.look_at(group.chat_id)
        except ChatError as error:
            remedy = f"invite {self._chat.user_id} to the room {group.chat_id}, or release the group"
            yield Finding(about, f"the bot is not in it ({error.detail})", remedy)
            return
        if room.replacement:
            remedy = f"bind it to {room.replacement}: answer the bot's question in communications with YES"
            yield Finding(about, "the room was replaced by another", remedy)
        if room.encrypted:
            yield Finding(about, "it is encrypted", "make a new room without encryption, and connect the bot there")
            return  # nothing that is mended in this room would help
        if room.bridged:
            yield Finding(about, "a WhatsApp group through a bridge: plain messages, no read-only switch")
            yield self._rights(about, group, room)
            return
        yield self._rights(about, group, room)
        yield self._federation(about, room)
        if group.kind == "mirror":
            yield _writers(about, room, self._chat.user_id)

    def _rights(self, about: str, group: Group, room: Room) -> Finding:
        found = Standing(is_read_only(room), rights(room, self._chat.user_id))
        lacks = self._lacking(group.kind, found, offered(room))
        power = room.power_of(self._chat.user_id)
        if lacks:
            remedy = f"give {self._chat.user_id} the power level 100 in the room's settings (Roles & Permissions)"
            return Finding(about, f"with power {power} the bot may not: {', '.join(lacks)}", remedy)
        return Finding(about, "the bot may do all that it needs")

    def _federation(self, about: str, room: Room) -> Finding:
        create: Event = room.state.get("m.room.create", {})
        if create.get("m.federate") is False:
            return Finding(about, "closed to other servers")
        if self._closed:
            return Finding(about, "open in itself, but the homeserver refuses servers that its settings do not name")
        remedy = (
            "set federation_domain_whitelist: [] in homeserver.yaml and start it again; a room can be closed only when"
            f" it is made: 'Block anyone not part of {self._chat.user_id.partition(':')[2]}'"
        )
        return Finding(about, "people of other servers could be invited", remedy)


def _writers(about: str, room: Room, me: str) -> Finding:
    others = sorted(user for user in room.powerful() - {me} if room.power_of(user) >= room.needed("m.room.message"))
    if not is_read_only(room):
        return Finding(about, "everybody may write in the mirror", "the bot closes it by itself where it has power 100")
    said = f"read-only; besides the bot {', '.join(others)} could write" if others else "read-only: only the bot writes"
    return Finding(about, said)
