"""Emergencies: the officers are rung until one answers, and later asked at any hour; no budget, no waiting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from groupbot.delivery.wording import LIVE
from groupbot.moment import Moment
from groupbot.nagging import tenure
from groupbot.records import ServiceRequest, micros
from groupbot.rules.escalation import Asked, Decided, Decision
from groupbot.store import history


def tell(moment: Moment, told: Sequence[Decided]) -> None:
    """Write to each person who is asked for an emergency, alone and at once."""
    for request, decision in told:
        if decision.claim is not None and decision.claim.presses:
            for asked in decision.recipients:
                _tell(moment, request, decision, asked)


def _tell(moment: Moment, request: ServiceRequest, decision: Decision, asked: Asked) -> None:
    chat = moment.roster.private_chat(asked.person_id)
    person = moment.roster.by_id(asked.person_id, moment.now)
    if chat is None or person is None or decision.claim is None:
        return
    ring = decision.reason == "ring"
    key = _ring(request) if ring else ("alarm_vacant" if asked.vacant else "alarm")
    poster = moment.roster.by_id(request.poster_id, moment.now)
    officer = moment.roster.by_id(request.officer_id, moment.now)
    since = decision.claim.debt.since
    chain = moment.jurisdiction.pace.ladders.chain
    if officer and decision.reason != "reopened" and not tenure.covers(moment, request, officer.id, chain, since):
        officer = None  # a stand-in or a successor, who had no word to give then
    moment.queue(
        "send",
        (chat.platform, chat.chat_id),
        key,
        params={
            "ref": request.service_request_id,
            "ward": request.ward,
            "department": f"department.{request.service_code}",
            "admin": poster.called if poster else "",
            "posted": micros(request.requested_datetime),
            **_raised(moment, request),
            "since": micros(since),
            "officer": officer.called if officer and officer.id != person.id else "",
            "owed": decision.claim.debt.owed,
            "reason": decision.reason,
            "role": f"role.{asked.role}",
        },
        language=person.language or moment.jurisdiction.language,
        request_ids=(request.id,),
        holds="state:submitted" if ring else LIVE,
        dedup_key=f"alarm|{request.service_request_id}|{asked.person_id}|{request.nags + 1}",
    )


def _ring(request: ServiceRequest) -> str:
    return "ring_raised" if request.alarmed_at else "ring"


def _raised(moment: Moment, request: ServiceRequest) -> Mapping[str, object]:
    """Who made it an emergency, and when; nothing of one that was posted as such."""
    if request.alarmed_at is None:
        return {}
    act = history.setter(moment.tx, request.id, "alarmed_at", micros(request.alarmed_at))
    by = moment.roster.by_id(act.person_id, moment.now) if act else None
    return {"raised": micros(request.alarmed_at)} | ({"who": by.called} if by else {})
