"""How a text goes out to Telegram: cut where it is too long, never inside a character, and never as markup.

Lengths are counted in UTF-16 units: Telegram's own offsets are, and where it counts otherwise it allows more.
"""

from __future__ import annotations

LONGEST = 4096
LONGEST_CAPTION = 1024
_ENDS = ("\n\n", "\n", " ")  # where to cut, best first


def units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def split(text: str, longest: int = LONGEST) -> list[str]:
    """The text in parts of at most `longest` units each, cut between paragraphs, lines or words.

    All that is not blank is in one of the parts, in order. Raises ValueError for a limit too small for one character.
    """
    if longest < 2:
        raise ValueError("no character fits")
    parts = []
    while units(text) > longest:
        room = _fitting(text, longest)
        cut = next((found for end in _ENDS if (found := text.rfind(end, room // 2, room + 1)) > 0), room)
        head, text = text[:cut], text[cut:]
        if head.strip():
            parts.append(head.rstrip())
        text = text.lstrip()
    return [*parts, text] if text.strip() or not parts else parts


def _fitting(text: str, longest: int) -> int:
    """How many characters from the first on fit."""
    used = 0
    for place, sign in enumerate(text):
        used += 2 if sign > "\uffff" else 1
        if used > longest:
            return _whole(text, place)
    return len(text)


def _whole(text: str, place: int) -> int:
    """The place, or the one before it at which no sign joins what stands before."""
    start = place
    while place > 1 and start - place < 16 and (_joins(text[place]) or text[place - 1] == "\u200d"):
        place -= 1
    return place if place > 1 else start


def _joins(sign: str) -> bool:
    from unicodedata import combining

    return bool(combining(sign)) or sign in "\u200d\ufe0f\u20e3" or "\U0001f3fb" <= sign <= "\U0001f3ff"
