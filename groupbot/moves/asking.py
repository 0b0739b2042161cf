"""People were asked for what a request owes: when, how high the ladder stands, and when to look again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from groupbot.moment import Moment
from groupbot.records import ServiceRequest
from groupbot.rules.escalation import Decided, Decision
from groupbot.store import nags, service_log
from groupbot.store.nags import Claim, Nag
from groupbot.store.service_log import LogEntry


def take_nags(moment: Moment, decided: Sequence[Decided]) -> list[Decided]:
    """Note these looks and who is asked; those of requests that have moved on since they were read are left out."""
    taken = nags.claim(moment.tx, [_claim(request, decision) for request, decision in decided], moment.now)
    stand = [(request, decision) for request, decision in decided if request.id in taken]
    nags.add(moment.tx, [nag for request, decision in stand for nag in _nags(moment, request, decision)])
    climbed = [_entry(moment, request, decision) for request, decision in stand if decision.climbed]
    service_log.append_all(moment.tx, moment.jurisdiction.id, climbed, moment.jurisdiction.salt)
    return stand


def let_rest(moment: Moment, resting: Sequence[ServiceRequest], until: datetime) -> None:
    """Ask nobody for these, and look at them again then (aware UTC)."""
    claims = [Claim(one, until, False, one.escalation_step, one.word_asks) for one in resting]
    nags.claim(moment.tx, claims, moment.now)


def _claim(request: ServiceRequest, decision: Decision) -> Claim:
    nagged = decision.act == "nag"
    asks = request.word_asks + (nagged and decision.reason == "citizen_word")
    step = decision.rank if decision.climbed else request.escalation_step
    return Claim(request, decision.next_at, nagged, step, asks)


def _nags(moment: Moment, request: ServiceRequest, decision: Decision) -> list[Nag]:
    occurrence = request.nags + 1
    return [
        Nag(request.id, decision.rank, occurrence, asked.person_id, decision.reason, moment.now)
        for asked in decision.recipients
    ]


def _entry(moment: Moment, request: ServiceRequest, decision: Decision) -> LogEntry:
    """The ladder has climbed: the log says to which office, never to whom."""
    return LogEntry(
        at=moment.now,
        type="escalated",
        ref=request.service_request_id,
        service_code=request.service_code,
        ward=request.ward,
        role=decision.role,
        state=request.state,
        outcome=request.outcome,
        pack_version=request.pack_version,
        request_id=request.id,
    )
