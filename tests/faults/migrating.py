"""Every migration killed after each of its statements, from each older schema, on SQLite and on PostgreSQL.

What was in the database stays; the next start brings the schema to where it would have been without a kill.
"""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from groupbot import failpoints
from groupbot.store import migrations
from groupbot.store.database import Store, Tx
from tests.faults.full_disk import expect
from tests.postgres import cluster

Fresh = Callable[[], AbstractContextManager[str]]
PERSON = "INSERT INTO person(jurisdiction_id, name, called, language, created_at) VALUES ('ke', ?, 'Jane', 'en', 7)"
COLUMNS = "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
INDEXES = "SELECT tablename, indexname, indexdef, '' FROM pg_indexes"


def on_sqlite(folder: Path, _: int) -> None:
    """All points on SQLite. Raises AssertionError."""
    every_point(files(folder))


def on_postgres(_: Path, seed: int) -> None:
    """All points on PostgreSQL. Raises AssertionError, NoPostgres."""
    with cluster() as running:
        every_point(running.database)


def files(folder: Path) -> Fresh:
    """New SQLite files in a folder, one after the other."""
    made = itertools.count()

    @contextmanager
    def fresh() -> Iterator[str]:
        file = folder / f"{next(made)}.db"
        yield f"sqlite:///{file}"
        file.unlink()

    return fresh


def every_point(fresh: Fresh, stride: int = 1) -> int:
    """Kill at each `stride`-th point of the way from each older schema; how many kills. Raises AssertionError."""
    kills = 0
    with fresh() as url:
        before(url, 0)
        _migrate(url)
        wanted = look(url)[0]
    for version in range(migrations.NEWEST):
        points = _points(version)
        for kill in range(1 + version % stride, points + 1, stride):
            with fresh() as url:
                before(url, version)
                found = look(url)[1]
                expect(_killed(url, kill), f"from schema {version}: the child outlived point {kill} of {points}")
                _migrate(url)
                kills += 1
                expect(
                    look(url) == (wanted, found), f"from schema {version}, killed at point {kill}: something differs"
                )
    return kills


def before(url: str, version: int) -> None:
    """A database of an older schema, with somebody in it."""
    with Store(url) as store:
        for number in range(version):
            store.write_tx(lambda tx, number=number: migrations.step(tx, number))  # type: ignore[misc]
        if version:
            store.write_tx(lambda tx: tx.execute(PERSON, (f"from schema {version}",)))


def look(url: str) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """The schema, and who is in the database."""

    def read(tx: Tx) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
        if tx.dialect == "sqlite":
            schema = tx.all("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")
        else:
            schema = tx.all(f"{COLUMNS} WHERE table_schema = current_schema() UNION ALL {INDEXES} ORDER BY 1, 2")
        known = any("person" in row for row in schema)
        return schema, tx.all("SELECT id, name, called FROM person ORDER BY id") if known else []

    with Store(url) as store:
        return store.read(read)


def _points(version: int) -> int:
    statements = len(migrations.statements(migrations.NEWEST)) - len(migrations.statements(version))
    return statements + 2 * (1 + migrations.NEWEST - version)  # each transaction has one before its commit and after it


def _migrate(url: str) -> None:
    with Store(url) as store:
        migrations.migrate(store)
        expect(store.read(migrations.version) == migrations.NEWEST, "the schema is not the newest")


def _killed(url: str, kill: int) -> bool:
    """Migrate in a child that kills itself at the point of that number; whether it did."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            failpoints.arm(_killer(kill))
            _migrate(url)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def _killer(kill: int) -> Callable[[str], None]:
    reached = 0

    def then(name: str) -> None:
        nonlocal reached
        reached += 1
        if reached == kill:
            os.kill(os.getpid(), signal.SIGKILL)

    return then
