"""One raw update of the Telegram Bot API -> records.Update. Pure and quick: it stands on the hot path.

A message of a forum topic has the id "message@topic", so that whatever answers it later lands in its topic.
What is none of the bot's business has the kind "other" and in `disguise` the reason.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from groupbot.records import EPOCH, Attachment, MemberChange, Origin, Update, UpdateKind

PLATFORM = "telegram"
CONTINUE = "continue"  # what a link into the private chat makes the person's client say after /start
FETCHED = "fetched"  # when an update that bears no date was fetched: put beside it before it is kept
ANONYMOUS_ADMIN = 1087968824  # the one user behind whom Telegram puts all anonymous administrators
OUTSIDE = frozenset({"left", "kicked"})

Json = dict[str, Any]

# Message field -> what kind of file it is; the first that is there counts.
FILES: Mapping[str, Any] = {
    "photo": "photo",
    "voice": "voice",
    "video": "video",
    "video_note": "video",
    "animation": "document",
    "document": "document",
    "audio": "document",
    "sticker": "sticker",
    "location": "location",
}


def parse(raw: str) -> Update:
    """Read one raw update; never raises. What cannot be read is "unreadable", told apart by a hash of its text."""
    try:
        return read(json.loads(raw), raw)
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError, OSError):
        chat_id, private = _chat_of(raw)
        return Update(PLATFORM, chat_id, "", "unreadable", raw, EPOCH, revision=_digest(raw), private=private)


def _chat_of(raw: str) -> tuple[str, bool]:
    """The chat of an update that cannot be read, and whether it is private; '' where not even that can be told."""
    try:
        chat = next(part["chat"] for part in json.loads(raw).values() if isinstance(part, dict) and "chat" in part)
        return str(_number(chat["id"])), chat.get("type") == "private"
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, StopIteration):
        return "", False


def read(update: Json, raw: str) -> Update:
    """Read one update, which `raw` is the text of. Raises all kinds of errors for what is not as documented."""
    for field, reader in READERS.items():
        if field in update:
            return reader(update, update[field], raw)
    kind = next((key for key in update if key not in ("update_id", FETCHED)), "nothing")
    return _plain(update, raw, "other", disguise=str(kind)[:40])


# --- messages ---------------------------------------------------------------------------------------------------------


def _message(update: Json, message: Json, raw: str) -> Update:
    chat = message["chat"]
    if "migrate_to_chat_id" in message:
        return _moved(update, raw, message, str(chat["id"]), str(_number(message["migrate_to_chat_id"])))
    if "migrate_from_chat_id" in message:
        return _moved(update, raw, message, str(_number(message["migrate_from_chat_id"])), str(chat["id"]))
    reason = _no_business(message)
    if reason:
        return _plain(update, raw, "other", message, disguise=reason)
    edited = message.get("edit_date") if "edited_message" in update else None
    text = _text(message)
    private = chat["type"] == "private"
    if private and text.startswith("/start"):
        text = _deep_link(text)
    sender = message["from"]
    attachment = _attachment(message)
    return Update(
        PLATFORM,
        str(_number(chat["id"])),
        message_id(message),
        "post" if edited is None else "edit",
        raw,
        _at(message["date"] if edited is None else edited),
        # an edit that shows nothing new differs from the one before only in its date: both are kept
        "" if edited is None else f"{_number(edited)}-{_digest(text)}",
        str(_number(update["update_id"])),
        str(_number(sender["id"])),
        _name(sender),
        text,
        _reply_to(message),
        "",
        _disguise(message),
        _clean(message.get("media_group_id", "")),
        (attachment,) if attachment else (),
        private,
        reply_text=_reply_text(message),
        origin=_origin(message),
    )


def message_id(message: Json) -> str:
    """The id under which the bot keeps a message: with its topic's, where it is in one."""
    number = str(_number(message["message_id"]))
    if message.get("is_topic_message") is True:
        return f"{number}@{_number(message['message_thread_id'])}"
    return number


