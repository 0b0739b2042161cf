"""Commands by which people come on the roster: invite, join, approve, assign."""

from __future__ import annotations

from dataclasses import replace

from groupbot import enrolling, staffing, welcoming
from groupbot.commands.arguments import Arguments
from groupbot.commands.refusals import refuse_role
from groupbot.enrolling import Joined
from groupbot.moment import ASK_IN, Moment
from groupbot.records import Grant, Person, micros
from groupbot.staffing import Change
from groupbot.store import grants, invites, people
from groupbot.store.invites import LINK, Invite


def invite(moment: Moment, given: Arguments) -> None:
    """`/invite ROLE [scope] [name] [from DAY] [until DAY]`: a one-time code, told to who asks for it alone."""
    grant, person = given.grant, moment.person
    if grant is None or person is None:
        return
    if grant.role == "operator" and not person.holds("operator"):
        refuse_role(moment, "invite_operator", ("operator",))
        return
    name = " ".join(given.text.split())
    offered = replace(enrolling.offer_of(grant, name, person.id, moment.now, given.at), since=given.since)
    params = _office(moment, grant) | {
        "code": enrolling.invite(moment.tx, moment.jurisdiction, offered),
        "until": micros(offered.expires_at),
    }
    language = person.language or moment.jurisdiction.language
    if not moment.say_alone(person, "invite_code", params=params, language=language, expires=offered.expires_at):
        moment.say("invite_where", {}, buttons=ASK_IN)
    elif moment.group.kind != "private":
        moment.receipt("receipt_noted")


def join(moment: Moment, given: Arguments) -> None:
    """`/join CODE` in private binds the sender; `/join` alone from a known person gives a code for another account."""
    typed = given.text.strip()
    if not typed and moment.person is not None and moment.group.kind == "private":
        _offer_link(moment, moment.person)
    elif not typed:
        moment.say("how", {"command": "to_join"})
    else:
        joined = enrolling.join(moment, typed)
        if joined is not None:
            _welcome(moment, joined)
            moment.roster = people.load_roster(moment.tx, moment.jurisdiction.id)
            welcoming.meet(moment)
        else:
            moment.say("join_bad" if moment.group.kind == "private" else "join_where", {})


def _offer_link(moment: Moment, person: Person) -> None:
    offered = enrolling.offer_of(Grant(LINK), "", person.id, moment.now)
    code = enrolling.invite(moment.tx, moment.jurisdiction, offered)
    moment.say("link_code", {"code": code, "until": micros(offered.expires_at)})


def _welcome(moment: Moment, joined: Joined) -> None:
    if joined.invite.grant.role == LINK:
        moment.say("linked_account", {"person": joined.name})
        _tell_other_accounts(moment, joined.person_id)
        return
    key, params = _welcome_text(moment, joined.invite, joined.name, moment.language)
    moment.say("join_waits" if joined.waits else key, params)
    if joined.waits:
        _ask_second_person(moment, joined.invite, joined.name)
    elif joined.invite.grant.role == "operator" and len(moment.roster.holders("operator", moment.now)) == 0:
        moment.say("second_operator", {})


def _welcome_text(moment: Moment, invite: Invite, name: str, language: str) -> tuple[str, dict[str, object]]:
    """How somebody is told what they are now, or will be."""
    params = _office(moment, invite.grant) | {"person": name}
    if invite.since is None or invite.since <= moment.now:
        return "joined", params
    office = staffing.office(moment.jurisdiction, invite.grant, language, moment.now)
    return "joined_later", params | {"office": office, "since": micros(invite.since)}


def _tell_other_accounts(moment: Moment, person_id: int) -> None:
    """A further id was bound to somebody: their other chats hear it, in case it was not they who did it."""
    for group in moment.roster.groups("private"):
        if group.person_id == person_id:
            params = {"platform": moment.update.platform}
            moment.queue("send", (group.platform, group.chat_id), "linked_elsewhere", params=params)


