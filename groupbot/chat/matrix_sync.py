"""An answer of /sync -> a batch: its updates oldest first, the gaps that it leaves, and the cursor that confirms it.

Everything is read from the raw JSON: matrix-nio hides the rooms that the bot was put out of, and who knocks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from groupbot.chat.matrix_event import INVITED, LAST_MILLISECOND, LET_IN, REMOVED, Event, parse, read
from groupbot.chat.matrix_room import Room
from groupbot.records import Batch, Gap, Page, Update

FILTER: dict[str, Any] = {
    "presence": {"not_types": ["*"]},
    "account_data": {"not_types": ["*"]},
    "room": {
        "ephemeral": {"not_types": ["*"]},
        "account_data": {"not_types": ["*"]},
        "timeline": {"limit": 100, "lazy_load_members": True},
        "state": {"lazy_load_members": True},
    },
}
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
SAID = ("m.room.message", "m.sticker", "m.reaction", "m.room.redaction", "m.room.encrypted")
MOST_THREADS = 5000  # messages of threads that are remembered; of an older one the homeserver is asked
MOST_JOINS = 5  # more in one room at once are a bridge that shows who was there before, not people who come


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the sync stands, and when the bot came into each of its rooms (milliseconds since 1970)."""

    since: str = ""
    joined: dict[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls, text: str | None) -> Cursor:
        """Read a cursor as it was kept; None and what is damaged begin anew. Raises ValueError for other JSON."""
        if not text:
            return cls()
        kept = json.loads(text)
        return cls(str(kept["since"]), {str(room): int(at) for room, at in kept["joined"].items()})

    def dump(self) -> str:
        """As it is kept."""
        return _JSON.encode({"since": self.since, "joined": self.joined})


