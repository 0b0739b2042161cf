"""Fits the weights of words to examples: `python -m tests.fit_weights` writes the pack's weights.toml.

Logistic regression by stochastic gradient descent. For needs: the posts of tests/corpus that are no forms, those of a
need against chatter, with the prose of tests/corpus/prose. For matters that must leave the group: tests/confidential,
such matters against their innocent neighbours, with all of the corpus. The same examples give the same file. What
stands in a post or two only is left out: a name, or chance.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from groupbot import protocol
from groupbot.rules.readings import Vocabulary
from groupbot.rules.readings.parsing import parse
from groupbot.rules.readings.phrases import Heard
from groupbot.rules.readings.private_route import told_of
from groupbot.rules.readings.signs import signs_of
from groupbot.rules.readings.values import Sender, values
from groupbot.rules.readings.weights import features, parts
from tests.score_corpus import CORPUS, posts_of

CONFIDENTIAL = Path(__file__).parent / "confidential"
SEED, ROUNDS, RATE, DECAY = 1, 40, 0.2, 3e-4
FEWEST_POSTS, FEWEST_OF_MANY = 3, 4  # in which a word must stand
SMALLEST, SMALLEST_OF_MANY = 0.15, 0.3  # weight that is worth keeping
MARGIN = 0.4  # log odds from which a post is taken for a need: silence is the rule
SURE, NEAR = 0.8, 0.0  # log odds: of what is a confidential matter, and of what its poster is asked about
LISTED, PATTERN = 3.8, 9.0  # log odds that a word and a pattern of the pack add: the latter nearly decides

Example = tuple[Sequence[str], int, bool]
"""What is weighed, by the square root of which number, and whether it is what is looked for."""


def needs() -> Iterator[Example]:
    """Posts without labels, and whether each tells of a need."""
    vocabulary = Vocabulary.of(protocol.load(protocol.locate(None)))
    for path in sorted(CORPUS.rglob("*.jsonl")):
        for post in posts_of(path):
            sender = Sender(post["sender_role"], post["sender_ward"])
            prose = post["kind"] in ("unformatted", "chatter") and not parse(post["text"], vocabulary).drafts
            if prose and (found := weighed(post["text"], vocabulary, sender)):
                yield sorted(found), len(found), post["kind"] == "unformatted"


def weighed(text: str, vocabulary: Vocabulary, sender: Sender) -> frozenset[str]:
    """All that is weighed of one text for a need."""
    heard = Heard.of(text)
    return features(heard) | signs_of(text, heard, vocabulary, sender)


def confidential() -> Iterator[Example]:
    """Posts of all kinds, and whether each tells of a matter that must leave the group."""
    vocabulary = Vocabulary.of(protocol.load(protocol.locate(None)))
    for path in sorted(CONFIDENTIAL.glob("*.jsonl")):
        for post in posts_of(path):
            yield words_of(post["text"], vocabulary, private=post["private"])
    for path in sorted(CORPUS.rglob("*.jsonl")):
        for post in posts_of(path):
            if post["text"].split():
                yield words_of(post["text"], vocabulary, private=post.get("route") == "private")


def words_of(text: str, vocabulary: Vocabulary, *, private: bool) -> Example:
    """All that is weighed of one text for a confidential matter."""
    drafts = parse(text, vocabulary).drafts
    forms = [form for draft in drafts for form in values(draft, vocabulary, Sender())]
    words = Heard.of(told_of(text, forms)[0] or text).words
    return [part for word in sorted(words) for part in parts(word)], len(words) or 1, private


def fit(rows: list[Example]) -> tuple[float, dict[str, float]]:
    """The bias and the weight of each feature."""
    bias, weights = 0.0, dict[str, float]()
    chance = random.Random(SEED)
    for _ in range(ROUNDS):
        chance.shuffle(rows)
        for found, size, wanted in rows:
            scale = 1.5 / math.sqrt(size)
            odds = bias + scale * sum([weights.get(feature, 0.0) for feature in found])
            error = RATE * (wanted - 1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))))
            bias += error / 10
            for feature in found:
                weights[feature] = weights.get(feature, 0.0) * (1 - DECAY) + error * scale
    return bias, {feature: 1.5 * weight for feature, weight in weights.items()}


def kept(rows: list[Example], weights: dict[str, float], fewest: int, smallest: float) -> dict[str, float]:
    """The weights that are worth keeping: those that are not small, of what stands in enough posts."""
    common = Counter(feature for found, _, _ in rows for feature in set(found))
    return {
        feature: round(weight, 2)
        for feature, weight in sorted(weights.items())
        if abs(weight) >= smallest and common[feature] >= fewest
    }


def table(of_needs: list[Example], of_confidential: list[Example]) -> str:
    """The file's text."""
    head = "# Made by `python -m tests.fit_weights` from its examples. Not to be changed by hand.\n"
    bias, weights = fit(of_needs)
    needs_part = f"least = {MARGIN - bias:.2f}\n\n[words]\n{_lines(kept(of_needs, weights, FEWEST_POSTS, SMALLEST))}"
    bias, weights = fit(of_confidential)
    limits = f"least = {SURE - bias:.2f}\nasked = {NEAR - bias:.2f}\nlisted = {LISTED:.2f}\npattern = {PATTERN:.2f}\n"
    many = kept(of_confidential, weights, FEWEST_OF_MANY, SMALLEST_OF_MANY)
    private = f"[private]\n{limits}\n[private.words]\n{_lines(many)}"
    return f"{head}\n{needs_part}\n{private}"


def _lines(weights: dict[str, float]) -> str:
    """A line for each weight, with all that have it."""
    found: dict[float, list[str]] = {}
    for feature, weight in weights.items():
        found.setdefault(weight, []).append(feature)
    return "".join(f'"{weight}" = "{" ".join(features)}"\n' for weight, features in sorted(found.items()))


if __name__ == "__main__":
    path = protocol.locate(None) / "weights.toml"
    made = table(list(needs()), list(confidential()))
    path.write_text(made, encoding="utf-8")
    print(f"{path}: {made.count(' = ')} weights")
