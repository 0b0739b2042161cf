"""The first pack's vocabulary for the reading tests, compiled once."""

from __future__ import annotations

import functools

from groupbot import protocol
from groupbot.records import Reading
from groupbot.rules.readings import Vocabulary, read_post


@functools.cache
def vocabulary() -> Vocabulary:
    """The vocabulary of the pack that the corpus is about."""
    return Vocabulary.of(protocol.load(protocol.locate("ke-elgeyo-marakwet")))


def read(text: str, *, role: str | None = "ward_admin", ward: str | None = "Endo") -> Reading:
    """Read a post as a ward admin of Endo would have it read, unless said otherwise."""
    return read_post(text, vocabulary(), sender_role=role, sender_ward=ward)


def form(text: str, *, ward: str | None = "Endo") -> dict[str, str]:
    """The fields of the one form in a post."""
    (found,) = read(text, ward=ward).forms
    return found.given()
