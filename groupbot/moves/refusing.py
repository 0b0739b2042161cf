"""The department says that it will not do it: declined, planned for a budget year, or another body's matter.

That is an answer like any other: the citizen is asked, and a NOT YET opens the request again.
"""

from __future__ import annotations

from groupbot import mirroring
from groupbot.moment import Moment
from groupbot.moves.changing import called, change, decide, person_id
from groupbot.records import ServiceRequest
from groupbot.rules import worktime
from groupbot.rules.lifecycle import Refusal, Transition
from groupbot.rules.outcomes import Cannot


def take_cannot(moment: Moment, request: ServiceRequest, said: Cannot) -> Transition | Refusal:
    """Record the outcome and ask for the citizen's word."""
    decision = decide(moment, "cannot", request)
    if isinstance(decision, Refusal):
        return decision
    said_at = moment.update.sent_at
    clock = moment.jurisdiction.protocol.priorities[request.priority].word
    columns: dict[str, object] = {
        "outcome": said.outcome,
        "outcome_detail": said.detail,
        "status_notes": said.reason,
        "answered_at": said_at,
        "acknowledged_at": request.acknowledged_at or said_at,
        "answers": request.answers + 1,
        "next_word_at": None,
        "word_due": worktime.add(said_at, clock, moment.jurisdiction.calendar),
        "officer_id": person_id(moment),
    }
    changed = change(moment, request, decision, columns, entry="answered", private=said.reason)
    mirroring.refused(moment, changed)
    _ask_citizen(moment, changed)
    return decision


def _ask_citizen(moment: Moment, request: ServiceRequest) -> None:
    poster = moment.roster.by_id(request.poster_id, moment.now)
    params = {
        "ref": request.service_request_id,
        "officer": called(moment),
        "outcome": request.outcome,
        "detail": request.outcome_detail,
        "admin": poster.called if poster else "",
    }
    moment.say("ask_citizen_cannot", params, language=request.language, request_ids=(request.id,))
