"""Weighty acts that nobody asked for are offered, not taken: one tap or one YES by the person they were offered to."""

from __future__ import annotations

from datetime import timedelta

from groupbot import moves
from groupbot.moment import Moment
from groupbot.records import Button, ServiceRequest
from groupbot.rules.replies import read_reply
from groupbot.store import offers, requests
from groupbot.store.offers import Offer


def offer_answer(moment: Moment, request: ServiceRequest) -> None:
    """An officer wrote that it is done, without saying so by command: offer to record the words as the answer."""
    if moment.person is None:
        return
    update = moment.update
    token = moment.jurisdiction.salt().hex()
    offer = Offer(
        0,
        token,
        "answer",
        {"text": update.text},
        request.id,
        None,
        moment.person.id,
        update.platform,
        update.chat_id,
    )
    hours = moment.jurisdiction.protocol.file.limits.undo_hours
    offers.add(moment.tx, offer, moment.now, moment.now + timedelta(hours=hours))
    params = {"ref": request.service_request_id, "officer": moment.person.called}
    moment.say(
        "offer_answer",
        params,
        language=request.language,
        request_ids=(request.id,),
        buttons=(Button("button_yes", token),),
    )


def by_tap(moment: Moment) -> None:
    """A button was tapped: by the right person it takes the offer; by anyone else it does nothing."""
    offer = offers.by_token(moment.tx, moment.update.token, moment.now)
    if offer is None or moment.person is None or offer.person_id != moment.person.id:
        return
    if (offer.platform, offer.chat_id) == (moment.update.platform, moment.update.chat_id):
        _take(moment, offer)


def by_reply(moment: Moment) -> bool:
    """A reply to a line that offers something to its sender; False when the line offers nothing, or it is no YES."""
    update = moment.update
    if moment.person is None or update.reply_to is None:
        return False
    message = (update.platform, update.chat_id, update.reply_to)
    offer = offers.by_message(moment.tx, message, moment.person.id, moment.now)
    if offer is None:
        return False
    if read_reply(update.text, moment.jurisdiction.reply_vocabulary, asked=True).meaning != "yes":
        return False
    _take(moment, offer)
    return True


def _take(moment: Moment, offer: Offer) -> None:
    if not offers.use(moment.tx, offer, moment.now) or offer.request_id is None:
        return
    request = requests.by_id(moment.tx, offer.request_id)
    moves.take_answer(moment, request, str(offer.params["text"]))
