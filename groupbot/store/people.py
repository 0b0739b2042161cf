"""Who is on the roster, what they may do, and which chats the bot is bound to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from groupbot.records import Grant, Group, GroupKind, Person, Stage, instant, micros
from groupbot.store import outbox, pilots
from groupbot.store.database import Tx
from groupbot.store.tables import IDENTITY, PERSON, ROLE_GRANT


@dataclass(frozen=True, slots=True)
class _Term:
    """A grant with the time it holds for, in UTC microseconds; `until` None means open-ended."""

    grant: Grant
    since: int
    until: int | None

    def holds(self, now: int) -> bool:
        """Whether it holds at that time (UTC microseconds)."""
        return self.since <= now and (self.until is None or now < self.until)

    def is_of(self, roles: Collection[str], place: tuple[str, str]) -> bool:
        """Whether it gives one of the roles at a place: a department and a ward."""
        code, ward = place
        return self.grant.role in roles and self.grant.service_code in (None, code) and self.grant.ward in (None, ward)


@dataclass(frozen=True, slots=True)
class _Entry:
    id: int
    name: str
    called: str
    language: str
    terms: tuple[_Term, ...]
    whole: Person  # with all the grants: as long as all of them hold, which is nearly always
    since: int  # for that long, in UTC microseconds
    until: int | None

    @classmethod
    def of(cls, row: Any, terms: tuple[_Term, ...]) -> _Entry:
        """A row of the table of people, and its terms."""
        known = (row.id, row.name, row.called, row.language)
        ends = [term.until for term in terms if term.until is not None]
        whole = Person(*known, tuple(term.grant for term in terms))
        return cls(*known, terms, whole, max((term.since for term in terms), default=0), min(ends, default=None))

    def may_hold(self, role: str, service_code: str | None) -> bool:
        """Whether some term, whenever it holds, gives the role there."""
        for term in self.terms:
            if term.grant.role == role and (service_code is None or term.grant.service_code in (None, service_code)):
                return True
        return False

    def at(self, now: int) -> Person:
        """The person with the grants that hold at that time (UTC microseconds)."""
        if self.since <= now and (self.until is None or now < self.until):
            return self.whole
        grants = tuple(term.grant for term in self.terms if term.holds(now))
        return Person(self.id, self.name, self.called, self.language, grants)


@dataclass(frozen=True, slots=True)
class Roster:
    """People and chats as they were at one version of the roster, kept in memory between posts."""

    version: int
    _people: dict[int, _Entry]
    _identities: dict[tuple[str, str], int]
    _accounts: dict[int, list[tuple[str, str]]]  # the same by the person
    _groups: dict[tuple[str, str], Group]
    _kinds: dict[str, tuple[Group, ...]]  # the same by their kind
    _private: dict[int, Group]
    _holders: dict[str, tuple[_Entry, ...]]  # role -> who may hold it at some time
    _moved: dict[tuple[str, str], tuple[str, str]]  # a chat's old id -> the one it has now
    stages: tuple[Stage, ...] = ()  # of the pilot, as they were set
    _known: dict[tuple[str, str | None], tuple[_Entry, ...]] = field(default_factory=dict)  # of _holders, asked so far

    def person(self, platform: str, user_id: str, now: datetime) -> Person | None:
        """The person behind a platform's user id, with the grants that hold at `now`."""
        person_id = self._identities.get((platform, user_id))
        return None if person_id is None else self.by_id(person_id, now)

    def by_id(self, person_id: int | None, now: datetime) -> Person | None:
        """The person of that id, with the grants that hold at `now`."""
        entry = self._people.get(person_id) if person_id is not None else None
        return None if entry is None else entry.at(micros(now))

    def group(self, platform: str, chat_id: str) -> Group | None:
        """The bound chat of that id, or of the id it had before the platform gave it another."""
        return self._groups.get((platform, chat_id)) or self._groups.get(self._moved.get((platform, chat_id), ("", "")))

    def groups(self, kind: GroupKind, service_code: str | None = None) -> Iterator[Group]:
        """All bound chats of a kind, in the order in which they were bound."""
        for group in self._kinds.get(kind, ()):
            if service_code in (None, group.service_code):
                yield group

    def private_chat(self, person_id: int) -> Group | None:
        """Where the bot may write to a person alone: of several chats the one in which they wrote last."""
        return self._private.get(person_id)

    def holders(self, role: str, now: datetime, service_code: str | None = None) -> list[Person]:
        """Everyone who holds a role at `now`, in one department where it is named; who is covered for comes last."""
        stamp = micros(now)
        people = (entry.at(stamp) for entry in self._candidates(role, service_code))
        found = [person for person in people if person.holds(role, service_code=service_code)]
        if len(found) <= 1:
            return found
        covered = {grant.acting_for for person in found for grant in person.grants if grant.role == role}
        return sorted(found, key=lambda person: person.id in covered)

    def in_office_since(
        self, person_id: int, roles: Collection[str], place: tuple[str, str], now: datetime
    ) -> datetime | None:
        """Since when a person has held one of the roles (aware UTC) at a place: a department and a ward.

        Terms that follow each other are one; who was stood in for is back since that ended. None for who holds none.
        """
        stamp = micros(now)
        entry = self._people.get(person_id)
        own = [term for term in entry.terms if term.is_of(roles, place)] if entry else []
        since = min((term.since for term in own if term.holds(stamp)), default=None)
        if since is None:
            return None
        for term in sorted(own, key=lambda one: one.since, reverse=True):
            if term.since < since and term.until is not None and term.until >= since:
                since = term.since
        others = [term for role in roles for other in self._holders.get(role, ()) for term in other.terms]
        away = [term for term in others if term.grant.acting_for == person_id and term.is_of(roles, place)]
        back = [term.until for term in away if term.until is not None and term.until <= stamp]
        return instant(max(since, *back)) if back else instant(since)

    def _candidates(self, role: str, service_code: str | None) -> tuple[_Entry, ...]:
        known = self._known.get((role, service_code))
        if known is None:
            known = tuple(entry for entry in self._holders.get(role, ()) if entry.may_hold(role, service_code))
            self._known[role, service_code] = known
        return known

    def everyone(self, now: datetime) -> list[Person]:
        """All people with the grants that hold at `now`, in the order in which they were enrolled."""
        stamp = micros(now)
        return [entry.at(stamp) for entry in self._people.values()]

    def identities(self, person_id: int) -> list[tuple[str, str]]:
        """The platform ids bound to a person: (platform, user id)."""
        return list(self._accounts.get(person_id, ()))


