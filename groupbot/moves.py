"""The only place that changes a request: each move checks the rule, sets named columns, appends the log, tells people.

All that a move does is in the caller's transaction; nothing is sent before it commits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from groupbot import mirroring
from groupbot.moment import Moment
from groupbot.records import Form, Reading, ServiceRequest, Update, micros
from groupbot.rules import clocks, lifecycle, references, worktime
from groupbot.rules.dates import find_time
from groupbot.rules.lifecycle import Refusal, Transition
from groupbot.rules.text import fold
from groupbot.rules.topics import find_topic
from groupbot.store import hot, requests, service_log
from groupbot.store.service_log import LogEntry


@dataclass(frozen=True, slots=True)
class Filing:
    """One form to be registered: the form, where it stands in its post, in which department and language."""

    form: Form
    service_code: str
    language: str
    post: Update
    part: int = 0


def filings(reading: Reading, service_code: str, language: str, post: Update) -> list[Filing]:
    """The filings of a post that was read as one or more requests."""
    return [Filing(form, service_code, language, post, part) for part, form in enumerate(reading.forms)]


def same_filing(moment: Moment, filing: Filing) -> tuple[int, str] | None:
    """The request that the same person filed in the same words within the pack's window: (row id, reference)."""
    if moment.person is None:
        return None
    window = timedelta(minutes=moment.jurisdiction.protocol.file.limits.same_filing_minutes)
    since = filing.post.sent_at - window
    return hot.same_filing(moment.tx, moment.person.id, since, _fingerprint(filing.form), filing.service_code)


def open_request(moment: Moment, filing: Filing) -> ServiceRequest:
    """Register a form: number, deadlines, contacts, log entry and mirror line. Telling the group is the caller's."""
    prefix = moment.jurisdiction.protocol.departments[filing.service_code].prefix
    year = filing.post.sent_at.astimezone(moment.jurisdiction.zone).year
    number = hot.next_number(moment.tx, moment.jurisdiction.id, prefix, year)
    request = _new_request(moment, filing, references.make(prefix, year, number))
    request = replace(request, id=_insert(moment, request, filing))
    _log(moment, "opened", request, capacity="author", private=_private_form(filing.form))
    mirroring.opened(moment, request)
    return request


def _new_request(moment: Moment, filing: Filing, reference: str) -> ServiceRequest:
    jurisdiction = moment.jurisdiction
    form, post = filing.form, filing.post
    level = form.priority or jurisdiction.protocol.default_priority
    due = clocks.deadlines(jurisdiction.protocol.priorities[level], post.sent_at, jurisdiction.calendar)
    officers = moment.officers(filing.service_code)
    return ServiceRequest(
        id=0,
        jurisdiction_id=jurisdiction.id,
        service_request_id=reference,
        service_code=filing.service_code,
        topic=find_topic(form.problem or "", filing.service_code, jurisdiction.vocabulary) or "",
        ward=form.ward or "",
        address=form.location or "",
        description=form.problem or "",
        priority=level,
        original_priority=level,
        language=filing.language,
        requested_datetime=post.sent_at,
        updated_datetime=post.sent_at,
        acknowledge_due=due.acknowledge,
        expected_datetime=due.answer,
        original_expected_datetime=due.answer,
        next_nag_at=due.acknowledge,
        poster_id=_person_id(moment),
        officer_id=officers[0].id if officers else None,
        platform=post.platform,
        chat_id=post.chat_id,
        message_id=post.message_id,
        pack_version=jurisdiction.protocol.version,
        told_at=moment.now,
    )


def _insert(moment: Moment, request: ServiceRequest, filing: Filing) -> int:
    columns: dict[str, object] = {}
    for name in request.__slots__:
        value = getattr(request, name)
        columns[name] = micros(value) if isinstance(value, datetime) else value
    del columns["id"]
    columns |= {
        "fingerprint": _fingerprint(filing.form),
        "outcome_detail": "",
        "received_at": micros(moment.now),
        "next_word_named": 0,
        "extensions": 0,
        "word_asks": 0,
        "nags": 0,
        "pause_reason": "",
        "opened_under": request.officer_id,
        "moved_from": "",
        "part": filing.part,
        "source": filing.post.source,
    }
    request_id = hot.insert_request(moment.tx, columns)
    form = filing.form
    if form.reporter_name or form.reporter_phone or form.channel:
        hot.insert_contact(
            moment.tx, request_id, form.reporter_name or "", form.reporter_phone or "", form.channel or ""
        )
    return request_id


def take_word(moment: Moment, request: ServiceRequest) -> Transition | Refusal:
    """An officer's words on an open request: the first acknowledges, each keeps or sets when the next is due."""
    decision = _decide(moment, "word", request)
    if isinstance(decision, Refusal):
        return decision
    protocol = moment.jurisdiction.protocol
    said_at = moment.update.sent_at
    named = find_time(moment.update.text, said_at, moment.jurisdiction.date_words, moment.jurisdiction.calendar)
    clock = protocol.priorities[request.priority].next_word
    next_word = named.at if named else worktime.add(said_at, clock, moment.jurisdiction.calendar)
    columns: dict[str, object] = {"next_word_at": next_word, "next_word_named": int(named is not None)}
    if request.state != "acknowledged":
        columns |= {"acknowledged_at": request.acknowledged_at or said_at, "officer_id": _person_id(moment)}
    first = request.state != "acknowledged"
    _change(moment, request, decision, columns, entry="acknowledged" if first else "word")
    moment.receipt("receipt_seen" if first else "receipt_noted")
    return decision


