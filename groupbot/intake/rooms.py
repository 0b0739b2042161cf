"""What happens to a chat itself: the bot is invited, locked out by encryption, or sent on to a new room."""

from __future__ import annotations

from datetime import timedelta

from groupbot.enrolling import STEWARDS
from groupbot.moment import Moment
from groupbot.records import Button, Group, Person
from groupbot.store import moving, offers, people
from groupbot.store.offers import Offer


def invited(moment: Moment) -> None:
    """Come where stewards of the roster or the county's own space invite, or a person alone; else decline and say why.

    Alone means a chat for two; a stranger who is at home on the bot's own server may have a code to join with.
    """
    update = moment.update
    if update.token == "encrypted":
        _decline(moment, "invite_encrypted")
    elif _may_invite(moment):
        moment.queue("accept", (update.platform, update.chat_id), "")
    else:
        _decline(moment, "invite_unknown")


def _may_invite(moment: Moment) -> bool:
    update = moment.update
    if update.private:
        return moment.person is not None or update.token == "local"
    return update.token in ("space", "upgrade") or is_steward(moment.person)


def _decline(moment: Moment, key: str) -> None:
    """The reason goes with the refusal, where whoever invited can read it."""
    update = moment.update
    reason = moment.jurisdiction.catalogue.text(key, moment.language, {}, moment.now)
    moment.queue("decline", (update.platform, update.chat_id), "", params={"reason": reason})


def is_steward(person: Person | None) -> bool:
    """Whether somebody may connect the bot with chats."""
    return person is not None and any(person.holds(role) for role in STEWARDS)


def encrypted(moment: Moment) -> None:
    """The bot can no longer read what is written in a bound chat: the staff are told what to do."""
    if moment.group.chat_pk:
        _tell_staff(moment, "room_encrypted")


def knocked(moment: Moment) -> None:
    """Somebody asks to be let into a bound chat: whoever keeps it is told."""
    if moment.group.chat_pk:
        _tell_staff(moment, "knocks")


def upgraded(moment: Moment) -> None:
    """Another room has taken a bound one's place: the bot goes there when a steward says that it is genuine."""
    update = moment.update
    if not moment.group.chat_pk or not update.moved_to:
        return
    moment.queue("accept", (update.platform, update.moved_to), "")
    for group in moment.roster.groups("communications"):
        token = moment.jurisdiction.salt().hex()
        params = {"platform": update.platform, "old": update.chat_id, "new": update.moved_to}
        offer = Offer(0, token, "upgrade", params, None, None, None, group.platform, group.chat_id)
        offers.add(moment.tx, offer, moment.now, moment.now + timedelta(days=30))
        _tell(moment, group, "upgraded", buttons=(Button("button_yes", token),))


def take_upgrade(moment: Moment, offer: Offer) -> None:
    """A steward says that the new room is genuine: everything bound to the old one goes on there, once."""
    platform, old, new = (str(offer.params[name]) for name in ("platform", "old", "new"))
    group = moment.roster.group(platform, old)
    if group is None or not moving.move_chat(moment.tx, moment.jurisdiction.id, (platform, old), new, moment.now):
        return
    moment.roster = people.load_roster(moment.tx, moment.jurisdiction.id)
    moment.queue("accept", (platform, new), "")
    moment.say("upgrade_done", {"group": group.title})


def _tell_staff(moment: Moment, key: str) -> None:
    for group in moment.roster.groups("communications"):
        if (group.platform, group.chat_id) != (moment.update.platform, moment.update.chat_id) or key == "knocks":
            _tell(moment, group, key)


def _tell(moment: Moment, group: Group, key: str, **more: object) -> None:
    called = moment.person.name if moment.person else (moment.update.sender_name or moment.update.sender_id)
    moment.tell(group, key, {"group": moment.group.title, "person": called}, **more)
