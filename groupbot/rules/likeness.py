"""Is a new form one that is known already? The same filing again, the same form in another group, more details, a twin.

Pure. What people post twice must not get two numbers and two clocks; what only looks alike must not lose its number,
so texts that name different numbers are never taken for one another.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, NamedTuple

from groupbot.records import Form, micros
from groupbot.rules.text import fold

Kind = Literal["new", "same", "move", "details", "twin"]

PLACE_ALIKE, PROBLEM_ALIKE = 85, 78  # of 100, words in any order
SHORTEST_WORD = 4  # letters of a word that counts in a place
FEWEST_TOLD = 3  # words of a problem that may be told again with more; "no water" begins many needs
TWIN_WITHIN = timedelta(days=3)

_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")


class Known(NamedTuple):
    """An open request that a new form may repeat. `requested` is in microseconds since 1970, UTC."""

    id: int
    reference: str
    service_code: str
    poster_id: int | None
    ward: str
    address: str
    description: str
    fingerprint: str
    requested: int
    state: str


@dataclass(frozen=True, slots=True)
class Newcomer:
    """The new form: what it says, its fingerprint, where and by whom and when (aware UTC) it was posted."""

    form: Form
    fingerprint: str
    service_code: str
    poster_id: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a new form is, and the request that it repeats or resembles."""

    kind: Kind
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """The pack's windows, for the same filing and for near texts, and the folded words that tell nothing.

    `everyday` words tell no need from another; they and `places` (kinds of places) tell no place from another.
    """

    same: timedelta
    near: timedelta
    everyday: Collection[str]
    places: Collection[str]


def compare(new: Newcomer, known: Sequence[Known], measure: Measure) -> Likeness:
    """What the form is."""
    own = [one for one in known if one.poster_id == new.poster_id]
    for one in own:
        if one.fingerprint == new.fingerprint:
            return Likeness(_repeated(new, one, measure.same), one)
    since = micros(new.sent_at - measure.near)
    for one in own:
        recent = one.requested >= since
        if one.service_code == new.service_code and recent and _is_near(new, one, measure.everyday):
            return Likeness("details", one)
    place, since = words_of(new.form.location or ""), micros(new.sent_at - TWIN_WITHIN)
    for one in known:
        if one.poster_id != new.poster_id and one.requested >= since and _is_twin(new, one, place, measure):
            return Likeness("twin", one)
    return Likeness("new")


def fingerprint(form: Form) -> str:
    """The same for every form of the same ward, place and problem, however they are typed."""
    words = fold(f"{form.ward}\n{form.location}\n{form.problem}")
    return sha256(words.encode()).hexdigest()[:32]


def words_of(text: str) -> frozenset[str]:
    """The folded words of a text that are long enough to count."""
    return frozenset(word for word in _WORD.findall(fold(text)) if len(word) >= SHORTEST_WORD)


_words_of_place = functools.lru_cache(maxsize=512)(words_of)  # those of open requests are asked for with every post


def share_words(one: str, other: str) -> bool:
    """Whether two texts have a word in common that is long enough to count."""
    return bool(words_of(one) & words_of(other))


def _repeated(new: Newcomer, one: Known, hour: timedelta) -> Kind:
    if one.service_code != new.service_code:
        return "same" if one.state == "answered" else "move"
    return "same" if one.requested >= micros(new.sent_at - hour) else "details"


class _Said(NamedTuple):
    """A form's place and problem, folded, with what is compared of them."""

    place: str
    problem: str
    numbers: tuple[str, ...]  # of both, sorted
    words: frozenset[str]  # of both
    problem_words: frozenset[str]


@functools.lru_cache(maxsize=512)  # a new form is a known one with the next post
def _said(address: str, description: str) -> _Said:
    place, problem = fold(address), fold(description)
    both = fold(f"{address} {description}")
    return _Said(place, problem, tuple(sorted(_NUMBER.findall(both))), words_of(both), words_of(problem))


def _is_near(new: Newcomer, one: Known, everyday: Collection[str]) -> bool:
    """The same place, and a problem that names nothing new: one new word ("malaria", "typhoid") may be a new need."""
    if new.form.ward != one.ward:
        return False
    own, other = _said(new.form.location or "", new.form.problem or ""), _said(one.address, one.description)
    if _says_more(own, other):
        return True
    if own.numbers != other.numbers or own.problem_words.difference(other.words, everyday):
        return False
    from rapidfuzz import fuzz

    alike_place = fuzz.token_set_ratio(own.place, other.place, score_cutoff=PLACE_ALIKE)
    return bool(alike_place) and bool(fuzz.token_set_ratio(own.problem, other.problem, score_cutoff=PROBLEM_ALIKE))


def _says_more(new: _Said, known: _Said) -> bool:
    """The same place, and the whole problem told again before what is added to it: then even a new word is a detail."""
    words, told = new.problem.split(), known.problem.split()
    return new.place == known.place and len(told) >= FEWEST_TOLD and len(words) > len(told) == _alike(words, told)


def _alike(words: Sequence[str], told: Sequence[str]) -> int:
    """How many words two texts have in common at their beginnings, stops aside."""
    for place, (own, other) in enumerate(zip(words, told, strict=False)):
        if own.strip(".,;:!") != other.strip(".,;:!"):
            return place
    return min(len(words), len(told))


def _is_twin(new: Newcomer, one: Known, place: frozenset[str], measure: Measure) -> bool:
    """Two words of the place in common, one of them telling; department and topic are the same already."""
    shared = place & _words_of_place(one.address)
    if len(shared) < 2:
        return False
    wards = fold(f"{new.form.ward} {one.ward}").split()
    return bool(shared.difference(wards, measure.everyday, measure.places))
