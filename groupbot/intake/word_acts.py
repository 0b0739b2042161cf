"""Words about one request are acts: harmless ones are taken; the citizen's word counts once it was asked."""

from __future__ import annotations

import re

from groupbot import commands, moves, offering
from groupbot.commands.refusals import ask_what_was_done, refuse_if, was_asked_what
from groupbot.intake import attachments, emergencies, heard, private_road
from groupbot.moment import Moment
from groupbot.nagging import chased
from groupbot.records import ServiceRequest
from groupbot.rules import lifecycle
from groupbot.rules.danger import danger_words
from groupbot.rules.elsewhere import departments_meant
from groupbot.rules.lifecycle import Refusal
from groupbot.rules.readings import read_labels
from groupbot.rules.replies import says_nothing
from groupbot.rules.taken_back import is_taken_back
from groupbot.store import offers, outbox, requests

_CLAUSE = re.compile(r"[,;.\n]")
_MOST_CLAUSES = 4


def take(moment: Moment, request: ServiceRequest, *, meant: bool = False) -> None:
    """Do what a person's words about a request amount to. `meant`: they have just said that it is this one."""
    held = moves.held(moment, request)
    update = moment.update
    requests.link_message(
        moment.tx, (update.platform, update.chat_id, update.message_id), [request.id], "reply", moment.now
    )
    attachments.join_to(moment, request)
    if request.route == "private" and moment.group.kind != "private" and request.state in lifecycle.OPEN:
        if held:
            private_road.add_words(moment, request)
        return
    if held and attachments.is_only(moment, "voice"):
        _ask_to_type(moment, request)
        return
    if held and _take_emergency(moment, request):
        return
    citizen_side = any(own in lifecycle.CITIZEN_SIDE for own in held)
    if citizen_side and request.state in ("answered", "closed"):
        _take_citizen_word(moment, request)
    elif any(own in lifecycle.OFFICERS for own in held) and update.text.strip():
        _take_officer_word(moment, request, meant=meant)
    elif citizen_side:
        _take_author_word(moment, request)
    elif "communications" in held:
        _take_hotline_word(moment, request)
    if held and request.state in lifecycle.OPEN:
        moves.hear_safe(moment, requests.by_id(moment.tx, request.id))


def _ask_to_type(moment: Moment, request: ServiceRequest) -> None:
    """A voice note about a request is kept with it, but nobody here hears it: say so, once a person and day."""
    person = moment.person
    if person is not None:
        day = moment.now.astimezone(moment.jurisdiction.zone).date().isoformat()
        once = f"voice_reply|{moment.update.platform}|{moment.update.chat_id}|{person.id}|{day}"
        params = {"person": person.called}
        moment.say("voice_reply", params, language=request.language, request_ids=(request.id,), dedup_key=once)


def _take_emergency(moment: Moment, request: ServiceRequest) -> bool:
    """EMERGENCY, once the bot has asked for it, makes it one, whatever line of the request it answers."""
    asked = offers.about(moment.tx, "emergency", request.id, moment.now) if emergencies.is_said(moment) else []
    if not asked or not offers.use(moment.tx, asked[0], moment.now):
        return False
    make_emergency(moment, request)
    return True


def make_emergency(moment: Moment, request: ServiceRequest) -> None:
    """Make it an emergency and print the numbers; an answer that came before does not hold."""
    if request.state in ("answered", "closed"):
        if refuse_if(moment, request, moves.take_not_yet(moment, request)):
            return
        request = requests.by_id(moment.tx, request.id)
    if not refuse_if(moment, request, moves.raise_emergency(moment, request)):
        emergencies.tell_if_made(moment, request)


def may_be_raised(moment: Moment, request: ServiceRequest) -> bool:
    """Whether the sender's words of danger can still make it an emergency."""
    if not moves.held(moment, request):
        return False
    return request.state in lifecycle.OPEN or _may_reopen(moment, request)


def weighs(moment: Moment, request: ServiceRequest) -> bool:
    """Whether the words would do more to this request than be noted: then it must be clear that it is meant."""
    held = moves.held(moment, request)
    text = moment.update.text
    if held and emergencies.is_said(moment) and offers.about(moment.tx, "emergency", request.id, moment.now):
        return True
    if any(own in lifecycle.WORD_BEARERS for own in held) and request.state in ("answered", "closed"):
        reading = heard.read(moment, asked=True)
        agrees = (reading.agrees or reading.meaning == "done") and request.state == "answered"
        return agrees or ((reading.meaning == "not_yet" or reading.is_mixed) and _may_reopen(moment, request))
    if request.state not in lifecycle.OPEN:
        return False
    if any(own in lifecycle.OFFICERS for own in held):
        return _claims_done(moment) or _whose(moment, request) is not None
    weighty = is_taken_back(text, moment.jurisdiction.taken_back_words) or heard.read(moment).meaning == "chase"
    weighty = weighty or bool(read_labels(text, moment.jurisdiction.vocabulary).given())
    return weighty and any(own in lifecycle.CITIZEN_SIDE for own in held)


