"""weights.toml: how much words and signs speak for something or against it; fitted to examples, not written by hand."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from groupbot.protocol.parts import Part

ByWeight = dict[Annotated[str, Field(pattern=r"^-?[0-9]+\.[0-9]+$")], str]
"""A weight and all that have it, a space between two: thousands of lines would take long to read."""


class PrivateWeights(Part):
    """[private]: how much each word speaks for a matter that must leave the group; the sums are as those of a need."""

    least: float = 0.0  # from which a post takes the private road by itself
    asked: float = 0.0  # from which its poster is asked, alone, whether it should
    listed: float = 0.0  # what a word of [private_route] adds
    pattern: float = 0.0  # what one of its patterns adds
    words: ByWeight = {}  # words, "begi*", "*nding"


class WeightsFile(Part):
    """weights.toml: how much each word and sign of a post speaks for a need, and how much they must together."""

    least: float = 0.0  # sum of the weights by the square root of how many there are
    words: ByWeight = {}  # words, "begi*", "*nding", "#" (a number) and "@signs"
    private: PrivateWeights = PrivateWeights()


def each(table: ByWeight) -> dict[str, float]:
    """What each one weighs."""
    return {one: weight for text, listed in table.items() for weight in [float(text)] for one in listed.split()}
