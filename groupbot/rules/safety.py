"""Words of an emergency's own people that nobody is in danger any more: "everybody is safe", "wote wako salama".

Pure, and linear in the length of the text. Such words end an emergency, so that they count only where nothing in the
text speaks against them; in doubt nobody is safe.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from groupbot.protocol import WordsFile
from groupbot.rules.danger import danger_words
from groupbot.rules.readings.vocabulary import Vocabulary
from groupbot.rules.replies.hearing import lexicon_beside, unasserted
from groupbot.rules.replies.spoken import Lexicon, Mark, Spoken, find_marks, plain, spoken, without_noise

READ_LENGTH = 2_000  # characters of the longest reply
_WORDS = ("all_safe", "before", "after", "doubts", "denials", "requests", "harmless")
_COLOURS = (
    "condition", "contrast", "fillers", "hedge", "negation", "nothing", "polite", "question", "question_anywhere",
    "says", "short", "still", "thanks", "unreal", "yes",
)  # fmt: skip
_ANYWHERE = {"contrast", "doubts", "negation", "nothing", "short", "still"}  # somebody may be in danger yet
_FROM_THEN_ON = {"denials", "hedge"}  # in the sentence itself, or in what follows
_IN_SENTENCE = {"polite", "requests", "says", "unreal"}  # asked for, wished, or heard from others
_OPENS = {"before", "fillers", "harmless", "thanks", "yes"}
_GOES_ON = _OPENS | {"after"}
_OWN_CLAUSE_LATER = {"polite", "unreal"}  # in a later clause they speak of something else: ", we will clear the road"
_TAKEN_OUT = "0"


@dataclass(frozen=True, slots=True)
class SafetyWords:
    """The words of all languages of a pack, folded once."""

    lexicon: Lexicon
    denied_starts: tuple[str, ...]

    @classmethod
    def of(cls, words: Mapping[str, WordsFile]) -> SafetyWords:
        """Fold the words files, by language."""
        files = words.values()
        phrases = [(kind, phrase) for file in files for kind in _WORDS for phrase in getattr(file.safety, kind)]
        starts = tuple(start for file in files for start in file.safety.denied_starts)
        return cls(lexicon_beside(phrases, words, _COLOURS), starts)


def says_safe(text: str, words: SafetyWords, vocabulary: Vocabulary) -> bool:
    """Whether a line says outright, of an emergency, that nobody is in danger any more.

    It does not where it asks, makes a condition or an exception, denies, doubts, hopes, reports what others say, tells
    anybody to see to it, or names a danger.
    """
    if len(text) > READ_LENGTH or "?" in text:
        return False
    said = spoken(without_noise(plain(text)), words.lexicon.contractions)
    found = find_marks(said.words, words.lexicon)
    claims = [number for number, mark in enumerate(found) if "all_safe" in mark.kinds]
    if not claims or any(mark.kinds & _ANYWHERE for mark in found) or _denies_by_a_verb(said, found, words):
        return False
    if danger_words(_without(said, found), vocabulary):
        return False
    silent = unasserted(said, found)
    return all(
        said.sentence[found[number].start] not in silent
        and _opens_its_clause(number, said, found)
        and _is_whole(number, said, found)
        and not _is_coloured(found[number], said, found)
        for number in claims
    )


def _denies_by_a_verb(said: Spoken, found: Sequence[Mark], words: SafetyWords) -> bool:
    """Whether a verb denies by its beginning, as they do in Swahili: "hatujui", we do not know."""
    marked = {place for mark in found for place in range(mark.start, mark.end)}
    return any(word.startswith(words.denied_starts) for at, word in enumerate(said.words) if at not in marked)


def _without(said: Spoken, found: Sequence[Mark]) -> str:
    """The text without the claims themselves and what is harmless: "hakuna aliye hatarini" has a word of danger."""
    rest = list(said.words)
    for mark in found:
        if mark.kinds & {"all_safe", "harmless"}:
            rest[mark.start : mark.end] = [_TAKEN_OUT] * (mark.end - mark.start)
    return " ".join(rest)


def _opens_its_clause(number: int, said: Spoken, found: Sequence[Mark]) -> bool:
    """Whether nothing stands before the claim that may take it back: "the last ones say that …", "dig until …".

    What may stand there are greetings, thanks, an "and" with what else was told before it, and words that vouch for it.
    """
    place = found[number].start
    for before in reversed(found[:number]):
        if before.end < place or said.clause[before.start] != said.clause[place]:
            break
        if not before.kinds & _OPENS:
            return False
        if "before" in before.kinds:
            return True
        place = before.start
    return place == 0 or said.clause[place - 1] != said.clause[place]


def _is_whole(number: int, said: Spoken, found: Sequence[Mark]) -> bool:
    """Whether the claim ends there, and is not of some place or use: "safe in the upper houses", "safe to drink"."""
    end = found[number].end
    if end == len(said.words) or said.clause[end] != said.clause[end - 1]:
        return True
    return number + 1 < len(found) and found[number + 1].start == end and bool(found[number + 1].kinds & _GOES_ON)


def _is_coloured(claim: Mark, said: Spoken, found: Sequence[Mark]) -> bool:
    sentence, clause = said.sentence[claim.start], said.clause[claim.start]
    for mark in found:
        if mark.kinds & {"all_safe", "harmless"}:
            continue
        if mark.kinds & _FROM_THEN_ON and said.sentence[mark.start] >= sentence:
            return True
        if said.sentence[mark.start] != sentence or not mark.kinds & _IN_SENTENCE:
            continue
        later = said.clause[mark.start] > clause
        if not (later and mark.kinds & _OWN_CLAUSE_LATER):
            return True
    return False
