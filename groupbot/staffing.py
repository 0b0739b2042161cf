"""Who holds which office: what the groups are told when it changes, when a term ends by itself, and who is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Grant, Group, Notice, Person, instant, micros
from groupbot.rules import worktime
from groupbot.store import grants, hot, inbox, people
from groupbot.store.database import Tx
from groupbot.store.people import Roster


@dataclass(frozen=True, slots=True)
class Change:
    """Who now holds which role, after whom; `until` where they only stand in."""

    person: Person
    grant: Grant
    previous: list[str]
    until: datetime | None = None


def plain(grant: Grant) -> Grant:
    """The role and scope alone, whether held or stood in for."""
    return replace(grant, acting_for=None)


# --- what the groups are told -----------------------------------------------------------------------------------------


def tell(jurisdiction: Jurisdiction, roster: Roster, change: Change, now: datetime) -> list[Notice]:
    """The lines that tell a change of staff: in the department's group where it concerns one, and to communications."""
    key = "staff_cover" if change.until else ("staff_handover" if change.previous else "staff_now")
    said = tell_params(jurisdiction, change)
    stamp = _stamp(change.person, change.grant, now)
    return [line(jurisdiction, group, key, said, stamp) for group in _concerned(roster, change.grant)]


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
