"""Orders about chats: which is bound as what."""

from __future__ import annotations

from typing import get_args

from groupbot import cards, disconnecting
from groupbot.enrolling import STEWARDS
from groupbot.moment import Moment
from groupbot.orders.desk import Desk, Given, OrderRefused, text
from groupbot.orders.rows import PLATFORMS
from groupbot.records import Group, GroupKind, Person
from groupbot.rules.text import fold
from groupbot.sanctioning import without_names
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
    cards.begin(desk.tx, desk.jurisdiction, chats, desk.now)
    return [f"{platform} {chat_id}: {kind}{f' {code}' if code else ''}" for platform, chat_id in chats]


CANNOT = {
    "alone": "two people must agree that a mirror ends, and there is nobody else; invite another first",
    "again": "it was asked already; now a second person must say YES in the group of communications",
    "nowhere": "the second person is asked in the group of communications, and none is bound",
}


def unbind(desk: Desk, given: Given) -> list[str]:
    """Ask, in somebody's name, that a mirror end; it does when a second person has said YES in communications."""
    chats = [(platform, text(given, platform)) for platform in PLATFORMS if text(given, platform)]
    moment = desk.moment()
    mirror = moment.roster.group(*chats[0]) if len(chats) == 1 else None
    if mirror is None or mirror.kind != "mirror":
        raise OrderRefused("which mirror? give its --telegram CHAT_ID or --matrix ROOM_ID, as `groupbot groups list`")
    reason = without_names(moment, text(given, "reason"))
    if not reason:
        raise OrderRefused("give the --reason in a few words that name nobody: the mirror's readers are told")
    asked = disconnecting.ask(moment, mirror, _steward(moment, text(given, "by")), reason)
    if asked != "asked":
        raise OrderRefused(CANNOT[asked])
    moment.finish()
    return ["the mirror's readers are told; it ends when a second person says YES in the group of communications"]


def _steward(moment: Moment, name: str) -> Person:
    """Who asks: one of those who may agree. Raises OrderRefused."""
    stewards = {one.id: one for role in STEWARDS for one in moment.roster.holders(role, moment.now)}
    found = [one for one in stewards.values() if fold(one.name) == fold(name)]
    if len(found) != 1:
        known = ", ".join(one.name for one in stewards.values())
        raise OrderRefused(f"who asks? give one of these with --by: {known or 'there is nobody yet'}")
    return found[0]
