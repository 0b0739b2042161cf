"""Where the bot is: a chat that moved, was lost or came back, and what the bot still lacks in a group to do its work.

Told once each, in the group where it can be mended, and to communications; the remedy is in the line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Capabilities, Group, Notice, Standing, Update, instant, micros
from groupbot.rules import standing as needs
from groupbot.store import chats, hot, inbox, moving, people
from groupbot.store.database import Tx
from groupbot.store.outbox import QueuedNotice
from groupbot.store.people import Roster

HEARD_FOR = timedelta(hours=1)  # ours: who is lost again so soon after being heard was put out once
Looked = tuple[Standing, Capabilities]  # what the bot may do in a chat, and what the chat offers at all


def take(tx: Tx, jurisdiction: Jurisdiction, roster: Roster, update: Update, now: datetime) -> None:
    """An update about a chat itself, of the kinds "moved" and "standing"."""
    chat = (update.platform, update.chat_id)
    if update.kind == "moved":
        moving.move_chat(tx, jurisdiction.id, chat, update.moved_to, now)
    elif update.change == "left":
        lose(tx, jurisdiction, roster, chat, now)
    elif update.change == "joined" and not chats.regain(tx, jurisdiction.id, chat, now):
        _greet(tx, jurisdiction, roster, update, now)


def lose(tx: Tx, jurisdiction: Jurisdiction, roster: Roster, chat: tuple[str, str], now: datetime) -> None:
    """The bot was put out of a chat, or a person has blocked it: nothing is sent there until it comes back."""
    group = roster.group(*chat)
    lost = chats.lose(tx, jurisdiction.id, chat, now)
    if group is None or not lost or group.kind == "private":
        return
    heard_at = inbox.get_state(tx, _heard(chat))
    if heard_at and now - instant(int(heard_at)) < HEARD_FOR:
        return  # communications were told: what was said before the bot was put out came later than the news of it
    notices = [
        _line(jurisdiction, (other.platform, other.chat_id, other.language), "chat_lost", _named(group, chat[1]), now)
        for other in roster.groups("communications")
        if (other.platform, other.chat_id) != chat
    ]
    hot.queue(tx, notices, now)


def heard(tx: Tx, jurisdiction: Jurisdiction, roster: Roster, update: Update, now: datetime) -> Roster:
    """Somebody's words came from a chat that is not bound: one that was lost is there after all. The roster with it."""
    chat = (update.platform, update.chat_id)
    if not chats.regain(tx, jurisdiction.id, chat, now):
        return roster
    inbox.set_state(tx, _heard(chat), str(micros(now)))
    return people.load_roster(tx, jurisdiction.id)


def _heard(chat: tuple[str, str]) -> str:
    return f"heard|{chat[0]}|{chat[1]}"


def strayed(tx: Tx, jurisdiction: Jurisdiction, chat: tuple[str, str], now: datetime) -> None:
    """An answer landed in a group's general topic because its own is closed: communications hear it, once a day."""
    roster = people.load_roster(tx, jurisdiction.id)
    group = roster.group(*chat)
    if group is None:
        return
    day = now.astimezone(jurisdiction.zone).date().isoformat()
    notices = [
        Notice(
            office.platform,
            office.chat_id,
            "send",
            f"topic_closed|{chat[0]}|{chat[1]}|{office.platform}|{office.chat_id}|{day}",
            key="topic_closed",
            params=_named(group, chat[1]),
            language=office.language or jurisdiction.language,
        )
        for office in roster.groups("communications")
    ]
    hot.queue(tx, notices, now)


def left_standing(tx: Tx, jurisdiction: Jurisdiction, notice: QueuedNotice, link: str, now: datetime) -> None:
    """A post that was to be deleted stands: communications are told where, for its group's administrators can do it.

    A private chat has nobody else who could: its person was asked already.
    """
    roster = people.load_roster(tx, jurisdiction.id)
    group = roster.group(notice.platform, notice.chat_id)
    if group is None or group.kind == "private":
        return
    params = _named(group, notice.chat_id) | {"sent": notice.params["sent_at"], "link": link}
    key = "post_stands" if link else "post_stands_unlinked"
    places = [(one.platform, one.chat_id, one.language) for one in roster.groups("communications")]
    hot.queue(tx, [_line(jurisdiction, place, key, params, now) for place in places], now)


