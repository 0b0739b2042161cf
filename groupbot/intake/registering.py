"""Forms become numbered requests, and the group hears the numbers: one line for a post, an emergency in its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from groupbot import moves
from groupbot.moment import Moment
from groupbot.moves import Filing
from groupbot.records import Person, ServiceRequest, micros


def register(moment: Moment, filings: Sequence[Filing]) -> list[ServiceRequest]:
    """Register the filings that are new, and tell the group their numbers in one line (an emergency in its own)."""
    opened = [moves.open_request(moment, filing) for filing in filings if not moves.same_filing(moment, filing)]
    if not opened:
        moment.receipt("receipt_same")
        return []
    pressing = [request for request in opened if _is_emergency(moment, request)]
    ordinary = [request for request in opened if request not in pressing]
    for request in pressing:
        _tell_emergency(moment, request)
    if len(ordinary) == 1:
        _tell_number(moment, ordinary[0])
    elif ordinary:
        _tell_numbers(moment, ordinary)
    return opened


def _is_emergency(moment: Moment, request: ServiceRequest) -> bool:
    return moment.jurisdiction.protocol.priorities[request.priority].round_the_clock


def _number_params(request: ServiceRequest) -> dict[str, object]:
    return {
        "ref": request.service_request_id,
        "priority": f"priority.{request.priority}",
        "ward": request.ward,
        "due": None if request.expected_datetime is None else micros(request.expected_datetime),
    }


def _tell_number(moment: Moment, request: ServiceRequest) -> None:
    officer = moment.roster.by_id(request.officer_id, moment.now)
    params = _number_params(request)
    if officer and request.acknowledge_due:
        params |= {"coordinator": officer.called, "reply_by": micros(request.acknowledge_due)}
    key = "number" if officer else "number_unattended"
    if officer is None:
        moment.ask_for_coordinator(request)
    moment.say(key, params, language=request.language, request_ids=(request.id,))


def _tell_numbers(moment: Moment, requests: Sequence[ServiceRequest]) -> None:
    first = requests[0]
    catalogue = moment.jurisdiction.catalogue
    items = [
        catalogue.text("several_item", first.language, _number_params(request), moment.now) for request in requests
    ]
    officer = moment.roster.by_id(first.officer_id, moment.now)
    params: dict[str, object] = {"items": items}
    soonest = min(request.acknowledge_due for request in requests if request.acknowledge_due)
    if officer:
        params |= {"coordinator": officer.called, "reply_by": micros(soonest)}
    key = "several" if officer else "several_unattended"
    if officer is None:
        moment.ask_for_coordinator(first)
    moment.say(key, params, language=first.language, request_ids=tuple(request.id for request in requests))


def _tell_emergency(moment: Moment, request: ServiceRequest) -> None:
    """Print the numbers to call, and ring those whom the pack names until one of them answers."""
    emergency = moment.jurisdiction.protocol.file.emergency
    ringing: dict[int, Person] = {}
    for role in emergency.ring_roles:
        scope = request.service_code if moment.jurisdiction.protocol.roles[role].scope == "department" else None
        ringing |= {person.id: person for person in moment.roster.holders(role, moment.now, scope)}
    reachable = [person for person in ringing.values() if moment.roster.private_chat(person.id)]
    language = request.language
    params = {
        "ref": request.service_request_id,
        "ward": request.ward,
        "numbers": [f"{number.name.get(language, '')} {number.number}".strip() for number in emergency.number],
        "people": [person.called for person in reachable],
    }
    key = "number_emergency" if reachable else "number_emergency_unattended"
    moment.say(key, params, language=language, request_ids=(request.id,))
    for minutes in emergency.ring_minutes:
        for person in reachable:
            _ring(moment, request, person, minutes)


def _ring(moment: Moment, request: ServiceRequest, person: Person, minutes: int) -> None:
    chat = moment.roster.private_chat(person.id)
    if chat is None:
        return
    params = {
        "ref": request.service_request_id,
        "ward": request.ward,
        "department": f"department.{request.service_code}",
        "admin": moment.person.called if moment.person else "",
        "posted": micros(request.requested_datetime),
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