def _take_hotline_word(moment: Moment, request: ServiceRequest) -> None:
    """The hotline heard from the citizen: a NOT YET counts even after an admin's YES.

    Nobody asked communications, so that a YES closes only where it says by itself that the citizen agrees; a bare one
    is asked back.
    """
    reading = heard.read(moment, asked=True)
    if reading.meaning == "not_yet" and request.state in ("answered", "closed") and _may_reopen(moment, request):
        moves.take_not_yet(moment, request)
    elif reading.agrees and request.state == "answered":
        unasked = heard.read(moment).meaning
        if unasked == "yes":
            moves.take_citizen_yes(moment, request)
        elif unasked == "say_so":
            offering.offer_hotline_yes(moment, request)


def _take_officer_word(moment: Moment, request: ServiceRequest, *, meant: bool) -> None:
    """Any word of the department keeps the request moving; "it is done" is also offered as the answer.

    Who was asked which request is done, and named it, or what was done, and tells it, need not be asked again. A bare
    "Done" is no answer, and its writer must not believe that it was one.
    """
    claims, told = _claims_done(moment), not says_nothing(moment.update.text, moment.jurisdiction.reply_vocabulary)
    if claims and told and (meant or was_asked_what(moment, request)):
        moves.take_answer(moment, request, moment.update.text)
    elif isinstance(moves.take_word(moment, request), Refusal):
        return
    elif claims and told:
        offering.offer_answer(moment, request)
    elif claims:
        ask_what_was_done(moment, request, once=True)
    elif emergencies.is_said(moment) or tells_of_danger(moment, request) or _denies_safe(moment, request):
        emergencies.ask(moment, requests.by_id(moment.tx, request.id))
    else:
        _hear_whose(moment, request)


def tells_of_danger(moment: Moment, request: ServiceRequest) -> bool:
    """Whether the words tell of a danger that the request does not tell of."""
    vocabulary = moment.jurisdiction.vocabulary
    if emergencies.level_stated(moment, moment.update.text):
        return True
    known = danger_words(f"{request.address}\n{request.description}", vocabulary)
    return not set(danger_words(moment.update.text, vocabulary)).issubset(known)


def _denies_safe(moment: Moment, request: ServiceRequest) -> bool:
    """ "NOT YET, two are still inside", soon after an emergency was made safe: whoever is there knows better."""
    said_at, safe_at = moment.update.sent_at, request.made_safe_at
    if safe_at is None or request.state not in lifecycle.OPEN or said_at - safe_at > emergencies.FRESH:
        return False
    return heard.read(moment, asked=True).meaning == "not_yet"


def _whose(moment: Moment, request: ServiceRequest) -> frozenset[str] | None:
    """The departments to which the words say that it belongs, its own left out; None when they say nothing of it."""
    named = departments_meant(moment.update.text, moment.jurisdiction.elsewhere_words)
    others = None if named is None else named - {request.service_code}
    return None if named and not others else others


def _hear_whose(moment: Moment, request: ServiceRequest) -> None:
    """ "This belongs to water": offer the move if one department is named, else say once how to move it."""
    named = _whose(moment, request)
    if named is None or isinstance(lifecycle.decide("move", request, moves.held(moment, request)), Refusal):
        return
    if len(named) == 1:
        offering.offer_move_by_word(moment, request, next(iter(named)))
        return
    once = f"move_how|{request.service_request_id}|{request.service_code}"
    if not outbox.was_queued(moment.tx, once):
        params = {"ref": request.service_request_id}
        moment.say("move_how", params, language=request.language, request_ids=(request.id,), dedup_key=once)


def _claims_done(moment: Moment) -> bool:
    return heard.read(moment).meaning == "done"


