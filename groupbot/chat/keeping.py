"""A queued act that keeps order in a group, as the call on its chat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from groupbot.chat import Chat, ChatError, Guest, Keeper
from groupbot.records import instant


async def carry_out(chat: Chat, action: str, chat_id: str, target: str, params: Mapping[str, Any]) -> None:
    """Do an act of ACTS; `target` is the member's user id, `params["until"]` its end in UTC microseconds.

    Raises ChatError: "refused" where the platform has no such act.
    """
    if action in COMING and isinstance(chat, Guest):
        await COMING[action](chat, chat_id, params)
    elif action in KEEPING and isinstance(chat, Keeper):
        await KEEPING[action](chat, chat_id, target, params)
    else:
        raise ChatError("refused", detail=f"this platform has no '{action}'")


Act = Callable[[Keeper, str, str, Mapping[str, Any]], Awaitable[None]]

KEEPING: Mapping[str, Act] = {
    "restrict": lambda chat, chat_id, user_id, params: chat.restrict(chat_id, user_id, instant(params["until"])),
    "unrestrict": lambda chat, chat_id, user_id, params: chat.unrestrict(chat_id, user_id),
    "ban": lambda chat, chat_id, user_id, params: chat.ban(chat_id, user_id, instant(params["until"])),
    "unban": lambda chat, chat_id, user_id, params: chat.unban(chat_id, user_id),
    "read_only": lambda chat, chat_id, user_id, params: chat.set_read_only(chat_id, True),
    "close_invites": lambda chat, chat_id, user_id, params: chat.close_invites(chat_id),
}
COMING: Mapping[str, Callable[[Guest, str, Mapping[str, Any]], Awaitable[None]]] = {
    "accept": lambda chat, chat_id, params: chat.accept(chat_id),
    "decline": lambda chat, chat_id, params: chat.decline(chat_id, str(params.get("reason", ""))),
}
ACTS = frozenset((*KEEPING, *COMING))
