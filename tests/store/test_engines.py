"""What SQLite and PostgreSQL each must be, and what happens when a server goes away."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from groupbot.store.database import (
    OperationalError,
    Store,
    Tx,
)
from groupbot.store.engines import engine_for, has_wal_reset_bug, sqlite_note
from tests.postgres import Cluster
from tests.store.posts import ADD, ALL, TABLE, all_posts


def test_sqlite_keeps_commits_through_a_power_cut_and_checks_foreign_keys(sqlite_url: str) -> None:
    def settings(tx: Tx) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        return [tx.scalar(f"PRAGMA {name}") for name in names]

    with Store(sqlite_url) as store:
        assert store.write_tx(settings) == ["wal", 2, 1, 5000]


def test_postgresql_is_serializable_and_reads_are_repeatable(postgres_url: str) -> None:
    def isolation(tx: Tx) -> tuple[str, str]:
        return tx.scalar("SHOW transaction_isolation"), tx.scalar("SHOW transaction_read_only")

    with Store(postgres_url) as store:
        assert store.write_tx(isolation) == ("serializable", "off")
        assert store.read(isolation) == ("repeatable read", "on")


def test_reading_goes_on_while_a_writer_is_at_work_and_sees_one_view(posts: Store) -> None:
    posts.write_tx(lambda tx: tx.execute(ADD, (1, "before")))
    views: list[object] = []

    def read_twice(tx: Tx) -> None:
        views.append(tx.all(ALL))
        posts_written.wait(10)
        views.append(tx.all(ALL))

    def write(tx: Tx) -> None:
        tx.execute(ADD, (2, "during"))
        reader.start()

    posts_written = threading.Event()
    reader = threading.Thread(target=lambda: posts.read(read_twice))
    posts.write_tx(write)
    posts_written.set()
    reader.join(10)
    assert views[0] == views[1]
    assert all_posts(posts) == [(1, "before"), (2, "during")]


def test_a_database_in_memory_is_private_and_guarded_too() -> None:
    with Store("sqlite://") as store, Store("sqlite://") as other:
        store.write_tx(lambda tx: tx.execute(TABLE))
        store.write_tx(lambda tx: tx.execute(ADD, (1, "maji")))
        assert all_posts(store) == [(1, "maji")]
        with pytest.raises(OperationalError, match="readonly"):
            store.read(lambda tx: tx.execute(ADD, (2, "x")))
        store.write_tx(lambda tx: tx.execute(ADD, (2, "dawa")))
        assert all_posts(store) == [(1, "maji"), (2, "dawa")]
        with pytest.raises(OperationalError, match="no such table"):
            all_posts(other)


def test_a_server_that_was_restarted_is_reached_again(postgres: Cluster, postgres_url: str) -> None:
    from signal import SIGQUIT

    with Store(postgres_url) as store:
        store.write_tx(lambda tx: tx.execute(TABLE))
        store.write_tx(lambda tx: tx.execute(ADD, (1, "before")))
        assert all_posts(store) == [(1, "before")]
        postgres.stop(SIGQUIT)
        with pytest.raises(OperationalError):
            store.write_tx(lambda tx: tx.execute(ADD, (2, "while away")))
        postgres.start()
        store.write_tx(lambda tx: tx.execute(ADD, (3, "after")))
        assert all_posts(store) == [(1, "before"), (3, "after")]


def test_a_connection_cut_in_mid_transaction_is_not_tried_again_by_itself(postgres_url: str) -> None:
    runs: list[int] = []
    with Store(postgres_url) as store:

        def cut(tx: Tx) -> None:
            runs.append(1)
            tx.execute("SELECT pg_terminate_backend(pg_backend_pid())")

        with pytest.raises(OperationalError):
            store.write_tx(cut)
        assert runs == [1]
        assert store.write_tx(lambda tx: tx.scalar("SELECT 1")) == 1


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((4, 0, 0), False),
    ],
)
def test_the_versions_with_the_wal_reset_bug(version: tuple[int, int, int], affected: bool) -> None:
    assert has_wal_reset_bug(version) is affected


def test_the_note_on_sqlite_is_about_the_one_in_use() -> None:
    import sqlite3

    assert sqlite_note().version == sqlite3.sqlite_version
    assert sqlite_note().wal_reset_bug is has_wal_reset_bug(sqlite3.sqlite_version_info)


def test_the_addresses_of_files_are_taken_literally() -> None:
    assert str(engine_for("sqlite:////var/lib/a b%20?.db").path) == "/var/lib/a b%20?.db"  # type: ignore[attr-defined]
    assert engine_for("sqlite:///a.db").path == Path("a.db").absolute()  # type: ignore[attr-defined]


def test_a_new_sqlite_database_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'new.db'}") as store:
        store.write_tx(lambda tx: tx.execute(TABLE))
        files = {file.name: stat.filemode(file.stat().st_mode) for file in tmp_path.glob("new.db*")}
    assert {"new.db", "new.db-wal", "new.db-shm"} <= files.keys()
    assert set(files.values()) == {"-rw-------"}