def _take_author_word(moment: Moment, request: ServiceRequest) -> None:
    """The ward's side on a request that is not answered: a chase is told where it stands, danger is asked about."""
    if private_road.take_added(moment, request):
        return
    reading = heard.read(moment)
    form = read_labels(moment.update.text, moment.jurisdiction.vocabulary)
    if (
        danger_words(moment.update.text, moment.jurisdiction.vocabulary)
        or (form.priority is None and emergencies.is_named(moment))
        or _denies_safe(moment, request)
    ):
        emergencies.ask(moment, request)
    elif (request.state == "reopened" or request.made_safe_at) and emergencies.made_by_form(moment, request, form):
        return
    elif form.given() and not isinstance(moves.amend(moment, request, form), Refusal):
        emergencies.tell_if_made(moment, request)
    elif reading.meaning == "chase":
        _answer_chase(moment, request)
    elif not hear_taken_back(moment, request):
        moment.receipt("receipt_noted")


def hear_taken_back(moment: Moment, request: ServiceRequest) -> bool:
    """ "Sorry, ignore this one", of an open request: offer to withdraw it. False if the words say no such thing."""
    if request.state not in lifecycle.OPEN or not is_taken_back(
        moment.update.text, moment.jurisdiction.taken_back_words
    ):
        return False
    if isinstance(lifecycle.decide("withdraw", request, moves.held(moment, request)), Refusal):
        return False
    offering.offer_withdrawal(moment, request)
    return True


def _answer_chase(moment: Moment, request: ServiceRequest) -> None:
    """Where the request stands, said once until something changes; a further chase is only counted."""
    standing = (request.state, request.answers, request.reopenings, request.escalation_step, request.next_word_at)
    pause = (request.paused_until,) if request.paused_until else ()
    once = "|".join(("chased", request.service_request_id, *map(str, (*standing, *pause))))
    if outbox.was_queued(moment.tx, once):
        moment.receipt("receipt_noted")
    elif _may_name(moment, request) and (params := moves.paused_line(moment, request)):
        moment.say("paused", params, language=request.language, request_ids=(request.id,), dedup_key=once)
    elif not _may_name(moment, request) or not chased.answer(moment, request, once):
        commands.say_status(moment, request, language=request.language, request_ids=(request.id,), dedup_key=once)


def _may_name(moment: Moment, request: ServiceRequest) -> bool:
    """Whether its officers may be named here: in their own department's group, and in private."""
    return moment.group.kind == "private" or moment.group.service_code == request.service_code


def _take_citizen_word(moment: Moment, request: ServiceRequest) -> None:
    """The bot has asked: a plain YES or NOT YET, in any words, is the answer. Anything else changes nothing.

    A yes beside words that nothing bears out is asked back, and so is a claim that the work is done, which may be the
    department's, and a yes with a "but" or with what is lacking: a wrong close is the worst that words can do.
    """
    said = moment.jurisdiction.word_of_mark(moment.update.text.strip())
    reading = heard.read(moment, asked=True, instead=said or "")
    if reading.meaning == "yes" and request.state == "answered":
        moves.take_citizen_yes(moment, request)
    elif reading.meaning in ("maybe_yes", "done") and request.state == "answered":
        offering.offer_citizen_yes(moment, request)
    elif (reading.is_mixed or _is_of_two(moment, request)) and _may_reopen(moment, request):
        offering.offer_citizen_word(moment, request)
    elif reading.meaning == "not_yet" and _may_reopen(moment, request):
        opened = not refuse_if(moment, request, moves.take_not_yet(moment, request))
        if opened and danger_words(moment.update.text, moment.jurisdiction.vocabulary):
            emergencies.ask(moment, requests.by_id(moment.tx, request.id))
    elif tells_of_danger(moment, request) and _may_reopen(moment, request):
        emergencies.ask(moment, request)
    elif request.state == "answered" and reading.meaning != "thanks":
        moment.receipt("receipt_noted")


def _is_of_two(moment: Moment, request: ServiceRequest) -> bool:
    """ "Yes for the gloves, not yet for the drugs": of two requests that wait for the sender's word, which is which?"""
    person, code = moment.person, moment.group.service_code
    parts = [part for part in _CLAUSE.split(moment.update.text) if part.strip()]
    if person is None or code is None or not 1 < len(parts) <= _MOST_CLAUSES:
        return False
    waiting = [one for one in requests.open_by_poster(moment.tx, person.id, code) if one.state == "answered"]
    if not any(one.id != request.id for one in waiting):
        return False
    said = {heard.read(moment, asked=True, instead=part).meaning for part in parts}
    return "not_yet" in said and bool(said & {"yes", "maybe_yes"})


def _may_reopen(moment: Moment, request: ServiceRequest) -> bool:
    if request.closed_at is None:
        return True
    days = (moment.update.sent_at - request.closed_at).days
    return days < moment.jurisdiction.protocol.file.limits.reopen_days
