"""Lines without a reply that still belong to a request: kept with it as context, never public, changing nothing.

A line of a request's own ward admin or officers within the pack's minutes of a linked line is context of that line's
request; a line of an admin with exactly one open request in the group is context of that one. While one emergency is
under way, what its people say is about it, and its officers' lines count as the word that they owe.
"""

from __future__ import annotations

from datetime import timedelta

from groupbot import moves
from groupbot.intake import attachments, emergencies, word_acts
from groupbot.moment import Moment
from groupbot.records import Reading, ServiceRequest
from groupbot.rules import lifecycle
from groupbot.rules.likeness import share_words
from groupbot.rules.replies import read_reply
from groupbot.store import requests


def keep(moment: Moment, reading: Reading) -> bool:
    """Keep a line as context of the one request that it can be about; False when there is none.

    A need at another place is not context of the request that was talked about: it is offered as a request of its own.
    """
    request = _request_meant(moment)
    if request is None or _is_elsewhere(reading, request):
        return False
    update = moment.update
    message = (update.platform, update.chat_id, update.message_id)
    requests.link_message(moment.tx, message, [request.id], "context", moment.now)
    attachments.join_to(moment, request)
    if moment.jurisdiction.pace.ladders.presses(request):
        _hear_officer(moment, request)
    elif word_acts.tells_of_danger(moment, request) and word_acts.may_be_raised(moment, request):
        emergencies.ask(moment, request)  # whoever waits for help must not wait for the right kind of message
        return True
    moves.hear_safe(moment, requests.by_id(moment.tx, request.id))
    if read_reply(update.text, moment.jurisdiction.reply_vocabulary).meaning == "chase":
        moment.receipt("receipt_noted")
    return True


def _hear_officer(moment: Moment, request: ServiceRequest) -> None:
    """The rings ask for one word in the group: in an emergency it counts without being a reply."""
    if not any(own in lifecycle.OFFICERS for own in moves.held(moment, request)):
        return
    if request.state == "acknowledged":
        moves.keep_word(moment, request)
    else:
        moves.take_word(moment, request)


def _request_meant(moment: Moment) -> ServiceRequest | None:
    if moment.person is None or moment.group.service_code is None or moment.update.disguise:
        return None
    minutes = moment.jurisdiction.protocol.file.limits.context_minutes
    since = moment.update.sent_at - timedelta(minutes=minutes)
    talked_about = requests.latest_linked(moment.tx, moment.update.platform, moment.update.chat_id, since)
    own = [request for request in talked_about if _concerns(moment, request)]
    if len(own) == 1:
        return own[0]
    pressing = [request for request in emergencies.open_now(moment) if moves.held(moment, request)]
    if len(pressing) == 1:
        return pressing[0]
    posted = requests.open_by_poster(moment.tx, moment.person.id, moment.group.service_code)
    return posted[0] if len(posted) == 1 else None


def _is_elsewhere(reading: Reading, request: ServiceRequest) -> bool:
    place = reading.forms[0].location if reading.kind == "unformatted" and reading.forms else None
    return place is not None and not share_words(place, f"{request.address} {request.description}")


def _concerns(moment: Moment, request: ServiceRequest) -> bool:
    held = moves.held(moment, request)
    return any(own in (*lifecycle.CITIZEN_SIDE, *lifecycle.OFFICERS) for own in held)
