"""Two requests about one matter: twins. They share the department's answer; each citizen is asked, each word counts."""

from __future__ import annotations

from collections.abc import Callable

from groupbot.moment import Moment
from groupbot.moves.changing import change, decide, person_id
from groupbot.records import ServiceRequest
from groupbot.rules import lifecycle
from groupbot.rules.lifecycle import Refusal, Transition
from groupbot.store import history, requests


def link(moment: Moment, request: ServiceRequest, other: ServiceRequest) -> Transition | Refusal:
    """Make two requests twins: whoever may do it for one of them may link them."""
    decision = decide(moment, "same", request)
    if isinstance(decision, Refusal):
        return decision
    if history.pair(moment.tx, request.id, other.id, person_id(moment), moment.update.sent_at):
        change(moment, request, decision, {}, entry="linked", private=other.service_request_id)
    params = {"refs": [request.service_request_id, other.service_request_id]}
    moment.say_of(request, "linked", params, request_ids=(request.id, other.id))
    return decision


def share_answer(moment: Moment, request: ServiceRequest, answer: Callable[[ServiceRequest], object]) -> None:
    """Give the answer of a request to its twins in the same department that still wait for one."""
    for twin in _twins(moment, request):
        if twin.state in lifecycle.OPEN:
            answer(twin)


def share_word(moment: Moment, request: ServiceRequest, tell: Callable[[ServiceRequest], object]) -> None:
    """Let an officer's words on a request be said of its open twins in the same department too.

    An emergency is not silenced by words on what is none.
    """
    presses = moment.jurisdiction.pace.ladders.presses
    for twin in _twins(moment, request):
        if twin.state in lifecycle.OPEN and (presses(request) or not presses(twin)):
            tell(twin)


def share_not_yet(moment: Moment, request: ServiceRequest, reopen: Callable[[ServiceRequest], object]) -> None:
    """Open again the twins that wait for their own citizen's word on the same answer.

    A twin whose own citizen has agreed stays closed.
    """
    for twin in _twins(moment, request):
        if twin.state == "answered":
            reopen(twin)


def _twins(moment: Moment, request: ServiceRequest) -> list[ServiceRequest]:
    found = [requests.by_id(moment.tx, twin) for twin in history.twins(moment.tx, request.id)]
    return [twin for twin in found if twin.service_code == request.service_code and twin.route == request.route]
