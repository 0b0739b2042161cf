"""The database as the rest of the bot sees it: `Store.write_tx(fn)` and `Store.read(fn)`, the same on both products.

One writer connection, owned by one thread at a time; readers cannot write. SQLite: WAL, synchronous=FULL, BEGIN
IMMEDIATE, one process by a lock file. PostgreSQL: SERIALIZABLE, one process by a lock of its writer's session.
"""

from __future__ import annotations

import logging
import os
import random
import time
from collections.abc import Callable
from typing import Any, TypeVar

from groupbot import failpoints
from groupbot.store.connection import Connection
from groupbot.store.engines import Dialect, Engine, SqliteNote, engine_for, sqlite_note
from groupbot.store.errors import (
    DataError,
    IntegrityError,
    InternalError,
    LeaseLost,
    NestedTransaction,
    OperationalError,
    ReadOnlyStore,
    StoreBusy,
    StoreError,
    StoreUnreachable,
    TransactionLost,
    row_errors,
)
from groupbot.store.transaction import Cursor, Params, Row, Tx

__all__ = [
    "Cursor",
    "DataError",
    "IntegrityError",
    "InternalError",
    "LeaseLost",
    "NestedTransaction",
    "OperationalError",
    "Params",
    "ReadOnlyStore",
    "Row",
    "SqliteNote",
    "Store",
    "StoreBusy",
    "StoreError",
    "StoreUnreachable",
    "TransactionLost",
    "Tx",
    "row_errors",
    "sqlite_note",
]

T = TypeVar("T")

TRIES = 21  # the first and twenty more
FIRST_PAUSE, LONGEST_PAUSE = 0.002, 0.25  # seconds

log = logging.getLogger(__name__)


