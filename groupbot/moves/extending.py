"""The department names the day by which it will be done: a promise, or the one extension of the deadline."""

from __future__ import annotations

from groupbot import mirroring
from groupbot.moment import Moment
from groupbot.moves.changing import called, change, clocks_of, decide, person_id
from groupbot.records import ServiceRequest, micros
from groupbot.rules import worktime
from groupbot.rules.extensions import Promise
from groupbot.rules.lifecycle import Refusal, Transition
from groupbot.store import history


def take_promise(moment: Moment, request: ServiceRequest, promise: Promise, reason: str) -> Transition | Refusal:
    """Keep the day that was named; an extension moves the deadline, is counted, and is told in group and mirror."""
    decision = decide(moment, "by", request)
    if isinstance(decision, Refusal):
        return decision
    said_at = moment.update.sent_at
    clock = clocks_of(moment, request).next_word
    columns: dict[str, object] = {
        "done_by": promise.done_by,
        "acknowledged_at": request.acknowledged_at or said_at,
        "officer_id": person_id(moment),
        "next_word_at": min(promise.done_by, worktime.add(said_at, clock, moment.jurisdiction.calendar)),
        "next_word_named": 0,
    }
    if promise.extends and request.expected_datetime is not None:
        columns |= {"expected_datetime": promise.done_by, "extensions": request.extensions + 1}
        due = (request.expected_datetime, promise.done_by)
        history.extend(moment.tx, request.id, due, reason, by=person_id(moment), at=said_at)
    entry = "extended" if promise.extends else "promised"
    changed = change(moment, request, decision, columns, entry=entry, private=reason)
    _tell(moment, changed, promise)
    return decision


def _tell(moment: Moment, request: ServiceRequest, promise: Promise) -> None:
    params: dict[str, object] = {
        "ref": request.service_request_id,
        "officer": called(moment),
        "due": micros(promise.done_by),
    }
    if not promise.extends:
        moment.say_of(request, "promised", params)
        return
    poster = moment.roster.by_id(request.poster_id, moment.now)
    params["admin"] = poster.called if poster else ""
    moment.say_of(request, "extended", params)
    mirroring.extended(moment, request)
