"""Matters that must leave the group (corruption, abuse, child and GBV): a case of its own series, seen by integrity."""

from __future__ import annotations

from groupbot import moves
from groupbot.moment import ASK_IN, Moment
from groupbot.records import Form, Person, Reading, ServiceRequest


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
    request = moves.open_private(moment, form, reading.language or moment.language)
    _tell_poster(moment, person, request)
    _tell_integrity(moment, request)


def _tell_poster(moment: Moment, person: Person, request: ServiceRequest) -> None:
    params = {"ref": request.service_request_id, "person": person.called}
    told = {"params": params, "language": request.language, "request_ids": (request.id,)}
    if not moment.say_alone(person, "private_opened", **told):
        moment.say("private_hint", {}, language=request.language, buttons=ASK_IN)


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
