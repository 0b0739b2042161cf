"""A chat that is let go: nothing new is said there, and what stood in a mirror can still be found, on each product."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from groupbot.records import Group, Notice
from groupbot.store import chats, hot, migrations, people
from groupbot.store.database import Store

NOW = datetime(2026, 11, 24, 7, 10, tzinfo=UTC)
COUNTY = "county"
MIRROR = ("telegram", "-1001")


@pytest.fixture(autouse=True)
def _county(store: Store) -> None:
    """A mirror and a department's group."""
    migrations.migrate(store)
    bound = (Group(0, *MIRROR, "mirror", "CSO mirror"), Group(0, "telegram", "-1002", "department", "Health", "health"))
    for group in bound:
        store.write_tx(lambda tx, group=group: people.bind_chat(tx, COUNTY, group, NOW))


def test_a_mirror_that_was_let_go_is_a_former_one_and_no_group_of_the_roster(store: Store) -> None:
    assert store.read(lambda tx: chats.left_mirrors(tx, COUNTY)) == []
    store.write_tx(lambda tx: chats.let_go(tx, COUNTY, MIRROR, NOW))
    store.write_tx(lambda tx: chats.let_go(tx, COUNTY, ("telegram", "-1002"), NOW))
    (former,) = store.read(lambda tx: chats.left_mirrors(tx, COUNTY))
    assert (former.platform, former.chat_id, former.kind, former.title) == (*MIRROR, "mirror", "CSO mirror")
    assert former.service_code is None
    assert store.read(lambda tx: chats.left_mirrors(tx, "another county")) == []
    roster = store.read(lambda tx: people.load_roster(tx, COUNTY))
    assert (roster.group(*MIRROR), list(roster.groups("mirror"))) == (None, [])


def test_what_is_due_there_is_still_said_and_what_was_planned_for_later_is_not(store: Store) -> None:
    def queue(once: str, after: timedelta | None, chat: tuple[str, str] = MIRROR) -> None:
        at = None if after is None else NOW + after
        notice = Notice(*chat, "send", once, key="mirror_note", not_before=at)
        store.write_tx(lambda tx: hot.queue(tx, [notice], NOW))

    queue("due", None)
    queue("later", timedelta(hours=2))
    queue("elsewhere", timedelta(hours=2), ("telegram", "-1002"))
    store.write_tx(lambda tx: chats.let_go(tx, COUNTY, MIRROR, NOW))
    found = store.read(lambda tx: tx.all("SELECT dedup_key, state FROM outbox ORDER BY dedup_key"))
    assert [tuple(row) for row in found] == [("due", "new"), ("elsewhere", "new"), ("later", "expired")]


def test_one_that_the_bot_is_out_of_can_be_found_and_hears_what_waits_when_it_is_back(store: Store) -> None:
    def states() -> list[tuple[str, str]]:
        found = store.read(lambda tx: tx.all("SELECT chat_id, state FROM outbox ORDER BY id"))
        return [(str(chat_id), str(state)) for chat_id, state in found]

    store.write_tx(lambda tx: chats.lose(tx, COUNTY, MIRROR, NOW))
    assert [one.chat_id for one in store.read(lambda tx: chats.left_mirrors(tx, COUNTY))] == ["-1001"]
    notices = [Notice(*chat, "edit", chat[1], key="mirror_note") for chat in (MIRROR, ("telegram", "-1002"))]
    store.write_tx(lambda tx: hot.queue(tx, notices, NOW))
    store.write_tx(chats.keep_waiting)
    assert states() == [("-1001", "parked"), ("-1002", "new")]
    store.write_tx(lambda tx: chats.regain(tx, COUNTY, MIRROR, NOW))
    assert states() == [("-1001", "new"), ("-1002", "new")]
    assert store.read(lambda tx: chats.left_mirrors(tx, COUNTY)) == []


def test_one_that_is_bound_again_is_a_mirror_and_no_former_one(store: Store) -> None:
    store.write_tx(lambda tx: chats.let_go(tx, COUNTY, MIRROR, NOW))
    group = Group(0, *MIRROR, "mirror", "CSO mirror")
    store.write_tx(lambda tx: people.bind_chat(tx, COUNTY, group, NOW + timedelta(days=1)))
    assert [one.chat_id for one in store.read(lambda tx: people.load_roster(tx, COUNTY)).groups("mirror")] == ["-1001"]
    assert store.read(lambda tx: chats.left_mirrors(tx, COUNTY)) == []
