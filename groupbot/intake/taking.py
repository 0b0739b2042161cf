"""An offer is taken: by a tap or a plain YES of the one person to whom it was made, once, while it is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from groupbot import commands, declaring, disconnecting, moves, sanctioning
from groupbot.commands import targets
from groupbot.commands.refusals import refuse_if
from groupbot.intake import completions, emergencies, heard, masked, private_road, rooms, word_acts
from groupbot.moment import Moment
from groupbot.records import instant
from groupbot.rules.commands import CommandCall
from groupbot.rules.meant import means_all
from groupbot.store import offers, requests
from groupbot.store.offers import Offer

CLOSING = ("citizen_yes", "hotline_yes")
BY_TAP_ONLY = "citizen_not_yet"  # stands beside a YES, and a yes in words is never this one
_BUTTONS = {"emergency": "button_emergency", "public": "button_public"}  # the words that some lines ask for
LONGEST_YES = 4  # words; a longer reply says something else as well


def by_tap(moment: Moment) -> None:
    """A button was tapped: by the right person it takes the offer; by anyone else it does nothing."""
    offer = offers.by_token(moment.tx, moment.update.token, moment.now)
    if offer is None or not _is_for(moment, offer):
        return
    if (offer.platform, offer.chat_id) == (moment.update.platform, moment.update.chat_id):
        _take(moment, offer)


def by_reply(moment: Moment) -> bool:
    """A reply to a line that offers something to its sender; False when the line offers nothing, or it is no YES."""
    update = moment.update
    if moment.person is None or update.reply_to is None:
        return False
    message = (update.platform, update.chat_id, update.reply_to)
    open_ones = offers.by_message(moment.tx, message, moment.person.id, moment.now)
    made = [one for one in open_ones if one.act != BY_TAP_ONLY and _is_for(moment, one)]
    choices = [one for one in made if one.act == "meant"]
    if choices and means_all(update.text, moment.jurisdiction.pointing):
        for one in reversed(choices):  # in the order in which they were asked about
            _take(moment, one)
        return True
    offer = _named(moment, made) if choices else next(iter(made), None)
    if offer is None or not (offer.act == "meant" or _is_yes(moment, offer)):
        return False
    _take(moment, offer)
    return True


def _is_for(moment: Moment, offer: Offer) -> bool:
    """Whether an offer is made to the sender; one that names nobody is made to any steward, unless `HEARERS` tells."""
    if moment.person is None:
        return False
    if offer.act in HEARERS:
        return HEARERS[offer.act](moment, offer)
    return rooms.is_steward(moment.person) if offer.person_id is None else offer.person_id == moment.person.id


def _named(moment: Moment, made: Sequence[Offer]) -> Offer | None:
    """The one of several offered requests that the reply names."""
    about = {one.request_id: one for one in made if one.request_id is not None}
    chosen = targets.meant(moment, moment.update.text, [requests.by_id(moment.tx, pk) for pk in sorted(about)])
    return None if chosen is None else about[chosen.id]


def _is_yes(moment: Moment, offer: Offer) -> bool:
    """A plain yes, or the very words that the line asks for; a form that is called an emergency is no plain one."""
    if offer.act in ("emergency", "register") and emergencies.level_said(moment):
        return offer.act == "emergency" and emergencies.is_said(moment)
    text = moment.update.text.strip().casefold()
    if not text:
        return False
    key = _BUTTONS.get(offer.act, "button_yes")
    catalogue = moment.jurisdiction.catalogue
    asked = {catalogue.text(key, code, {}, moment.now).casefold() for code in moment.jurisdiction.protocol.languages}
    if offer.act == "public":  # a yes to the line about a report is no such wish
        return len(text.split()) <= LONGEST_YES and text.split()[0].strip(" .,!") in asked
    if text.strip(" .!") in asked:
        return True
    if len(text.split()) > LONGEST_YES and offer.act != "confidential":
        return False
    reading = heard.read(moment, asked=True)
    return reading.meaning == "yes" if offer.act in CLOSING else reading.agrees


def _take(moment: Moment, offer: Offer) -> None:
    if offers.use(moment.tx, offer, moment.now):
        TAKERS[offer.act](moment, offer)


def _take_order(moment: Moment, offer: Offer) -> None:
    if commands.may_still(moment, str(offer.params["act"])):
        sanctioning.take(moment, offer)


def _take_holiday(moment: Moment, offer: Offer) -> None:
    if commands.may_still(moment, "holiday"):
        declaring.take(moment, offer)


def _take_workday(moment: Moment, offer: Offer) -> None:
    if commands.may_still(moment, "workday"):
        declaring.take_workday(moment, offer)


def _take_answer(moment: Moment, offer: Offer) -> None:
    moves.take_answer(moment, requests.by_id(moment.tx, offer.request_id or 0), str(offer.params["text"]))


def _take_citizen_yes(moment: Moment, offer: Offer) -> None:
    request = requests.by_id(moment.tx, offer.request_id or 0)
    if request.answers == offer.params["answers"]:  # a yes to an earlier answer says nothing of this one
        moves.take_citizen_yes(moment, request)


def _take_citizen_not_yet(moment: Moment, offer: Offer) -> None:
    request = requests.by_id(moment.tx, offer.request_id or 0)
    if request.answers == offer.params["answers"]:
        refuse_if(moment, request, moves.take_not_yet(moment, request))


def _take_hotline_yes(moment: Moment, offer: Offer) -> None:
    moves.take_citizen_yes(moment, requests.by_id(moment.tx, offer.request_id or 0))


def _take_move(moment: Moment, offer: Offer) -> None:
    emergencies.move(moment, requests.by_id(moment.tx, offer.request_id or 0), str(offer.params["to"]))


def _take_withdrawal(moment: Moment, offer: Offer) -> None:
    request = requests.by_id(moment.tx, offer.request_id or 0)
    refuse_if(moment, request, moves.withdraw(moment, request, str(offer.params["text"])))


def _take_emergency(moment: Moment, offer: Offer) -> None:
    word_acts.make_emergency(moment, requests.by_id(moment.tx, offer.request_id or 0))


def _take_form(moment: Moment, offer: Offer) -> None:
    completions.register_draft(moment, offer.draft_id or 0)


def _take_meant(moment: Moment, offer: Offer) -> None:
    """Now it is known which request was meant: what was said is done for it, as it was said then."""
    request = requests.by_id(moment.tx, offer.request_id or 0)
    said = offer.params
    moment.update = replace(
        moment.update,
        kind="post",
        text=str(said["text"]),
        message_id=str(said["message_id"]),
        sent_at=instant(int(said["sent_at"])),
        reply_to=None,
    )
    if "command" in said:
        call = CommandCall(str(said["command"]), f"{request.service_request_id} {said['text']}")
        commands.run(moment, call)
    else:
        word_acts.take(moment, request, meant=True)


TAKERS: Mapping[str, Callable[[Moment, Offer], None]] = {
    "order": _take_order,
    "holiday": _take_holiday,
    "workday": _take_workday,
    "disconnect": disconnecting.take,
    "answer": _take_answer,
    "citizen_yes": _take_citizen_yes,
    "citizen_not_yet": _take_citizen_not_yet,
    "hotline_yes": _take_hotline_yes,
    "move": _take_move,
    "withdraw": _take_withdrawal,
    "confidential": private_road.make_confidential,
    "public": private_road.make_public,
    "emergency": _take_emergency,
    "register": _take_form,
    "meant": _take_meant,
    "upgrade": rooms.take_upgrade,
    "unmask": masked.take,
}

HEARERS: Mapping[str, Callable[[Moment, Offer], bool]] = {
    "disconnect": disconnecting.is_for,
    "unmask": masked.is_for,
}  # of offers that are made to nobody by name: whether the sender may take them
