"""Emergencies: the numbers to call are printed at once, the officers are rung; words of danger are asked about."""

from __future__ import annotations

from datetime import timedelta

from groupbot import offering
from groupbot.moment import Moment
from groupbot.records import Person, ServiceRequest, micros
from groupbot.store import outbox, requests

FRESH = timedelta(hours=24)  # how long an open emergency keeps a group free of forms and offers


def is_emergency(moment: Moment, request: ServiceRequest) -> bool:
    """Whether a request's priority counts round the clock."""
    return moment.jurisdiction.protocol.priorities[request.priority].round_the_clock


def under_way(moment: Moment) -> bool:
    """Whether the group has an open emergency of the last day: then nobody is bothered with forms."""
    priorities = moment.jurisdiction.protocol.priorities.values()
    levels = [priority.level for priority in priorities if priority.round_the_clock]
    code = moment.group.service_code or ""
    return bool(levels) and requests.open_emergency(
        moment.tx, moment.jurisdiction.id, code, levels, moment.update.sent_at - FRESH
    )


def tell(moment: Moment, request: ServiceRequest) -> None:
    """Print the numbers to call, and ring those whom the pack names until one of them answers."""
    emergency = moment.jurisdiction.protocol.file.emergency
    ringing: dict[int, Person] = {}
    for role in emergency.ring_roles:
        scope = request.service_code if moment.jurisdiction.protocol.roles[role].scope == "department" else None
        ringing |= {person.id: person for person in moment.roster.holders(role, moment.now, scope)}
    reachable = [person for person in ringing.values() if moment.roster.private_chat(person.id)]
    params = {
        "ref": request.service_request_id,
        "ward": request.ward,
        "numbers": moment.jurisdiction.catalogue.emergency_numbers(request.language),
        "people": [person.called for person in reachable],
    }
    key = "number_emergency" if reachable else "number_emergency_unattended"
    moment.say(key, params, language=request.language, request_ids=(request.id,))
    for minutes in emergency.ring_minutes:
        for person in reachable:
            _ring(moment, request, person, minutes)


def ask(moment: Moment, request: ServiceRequest) -> None:
    """Words of danger in what is no emergency: print the numbers and offer to make it one, once a day."""
    day = moment.now.astimezone(moment.jurisdiction.zone).date().isoformat()
    once = f"danger|{request.service_request_id}|{day}"
    if is_emergency(moment, request) or outbox.was_queued(moment.tx, once):
        moment.receipt("receipt_noted")
        return
    numbers = moment.jurisdiction.catalogue.emergency_numbers(request.language)
    offering.offer_emergency(moment, request, {"ref": request.service_request_id, "numbers": numbers}, once)


def _ring(moment: Moment, request: ServiceRequest, person: Person, minutes: int) -> None:
    chat = moment.roster.private_chat(person.id)
    if chat is None:
        return
    params = {
        "ref": request.service_request_id,
        "ward": request.ward,
        "department": f"department.{request.service_code}",
        "admin": moment.person.called if moment.person else "",
        "posted": micros(moment.update.sent_at),
    }
    moment.queue(
        "send",
        (chat.platform, chat.chat_id),
        "ring",
        params=params,
        language=person.language or moment.jurisdiction.language,
        request_ids=(request.id,),
        not_before=moment.now + timedelta(minutes=minutes),
        holds="state:submitted",
    )
