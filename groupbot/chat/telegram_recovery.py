"""Messages that Telegram no longer gives as updates, read by forwarding each into a chat of the operator's own.

A bot cannot read a chat's past, but what it forwards comes back with its words, its first author and its time. The
copy is deleted at once. Whether that works is for the live service to show: it is off unless a chat is named for it.
"""

from __future__ import annotations

import json
from contextlib import suppress

from groupbot.chat import ChatError
from groupbot.chat.telegram_api import Api, says
from groupbot.chat.telegram_update import Json, parse
from groupbot.records import Update

SUPERGROUPS = -(10**12)  # their chat ids lie below; only there messages are counted one by one
NOT_THERE = ("message to forward not found", "message_id_invalid", "message can't be forwarded")


class Recovery:
    """The part of the adapter that looks for what an absence took. `recovery_chat` None is: it does not."""

    _api: Api
    recovery_chat: int | None = None

    @property
    def recovers(self) -> bool:
        """Whether the settings name a chat for it."""
        return self.recovery_chat is not None

    def next_lost(self, chat_id: str, after: str, before: str) -> str:
        """The id of the first message after one and before another; '' where there is none, or no telling."""
        if int(chat_id) > SUPERGROUPS or not after or not before:
            return ""
        following = _number(after) + 1
        return str(following) if following < _number(before) else ""

    async def recover(self, chat_id: str, message_id: str) -> Update | None:
        """A message of a chat as an update; None where nobody's words are found under its id. Raises ChatError."""
        asked = {"chat_id": self.recovery_chat, "from_chat_id": int(chat_id), "message_id": _number(message_id)}
        try:
            copy = await self._api.call("forwardMessage", {**asked, "disable_notification": True})
        except ChatError as error:
            if says(error, NOT_THERE):
                return None
            raise
        with suppress(ChatError):  # it holds somebody's words, and is of no use to whoever is in that chat
            await self._api.call("deleteMessage", {"chat_id": self.recovery_chat, "message_id": copy["message_id"]})
        return _as_it_was(copy, int(chat_id), _number(message_id))


def _as_it_was(copy: Json, chat_id: int, message_id: int) -> Update | None:
    """The update by which a message might have come; None without an author: people forward such a one themselves."""
    origin = copy.get("forward_origin", {})
    sender = origin.get("sender_user")
    if origin.get("type") != "user" or not isinstance(sender, dict):
        return None
    chat = {"id": chat_id, "type": "supergroup"}
    message = {**copy, "message_id": message_id, "chat": chat, "from": sender}
    return parse(json.dumps({"update_id": 0, "message": message}, separators=(",", ":")))


def _number(message_id: str) -> int:
    """The number of a message, without that of its topic."""
    return int(message_id.partition("@")[0])
