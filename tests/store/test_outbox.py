"""Notices on their way out: order per chat, waiting, and what becomes of each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from groupbot.records import Button, Notice, micros
from groupbot.store import hot, migrations, outbox
from groupbot.store.database import Store

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _schema(store: Store) -> None:
    migrations.migrate(store)


def _notice(name: str, chat: str = "health", **more: object) -> Notice:
    return Notice("sandbox", chat, "send", name, "number", {"ref": name}, **more)  # type: ignore[arg-type]


def _queue(store: Store, *notices: Notice) -> None:
    store.write_tx(lambda tx: hot.queue(tx, notices, NOW))


def _heads(store: Store, now: datetime = NOW) -> list[str]:
    return [notice.params["ref"] for notice in store.read(lambda tx: outbox.heads(tx, now))]


def test_each_chat_hears_its_own_notices_in_the_order_they_were_queued(store: Store) -> None:
    _queue(store, _notice("first"), _notice("second"), _notice("other", chat="water"))
    assert _heads(store) == ["first", "other"]


def test_the_same_dedup_key_is_queued_once(store: Store) -> None:
    _queue(store, _notice("first"), _notice("first"))
    _queue(store, _notice("first"))
    assert store.read(outbox.pending) == 1


def test_a_notice_that_waits_for_its_time_does_not_hold_back_those_behind_it(store: Store) -> None:
    _queue(store, _notice("later", not_before=NOW + timedelta(minutes=10)), _notice("now"))
    assert _heads(store) == ["now"]
    due = store.read(lambda tx: outbox.next_due(tx, NOW))
    assert due == micros(NOW + timedelta(minutes=10))


def test_a_notice_whose_first_attempt_failed_holds_back_those_behind_it(store: Store) -> None:
    _queue(store, _notice("first"), _notice("second"))
    head = store.read(lambda tx: outbox.heads(tx, NOW))[0]
    store.write_tx(lambda tx: outbox.begin_sending(tx, head, "text", NOW))
    store.write_tx(lambda tx: outbox.put_off(tx, head, "new", NOW + timedelta(seconds=30), "too fast"))
    assert _heads(store) == []
    assert _heads(store, NOW + timedelta(seconds=30)) == ["first"]


def test_a_sent_an_expired_and_a_parked_notice_make_room_for_the_next(store: Store) -> None:
    _queue(store, *(_notice(name) for name in ("a", "b", "c", "d")))
    marks = (
        lambda tx, notice: outbox.mark_sent(tx, notice, "17", NOW),
        lambda tx, notice: outbox.mark_expired(tx, notice, "closed meanwhile"),
        lambda tx, notice: outbox.mark_parked(tx, notice, "refused"),
    )
    for mark, name in zip(marks, "abc", strict=True):
        head = store.read(lambda tx: outbox.heads(tx, NOW))[0]
        assert head.params["ref"] == name
        store.write_tx(lambda tx, mark=mark, head=head: mark(tx, head))
    assert _heads(store) == ["d"]


def test_all_of_a_notice_comes_back_as_it_was_queued(store: Store) -> None:
    whole = _notice(
        "ü", language="sw", reply_to="9", request_ids=(3, 4), draft_id=5, holds="state:submitted",
        buttons=(Button("button_yes", "t0"),), expires=NOW + timedelta(days=1),
    )  # fmt: skip
    _queue(store, whole)
    (found,) = store.read(lambda tx: outbox.heads(tx, NOW))
    assert (found.language, found.reply_to, found.request_ids, found.draft_id) == ("sw", "9", (3, 4), 5)
    assert (found.holds, found.buttons, found.params) == ("state:submitted", whole.buttons, {"ref": "ü"})
    assert found.expires is not None
    assert len(found.txn_id) == 32


def test_what_was_being_sent_at_a_stop_has_an_unknown_outcome(store: Store) -> None:
    _queue(store, _notice("first"))
    head = store.read(lambda tx: outbox.heads(tx, NOW))[0]
    store.write_tx(lambda tx: outbox.begin_sending(tx, head, "frozen words", NOW))
    assert store.write_tx(outbox.mark_interrupted) == 1
    (again,) = store.read(lambda tx: outbox.heads(tx, NOW))
    assert (again.state, again.text, again.attempts, again.txn_id) == ("unknown", "frozen words", 1, head.txn_id)
