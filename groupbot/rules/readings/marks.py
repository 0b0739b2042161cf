"""A label at the beginning of a piece of text, and the mark between it and its value.

Marks are ": - = ; . >> /" and others, a label alone on its line, or only a space or comma, which count provisionally.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from groupbot.rules.readings.labels import Label, LabelTable
from groupbot.rules.text import EMOJI

_SHORTEST_LABEL = 2  # letters: "no" is more often no label
WINDOW = 56  # characters from the beginning in which a label ends
SPACED = (" ", ",")  # marks too weak to make a label by themselves
GLUED = "glued"  # a dash between a label and a small letter: "Problem-no water", or a compound word
PROVISIONAL = frozenset((*SPACED, GLUED, "picture"))
STRONG = re.compile(r"[:：﹕∶=]")

_WEAK = re.compile(
    r"\s*(?:;+|>+|[-–—]+>?|→|⇒|➜|➡\ufe0f?|\U0001f449[\U0001f3fb-\U0001f3ff]?|/|[.,](?=\s|$)|\.(?=[^\W\d_])|(?<=\w)[*_]{1,2}(?=\s+\S))\s*"
)
_AFTER = re.compile(r"[\s:：﹕∶=;>*_]*(?:[-–—]+(?:[>\s]+|(?=\w)))?\s*")
_LEAD = re.compile(r"[\s>*_~`#•‣⁃◦∙‧▪●○■□➤►–—-]+")
_UNKNOWN = re.compile(r"([^\W\d_][\w'’ /()&.-]{1,30}?)\s*[:：=](?!\d|//)")


class Piece(NamedTuple):
    """One piece of a post.

    `code` is a field's code, or header, reference, notice, other (a label that is not kept), text or blank.
    """

    code: str
    value: str
    label: Label | None = None
    mark: str = ""
    quoted: bool = False
    indented: bool = False
    whole: str = ""  # of a label that only a space sets off: the line as written, in case it is none


def first_label(rest: str, table: LabelTable) -> Piece | None:
    """The labelled value that a text begins with, or None."""
    window = rest[:WINDOW]
    strong = STRONG.search(window)
    if strong:
        label = table.find(window[: strong.start()])
        if label:
            return _labelled(rest, strong.end(), label, ":")
    return _weakly(rest, window, table) or _alone(rest, table) or _spaced(rest, window, table)


def _labelled(rest: str, at: int, label: Label, mark: str) -> Piece:
    after = _AFTER.match(rest, at)
    value = rest[after.end() :] if after else rest[at:]
    return Piece(label.code, value, label, mark, whole=rest if mark in (",", GLUED) else "")


def _weakly(rest: str, window: str, table: LabelTable) -> Piece | None:
    for tried, weak in enumerate(_WEAK.finditer(window)):
        if tried == 3:
            break
        sign = weak.group().strip()
        label = table.find(window[: weak.start()])
        if label is None or (label.slips and sign[:1] in "/,.*_"):
            continue
        glued = weak.group() == sign and sign[0] in "-–—/."
        after = window[weak.end() : weak.end() + 1]
        if glued and sign != "." and after and not (after.isupper() or after.isdigit()):
            if sign == "/" or label.slips:
                continue
            return _labelled(rest, weak.end(), label, GLUED)
        return _labelled(rest, weak.end(), label, "," if sign == "," else sign[:1])
    return None


def _alone(rest: str, table: LabelTable) -> Piece | None:
    if len(rest) > 30:
        return None
    label = table.find_alone(rest)
    if label is None:
        return None
    return Piece(label.code, rest if label.code == "header" else "", label, "alone")  # "SERVICE REQUEST (URGENT)"


def _spaced(rest: str, window: str, table: LabelTable) -> Piece | None:
    """ "Ward Sengwer": only a label spelt right, and only provisionally."""
    words = window.split(maxsplit=3)
    for count in (3, 2, 1):
        label = table.exact.get(" ".join(words[:count]).lower()) if len(words) > count else None
        if label:
            kept = label.code not in ("notice", "header") and not _denies(label, rest.split(maxsplit=count)[count])
            return Piece(label.code, rest.split(maxsplit=count)[count], label, " ", whole=rest) if kept else None
    return None


def _denies(label: Label, value: str) -> bool:
    """ "no money to refill": a short word that is a number's label only before a number."""
    return label.code == "reporter_phone" and len(label.spelling) <= _SHORTEST_LABEL and not value[:1].isdigit()


def plain_piece(part: str) -> Piece:
    """A piece without a known label: one with a label of its own is not kept, the rest is text."""
    unknown = _UNKNOWN.match(part)
    if unknown and len(unknown[1].split()) <= 3:
        return Piece("other", part[unknown.end() :], None, ":", whole=part)
    return Piece("text", part)


def lead(rest: str) -> int:
    """Where the line's words begin, after bullets, bold marks and emoji."""
    at = 0
    for _ in range(12):
        match = _LEAD.match(rest, at) or (None if rest.isascii() else EMOJI.match(rest, at))
        if not match:
            break
        at = match.end()
    return at


def is_spaced(piece: Piece) -> bool:
    """Whether only a space or a comma parts the label from its value."""
    return piece.mark in SPACED