def roster_version(tx: Tx, jurisdiction_id: str) -> int:
    """How often the roster has been changed; 0 when it never was."""
    return int(tx.scalar("SELECT version FROM roster_version WHERE jurisdiction_id = ?", (jurisdiction_id,)) or 0)


def load_roster(tx: Tx, jurisdiction_id: str, version: int | None = None) -> Roster:
    """The roster as it stands: some hundred people, read again only when its version (if known: `version`) has moved.

    Only a committed one is kept: a version that is rolled back may come again with other people.
    """
    version = roster_version(tx, jurisdiction_id) if version is None else version
    name = f"roster:{jurisdiction_id}"
    known = tx.kept.get(name)
    if isinstance(known, Roster) and known.version == version:
        return known
    roster = _read_roster(tx, jurisdiction_id, version)
    tx.keep(name, roster)
    return roster


def _read_roster(tx: Tx, jurisdiction_id: str, version: int) -> Roster:
    terms: dict[int, list[_Term]] = {}
    grants = ROLE_GRANT.select().where(ROLE_GRANT.jurisdiction_id == jurisdiction_id).order_by(ROLE_GRANT.id)
    for row in grants.namedtuples().execute(tx.db):
        scope = (row.service_code or None, row.ward or None, row.sub_county or None)
        term = _Term(Grant(row.role, *scope, acting_for=row.acting_for), row.granted_from, row.granted_until)
        terms.setdefault(row.person_id, []).append(term)
    people = PERSON.select().where(PERSON.jurisdiction_id == jurisdiction_id).order_by(PERSON.id)
    entries = {row.id: _Entry.of(row, tuple(terms.get(row.id, ()))) for row in people.namedtuples().execute(tx.db)}
    identities = IDENTITY.select().where(IDENTITY.unbound_at.is_null())
    known = {
        (row.platform, row.user_id): row.person_id
        for row in identities.namedtuples().execute(tx.db)
        if row.person_id in entries
    }
    groups = _load_groups(tx, jurisdiction_id)
    accounts: dict[int, list[tuple[str, str]]] = {}
    for account, person_id in known.items():
        accounts.setdefault(person_id, []).append(account)
    kinds: dict[str, list[Group]] = {}
    for group in groups.values():
        kinds.setdefault(group.kind, []).append(group)
    holders: dict[str, list[_Entry]] = {}
    for entry in entries.values():
        for role in {term.grant.role for term in entry.terms}:
            holders.setdefault(role, []).append(entry)
    by_role = {role: tuple(those) for role, those in holders.items()}
    return Roster(
        version,
        entries,
        known,
        accounts,
        groups,
        {kind: tuple(those) for kind, those in kinds.items()},
        _private(tx, groups),
        by_role,
        _moved(tx),
        pilots.every(tx, jurisdiction_id),
    )


