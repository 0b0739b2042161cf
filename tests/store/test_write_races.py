"""Two writers at once: no number drawn twice, none left out, no update lost."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from groupbot.store.database import Store, Tx
from tests.faults import racer

COUNT = 300


def test_two_processes_draw_each_number_once(store_url: str) -> None:
    racer.prepare(store_url)
    racer.race(store_url, COUNT)
    assert racer.verdict(store_url, 2 * COUNT) == ""


def test_two_processes_on_sqlite_wait_for_each_other_instead_of_failing(sqlite_url: str) -> None:
    racer.prepare(sqlite_url)
    assert racer.race(sqlite_url, COUNT) == [0, 0]


def test_two_threads_of_one_store_take_turns(store: Store) -> None:
    store.write_tx(lambda tx: [tx.execute(sql) for sql in racer.TABLES])

    def draw_many(name: str) -> None:
        for _ in range(50):
            store.write_tx(lambda tx: racer.draw(tx, name))

    threads = [threading.Thread(target=draw_many, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drawn = store.read(lambda tx: tx.all("SELECT number FROM drawn ORDER BY number"))
    assert drawn == [(number,) for number in range(1, 101)]


def test_a_write_transaction_keeps_others_out_from_its_first_read_on(sqlite_url: str, tmp_path: Path) -> None:
    racer.prepare(sqlite_url)
    other = sqlite3.connect(tmp_path / "groupbot.db", timeout=0, isolation_level=None)

    def read_while_another_tries(tx: Tx) -> int:
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            other.execute("UPDATE counter SET last = 7")
        return racer.draw(tx, "a")

    with Store(sqlite_url) as store:
        assert store.write_tx(read_while_another_tries) == 1
    other.close()


def test_a_serialisation_failure_runs_the_whole_function_again(postgres_url: str) -> None:
    racer.prepare(postgres_url)
    pauses: list[float] = []
    seen: list[int] = []
    with Store(postgres_url, sleep=pauses.append, chance=lambda: 1.0) as store, racer.unlocked(postgres_url) as other:

        def disturbed(tx: Tx) -> int:
            seen.append(tx.scalar("SELECT last FROM counter"))
            if len(seen) == 1:
                other.write_tx(lambda theirs: racer.draw(theirs, "b"))
            return racer.draw(tx, "a")

        assert store.write_tx(disturbed) == 2
        assert store.commits == 1
    assert (seen, pauses) == ([0, 1], [0.002])
    assert racer.verdict(postgres_url, 2) == ""


def test_a_conflict_that_stays_is_raised_after_twenty_more_tries(postgres_url: str) -> None:
    racer.prepare(postgres_url)
    pauses: list[float] = []
    told: list[str] = []
    with Store(postgres_url, sleep=pauses.append, chance=lambda: 1.0) as store, racer.unlocked(postgres_url) as other:

        def always_disturbed(tx: Tx) -> None:
            tx.scalar("SELECT last FROM counter")
            tx.after_commit(lambda: told.append("committed"))
            other.write_tx(lambda theirs: racer.draw(theirs, "b"))
            racer.draw(tx, "a")

        with pytest.raises(Exception, match="could not serialize access") as caught:
            store.write_tx(always_disturbed)
        assert (caught.type.__name__, store.commits, told) == ("OperationalError", 0, [])
    assert len(pauses) == 20
    assert pauses[:4] == [0.002, 0.004, 0.008, 0.016]
    assert max(pauses) == pauses[-1] == 0.25
    assert racer.verdict(postgres_url, 21) == ""


def test_a_locked_file_is_tried_again(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groupbot.store.engines.BUSY_SECONDS", 0.01)
    racer.prepare(sqlite_url)
    other = sqlite3.connect(tmp_path / "groupbot.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Store(sqlite_url, sleep=lambda _: other.rollback()) as store:
        assert store.write_tx(lambda tx: racer.draw(tx, "a")) == 1
    other.close()


def test_a_swallowed_conflict_is_tried_again_all_the_same(postgres_url: str) -> None:
    racer.prepare(postgres_url)
    runs: list[int] = []
    with Store(postgres_url, sleep=lambda _: None) as store, racer.unlocked(postgres_url) as other:

        def careless(tx: Tx) -> str:
            runs.append(tx.scalar("SELECT last FROM counter"))
            if len(runs) == 1:
                other.write_tx(lambda theirs: racer.draw(theirs, "b"))
            try:
                with tx.savepoint():
                    racer.draw(tx, "a")
            except Exception:
                return "swallowed"
            return "drawn"

        assert store.write_tx(careless) == "drawn"
    assert runs == [0, 1]
    assert racer.verdict(postgres_url, 2) == ""
