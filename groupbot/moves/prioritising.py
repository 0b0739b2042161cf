"""A director sets another priority, with the reason: the clocks are counted anew, the original ones stay on record."""

from __future__ import annotations

from groupbot import mirroring
from groupbot.moment import Moment
from groupbot.moves.amending import new_deadlines
from groupbot.moves.changing import called, change, decide
from groupbot.records import ServiceRequest, micros
from groupbot.rules.lifecycle import Refusal, Transition


def set_priority(moment: Moment, request: ServiceRequest, level: str, why: str) -> Transition | Refusal:
    """Give a request this level of the pack's; `why` is kept in the history."""
    decision = decide(moment, "priority", request)
    if isinstance(decision, Refusal):
        return decision
    columns: dict[str, object] = {"priority": level} | new_deadlines(moment, request, level)
    changed = change(moment, request, decision, columns, entry="priority", private=why)
    params: dict[str, object] = {
        "ref": request.service_request_id,
        "priority": f"priority.{level}",
        "who": called(moment),
        "due": micros(changed.expected_datetime) if changed.expected_datetime else None,
    }
    moment.say("priority_set", params, language=request.language, request_ids=(request.id,))
    mirroring.amended(moment, changed)
    return decision
