"""The life of a request: who may do which act in which state, what it leads to, and why an act is refused.

Rule of the protocol: an answer never closes a request; only the citizen's word does (ELG0004, "until fully answered
and the citizen acknowledges").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from groupbot.records import Person, ServiceRequest, State

Act = Literal[
    "word", "answer", "cannot", "by", "amend", "move", "raise", "priority", "pause", "safe",
    "same", "duplicate", "local", "withdraw", "citizen_yes", "citizen_not_yet", "protect", "observe",
]  # fmt: skip
Reason = Literal["not_entitled", "not_answered", "already_answered", "closed", "erased", "emergency"]

OPEN: tuple[State, ...] = ("submitted", "acknowledged", "reopened")
UNCLOSED: tuple[State, ...] = (*OPEN, "answered")
EVERY: tuple[State, ...] = (*UNCLOSED, "closed")

# `integrity` stands here for confidential requests alone: `capacities` gives it for no others.
OFFICERS = ("coordinator", "director", "chief_officer", "integrity")
MOVERS = ("author", "ward_admin", "coordinator", "director", "communications")
CITIZEN_SIDE = ("author", "ward_admin", "champion", "sub_county_admin")
WARD_OFFICE = ("author", "ward_admin", "sub_county_admin")
# Who may bring the citizen's word: communications keep the hotline. A champion's or the hotline's NOT YET outranks an
# admin's YES.
WORD_BEARERS = (*CITIZEN_SIDE, "communications")


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
    Rule("word", OPEN, "acknowledged", OFFICERS),
    Rule("by", OPEN, "acknowledged", OFFICERS),
    Rule("answer", OPEN, "answered", OFFICERS),
    Rule("cannot", OPEN, "answered", OFFICERS),
    Rule("amend", ("submitted", "acknowledged"), None, CITIZEN_SIDE),
    Rule("move", ("submitted", "acknowledged"), "submitted", MOVERS),
    Rule("move", ("reopened",), None, MOVERS),
    Rule("raise", OPEN, "submitted", (*CITIZEN_SIDE, *OFFICERS)),
    Rule("priority", OPEN, None, ("director", "chief_officer", "integrity")),
    Rule("safe", OPEN, None, (*CITIZEN_SIDE, *OFFICERS, "communications")),
    Rule("pause", UNCLOSED, None, ("communications", "integrity")),
    Rule("same", UNCLOSED, None, (*CITIZEN_SIDE, *OFFICERS, "communications")),
    Rule("duplicate", UNCLOSED, "closed", WARD_OFFICE),
    Rule("local", OPEN, "closed", WARD_OFFICE),
    Rule("withdraw", UNCLOSED, "closed", WARD_OFFICE),
    Rule("citizen_yes", ("answered",), "closed", WORD_BEARERS),
    Rule("citizen_not_yet", ("answered", "closed"), "reopened", WORD_BEARERS),
    Rule("protect", EVERY, None, ("communications", "integrity")),
    Rule("observe", EVERY, None, ("observer",)),
)

# Why an act cannot be done in a state, for people who would otherwise be entitled to it. A citizen's word is not asked
# for before there is an answer; all else comes too late.
_TOO_EARLY: tuple[Act, ...] = ("citizen_yes", "citizen_not_yet")


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

    `sub_county` is that of the request's ward. A confidential request knows only its author and the integrity officer,
    and the integrity officer only confidential ones.
    """
    if person is None:
        return ()
    confidential = request.route == "private"
    found = [
        grant.role
        for grant in person.grants
        if grant.service_code in (None, request.service_code)
        and grant.ward in (None, request.ward)
        and grant.sub_county in (None, sub_county)
        and (grant.role == "integrity") == confidential
    ]
    author = ["author"] if request.poster_id == person.id else []
    return tuple(dict.fromkeys(author + found))


def decide(act: Act, request: ServiceRequest, held: tuple[str, ...]) -> Transition | Refusal:
    """Whether someone with these capacities may do the act on the request as it stands.

    With a request whose words are erased nothing can be done any more.
    """
    entitled = tuple(own for own in entitled_to(act) if (own == "integrity") == (request.route == "private"))
    if request.route == "private" and "author" in entitled_to(act):
        entitled = ("author", *entitled)
    if act == "citizen_yes" and any(own in OFFICERS for own in held):
        # Who answers for the department never brings the citizen's word to its own answer: not on an own post, nor as
        # the hotline.
        held = tuple(own for own in held if own not in ("author", "communications"))
    capacity = next((own for own in held if own in entitled), None)
    if capacity is None:
        return Refusal(act, "not_entitled", entitled)
    if request.erased_at is not None:
        return Refusal(act, "erased", entitled)
    for rule in TABLE:
        if rule.act == act and request.state in rule.states:
            return Transition(act, rule.to, capacity)
    return Refusal(act, refused_in(act, request.state), entitled)


def refused_in(act: Act, state: State) -> Reason:
    """Why someone entitled cannot do an act in a state that has no rule for it."""
    if state == "closed":
        return "closed"
    return "not_answered" if act in _TOO_EARLY else "already_answered"


def entitled_to(act: Act) -> tuple[str, ...]:
    """The capacities that may do an act in some state."""
    return tuple(dict.fromkeys(own for rule in TABLE if rule.act == act for own in rule.capacities))


def word_source(capacity: str) -> str:
    """Through whom the citizen's word came, for the record."""
    return {"champion": "champion", "communications": "hotline"}.get(capacity, "admin")
