"""The life of a request: who may do which act in which state, what it leads to, and why an act is refused.

Rule of the protocol: an answer never closes a request; only the citizen's word does (ELG0004, "until fully answered
and the citizen acknowledges").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from groupbot.records import Person, ServiceRequest, State

Act = Literal["word", "answer", "citizen_yes", "citizen_not_yet"]
Reason = Literal["not_entitled", "not_answered", "already_answered", "closed"]

OFFICERS = ("coordinator", "director", "chief_officer")
CITIZEN_SIDE = ("author", "ward_admin", "champion", "sub_county_admin")


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: in any of `states`, a person with any of `capacities` may do `act`, which leads to `to`.

    `to` None means that the state stays.
    """

    act: Act
    states: tuple[State, ...]
    to: State | None
    capacities: tuple[str, ...]


TABLE = (
    Rule("word", ("submitted", "acknowledged", "reopened"), "acknowledged", OFFICERS),
    Rule("answer", ("submitted", "acknowledged", "reopened"), "answered", OFFICERS),
    Rule("citizen_yes", ("answered",), "closed", CITIZEN_SIDE),
    Rule("citizen_not_yet", ("answered", "closed"), "reopened", CITIZEN_SIDE),
)

# Why an act cannot be done in a state, for people who would otherwise be entitled to it.
REFUSALS: dict[tuple[Act, State], Reason] = {
    ("word", "answered"): "already_answered",
    ("word", "closed"): "closed",
    ("answer", "answered"): "already_answered",
    ("answer", "closed"): "closed",
    ("citizen_yes", "submitted"): "not_answered",
    ("citizen_yes", "acknowledged"): "not_answered",
    ("citizen_yes", "reopened"): "not_answered",
    ("citizen_yes", "closed"): "closed",
    ("citizen_not_yet", "submitted"): "not_answered",
    ("citizen_not_yet", "acknowledged"): "not_answered",
    ("citizen_not_yet", "reopened"): "not_answered",
}


@dataclass(frozen=True, slots=True)
class Transition:
    """An act that may be done: the state it leads to (None: the same), and the capacity in which it is done."""

    act: Act
    to: State | None
    capacity: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """An act that may not be done, why, and the capacities that would be entitled."""

    act: Act
    reason: Reason
    entitled: tuple[str, ...]


def capacities(person: Person | None, request: ServiceRequest, sub_county: str) -> tuple[str, ...]:
    """In which capacities a person stands towards a request, the strongest first.

    `sub_county` is that of the request's ward.
    """
    if person is None:
        return ()
    found = [
        grant.role
        for grant in person.grants
        if grant.service_code in (None, request.service_code)
        and grant.ward in (None, request.ward)
        and grant.sub_county in (None, sub_county)
    ]
    author = ["author"] if request.poster_id == person.id else []
    return tuple(dict.fromkeys(author + found))


def decide(act: Act, request: ServiceRequest, held: tuple[str, ...]) -> Transition | Refusal:
    """Whether someone with these capacities may do the act on the request as it stands."""
    entitled = entitled_to(act)
    capacity = next((own for own in held if own in entitled), None)
    if capacity is None:
        return Refusal(act, "not_entitled", entitled)
    for rule in TABLE:
        if rule.act == act and request.state in rule.states:
            return Transition(act, rule.to, capacity)
    return Refusal(act, REFUSALS[(act, request.state)], entitled)


def entitled_to(act: Act) -> tuple[str, ...]:
    """The capacities that may do an act in some state."""
    return tuple(dict.fromkeys(own for rule in TABLE if rule.act == act for own in rule.capacities))


def word_source(capacity: str) -> str:
    """Through whom the citizen's word came, for the record."""
    return {"champion": "champion", "communications": "hotline"}.get(capacity, "admin")
