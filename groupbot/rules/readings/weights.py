"""How much the words of a post without labels speak for a need, weighed as in the posts that the pack was fitted to.

Words lists know what they name; people tell of needs in words that nobody listed. A linear model of single words: its
weights are the pack's data (weights.toml), made by `python -m tests.fit_weights` from the corpus. The signs of a post
(signs.py) are weighed with its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum, sqrt

from groupbot.rules.readings.phrases import Heard

_WHOLE = 6  # letters of a word that is long enough to have a beginning and an ending of its own
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


def features(heard: Heard) -> frozenset[str]:
    """What is weighed of the words: each, "#" for a number, the beginning and the ending of a long one."""
    words = {"#" if word[0].isdigit() else word for word in heard.words}
    long = [word for word in words if len(word) > _WHOLE]
    beginnings = (f"{word[:_BEGINNING]}*" for word in long)
    return frozenset(words.union(beginnings, (f"*{word[-_ENDING:]}" for word in long)))