def _greet(tx: Tx, jurisdiction: Jurisdiction, roster: Roster, update: Update, now: datetime) -> None:
    """In a group that is bound to nothing yet the bot says what it is called by, so that it can be bound."""
    if update.private or roster.group(update.platform, update.chat_id) is not None:
        return
    params = {"platform": update.platform, "chat": update.chat_id}
    place = (update.platform, update.chat_id, "")
    hot.queue(tx, [_line(jurisdiction, place, "chat_unbound", params, now)], now)


def looked_up(tx: Tx, jurisdiction: Jurisdiction, group: Group, looked: Looked, now: datetime) -> bool:
    """What the bot may do in a group was read back: what it lacks is told when that has changed, and when it is whole.

    Where it can write it tells the group itself, else communications. Returns whether it was told now that the bot
    cannot keep a chat read-only.
    """
    state = f"lacks|{group.platform}|{group.chat_id}"
    before = inbox.get_state(tx, state)
    found, chat = looked
    lacking = needs.lacking(group.kind, found, chat)
    inbox.set_state(tx, state, json.dumps(lacking))
    known = list(json.loads(before)) if before else []
    if known == lacking:
        return False
    told = [(group.platform, group.chat_id, group.language)] if "write" in found.rights else []
    roster = people.load_roster(tx, jurisdiction.id)
    if not told or group.kind == "mirror":  # the mirror is not the place for the bot's own affairs
        told = [(one.platform, one.chat_id, one.language) for one in roster.groups("communications")]
    key = "rights_lacking" if lacking else "rights_whole"
    if lacking and "read" in lacking:
        key = "rights_deaf"
    params = _named(group, group.chat_id) | {"rights": [f"right.{right}" for right in lacking]}
    hot.queue(tx, [_line(jurisdiction, place, key, params, now) for place in told], now)
    return "read_only" in lacking


class Closed(NamedTuple):
    """What was found of a mirror, in which only the bot may write."""

    read_only: bool
    repaired: bool  # it was open, and the bot could close it
    told: bool  # what keeps the bot from closing it is told just now, with the remedy


def mirror_seen(tx: Tx, jurisdiction: Jurisdiction, group: Group, found: Closed, now: datetime) -> None:
    """Whether only the bot writes in a mirror was read back (at `now`, aware UTC); communications hear of an open one.

    One that stays open is told once, until it was closed in between.
    """
    state = f"mirror_open|{group.platform}|{group.chat_id}"
    was_open = bool(inbox.get_state(tx, state))
    inbox.set_state(tx, state, "" if found.read_only else "yes")
    if not found.repaired and (found.read_only or was_open or found.told):
        return
    key = "standing_repaired" if found.repaired else "standing_open"
    params = {"group": f"group.{group.kind}"}
    offices = people.load_roster(tx, jurisdiction.id).groups("communications")
    told = [(one.platform, one.chat_id, one.language) for one in offices]
    hot.queue(tx, [_line(jurisdiction, place, key, params, now) for place in told], now)


def _named(group: Group, chat_id: str) -> dict[str, object]:
    return {"title": group.title or group.service_code or chat_id}


def _line(
    jurisdiction: Jurisdiction, place: tuple[str, str, str], key: str, params: Mapping[str, object], now: datetime
) -> Notice:
    platform, chat_id, language = place
    once = f"{key}|{platform}|{chat_id}|{json.dumps(params)}|{micros(now)}"
    chosen = language or jurisdiction.language
    return Notice(platform, chat_id, "send", once, key=key, params=params, language=chosen)


def to_look_up(roster: Roster, platform: str) -> Sequence[Group]:
    """The groups of a platform in which the bot needs rights."""
    return [group for kind in needs.NEEDED for group in roster.groups(kind) if group.platform == platform]
