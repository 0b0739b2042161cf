"""Words in the group's own name: whose they are the platform does not tell, until their author taps a button."""

from __future__ import annotations

from dataclasses import replace

from groupbot import commands, offering
from groupbot.moment import Moment
from groupbot.records import Button, Update
from groupbot.rules.commands import CommandCall, read_command
from groupbot.rules.readings import read_post
from groupbot.store import inbox, requests
from groupbot.store.offers import Offer

DISGUISE = "anonymous"


def ask(moment: Moment) -> None:
    """Ask whose words these are, if they would do something as a person's own; else they are only kept."""
    if _would_do_something(moment):
        # of a group that is bound to nothing the inbox keeps no words
        text = moment.update.text if moment.group.kind == "unbound" else ""
        moment.say("masked", {}, buttons=(Button("button_mine", offering.offer_to_author(moment, text)),))


def _would_do_something(moment: Moment) -> bool:
    update, call = moment.update, _command(moment, moment.update.text)
    if moment.group.kind == "unbound":
        return call is not None and call.name == "connect"
    if call is not None and call.name in commands.COMMANDS:
        return True
    if update.reply_to and requests.by_message(moment.tx, update.platform, update.chat_id, update.reply_to):
        return True
    if moment.group.kind != "department":
        return False
    reading = read_post(update.text, moment.jurisdiction.vocabulary, sender_role="ward_admin", sender_ward=None)
    return reading.kind != "chatter"


def is_for(moment: Moment, offer: Offer) -> bool:
    """Whether the button is this person's to tap: anybody's of the roster, a command's only who may give it."""
    said = _said(moment, offer)
    if moment.person is None or moment.update.kind != "tap" or said is None:
        return False
    call = _command(moment, said.text)
    return call is None or call.name not in commands.COMMANDS or commands.may(moment.person, call.name)


def take(moment: Moment, offer: Offer) -> None:
    """Somebody says that the words were theirs: they are taken as said by this person, with this person's rights."""
    from groupbot.intake import posts  # posts come here with what is masked, so it cannot be imported before

    said = _said(moment, offer)
    if said is None:
        return
    tapped = moment.update
    moment.queue("delete", (tapped.platform, tapped.chat_id), "", target=tapped.message_id)
    moment.update = replace(said, sender_id=tapped.sender_id, sender_name=tapped.sender_name, disguise="")
    posts.take_own(moment)


def _said(moment: Moment, offer: Offer) -> Update | None:
    """What was said; None when nothing of it is kept any more."""
    tapped, message_id = moment.update, str(offer.params["message_id"])
    if offer.params["text"]:
        return replace(
            tapped, kind="post", message_id=message_id, text=str(offer.params["text"]), token="", revision=""
        )
    raw = inbox.raw_post(moment.tx, tapped.platform, tapped.chat_id, message_id)
    return moment.parse(raw) if raw else None


def _command(moment: Moment, text: str) -> CommandCall | None:
    return read_command(text, moment.jurisdiction.command_aliases)
