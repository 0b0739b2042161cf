"""What an automatic guard may conclude in a closed service group, and the little that may follow from it.

The harm test: nothing automatic removes a post or a request, silences or puts out anybody, or reaches a third party.
So the only acts there are here tell staff, tell the sender, hold a stranger's post until it is decided, or close the
door to people whom nobody invited. All else is a named person's decision. Source: ours.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Literal

from rapidfuzz import fuzz

from groupbot.rules.text import unmask

Finding = Literal["unknown_joined", "unknown_posted", "join_wave", "look_alike", "flood", "personal_data"]
Response = Literal["tell_staff", "tell_sender", "hold", "close_invites"]
HumanAct = Literal["warn", "mute", "ban"]

# What follows from each finding, in this order.
RESPONSES: Mapping[Finding, tuple[Response, ...]] = {
    "unknown_joined": ("tell_staff",),
    "unknown_posted": ("hold", "tell_sender", "tell_staff"),
    "join_wave": ("close_invites", "tell_staff"),
    "look_alike": ("tell_staff",),
    "flood": ("tell_staff",),
    "personal_data": ("tell_sender",),
}
ALIKE = 88.0  # of 100: how near a name must come to an officer's to be shown to staff
SHORTEST_ALIKE = 5  # letters
_DIGITS_AS_LETTERS = str.maketrans("013456789", "oieasgtbg")
_ID_NUMBER = re.compile(r"(?<![\w.,/-])\d{7,8}(?![\w/-]|[.,]\d)")


def responses(finding: Finding, *, dry_run: bool) -> tuple[Response, ...]:
    """What is done about a finding. In a dry run nothing is, but that a stranger's post is held and its sender told.

    Holding keeps a post from being lost; it is no act against anybody.
    """
    if dry_run and finding != "unknown_posted":
        return ()
    return RESPONSES[finding]


def is_wave(unknown_joins: int, most: int) -> bool:
    """Whether more unknown people joined within the window than the pack allows."""
    return unknown_joins >= most


def is_flood(posts: int, most: int, *, ward_admin: bool) -> bool:
    """Whether somebody posts more in a minute than the pack allows; a ward admin after a baraza never floods."""
    return posts > most and not ward_admin


def looks_like(name: str, officers: Collection[str]) -> str | None:
    """The officer whose name somebody else's resembles: other alphabets, digits for letters, spaces, slips."""
    given = _skeleton(name)
    if len(given) < SHORTEST_ALIKE:
        return None
    for officer in officers:
        known = _skeleton(officer)
        if len(known) >= SHORTEST_ALIKE and fuzz.ratio(given, known) >= ALIKE:
            return officer
    return None


def _skeleton(name: str) -> str:
    """What the eye keeps of a name: folded, letters alone, its words in one order."""
    words = re.split(r"[^\w]+", unmask(name[:200]).translate(_DIGITS_AS_LETTERS).replace("_", ""))
    return "".join(sorted(word for word in words if word))


def shows_id_number(text: str) -> bool:
    """Whether a text shows what may be a national identity number (seven or eight figures that stand alone)."""
    return bool(_ID_NUMBER.search(text))