def _load_groups(tx: Tx, jurisdiction_id: str) -> dict[tuple[str, str], Group]:
    rows = tx.all(
        "SELECT chat.id, chat.platform, chat.chat_id, service_group.kind, chat.title, service_group.service_code,"
        " chat.person_id, chat.language FROM chat LEFT JOIN service_group ON service_group.id = chat.service_group_id"
        " WHERE chat.state = 'bound' AND (service_group.jurisdiction_id = ? OR chat.person_id IS NOT NULL)"
        " ORDER BY chat.id",
        (jurisdiction_id,),
    )
    return {
        (platform, chat_id): Group(pk, platform, chat_id, kind or "private", title, code or None, person, language)
        for pk, platform, chat_id, kind, title, code, person, language in rows
    }


def _private(tx: Tx, groups: Mapping[tuple[str, str], Group]) -> dict[int, Group]:
    """Where to write to each person alone: in the chat in which they wrote last."""
    rows = tx.all(
        "SELECT person_id, platform, chat_id FROM chat WHERE state = 'bound' AND person_id IS NOT NULL"
        " ORDER BY COALESCE(chosen_at, bound_at), id"
    )
    return {int(person_id): groups[platform, chat_id] for person_id, platform, chat_id in rows}


def _moved(tx: Tx) -> dict[tuple[str, str], tuple[str, str]]:
    """Old ids of chats; a chat that moved again and again is followed to its last one."""
    rows = tx.all(
        "SELECT old.platform, old.chat_id, now.platform, now.chat_id FROM chat AS old"
        " JOIN chat AS now ON now.id = old.moved_to"
    )
    found = {(row[0], row[1]): (row[2], row[3]) for row in rows}
    for _ in found:
        found = {old: found.get(new, new) for old, new in found.items()}
    return found


def touch(tx: Tx, jurisdiction_id: str) -> None:
    """Note that the roster has changed: whoever keeps one in memory reads it again."""
    tx.execute(
        "INSERT INTO roster_version(jurisdiction_id, version) VALUES (?, 1)"
        " ON CONFLICT(jurisdiction_id) DO UPDATE SET version = roster_version.version + 1",
        (jurisdiction_id,),
    )


def _insert(tx: Tx, table: str, row: Mapping[str, object]) -> int:
    marks = ", ".join("?" * len(row))
    sql = f"INSERT INTO {table}({', '.join(row)}) VALUES ({marks}) RETURNING id"
    return int(tx.scalar(sql, tuple(row.values())))


def add_person(tx: Tx, jurisdiction_id: str, person: Person, now: datetime) -> int:
    """Put a person on the roster (the record's own id is ignored) with their grants from `now` on; returns the id."""
    row = {
        "jurisdiction_id": jurisdiction_id,
        "name": person.name,
        "called": person.called,
        "language": person.language,
        "created_at": micros(now),
    }
    person_id = _insert(tx, "person", row)
    for grant in person.grants:
        add_grant(tx, jurisdiction_id, person_id, grant, now)
    touch(tx, jurisdiction_id)
    return person_id


def add_grant(tx: Tx, jurisdiction_id: str, person_id: int, grant: Grant, now: datetime) -> None:
    """Give a person a role from `now` on."""
    row = {
        "jurisdiction_id": jurisdiction_id,
        "person_id": person_id,
        "role": grant.role,
        "service_code": grant.service_code or "",
        "ward": grant.ward or "",
        "sub_county": grant.sub_county or "",
        "granted_from": micros(now),
        "acting_for": grant.acting_for,
    }
    _insert(tx, "role_grant", row)
    touch(tx, jurisdiction_id)


