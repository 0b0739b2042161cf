"""People come on the roster, take up roles, hand them over, and stand in for each other; the groups are told.

A role is bound to a platform's user id by a one-time code, never to a name. Roles that the pack marks need a second
person's word.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from groupbot import staffing
from groupbot.jurisdiction import Jurisdiction
from groupbot.moment import WAITS, Moment
from groupbot.records import Grant, Group, Notice, Person, micros
from groupbot.rules import invites as codes
from groupbot.rules.invites import LIFETIME
from groupbot.rules.names import called
from groupbot.rules.text import clean
from groupbot.staffing import Change, tell
from groupbot.store import chats, grants, hot, invites, outbox, people
from groupbot.store.database import Tx
from groupbot.store.grants import Term
from groupbot.store.invites import LINK, Invite
from groupbot.store.people import Roster

STEWARDS = ("communications", "operator")  # who may invite, and who may confirm
NO_MORE = "private_no_more"  # the one line for a private chat into which others have come
_LONGEST_NAME = 80  # characters


@dataclass(frozen=True, slots=True)
class Joined:
    """Who has joined, as what; `waits` says that a second person must still confirm it."""

    person_id: int
    name: str
    invite: Invite
    waits: bool


def invite(tx: Tx, jurisdiction: Jurisdiction, offered: Invite) -> str:
    """Make a one-time code; it is shown once and only its hash is kept. The record's own id is ignored."""
    code = codes.spell(jurisdiction.salt())
    invites.add(tx, jurisdiction.id, codes.digest(jurisdiction.id, codes.read(code) or ""), offered)
    return code


def offer_of(grant: Grant, name: str, by: int | None, now: datetime, until: datetime | None = None) -> Invite:
    """An invitation to a role, made now, for the lifetime of a code."""
    return Invite(0, grant, name[:_LONGEST_NAME], until, by, now, now + LIFETIME)


def first_operator(tx: Tx, jurisdiction: Jurisdiction, now: datetime) -> str | None:
    """The code by which the first operator joins, to be printed where only the operator looks; None once there is one.

    A code that was printed before and not used stays good until it lapses.
    """
    if people.load_roster(tx, jurisdiction.id).holders("operator", now):
        return None
    return invite(tx, jurisdiction, offer_of(Grant("operator"), "", None, now))


def join(moment: Moment, typed: str) -> Joined | None:
    """Use a code: bind whoever typed it. None for a code that is wrong, used, lapsed, or shown to others."""
    signs = codes.read(typed)
    digest = codes.digest(moment.jurisdiction.id, signs) if signs else ""
    found = invites.open_by_hash(moment.tx, moment.jurisdiction.id, digest, moment.now)
    if found is None:
        return None
    if moment.group.kind != "private":
        invites.burn(moment.tx, found, moment.now)
        return None
    if found.grant.role == LINK and moment.person is not None:
        return None
    person_id = _person_behind(moment, found)
    if not invites.use(moment.tx, found, person_id, moment.now):
        return None
    _bind(moment, person_id)
    return _settle(moment, person_id, found)


def meet(moment: Moment) -> bool:
    """A known person writes alone for the first time: from now on the bot can write back there.

    Returns whether something waited for that, and is said now.
    """
    if moment.person is None:
        return False
    waited = outbox.waits_for(moment.tx, moment.person.id, moment.now)
    _bind(moment, moment.person.id)
    moment.roster = people.load_roster(moment.tx, moment.jurisdiction.id)
    moment.group = moment.roster.group(moment.update.platform, moment.update.chat_id) or moment.group
    return waited


def follow(moment: Moment) -> None:
    """Somebody writes alone in another chat of theirs than before: from now on the bot writes back there."""
    group, person = moment.group, moment.person
    if group.person_id is None or person is None or person.id != group.person_id or moment.update.kind != "post":
        return
    if moment.roster.private_chat(person.id) != group:
        people.choose(moment.tx, moment.jurisdiction.id, group.chat_pk, moment.now)
        moment.roster = people.load_roster(moment.tx, moment.jurisdiction.id)


def come_or_gone(moment: Moment) -> None:
    """Its person has left a private chat, so that nobody would hear what is said there; or somebody else has come."""
    group, change, person = moment.group, moment.update.change, moment.person
    if group.person_id is None:
        return
    own = person is not None and person.id == group.person_id
    if change == "joined" and not own and not moment.update.private:
        joined_by_others(moment.tx, moment.jurisdiction, group, moment.now)
        moment.roster = people.load_roster(moment.tx, moment.jurisdiction.id)
    elif change == "left" and own:
        chats.part(moment.tx, moment.jurisdiction.id, group, moment.now + WAITS, moment.now)
        moment.roster = people.load_roster(moment.tx, moment.jurisdiction.id)


