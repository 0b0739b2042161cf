"""Words by which people take back what they posted: "sorry, ignore this one", "nimetuma kimakosa".

Pure, and linear in the length of the text. Only asked back, never acted on: a withdrawal closes a request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from groupbot.protocol import WordsFile
from groupbot.rules.replies.hearing import lexicon_beside, unasserted
from groupbot.rules.replies.spoken import Lexicon, find_marks, plain, spoken, without_noise

MOST_WORDS = 20  # a longer text tells more than that
_COLOURS = ("condition", "negation", "question", "question_anywhere")


@dataclass(frozen=True, slots=True)
class TakenBackWords:
    """The words of all languages of a pack, folded once."""

    lexicon: Lexicon

    @classmethod
    def of(cls, words: Mapping[str, WordsFile]) -> TakenBackWords:
        """Fold the words files, by language."""
        phrases = (("taken_back", phrase) for file in words.values() for phrase in file.taken_back)
        return cls(lexicon_beside(phrases, words, _COLOURS))


def is_taken_back(text: str, words: TakenBackWords) -> bool:
    """Whether a short text says, at the end of a clause, that what was posted should not count.

    Nothing is taken back by a question, under a condition, or where a clause denies it ("do not ignore this").
    """
    said = spoken(without_noise(plain(text[: MOST_WORDS * 40])), words.lexicon.contractions)
    if len(said.words) > MOST_WORDS:
        return False
    found = find_marks(said.words, words.lexicon)
    silent = unasserted(said, found)
    denied = {said.clause[mark.start] for mark in found if "negation" in mark.kinds}
    for mark in found:
        clause = said.clause[mark.end - 1]
        ends = mark.end == len(said.words) or said.clause[mark.end] != clause
        if "taken_back" in mark.kinds and ends and clause not in denied and said.sentence[mark.start] not in silent:
            return True
    return False
