"""What the store refuses, and transactions that can no longer be trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from groupbot.store import errors
from groupbot.store.database import (
    DataError,
    IntegrityError,
    NestedTransaction,
    OperationalError,
    ReadOnlyStore,
    Store,
    StoreError,
    StoreUnreachable,
    TransactionLost,
    Tx,
    row_errors,
)
from tests.store.posts import ADD, TABLE, RuleBroken, all_posts, break_it


def test_an_operational_error_is_final_even_when_it_is_caught(posts: Store) -> None:
    def careless(tx: Tx) -> None:
        tx.execute(ADD, (1, "maji"))
        try:
            with tx.savepoint():
                break_it(tx)
        except OperationalError:
            return

    with pytest.raises(TransactionLost, match="nothing of it is kept") as caught:
        posts.write_tx(careless)
    assert isinstance(caught.value.__cause__, OperationalError)
    assert all_posts(posts) == []


def test_nothing_more_can_be_written_after_an_operational_error(posts: Store) -> None:
    def careless(tx: Tx) -> None:
        with pytest.raises(OperationalError):
            break_it(tx)
        tx.execute(ADD, (2, "would commit alone"))

    with pytest.raises(TransactionLost):
        posts.write_tx(careless)
    assert all_posts(posts) == []


def test_a_row_error_cannot_hide_an_operational_error_inside_a_savepoint(posts: Store) -> None:
    def careless(tx: Tx) -> None:
        try:
            with tx.savepoint():
                try:
                    break_it(tx)
                except OperationalError:
                    raise RuleBroken from None
        except row_errors(RuleBroken):
            pytest.fail("the loss of the transaction was taken for an error of one row")

    with pytest.raises(TransactionLost):
        posts.write_tx(careless)


def test_a_transaction_that_sqlite_ended_by_itself_writes_nothing_more(sqlite_url: str) -> None:
    def careless(tx: Tx) -> None:
        tx.execute(ADD, (1, "maji"))
        with pytest.raises(IntegrityError):
            tx.execute("INSERT OR ROLLBACK INTO post VALUES (?, ?)", (1, "twice"))
        tx.execute(ADD, (2, "would commit alone"))

    with Store(sqlite_url) as store:
        store.write_tx(lambda tx: tx.execute(TABLE))
        with pytest.raises(TransactionLost, match="rolled back"):
            store.write_tx(careless)
        assert all_posts(store) == []


def test_a_transaction_that_sqlite_ended_by_itself_does_not_pass_for_committed(sqlite_url: str) -> None:
    def careless(tx: Tx) -> None:
        with pytest.raises(TransactionLost), tx.savepoint():
            tx.execute(ADD, (1, "maji"))
            with pytest.raises(IntegrityError):
                tx.execute("INSERT OR ROLLBACK INTO post VALUES (?, ?)", (1, "twice"))

    with Store(sqlite_url) as store:
        store.write_tx(lambda tx: tx.execute(TABLE))
        with pytest.raises(TransactionLost):
            store.write_tx(careless)
        assert (all_posts(store), store.commits) == ([], 1)


def test_a_transaction_record_is_of_no_use_after_its_end(posts: Store) -> None:
    kept = posts.write_tx(lambda tx: tx)

    def use_the_old_one(_: Tx) -> None:
        kept.execute(ADD, (1, "maji"))

    with pytest.raises(TransactionLost, match="it has ended"):
        posts.write_tx(use_the_old_one)
    assert all_posts(posts) == []


# --- what is refused --------------------------------------------------------------------------------------------------


def test_a_transaction_inside_another_is_refused(posts: Store) -> None:
    with pytest.raises(NestedTransaction):
        posts.write_tx(lambda tx: posts.write_tx(lambda inner: None))
    with pytest.raises(NestedTransaction):
        posts.write_tx(lambda tx: posts.read(lambda inner: None))
    with pytest.raises(NestedTransaction):
        posts.read(lambda tx: posts.write_tx(lambda inner: None))
    with pytest.raises(NestedTransaction):
        posts.read(lambda tx: posts.close())
    posts.write_tx(lambda tx: tx.execute(ADD, (1, "maji")))
    assert all_posts(posts) == [(1, "maji")]


def test_reading_cannot_write(posts: Store) -> None:
    with pytest.raises((OperationalError, errors.InternalError), match=r"readonly|read-only"):
        posts.read(lambda tx: tx.execute(ADD, (1, "maji")))
    assert all_posts(posts) == []


def test_a_value_that_no_database_can_store_is_a_data_error(posts: Store) -> None:
    for value in (2**64, -(2**64)):
        with pytest.raises(DataError):
            posts.write_tx(lambda tx, value=value: tx.execute(ADD, (value, "x")))
    with pytest.raises(DataError):
        posts.write_tx(lambda tx: tx.execute(ADD, (1, "half a \udcff pair")))
    with pytest.raises(DataError):
        posts.write_tx(lambda tx: tx.executemany(ADD, [(1, "fine"), (2, "\ud800")]))
    assert all_posts(posts) == []


def test_a_store_that_is_not_open_is_refused(store_url: str) -> None:
    with pytest.raises(StoreError, match="not open"):
        Store(store_url).write_tx(lambda tx: None)


def test_a_store_of_another_process_is_refused(posts: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getpid", lambda: 1)
    with pytest.raises(StoreError, match="after a fork"):
        posts.write_tx(lambda tx: None)


def test_a_read_only_store_reads_beside_the_writer_and_writes_nothing(posts: Store) -> None:
    posts.write_tx(lambda tx: tx.execute(ADD, (1, "maji")))
    with Store(posts.url, read_only=True) as reader:
        assert all_posts(reader) == [(1, "maji")]
        with pytest.raises(ReadOnlyStore):
            reader.write_tx(lambda tx: None)


@pytest.mark.parametrize(
    "url", ["", "groupbot.db", "sqlite:", "sqlite:///", "sqlite:/x.db", "mysql://x", "postgresql:/x", "SQLITE:///x"]
)
def test_an_address_of_no_database_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="not a database address"):
        Store(url)


def test_a_database_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match=r"nothing\.db"):
        Store(f"sqlite:///{tmp_path}/nothing.db", read_only=True).open()
    with pytest.raises(StoreError, match="no-folder"):
        Store(f"sqlite:///{tmp_path}/no-folder/a.db").open()
    with pytest.raises(StoreUnreachable, match="cannot connect to PostgreSQL"):
        Store(f"postgresql://nobody@/none?host={tmp_path}").open()
