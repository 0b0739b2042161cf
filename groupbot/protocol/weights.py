"""weights.toml: how much words and signs speak for a need or against one; fitted to examples, never written by hand."""

from __future__ import annotations

from groupbot.protocol.parts import Part


class WeightsFile(Part):
    """weights.toml: how much each word and sign of a post speaks for a need, and how much they must together."""

    least: float = 0.0  # sum of the weights by the square root of how many there are
    words: dict[str, float] = {}  # word, "begi*", "*nding", "#" (a number) or "@sign" -> its weight
