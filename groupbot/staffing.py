"""Who holds which office: what the groups are told when it changes, when a term ends by itself, and who is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Grant, Group, Notice, Person, instant, micros
from groupbot.rules import worktime
from groupbot.store import grants, hot, inbox, invites, people
from groupbot.store.database import Tx
from groupbot.store.grants import Term
from groupbot.store.invites import Invite
from groupbot.store.people import Roster


@dataclass(frozen=True, slots=True)
class Change:
    """Who holds which role, after whom, until when (None: open) and from when on (None: now); or only stands in."""

    person: Person
    grant: Grant
    previous: list[str]
    until: datetime | None = None
    since: datetime | None = None
    stands_in: bool = False


def plain(grant: Grant) -> Grant:
    """The role and scope alone, whether held or stood in for."""
    return replace(grant, acting_for=None)


# --- what the groups are told -----------------------------------------------------------------------------------------


def tell(jurisdiction: Jurisdiction, roster: Roster, change: Change, now: datetime) -> list[Notice]:
    """The lines that tell a change of staff: in the department's group where it concerns one, and to communications."""
    key = "staff_cover" if change.stands_in else ("staff_handover" if change.previous else "staff_now")
    return _lines(jurisdiction, roster, key, change, now)


def _lines(jurisdiction: Jurisdiction, roster: Roster, key: str, change: Change, now: datetime) -> list[Notice]:
    said, stamp = tell_params(jurisdiction, change), _stamp(change.person, change.grant, now)
    lines = []
    for group in _concerned(roster, change.grant):
        language = group.language or jurisdiction.language
        term = jurisdiction.catalogue.text("staff_term", language, said, now)
        worded = {"office": office(jurisdiction, change.grant, language, now), "term": term}
        lines.append(line(jurisdiction, group, key, said | worded, stamp))
    return lines


def office(jurisdiction: Jurisdiction, grant: Grant, language: str, now: datetime) -> str:
    """An office as it is called inside a sentence."""
    said = tell_params(jurisdiction, Change(Person(0, "", ""), grant, []))
    said["called"] = jurisdiction.catalogue.term(f"role.{grant.role}", language)
    return jurisdiction.catalogue.text("staff_office", language, said, now)


def tell_end(jurisdiction: Jurisdiction, roster: Roster, person: Person, grant: Grant, at: datetime) -> list[Notice]:
    """The lines that tell that somebody's role ended at `at` (aware UTC), and who holds it from then on, if anybody."""
    after = [one.called for one in roster.holders(grant.role, at) if plain(grant) in map(plain, one.grants)]
    said = tell_params(jurisdiction, Change(person, grant, after))
    stamp = _stamp(person, grant, at)
    not_before = worktime.next_open(at, jurisdiction.calendar)
    return [
        replace(line(jurisdiction, group, "staff_ended", said, stamp), not_before=not_before)
        for group in _concerned(roster, grant)
    ]


def tell_params(jurisdiction: Jurisdiction, change: Change) -> dict[str, object]:
    """What the texts about staff are filled with; `scope` chooses their form."""
    grant = change.grant
    said: dict[str, object] = {
        "person": change.person.name,
        "role": f"role.{grant.role}",
        "scope": jurisdiction.protocol.roles[grant.role].scope,
        "department": f"department.{grant.service_code}",
        "place": grant.ward or grant.sub_county or "",
        "previous": change.previous,
    }
    if change.until:
        said["until"] = micros(change.until)
        said["last_day"] = micros(change.until) - 1
    if change.since:
        said["since"] = micros(change.since)
    return said


def line(jurisdiction: Jurisdiction, group: Group, key: str, said: dict[str, object], stamp: str) -> Notice:
    """One line about staff for a group; the same `stamp` again is the same line."""
    dedup_key = f"{key}|{stamp}|{group.platform}|{group.chat_id}"
    language = group.language or jurisdiction.language
    return Notice(group.platform, group.chat_id, "send", dedup_key, key=key, params=said, language=language)


def _concerned(roster: Roster, grant: Grant) -> Iterable[Group]:
    departments = roster.groups("department", grant.service_code) if grant.service_code else ()
    return [*departments, *roster.groups("communications")]


def _stamp(person: Person, grant: Grant, at: datetime) -> str:
    return f"{person.id}|{grant.role}|{grant.service_code}|{grant.ward}|{grant.sub_county}|{micros(at)}"


# --- offices that begin -----------------------------------------------------------------------------------------------


def begin(tx: Tx, jurisdiction: Jurisdiction, invite: Invite, now: datetime) -> list[Notice]:
    """Let a confirmed office begin, now or on its day; an earlier plan for it is dropped. Gives the lines that tell it.

    Raises ValueError for an invitation that nobody has used or confirmed.
    """
    for plan in invites.planned(tx, jurisdiction.id):
        same = plan.grant == invite.grant and (invite.hand_over or plan.used_by == invite.used_by)
        if same and plan.id != invite.id:
            invites.settle(tx, plan, now)
    if invite.since is not None and invite.since > now:
        return _tell_planned(jurisdiction, people.load_roster(tx, jurisdiction.id), "staff_planned", invite, now)
    invites.settle(tx, invite, now)
    return take_up(tx, jurisdiction, invite, now)


