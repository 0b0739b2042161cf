"""A backup is whole or refused; a restore gives no number twice, and says openly what it does not know."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from groupbot import backups, verify_log
from groupbot.app import App
from groupbot.chat.sandbox import SandboxChat
from groupbot.cli import main
from groupbot.records import Notice
from groupbot.store import backup_file, copying, hot, migrations
from groupbot.store.backup_file import DamagedBackup
from groupbot.store.database import Store
from tests.county import FORM, TUESDAY, County, county, jurisdiction
from tests.postgres import NoPostgres, cluster

LATER = TUESDAY + timedelta(days=2)


@contextmanager
def _target(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'restored.db'}"
        return
    try:
        with cluster() as running, running.database() as url:
            yield url
    except NoPostgres as reason:
        pytest.skip(str(reason))


async def _busy(here: County) -> None:
    post = await here.say("chebet", "health", FORM)
    await here.say("kiptoo", "health", "/resolve 200 doses delivered this morning from the store", post)
    await here.say("rose", "water", "Location: Tot\nProblem: pump broken")
    await here.say("chebet", "health", "The officer asks for money, no receipt given, for treatment")
    await here.wait(hours=30)


def _rows(store: Store) -> list[object]:
    def all_of(tx):  # type: ignore[no-untyped-def]
        rows = list(copying.dump(tx, migrations.version(tx)))
        return sorted(map(repr, rows))

    return store.read(all_of)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_what_comes_back_is_what_was_there_on_the_same_and_on_the_other_product(
    tmp_path: Path, kind: str
) -> None:
    with _target(kind, tmp_path) as url:
        async with county(f"sqlite:///{tmp_path / 'a.db'}") as here:
            await _busy(here)
            await here.app.worker.run(lambda: backups.back_up(here.app.store, tmp_path / "b", here.clock()))
            before = await here.app.worker.run(lambda: _rows(here.app.store))
        with Store(url) as store:
            done = backups.restore(store, tmp_path / "b", jurisdiction(), None, LATER)
            # beside the two facts that the bot keeps about its own runs
            assert [row for row in _rows(store) if "restores" not in row] == before
            assert (done.made_at, done.epoch) == (here.clock(), 0)
            hot_number = store.write_tx(lambda tx: hot.next_number(tx, "ke-elgeyo-marakwet", "HLT", 2026))
            assert hot_number == 2
            person = (
                "INSERT INTO person(jurisdiction_id, name, called, language, created_at) VALUES ('x', '', '', '', 0)"
            )
            store.write_tx(lambda tx: tx.execute(person))


async def test_after_a_restore_no_number_comes_twice_and_everybody_is_told(tmp_path: Path) -> None:
    async with county(f"sqlite:///{tmp_path / 'a.db'}") as here:
        await _busy(here)
        await here.app.worker.run(lambda: backups.back_up(here.app.store, tmp_path / "b", here.clock()))
        for number in range(3):
            await here.say("chebet", "health", FORM.replace("Monday", f"{number} weeks"))
        await here.wait(hours=24)
        shown = "\n".join(here.lines("mirror"))
        told, _ = verify_log.find_checkpoints(shown)
        seen = backups.what_was_seen(shown, jurisdiction())
        assert (seen.checkpoint, (seen.numbers or {})["HLT", 2026]) == (told[-1], 4)
        url = f"sqlite:///{tmp_path / 'restored.db'}"
        with Store(url) as store:
            done = backups.restore(store, tmp_path / "b", jurisdiction(), seen, here.clock())
        assert done.epoch == 1
        heard = {room: len(here.lines(room)) for room in ("health", "mirror", "communications")}
        again = App(jurisdiction(), Store(url), {"sandbox": SandboxChat(here.sandbox, here.clock)}, here.clock)
        await again.start()
        await again.advance(here.clock, here.clock() + timedelta(hours=24))
        text = again.store.read(lambda tx: tx.scalar("SELECT public_text FROM service_log WHERE type = 'restored'"))
        await again.close()
        new = {room: here.lines(room)[count:] for room, count in heard.items()}
    assert new["health"][0].startswith("I was restored from a copy of ")
    # what was posted since the backup comes once more, under numbers that nobody has seen before
    numbers = [line[:11] for line in new["health"] if line.startswith("HLT")]
    assert numbers[:3] == ["HLT-26-0105", "HLT-26-0106", "HLT-26-0107"]
    assert f"goes on as epoch 1 from entry {done.first_entry}" in new["mirror"][0]
    assert new["communications"][0] == new["health"][0]
    assert f"epoch 0 size {told[-1].size}" in text
    assert "HLT-26-0002-" in text
    assert "HLT-26-0104-" in text
    fresh, _ = verify_log.find_checkpoints("\n".join(new["mirror"]))
    assert [one.epoch for one in fresh] == [1]


async def test_the_public_log_of_a_restored_bot_verifies_and_names_the_restore(tmp_path: Path) -> None:
    async with county(f"sqlite:///{tmp_path / 'a.db'}") as here:
        await here.say("chebet", "health", FORM)
        await here.wait(hours=24)
        await here.app.worker.run(lambda: backups.back_up(here.app.store, tmp_path / "b", here.clock()))
        before, _ = verify_log.find_checkpoints("\n".join(here.lines("mirror")))
        await here.say("rose", "water", "Location: Tot\nProblem: pump broken")
        await here.wait(hours=24)
        lost, _ = verify_log.find_checkpoints("\n".join(here.lines("mirror")))
    url = f"sqlite:///{tmp_path / 'restored.db'}"
    with Store(url) as store:
        seen = backups.what_was_seen("\n".join(here.lines("mirror")), jurisdiction())
        restored = backups.restore(store, tmp_path / "b", jurisdiction(), seen, LATER)
    out = tmp_path / "log.jsonl"
    done = CliRunner().invoke(main, ["log", "export", str(out), "--database", url])
    assert done.exit_code == 0, done.output
    lines = out.read_bytes().splitlines()
    assert verify_log.verify(lines, before).problem is None
    problem = verify_log.verify(lines, lost).problem
    assert problem is not None
    assert f"restored from a backup since, epoch 1 begins at entry {restored.first_entry}" in problem.what


def test_every_flipped_bit_and_every_cut_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "b"
    backup_file.write(file, {"schema": 1}, [copying.Table("person", ("id",)), (1,), (2,)])
    whole = file.read_bytes()
    for place in range(len(whole) * 8):
        spoilt = bytearray(whole)
        spoilt[place // 8] ^= 1 << place % 8
        file.write_bytes(spoilt)
        with pytest.raises(DamagedBackup):
            backup_file.read(file)
    for size in range(len(whole)):
        file.write_bytes(whole[:size])
        with pytest.raises(DamagedBackup):
            backup_file.read(file)
    file.write_bytes(whole)
    assert list(backup_file.read(file).rows) == [copying.Table("person", ("id",)), (1,), (2,)]


async def test_a_backup_under_load_is_one_moment_and_holds_nobody_up(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    async with county(url) as here:
        await _busy(here)
        store, stop = here.app.store, threading.Event()

        def queue(number: int) -> None:
            pair = [Notice("none", "x", "send", f"{number}-{side}", "number") for side in "ab"]
            store.write_tx(lambda tx: hot.queue(tx, pair, TUESDAY))

        def load() -> int:
            number = 0
            while not stop.is_set():
                queue(number)
                number += 1
            return number

        writing = here.app.worker.run(load)
        task = __import__("asyncio").ensure_future(writing)
        counts = []
        for number in range(5):
            with Store(url, read_only=True) as reader:
                await __import__("asyncio").to_thread(backups.back_up, reader, tmp_path / f"b{number}", TUESDAY)
            rows = list(backup_file.read(tmp_path / f"b{number}").rows)
            keys = [row for row in rows if not isinstance(row, copying.Table) and "none" in row]
            assert len(keys) % 2 == 0
            counts.append(len(keys))
        stop.set()
        written = await task
    assert written > 0
    assert counts == sorted(counts)


async def test_a_restore_never_writes_over_anything(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    async with county(url) as here:
        await here.app.worker.run(lambda: backups.back_up(here.app.store, tmp_path / "b", here.clock()))
    done = CliRunner().invoke(main, ["restore", str(tmp_path / "b"), "--database", url, "--nothing-lost"])
    assert (done.exit_code, "a restore never writes over anything" in done.output) == (1, True)
    (tmp_path / "c").write_bytes((tmp_path / "b").read_bytes()[:-1])
    new = f"sqlite:///{tmp_path / 'new.db'}"
    done = CliRunner().invoke(main, ["restore", str(tmp_path / "c"), "--database", new])
    assert (done.exit_code, "damaged or cut short: use another backup" in done.output) == (1, True)
    done = CliRunner().invoke(main, ["restore", str(tmp_path / "b"), "--database", new])
    assert (done.exit_code, "from entry 1" in done.output) == (0, True), done.output


def test_an_older_database_is_backed_up_before_it_is_migrated(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    url = f"sqlite:///{file}"
    with Store(url) as store:
        store.write_tx(lambda tx: migrations.step(tx, 0))
    done = CliRunner().invoke(main, ["migrate", "--database", url])
    assert f"schema 1 to {migrations.NEWEST}" in done.output, done.output
    (kept,) = tmp_path.glob("before-schema-*.groupbot-backup")
    assert kept.stat().st_mode & 0o077 == 0
    with Store(f"sqlite:///{tmp_path / 'again.db'}") as store:
        backups.restore(store, kept, jurisdiction(), None, LATER)
        assert store.read(migrations.version) == migrations.NEWEST
    assert "nothing to do" in CliRunner().invoke(main, ["migrate", "--database", url]).output
