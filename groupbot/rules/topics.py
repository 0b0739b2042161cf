"""What a request is about, and which department's matter it looks like: by the words of the pack's topics."""

from __future__ import annotations

from collections import Counter

from groupbot.rules.readings.phrases import Heard, Phrases
from groupbot.rules.readings.vocabulary import Vocabulary

_CLEAR = 2  # a department must lead by this weight before a post is called another department's


def find_topic(problem: str, service_code: str, vocabulary: Vocabulary) -> str | None:
    """The code of the topic whose words weigh most in the problem, or None: one of the department's, or heard anywhere.

    A phrase weighs as many as it has words; equal weights go to the topic named first in the pack. One word of a
    sensitive topic outweighs all others, for that topic keeps the ward from the mirror (Data Protection Act 2019, s. 44
    on sensitive data).
    """
    heard = Heard.of(problem)
    topics = vocabulary.topics_of.get(service_code, ())
    weighed = [(topic, weight) for topic in topics if (weight := _weight(topic.words, heard))]
    best = max(weighed, key=lambda found: (found[0].sensitive, found[1]), default=None)
    return best[0].code if best else None


def best_department(problem: str, vocabulary: Vocabulary) -> str | None:
    """The department whose topics weigh clearly most, or None when none does. A hint, never a decision."""
    heard = Heard.of(problem)
    weights: Counter[str] = Counter()
    for topic in vocabulary.topics:
        weights[topic.service_code] += _weight(topic.telling, heard)
    ranked = [*weights.most_common(2), ("", 0), ("", 0)]
    return ranked[0][0] if ranked[0][1] - ranked[1][1] >= _CLEAR else None


def _weight(words: Phrases, heard: Heard) -> int:
    if not words.any(heard):  # as most have none, and this is quicker than finding all
        return 0
    return sum(len(phrase.split()) for phrase in words.found(heard))
