"""How any move changes a request: decided by the rule, named columns set, the next moment derived, the log appended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from groupbot import listing, slipping
from groupbot.moment import Moment
from groupbot.protocol import Priority
from groupbot.records import ServiceRequest
from groupbot.rules import escalation, lifecycle
from groupbot.rules.lifecycle import Refusal, Transition
from groupbot.store import history, requests, service_log
from groupbot.store.history import PastAct
from groupbot.store.service_log import LogEntry


def held(moment: Moment, request: ServiceRequest) -> tuple[str, ...]:
    """The capacities in which whoever acts stands towards the request, the strongest first."""
    ward = moment.jurisdiction.protocol.wards.get(request.ward)
    return lifecycle.capacities(moment.person, request, ward.sub_county if ward else "")


def decide(moment: Moment, act: lifecycle.Act, request: ServiceRequest) -> Transition | Refusal:
    """Whether whoever acts may do the act now."""
    return lifecycle.decide(act, request, held(moment, request))


def change(
    moment: Moment,
    request: ServiceRequest,
    decision: Transition,
    columns: Mapping[str, object],
    *,
    entry: str,
    private: str = "",
) -> ServiceRequest:
    """Set the columns, keep what they were, derive the next moment to look, append the log entry; the request as it is.

    `entry` is the log entry's type, `private` the words that only its private commitment holds. Raises
    store.requests.StaleRequest when the request has changed since it was read.
    """
    pace = moment.jurisdiction.pace
    state = decision.to or request.state
    settings: dict[str, Any] = {**columns, "state": state, "updated_datetime": moment.update.sent_at}
    known = {name: value for name, value in settings.items() if name in request.__slots__}
    changed = replace(request, **known)
    if "escalation_step" not in columns:
        step = escalation.step_after(request, changed, pace.ladders)
        changed = changed if step == changed.escalation_step else replace(changed, escalation_step=step)
    settings |= {
        "escalation_step": changed.escalation_step,
        "next_nag_at": escalation.look_at(changed, pace, moment.now),
    }
    past = PastAct(request.id, request.version, moment.update.sent_at, entry, person_id(moment), moment.inbox_id)
    history.keep(moment.tx, past, settings)
    requests.change(moment.tx, request, settings)
    changed = replace(changed, next_nag_at=settings["next_nag_at"], version=request.version + 1)
    log(moment, entry, changed, capacity=decision.capacity, private=private)
    listing.changed(moment, changed)
    return changed


def log(moment: Moment, entry: str, request: ServiceRequest, *, capacity: str, private: str = "") -> None:
    """Append a log entry of this type about the request as it stands, done in this capacity.

    Where the citizen should hear of it, the poster gets the SMS that says so.
    """
    slipping.slip(moment, request, entry)
    service_log.append(
        moment.tx,
        moment.jurisdiction.id,
        LogEntry(
            at=moment.now,
            type=entry,
            ref=request.service_request_id,
            service_code=request.service_code,
            ward=request.ward,
            role=capacity,
            state=request.state,
            outcome=request.outcome,
            pack_version=request.pack_version,
            request_id=request.id,
            actor_id=person_id(moment),
            inbox_id=moment.inbox_id,
            private_text=private,
        ),
        moment.jurisdiction.salt,
    )


def clocks_of(moment: Moment, request: ServiceRequest) -> Priority:
    """The priority whose clocks hold: the own one; for a safe emergency the most pressing one that can wait."""
    protocol = moment.jurisdiction.protocol
    return protocol.priorities[request.priority] if request.made_safe_at is None else protocol.waiting(request.priority)


def called(moment: Moment) -> str:
    """How whoever acts is addressed."""
    return moment.person.called if moment.person else moment.update.sender_name


def person_id(moment: Moment) -> int | None:
    """The row id of whoever acts; None for someone who is not on the roster."""
    return moment.person.id if moment.person else None
