"""Matters that must leave the group (corruption, abuse, child and GBV): a case of its own series, seen by integrity."""

from __future__ import annotations

from dataclasses import replace

from groupbot import moves
from groupbot.moment import ASK_IN, Moment
from groupbot.records import Form, Person, Reading, ServiceRequest
from groupbot.rules.readings import is_private, read_labels
from groupbot.store import requests

_APART = "|apart"  # behind a message's id: the case that its words became, beside the request that it is about


def take(moment: Moment, reading: Reading) -> None:
    """Open a confidential case; the group sees at most a neutral line, and only where the poster cannot be written to.

    Whoever is on the roster may report, in any words; a stranger's words are kept in the inbox.
    """
    person = moment.person
    if person is None or reading.kind == "chatter":
        return
    form = reading.forms[0] if reading.forms else Form()
    if not form.problem:
        form = Form(ward=form.ward, problem=moment.update.text)
    open_case(moment, person, form, reading.language or moment.language)


def open_case(
    moment: Moment, person: Person, form: Form, language: str, beside: ServiceRequest | None = None
) -> ServiceRequest:
    """Open a case, tell its poster alone, and integrity; `beside` is the request to which its words were added."""
    request = moves.open_private(moment, form, language)
    params: dict[str, object] = {"ref": request.service_request_id, "person": person.called}
    key = "private_opened"
    if beside is not None and moment.group.kind != "private":
        params, key = params | {"of": beside.service_request_id}, "private_added"
    told = {"params": params, "language": language, "request_ids": (request.id,)}
    if not moment.say_alone(person, key, **told):
        moment.say("private_hint", {}, language=language, buttons=ASK_IN)
    _tell_integrity(moment, request)
    return request


def take_added(moment: Moment, request: ServiceRequest) -> bool:
    """Words of such a matter, added to a request or edited into its post: they are a case, and the request stays.

    False if they are of no such matter.
    """
    update, person = moment.update, moment.person
    if person is None or request.route == "private" or not is_private(update.text, moment.jurisdiction.vocabulary):
        return False
    form = read_labels(update.text, moment.jurisdiction.vocabulary)
    form = Form(ward=request.ward, location=request.address, problem=form.problem or update.text)
    apart = update.message_id + _APART  # a reply to the message itself is about the request
    known = requests.by_message(moment.tx, update.platform, update.chat_id, apart)
    if known:
        moves.amend(moment, known[0], form)
        return True
    moment.update = replace(update, message_id=apart)
    open_case(moment, person, form, request.language, beside=request)
    moment.update = update
    return True


def add_words(moment: Moment, case: ServiceRequest) -> None:
    """What is said of an open case in a group is kept, and not a word is said of it there."""
    form = read_labels(moment.update.text, moment.jurisdiction.vocabulary)
    if form.given():
        moves.amend(moment, case, form)


def _tell_integrity(moment: Moment, request: ServiceRequest) -> None:
    officers = moment.roster.holders("integrity", moment.now)
    if not officers:
        _ask_for_integrity_officer(moment)
    for officer in officers:
        moment.say_alone(
            officer,
            "private_to_integrity",
            params={"ref": request.service_request_id},
            language=officer.language or moment.jurisdiction.language,
            request_ids=(request.id,),
        )


def _ask_for_integrity_officer(moment: Moment) -> None:
    """Tell communications, once a day, that nobody is there to see confidential reports; nothing of the report."""
    day = moment.now.astimezone(moment.jurisdiction.zone).date().isoformat()
    for group in moment.roster.groups("communications"):
        moment.tell(group, "no_integrity", {}, dedup_key=f"no_integrity|{group.platform}|{group.chat_id}|{day}")
