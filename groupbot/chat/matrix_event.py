"""One raw update of Matrix -> records.Update. Pure, and on the hot path.

A raw update is the event as the homeserver gave it, in a wrapper that says what the event does not: its room, what the
sender is called there, whether the room is private or bridged, whether it was said before the bot came (`past`), and
what it is to the bot's own membership (`own`). Members send events of any type, but nobody writes a wrapper.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from groupbot.chat import strict
from groupbot.chat.matrix_bridge import forwarded, is_live_location, masked
from groupbot.records import EPOCH, Attachment, MemberChange, Update, UpdateKind

PLATFORM = "matrix"
Event = dict[str, Any]
LARGEST = 2**63 - 1  # the largest number that databases keep
LAST_MILLISECOND = 253402300799999  # the end of the year 9999
MEDIA: dict[str, Any] = {"m.image": "photo", "m.audio": "voice", "m.video": "video", "m.file": "document"}
WORDS = ("m.text", "m.emote")
STANDING = ("m.room.power_levels", "m.room.join_rules", "m.room.encryption", "m.bridge", "uk.half-shot.bridge")
FALLBACK = re.compile(r"\A(?:> ?.*(?:\n|\Z))+\n?")


def parse(raw: str) -> Update:
    """Read one raw update; never raises. What cannot be read is "unreadable", told apart by a hash of its text."""
    if not raw.isascii():
        raw = raw.encode("utf-8", "replace").decode("utf-8")
    try:
        return read(json.loads(raw), raw)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        digest = hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest()[:16]
        room, private = _room_of(raw)
        kept = raw.replace("\0", "\ufffd")
        return Update(PLATFORM, room, "", "unreadable", kept, EPOCH, revision=digest, private=private)


def _room_of(raw: str) -> tuple[str, bool]:
    """The room of an update that cannot be read, and whether it is private; '' where not even that can be told."""
    try:
        wrapped = json.loads(raw)
        return strict.identifier(wrapped["room"]), bool(wrapped.get("private"))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return "", False


def read(wrapped: Event, raw: str) -> Update:
    """The update in a wrapper. Raises ValueError, TypeError, KeyError or AttributeError for one that is malformed."""
    event = wrapped["event"]
    content = event.get("content")
    if not isinstance(content, dict):
        content = {}
    kind, about, revision, more = _reader(wrapped, event)(event, content)
    name = strict.identifier(wrapped.get("name", ""))
    if wrapped.get("bridged"):
        kind, more = _unbridged(kind, content, more)
        name = masked(name)
    return Update(
        PLATFORM,
        strict.identifier(wrapped["room"]),
        strict.identifier(about),
        kind,
        raw,
        _instant(event.get("origin_server_ts")),
        strict.identifier(revision),
        strict.identifier(event.get("event_id", "")),
        strict.identifier(event["sender"]),
        name,
        private=wrapped.get("private") is True,
        source="backfill" if wrapped.get("past") else "live",
        **more,
    )


Read = tuple[UpdateKind, str, str, Event]


def _reader(wrapped: Event, event: Event) -> Callable[[Event, Event], Read]:
    """What reads an event: one that sets no state of the room says nothing of it, whatever its type."""
    if "own" in wrapped:
        return OWN[wrapped["own"]]
    table = STATES if isinstance(event.get("state_key"), str) else SAYINGS
    return table.get(event["type"], _other)


def _message(event: Event, content: Event) -> Read:
    own = event["event_id"]
    because = _withdrawn(event)
    if because:
        return "redaction", own, because, {}
    relates = content.get("m.relates_to")
    relates = relates if isinstance(relates, dict) else {}
    if relates.get("rel_type") == "m.replace":
        new = content.get("m.new_content")
        if not isinstance(new, dict):
            return "other", own, "", {}
        kind, more = _said(new, None)
        return ("edit" if kind == "post" else "other"), strict.text(relates["event_id"]), own, more
    kind, more = _said(content, _reply_to(relates))
    return kind, own, "", more


def _said(content: Event, reply_to: str | None) -> tuple[UpdateKind, Event]:
    """What a message says: its text without the quoted fallback of a reply, or what is known of its file."""
    kind = content.get("msgtype")
    body = content.get("body", "")
    if type(body) is not str:
        return "other", {}
    if kind in WORDS:
        quoted = reply_to is not None and body.startswith(">")
        return "post", {"text": FALLBACK.sub("", body) if quoted else body, "reply_to": reply_to}
    if kind == "m.location":
        place = Attachment("location", strict.identifier(strict.text(content.get("geo_uri", ""))))
        return "post", {"text": "", "reply_to": reply_to, "attachments": (place,)}
    if kind in MEDIA:
        file_name = content.get("filename")
        caption = body if isinstance(file_name, str) and file_name != body else ""
        file = _file(MEDIA[kind], content, file_name if isinstance(file_name, str) else body)
        return "post", {"text": caption, "reply_to": reply_to, "attachments": (file,)}
    return "other", {"text": body if kind == "m.notice" else ""}


def _file(kind: Any, content: Event, name: str) -> Attachment:
    info = content.get("info")
    size: Any = info.get("size") if isinstance(info, dict) else 0
    whole = type(size) is int and 0 <= size <= LARGEST
    url = content.get("url")
    held = strict.identifier(url) if isinstance(url, str) else ""
    return Attachment(kind, held, strict.identifier(name[:200]), size if whole else 0)


def _reply_to(relates: Event) -> str | None:
    """What a message replies to: in a thread the thread's beginning, unless it quotes another message on purpose."""
    answered = relates.get("m.in_reply_to")
    answered = answered.get("event_id") if isinstance(answered, dict) else None
    root = relates.get("event_id") if relates.get("rel_type") == "m.thread" else None
    found = root if root is not None and (relates.get("is_falling_back") is True or answered is None) else answered
    return None if found is None else strict.identifier(strict.text(found))


