"""Communications stop the chasing of one request until a day, with a reason; its deadlines do not move."""

from __future__ import annotations

from datetime import datetime

from groupbot.moment import Moment
from groupbot.moves.changing import called, change, decide, person_id
from groupbot.records import ServiceRequest, micros
from groupbot.rules.lifecycle import Refusal, Transition


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
