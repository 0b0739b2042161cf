"""Words of an officer that a request is another department's: "this belongs to water", "not ours, try roads".

Pure, and linear in the length of the text. Only a name where such words point counts: "water is flowing" names nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from groupbot.protocol import WordsFile
from groupbot.rules.replies.hearing import lexicon_beside, unasserted
from groupbot.rules.replies.spoken import Lexicon, Mark, Spoken, find_marks, plain, spoken, without_noise

READ_LENGTH = 2_000  # characters of the longest reply
_WORDS = ("belongs", "pointing", "is_a", "matter", "not_ours", "harmless", "articles", "ends")
_COLOURS = ("condition", "negation", "nothing", "question", "question_anywhere", "joins", "contrast", "fillers", "yes")
_TAKES_BACK = {"condition", "negation", "nothing"}
_CLOSES = {"ends", "joins", "contrast", "not_ours", "belongs", "pointing", "negation"}
_NAME = "name:"  # before a department's code, among the kinds of a mark


@dataclass(frozen=True, slots=True)
class ElsewhereWords:
    """The words of all languages of a pack and the names of its departments, folded once."""

    lexicon: Lexicon

    @classmethod
    def of(cls, words: Mapping[str, WordsFile], departments: Mapping[str, Iterable[str]]) -> ElsewhereWords:
        """Fold the words files by language, and the names by the department's code."""
        phrases = [(_NAME + code, name) for code, names in departments.items() for name in names]
        for file in words.values():
            phrases += [(kind, phrase) for kind in _WORDS for phrase in getattr(file.elsewhere, kind)]
        return cls(lexicon_beside(phrases, words, _COLOURS))


def departments_meant(text: str, words: ElsewhereWords) -> frozenset[str] | None:
    """The codes of the departments to which the text says that a request belongs; empty when it says only "not ours".

    None when it says neither, asks, or makes a condition.
    """
    if len(text) > READ_LENGTH:
        return None
    said = spoken(without_noise(plain(text)), words.lexicon.contractions)
    found = find_marks(said.words, words.lexicon)
    silent = unasserted(said, found)
    heard = [number for number, mark in enumerate(found) if said.sentence[mark.start] not in silent]
    denied = _denials(said, found)
    heard = [number for number in heard if denied.get(said.clause[found[number].start], number) >= number]
    not_ours = any("not_ours" in found[number].kinds and _closes(found[number].end, said, found) for number in heard)
    named: set[str] = set()
    for number in heard:
        named |= _pointed_at(number, said, found, beside_not_ours=not_ours)
    if not_ours and not named:
        named = set(_standing_alone(said, found, silent))
    return frozenset(named) if named or not_ours else None


def _denials(said: Spoken, found: Sequence[Mark]) -> dict[int, int]:
    """By clause, the first mark that denies what follows it there: "nobody says that this belongs to water"."""
    first: dict[int, int] = {}
    for number, mark in enumerate(found):
        if mark.kinds & _TAKES_BACK and "not_ours" not in mark.kinds:
            first.setdefault(said.clause[mark.start], number)
    return first


def _pointed_at(number: int, said: Spoken, found: Sequence[Mark], *, beside_not_ours: bool) -> set[str]:
    """The departments that stand where one mark points; none if the name goes on ("for water trucking")."""
    mark = found[number]
    points = "belongs" in mark.kinds or ("pointing" in mark.kinds and beside_not_ours)
    if not points and "is_a" not in mark.kinds:
        return set()
    codes: set[str] = set()
    end, number = mark.end, number + 1
    while number < len(found) and found[number].start == end:
        kinds = found[number].kinds
        names = _codes(kinds)
        if not (names or kinds & {"articles"} or (codes and kinds & {"joins", "matter"})):
            break
        codes |= names
        points |= bool(names) and number + 1 < len(found) and _is_matter(found[number], found[number + 1])
        end, number = found[number].end, number + 1
    return codes if points and _closes(end, said, found) else set()


def _is_matter(name: Mark, after: Mark) -> bool:
    return "matter" in after.kinds and after.start == name.end


def _closes(end: int, said: Spoken, found: Sequence[Mark]) -> bool:
    """Whether what was said ends there: with its clause, or before words that say no more of it."""
    if end == len(said.words) or said.clause[end] != said.clause[end - 1]:
        return True
    return any(mark.start == end and mark.kinds & _CLOSES for mark in found)


def _standing_alone(said: Spoken, found: Sequence[Mark], silent: set[int]) -> Iterator[str]:
    """Departments that are all that a clause says: "Wrong department, Education please"."""
    told: dict[int, set[str]] = {}
    more = dict.fromkeys(said.clause, 0)
    for clause in said.clause:
        more[clause] += 1
    for mark in found:
        clause = said.clause[mark.start]
        names = _codes(mark.kinds)
        if said.sentence[mark.start] not in silent and (names or mark.kinds & {"articles", "ends", "fillers"}):
            told.setdefault(clause, set()).update(names)
            more[clause] -= mark.end - mark.start
    for clause, names in told.items():
        if not more[clause]:
            yield from names


def _codes(kinds: frozenset[str]) -> set[str]:
    return {kind.removeprefix(_NAME) for kind in kinds if kind.startswith(_NAME)}
