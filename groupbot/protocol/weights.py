"""weights.toml: how much single words speak for a need or against one; fitted to examples, never written by hand."""

from __future__ import annotations

from pydantic import Field

from groupbot.protocol.parts import Part


class WeightsFile(Part):
    """weights.toml: how much each word of a post without labels speaks for a need, and how much they must together."""

    least: float = Field(default=0.0, ge=0)  # sum of the weights by the square root of how many there are
    words: dict[str, float] = {}  # word, "begi*", "*nding" or "#" (a number) -> its weight
