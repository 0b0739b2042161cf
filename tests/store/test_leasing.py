"""One process at a time on one PostgreSQL database: whoever has lost the connection writes no more."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from groupbot.app import App
from groupbot.clock import real_time
from groupbot.store import inbox
from groupbot.store.database import LeaseLost, Store, StoreBusy, Tx
from tests.county import jurisdiction
from tests.store.posts import ADD, TABLE, all_posts
from tests.store.test_locking import HOLD

HERE = f"process {os.getpid()} on {socket.gethostname()}"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groupbot.store.leasing.PATIENCE", 0.3)


@pytest.fixture
def holder(postgres_url: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the database open."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", HOLD, postgres_url], text=True, **pipes) as process:  # type: ignore[call-overload]
        assert process.stdout.readline() == "1\n"
        yield process
        process.kill()


def _cut_off(url: str) -> None:
    """End every session of the database but the one that does it, as a restart or a lost network would."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as session:
        ends = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        session.execute(ends + " WHERE datname = current_database() AND pid <> pg_backend_pid()")


def _may_not_write(store: Store) -> None:
    with pytest.raises(StoreBusy, match=HERE):
        store.write_tx(lambda tx: tx.execute(ADD, (2, "not held")))


def _name(url: str) -> str:
    return url.removeprefix("postgresql://groupbot@/").split("?")[0]


def test_a_second_process_is_refused_and_told_which_one_on_which_machine_has_the_database(
    holder: subprocess.Popen[str], postgres_url: str
) -> None:
    with pytest.raises(StoreBusy) as caught:
        Store(postgres_url).open()
    assert caught.value.holder == f"process {holder.pid} on {socket.gethostname()}"
    assert str(caught.value) == (
        f"the database {_name(postgres_url)} is in use by process {holder.pid} on {socket.gethostname()}: "
        "stop it first, or send the command to the running bot"
    )


def test_who_only_reads_is_never_refused(holder: subprocess.Popen[str], postgres_url: str) -> None:
    with Store(postgres_url, read_only=True) as reader:
        assert reader.read(lambda tx: tx.scalar("SELECT 1")) == 1


def test_after_a_kill_the_next_one_gets_in_by_itself(holder: subprocess.Popen[str], postgres_url: str) -> None:
    holder.kill()
    with Store(postgres_url) as store:
        store.write_tx(lambda tx: tx.execute(TABLE))
        assert all_posts(store) == []


def test_a_clean_stop_lets_the_next_one_in(postgres_url: str) -> None:
    Store(postgres_url).open().close()
    with Store(postgres_url), pytest.raises(StoreBusy, match=HERE):
        Store(postgres_url).open()
    Store(postgres_url).open().close()


def test_a_lost_connection_is_a_lost_lease_and_nothing_is_written_until_it_is_held_again(postgres_url: str) -> None:
    with Store(postgres_url) as first:
        first.write_tx(lambda tx: tx.execute(TABLE))
        _cut_off(postgres_url)
        with Store(postgres_url) as second:
            second.write_tx(lambda tx: tx.execute(ADD, (1, "second")))
            _may_not_write(first)
            _may_not_write(first)
            assert all_posts(first) == [(1, "second")]
        first.write_tx(lambda tx: tx.execute(ADD, (3, "first again")))
        with pytest.raises(StoreBusy):
            Store(postgres_url).open()
        assert all_posts(first) == [(1, "second"), (3, "first again")]


def test_what_was_begun_before_the_connection_was_lost_is_never_committed(postgres_url: str) -> None:
    with Store(postgres_url) as first:
        first.write_tx(lambda tx: tx.execute(TABLE))

        def half(tx: Tx) -> None:
            tx.execute(ADD, (1, "half"))
            _cut_off(postgres_url)
            with Store(postgres_url) as second:
                second.write_tx(lambda theirs: theirs.execute(ADD, (2, "whole")))

        with pytest.raises(Exception, match="terminating connection"):
            first.write_tx(half)
        assert all_posts(first) == [(2, "whole")]


def test_who_comes_back_looks_first_and_an_error_there_undoes_the_work(postgres_url: str) -> None:
    with Store(postgres_url) as store:
        store.write_tx(lambda tx: tx.execute(TABLE))
        looks: list[str] = []

        def look(tx: Tx) -> None:
            looks.append("look")
            if len(looks) < 3:
                raise LeaseLost

        store.on_return = look
        store.write_tx(lambda tx: tx.execute(ADD, (1, "before")))
        assert looks == []
        _cut_off(postgres_url)
        for _ in range(2):
            with pytest.raises(LeaseLost):
                store.write_tx(lambda tx: tx.execute(ADD, (2, "refused")))
        store.write_tx(lambda tx: tx.execute(ADD, (3, "after")))
        store.write_tx(lambda tx: tx.execute(ADD, (4, "and again")))
        assert looks == ["look"] * 3
        assert all_posts(store) == [(1, "before"), (3, "after"), (4, "and again")]


async def _running(url: str) -> tuple[App, asyncio.Task[None], asyncio.Event]:
    app, stop = App(jurisdiction(), Store(url), {}, real_time), asyncio.Event()
    await app.start()
    return app, asyncio.create_task(app.run(stop)), stop


async def test_a_running_bot_outlives_a_lost_connection_when_nobody_took_its_place(postgres_url: str) -> None:
    app, runs, stop = await _running(postgres_url)
    _cut_off(postgres_url)
    await app._try(app._work_waiting)
    await app.worker.run(lambda: app.store.write_tx(lambda tx: inbox.set_state(tx, "mark", "written")))
    stop.set()
    await runs
    await app.close()
    with Store(postgres_url, read_only=True) as reader:
        states = reader.read(lambda tx: (inbox.get_state(tx, "mark"), inbox.get_state(tx, "running")))
    assert states == ("written", "")


@pytest.mark.parametrize("goes_again", [False, True])
async def test_a_running_bot_ends_when_another_has_taken_its_database(postgres_url: str, goes_again: bool) -> None:
    """Even when the other has gone again: what it did meanwhile is nothing that the first one knows."""
    app, runs, _ = await _running(postgres_url)
    app._noted = real_time()  # no minute's note falls between
    _cut_off(postgres_url)
    other = App(jurisdiction(), Store(postgres_url), {}, real_time)
    await other.start()
    if goes_again:
        await other.close()
    app._noted = None
    await app._try(app._note_tick)
    with pytest.raises(LeaseLost if goes_again else StoreBusy):
        await asyncio.wait_for(runs, 20)
    await app.close()
    if not goes_again:
        await other.close()
    with Store(postgres_url, read_only=True) as reader:
        assert reader.read(lambda tx: inbox.get_state(tx, "running")) == ""


async def test_a_bot_that_was_put_out_leaves_the_other_ones_mark_alone(postgres_url: str) -> None:
    app, runs, stop = await _running(postgres_url)
    stop.set()
    await runs
    _cut_off(postgres_url)
    other = App(jurisdiction(), Store(postgres_url), {}, real_time)
    await other.start()
    await app.close()
    assert await other.worker.run(lambda: other.store.read(lambda tx: inbox.get_state(tx, "running"))) == other._run_id
    await other.close()
