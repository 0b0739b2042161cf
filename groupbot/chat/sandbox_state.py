"""What the sandbox's chats hold: the fold of its events, one small function per event."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, get_args

from groupbot.chat import Picture
from groupbot.chat.sandbox_record import Event
from groupbot.chat.sandbox_update import instant
from groupbot.records import EPOCH, Attachment, GroupKind, Right

BOT = "groupbot"  # the bot's sender id and name
RIGHTS: frozenset[Right] = frozenset(get_args(Right))


@dataclass(frozen=True, slots=True)
class SandboxPerson:
    """Someone to speak as. `role` is a role code of the pack; `ward` and `service_code` are empty where none."""

    user_id: str
    name: str
    role: str
    ward: str = ""
    service_code: str = ""


@dataclass(slots=True)
class SandboxMessage:
    """One message as it stands now. `old_texts` are the texts before each edit; `reactions` go by sender id."""

    id: str
    at: datetime  # UTC
    sender_id: str
    sender_name: str
    text: str
    reply_to: str | None = None
    forwarded: bool = False
    attachments: tuple[Attachment, ...] = ()
    album_id: str = ""
    buttons: tuple[tuple[str, str], ...] = ()
    picture: Picture | None = None
    old_texts: list[str] = field(default_factory=list)
    reactions: dict[str, str] = field(default_factory=dict)
    pinned: bool = False
    deleted: bool = False
    version: int = 0  # the number of the last event that changed it

    @property
    def edits(self) -> int:
        """How often the text was changed."""
        return len(self.old_texts)


@dataclass(slots=True)
class Room:
    """One chat: who sits in it and what was said. `private_to` is the person whose private chat it is."""

    chat_id: str
    title: str
    kind: GroupKind
    members: dict[str, None]  # user ids in order of joining
    private_to: str = ""
    messages: dict[str, SandboxMessage] = field(default_factory=dict)
    read_only: bool = False  # only the bot may write here
    rights: frozenset[Right] = RIGHTS  # what the bot may do here
    by_invitation: bool = False  # nobody can join who was not invited
    muted: dict[str, datetime] = field(default_factory=dict)  # user id -> until when (UTC)
    banned: dict[str, datetime] = field(default_factory=dict)

    @property
    def private(self) -> bool:
        """Whether this is one person's chat with the bot."""
        return self.kind == "private"

    def next_id(self) -> str:
        """The id of the next message: ids count up, and a deleted message keeps its own."""
        return str(len(self.messages) + 1)


@dataclass(slots=True)
class State:
    """All of it. `latest` is the latest instant that any event names (1970 when there is none)."""

    rooms: dict[str, Room] = field(default_factory=dict)
    people: dict[str, SandboxPerson] = field(default_factory=dict)
    sent: dict[tuple[str, str], str] = field(default_factory=dict)  # (chat_id, txn_id) -> message_id
    latest: datetime = EPOCH

    def apply(self, event: Event) -> None:
        """Take one event in. An event of an unknown kind (a newer version's) changes nothing but the time."""
        change = CHANGES.get(event["do"])
        if change is not None:
            change(self, event)
            if "message_id" in event:
                self.message(event).version = event["n"]
        if "at" in event:
            self.latest = max(self.latest, instant(event["at"]))

    def message(self, event: Event) -> SandboxMessage:
        """The message that an event is about."""
        return self.rooms[event["chat_id"]].messages[event["message_id"]]


def _chat(state: State, event: Event) -> None:
    known = state.rooms.get(event["chat_id"])
    made = (event["chat_id"], event["title"], event["kind"], dict.fromkeys(event["members"]), event["private_to"])
    if known is None:
        state.rooms[event["chat_id"]] = Room(*made, read_only=event["kind"] == "mirror")
        return
    _, known.title, known.kind, members, known.private_to = made
    known.members = {who: None for who in members if known.banned.get(who, EPOCH) <= state.latest}


def _member(state: State, event: Event) -> None:
    state.rooms[event["chat_id"]].members[event["user_id"]] = None


def _left(state: State, event: Event) -> None:
    state.rooms[event["chat_id"]].members.pop(event["user_id"], None)


def _standing(state: State, event: Event) -> None:
    room = state.rooms[event["chat_id"]]
    room.read_only = event["read_only"]
    room.rights = RIGHTS & set(event["rights"])


def _by_invitation(state: State, event: Event) -> None:
    state.rooms[event["chat_id"]].by_invitation = event["on"]


def _mute(state: State, event: Event) -> None:
    _put(state.rooms[event["chat_id"]].muted, event)


def _ban(state: State, event: Event) -> None:
    _put(state.rooms[event["chat_id"]].banned, event)
    if event["until"]:
        _left(state, event)


def _put(held: dict[str, datetime], event: Event) -> None:
    """Until when somebody is held back; nothing ends it."""
    held.pop(event["user_id"], None)
    if event["until"]:
        held[event["user_id"]] = instant(event["until"])


def _person(state: State, event: Event) -> None:
    state.people[event["user_id"]] = SandboxPerson(
        event["user_id"], event["name"], event["role"], event["ward"], event["service_code"]
    )


def _post(state: State, event: Event) -> None:
    state.rooms[event["chat_id"]].messages[event["message_id"]] = SandboxMessage(
        event["message_id"],
        instant(event["at"]),
        event["user_id"],
        event["name"],
        event["text"],
        event["reply_to"],
        event["forwarded"],
        tuple(Attachment(**item) for item in event["attachments"]),
        event["album_id"],
    )


def _say(state: State, event: Event) -> None:
    state.rooms[event["chat_id"]].messages[event["message_id"]] = SandboxMessage(
        event["message_id"],
        instant(event["at"]),
        BOT,
        BOT,
        event["text"],
        event["reply_to"],
        buttons=_buttons(event["buttons"]),
        picture=_picture(event.get("picture")),
    )
    state.sent[(event["chat_id"], event["txn_id"])] = event["message_id"]


def _edit(state: State, event: Event) -> None:
    message = state.message(event)
    if event["text"] != message.text:
        message.old_texts.append(message.text)
        message.text = event["text"]


def _bot_edit(state: State, event: Event) -> None:
    _edit(state, event)
    state.message(event).buttons = _buttons(event["buttons"])


def _reaction(state: State, event: Event) -> None:
    reactions = state.message(event).reactions
    reactions.pop(event["user_id"], None)
    if event["text"]:
        reactions[event["user_id"]] = event["text"]


def _redaction(state: State, event: Event) -> None:
    state.message(event).deleted = True


def _pin(state: State, event: Event) -> None:
    state.message(event).pinned = True


def _picture(kept: dict[str, Any] | None) -> Picture | None:
    return None if kept is None else Picture(**{**kept, "png": b64decode(kept["png"])})


def _buttons(pairs: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, token) for label, token in pairs)


CHANGES: dict[str, Callable[[State, dict[str, Any]], None]] = {
    "chat": _chat,
    "member": _member,
    "joined": _member,
    "left": _left,
    "standing": _standing,
    "by_invitation": _by_invitation,
    "mute": _mute,
    "ban": _ban,
    "person": _person,
    "post": _post,
    "edit": _edit,
    "reaction": _reaction,
    "redaction": _redaction,
    "say": _say,
    "bot_edit": _bot_edit,
    "bot_reaction": _reaction,
    "bot_delete": _redaction,
    "pin": _pin,
}
