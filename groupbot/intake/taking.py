"""An offer is taken: by a tap or a plain YES of the one person to whom it was made, once, while it is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from groupbot import moves
from groupbot.intake import completions, emergencies
from groupbot.moment import Moment
from groupbot.rules.replies import read_reply
from groupbot.store import offers, requests
from groupbot.store.offers import Offer

LONGEST_YES = 4  # words; a longer reply says something else as well


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
    if offer is None or not _is_yes(moment, offer):
        return False
    _take(moment, offer)
    return True


def _is_yes(moment: Moment, offer: Offer) -> bool:
    """A plain yes, or the very words that the line asks for."""
    text = moment.update.text.strip().casefold()
    key = "button_emergency" if offer.act == "emergency" else "button_yes"
    catalogue = moment.jurisdiction.catalogue
    asked = {catalogue.text(key, code, {}, moment.now).casefold() for code in moment.jurisdiction.protocol.languages}
    if text.strip(" .!") in asked:
        return True
    if len(text.split()) > LONGEST_YES:
        return False
    return read_reply(text, moment.jurisdiction.reply_vocabulary, asked=True).meaning == "yes"


def _take(moment: Moment, offer: Offer) -> None:
    if offers.use(moment.tx, offer, moment.now):
        TAKERS[offer.act](moment, offer)


def _take_answer(moment: Moment, offer: Offer) -> None:
    moves.take_answer(moment, requests.by_id(moment.tx, offer.request_id or 0), str(offer.params["text"]))


def _take_move(moment: Moment, offer: Offer) -> None:
    moves.move_to(moment, requests.by_id(moment.tx, offer.request_id or 0), str(offer.params["to"]))


def _take_emergency(moment: Moment, offer: Offer) -> None:
    request = requests.by_id(moment.tx, offer.request_id or 0)
    moves.raise_emergency(moment, request)
    emergencies.tell(moment, requests.by_id(moment.tx, request.id))


def _take_form(moment: Moment, offer: Offer) -> None:
    completions.register_draft(moment, offer.draft_id or 0)


TAKERS: Mapping[str, Callable[[Moment, Offer], None]] = {
    "answer": _take_answer,
    "move": _take_move,
    "emergency": _take_emergency,
    "register": _take_form,
}
