"""Words of danger to life: reason to print the numbers and to ask, never to set a priority."""

from __future__ import annotations

from groupbot.rules.readings.phrases import Heard
from groupbot.rules.readings.vocabulary import Vocabulary


def danger_words(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The pack's danger words that the text holds, sorted; empty when none."""
    return vocabulary.danger.found(Heard.of(text))
