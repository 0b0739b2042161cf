"""Somebody of the ward's side asks for news: who was asked, when, and who is next; or that an officer is on it."""

from __future__ import annotations

from datetime import datetime

from groupbot.moment import Moment
from groupbot.nagging.reach import Staffing
from groupbot.records import ServiceRequest, micros
from groupbot.rules import escalation
from groupbot.rules.claims import claims
from groupbot.store import nags


def answer(moment: Moment, request: ServiceRequest, once: str) -> bool:
    """Say who was asked for what is owed now; False when nobody was yet, and nothing is said."""
    pace, now = moment.jurisdiction.pace, moment.now
    owed = [claim.debt for claim in claims(request, pace, now) if claim.latest is not None]
    if not owed:
        return False
    asked = _asked(moment, request, min(debt.begins for debt in owed))
    if not asked:
        return False
    params: dict[str, object] = {"ref": request.service_request_id, "asked": asked}
    key = "chased"
    if request.expected_datetime and request.expected_datetime < now:
        key = "chased_late"
        ombudsman = moment.jurisdiction.protocol.file.chase.ombudsman
        params["body"] = ombudsman.name.get(request.language) or ombudsman.name[moment.jurisdiction.language]
        params["contact"] = ombudsman.contact
    elif rung := escalation.next_rung(request, pace, Staffing(moment).of(request), now):
        params |= {"role": f"role.{rung.role}", "next": micros(rung.at)}
    moment.say(key, params, language=request.language, request_ids=(request.id,), dedup_key=once)
    return True


def _asked(moment: Moment, request: ServiceRequest, since: datetime) -> list[str]:
    """Each person who was asked since then, how often and when last, in the order in which they were first asked."""
    found: dict[int, list[datetime]] = {}
    for nag in nags.of_request(moment.tx, request.id, since):
        if nag.reason != "answer_soon":
            found.setdefault(nag.person_id, []).append(nag.at)
    said = []
    for person_id, times in found.items():
        person = moment.roster.by_id(person_id, moment.now)
        if person is not None:
            params = {"person": person.called, "times": len(set(times)), "last": micros(times[-1])}
            text = moment.jurisdiction.catalogue.text("chased_person", request.language, params, moment.now)
            said.append(text)
    return said