def _no_business(message: Json) -> str:
    """Why a message is not for the bot, or nothing."""
    sender = message.get("from", {})
    reasons = {
        "guest": "guest_query_id" in message,  # its chat may bear the id of one we know and be another
        "business": "business_connection_id" in message,
        "scheduled": message["message_id"] == 0,
        "channel": message["chat"]["type"] == "channel" or not sender,
        "automatic_forward": message.get("is_automatic_forward") is True,
        "bot": sender.get("is_bot") is True and "sender_chat" not in message,
        "service": not any(field in message for field in CONTENT),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


CONTENT = (*FILES, "text", "caption", "rich_message", "venue", "contact", "poll", "story", "paid_media", "live_photo")


SHOWN = ("blockquote", "expandable_blockquote", "pre", "code")  # words that are shown to others, not said


def _disguise(message: Json) -> str:
    """What makes a text unfit to be an act."""
    if "forward_origin" in message or "via_bot" in message:
        return "forwarded"
    if "sender_chat" in message:
        own = message["sender_chat"]["id"] == message["chat"]["id"] or message["from"]["id"] == ANONYMOUS_ADMIN
        return "anonymous" if own else "channel"
    entities = message.get("entities") or message.get("caption_entities") or ()
    return "quoted" if any(part["type"] in SHOWN and part["offset"] == 0 for part in entities) else ""


def _origin(message: Json) -> Origin | None:
    """Who first sent a forwarded message, and when; channels and groups are no authors."""
    origin = message.get("forward_origin")
    if origin is None or origin["type"] not in ("user", "hidden_user"):
        return None
    user = origin.get("sender_user")
    if user is None or user.get("is_bot") is True:
        return None if user else Origin(_at(origin["date"]))
    return Origin(_at(origin["date"]), str(_number(user["id"])), _name(user))


def _text(message: Json) -> str:
    text = message.get("text") or message.get("caption")
    if text is None and "rich_message" in message:
        text = "\n".join("".join(_strings(block)) for block in message["rich_message"]["blocks"])
    return "" if text is None else _string(text)


def _strings(part: Any) -> Iterator[str]:
    """The plain words of rich text, however it is nested."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for inner in part:
            yield from _strings(inner)
    elif isinstance(part, dict):
        for key, inner in part.items():
            if key in ("text", "texts", "blocks", "items", "cells", "caption"):
                yield from _strings(inner)


def _deep_link(text: str) -> str:
    """What t.me/bot?start=CODE makes the person's client say is a /join.

    A bare /start, and what the button into the private chat makes it say, asks what can be done here.
    """
    word, _, payload = text.partition(" ")
    if word.split("@")[0] != "/start":
        return text
    payload = payload.strip()
    return f"/join {payload}" if payload not in ("", CONTINUE) else "/help"


def _reply_to(message: Json) -> str | None:
    """Which message is replied to; one that only stands at the head of its topic is none."""
    replied = message.get("reply_to_message")
    if not replied or "forum_topic_created" in replied:
        return None
    if replied["chat"]["id"] != message["chat"]["id"]:
        return None
    return message_id(replied)


def _reply_text(message: Json) -> str:
    """What a bot's message says that is replied to."""
    replied = message.get("reply_to_message")
    if not replied or replied.get("from", {}).get("is_bot") is not True or "sender_chat" in replied:
        return ""
    return _clean(replied.get("text", ""))


def _attachment(message: Json) -> Attachment | None:
    for field, kind in FILES.items():
        if field in message:
            file = message[field]
            if field == "photo":
                file = file[-1]  # sizes of the same photo, the largest last
            if field == "location":
                return Attachment(kind, _geo(file))
            size = file.get("file_size", 0)
            return Attachment(kind, _clean(file.get("file_id", "")), _clean(file.get("file_name", "")), _number(size))
    return None


def _geo(place: Json) -> str:
    """The geo URI (RFC 5870) of a pin, as Matrix gives it; empty when there are no numbers."""
    found = (place.get("latitude"), place.get("longitude"))
    if not all(isinstance(part, int | float) and math.isfinite(part) for part in found):
        return ""
    return "geo:{:.6f},{:.6f}".format(*found)


# --- everything else --------------------------------------------------------------------------------------------------


def _moved(update: Json, raw: str, message: Json, before: str, after: str) -> Update:
    """A group has become a supergroup: told once in each of the two chats, and one thing."""
    number = str(_number(update["update_id"]))
    at = _at(message["date"])
    return Update(PLATFORM, before, "", "moved", raw, at, f"moved-{after}", number, moved_to=after)


def _tap(update: Json, query: Json, raw: str) -> Update:
    message = query.get("message")
    if not message or "data" not in query:
        return _plain(update, raw, "other", disguise="inline_tap")
    chat = message["chat"]
    return Update(
        PLATFORM,
        str(_number(chat["id"])),
        message_id(message),
        "tap",
        raw,
        _at(update[FETCHED]),
        f"tap-{_clean(query['id'])}",
        str(_number(update["update_id"])),
        str(_number(query["from"]["id"])),
        _name(query["from"]),
        token=_clean(query["data"]),
        private=chat["type"] == "private",
    )


def _reaction(update: Json, reaction: Json, raw: str) -> Update:
    emoji = "".join(one.get("emoji", "") for one in reaction["new_reaction"])
    sender = reaction.get("user")
    return Update(
        PLATFORM,
        str(_number(reaction["chat"]["id"])),
        str(_number(reaction["message_id"])),
        "reaction",
        raw,
        _at(reaction["date"]),
        _digest(json.dumps(reaction)),
        str(_number(update["update_id"])),
        str(_number(sender["id"])) if sender else "",
        _name(sender) if sender else "",
        _string(emoji),
    )


def _member(update: Json, event: Json, raw: str) -> Update:
    """Somebody has joined or left, or what they may do has changed."""
    change = _change(event)
    return _who(update, event, raw, "member" if change else "other", change)


def _standing(update: Json, event: Json, raw: str) -> Update:
    """The bot itself was let in, put out, or given other rights; in a private chat, blocked or unblocked."""
    return _who(update, event, raw, "standing", _change(event))


def _who(update: Json, event: Json, raw: str, kind: UpdateKind, change: MemberChange) -> Update:
    user = event["new_chat_member"]["user"]
    return Update(
        PLATFORM,
        str(_number(event["chat"]["id"])),
        "",
        kind,
        raw,
        _at(event["date"]),
        _digest(json.dumps(event)),
        str(_number(update["update_id"])),
        str(_number(user["id"])),
        _name(user),
        private=event["chat"]["type"] == "private",
        change=change,
    )


def _change(event: Json) -> MemberChange:
    before, after = (_is_in(event[key]) for key in ("old_chat_member", "new_chat_member"))
    if before == after:
        return ""
    return "joined" if after else "left"


def _is_in(member: Json) -> bool:
    if member["status"] == "restricted":
        return member["is_member"] is True
    return member["status"] not in OUTSIDE


def _plain(update: Json, raw: str, kind: UpdateKind, about: Json | None = None, *, disguise: str = "") -> Update:
    """An update that is only kept: told apart by what it holds, whatever number it came under."""
    chat = about["chat"] if about else {}
    content = {key: value for key, value in update.items() if key not in ("update_id", FETCHED)}
    return Update(
        PLATFORM,
        str(chat.get("id", "")),
        "",
        kind,
        raw,
        _at(about["date"]) if about else EPOCH,
        _digest(json.dumps(content)),
        str(_number(update["update_id"])),
        disguise=disguise,
    )


def _ignored(reason: str) -> Callable[[Json, Json, str], Update]:
    return lambda update, message, raw: _plain(update, raw, "other", message, disguise=reason)


READERS: Mapping[str, Callable[[Json, Json, str], Update]] = {
    "message": _message,
    "edited_message": _message,
    "callback_query": _tap,
    "message_reaction": _reaction,
    "chat_member": _member,
    "my_chat_member": _standing,
    "channel_post": _ignored("channel"),
    "edited_channel_post": _ignored("channel"),
    "business_message": _ignored("business"),
    "edited_business_message": _ignored("business"),
    "guest_message": _ignored("guest"),
}


# --- values -----------------------------------------------------------------------------------------------------------


def _at(seconds: Any) -> datetime:
    return datetime.fromtimestamp(_number(seconds), UTC)


def _number(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(f"a number expected, got {type(value).__name__}")
    return value


def _string(value: Any) -> str:
    if type(value) is not str:
        raise TypeError(f"text expected, got {type(value).__name__}")
    return value


def _clean(value: Any) -> str:
    """A text that goes into the database as it is: without NUL and lone surrogates."""
    text = _string(value).replace("\0", "\ufffd")
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _name(user: Json) -> str:
    return _clean(f"{user['first_name']} {user.get('last_name') or ''}".strip())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
