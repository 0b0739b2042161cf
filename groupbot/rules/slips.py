"""What fits one SMS: the plain alphabet of phones (GSM 03.38), 160 signs, and how a text is brought into it.

Rule: one SMS is 160 septets; signs of the extension table take two; any other sign would make it 70 (3GPP TS 23.038).
"""

from __future__ import annotations

import itertools
import unicodedata

LONGEST = 160  # septets of one SMS
_PLAIN = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_DOUBLE = frozenset("\f^{}\\[~]|€")
_SAME = str.maketrans(
    {
        "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "·": "-", "•": "-", "…": "...", "×": "x", "½": "1/2",
        "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\t": " ", "\r": " ", "\f": " ",
    }
)  # fmt: skip
_CUT = "..."


def plain(text: str) -> str:
    """The text in the phones' alphabet, on one line: marks replaced, accents taken off, what is left dropped."""
    spelt = "".join(_spelt(sign) for sign in text.translate(_SAME))
    return " ".join(spelt.split())


def septets(text: str) -> int:
    """How much of an SMS a text in the phones' alphabet takes. Raises ValueError for a sign that is not in it."""
    strange = set(text) - _PLAIN - _DOUBLE
    if strange:
        raise ValueError(f"not in the alphabet of phones: {''.join(sorted(strange))!r}")
    return len(text) + sum(sign in _DOUBLE for sign in text)


def cut(text: str, room: int) -> str:
    """The text in the phones' alphabet and within `room` septets, cut after a whole word where it is too long."""
    text = plain(text)
    if septets(text) <= room:
        return text
    left = room - len(_CUT)
    if left <= 0:
        return ""
    taken = _first(text, left)
    word_end = taken.rfind(" ")
    whole = taken if text[len(taken) : len(taken) + 1] == " " or word_end < len(taken) // 2 else taken[:word_end]
    return whole.rstrip(" ,;:.-") + _CUT


def _first(text: str, room: int) -> str:
    """As many signs from the front as fit."""
    used = itertools.accumulate(2 if sign in _DOUBLE else 1 for sign in text)
    return text[: sum(length <= room for length in used)]


def _spelt(sign: str) -> str:
    if sign in _PLAIN or sign in _DOUBLE:
        return sign
    bare = unicodedata.normalize("NFKD", sign)
    return "".join(part for part in bare if part in _PLAIN or part in _DOUBLE)