def _ask_second_person(moment: Moment, invite: Invite, name: str) -> None:
    by = moment.roster.by_id(invite.created_by, moment.now)
    params = _office(moment, invite.grant) | {"person": name, "by": by.name if by else ""}
    for group in moment.roster.groups("communications"):
        moment.tell(group, "confirm_asked", params)


def _office(moment: Moment, grant: Grant) -> dict[str, object]:
    nobody = Person(0, "", "")
    return staffing.tell_params(moment.jurisdiction, Change(nobody, grant, []))


def approve(moment: Moment, given: Arguments) -> None:
    """`/approve [NAME]`: the second person's word on somebody who has joined; never on one's own invitation."""
    person = moment.person
    if person is None:
        return
    waiting = invites.unconfirmed(moment.tx, moment.jurisdiction.id)
    named = [one for one in waiting if given.person is None or one.used_by == given.person.id]
    able = [one for one in named if enrolling.may_confirm(person, one)]
    if not named:
        moment.say("approve_nobody", {})
    elif not able:
        moment.say("approve_other", {})
    elif len(able) > 1:
        found = [moment.roster.by_id(one.used_by, moment.now) for one in able]
        moment.say("which_person", {"names": [one.name for one in found if one]})
    else:
        _approve(moment, person, able[0])


def _approve(moment: Moment, person: Person, waiting: Invite) -> None:
    if waiting.used_by is None:
        return
    enrolling.grant_role(moment, waiting.used_by, waiting, confirmed_by=person.id)
    moment.receipt("receipt_noted")
    chat = moment.roster.private_chat(waiting.used_by)
    joined = moment.roster.by_id(waiting.used_by, moment.now)
    if chat is not None and joined is not None:
        language = joined.language or moment.jurisdiction.language
        key, params = _welcome_text(moment, waiting, joined.name, language)
        moment.queue("send", (chat.platform, chat.chat_id), key, params=params, language=language)


def assign(moment: Moment, given: Arguments) -> None:
    """`/assign PERSON ROLE [scope] [from DAY] [until DAY]`: hand an office over to somebody on the roster already."""
    person, grant = given.person, given.grant
    if person is None or grant is None or moment.person is None:
        return
    if grant in person.grants:
        moment.say("assign_already", _office(moment, grant) | {"person": person.name})
        return
    offered = enrolling.offer_of(grant, "", moment.person.id, moment.now, given.at)
    offered = replace(offered, since=given.since, hand_over=True)
    kept = enrolling.hand_to(moment.tx, moment.jurisdiction, offered, person, moment.now)
    if kept is None:
        return
    roster = people.load_roster(moment.tx, moment.jurisdiction.id)
    if enrolling.needs_second(moment, roster, kept, person.id):
        _ask_second_person(moment, kept, person.name)
        moment.receipt("receipt_noted")
    else:
        enrolling.grant_role(moment, person.id, kept, confirmed_by=moment.person.id)
        moment.receipt("receipt_noted")


def release(moment: Moment, given: Arguments) -> None:
    """`/release PERSON ROLE [scope]`: somebody leaves an office, and nobody need follow yet; the groups are told."""
    person, grant = given.person, given.grant
    if person is None or grant is None or moment.person is None:
        return
    if grant.role == "operator" and not moment.person.holds("operator"):
        refuse_role(moment, "invite_operator", ("operator",))
    elif grant.role == "operator" and len(moment.roster.holders("operator", moment.now)) == 1:
        moment.say("release_last_operator", {})
    else:
        _end(moment, moment.person, person, grant)


def _end(moment: Moment, by: Person, person: Person, grant: Grant) -> None:
    """End an office that is held, call off one that was to begin, or say that there is neither."""
    told = staffing.call_off(moment.tx, moment.jurisdiction, person, moment.now, grant)
    if grants.end(moment.tx, moment.jurisdiction.id, person.id, grant, moment.now, by=by.id):
        roster = people.load_roster(moment.tx, moment.jurisdiction.id)
        told += staffing.tell_end(moment.jurisdiction, roster, person, grant, moment.now)
    moment.notices += told
    if told:
        moment.receipt("receipt_noted")
    else:
        moment.say("release_nothing", _office(moment, grant) | {"person": person.name})
