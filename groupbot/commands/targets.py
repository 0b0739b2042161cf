"""Which request a command is about: the reference in its text, or the line it replies to; else the person is asked."""

from __future__ import annotations

from dataclasses import dataclass

from groupbot import moves
from groupbot.moment import Moment
from groupbot.records import ServiceRequest
from groupbot.rules import references
from groupbot.rules.references import FoundReference
from groupbot.store import requests

_EDGES = " \t\n:,.-–—"


@dataclass(frozen=True, slots=True)
class Target:
    """The request meant, and the command's text without its reference."""

    request: ServiceRequest
    text: str


def find(moment: Moment, text: str) -> Target | None:
    """The request a command's text is about. None when the person was told what is wrong, or nothing was said yet."""
    for found in references.find(text, moment.jurisdiction.prefixes):
        if found.start > 0 and text[: found.start].strip(_EDGES + "#"):
            break  # a reference further on is part of the text, not the target
        request = look_up(moment, found)
        return None if request is None else Target(request, text[found.end :].strip(_EDGES))
    return by_reply(moment, text)


def look_up(moment: Moment, found: FoundReference) -> ServiceRequest | None:
    """The request of a reference; a wrong or unknown one is answered with the nearest real ones of this group.

    A confidential one is unknown to all but its author and the integrity officer, and everywhere but in private.
    """
    if found.valid:
        request = requests.by_reference(moment.tx, moment.jurisdiction.id, found.text)
        if request is not None and _is_known_here(moment, request):
            return request
    known = requests.references(moment.tx, moment.jurisdiction.id, moment.group.service_code)
    near = references.nearest(found.text, known, 3)
    if near:
        moment.say("unknown_reference", {"given": found.given, "near": near})
    else:
        moment.say("unknown_reference_alone", {"given": found.given})
    return None


def _is_known_here(moment: Moment, request: ServiceRequest) -> bool:
    if request.route != "private":
        return True
    return moment.group.kind == "private" and bool(moves.held(moment, request))


def by_reply(moment: Moment, text: str) -> Target | None:
    """The request of the line replied to; None when there is none, or when it was asked which is meant."""
    update = moment.update
    linked = requests.by_message(moment.tx, update.platform, update.chat_id, update.reply_to) if update.reply_to else []
    linked = [request for request in linked if _is_known_here(moment, request)]
    if len(linked) == 1:
        return Target(linked[0], text.strip())
    if linked:
        moment.say("which_reference", {"refs": [request.service_request_id for request in linked]})
    return None
