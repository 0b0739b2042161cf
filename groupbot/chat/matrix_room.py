"""What the bot knows of a room, by the homeserver's own word: the raw state events, nothing derived by a library.

matrix-nio keeps a demoted moderator's power, and shows the unlimited power of a version 12 room's creator as none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from groupbot.chat import matrix_bridge
from groupbot.chat.matrix_event import Event

UNLIMITED = 2**53  # above every level that a room can name
CREATORS_FROM = 12  # since this room version creators stand above all levels
KEPT = frozenset(
    (
        "m.room.create",
        "m.room.power_levels",
        "m.room.encryption",
        "m.room.tombstone",
        "m.room.join_rules",
        "m.room.name",
        "m.room.canonical_alias",
        "m.room.pinned_events",
    )
)
BRIDGES = ("m.bridge", "uk.half-shot.bridge")
PRIVATE_MEMBERS = 2


@dataclass(slots=True)
class Room:
    """One joined room. `state` holds the contents of the state events that matter here, by their type."""

    room_id: str
    state: dict[str, Event] = field(default_factory=dict)
    creator: str = ""
    names: dict[str, str] = field(default_factory=dict)  # user id -> display name
    members: int = 0
    bridge: Event = field(default_factory=dict)
    children: set[str] = field(default_factory=set)  # the rooms of a space
    gone: set[str] = field(default_factory=set)  # who left or was put out: no level gives them any power here
    joined_at: int = 0  # when the bot came, in milliseconds since 1970; 0 when that is not known

    def take(self, event: Event) -> None:
        """Take a state event in; what is malformed changes nothing."""
        content = event.get("content")
        kind = event.get("type")
        if not (isinstance(content, dict) and isinstance(kind, str) and isinstance(event.get("state_key"), str)):
            return
        if kind == "m.room.member":
            name = content.get("displayname")
            self.names[event["state_key"]] = name if isinstance(name, str) else ""
            left = content.get("membership") in ("leave", "ban")
            (self.gone.add if left else self.gone.discard)(event["state_key"])
        elif kind in BRIDGES:
            self.bridge = content if matrix_bridge.is_bridge(content) else {}
        elif kind == "m.space.child":
            (self.children.add if content.get("via") else self.children.discard)(event["state_key"])
        elif kind in KEPT:
            self.state[str(kind)] = content
            if kind == "m.room.create":
                self.creator = str(event.get("sender", ""))

    def count(self, summary: object) -> None:
        """Take the number of members from the summary of a sync."""
        if isinstance(summary, dict):
            counts = [summary.get(f"m.{kind}_member_count") for kind in ("joined", "invited")]
            if any(type(one) is int for one in counts):
                self.members = sum(one for one in counts if type(one) is int)

    @property
    def name(self) -> str:
        """What the room is called; '' when it has no name."""
        name = self.state.get("m.room.name", {}).get("name")
        return name if isinstance(name, str) else ""

    @property
    def encrypted(self) -> bool:
        """Whether messages are encrypted here; once they are, they stay so."""
        return "m.room.encryption" in self.state

    @property
    def bridged(self) -> bool:
        """Whether the room is a chat of another network."""
        return bool(self.bridge)

    @property
    def private(self) -> bool:
        """Whether the room is one person's with the bot: nameless and for two, or bridged as such."""
        if self.bridge:
            return matrix_bridge.is_private(self.bridge)
        if self.name or "m.room.canonical_alias" in self.state or self.is_space:
            return False
        return 0 < self.members <= PRIVATE_MEMBERS

    @property
    def crowded(self) -> bool:
        """Whether more than one person and the bot are here, or invited; of a bridge's own users nothing is known."""
        return not self.bridged and self.members > PRIVATE_MEMBERS

    @property
    def is_space(self) -> bool:
        """Whether the room is a space, which holds rooms and no messages."""
        return self.state.get("m.room.create", {}).get("type") == "m.space"

    @property
    def replacement(self) -> str:
        """The room that has taken this one's place; '' while it stands."""
        found = self.state.get("m.room.tombstone", {}).get("replacement_room")
        return found if isinstance(found, str) else ""

    @property
    def pinned(self) -> list[str]:
        """The pinned messages, oldest first."""
        found = self.state.get("m.room.pinned_events", {}).get("pinned")
        return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []

    def power_of(self, user_id: str) -> int:
        """The power of a user, as the homeserver reckons it."""
        if user_id in self.gone:
            return -UNLIMITED
        if user_id in self._creators():
            return UNLIMITED
        levels = self._levels()
        if not levels:
            return 100 if user_id == self.creator else 0
        users = levels.get("users")
        own = users.get(user_id) if isinstance(users, dict) else None
        return _level(own if own is not None else levels.get("users_default"), 0)

    def needed(self, event_type: str, *, state: bool = False) -> int:
        """The power that sending an event of this type takes."""
        levels = self._levels()
        named = levels.get("events")
        if isinstance(named, dict) and event_type in named:
            return _level(named[event_type], 0)
        default = "state_default" if state else "events_default"
        return _level(levels.get(default), 50 if state and levels else 0)

    def needed_to(self, act: str) -> int:
        """The power that an act takes: redact, kick, ban or invite."""
        return _level(self._levels().get(act), 0 if act == "invite" else 50)

    def powerful(self) -> set[str]:
        """Users who stand above the ordinary member."""
        users = self._levels().get("users")
        named = users if isinstance(users, dict) else {}
        above = {user for user in named if self.power_of(user) > self.power_of("")}
        return above | self._creators()

    def _levels(self) -> Event:
        return self.state.get("m.room.power_levels", {})

    def _creators(self) -> set[str]:
        create = self.state.get("m.room.create", {})
        version = create.get("room_version", "1")
        if not (isinstance(version, str) and version.isdecimal() and int(version) >= CREATORS_FROM):
            return set()
        more = create.get("additional_creators")
        named = {one for one in more if isinstance(one, str)} if isinstance(more, list) else set()
        return {self.creator, *named}


def _level(value: Any, default: int) -> int:
    """A power level; rooms older than version 10 may write it as text."""
    if type(value) is int:
        return value
    if isinstance(value, str) and value.strip().lstrip("-").isdecimal():
        return int(value)
    return default
