"""Orders about people: put on the roster, invited, and let go; the groups are told as when it is done in a chat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from groupbot import enrolling, staffing
from groupbot.orders import rows
from groupbot.orders.desk import Desk, Given, OrderRefused, text
from groupbot.orders.rows import Row, spoken
from groupbot.records import Grant, Notice, Person
from groupbot.rules.text import fold
from groupbot.staffing import Change
from groupbot.store import grants, invites, people
from groupbot.store.grants import Term
from groupbot.store.people import Roster

MOST_ROWS = 50_000
FEW = 3  # changes that communications hear one by one; more than that are told in one line


def add(desk: Desk, given: Given) -> list[str]:
    """Put everybody of `people` (rows, each with its `line`) on the roster: all of them, or none."""
    entries = given.get("people")
    if not isinstance(entries, list) or len(entries) > MOST_ROWS:
        raise OrderRefused(f"people must be a list of at most {MOST_ROWS:,} rows")
    read = [rows.read(desk.jurisdiction, entry) for entry in entries]
    roster = people.load_roster(desk.tx, desk.jurisdiction.id)
    known = {key: person.id for person in roster.everyone(desk.now) for key in roster.identities(person.id)}
    enrolled = [(_enrol(desk, known, row), row) for row in read]
    granted: list[tuple[int, Row]] = []
    handed: list[tuple[int, Row]] = []
    for person_id, row in enrolled:
        if not _holds(desk, roster, person_id, row):
            (handed if row.since or row.cover else granted).append((person_id, row))
    for person_id, row in granted:
        grants.give(desk.tx, desk.jurisdiction.id, person_id, row.grant, Term(desk.now, row.until))
    _tell(desk, granted)
    for person_id, row in handed:
        with rows.of_line(row.line):
            _hand_over(desk, person_id, row.grant, _Span(row.since, row.until, row.cover))
    return [f"{row.person.name}: {spoken(row.grant)}" for row in read]


def _holds(desk: Desk, roster: Roster, person_id: int, row: Row) -> bool:
    person = roster.by_id(person_id, desk.now)
    return person is not None and row.grant in map(staffing.plain, person.grants)


def _enrol(desk: Desk, known: dict[tuple[str, str], int], row: Row) -> int:
    """The row id of a person added, or of whoever has one of the ids already."""
    jurisdiction_id = desk.jurisdiction.id
    owners = {known[key] for key in row.ids if key in known}
    if len(owners) > 1:
        raise OrderRefused(f"the accounts of {row.person.name} belong to different people: end one of them first")
    person_id = next(iter(owners), None)
    if person_id is None:
        bare = Person(0, row.person.name, row.person.called, row.person.language)
        person_id = people.add_person(desk.tx, jurisdiction_id, bare, desk.now)
    for platform, user in row.ids:
        if (platform, user) not in known:
            people.add_identity(desk.tx, jurisdiction_id, person_id, (platform, user, row.person.name), desk.now)
            known[platform, user] = person_id
    return person_id


def _tell(desk: Desk, added: list[tuple[int, Row]]) -> None:
    """The departments hear who is theirs now; communications hear of everybody, of many in one line."""
    roster = people.load_roster(desk.tx, desk.jurisdiction.id)
    told: list[Notice] = []
    for person_id, row in added:
        person = roster.by_id(person_id, desk.now)
        if person is not None:
            told += staffing.tell(desk.jurisdiction, roster, Change(person, row.grant, []), desk.now)
    if len(added) <= FEW:
        desk.notices.extend(told)
        return
    offices = {(group.platform, group.chat_id): group for group in roster.groups("communications")}
    desk.notices.extend(notice for notice in told if (notice.platform, notice.chat_id) not in offices)
    for group in offices.values():
        stamp = f"order|{desk.inbox_id}"
        desk.notices.append(staffing.line(desk.jurisdiction, group, "staff_many", {"count": len(added)}, stamp))


def assign(desk: Desk, given: Given) -> list[str]:
    """Hand an office to somebody of the roster, from a first day and until a last one if they are given.

    With `cover` they only stand in: for an office of a department, until a day.
    """
    ours = desk.jurisdiction
    roster = people.load_roster(desk.tx, ours.id)
    person, grant = _person(desk, roster, text(given, "who")), rows.grant(ours, given)
    if grant in person.grants:
        raise OrderRefused(f"{person.name} is {spoken(grant)} already")
    since, until = rows.since(ours, text(given, "from")), rows.until(ours, text(given, "until"))
    cover = bool(given.get("cover"))
    _hand_over(desk, person.id, grant, _Span(since, until, cover))
    return [f"{person.name} stands in: {spoken(grant)}" if cover else f"{person.name}: {spoken(grant)}"]


@dataclass(frozen=True, slots=True)
class _Span:
    """From when and until when (aware UTC), None for now and for open-ended; `cover`: only standing in."""

    since: datetime | None
    until: datetime | None
    cover: bool


def _hand_over(desk: Desk, person_id: int, grant: Grant, span: _Span) -> None:
    roster = people.load_roster(desk.tx, desk.jurisdiction.id)
    person = roster.by_id(person_id, desk.now)
    assert person is not None
    if span.until is not None and span.until <= (span.since or desk.now):
        raise OrderRefused("the last day must come after the first one, and after today")
    if span.cover:
        _cover(desk, roster, person, grant, span.until if span.since is None else None)
        return
    offered = enrolling.offer_of(grant, "", None, desk.now, span.until)
    offered = replace(offered, since=span.since, hand_over=True)
    kept = enrolling.hand_to(desk.tx, desk.jurisdiction, offered, person, desk.now)
    if kept is None or not invites.confirm(desk.tx, kept, person.id):
        raise OrderRefused("that was done already")
    desk.notices.extend(staffing.begin(desk.tx, desk.jurisdiction, replace(kept, confirmed_by=person.id), desk.now))


def _cover(desk: Desk, roster: Roster, person: Person, grant: Grant, until: datetime | None) -> None:
    if grant.service_code is None or until is None:
        raise OrderRefused("cover is for an office of a department, from now on, with a last day: --until")
    until -= timedelta(minutes=1)  # told with its hour: the last minute of that day, not the next day's midnight
    covered = staffing.predecessors(roster, grant, desk.now)
    standing = replace(grant, acting_for=covered[0].id if covered else None)
    grants.give(desk.tx, desk.jurisdiction.id, person.id, standing, Term(desk.now, until))
    change = Change(person, standing, [one.called for one in covered[:1]], until, stands_in=True)
    desk.notices.extend(staffing.tell(desk.jurisdiction, roster, change, desk.now))


def invite(desk: Desk, given: Given) -> list[str]:
    """A one-time code for a role, good for a day."""
    grant = rows.grant(desk.jurisdiction, given)
    until = rows.until(desk.jurisdiction, text(given, "until"))
    offered = enrolling.offer_of(grant, text(given, "name"), None, desk.now, until)
    return [f"/join {enrolling.invite(desk.tx, desk.jurisdiction, offered)}"]


def end(desk: Desk, given: Given) -> list[str]:
    """End one role of a person, or all; with `unbind` their accounts are nobody's any more (a lost telephone)."""
    roster = people.load_roster(desk.tx, desk.jurisdiction.id)
    person = _person(desk, roster, text(given, "who"))
    wanted = rows.grant(desk.jurisdiction, given) if text(given, "role") else None
    ending = [one for one in person.grants if wanted in (None, staffing.plain(one))]
    called_off = staffing.call_off(desk.tx, desk.jurisdiction, person, desk.now, wanted)
    if wanted is not None and not ending and not called_off:
        raise OrderRefused(f"{person.name} is not {spoken(wanted)}")
    for one in ending:
        grants.end(desk.tx, desk.jurisdiction.id, person.id, one, desk.now, by=0)
    said = [f"{person.name}: no longer {spoken(one)}" for one in ending]
    if given.get("unbind"):
        people.unbind(desk.tx, desk.jurisdiction.id, person.id, desk.now)
        said += [f"{person.name}: no longer {platform}:{user}" for platform, user in roster.identities(person.id)]
    if called_off:
        desk.notices.extend(called_off)
        said.append(f"{person.name}: what was planned is called off")
    after = people.load_roster(desk.tx, desk.jurisdiction.id)
    for one in ending:
        desk.notices.extend(staffing.tell_end(desk.jurisdiction, after, person, one, desk.now))
    return said or [f"{person.name} holds no role"]


def _person(desk: Desk, roster: Roster, who: str) -> Person:
    """The one person of that name, or of that account (telegram:77). Raises OrderRefused."""
    platform, _, user = who.partition(":")
    by_account = roster.person(platform, user, desk.now) if platform in rows.PLATFORMS else None
    if by_account is not None:
        return by_account
    found = [person for person in roster.everyone(desk.now) if fold(person.name) == fold(who)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise OrderRefused(f"nobody is called '{who}'; `groupbot people list` shows everybody")
    raise OrderRefused(f"{len(found)} people are called '{who}': name one by an account, as telegram:77")
