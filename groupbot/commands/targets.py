"""Which request a command is about: the reference in its text, or the line it replies to; else the person is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from groupbot import moves, offering
from groupbot.moment import Moment
from groupbot.records import ServiceRequest
from groupbot.rules import lifecycle, references
from groupbot.rules.lifecycle import Act, Transition
from groupbot.rules.meant import Candidate, which
from groupbot.rules.references import FoundReference
from groupbot.store import requests, worklists
from groupbot.store.worklists import Scope

_EDGES = " \t\n:,.-–—"
MOST_OFFERED = 5  # requests among which somebody can choose in one line

# Commands that can only be about a request on which their act may be done.
ACTS: Mapping[str, Act] = {
    "resolve": "answer",
    "cannot": "cannot",
    "by": "by",
    "withdraw": "withdraw",
    "priority": "priority",
}


def entitled(command: str) -> tuple[str, ...]:
    """The roles that may do a command's act; none where it goes by no role alone, as for a post's own author."""
    act = ACTS.get(command)
    capacities = lifecycle.entitled_to(act) if act else ()
    return () if "author" in capacities else capacities


@dataclass(frozen=True, slots=True)
class Target:
    """The request meant, and the command's text without its reference."""

    request: ServiceRequest
    text: str


def find(moment: Moment, text: str, command: str) -> Target | None:
    """The request a command's text is about. None when the person was told what is wrong, or nothing was said yet."""
    for found in references.find(text, moment.jurisdiction.prefixes):
        if found.start > 0 and text[: found.start].strip(_EDGES + "#"):
            break  # a reference further on is part of the text, not the target
        rest = text[found.end :].strip(_EDGES)
        request = look_up(moment, found, {"command": command, "text": rest})
        return None if request is None else Target(request, rest)
    return by_reply(moment, text, command)


def look_up(moment: Moment, found: FoundReference, said: Mapping[str, object] | None = None) -> ServiceRequest | None:
    """The request of a reference; a wrong or unknown one is answered with the nearest real ones of this group.

    What was `said` about it can then be done for one of those with a tap, by somebody who has a say in them.
    A confidential one is unknown to all but its author and the integrity officer, and everywhere but in private.
    """
    if found.valid:
        request = requests.by_reference(moment.tx, moment.jurisdiction.id, found.text)
        if request is not None and _is_known_here(moment, request):
            return request
    known = requests.references(moment.tx, moment.jurisdiction.id, moment.group.service_code)
    near = references.nearest(found.text, known, 3)
    if near:
        _offer_near(moment, found.given, near, said)
    else:
        moment.say("unknown_reference_alone", {"given": found.given})
    return None


def _offer_near(moment: Moment, given: str, near: list[str], said: Mapping[str, object] | None) -> None:
    line = ("unknown_reference", {"given": given, "near": near})
    found = [requests.by_reference(moment.tx, moment.jurisdiction.id, reference) for reference in near]
    own = [request for request in found if request is not None and moves.held(moment, request)]
    if said is not None and own:
        offering.offer_choice(moment, own, said, line)
    else:
        moment.say(*line)


def _is_known_here(moment: Moment, request: ServiceRequest) -> bool:
    if request.route != "private":
        return True
    return moment.group.kind == "private" and bool(moves.held(moment, request))


def by_reply(moment: Moment, text: str, command: str) -> Target | None:
    """The request of the line replied to, or without a reply the one that the command can be about in this group.

    None when there is none, or when it was asked which is meant.
    """
    update = moment.update
    if update.reply_to:
        found = requests.by_message(moment.tx, update.platform, update.chat_id, update.reply_to)
        found = [request for request in found if _is_known_here(moment, request)]
        chosen = meant(moment, text, found)
    else:
        found = _within_reach(moment, text, command)
        chosen = found[0] if len(found) == 1 else None
    if chosen is not None:
        return Target(chosen, text.strip())
    if found:
        offering.offer_choice(moment, found[:MOST_OFFERED], {"command": command, "text": text})
    return None


def meant(moment: Moment, text: str, found: Sequence[ServiceRequest]) -> ServiceRequest | None:
    """The one of several requests that a text is about: the only one, the one it names, or by its telling words."""
    if len(found) == 1:
        return found[0]
    given = [reference.text for reference in references.find(text, moment.jurisdiction.prefixes)]
    # among a few known ones the check letter may be left out
    named = {
        one.service_request_id for one in found if {one.service_request_id, one.service_request_id[:-2]} & {*given}
    }
    candidates = [
        Candidate(one.service_request_id, references.serial(one.service_request_id), f"{one.address} {one.description}")
        for one in found
    ]
    chosen = which(text, candidates, named, moment.jurisdiction.pointing)
    return None if chosen is None else found[candidates.index(chosen)]


def _within_reach(moment: Moment, text: str, command: str) -> list[ServiceRequest]:
    """The requests of this group that the sender may do the command's act on, the likeliest first."""
    code = moment.group.service_code
    act = ACTS.get(command)
    if act is None or code is None or moment.person is None or not text.strip(_EDGES):
        return []
    scope = Scope(moment.person.id, {code}, set())
    open_ones = [
        request
        for request in worklists.open_within(moment.tx, moment.jurisdiction.id, scope)
        if request.service_code == code
        and request.route == "public"
        and isinstance(lifecycle.decide(act, request, moves.held(moment, request)), Transition)
    ]
    likeliest = meant(moment, text, open_ones)
    return sorted(open_ones, key=lambda request: request is not likeliest)
