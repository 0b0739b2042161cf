"""The citizen's word, brought by the ward's side: it closes a request, or opens it again."""

from __future__ import annotations

from groupbot import mirroring
from groupbot.moment import Moment
from groupbot.moves import linking
from groupbot.moves.changing import called, change, clocks_of, decide
from groupbot.records import ServiceRequest
from groupbot.rules import lifecycle, worktime
from groupbot.rules.lifecycle import Refusal, Transition


def take_citizen_yes(moment: Moment, request: ServiceRequest) -> Transition | Refusal:
    """The citizen agrees, says the ward's side: only now the request is closed."""
    decision = decide(moment, "citizen_yes", request)
    if isinstance(decision, Refusal):
        return decision
    said_at = moment.update.sent_at
    columns: dict[str, object] = {
        "word": "disputed_then_agreed" if request.reopenings else "agreed",
        "word_source": lifecycle.word_source(decision.capacity),
        "closed_at": said_at,
        "word_due": None,
        "first_answer_held": _held(request, held=True),
    }
    changed = change(moment, request, decision, columns, entry="closed", private=moment.update.text)
    mirroring.closed(moment, changed)
    took = int((said_at - request.requested_datetime).total_seconds())
    params = {"ref": request.service_request_id, "admin": called(moment), "took": took, "answers": request.answers}
    key = "closed" if request.answers == 1 else "closed_again"
    if request.made_safe_at:
        began = request.alarmed_at or request.requested_datetime
        key, params["safe"] = "closed_safe", int((request.made_safe_at - began).total_seconds())
    moment.say_of(request, key, params)
    return decision


def take_not_yet(moment: Moment, request: ServiceRequest) -> Transition | Refusal:
    """The citizen does not agree: the request is open again, one escalation step higher, its twins with it."""
    decision = decide(moment, "citizen_not_yet", request)
    if isinstance(decision, Transition):
        _reopen(moment, request, decision)
        linking.share_not_yet(moment, request, lambda twin: _reopen(moment, twin, decision))
    return decision


def _reopen(moment: Moment, request: ServiceRequest, decision: Transition) -> None:
    said_at = moment.update.sent_at
    clock = clocks_of(moment, request).next_word
    columns: dict[str, object] = {
        "word": "disputed",
        "word_source": lifecycle.word_source(decision.capacity),
        "reopenings": request.reopenings + 1,
        "reopened_at": said_at,
        "first_answer_held": _held(request, held=False),
        "closed_at": None,
        "word_due": None,
        "next_word_at": worktime.add(said_at, clock, moment.jurisdiction.calendar),
        "next_word_named": 0,
    }
    changed = change(moment, request, decision, columns, entry="reopened", private=moment.update.text)
    mirroring.reopened(moment, changed)
    officer = moment.roster.by_id(request.officer_id, moment.now)
    params = {
        "ref": request.service_request_id,
        "officer": officer.called if officer else "",
        "admin": called(moment),
    }
    key = "reopened" if officer else "reopened_unattended"
    if officer is None:
        moment.ask_for_coordinator(changed)
    moment.say_of(request, key, params, asks=officer)


def _held(request: ServiceRequest, *, held: bool) -> int | None:
    """Whether the first answer held; once known it is never rewritten by a later answer."""
    if request.answers == 1 and request.first_answer_held != 0:
        return int(held)
    return request.first_answer_held
