"""Which of several requests somebody's words are about: the one they name, count, or share telling words with.

Pure. Only what points at exactly one of them counts; where the words could be about two, nobody guesses.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from groupbot.rules.likeness import words_of
from groupbot.rules.text import fold

_MARKS = ".,:;()#!?"
_DIGITS = 7  # of a serial number; longer ones are phone numbers


@dataclass(frozen=True, slots=True)
class Candidate:
    """A request that may be meant: its reference, its serial number, and the words of its place and problem."""

    reference: str
    serial: int
    words: str


@dataclass(frozen=True, slots=True)
class Pointing:
    """How a county's people point, all folded: `counters` stand before a number ("number 2", "nambari 42").

    `ordinals` are the phrases for the first, the second … ("the second one", "ya pili"); `everyday` words and `places`
    (kinds of places) tell no request from another. `everything` are the phrases for all of them ("both", "zote").
    """

    counters: Collection[str]
    ordinals: Sequence[Collection[str]]
    everyday: Collection[str]
    places: Collection[str]
    everything: Collection[str] = ()


def means_all(text: str, pointing: Pointing) -> bool:
    """Whether a text says nothing but that all of several requests are meant: "Both.", "zote mbili"."""
    return " ".join(word.strip(_MARKS) for word in fold(text).split()).strip() in pointing.everything


def which(text: str, candidates: Sequence[Candidate], named: Collection[str], pointing: Pointing) -> Candidate | None:
    """The one candidate that a text is about, or None.

    `named` are the valid references in the text. `candidates` stand in the order of their post.
    """
    by_name = [one for one in candidates if one.reference in named]
    if by_name:
        return by_name[0] if len(by_name) == 1 else None
    return _counted(fold(text), candidates, pointing) or _told(text, candidates, pointing)


def _counted(text: str, candidates: Sequence[Candidate], pointing: Pointing) -> Candidate | None:
    """ "Number 42" is that serial number, else like "the second one" a place in the post."""
    words = [word.strip(_MARKS) for word in text.split()]
    spoken = f" {' '.join(words)} "
    found = {
        at
        for at, phrases in enumerate(pointing.ordinals[: len(candidates)])
        if any(f" {phrase} " in spoken for phrase in phrases)
    }
    for before, number in itertools.pairwise(words):
        if before in pointing.counters and number.isascii() and number.isdigit() and len(number) <= _DIGITS:
            found |= _numbered(int(number), candidates)
    return candidates[found.pop()] if len(found) == 1 else None


def _numbered(number: int, candidates: Sequence[Candidate]) -> set[int]:
    serial = {at for at, one in enumerate(candidates) if one.serial == number}
    return serial or ({number - 1} if 1 <= number <= len(candidates) else set())


def _told(text: str, candidates: Sequence[Candidate], pointing: Pointing) -> Candidate | None:
    """By a word that only one of them has; words that two of them have tell nothing."""
    silent = {*pointing.everyday, *pointing.places}
    said = words_of(text) - silent
    of_each = [words_of(one.words) for one in candidates]
    telling = [
        bool(said & (own - set().union(*(other for at, other in enumerate(of_each) if at != place))))
        for place, own in enumerate(of_each)
    ]
    return candidates[telling.index(True)] if telling.count(True) == 1 else None
