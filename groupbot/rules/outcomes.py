"""What does an officer's "cannot" say: declined, planned for a budget year, or another body's matter?

An answer that nothing will be done is an answer too, if it says why (design, life of a request). Pure, and linear in
the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from groupbot.rules.text import fold

Outcome = Literal["declined", "planned", "referred_out"]
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:\s?[/-]\s?(?:20)?(\d\d))?(?!\d)")
_END = re.compile(r"[,;:.!?\n]|\s[-–—]\s")
_LONGEST = 60  # characters of a body's name


@dataclass(frozen=True, slots=True)
class Cannot:
    """The outcome, its detail (the budget year, or the body it is referred to), and the words that give the reason.

    `missing` names what must still be said: "year" or "body", or is empty.
    """

    outcome: Outcome
    detail: str
    reason: str
    missing: Literal["", "year", "body"] = ""


def read_cannot(text: str, words: Mapping[str, tuple[str, ...]]) -> Cannot:
    """How an officer's words after `cannot` are meant.

    `words` maps planned and referred_out to the phrases that open them; text that opens with neither is declined.
    """
    text = text.strip()
    opened = _opening(text, words)
    if opened is None:
        return Cannot("declined", "", text)
    outcome, rest = opened
    if outcome == "planned":
        year = _YEAR.search(rest)
        return Cannot("planned", _spelled(year) if year else "", text, "" if year else "year")
    body = _body(rest)
    return Cannot("referred_out", body, text, "" if body else "body")


def _opening(text: str, words: Mapping[str, tuple[str, ...]]) -> tuple[Literal["planned", "referred_out"], str] | None:
    """Which phrase the text opens with, the longest first, and the text after it."""
    found: tuple[Literal["planned", "referred_out"], str] | None = None
    longest = 0
    for outcome in ("planned", "referred_out"):
        for phrase in words.get(outcome, ()):
            rest = _after(text, phrase)
            if rest is not None and len(phrase) > longest:
                found, longest = (("planned" if outcome == "planned" else "referred_out"), rest), len(phrase)
    return found


def _after(text: str, phrase: str) -> str | None:
    wanted = fold(phrase).split()
    pieces = text.split(None, len(wanted))
    if [fold(piece).strip(",;:.!-") for piece in pieces[: len(wanted)]] != wanted:
        return None
    return pieces[len(wanted)] if len(pieces) > len(wanted) else ""


def _spelled(year: re.Match[str]) -> str:
    return f"{year[1]}/{year[2]}" if year[2] else year[1]


def _body(text: str) -> str:
    """The body's name: up to the first mark that ends a clause."""
    text = text.lstrip(" ,;:.-–—")
    end = _END.search(text)
    return (text[: end.start()] if end else text)[:_LONGEST].strip()