@dataclass(slots=True)
class Reader:
    """Reads answers of the homeserver for the user `me`, and keeps what is known of the rooms."""

    me: str
    rooms: dict[str, Room] = field(default_factory=dict)
    invites: dict[str, Room] = field(default_factory=dict)
    threads: dict[str, str] = field(default_factory=dict)  # message -> the beginning of its thread

    def batch(self, answer: Event, cursor: Cursor, now_ms: int) -> Batch:
        """What an answer of /sync brings after `cursor`. Raises ValueError, KeyError, TypeError for a malformed one."""
        since = str(answer["next_batch"])
        rooms = _part(answer, "rooms")
        updates: list[Update] = []
        gaps: list[Gap] = []
        joined = dict(cursor.joined)
        for room_id, part in _part(rooms, "join").items():
            room = self._room(room_id, part)
            timeline = _part(part, "timeline")
            events = _events(timeline)
            for event in events:
                room.take(event)
            came = self._came(events)
            if came is not None:
                joined[room_id] = _milliseconds(events[came])
                entered, events = events[came], events[came + 1 :]
                if cursor.since and not room.is_space:  # in a space nothing is said, so nobody need be told of it
                    updates.append(self._update(room, entered, own=LET_IN))
            room.joined_at = joined.get(room_id, 0)
            if not cursor.since:
                continue  # what was said before the bot first ran was not said to it
            if came is None and timeline.get("limited"):
                gaps.append(Gap(room_id, str(timeline["prev_batch"]), cursor.since))
            updates += self._updates(room, events)
        for room_id, part in _part(rooms, "leave").items():
            told = list(self._left(room_id, part))
            timeline = _part(part, "timeline")
            if cursor.since and told and told[-1].change == "left" and timeline.get("limited"):
                gaps.append(Gap(room_id, str(timeline["prev_batch"]), cursor.since))
            updates += told
            joined.pop(room_id, None)
        for room_id, part in _part(rooms, "invite").items():
            updates += self._invited(room_id, part, (since, now_ms))
        return Batch(tuple(updates), Cursor(since, joined).dump(), tuple(gaps))

    def page(self, answer: Event, gap: Gap) -> Page:
        """What an answer of /messages brings of a gap, oldest first; the gap ends where the bot came into the room."""
        room = self.rooms.get(gap.chat_id) or Room(gap.chat_id)
        events = _events(answer, "chunk")
        for member in _events(answer, "state"):
            if member.get("state_key") not in room.names:
                room.take(member)
        events.reverse()
        came = self._came(events)
        if came is not None:
            events = events[came + 1 :]
        end = answer.get("end")
        more = came is None and bool(answer.get("chunk")) and isinstance(end, str)
        return Page(tuple(self._updates(room, events)), str(end) if more else "")

    def _room(self, room_id: str, part: Event) -> Room:
        room = self.rooms.setdefault(room_id, Room(room_id))
        self.invites.pop(room_id, None)
        room.count(part.get("summary"))
        for event in _events(_part(part, "state")):
            room.take(event)
        return room

    def _came(self, events: list[Event]) -> int | None:
        """Where among the events the bot came into the room, the last time if it came more than once."""
        found = None
        for place, event in enumerate(events):
            if event.get("type") == "m.room.member" and event.get("state_key") == self.me:
                before = _part(_part(event, "unsigned"), "prev_content").get("membership")
                if _part(event, "content").get("membership") == "join" and before != "join":
                    found = place
        return found

    def _updates(self, room: Room, events: Iterable[Event]) -> Iterator[Update]:
        events = list(events)
        joins = sum(1 for event in events if event.get("type") == "m.room.member")
        storm = room.bridged and joins > MOST_JOINS
        for event in events:
            kind = event.get("type")
            if event.get("sender") == self.me and kind in SAID:
                continue  # its own words come back
            if kind == "m.room.member" and (event.get("state_key") == self.me or storm):
                continue
            self._note_thread(event)
            yield self._update(room, event)

    def _update(self, room: Room, event: Event, **own: str) -> Update:
        sender = event.get("sender")
        if event.get("type") == "m.room.member" and isinstance(event.get("state_key"), str):
            event = {**event, "sender": event["state_key"], "acted": sender}  # who comes or goes, not who let them
            sender = event["sender"]
        wrapped: Event = {"room": room.room_id, "name": room.names.get(str(sender), ""), "event": event, **own}
        if room.private:
            wrapped["private"] = True
        if room.bridged:
            wrapped["bridged"] = True
            sent = event.get("origin_server_ts")
            if type(sent) is int and sent < room.joined_at:
                wrapped["past"] = True  # the bridge brings what was written before the bot came
        return _read(wrapped)

    def _left(self, room_id: str, part: Event) -> Iterator[Update]:
        """The room was left, or the bot was put out; what was said before is still read."""
        room = self._room(room_id, part)
        events = _events(_part(part, "timeline"))
        own = [event for event in events if _is_own(event, self.me)]
        yield from self._updates(room, (event for event in events if not _is_own(event, self.me)))
        self.rooms.pop(room_id, None)
        if not own:
            own = [event for event in _events(_part(part, "state")) if _is_own(event, self.me)]
        if own and own[-1].get("sender") != self.me:
            name = room.names.get(str(own[-1].get("sender")), "")
            yield _read({"room": room_id, "name": name, "own": REMOVED, "event": own[-1]})

    def _invited(self, room_id: str, part: Event, when: tuple[str, int]) -> Iterator[Update]:
        since, now_ms = when
        room = Room(room_id)
        invite: Event = {}
        for event in _events(_part(part, "invite_state")):
            room.take(event)
            if _is_own(event, self.me):
                invite = event
        self.invites[room_id] = room
        content = _part(invite, "content")
        told = {
            "sender": invite.get("sender"),
            "event_id": hashlib.sha256(f"{room_id} {since}".encode()).hexdigest()[:32],
            "origin_server_ts": now_ms,
            "content": {
                "encrypted": room.encrypted,
                "upgrade": any(room_id == room.replacement for room in self.rooms.values()),
                "space": any(room_id in space.children for space in self.rooms.values() if space.is_space),
                "local": str(invite.get("sender")).partition(":")[2] == self.me.partition(":")[2],
                "reason": content.get("reason") if isinstance(content.get("reason"), str) else "",
            },
        }
        direct = content.get("is_direct") is True
        name = room.names.get(str(invite.get("sender")), "")
        yield _read({"room": room_id, "name": name, "private": direct, "own": INVITED, "event": told})

    def _note_thread(self, event: Event) -> None:
        relates = _part(_part(event, "content"), "m.relates_to")
        if relates.get("rel_type") == "m.thread" and isinstance(relates.get("event_id"), str):
            self.threads[str(event.get("event_id"))] = relates["event_id"]
            if len(self.threads) > MOST_THREADS:
                del self.threads[next(iter(self.threads))]


def _is_own(event: Event, me: str) -> bool:
    return event.get("type") == "m.room.member" and event.get("state_key") == me


def _milliseconds(event: Event) -> int:
    """When an event was sent, in milliseconds since 1970; 0 where that is not known."""
    sent = event.get("origin_server_ts")
    return sent if type(sent) is int and 0 <= sent <= LAST_MILLISECOND else 0


def _read(wrapped: Event) -> Update:
    raw = _JSON.encode(wrapped)
    try:
        raw.encode()  # half a character is JSON and no text: what holds one is read anew, without it
        return read(wrapped, raw)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return parse(raw)


def _part(whole: Event, name: str) -> Event:
    found = whole.get(name)
    return found if isinstance(found, dict) else {}


def _events(part: Event, name: str = "events") -> list[Event]:
    found = part.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