class Store:
    """One database. `url`: sqlite:///file, sqlite:////absolute/file, sqlite:// (private, in memory), postgresql://…

    `commits` counts commits; `on_statement`, when set, is called with each statement's SQL (savepoints included; BEGIN,
    COMMIT and ROLLBACK not). `on_return`, when set, runs first in the first transaction after the writer's connection
    was lost and made anew, when others may have written meanwhile; what it raises undoes that transaction. `sleep`
    (seconds) and `chance` (0 to 1) time the pauses between tries.
    """

    def __init__(
        self,
        url: str,
        *,
        read_only: bool = False,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.url = url
        self.read_only = read_only
        self.commits = 0
        self.on_statement: Callable[[str], None] | None = None
        self.on_return: Callable[[Tx], object] | None = None
        self._engine: Engine = engine_for(url)
        self._sleep = sleep
        self._chance = chance
        self._pid = 0
        self._kept: dict[str, Any] = {}
        self._writer = Connection(self._engine, self._engine.writer)
        self._reader = self._writer if self._engine.private else Connection(self._engine, self._engine.reader)

    @property
    def dialect(self) -> Dialect:
        """Which product it is."""
        return self._engine.dialect

    @property
    def db(self) -> Any:
        """The writer's peewee Database, to bind tables to; its statements run only inside write_tx."""
        return self._writer.db

    def open(self) -> Store:
        """Connect; returns itself. Raises StoreBusy when another process has the database, StoreUnreachable."""
        self._pid = os.getpid()
        self._kept.clear()
        if self.read_only:
            with self._reader as reader:
                reader.ready()
            return self
        self._engine.lock()
        try:
            with self._writer as writer:
                writer.ready()
                writer.fresh = False
        except BaseException:
            self._engine.unlock()
            raise
        return self

    def close(self) -> None:
        """Disconnect and let other processes in. Raises NestedTransaction inside a transaction of this thread."""
        self._refuse_nesting()
        for connection in (self._reader, self._writer):
            with connection:
                connection.disconnect()
        self._engine.unlock()
        self._pid = 0

    def __enter__(self) -> Store:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()

    def write_tx(self, fn: Callable[[Tx], T]) -> T:
        """Run `fn` in one transaction, commit, and return its result; any exception rolls back and is raised.

        `fn` runs again from the start (up to 20 times more) when the database says that a concurrent transaction was
        in the way, so it must do nothing that a rollback does not undo: use `tx.after_commit` for that. Another
        thread's write_tx waits. Raises NestedTransaction inside another one, ReadOnlyStore, StoreUnreachable,
        TransactionLost, StoreBusy when another process took the database while the connection was lost, what
        `on_return` raises, and OperationalError when the conflict stays.
        """
        if self.read_only:
            raise ReadOnlyStore(f"{self.url} is open for reading only")
        self._refuse_use()
        with self._writer as writer:
            result, after = self._tried(writer, self._returning(fn), (self._engine.begin_write, "COMMIT"))
            writer.fresh = False
            self.commits += 1
        for then in after:
            _call(then)
        return result

    def read(self, fn: Callable[[Tx], T]) -> T:
        """Run `fn` on one unchanging view of the database and return its result; it cannot write.

        Reads never wait for a writer, except in memory, where there is one connection. Raises NestedTransaction inside
        another transaction of this thread, StoreUnreachable, OperationalError or InternalError when `fn` writes.
        """
        self._refuse_use()
        with self._reader as reader:
            look = _unchanging(fn) if self._engine.private else fn
            result, _ = self._tried(reader, look, (self._engine.begin_read, "ROLLBACK"))
        return result

    def _returning(self, fn: Callable[[Tx], T]) -> Callable[[Tx], T]:
        """`fn`, after what is to be done first where the connection was made anew; that shows when `fn` is begun."""
        back = self.on_return
        if back is None:
            return fn

        def first(tx: Tx) -> T:
            if self._writer.fresh:
                back(tx)
            return fn(tx)

        return first

    def _refuse_nesting(self) -> None:
        if self._writer.mine() or self._reader.mine():
            raise NestedTransaction("already inside a transaction of this thread: hand its Tx down")

    def _refuse_use(self) -> None:
        self._refuse_nesting()
        if self._pid != os.getpid():
            raise StoreError("the store is not open in this process; after a fork it must be opened anew")

    def _tried(
        self, connection: Connection, fn: Callable[[Tx], T], frame: tuple[str, str]
    ) -> tuple[T, list[Callable[[], object]]]:
        for attempt in range(TRIES):
            tx = Tx(self._engine, connection.ready(), self.on_statement, self._kept)
            try:
                return _once(connection, tx, fn, frame), tx.after
            except Exception:
                if attempt == TRIES - 1 or not self._worth_another(connection, tx):
                    raise
            self._sleep(min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt) * self._chance())
        raise AssertionError("unreachable: the last try returns or raises")

    def _worth_another(self, connection: Connection, tx: Tx) -> bool:
        # A connection found dead at BEGIN has done nothing yet; one that dies later may even have committed.
        return self._engine.passing(tx.refusal) or (not tx.started and connection.db is None)


def _once(connection: Connection, tx: Tx, fn: Callable[[Tx], T], frame: tuple[str, str]) -> T:
    begin, finish = frame
    try:
        tx.begin(begin, writes=finish == "COMMIT")
        result = fn(tx)
        if finish == "COMMIT":
            failpoints.reach("transaction.worked")
        tx.finish(finish)
        if finish == "COMMIT":
            failpoints.reach("transaction.committed")
    except BaseException:
        tx.end()
        connection.roll_back()
        raise
    tx.end()
    return result


def _call(then: Callable[[], object]) -> None:
    # The work is committed: an error here must not look like a failure of the transaction.
    try:
        then()
    except Exception:
        log.exception("after a commit")


def _unchanging(fn: Callable[[Tx], T]) -> Callable[[Tx], T]:
    """`fn`, refused where it has written: in memory reads share the writer's connection.

    What it wrote is rolled back in any case. PRAGMA query_only would refuse it sooner, but lets all prepared statements
    expire, so that each is compiled again: half the time of a simulated year.
    """

    def looked(tx: Tx) -> T:
        before = tx.changes
        result = fn(tx)
        if tx.changes != before:
            raise OperationalError("attempt to write a readonly database")
        return result

    return looked
