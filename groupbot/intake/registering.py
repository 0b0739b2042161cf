"""Forms become numbered requests, or are found to be known already; the group hears one line for a post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from groupbot import moves, offering, slipping
from groupbot.commands.refusals import refuse
from groupbot.intake import attachments, emergencies, private_road
from groupbot.moment import Moment
from groupbot.moves import Filing
from groupbot.records import Form, ServiceRequest, micros
from groupbot.rules import lifecycle
from groupbot.rules.danger import danger_words
from groupbot.rules.lifecycle import Refusal
from groupbot.rules.likeness import Known
from groupbot.rules.readings import may_be_private
from groupbot.rules.redaction import redact
from groupbot.rules.topics import best_department
from groupbot.store import requests


@dataclass(frozen=True, slots=True)
class Opened:
    """A request just opened, and another's open request that it may be a twin of."""

    request: ServiceRequest
    near: Known | None = None


def register(moment: Moment, filings: Sequence[Filing]) -> list[ServiceRequest]:
    """Register what is new among the filings and tell its numbers; what is known is pointed at, moved or added to.

    Returns the requests that the filings are about, opened or known, in their order.
    """
    found: list[ServiceRequest] = []
    opened: list[Opened] = []
    for filing in filings:
        likeness = moves.likeness(moment, filing)
        known = likeness.known if likeness.kind != "twin" else None
        again = next((place for place, one in enumerate(opened) if known and one.request.id == known.id), None)
        if again is not None:  # told twice in one post: once more in the number's line would be noise
            moves.add_details(moment, opened[again].request, filing.form)
            opened[again] = replace(opened[again], request=requests.by_id(moment.tx, opened[again].request.id))
            continue
        if known is not None:
            found.append(_known_already(moment, filing, likeness.kind, known))
            continue
        request = moves.open_request(moment, filing)
        found.append(request)
        opened.append(Opened(request, likeness.known))
    _tell(moment, opened)
    if opened:
        if moment.loose_files or moment.update.attachments:
            attachments.join(moment, opened[0].request)
        offer_clean_copy(moment, filings, [request.service_request_id for request in found])
    return found


def _known_already(moment: Moment, filing: Filing, kind: str, known: Known) -> ServiceRequest:
    request = requests.by_id(moment.tx, known.id)
    message = (filing.post.platform, filing.post.chat_id, filing.post.message_id)
    requests.link_message(moment.tx, message, [request.id], "post", moment.now)
    presses_more = filing.form.priority is not None and moves.raises(moment, request, filing.form.priority)
    if kind == "move":
        emergencies.move(moment, request, filing.service_code)
        if presses_more:
            moved = requests.by_id(moment.tx, request.id)
            moves.add_details(moment, moved, filing.form)
            emergencies.tell_if_made(moment, moved)
    elif kind == "details" or (presses_more and request.state in lifecycle.OPEN):
        _add_details(moment, request, filing.form)
    else:
        moment.receipt("receipt_same")
    return request


def _add_details(moment: Moment, request: ServiceRequest, form: Form) -> None:
    added = moves.add_details(moment, request, form)
    if isinstance(added, Refusal):
        if not emergencies.made_by_form(moment, request, form):
            refuse(moment, request, added)
        return
    params: dict[str, object] = {"ref": request.service_request_id, "since": micros(request.requested_datetime)}
    now = requests.by_id(moment.tx, request.id)
    if now.priority != request.priority and now.expected_datetime:
        params |= {"priority": f"priority.{now.priority}", "due": micros(now.expected_datetime)}
    moment.say("details_added", params, language=request.language, request_ids=(request.id,))
    emergencies.tell_if_made(moment, request)


def _tell(moment: Moment, opened: Sequence[Opened]) -> None:
    pressing = [one.request for one in opened if emergencies.is_emergency(moment, one.request)]
    ordinary = [one for one in opened if one.request not in pressing]
    for request in pressing:
        emergencies.tell(moment, request)
    if len(ordinary) == 1:
        _tell_number(moment, ordinary[0])
    elif ordinary:
        _tell_numbers(moment, [one.request for one in ordinary])
    for one in ordinary:
        if danger_words(one.request.description, moment.jurisdiction.vocabulary):
            emergencies.ask(moment, one.request)
    _ask_in_confidence(moment, [one.request for one in ordinary])


