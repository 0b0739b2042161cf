"""The roster: who is who, what they may do and when, and which chats the bot is bound to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from groupbot.records import Grant, Group, Person
from groupbot.store import migrations, people
from groupbot.store.database import IntegrityError, Store

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
COUNTY = "ke-test"


@pytest.fixture(autouse=True)
def _schema(store: Store) -> None:
    migrations.migrate(store)


def _add(store: Store, name: str, *grants: Grant, jurisdiction: str = COUNTY) -> int:
    def add(tx):  # type: ignore[no-untyped-def]
        person_id = people.add_person(tx, jurisdiction, Person(0, name, name, "sw", grants), NOW)
        people.add_identity(tx, jurisdiction, person_id, ("sandbox", name.lower(), name), NOW)
        return person_id

    return int(store.write_tx(add))


def _roster(store: Store) -> people.Roster:
    return store.read(lambda tx: people.load_roster(tx, COUNTY))


def test_a_person_is_found_by_the_platforms_user_id_with_their_grants(store: Store) -> None:
    _add(store, "Kiptoo", Grant("coordinator", service_code="health"))
    person = _roster(store).person("sandbox", "kiptoo", NOW)
    assert person is not None
    assert (person.name, person.language) == ("Kiptoo", "sw")
    assert person.grants == (Grant("coordinator", service_code="health"),)
    assert _roster(store).person("telegram", "kiptoo", NOW) is None


def test_a_grant_does_not_hold_before_it_was_given(store: Store) -> None:
    _add(store, "Kiptoo", Grant("coordinator", service_code="health"))
    early = _roster(store).person("sandbox", "kiptoo", NOW - timedelta(seconds=1))
    assert early is not None
    assert early.grants == ()


def test_a_grant_that_has_ended_holds_no_more(store: Store) -> None:
    _add(store, "Kiptoo", Grant("coordinator", service_code="health"))
    stamp = int((NOW + timedelta(days=1)).timestamp() * 1_000_000)
    store.write_tx(lambda tx: tx.execute("UPDATE role_grant SET granted_until = ?", (stamp,)))
    roster = _roster(store)
    assert [person.name for person in roster.holders("coordinator", NOW, "health")] == ["Kiptoo"]
    assert roster.holders("coordinator", NOW + timedelta(days=1), "health") == []


def test_one_user_id_is_one_person(store: Store) -> None:
    person_id = _add(store, "Kiptoo")
    with pytest.raises(IntegrityError):
        store.write_tx(lambda tx: people.add_identity(tx, COUNTY, person_id, ("sandbox", "kiptoo", "K"), NOW))


def test_another_jurisdictions_people_are_not_on_the_roster(store: Store) -> None:
    _add(store, "Kiptoo", Grant("coordinator"), jurisdiction="ke-other")
    assert _roster(store).person("sandbox", "kiptoo", NOW) is None
    assert _roster(store).holders("coordinator", NOW) == []


def test_every_change_moves_the_rosters_version(store: Store) -> None:
    before = store.read(lambda tx: people.roster_version(tx, COUNTY))
    _add(store, "Kiptoo", Grant("coordinator"))
    assert store.read(lambda tx: people.roster_version(tx, COUNTY)) > before == 0


def test_groups_are_found_by_their_chat_and_private_chats_by_their_person(store: Store) -> None:
    person_id = _add(store, "Kiptoo")
    health = Group(0, "sandbox", "h", "department", "Health", "health")
    private = Group(0, "sandbox", "p", "private", "Kiptoo alone", person_id=person_id)
    for group in (health, private):
        store.write_tx(lambda tx, group=group: people.bind_chat(tx, COUNTY, group, NOW))
    roster = _roster(store)
    found = roster.group("sandbox", "h")
    assert found is not None
    assert (found.kind, found.service_code, found.title) == ("department", "health", "Health")
    alone = roster.private_chat(person_id)
    assert alone is not None
    assert (alone.chat_id, alone.kind) == ("p", "private")
    assert [group.chat_id for group in roster.groups("department", "water")] == []


def test_the_roster_is_read_again_only_when_it_has_changed_and_a_change_that_is_undone_is_forgotten(
    store: Store,
) -> None:
    _add(store, "Kiptoo")
    before, said = _roster(store), list[str]()
    store.on_statement = said.append
    assert _roster(store) is before
    assert len(said) == 1, "its version alone is read"
    store.on_statement = None

    def fall_ill(tx):  # type: ignore[no-untyped-def]
        people.add_person(tx, COUNTY, Person(0, "Jane", "Jane", "en"), NOW)
        assert [person.name for person in people.load_roster(tx, COUNTY).everyone(NOW)] == ["Kiptoo", "Jane"]
        raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        store.write_tx(fall_ill)
    _add(store, "Chebet")  # the same version once more, with somebody else
    assert [person.name for person in _roster(store).everyone(NOW)] == ["Kiptoo", "Chebet"]
