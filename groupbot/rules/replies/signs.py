"""The pieces of evidence that a reply may hold, and where in it they were found."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Literal

Sign = Literal[
    "agrees",  # the citizen's word, or what only the citizen can say
    "yes",  # a plain word of agreement in the place of an answer
    "done",  # the work is said to be done
    "done_by_worker",  # the same, on the word of those who did it
    "worker_gained",  # "the contractor got his money": a claim as well, and a poor one
    "led_up",  # a plain yes at the end of what nobody knows: "write yes"
    "borne_out",  # what shows, beside a plain yes, that it is meant: "the whole village is drinking"
    "against",  # the citizen does not agree, or it is not so
    "against_if_asked",  # the same, but only as an answer
    "in_part",  # only half of it is so
    "relapse",  # it is bad again
    "not_yet",
    "no",
    "unconfirmed",  # the citizen's word is not in
    "promise",  # to ask, to confirm, to come back
    "condition",
    "contrast",
    "hedge",
    "unsure",  # agreement or work under a hedge or a condition
    "unreal",  # agreement or work that is still to come
    "ahead",  # anything that is
    "question",
    "chase",
    "seen",
]


@dataclass(slots=True)
class Signs:
    """The places (word numbers, ascending) at which each sign was found, and how many words say anything else."""

    places: dict[Sign, list[int]] = field(default_factory=dict)
    past: set[int] = field(default_factory=set)  # places that tell how things stood before
    words: int = 0
    told: int = 0  # words that are no greeting, thanks or plain yes
    informative: int = 0  # of these, the ones that are no small words either
    thanks: bool = False
    assent_only: bool = False
    verbs: int = 0  # words unknown here that are built like whole sentences ("tumezoea", we are used to it)
    counted: bool = False  # a number, or none, stands beside what is known here: "yes, two", "yes, none"
    mocked: bool = False  # an emoji that takes a yes back
    mere_assent: bool = False  # such as may only mean "I have heard you" ("sawa")

    def has(self, *signs: Sign) -> bool:
        """Whether any of the signs was found."""
        return any(self.places.get(sign) for sign in signs)

    def first(self, sign: Sign) -> float:
        """The first place of a sign; endlessly far when there is none."""
        return min(self.places.get(sign, ()), default=inf)

    def last(self, sign: Sign) -> int:
        """The last place of a sign; -1 when there is none."""
        return max(self.places.get(sign, ()), default=-1)

    def add(self, sign: Sign | None, place: int, *, past: bool = False) -> None:
        """Note a sign at a place; no sign is noted nowhere."""
        if sign is not None:
            self.places.setdefault(sign, []).append(place)
            if past:
                self.past.add(place)
