"""Past acts, extensions, twins, invitations, terms and worklists, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from groupbot.records import Grant, Group, Person
from groupbot.store import grants, history, hot, invites, migrations, people, worklists
from groupbot.store.database import IntegrityError, Store, Tx
from groupbot.store.grants import Term
from groupbot.store.history import PastAct
from groupbot.store.invites import Invite

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
COUNTY = "ke-test"
COLUMNS: dict[str, object] = {
    "jurisdiction_id": COUNTY, "kind": "request", "topic": "", "route": "public", "address": "", "description": "",
    "fingerprint": "", "priority": "urgent", "original_priority": "urgent", "language": "en", "outcome": "",
    "outcome_detail": "", "word": "", "word_source": "", "status_notes": "", "updated_datetime": 0, "received_at": 0,
    "next_word_named": 0, "answers": 0, "reopenings": 0, "extensions": 0, "word_asks": 0, "escalation_step": 0,
    "nags": 0, "pause_reason": "", "moved_from": "", "platform": "sandbox", "chat_id": "h", "part": 0,
    "source": "live", "pack_version": "1", "version": 0,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _schema(store: Store) -> None:
    migrations.migrate(store)


def _person(store: Store, name: str = "Kiptoo", *held: Grant) -> int:
    return store.write_tx(lambda tx: people.add_person(tx, COUNTY, Person(0, name, name, "", held), NOW))


def _request(store: Store, number: int, **more: object) -> int:
    row = COLUMNS | {
        "service_request_id": f"HLT-{number}", "message_id": f"m{number}", "requested_datetime": number,
        "service_code": "health", "ward": "Kapsowar", "state": "submitted",
    } | more  # fmt: skip
    return store.write_tx(lambda tx: hot.insert_request(tx, row))


def _keep(store: Store, request: int, version: int, who: int, *, at: datetime = NOW, act: str = "answered") -> None:
    def keep(tx: Tx) -> None:
        history.keep(tx, PastAct(request, version, at, act, who, version + 1), ["state", "version"])
        tx.execute("UPDATE request SET version = version + 1 WHERE id = ?", (request,))

    store.write_tx(keep)


def test_the_newest_own_act_that_stands_is_found_with_what_was_before(store: Store) -> None:
    me, other, request = _person(store), _person(store, "Rose"), _request(store, 1)
    _keep(store, request, 0, me)
    _keep(store, request, 1, other, at=NOW + DAY)
    act = store.read(lambda tx: history.latest(tx, me, NOW))
    assert act is not None
    assert (act.version, act.act, act.at, act.columns) == (0, "answered", NOW, {"state": "submitted", "version": 0})
    assert store.read(lambda tx: history.latest(tx, me, NOW + DAY)) is None
    assert store.read(lambda tx: history.latest(tx, me, NOW, request + 1)) is None
    assert store.read(lambda tx: history.changed_since(tx, act)) == other
    assert [part.version for part in store.read(lambda tx: history.together(tx, act))] == [0]
    store.write_tx(lambda tx: history.mark_undone(tx, act, NOW))
    assert store.read(lambda tx: history.latest(tx, me, NOW)) is None


def test_an_undoing_is_no_act_to_be_undone(store: Store) -> None:
    me, request = _person(store), _request(store, 1)
    _keep(store, request, 0, me, act=history.UNDONE)
    assert store.read(lambda tx: history.latest(tx, me, NOW)) is None


def test_a_version_that_has_moved_on_is_not_kept(store: Store) -> None:
    me, request = _person(store), _request(store, 1)
    store.write_tx(lambda tx: history.keep(tx, PastAct(request, 7, NOW, "answered", me, 1), ["state"]))
    assert store.read(lambda tx: tx.scalar("SELECT count(*) FROM request_past")) == 0


def test_twins_of_twins_are_one_matter_until_the_link_is_taken_back(store: Store) -> None:
    me = _person(store)
    first, second, third = (_request(store, number) for number in (1, 2, 3))
    assert store.write_tx(lambda tx: history.pair(tx, second, first, me, NOW))
    assert store.write_tx(lambda tx: history.pair(tx, second, third, me, NOW + DAY))
    assert not store.write_tx(lambda tx: history.pair(tx, first, second, me, NOW + DAY))
    assert store.read(lambda tx: history.twins(tx, first)) == [second, third]
    store.write_tx(lambda tx: history.unpair(tx, third, me, NOW + DAY))
    assert store.read(lambda tx: history.twins(tx, first)) == [second]


def test_an_extension_is_kept_and_forgotten_by_its_instant(store: Store) -> None:
    me, request = _person(store), _request(store, 1)
    store.write_tx(lambda tx: history.extend(tx, request, (NOW, NOW + DAY), "the lorry", by=me, at=NOW))
    store.write_tx(lambda tx: history.drop_extension(tx, request, NOW + DAY))
    assert store.read(lambda tx: tx.scalar("SELECT reason FROM extension")) == "the lorry"
    store.write_tx(lambda tx: history.drop_extension(tx, request, NOW))
    assert store.read(lambda tx: tx.scalar("SELECT count(*) FROM extension")) == 0


def test_an_invitation_is_used_and_confirmed_once(store: Store) -> None:
    me, other = _person(store), _person(store, "Rose")
    offered = Invite(0, Grant("coordinator", "health"), "Rose", NOW + 9 * DAY, me, NOW, NOW + DAY, hand_over=True)
    store.write_tx(lambda tx: invites.add(tx, COUNTY, "hash", offered))
    assert store.read(lambda tx: invites.open_by_hash(tx, "ke-other", "hash", NOW)) is None
    assert store.read(lambda tx: invites.open_by_hash(tx, COUNTY, "hash", NOW + DAY)) is None
    found = store.read(lambda tx: invites.open_by_hash(tx, COUNTY, "hash", NOW))
    assert found is not None
    assert (found.grant, found.name, found.until, found.hand_over) == (offered.grant, "Rose", offered.until, True)
    assert [store.write_tx(lambda tx: invites.use(tx, found, other, NOW)) for _ in range(2)] == [True, False]
    (waiting,) = store.read(lambda tx: invites.unconfirmed(tx, COUNTY))
    assert (waiting.used_by, waiting.created_by) == (other, me)
    assert [store.write_tx(lambda tx: invites.confirm(tx, waiting, me)) for _ in range(2)] == [True, False]
    assert store.read(lambda tx: invites.unconfirmed(tx, COUNTY)) == []


def test_a_burnt_invitation_opens_nothing(store: Store) -> None:
    me = _person(store)
    offered = Invite(0, Grant("champion", ward="Kapsowar"), "", None, me, NOW, NOW + DAY)
    store.write_tx(lambda tx: invites.add(tx, COUNTY, "hash", offered))
    found = store.read(lambda tx: invites.open_by_hash(tx, COUNTY, "hash", NOW))
    assert found is not None
    store.write_tx(lambda tx: invites.burn(tx, found, NOW))
    assert not store.write_tx(lambda tx: invites.use(tx, found, me, NOW))


def test_a_term_has_its_dates_and_may_be_ended(store: Store) -> None:
    me, office = _person(store), Grant("coordinator", service_code="health")
    store.write_tx(lambda tx: grants.give(tx, COUNTY, me, office, Term(NOW, NOW + DAY)))

    def held(at: datetime) -> bool:
        person = store.read(lambda tx: people.load_roster(tx, COUNTY)).by_id(me, at)
        return person is not None and office in person.grants

    assert [held(NOW - DAY), held(NOW), held(NOW + DAY)] == [False, True, False]
    assert store.read(lambda tx: grants.next_lapse(tx, COUNTY, NOW)) == NOW + DAY
    assert store.read(lambda tx: grants.lapsed(tx, COUNTY, NOW, NOW + DAY)) == [(me, office, NOW + DAY)]
    assert store.read(lambda tx: grants.lapsed(tx, COUNTY, NOW + DAY, NOW + 2 * DAY)) == []
    assert store.write_tx(lambda tx: grants.end(tx, COUNTY, me, office, NOW + DAY / 2, by=me))
    assert not held(NOW + DAY / 2)
    assert not store.write_tx(lambda tx: grants.end(tx, COUNTY, me, office, NOW + DAY, by=me))
    assert store.read(lambda tx: grants.lapsed(tx, COUNTY, NOW, NOW + DAY)) == []
    assert store.read(lambda tx: grants.next_lapse(tx, COUNTY, NOW)) is None


def test_an_account_and_a_chat_that_were_let_go_may_be_bound_anew(store: Store) -> None:
    me, other = _person(store), _person(store, "Rose")
    account, chat = ("telegram", "7", "Me"), Group(0, "telegram", "c7", "private", "me", person_id=me)
    store.write_tx(lambda tx: people.add_identity(tx, COUNTY, me, account, NOW))
    store.write_tx(lambda tx: people.bind_chat(tx, COUNTY, chat, NOW))
    with pytest.raises(IntegrityError):
        store.write_tx(lambda tx: people.add_identity(tx, COUNTY, other, account, NOW))
    with pytest.raises(IntegrityError):
        store.write_tx(lambda tx: people.bind_chat(tx, COUNTY, chat, NOW))
    store.write_tx(lambda tx: people.unbind(tx, COUNTY, me, NOW))
    roster = store.read(lambda tx: people.load_roster(tx, COUNTY))
    assert (roster.person("telegram", "7", NOW), roster.private_chat(me)) == (None, None)
    store.write_tx(lambda tx: people.add_identity(tx, COUNTY, other, account, NOW))
    store.write_tx(lambda tx: people.bind_chat(tx, COUNTY, replace(chat, person_id=other), NOW))
    roster = store.read(lambda tx: people.load_roster(tx, COUNTY))
    found, bound = roster.person("telegram", "7", NOW), roster.private_chat(other)
    assert (found and found.id, bound and bound.chat_id, roster.private_chat(me)) == (other, "c7", None)


def test_whoever_is_covered_for_comes_after_who_stands_in(store: Store) -> None:
    office = Grant("coordinator", service_code="health")
    away, near = _person(store, "Kiptoo", office), _person(store, "Rose")
    cover = Grant("coordinator", service_code="health", acting_for=away)
    store.write_tx(lambda tx: grants.give(tx, COUNTY, near, cover, Term(NOW, NOW + DAY)))
    roster = store.read(lambda tx: people.load_roster(tx, COUNTY))
    assert [person.id for person in roster.holders("coordinator", NOW, "health")] == [near, away]
    assert [person.id for person in roster.holders("coordinator", NOW + DAY, "health")] == [away]


def test_a_worklist_has_ones_own_departments_and_wards_open_requests(store: Store) -> None:
    me = _person(store)
    mine = _request(store, 1, poster_id=me, service_code="roads", ward="Arror")
    health = _request(store, 2)
    _request(store, 3, state="closed")
    _request(store, 4, route="private")
    _request(store, 5, service_code="roads", ward="Arror")
    scope = worklists.Scope(me, {"health"}, {"Kapsowar"})
    assert [found.id for found in store.read(lambda tx: worklists.open_within(tx, COUNTY, scope))] == [mine, health]
    alone = worklists.Scope(me, set(), set())
    assert [found.id for found in store.read(lambda tx: worklists.open_within(tx, COUNTY, alone))] == [mine]