def add_identity(tx: Tx, jurisdiction_id: str, person_id: int, user: tuple[str, str, str], now: datetime) -> None:
    """Bind a platform's user id to a person. `user` is (platform, user id, display name).

    An id that was let go may be bound anew, to anybody. Raises IntegrityError when it is bound already.
    """
    platform, user_id, display_name = user
    tx.execute(
        "DELETE FROM identity WHERE platform = ? AND user_id = ? AND unbound_at IS NOT NULL", (platform, user_id)
    )
    row = {
        "platform": platform,
        "user_id": user_id,
        "person_id": person_id,
        "display_name": display_name,
        "bound_at": micros(now),
    }
    _insert(tx, "identity", row)
    touch(tx, jurisdiction_id)


def unbind(tx: Tx, jurisdiction_id: str, person_id: int, now: datetime) -> None:
    """Let go of all accounts and private chats of a person: whoever has them is nobody to the bot from now on."""
    tx.execute("UPDATE identity SET unbound_at = ? WHERE person_id = ?", (micros(now), person_id))
    tx.execute(
        "UPDATE chat SET state = 'unbound', unbound_at = ? WHERE person_id = ? AND state = 'bound'",
        (micros(now), person_id),
    )
    touch(tx, jurisdiction_id)


def bind_chat(tx: Tx, jurisdiction_id: str, group: Group, now: datetime) -> int:
    """Bind a chat to its service group, or to its person where it is private; returns the chat's row id.

    One that was unbound may be bound anew. What waits for the chat, or for its person, is said now. Raises
    IntegrityError when it is bound already.
    """
    service_group_id = None if group.kind == "private" else _service_group(tx, jurisdiction_id, group)
    row = {
        "platform": group.platform,
        "chat_id": group.chat_id,
        "service_group_id": service_group_id,
        "person_id": group.person_id,
        "title": group.title,
        "language": group.language,
        "state": "bound",
        "bound_at": micros(now),
        "chosen_at": None,
    }
    chat_pk = _rebind(tx, row) or _insert(tx, "chat", row)
    outbox.take_up(tx, (group.platform, group.chat_id), group.person_id, now)
    touch(tx, jurisdiction_id)
    return chat_pk


def choose(tx: Tx, jurisdiction_id: str, chat_pk: int, now: datetime) -> None:
    """Somebody has written in this one of their private chats: from now on they are written to there."""
    tx.execute("UPDATE chat SET chosen_at = ? WHERE id = ?", (micros(now), chat_pk))
    touch(tx, jurisdiction_id)


def _rebind(tx: Tx, row: Mapping[str, object]) -> int:
    """Bind a chat that was let go of; 0 when there is none."""
    settings = ", ".join(f"{name} = ?" for name in row)
    found = tx.scalar(
        f"UPDATE chat SET {settings}, unbound_at = NULL WHERE platform = ? AND chat_id = ?"
        " AND state IN ('unbound', 'lost') RETURNING id",
        (*row.values(), row["platform"], row["chat_id"]),
    )
    return int(found or 0)


def _service_group(tx: Tx, jurisdiction_id: str, group: Group) -> int:
    code = group.service_code or ""
    found = tx.scalar(
        "SELECT id FROM service_group WHERE jurisdiction_id = ? AND kind = ? AND service_code = ?",
        (jurisdiction_id, group.kind, code),
    )
    if found is not None:
        return int(found)
    row = {"jurisdiction_id": jurisdiction_id, "kind": group.kind, "service_code": code, "pilot": "full"}
    return _insert(tx, "service_group", row)


def set_language(tx: Tx, jurisdiction_id: str, person_id: int, language: str) -> None:
    """Write to a person in this language from now on."""
    tx.execute("UPDATE person SET language = ? WHERE id = ?", (language, person_id))
    touch(tx, jurisdiction_id)


def set_chat_language(tx: Tx, jurisdiction_id: str, chat_pk: int, language: str) -> None:
    """Speak this language in a chat from now on, where a post shows none."""
    tx.execute("UPDATE chat SET language = ? WHERE id = ?", (language, chat_pk))
    touch(tx, jurisdiction_id)
