"""weights.toml: how much words and signs speak for a need or against one; fitted to examples, never written by hand."""

from __future__ import annotations

from pydantic import Field

from groupbot.protocol.parts import Part


class WeightsFile(Part):
    """weights.toml: how much each word and sign of a post speaks for a need, and how much they must together."""

    least: float = Field(default=0.0, ge=0)  # sum of the weights by the square root of how many there are
    doubt: float = 0.0  # the same, for a post that the lists of [form] take for a need: under it they are not believed
    words: dict[str, float] = {}  # word, "begi*", "*nding", "#" (a number) or "@sign" -> its weight
