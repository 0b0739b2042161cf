"""One raw update of the sandbox -> records.Update. Pure and quick: it stands on the hot path."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from groupbot.chat import strict
from groupbot.records import EPOCH, Attachment, MemberChange, Update, UpdateKind

PLATFORM = "sandbox"
LARGEST = 2**63 - 1  # the largest number that databases keep

KINDS: dict[str, UpdateKind] = {
    "post": "post",
    "edit": "edit",
    "tap": "tap",
    "reaction": "reaction",
    "redaction": "redaction",
    "joined": "member",
    "left": "member",
    "standing": "standing",
}
CHANGES: dict[str, MemberChange] = {"joined": "joined", "left": "left"}


def instant(value: int | str) -> datetime:
    """Microseconds since 1970 UTC, or an ISO 8601 text with its offset, as an aware UTC datetime.

    Raises ValueError, TypeError or OverflowError for anything else.
    """
    if type(value) is bool:
        raise TypeError("a time expected, got bool")
    if isinstance(value, str):
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError(f"no offset in '{value}'")
        return at.astimezone(UTC)
    return EPOCH + timedelta(microseconds=value)


def parse(raw: str) -> Update:
    """Read one raw update; never raises. What cannot be read is "unreadable", told apart by a hash of its text.

    All of it can be kept in any database but `text`, which is cleaned where it is read.
    """
    if not raw.isascii():
        raw = raw.encode("utf-8", "replace").decode("utf-8")
    try:
        return _read(raw)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        digest = hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest()[:16]
        return Update(PLATFORM, "", "", "unreadable", raw.replace("\0", "\ufffd"), EPOCH, revision=digest)


def _read(raw: str) -> Update:
    event: dict[str, Any] = json.loads(raw)
    get = event.get
    kind = KINDS.get(event["do"], "other")
    number = strict.identifier(str(event["n"]))
    reply_to = get("reply_to")
    attachments = get("attachments")
    return Update(
        PLATFORM,
        strict.identifier(event["chat_id"]),
        strict.identifier(event["message_id"] if kind not in ("member", "standing") else ""),
        kind,
        raw,
        instant(event["at"]),
        # only a first posting is the message itself; anything later about it is told apart by its own number
        "" if kind == "post" else number,
        number,
        strict.identifier(event["user_id"] if kind != "standing" else ""),
        strict.identifier(get("name", "")),
        strict.text(get("text", "")),
        None if reply_to is None else strict.identifier(reply_to),
        strict.identifier(get("token", "")),
        "forwarded" if get("forwarded") else "",
        strict.identifier(get("album_id", "")),
        tuple(map(_attachment, attachments)) if attachments else (),
        get("private", False) is True,
        change=CHANGES.get(event["do"], ""),
    )


def _attachment(item: dict[str, Any]) -> Attachment:
    size = item.get("size", 0)
    if item["kind"] not in ("photo", "voice", "video", "document", "location", "sticker"):
        raise ValueError("not an attachment")
    if type(size) is not int or not 0 <= size <= LARGEST:
        raise ValueError("not the size of a file")
    return Attachment(item["kind"], strict.identifier(item["file_id"]), strict.identifier(item.get("name", "")), size)
