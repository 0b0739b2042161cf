"""Which request a command is about: the reference in its text, or the line it replies to; else the person is asked."""

from __future__ import annotations

from dataclasses import dataclass

from groupbot.moment import Moment
from groupbot.records import ServiceRequest
from groupbot.rules import references
from groupbot.rules.commands import CommandCall
from groupbot.rules.references import FoundReference
from groupbot.store import requests


@dataclass(frozen=True, slots=True)
class Target:
    """The request meant, and the command's text without its reference."""

    request: ServiceRequest
    text: str


def find(moment: Moment, call: CommandCall) -> Target | None:
    """The request a command is about. None when the person was asked or told what is wrong instead."""
    for found in references.find(call.rest, moment.jurisdiction.prefixes):
        if found.start > 0 and call.rest[: found.start].strip():
            break  # a reference further on is part of the text, not the target
        request = look_up(moment, found)
        return None if request is None else Target(request, call.rest[found.end :].strip(" \t\n:,.-"))
    return _by_reply(moment, call)


def look_up(moment: Moment, found: FoundReference) -> ServiceRequest | None:
    """The request of a reference; a wrong or unknown one is answered with the nearest real ones of this group."""
    if found.valid:
        request = requests.by_reference(moment.tx, moment.jurisdiction.id, found.text)
        if request is not None:
            return request
    known = requests.references(moment.tx, moment.jurisdiction.id, moment.group.service_code)
    near = references.nearest(found.text, known, 3)
    if near:
        moment.say("unknown_reference", {"given": found.given, "near": near})
    else:
        moment.say("unknown_reference_alone", {"given": found.given})
    return None


def _by_reply(moment: Moment, call: CommandCall) -> Target | None:
    update = moment.update
    linked = requests.by_message(moment.tx, update.platform, update.chat_id, update.reply_to) if update.reply_to else []
    if len(linked) == 1:
        return Target(linked[0], call.rest.strip())
    if linked:
        moment.say("which_reference", {"refs": [request.service_request_id for request in linked]})
    else:
        moment.say("resolve_how", {})
    return None