def _sticker(event: Event, content: Event) -> Read:
    because = _withdrawn(event)
    if because:
        return "redaction", event["event_id"], because, {}
    body = content.get("body", "")
    return "post", event["event_id"], "", {"attachments": (_file("sticker", content, strict.text(body)),)}


def _reaction(event: Event, content: Event) -> Read:
    relates = content.get("m.relates_to")
    if not isinstance(relates, dict) or relates.get("rel_type") != "m.annotation":
        return "other", event["event_id"], "", {}
    return "reaction", strict.text(relates["event_id"]), event["event_id"], {"text": strict.text(relates["key"])}


def _redaction(event: Event, content: Event) -> Read:
    target = content.get("redacts", event.get("redacts"))
    return "redaction", strict.text(target), event["event_id"], {}


def _member(event: Event, content: Event) -> Read:
    """Somebody came, went or knocks; who only changed a name or picture did neither."""
    earlier = event.get("unsigned", {}).get("prev_content", {})
    before = earlier.get("membership", "leave") if isinstance(earlier, dict) else "leave"
    now = content.get("membership")
    change: MemberChange = ""
    if now == "join" and before != "join":
        change = "joined"
    elif now in ("leave", "ban") and before == "join":
        change = "left"
    elif now == "knock" and before != "knock":
        change = "knocks"
    return ("member" if change else "other"), "", event["event_id"], {"change": change}


def _standing(event: Event, content: Event) -> Read:
    return ("encrypted" if event["type"] == "m.room.encryption" else "standing"), "", event["event_id"], {}


def _upgraded(event: Event, content: Event) -> Read:
    return "upgraded", "", event["event_id"], {"moved_to": strict.identifier(strict.text(content["replacement_room"]))}


def _called_in(event: Event, content: Event) -> Read:
    """The bot is invited; the homeserver gives such an event neither id nor time."""
    token = next((name for name in ("encrypted", "upgrade", "space", "local") if content[name]), "")
    return "invited", "", event["event_id"], {"text": strict.text(content["reason"]), "token": token}


def _removed(event: Event, content: Event) -> Read:
    return "standing", "", event["event_id"], {"change": "left"}


def _let_in(event: Event, content: Event) -> Read:
    return "standing", "", event["event_id"], {"change": "joined"}


def _other(event: Event, content: Event) -> Read:
    return "other", strict.text(event.get("event_id", "")), "", {}


# What reads the bot's own membership, as the sync tells it, and which type of event, said or of a room's state.
INVITED = "invited"
REMOVED = "removed"
LET_IN = "let in"
Readers = Mapping[str, Callable[[Event, Event], Read]]
OWN: Readers = {INVITED: _called_in, REMOVED: _removed, LET_IN: _let_in}
SAYINGS: Readers = {
    "m.room.message": _message,
    "m.sticker": _sticker,
    "m.reaction": _reaction,
    "m.room.redaction": _redaction,
}
STATES: Readers = {
    "m.room.member": _member,
    "m.room.tombstone": _upgraded,
    **dict.fromkeys(STANDING, _standing),
}


def _withdrawn(event: Event) -> str:
    """The id of the redaction that took a message away before it was seen."""
    because = event.get("unsigned", {}).get("redacted_because")
    return strict.text(because.get("event_id", "")) if isinstance(because, dict) else ""


def _unbridged(kind: UpdateKind, content: Event, more: Event) -> tuple[UpdateKind, Event]:
    """What the WhatsApp bridge wraps up in texts, told apart again."""
    text = more.get("text", "")
    if kind == "other" and is_live_location(content, text):
        return "post", {"text": "", "attachments": (Attachment("location", ""),)}
    if kind in ("post", "edit") and (told := forwarded(text)) is not None:
        return kind, {**more, "text": told, "disguise": "forwarded"}
    return kind, more


def _instant(milliseconds: object) -> datetime:
    if type(milliseconds) is not int or not 0 <= milliseconds <= LAST_MILLISECOND:
        raise ValueError("not the time of an event")
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
