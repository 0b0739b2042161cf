"""Communications stop the chasing of one request until a day, with a reason; its deadlines do not move."""

from __future__ import annotations

from datetime import datetime

from groupbot.moment import Moment
from groupbot.moves.changing import called, change, decide, person_id
from groupbot.records import ServiceRequest, micros
from groupbot.rules.lifecycle import Refusal, Transition
from groupbot.store import requests


def pause(moment: Moment, request: ServiceRequest, until: datetime, why: str) -> Transition | Refusal:
    """Nobody is reminded of the request before `until` (aware UTC); of an emergency everybody is, until it is safe."""
    decision = decide(moment, "pause", request)
    if isinstance(decision, Refusal):
        return decision
    if moment.jurisdiction.pace.ladders.presses(request):
        return Refusal("pause", "emergency", ())
    columns: dict[str, object] = {"paused_until": until, "pause_reason": why, "paused_by": person_id(moment)}
    change(moment, request, decision, columns, entry="paused", private=why)
    params = {"ref": request.service_request_id, "who": called(moment), "until": micros(until)}
    moment.say_of(request, "paused", params)
    return decision


def paused_line(moment: Moment, request: ServiceRequest) -> dict[str, object] | None:
    """The parameters of `paused` for those who may not have seen the pause begin; None when there is none now."""
    if request.paused_until is None or request.paused_until <= moment.now:
        return None
    by = moment.roster.by_id(requests.pause(moment.tx, request.id)[0], moment.now)
    who = by.called if by else moment.jurisdiction.catalogue.term("role.communications", request.language)
    return {"ref": request.service_request_id, "who": who, "until": micros(request.paused_until)}
