"""A form becomes a request: number, deadlines, contacts, log entry, mirror line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from groupbot import mirroring
from groupbot.moment import Moment
from groupbot.moves.changing import log, person_id
from groupbot.records import Form, Reading, ServiceRequest, Update, micros
from groupbot.rules import clocks, escalation, references
from groupbot.rules.likeness import TWIN_WITHIN, Known, Likeness, Measure, Newcomer, compare, fingerprint
from groupbot.rules.topics import find_topic
from groupbot.store import hot, requests

# What a request has from the beginning in the columns that nothing is said of.
_UNTOUCHED = {one.name: one.default for one in fields(ServiceRequest) if one.default is not MISSING}
_encoded = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


@dataclass(frozen=True, slots=True)
class Filing:
    """One form to be registered: the form, where it stands in its post, in which department and language.

    `fingerprint` is the same for every form of the same words; `topic` is the department's, "" for none.
    """

    form: Form
    service_code: str
    language: str
    post: Update
    part: int
    fingerprint: str
    topic: str

    @classmethod
    def of(cls, form: Form, moment: Moment, service_code: str, language: str, part: int = 0) -> Filing:
        """A form of the post in hand."""
        topic = find_topic(form.problem or "", service_code, moment.jurisdiction.vocabulary) or ""
        return cls(form, service_code, language, moment.update, part, fingerprint(form), topic)


def filings(reading: Reading, moment: Moment, service_code: str, language: str, first: int = 0) -> list[Filing]:
    """The filings of a post that was read as one or more requests; `first` is the place of the first one there."""
    return [Filing.of(form, moment, service_code, language, part) for part, form in enumerate(reading.forms, first)]


def likeness(moment: Moment, filing: Filing) -> Likeness:
    """Whether the filing repeats or resembles an open request: its poster's own, or another's on the same topic."""
    if moment.person is None:
        return Likeness("new")
    jurisdiction = moment.jurisdiction
    form, post = filing.form, filing.post
    limits = jurisdiction.protocol.file.limits
    own = (moment.person.id, filing.fingerprint, post.sent_at - timedelta(hours=limits.near_hours))
    others = (filing.service_code, filing.topic, post.sent_at - TWIN_WITHIN)
    known = [Known(*row) for row in hot.open_alike(moment.tx, jurisdiction.id, own, others)]
    new = Newcomer(form, filing.fingerprint, filing.service_code, moment.person.id, post.sent_at)
    windows = (timedelta(minutes=limits.same_filing_minutes), timedelta(hours=limits.near_hours))
    return compare(new, known, Measure(*windows, jurisdiction.everyday_words, jurisdiction.place_words))


def open_request(moment: Moment, filing: Filing) -> ServiceRequest:
    """Register a form: number, deadlines, contacts, log entry and mirror line. Telling the group is the caller's."""
    prefix = moment.jurisdiction.protocol.departments[filing.service_code].prefix
    year = filing.post.sent_at.astimezone(moment.jurisdiction.zone).year
    number = hot.next_number(moment.tx, moment.jurisdiction.id, prefix, year)
    request = _kept(moment, _begun(moment, filing, references.make(prefix, year, number)), filing)
    log(moment, "opened", request, capacity="author", private=_private_form(filing.form))
    mirroring.opened(moment, request)
    return request


def open_private(moment: Moment, form: Form, language: str) -> ServiceRequest:
    """Open a confidential case: its own series, so that no gap shows in a department's numbers, and never mirrored.

    It has one office, which nobody rings: of an emergency its poster is told whom to call.
    """
    jurisdiction = moment.jurisdiction
    if form.priority:
        form = replace(form, priority=jurisdiction.protocol.waiting(form.priority).level)
    series = jurisdiction.protocol.reading.private_route.series
    year = moment.update.sent_at.astimezone(jurisdiction.zone).year
    number = hot.next_number(moment.tx, jurisdiction.id, series, year)
    post = moment.update
    part = requests.next_part(moment.tx, post.platform, post.chat_id, post.message_id)
    filing = Filing.of(form, moment, "", language, part)
    begun = _begun(moment, filing, references.make(series, year, number))
    request = _kept(moment, begun | {"route": "private", "topic": "", "officer_id": None}, filing)
    log(moment, "opened", replace(request, ward=""), capacity="author", private=_private_form(form))
    return request


def _kept(moment: Moment, begun: Mapping[str, Any], filing: Filing) -> ServiceRequest:
    """The request as it is stored, with its row id and the moment of the first look at it."""
    unseen = ServiceRequest(id=0, next_nag_at=None, **begun)
    first_look = escalation.look_at(unseen, moment.jurisdiction.pace, moment.now)
    request_id = _insert(moment, {**begun, "next_nag_at": first_look}, filing)
    return ServiceRequest(id=request_id, next_nag_at=first_look, **begun)


def _begun(moment: Moment, filing: Filing, reference: str) -> dict[str, Any]:
    """What a new request is, by the names of its record; its row id and the first look at it are still to come."""
    jurisdiction = moment.jurisdiction
    form, post = filing.form, filing.post
    level = form.priority or jurisdiction.protocol.default_priority
    starts = moment.released_at or post.sent_at  # nobody could answer a post that was held
    due = clocks.deadlines(jurisdiction.protocol.priorities[level], starts, jurisdiction.calendar)
    officers = moment.officers(filing.service_code)
    return {
        "jurisdiction_id": jurisdiction.id,
        "service_request_id": reference,
        "service_code": filing.service_code,
        "topic": filing.topic,
        "ward": form.ward or "",
        "address": form.location or "",
        "description": form.problem or "",
        "priority": level,
        "original_priority": level,
        "language": filing.language,
        "requested_datetime": post.sent_at,
        "updated_datetime": post.sent_at,
        "acknowledge_due": due.acknowledge,
        "expected_datetime": due.answer,
        "original_expected_datetime": due.answer,
        "poster_id": person_id(moment),
        "officer_id": officers[0].id if officers else None,
        "platform": post.platform,
        "chat_id": post.chat_id,
        "message_id": post.message_id,
        "pack_version": jurisdiction.protocol.version,
    }


def _insert(moment: Moment, begun: Mapping[str, Any], filing: Filing) -> int:
    stored = {name: micros(value) if isinstance(value, datetime) else value for name, value in begun.items()}
    columns: dict[str, object] = {
        **_UNTOUCHED,
        **stored,
        "fingerprint": filing.fingerprint,
        "received_at": micros(moment.now),
        "next_word_named": 0,
        "pause_reason": "",
        "opened_under": begun["officer_id"],
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


def _private_form(form: Form) -> str:
    return _encoded(form.given())
