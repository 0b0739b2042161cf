"""Orders about chats: which is bound as what."""

from __future__ import annotations

from typing import get_args

from groupbot.orders.desk import Desk, Given, OrderRefused, text
from groupbot.orders.rows import PLATFORMS
from groupbot.records import Group, GroupKind
from groupbot.store import people

KINDS = tuple(kind for kind in get_args(GroupKind) if kind not in ("private", "unbound"))


def bind(desk: Desk, given: Given) -> list[str]:
    """Bind a chat of a platform as a department's, a mirror, communications' or the committee's."""
    kind, code = text(given, "kind"), text(given, "code") or None
    departments = desk.jurisdiction.protocol.departments
    if kind not in KINDS:
        raise OrderRefused(f"kind must be one of {', '.join(KINDS)}")
    if (kind == "department") != (code in departments):
        wanted = f"one of {', '.join(departments)}" if kind == "department" else "no code"
        raise OrderRefused(f"a group of kind {kind} needs {wanted}")
    chats = [(platform, text(given, platform)) for platform in PLATFORMS if text(given, platform)]
    if not chats:
        raise OrderRefused("which chat? give --telegram CHAT_ID or --matrix ROOM_ID")
    roster = people.load_roster(desk.tx, desk.jurisdiction.id)
    for platform, chat_id in chats:
        if roster.group(platform, chat_id) is not None:
            raise OrderRefused("that chat is bound already; `groupbot groups list` shows as what")
        group = Group(0, platform, chat_id, kind, text(given, "title"), code)  # type: ignore[arg-type]
        people.bind_chat(desk.tx, desk.jurisdiction.id, group, desk.now)
    return [f"{platform} {chat_id}: {kind}{f' {code}' if code else ''}" for platform, chat_id in chats]
