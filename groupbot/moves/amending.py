"""What its author adds to a request or corrects in it while the department has not answered: the number stays."""

from __future__ import annotations

import json
from dataclasses import replace

from groupbot import mirroring
from groupbot.moment import Moment
from groupbot.moves.changing import called, change, decide
from groupbot.moves.prioritising import at_level, raises
from groupbot.moves.protecting import hide
from groupbot.records import Form, ServiceRequest, micros
from groupbot.rules.lifecycle import Refusal, Transition
from groupbot.rules.likeness import fingerprint
from groupbot.rules.revising import follows, retold, revised
from groupbot.rules.text import fold
from groupbot.rules.topics import find_topic
from groupbot.store import requests

# Form field -> the request's column. Contacts are kept apart and never named in a group.
COLUMNS = {"ward": "ward", "location": "address", "problem": "description", "priority": "priority"}


def amend(moment: Moment, request: ServiceRequest, form: Form, before: Form | None = None) -> Transition | Refusal:
    """Take over what a reply says, or what the edit of a post changed: then `before` is the form that it said before.

    The group hears which fields changed, never their old value.
    """
    decision = decide(moment, "amend", request)
    if isinstance(decision, Refusal):
        return decision
    said = form if before is None else revised(before, form)
    if before is not None:
        told = fingerprint(replace(form, ward=form.ward or request.ward))
        requests.keep_fingerprint(moment.tx, request.id, told)
    keep_contacts(moment, request, said)
    changes = _changes(moment, request, said, before)
    if not changes:
        moment.receipt("receipt_noted")
        return decision
    columns: dict[str, object] = {COLUMNS[code]: value for code, value in changes.items()}
    if "problem" in changes:
        topic = find_topic(changes["problem"], request.service_code, moment.jurisdiction.vocabulary)
        columns["topic"] = topic or ""
    if "priority" in changes:
        decision, clocked = at_level(moment, request, changes["priority"], decision)
        columns |= clocked
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
    if form.problem and fold(form.problem) not in fold(request.description):
        told_again = fold(form.problem).startswith(fold(request.description))
        columns["description"] = form.problem if told_again else f"{request.description}\n{form.problem}"
        topic = find_topic(form.problem, request.service_code, moment.jurisdiction.vocabulary)
        columns |= {"topic": topic} if topic in moment.jurisdiction.hidden_topics else {}
    if form.priority and raises(moment, request, form.priority):
        decision, clocked = at_level(moment, request, form.priority, decision)
        columns |= clocked
    private = json.dumps(form.given(), ensure_ascii=False, sort_keys=True)
    changed = change(moment, request, decision, columns, entry="details", private=private)
    hide(moment, request, changed)
    if "priority" in columns:
        mirroring.amended(moment, changed)
    return decision


def _changes(moment: Moment, request: ServiceRequest, said: Form, before: Form | None) -> dict[str, str]:
    """What becomes other of the request, by the form's fields. What others said of it since outlives an edit."""
    given = said.given()
    if before is not None and "problem" in given:
        given["problem"] = retold(request.description, before.problem or "", given["problem"])
    if before is not None and "priority" in given:
        protocol = moment.jurisdiction.protocol
        levels = (before.priority or protocol.default_priority, given["priority"], request.priority)
        if not follows(*map(protocol.rank_of, levels)):
            del given["priority"]
    return {
        code: given[code]
        for code, column in COLUMNS.items()
        if code in given and given[code] != getattr(request, column)
    }


def _tell(moment: Moment, request: ServiceRequest, changes: dict[str, str]) -> None:
    fields = [f"field.{code}" for code in changes if code != "priority"]
    params: dict[str, object] = {"ref": request.service_request_id, "admin": called(moment)}
    if fields:
        params["fields"] = fields
    if "priority" in changes:
        params["priority"] = f"priority.{request.priority}"
    if request.expected_datetime:
        params["due"] = micros(request.expected_datetime)
    moment.say_of(request, "amended", params)
