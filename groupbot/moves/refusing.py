"""The department says that it will not do it: declined, planned for a budget year, or another body's matter.

That is an answer like any other: the citizen is asked, and a NOT YET opens the request again.
"""

from __future__ import annotations

from groupbot import mirroring
from groupbot.moment import Moment
from groupbot.moves.answering import answer_columns, ask_citizen
from groupbot.moves.changing import change, decide
from groupbot.records import ServiceRequest
from groupbot.rules.lifecycle import Refusal, Transition
from groupbot.rules.outcomes import Cannot


def take_cannot(moment: Moment, request: ServiceRequest, said: Cannot) -> Transition | Refusal:
    """Record the outcome and ask for the citizen's word."""
    decision = decide(moment, "cannot", request)
    if isinstance(decision, Refusal):
        return decision
    columns = answer_columns(moment, request) | {
        "outcome": said.outcome,
        "outcome_detail": said.detail,
        "status_notes": said.reason,
    }
    changed = change(moment, request, decision, columns, entry="answered", private=said.reason)
    mirroring.refused(moment, changed)
    params = {"outcome": changed.outcome, "detail": changed.outcome_detail}
    ask_citizen(moment, changed, "ask_citizen_cannot", params)
    return decision