def take_answer(moment: Moment, request: ServiceRequest, answer: str) -> Transition | Refusal:
    """The department says what was done: the request waits for the citizen's word from now on."""
    decision = _decide(moment, "answer", request)
    if isinstance(decision, Refusal):
        return decision
    said_at = moment.update.sent_at
    clock = moment.jurisdiction.protocol.priorities[request.priority].word
    columns: dict[str, object] = {
        "outcome": "done",
        "status_notes": answer,
        "answered_at": said_at,
        "acknowledged_at": request.acknowledged_at or said_at,
        "answers": request.answers + 1,
        "next_word_at": None,
        "word_due": worktime.add(said_at, clock, moment.jurisdiction.calendar),
        "officer_id": _person_id(moment),
    }
    changed = _change(moment, request, decision, columns, entry="answered", private=answer)
    mirroring.answered(moment, changed)
    _ask_citizen(moment, changed)
    return decision


def take_citizen_yes(moment: Moment, request: ServiceRequest) -> Transition | Refusal:
    """The citizen agrees, says the ward's side: only now the request is closed."""
    decision = _decide(moment, "citizen_yes", request)
    if isinstance(decision, Refusal):
        return decision
    said_at = moment.update.sent_at
    columns: dict[str, object] = {
        "word": "disputed_then_agreed" if request.reopenings else "agreed",
        "word_source": lifecycle.word_source(decision.capacity),
        "closed_at": said_at,
        "word_due": None,
        "first_answer_held": _held(request, held=True),
    }
    changed = _change(moment, request, decision, columns, entry="closed", private=moment.update.text)
    mirroring.closed(moment, changed)
    took = int((said_at - request.requested_datetime).total_seconds())
    params = {"ref": request.service_request_id, "admin": _called(moment), "took": took, "answers": request.answers}
    key = "closed" if request.answers == 1 else "closed_again"
    moment.say(key, params, language=request.language, request_ids=(request.id,))
    return decision


def take_not_yet(moment: Moment, request: ServiceRequest) -> Transition | Refusal:
    """The citizen does not agree: the request is open again, one escalation step higher."""
    decision = _decide(moment, "citizen_not_yet", request)
    if isinstance(decision, Refusal):
        return decision
    said_at = moment.update.sent_at
    clock = moment.jurisdiction.protocol.priorities[request.priority].next_word
    columns: dict[str, object] = {
        "word": "disputed",
        "word_source": lifecycle.word_source(decision.capacity),
        "reopenings": request.reopenings + 1,
        "escalation_step": request.escalation_step + 1,
        "first_answer_held": _held(request, held=False),
        "closed_at": None,
        "word_due": None,
        "next_word_at": worktime.add(said_at, clock, moment.jurisdiction.calendar),
    }
    changed = _change(moment, request, decision, columns, entry="reopened", private=moment.update.text)
    mirroring.reopened(moment, changed)
    officer = moment.roster.by_id(request.officer_id, moment.now)
    params = {
        "ref": request.service_request_id,
        "officer": officer.called if officer else "",
        "admin": _called(moment),
    }
    key = "reopened" if officer else "reopened_unattended"
    if officer is None:
        moment.ask_for_coordinator(changed)
    moment.say(key, params, language=request.language, request_ids=(request.id,))
    return decision


def _ask_citizen(moment: Moment, request: ServiceRequest) -> None:
    poster = moment.roster.by_id(request.poster_id, moment.now)
    params = {
        "ref": request.service_request_id,
        "officer": _called(moment),
        "admin": poster.called if poster else "",
        "answers": request.answers,
    }
    key = "ask_citizen" if request.answers == 1 else "ask_citizen_again"
    moment.say(key, params, language=request.language, request_ids=(request.id,))


def _decide(moment: Moment, act: lifecycle.Act, request: ServiceRequest) -> Transition | Refusal:
    ward = moment.jurisdiction.protocol.wards.get(request.ward)
    held = lifecycle.capacities(moment.person, request, ward.sub_county if ward else "")
    return lifecycle.decide(act, request, held)


def _change(
    moment: Moment,
    request: ServiceRequest,
    decision: Transition,
    columns: Mapping[str, object],
    *,
    entry: str,
    private: str = "",
) -> ServiceRequest:
    """Set the columns, derive the next moment to look, and append the log entry."""
    settings = {**columns, "state": decision.to, "updated_datetime": moment.update.sent_at}
    known = {name: value for name, value in settings.items() if name in request.__slots__}
    changed = replace(request, **known)  # type: ignore[arg-type]
    settings["next_nag_at"] = clocks.next_nag_at(changed)
    requests.change(moment.tx, request, settings)
    changed = replace(changed, next_nag_at=clocks.next_nag_at(changed), version=request.version + 1)
    _log(moment, entry, changed, capacity=decision.capacity, private=private)
    return changed


def _log(moment: Moment, entry: str, request: ServiceRequest, *, capacity: str, private: str = "") -> None:
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
            actor_id=_person_id(moment),
            inbox_id=moment.inbox_id,
            private_text=private,
        ),
        moment.jurisdiction.salt,
    )


def _held(request: ServiceRequest, *, held: bool) -> int | None:
    """Whether the first answer held; once known it is never rewritten by a later answer."""
    if request.answers == 1 and request.first_answer_held != 0:
        return int(held)
    return request.first_answer_held


def _called(moment: Moment) -> str:
    return moment.person.called if moment.person else moment.update.sender_name


def _person_id(moment: Moment) -> int | None:
    return moment.person.id if moment.person else None


def _fingerprint(form: Form) -> str:
    words = fold(f"{form.ward}\n{form.location}\n{form.problem}")
    return sha256(words.encode()).hexdigest()[:32]


def _private_form(form: Form) -> str:
    return json.dumps(form.given(), ensure_ascii=False, sort_keys=True)
