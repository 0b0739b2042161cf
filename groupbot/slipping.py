"""The citizen's SMS: at number, answer and close the poster gets, in private, a text that is ready to be sent on.

It names no citizen and no place of its own accord, so that a phone which others see gives little away.
"""

from __future__ import annotations

from groupbot import piloting
from groupbot.moment import ASK_IN, Moment
from groupbot.records import COPY, Button, Group, Person, ServiceRequest, micros
from groupbot.rules import slips
from groupbot.store import outbox

# Which entries of a request's log are told to its citizen, and with which text.
TOLD = {"opened": "sms_number", "answered": "sms_answer", "closed": "sms_closed"}


def slip(moment: Moment, request: ServiceRequest, entry: str) -> None:
    """Queue the SMS that belongs to a log entry of this type, if any, for the request's poster alone.

    Where the poster has no private chat it waits until they open one; of each request only the newest does.
    """
    key = TOLD.get(entry)
    if key is None or request.poster_id is None or request.route == "private":
        return
    poster = moment.roster.by_id(request.poster_id, moment.now)
    if poster is None or piloting.mode_of(moment.roster.stages, request, moment.now) == "shadow":
        return
    alone = moment.roster.private_chat(poster.id)
    _introduce(moment, poster, alone)
    if alone is None:
        outbox.drop_waiting(moment.tx, poster.id, f"sms|{request.service_request_id}|")
    params = _params(moment, request)
    if key != "sms_closed" and (_is_delicate(moment, request) or (key == "sms_answer" and not request.status_notes)):
        key += "_plain"
    elif key == "sms_answer":
        params["answer"] = _answer(moment, request, params)
    dedup_key = f"sms|{request.service_request_id}|{request.version}|{key}"
    more = {"language": request.language, "dedup_key": dedup_key, "buttons": (Button("button_copy", COPY),)}
    moment.say_alone(poster, key, params=params, **more)


def _introduce(moment: Moment, poster: Person, alone: Group | None) -> None:
    """Say once to each poster what these texts are for."""
    dedup_key = f"sms_intro|{alone.platform}|{alone.chat_id}" if alone else f"sms_intro|{outbox.PERSON}|{poster.id}"
    if moment.tells_first(dedup_key):
        language = poster.language or moment.jurisdiction.language
        moment.say_alone(poster, "sms_intro", language=language, dedup_key=dedup_key)


def way_in(moment: Moment) -> tuple[Button, ...]:
    """For the line that gives a number: the button to the private chat, the first time that something waits there."""
    introduced = any(notice.key == "sms_intro" and notice.platform == outbox.PERSON for notice in moment.notices)
    return ASK_IN if introduced else ()


def _params(moment: Moment, request: ServiceRequest) -> dict[str, object]:
    return {
        "ref": request.service_request_id,
        "department": f"department.{request.service_code}",
        "due": micros(request.expected_datetime) if request.expected_datetime else None,
        "days": moment.jurisdiction.protocol.file.limits.reopen_days,
    }


def _is_delicate(moment: Moment, request: ServiceRequest) -> bool:
    return moment.jurisdiction.hides(request)


def _answer(moment: Moment, request: ServiceRequest, params: dict[str, object]) -> str:
    """As much of the department's answer as the text leaves room for, ending as a sentence."""
    catalogue = moment.jurisdiction.catalogue
    empty = catalogue.text("sms_answer", request.language, params | {"answer": ""}, moment.now)
    said = slips.cut(request.status_notes, slips.LONGEST - slips.septets(slips.plain(empty)) - 2)
    return said if said.endswith((".", "!", "?")) else f"{said}."
