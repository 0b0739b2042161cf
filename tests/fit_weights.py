"""Fits the weights of a need's words to the corpus: `python -m tests.fit_weights` writes the pack's weights.toml.

Logistic regression by stochastic gradient descent over the posts of tests/corpus that are no forms: those of a need
against chatter, with the prose of tests/corpus/prose. The same corpus gives the same file. What stands in a post or two
only is left out: a name, or chance.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator

from groupbot import protocol
from groupbot.rules.readings import Vocabulary
from groupbot.rules.readings.parsing import parse
from groupbot.rules.readings.phrases import Heard
from groupbot.rules.readings.signs import signs_of
from groupbot.rules.readings.values import Sender
from groupbot.rules.readings.weights import features
from tests.score_corpus import CORPUS, posts_of

SEED, ROUNDS, RATE, DECAY = 1, 40, 0.2, 3e-4
FEWEST_POSTS = 3  # in which a word must stand
SMALLEST = 0.15  # weight that is worth keeping
MARGIN = 0.4  # log odds from which a post is taken for a need: silence is the rule

Example = tuple[frozenset[str], bool]


def examples() -> Iterator[Example]:
    """Features, and whether they are of a need."""
    vocabulary = Vocabulary.of(protocol.load(protocol.locate(None)))
    for path in sorted(CORPUS.rglob("*.jsonl")):
        for post in posts_of(path):
            sender = Sender(post["sender_role"], post["sender_ward"])
            prose = post["kind"] in ("unformatted", "chatter") and not parse(post["text"], vocabulary).drafts
            if prose:
                yield weighed(post["text"], vocabulary, sender), post["kind"] == "unformatted"


def weighed(text: str, vocabulary: Vocabulary, sender: Sender) -> frozenset[str]:
    """All that is weighed of one text."""
    heard = Heard.of(text)
    return features(heard) | signs_of(text, heard, vocabulary, sender)


def fit(rows: list[Example]) -> tuple[float, dict[str, float]]:
    """The bias and the weight of each feature."""
    bias, weights = 0.0, dict[str, float]()
    chance = random.Random(SEED)
    for _ in range(ROUNDS):
        chance.shuffle(rows)
        for found, need in rows:
            scale = 1.5 / math.sqrt(len(found))
            odds = bias + scale * sum(weights.get(feature, 0.0) for feature in found)
            error = RATE * (need - 1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))))
            bias += error / 10
            for feature in sorted(found):
                weights[feature] = weights.get(feature, 0.0) * (1 - DECAY) + error * scale
    return bias, {feature: 1.5 * weight for feature, weight in weights.items()}


def table(rows: list[Example]) -> str:
    """The file's text."""
    common = Counter(feature for found, _ in rows for feature in found)
    bias, weights = fit(rows)
    kept = {
        feature: round(weight, 2)
        for feature, weight in sorted(weights.items())
        if abs(weight) >= SMALLEST and common[feature] >= FEWEST_POSTS
    }
    lines = [f'"{feature}" = {weight}' for feature, weight in kept.items()]
    head = "# Made by `python -m tests.fit_weights` from tests/corpus. Not to be changed by hand.\n"
    return f"{head}\nleast = {MARGIN - bias:.2f}\n\n[words]\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    made = table([row for row in examples() if row[0]])
    place = protocol.locate(None) / "weights.toml"
    place.write_text(made, encoding="utf-8")
    print(f"{place}: {made.count(' = ') - 1} weights")