def joined_by_others(tx: Tx, jurisdiction: Jurisdiction, group: Group, now: datetime) -> None:
    """Others have come into somebody's private chat: nothing is said there any more, and another is asked for.

    The bot leaves it, so that it cannot become private again unseen when the others go.
    """
    if group.person_id is None or not chats.part(tx, jurisdiction.id, group, now + WAITS, now):
        return
    person = people.load_roster(tx, jurisdiction.id).by_id(group.person_id, now)
    language = (person.language if person else "") or jurisdiction.language
    place, once = (group.platform, group.chat_id), f"{NO_MORE}|{group.platform}|{group.chat_id}|{micros(now)}"
    notices = [
        Notice(*place, "send", once, key=NO_MORE, language=language),
        Notice(*place, "decline", f"{once}|left"),
    ]
    hot.queue(tx, notices, now)


def _person_behind(moment: Moment, found: Invite) -> int:
    if moment.person is not None:
        return moment.person.id
    if found.grant.role == LINK and found.created_by is not None:
        return found.created_by
    name = (found.name or clean(moment.update.sender_name).strip() or moment.update.sender_id)[:_LONGEST_NAME]
    new = Person(0, name, called(name, moment.jurisdiction.titles) or name)
    return people.add_person(moment.tx, moment.jurisdiction.id, new, moment.now)


def _bind(moment: Moment, person_id: int) -> None:
    update = moment.update
    if moment.person is None:
        user = (update.platform, update.sender_id, update.sender_name)
        people.add_identity(moment.tx, moment.jurisdiction.id, person_id, user, moment.now)
    if moment.roster.group(update.platform, update.chat_id) is None:
        chat = Group(0, update.platform, update.chat_id, "private", update.sender_name, person_id=person_id)
        people.bind_chat(moment.tx, moment.jurisdiction.id, chat, moment.now)


def _settle(moment: Moment, person_id: int, found: Invite) -> Joined:
    """Give the role at once where nobody else need confirm it."""
    roster = people.load_roster(moment.tx, moment.jurisdiction.id)
    person = roster.by_id(person_id, moment.now)
    name = person.name if person else ""
    if found.grant.role == LINK:
        invites.confirm(moment.tx, found, person_id)
        return Joined(person_id, name, found, waits=False)
    waits = needs_second(moment, roster, found, person_id)
    if not waits:
        grant_role(moment, person_id, found, confirmed_by=found.created_by or person_id)
    return Joined(person_id, name, found, waits)


def needs_second(moment: Moment, roster: Roster, found: Invite, person_id: int) -> bool:
    """Whether a second person must confirm: the pack says so, and there is somebody who could.

    A code made on the bot's own machine has no maker in the chats: whoever runs the machine needs no second word.
    """
    if found.created_by is None or not moment.jurisdiction.protocol.roles[found.grant.role].second_person:
        return False
    able = {person.id for role in STEWARDS for person in roster.holders(role, moment.now)}
    return bool(able - {person_id, found.created_by})


def may_confirm(person: Person, found: Invite) -> bool:
    """Whether this person's word is the second one: neither who made the invitation nor who used it."""
    return any(person.holds(role) for role in STEWARDS) and person.id not in (found.created_by, found.used_by)


def grant_role(moment: Moment, person_id: int, found: Invite, *, confirmed_by: int) -> None:
    """Give what an invitation promises, or keep it for its day; an earlier plan for the office is dropped."""
    if not invites.confirm(moment.tx, found, confirmed_by):
        return
    confirmed = replace(found, used_by=person_id, confirmed_by=confirmed_by)
    moment.notices += staffing.begin(moment.tx, moment.jurisdiction, confirmed, moment.now)


def hand_to(tx: Tx, jurisdiction: Jurisdiction, offered: Invite, person: Person, now: datetime) -> Invite | None:
    """Keep an invitation as used by somebody who is on the roster already; it waits to be confirmed."""
    code = invite(tx, jurisdiction, offered)
    kept = invites.open_by_hash(tx, jurisdiction.id, codes.digest(jurisdiction.id, codes.read(code) or ""), now)
    if kept is None or not invites.use(tx, kept, person.id, now):
        return None
    return replace(kept, used_by=person.id)


def cover(moment: Moment, grant: Grant, person: Person, until: datetime) -> None:
    """Let a person of the roster stand in until a day; `grant.acting_for` says for whom."""
    by = moment.person.id if moment.person else None
    grants.give(moment.tx, moment.jurisdiction.id, person.id, grant, Term(moment.now, until, by, by))
    covered = moment.roster.by_id(grant.acting_for, moment.now)
    change = Change(person, grant, [covered.called] if covered else [], until, stands_in=True)
    moment.notices += tell(moment.jurisdiction, moment.roster, change, moment.now)