def _ask_in_confidence(moment: Moment, opened: Sequence[ServiceRequest]) -> None:
    """Ask the poster, once for a post, whether a matter must leave the group whose words only come near to that."""
    vocabulary = moment.jurisdiction.vocabulary
    near = next((one for one in opened if may_be_private(one.description, vocabulary)), None)
    if near is not None and moment.person is not None and not private_road.was_let_back(moment):
        offering.offer_confidence(moment, near, moment.person)


def number_params(request: ServiceRequest) -> dict[str, object]:
    """What a line that gives a number says of its request."""
    return {
        "ref": request.service_request_id,
        "priority": f"priority.{request.priority}",
        "ward": request.ward,
        "due": None if request.expected_datetime is None else micros(request.expected_datetime),
    }


def _tell_number(moment: Moment, one: Opened) -> None:
    request = one.request
    officer = moment.roster.by_id(request.officer_id, moment.now)
    params = number_params(request)
    if officer is None or request.acknowledge_due is None:
        moment.ask_for_coordinator(request)
        moment.say("number_unattended", params, language=request.language, request_ids=(request.id,))
        return
    params |= {"coordinator": officer.called, "reply_by": micros(request.acknowledge_due)}
    # what speaks of one of this department's own topics is not another's
    vocabulary = moment.jurisdiction.vocabulary
    ours = vocabulary.is_of(request.topic, request.service_code)
    other = None if ours else best_department(request.description, vocabulary)
    if other not in (None, request.service_code):
        offering.offer_move(moment, request, params, str(other))
    elif one.near is not None:
        params["near"] = [one.near.reference]
        moment.say("number_near", params, language=request.language, request_ids=(request.id,), asks=officer)
    else:
        told = {"language": request.language, "request_ids": (request.id,), "asks": officer}
        moment.say("number", params, buttons=slipping.way_in(moment), **told)


def _tell_numbers(moment: Moment, opened: Sequence[ServiceRequest]) -> None:
    first = opened[0]
    catalogue = moment.jurisdiction.catalogue
    items = [catalogue.text("several_item", first.language, number_params(request), moment.now) for request in opened]
    officer = moment.roster.by_id(first.officer_id, moment.now)
    params: dict[str, object] = {"items": items}
    soonest = min(request.acknowledge_due for request in opened if request.acknowledge_due)
    if officer:
        params |= {"coordinator": officer.called, "reply_by": micros(soonest)}
    key = "several" if officer else "several_unattended"
    if officer is None:
        moment.ask_for_coordinator(first)
    about = tuple(request.id for request in opened)
    moment.say(key, params, language=first.language, request_ids=about, asks=officer)


def offer_clean_copy(moment: Moment, filings: Sequence[Filing], refs: Sequence[str]) -> None:
    """A form that shows a citizen's name or phone to the whole group: the poster privately gets one that does not."""
    shown = [filing for filing in filings if filing.form.reporter_name or filing.form.reporter_phone]
    private = moment.roster.private_chat(moment.person.id) if moment.person else None
    if not shown or private is None or moment.group.kind != "department":
        return
    if moment.jurisdiction.protocol.file.limits.contacts != "private":
        return
    day = moment.now.astimezone(moment.jurisdiction.zone).date().isoformat()
    dedup_key = f"clean_copy|{private.platform}|{private.chat_id}|{day}"
    if not moment.tells_first(dedup_key):
        return
    moment.queue(
        "send",
        (private.platform, private.chat_id),
        "clean_copy",
        params={
            "department": f"department.{filings[0].service_code}",
            "form": _clean_copy(moment, shown),
            "refs": refs,  # not said: by them it is found when one is erased
        },
        language=filings[0].language,
        dedup_key=dedup_key,
    )


def _clean_copy(moment: Moment, filings: Sequence[Filing]) -> str:
    """The forms again, labelled in their language, without the fields that name the citizen."""
    reading = moment.jurisdiction.protocol.reading
    country = moment.jurisdiction.protocol.file.pack.country
    blocks = []
    for filing in filings:
        names = [filing.form.reporter_name] if filing.form.reporter_name else []
        given = filing.form.given()
        given |= {code: redact(given[code], country, names) for code in ("location", "problem") if code in given}
        if "priority" in given:
            given["priority"] = moment.jurisdiction.catalogue.term(f"priority.{given['priority']}", filing.language)
        lines = [
            f"{part.labels[filing.language][0].capitalize()}: {given[part.code]}"
            for part in reading.field
            if part.code in ("ward", "location", "problem", "priority") and part.code in given
        ]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)
