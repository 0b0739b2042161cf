"""A request goes to another department: its number and its answer's date stay, both groups are told.

Nobody need post again; who is asked for it begins anew.
"""

from __future__ import annotations

from dataclasses import replace

from groupbot import mirroring
from groupbot.moment import Moment
from groupbot.moves.changing import called, change, clocks_of, decide
from groupbot.moves.pausing import paused_line
from groupbot.moves.protecting import hide
from groupbot.records import ServiceRequest, micros
from groupbot.rules import worktime
from groupbot.rules.lifecycle import Refusal, Transition
from groupbot.rules.topics import find_topic
from groupbot.store import history


def move_to(moment: Moment, request: ServiceRequest, service_code: str) -> Transition | Refusal:
    """Move a request; the author, its officers and communications may. The new department owes the first word.

    Of an emergency its group must hear how to call for help: that is the caller's (intake.emergencies.move).
    """
    decision = decide(moment, "move", request)
    if isinstance(decision, Refusal):
        return decision
    if moment.jurisdiction.pace.ladders.presses(request):  # its officers are rung, whatever another department said
        decision = replace(decision, to="submitted")
    officers = moment.officers(service_code)
    columns: dict[str, object] = {
        "service_code": service_code,
        "topic": find_topic(request.description, service_code, moment.jurisdiction.vocabulary) or "",
        "officer_id": officers[0].id if officers else None,
        "moved_from": request.service_code,
    }
    changed = change(moment, request, decision, columns | _begun_anew(moment, request, decision), entry=history.MOVED)
    _tell_old_group(moment, request, changed)
    if not officers:
        moment.ask_for_coordinator(changed)
    if not moment.jurisdiction.pace.ladders.presses(changed):
        _ask_new_group(moment, request, changed)
    if params := paused_line(moment, changed):  # its reminders rest there as well, and nobody there heard why
        moment.tell_department(changed, "paused", params)
    _tell_of_a_return(moment, changed)
    hide(moment, request, changed)
    mirroring.moved(moment, changed)
    return decision


def _begun_anew(moment: Moment, request: ServiceRequest, decision: Transition) -> dict[str, object]:
    """The columns by which the new department is asked as of a new post: only the answer's date stays.

    It has the priority's time for a first word, from the move on; of one that was opened again, for its next word.
    """
    said_at = moment.update.sent_at
    due = worktime.add(said_at, clocks_of(moment, request).acknowledge, moment.jurisdiction.calendar)
    columns: dict[str, object] = {"moved_at": said_at, "acknowledge_due": due, "next_word_named": 0}
    if moment.jurisdiction.pace.ladders.presses(request):
        columns["nagged_at"] = None  # whoever was asked before, the calls begin now
    if decision.to is None:
        return columns | {"next_word_at": due}
    return columns | {"next_word_at": None, "acknowledged_at": None}


def _tell_of_a_return(moment: Moment, changed: ServiceRequest) -> None:
    """It came back to a department that had moved it away: the departments do not agree, and nobody else would hear."""
    left = history.left(moment.tx, changed.id)
    if changed.service_code not in left or changed.route == "private":
        return
    params = {
        "ref": changed.service_request_id,
        "department": f"department.{changed.service_code}",
        "count": len(left),
    }
    for group in moment.roster.groups("communications"):
        once = f"returned|{group.platform}|{group.chat_id}|{changed.service_request_id}|{len(left)}"
        moment.tell(group, "moved_back", params, dedup_key=once, request_ids=(changed.id,))


def _tell_old_group(moment: Moment, request: ServiceRequest, changed: ServiceRequest) -> None:
    params = {
        "ref": changed.service_request_id,
        "department": f"department.{changed.service_code}",
        "officer": called(moment),
    }
    origin = (changed.platform, changed.chat_id)
    left = [(group.platform, group.chat_id) for group in moment.roster.groups("department", request.service_code)]
    come = {(group.platform, group.chat_id) for group in moment.roster.groups("department", changed.service_code)}
    for place in dict.fromkeys((origin, *left)):  # where it was posted, too: those there wait for it
        if place not in come:
            below = changed.message_id if place == origin else None
            about = {"language": changed.language, "reply_to": below, "request_ids": (changed.id,)}
            moment.queue("send", place, "moved", params=params, **about)
    if not moment.is_with(request) and not moment.is_with(changed):
        moment.show(request, "moved", params)


def _ask_new_group(moment: Moment, request: ServiceRequest, changed: ServiceRequest) -> None:
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
    moment.tell_department(changed, "moved_here" if officer else "moved_here_unattended", params)