def take_up(tx: Tx, jurisdiction: Jurisdiction, invite: Invite, now: datetime) -> list[Notice]:
    """Give a confirmed office, from its beginning on, and end the predecessor's where it is a hand-over; who is told.

    Raises ValueError for an invitation that nobody has used or confirmed.
    """
    if invite.used_by is None or invite.confirmed_by is None:
        raise ValueError("only a confirmed office can be taken up")
    since = min(invite.since or now, now)
    roster = people.load_roster(tx, jurisdiction.id)
    before = predecessors(roster, invite.grant, now) if invite.hand_over else []
    for person in before:
        grants.end(tx, jurisdiction.id, person.id, invite.grant, since, by=invite.confirmed_by)
    term = Term(since, invite.until, invite.created_by, invite.confirmed_by)
    grants.give(tx, jurisdiction.id, invite.used_by, invite.grant, term)
    roster = people.load_roster(tx, jurisdiction.id)
    newcomer = roster.by_id(invite.used_by, now)
    if newcomer is None:
        return []
    previous = [other.called for other in before if other.id != invite.used_by]
    return tell(jurisdiction, roster, Change(newcomer, invite.grant, previous, invite.until), now)


def predecessors(roster: Roster, grant: Grant, now: datetime) -> list[Person]:
    """Who holds this very role and scope at `now`, not counting those who stand in."""
    return [person for person in roster.holders(grant.role, now) if grant in person.grants]


def call_off(
    tx: Tx, jurisdiction: Jurisdiction, person: Person, now: datetime, grant: Grant | None = None
) -> list[Notice]:
    """Call off what was planned for a person, of one office or all; the lines that tell it."""
    roster, told = people.load_roster(tx, jurisdiction.id), list[Notice]()
    for plan in invites.planned(tx, jurisdiction.id):
        if plan.used_by == person.id and grant in (None, plan.grant):
            invites.settle(tx, plan, now)
            told += _tell_planned(jurisdiction, roster, "staff_called_off", plan, now)
    return told


def _tell_planned(jurisdiction: Jurisdiction, roster: Roster, key: str, invite: Invite, now: datetime) -> list[Notice]:
    newcomer = roster.by_id(invite.used_by, now)
    if newcomer is None:
        return []
    before = predecessors(roster, invite.grant, now) if invite.hand_over else []
    previous = [other.called for other in before if other.id != newcomer.id]
    change = Change(newcomer, invite.grant, previous, invite.until, since=invite.since)
    return _lines(jurisdiction, roster, key, change, now)


class Plans:
    """Lets offices begin that were planned: at their moment, or as soon as the bot runs again."""

    def __init__(self, jurisdiction: Jurisdiction) -> None:
        self.jurisdiction = jurisdiction

    def next_due(self, tx: Tx, now: datetime) -> datetime | None:
        """When the next planned office begins (aware UTC, perhaps past)."""
        return next((plan.since for plan in invites.planned(tx, self.jurisdiction.id)), None)

    def run(self, tx: Tx, now: datetime) -> None:
        """Give every office that has begun by now; the groups are told in working time."""
        open_from = worktime.next_open(now, self.jurisdiction.calendar)
        for plan in invites.planned(tx, self.jurisdiction.id):
            if plan.since is not None and plan.since <= now:
                invites.settle(tx, plan, now)
                told = take_up(tx, self.jurisdiction, plan, now)
                hot.queue(tx, [replace(notice, not_before=open_from) for notice in told], now)


# --- terms that end by themselves -------------------------------------------------------------------------------------


class Terms:
    """Tells the end of each term and cover when it comes; the right itself ends at that very moment by its dates."""

    def __init__(self, jurisdiction: Jurisdiction) -> None:
        self.jurisdiction = jurisdiction

    def next_due(self, tx: Tx, now: datetime) -> datetime | None:
        """When the next term ends that nobody was told of (aware UTC, perhaps past)."""
        return grants.next_lapse(tx, self.jurisdiction.id, self._told_until(tx, now))

    def run(self, tx: Tx, now: datetime) -> None:
        """Tell every term that has ended by now."""
        roster = people.load_roster(tx, self.jurisdiction.id)
        notices: list[Notice] = []
        for person_id, grant, ended in grants.lapsed(tx, self.jurisdiction.id, self._told_until(tx, now), now):
            person = roster.by_id(person_id, now)
            if person is not None and plain(grant) not in map(plain, person.grants):
                notices += tell_end(self.jurisdiction, roster, person, grant, ended)
        hot.queue(tx, notices, now)
        inbox.set_state(tx, self._name, str(micros(now)))

    @property
    def _name(self) -> str:
        return f"terms_told:{self.jurisdiction.id}"

    def _told_until(self, tx: Tx, now: datetime) -> datetime:
        kept = inbox.get_state(tx, self._name)
        return instant(int(kept)) if kept else instant(0)


# --- who is missing ---------------------------------------------------------------------------------------------------


def vacancies(jurisdiction: Jurisdiction, roster: Roster, now: datetime) -> list[Grant]:
    """The offices that the protocol counts on and nobody holds: coordinators of departments, admins of wards."""
    protocol = jurisdiction.protocol
    wanted = [
        Grant("coordinator", service_code=code)
        for code in protocol.departments
        if not roster.holders("coordinator", now, code)
    ]
    held = {grant.ward for person in roster.holders("ward_admin", now) for grant in person.grants}
    return [*wanted, *(Grant("ward_admin", ward=ward) for ward in protocol.wards if ward not in held)]
