"""Closings without the citizen's word: settled in the ward, withdrawn, filed twice, or asked for in vain.

No department can close a request in any of these ways, and each is told in the mirror by its name.
"""

from __future__ import annotations

from collections.abc import Mapping

from groupbot import mirroring
from groupbot.moment import Moment
from groupbot.moves.changing import called, change, decide
from groupbot.records import ServiceRequest
from groupbot.rules import lifecycle
from groupbot.rules.lifecycle import Act, Refusal, Transition


def settle(moment: Moment, request: ServiceRequest, how: str) -> Transition | Refusal:
    """The ward has settled it itself; `how` says what was done there."""
    columns = {"outcome": "settled_locally", "status_notes": how}
    return _close(moment, request, ("local", "settled"), columns)


def withdraw(moment: Moment, request: ServiceRequest, why: str) -> Transition | Refusal:
    """The citizen's side takes it back."""
    columns = {"outcome": "withdrawn", "status_notes": why}
    return _close(moment, request, ("withdraw", "withdrawn"), columns)


def close_duplicate(moment: Moment, request: ServiceRequest, kept: ServiceRequest) -> Transition | Refusal:
    """One author filed one matter twice: this request closes, the other goes on."""
    columns = {"outcome": "duplicate", "duplicate_of": kept.id, "outcome_detail": kept.service_request_id}
    return _close(moment, request, ("duplicate", "closed_duplicate"), columns, {"kept": kept.service_request_id})


def close_unreachable(moment: Moment, request: ServiceRequest) -> None:
    """The citizen's word was asked for as often as the pack says and did not come: closed, and counted apart.

    The clock does this, nobody else can; a NOT YET within the pack's days opens it again.
    """
    turn = moment.about(request)
    columns: dict[str, object] = {
        "word": "unreachable",
        "word_source": "",
        "closed_at": moment.now,
        "word_due": None,
    }
    changed = change(turn, request, Transition("citizen_yes", "closed", ""), columns, entry="unreachable")
    days = moment.jurisdiction.protocol.file.limits.reopen_days
    params = {"ref": request.service_request_id, "times": request.word_asks, "days": days}
    turn.say_of(request, "closed_unreachable", params)
    mirroring.unreachable(turn, changed)


def _close(
    moment: Moment,
    request: ServiceRequest,
    names: tuple[Act, str],
    columns: Mapping[str, object],
    params: Mapping[str, object] | None = None,
) -> Transition | Refusal:
    """Close under an act; `names` is the act, and the name of its log entry and of its texts."""
    act, entry = names
    decision = decide(moment, act, request)
    if isinstance(decision, Refusal):
        return decision
    ending: dict[str, object] = {
        "word": "not_applicable",
        "word_source": lifecycle.word_source(decision.capacity),
        "closed_at": moment.update.sent_at,
        "word_due": None,
        "next_word_at": None,
    }
    private = str(columns.get("status_notes", ""))
    changed = change(moment, request, decision, ending | dict(columns), entry=entry, private=private)
    said = {"ref": request.service_request_id, "who": called(moment), **(params or {})}
    moment.say_of(request, entry, said)
    mirroring.ended(moment, changed)
    return decision
