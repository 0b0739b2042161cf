"""What a WhatsApp group looks like through the mautrix-whatsapp bridge, and what must be undone of it.

A ghost stands for each WhatsApp user; its id, and often its name, is the user's phone number. What is written in the
place of forwarding marks and live locations is the bridge's own (pkg/msgconv of mautrix/whatsapp).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

FORWARDED = re.compile(r"\A↷ ?Forwarded\s*(?:\n+|\Z)")
LIVE_LOCATION = "Started sharing live location"
PHONE_LIKE = re.compile(r"\+?\d(?:[\s().-]*\d){6,}")
ONE_PERSON = "dm"


def masked(name: str) -> str:
    """A display name without a phone number in it: its last two digits stand for it."""
    return PHONE_LIKE.sub(lambda found: "…" + re.sub(r"\D", "", found[0])[-2:], name)


def forwarded(text: str) -> str | None:
    """The words of a forwarded message without the line that says so; None for one that is not forwarded."""
    found = FORWARDED.match(text)
    return None if found is None else text[found.end() :]


def is_live_location(content: Mapping[str, Any], text: str) -> bool:
    """Whether this is the notice that stands for a live location, which the bridge cannot show."""
    return content.get("msgtype") == "m.notice" and text.startswith(LIVE_LOCATION)


def is_bridge(content: Mapping[str, Any]) -> bool:
    """Whether the content of an m.bridge state event says that the room is a chat of another network."""
    protocol = content.get("protocol")
    return isinstance(protocol, dict) and bool(protocol.get("id"))


def is_private(content: Mapping[str, Any]) -> bool:
    """Whether that chat is one person's with the bot."""
    return content.get("com.beeper.room_type") == ONE_PERSON
