"""The citizen's SMS: at number, answer and close the poster gets, in private, a text that is ready to be sent on.

It names no citizen and no place of its own accord, so that a phone which others see gives little away.
"""

from __future__ import annotations

from groupbot import piloting
from groupbot.moment import Moment
from groupbot.records import COPY, Button, Group, ServiceRequest, micros
from groupbot.rules import slips

# Which entries of a request's log are told to its citizen, and with which text.
TOLD = {"opened": "sms_number", "answered": "sms_answer", "closed": "sms_closed"}


def slip(moment: Moment, request: ServiceRequest, entry: str) -> None:
    """Queue the SMS that belongs to a log entry of this type, if any, for the request's poster alone."""
    key = TOLD.get(entry)
    chat = moment.roster.private_chat(request.poster_id) if key and request.poster_id is not None else None
    if key is None or chat is None or request.route == "private":
        return
    if piloting.mode_of(moment.roster.stages, request, moment.now) == "shadow":
        return
    _introduce(moment, chat)
    params = _params(moment, request)
    if key != "sms_closed" and (_is_delicate(moment, request) or (key == "sms_answer" and not request.status_notes)):
        key += "_plain"
    elif key == "sms_answer":
        params["answer"] = _answer(moment, request, params)
    place = (chat.platform, chat.chat_id)
    dedup_key = f"{key}|{request.service_request_id}|{request.version}"
    more = {"language": request.language, "dedup_key": dedup_key, "buttons": (Button("button_copy", COPY),)}
    moment.queue("send", place, key, params=params, **more)


def _introduce(moment: Moment, chat: Group) -> None:
    """Say once to each poster what these texts are for."""
    dedup_key = f"sms_intro|{chat.platform}|{chat.chat_id}"
    if not moment.tells_first(dedup_key):
        return
    person = moment.roster.by_id(chat.person_id, moment.now)
    language = (person.language if person else "") or moment.jurisdiction.language
    moment.queue("send", (chat.platform, chat.chat_id), "sms_intro", language=language, dedup_key=dedup_key)


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
