"""How much the words of a post without labels speak for a need, weighed as in the posts that the pack was fitted to.

Words lists know what they name; people tell of needs in words that nobody listed. A linear model of single words: its
weights are the pack's data (weights.toml), made by `python -m tests.fit_weights` from the corpus. The signs of a post
(signs.py) are weighed with its words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import fsum, sqrt

from groupbot.rules.readings.phrases import Heard

_WHOLE = 6  # letters of a word that is long enough to have a beginning and an ending of its own
_MOST_KNOWN = 20_000  # words that are kept
_BEGINNING, _ENDING = 4, 5  # letters: Swahili verbs tell person and tense first, the matter last


@dataclass(frozen=True, slots=True)
class Weights:
    """The pack's weights, and the least weight of a need."""

    least: float
    words: Mapping[str, float]

    def speak_of_a_need(self, heard: Heard, signs: frozenset[str], *, more: float = 0.0) -> bool:
        """Whether words and signs together weigh enough, and so much more; never where the pack has no weights."""
        return bool(self.words) and self._sum(heard, signs) >= self.least + more

    def _sum(self, heard: Heard, signs: frozenset[str]) -> float:
        found = features(heard) | signs
        # exactly: a set has no order, and the last bit of a plain sum would depend on it
        return fsum([self.words.get(feature, 0.0) for feature in found]) / sqrt(len(found) or 1)


class OfWords(dict[str, float]):
    """What each word weighs by itself, with its beginnings and endings: reckoned when it is first met."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        super().__init__()
        self.weights = weights

    def __missing__(self, word: str) -> float:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        weight = self[word] = fsum(self.weights.get(part, 0.0) for part in parts(word))
        return weight

    def mean(self, words: Collection[str]) -> float:
        """What words weigh together, by the square root of how many there are."""
        return fsum(map(self.__getitem__, words)) / sqrt(len(words) or 1)


def parts(word: str) -> list[str]:
    """What is weighed of one word: itself, and beginnings and endings of a long one; nothing of a number."""
    if word[0].isdigit():
        return []
    found = [word]
    if len(word) > _BEGINNING:
        found.append(f"{word[:_BEGINNING]}*")
    if len(word) > _ENDING:
        found.append(f"*{word[1 - _ENDING :]}")
    if len(word) > _WHOLE:
        found += [f"{word[:_ENDING]}*", f"*{word[-_ENDING:]}"]
    return found


def features(heard: Heard) -> frozenset[str]:
    """What is weighed of the words: each, "#" for a number, the beginning and the ending of a long one."""
    words = {"#" if word[0].isdigit() else word for word in heard.words}
    long = [word for word in words if len(word) > _WHOLE]
    beginnings = (f"{word[:_BEGINNING]}*" for word in long)
    return frozenset(words.union(beginnings, (f"*{word[-_ENDING:]}" for word in long)))
