"""What its author adds to a request or corrects in it while the department has not answered: the number stays."""

from __future__ import annotations

import json

from groupbot import mirroring
from groupbot.moment import Moment
from groupbot.moves.changing import called, change, decide
from groupbot.moves.protecting import hide
from groupbot.records import Form, ServiceRequest, micros
from groupbot.rules import clocks
from groupbot.rules.lifecycle import Refusal, Transition
from groupbot.rules.text import fold
from groupbot.rules.topics import find_topic
from groupbot.store import requests

# Form field -> the request's column. Contacts are kept apart and never named in a group.
COLUMNS = {"ward": "ward", "location": "address", "problem": "description", "priority": "priority"}


def amend(moment: Moment, request: ServiceRequest, form: Form) -> Transition | Refusal:
    """Take over what an edited post says now; the group hears which fields changed, never their old value."""
    decision = decide(moment, "amend", request)
    if isinstance(decision, Refusal):
        return decision
    keep_contacts(moment, request, form)
    changes = _changes(request, form)
    if not changes:
        moment.receipt("receipt_noted")
        return decision
    columns: dict[str, object] = {COLUMNS[code]: value for code, value in changes.items()}
    if "problem" in changes:
        topic = find_topic(changes["problem"], request.service_code, moment.jurisdiction.vocabulary)
        columns["topic"] = topic or ""
    if "priority" in changes:
        columns |= new_deadlines(moment, request, changes["priority"])
    private = json.dumps(form.given(), ensure_ascii=False, sort_keys=True)
    changed = change(moment, request, decision, columns, entry="amended", private=private)
    _tell(moment, changed, changes)
    hide(moment, request, changed)
    if "priority" in changes:
        mirroring.amended(moment, changed)
    return decision


def keep_contacts(moment: Moment, request: ServiceRequest, form: Form) -> None:
    """Keep the citizen's contacts that a form gives, beside the request."""
    if form.reporter_name or form.reporter_phone or form.channel:
        contacts = (form.reporter_name or "", form.reporter_phone or "", form.channel or "")
        requests.keep_contact(moment.tx, request.id, contacts)


def add_details(moment: Moment, request: ServiceRequest, form: Form) -> Transition | Refusal:
    """A second post on the same matter: its words join the record, a higher priority is taken over."""
    decision = decide(moment, "amend", request)
    if isinstance(decision, Refusal):
        return decision
    keep_contacts(moment, request, form)
    columns: dict[str, object] = {}
    if form.problem and fold(form.problem) != fold(request.description):
        told_again = fold(form.problem).startswith(fold(request.description))
        columns["description"] = form.problem if told_again else f"{request.description}\n{form.problem}"
        topic = find_topic(form.problem, request.service_code, moment.jurisdiction.vocabulary)
        columns |= {"topic": topic} if topic in moment.jurisdiction.hidden_topics else {}
    if form.priority and _is_higher(moment, form.priority, request.priority):
        columns |= {"priority": form.priority} | new_deadlines(moment, request, form.priority)
    private = json.dumps(form.given(), ensure_ascii=False, sort_keys=True)
    hide(moment, request, change(moment, request, decision, columns, entry="details", private=private))
    return decision


def raise_emergency(moment: Moment, request: ServiceRequest) -> Transition | Refusal:
    """Make a request an emergency: its clocks run from now, round the clock. Ringing is the caller's."""
    decision = decide(moment, "raise", request)
    if isinstance(decision, Refusal):
        return decision
    priorities = moment.jurisdiction.protocol.priorities
    level = next((level.level for level in priorities.values() if level.round_the_clock), request.priority)
    due = clocks.deadlines(priorities[level], moment.update.sent_at, moment.jurisdiction.calendar)
    columns: dict[str, object] = {
        "priority": level,
        "acknowledge_due": due.acknowledge,
        "expected_datetime": min(due.answer, request.expected_datetime or due.answer),
        "alarmed_at": moment.update.sent_at,
        "made_safe_at": None,
        "nagged_at": None,  # whatever was asked before, the calls begin now
    }
    changed = change(moment, request, decision, columns, entry="raised")
    mirroring.amended(moment, changed)
    return decision


def _changes(request: ServiceRequest, form: Form) -> dict[str, str]:
    given = form.given()
    return {
        code: given[code]
        for code, column in COLUMNS.items()
        if code in given and given[code] != getattr(request, column)
    }


def _is_higher(moment: Moment, level: str, than: str) -> bool:
    protocol = moment.jurisdiction.protocol
    return protocol.rank_of(level) < protocol.rank_of(than)


def new_deadlines(moment: Moment, request: ServiceRequest, level: str) -> dict[str, object]:
    """Counted from the change, so that nobody is late at once; a deadline never moves away because of an edit."""
    priority = moment.jurisdiction.protocol.priorities[level]
    due = clocks.deadlines(priority, moment.update.sent_at, moment.jurisdiction.calendar)
    if _is_higher(moment, level, request.priority):
        return {
            "acknowledge_due": min(due.acknowledge, request.acknowledge_due or due.acknowledge),
            "expected_datetime": min(due.answer, request.expected_datetime or due.answer),
        }
    from_post = clocks.deadlines(priority, request.requested_datetime, moment.jurisdiction.calendar)
    return {"acknowledge_due": from_post.acknowledge, "expected_datetime": from_post.answer}


def _tell(moment: Moment, request: ServiceRequest, changes: dict[str, str]) -> None:
    fields = [f"field.{code}" for code in changes if code != "priority"]
    params: dict[str, object] = {"ref": request.service_request_id, "admin": called(moment)}
    if fields:
        params["fields"] = fields
    if "priority" in changes:
        params["priority"] = f"priority.{request.priority}"
    if request.expected_datetime:
        params["due"] = micros(request.expected_datetime)
    moment.say("amended", params, language=request.language, request_ids=(request.id,))
