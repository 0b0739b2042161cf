"""A request goes to another department: its number and its clock stay, both groups are told, nobody need post again."""

from __future__ import annotations

from groupbot import mirroring
from groupbot.moment import Moment
from groupbot.moves.changing import called, change, decide
from groupbot.moves.protecting import hide
from groupbot.records import ServiceRequest, micros
from groupbot.rules.lifecycle import Refusal, Transition
from groupbot.rules.topics import find_topic


def move_to(moment: Moment, request: ServiceRequest, service_code: str) -> Transition | Refusal:
    """Move a request; the author, its officers and communications may. The new department owes the first word."""
    decision = decide(moment, "move", request)
    if isinstance(decision, Refusal):
        return decision
    officers = moment.officers(service_code)
    columns: dict[str, object] = {
        "service_code": service_code,
        "topic": find_topic(request.description, service_code, moment.jurisdiction.vocabulary) or "",
        "officer_id": officers[0].id if officers else None,
        "moved_from": request.service_code,
        "next_word_at": None,
    }
    changed = change(moment, request, decision, columns, entry="moved")
    _tell_old_group(moment, request, changed)
    _tell_new_group(moment, request, changed)
    hide(moment, request, changed)
    mirroring.moved(moment, changed)
    return decision


def _tell_old_group(moment: Moment, request: ServiceRequest, changed: ServiceRequest) -> None:
    params = {
        "ref": changed.service_request_id,
        "department": f"department.{changed.service_code}",
        "officer": called(moment),
    }
    moment.queue(
        "send",
        (changed.platform, changed.chat_id),
        "moved",
        params=params,
        language=changed.language,
        reply_to=changed.message_id,
        request_ids=(changed.id,),
    )
    if not moment.is_with(request) and not moment.is_with(changed):
        moment.show(request, "moved", params)


def _tell_new_group(moment: Moment, request: ServiceRequest, changed: ServiceRequest) -> None:
    officer = moment.roster.by_id(changed.officer_id, moment.now)
    params: dict[str, object] = {
        "ref": changed.service_request_id,
        "priority": f"priority.{changed.priority}",
        "ward": changed.ward,
        "department": f"department.{request.service_code}",
    }
    if changed.expected_datetime:
        params["due"] = micros(changed.expected_datetime)
    if officer and changed.acknowledge_due:
        params |= {"coordinator": officer.called, "reply_by": micros(max(changed.acknowledge_due, moment.now))}
    else:
        moment.ask_for_coordinator(changed)
    for group in moment.roster.groups("department", changed.service_code):
        here = (group.platform, group.chat_id) == (moment.update.platform, moment.update.chat_id)
        moment.queue(
            "send",
            (group.platform, group.chat_id),
            "moved_here" if officer else "moved_here_unattended",
            params=params,
            language=changed.language,
            reply_to=moment.update.message_id if here else None,
            request_ids=(changed.id,),
        )
