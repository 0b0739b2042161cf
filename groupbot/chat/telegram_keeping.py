"""Keeping order in Telegram's groups: what members and the bot may do, read back and set. Each call is repeatable."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from groupbot.chat import ChatError
from groupbot.chat.telegram_api import Api, says
from groupbot.records import Right, Standing

# A member's permissions, all of them: one that is left out would follow another.
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
WRITING = frozenset(name for name in PERMISSIONS if name.startswith(("can_send_", "can_add_", "can_react_")))
# Which of Telegram's rights gives the bot which of ours.
GIVES: dict[str, tuple[Right, ...]] = {
    "can_pin_messages": ("pin",),
    "can_delete_messages": ("delete",),
    "can_restrict_members": ("restrict", "ban", "read_only"),
    "can_invite_users": ("invites",),
}


class Keeping:
    """The part of the adapter that keeps order."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def standing(self, chat_id: str) -> Standing:
        """What members and the bot may do in a chat, by Telegram's own word. Raises ChatError."""
        chat = await self._api.call("getChat", {"chat_id": int(chat_id)})
        permissions = chat.get("permissions") or {}
        read_only = not any(permissions.get(name, False) for name in WRITING)
        if chat.get("type") == "private":
            return Standing(read_only=False, rights=frozenset({"read", "write"}))
        own = await self._api.call("getChatMember", {"chat_id": int(chat_id), "user_id": self._api.bot_id})
        return Standing(read_only, frozenset(await self._rights(own, permissions)))

    async def _rights(self, own: dict[str, Any], permissions: dict[str, Any]) -> Iterable[Right]:
        status = own["status"]
        if status in ("left", "kicked"):
            return ()
        if status in ("administrator", "creator"):
            given = [
                right for name, rights in GIVES.items() if own.get(name) or status == "creator" for right in rights
            ]
            return ("read", "write", "members", *given)
        writes = own.get("can_send_messages") if status == "restricted" else permissions.get("can_send_messages")
        found: list[Right] = ["read"] if await self._hears_all() else []
        found += ["write"] if writes else []
        return [*found, "pin"] if permissions.get("can_pin_messages") else found

    async def _hears_all(self) -> bool:
        """Whether the bot is told of every post where it is no administrator (its privacy mode is off)."""
        me = await self._api.call("getMe", {})
        return me.get("can_read_all_group_messages") is True

    async def set_read_only(self, chat_id: str, read_only: bool) -> None:
        """Let only administrators write in a chat, or its members too. Raises ChatError."""
        allowed = dict.fromkeys(PERMISSIONS, False) if read_only else _ordinary()
        await self._keep("setChatPermissions", chat_id, permissions=allowed, use_independent_chat_permissions=True)

    async def restrict(self, chat_id: str, user_id: str, until: datetime) -> None:
        """Keep a member from writing until then. Raises ChatError."""
        muted = dict.fromkeys(PERMISSIONS, False)
        await self._keep(
            "restrictChatMember",
            chat_id,
            user_id=int(user_id),
            permissions=muted,
            use_independent_chat_permissions=True,
            until_date=int(until.timestamp()),
        )

    async def unrestrict(self, chat_id: str, user_id: str) -> None:
        """Let a member write again, as the chat lets everybody. Raises ChatError."""
        chat = await self._api.call("getChat", {"chat_id": int(chat_id)})
        allowed = {name: bool((chat.get("permissions") or {}).get(name)) for name in PERMISSIONS}
        await self._keep(
            "restrictChatMember",
            chat_id,
            user_id=int(user_id),
            permissions=allowed,
            use_independent_chat_permissions=True,
        )

    async def ban(self, chat_id: str, user_id: str, until: datetime) -> None:
        """Put a member out until then; what they wrote stays. Raises ChatError."""
        end = int(until.timestamp())
        await self._keep("banChatMember", chat_id, user_id=int(user_id), until_date=end, revoke_messages=False)

    async def unban(self, chat_id: str, user_id: str) -> None:
        """Let a person join again. Raises ChatError."""
        await self._keep("unbanChatMember", chat_id, user_id=int(user_id), only_if_banned=True)

    async def close_invites(self, chat_id: str) -> None:
        """The chat's own link is replaced by a new one that nobody knows. Raises ChatError.

        Links that other administrators made are theirs: Telegram lets a bot revoke only its own.
        """
        await self._keep("exportChatInviteLink", chat_id)

    async def _keep(self, method: str, chat_id: str, **params: Any) -> None:
        try:
            await self._api.call(method, {"chat_id": int(chat_id), **params})
        except ChatError as error:
            if not says(error, ("chat_not_modified", "user_not_participant")):
                raise


def _ordinary() -> dict[str, bool]:
    """What members may do where all may write: everything but running the group."""
    return {name: name in WRITING or name == "can_invite_users" for name in PERMISSIONS}
