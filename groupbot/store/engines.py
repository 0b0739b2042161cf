"""How SQLite and PostgreSQL differ: connecting, beginning, asking whether a transaction still stands, what to retry."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from peewee import DatabaseError, OperationalError, SqliteDatabase

from groupbot.store import leasing
from groupbot.store.errors import StoreError, StoreUnreachable
from groupbot.store.locking import FileLock

Dialect = Literal["sqlite", "postgresql"]

LEAST_ROOM = 1 << 20  # bytes that are left on a disk that is called full
BUSY_SECONDS = 5.0
CACHED_STATEMENTS = 512
# A post writes some thirty pages, most of them the same ones again: SQLite's 1,000 pages between two checkpoints are
# reached every thirty posts, and each checkpoint waits for the disk twice. 4,000 pages are 16 MiB of write-ahead log.
CHECKPOINT_PAGES = 4_000
DURABLE = (
    ("journal_mode", "WAL"),
    ("synchronous", "FULL"),
    ("foreign_keys", "ON"),
    ("wal_autocheckpoint", CHECKPOINT_PAGES),
)
SQLITE_RETRY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
POSTGRES_RETRY = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected
IDLE, IN_TRANSACTION = 0, 2  # psycopg.pq.TransactionStatus
QUOTED_OR_MARK = re.compile(r"'[^']*'|\"[^\"]*\"|--[^\n]*|[?%]")


class Engine(Protocol):
    """One database product behind `Store`. Writers and readers are open peewee databases in autocommit."""

    dialect: Dialect
    begin_write: str
    begin_read: str
    refusals: tuple[type[Exception], ...]  # what its driver raises from a statement
    private: bool  # reads and writes share one connection

    def lock(self) -> None:
        """Keep other processes out. Raises StoreBusy."""

    def unlock(self) -> None:
        """Let other processes in."""

    def writer(self) -> Any:
        """A new connection for writing. Raises StoreUnreachable when there is none to be had, StoreBusy."""

    def reader(self) -> Any:
        """A new connection that cannot write. Raises StoreUnreachable when there is none to be had."""

    def standing(self, connection: Any) -> bool:
        """Whether a transaction is open on the driver's connection and can still be committed."""

    def idle(self, connection: Any) -> bool:
        """Whether no transaction is open, not even a failed one; False too when the server has hung up."""

    def passing(self, refusal: BaseException | None) -> bool:
        """Whether the driver's refusal is one that the same work may not meet again."""

    def placed(self, sql: str) -> str:
        """SQL with `?` placeholders as the driver wants it."""


class SqliteEngine:
    """A file, or a private database in memory when `path` is None."""

    dialect: Dialect = "sqlite"
    begin_write = "BEGIN IMMEDIATE"  # a deferred one cannot be upgraded while another connection writes: it fails
    begin_read = "BEGIN"
    refusals: tuple[type[Exception], ...] = (sqlite3.Error, OverflowError, UnicodeEncodeError)

    def __init__(self, path: Path | None) -> None:
        self.path = path.absolute() if path else None
        self.private = path is None
        self._lock = FileLock(path.resolve()) if path else None

    def lock(self) -> None:
        """Take the lock file. Raises StoreBusy, and StoreError when the folder is not there or cannot be written."""
        if self._lock and self.path:
            _refuse_read_only_disk(self.path)
            self._lock.take()

    def unlock(self) -> None:
        """Let go of the lock file."""
        if self._lock:
            self._lock.release()

    def writer(self) -> Any:
        """WAL, synchronous=FULL (a commit survives a power cut), foreign keys on. Raises StoreError.

        A file that is made here is its owner's alone: citizens' words and telephone numbers are in it.
        """
        if self.path:
            _make_private(self.path)
        database = self._connected(str(self.path) if self.path else ":memory:", pragmas=DURABLE)
        mode = database.connection().execute("PRAGMA journal_mode").fetchone()[0]
        if mode != ("memory" if self.private else "wal"):
            database.close()
            raise StoreError(f"{self.path} cannot have a write-ahead log here (network disk?): move it to a local disk")
        return database

    def reader(self) -> Any:
        """A connection with mode=ro. Raises StoreUnreachable when the file is not there."""
        if self.path is None:
            raise StoreUnreachable("a database in memory has no second connection")
        _refuse_read_only_disk(self.path)
        return self._connected(self.path.as_uri() + "?mode=ro", uri=True)

    def _connected(self, name: str, **settings: Any) -> Any:
        # The store hands its connections from thread to thread, one holder at a time: sqlite3 need not check.
        database = SqliteDatabase(
            name,
            timeout=BUSY_SECONDS,
            autoconnect=False,
            thread_safe=False,
            check_same_thread=False,
            cached_statements=CACHED_STATEMENTS,
            **settings,
        )
        try:
            database.connect()
        except DatabaseError as error:
            raise StoreUnreachable(f"cannot open the database {self.path}: {error}{full_disk(self.path)}") from error
        return database

    def standing(self, connection: Any) -> bool:
        """SQLite ends a transaction by itself on some errors (disk full): then this is False."""
        return bool(connection.in_transaction)

    def idle(self, connection: Any) -> bool:
        """The opposite of `standing`."""
        return not connection.in_transaction

    def passing(self, refusal: BaseException | None) -> bool:
        """Busy and locked, in all their variants."""
        return (getattr(refusal, "sqlite_errorcode", 0) & 0xFF) in SQLITE_RETRY

    def placed(self, sql: str) -> str:
        """As it is."""
        return sql


def _make_private(file: Path) -> None:
    """Make a file that only its owner may read, if there is none; SQLite gives its -wal and -shm the same rights."""
    with contextlib.suppress(OSError):  # it is there already; or it cannot be made, and whoever opens it says so
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def full_disk(file: Path | None) -> str:
    """What to say besides of an error while the disk of a file is full; else nothing. SQLite says "disk I/O error"."""
    try:
        disk = os.statvfs(file.parent) if file else None
    except OSError:
        return ""
    if disk is None or disk.f_bavail * disk.f_frsize >= LEAST_ROOM:
        return ""
    return ". The disk is full: make room outside of the bot's folder, then try again; what was confirmed is kept"


def _refuse_read_only_disk(file: Path) -> None:
    """Raise StoreUnreachable on one: SQLite needs its -shm file for reading too, and says only that it cannot open."""
    try:
        read_only = os.statvfs(file.parent).f_flag & os.ST_RDONLY
    except OSError:
        return  # there is no such folder: whoever opens the file says so
    if read_only:
        raise StoreUnreachable(
            f"the disk of {file} is read-only. The system makes a disk so when it fails: copy {file.name}, and"
            f" {file.name}-wal if it is there, to another disk, and go on there"
        )


class PostgresEngine:
    """A PostgreSQL database by its postgresql:// address; needs psycopg 3 (the extra `postgres`)."""

    dialect: Dialect = "postgresql"
    begin_write = "BEGIN ISOLATION LEVEL SERIALIZABLE"
    begin_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    private = False

    def __init__(self, url: str) -> None:
        psycopg = _psycopg()
        self.url = url
        self._leased = False
        self.refusals: tuple[type[Exception], ...] = (psycopg.Error, UnicodeEncodeError)
        self.placed: Callable[[str], str] = functools.lru_cache(maxsize=1024)(with_percent)

    def lock(self) -> None:
        """From now on every writer takes the lock of `leasing`, and is no writer without it."""
        self._leased = True

    def unlock(self) -> None:
        """The lock itself goes with the writer's session."""
        self._leased = False

    def writer(self) -> Any:
        """A connection in autocommit: the store begins its transactions itself. Raises StoreBusy, StoreUnreachable."""
        database = self._connected()
        if self._leased:
            try:
                leasing.take(database.connection(), self.refusals)
            except self.refusals as refusal:
                database.close()
                raise StoreUnreachable(f"PostgreSQL refuses: {refusal}") from refusal
            except StoreError:
                database.close()
                raise
        return database

    def reader(self) -> Any:
        """The same without the lock; begin_read makes it read-only. Raises StoreUnreachable."""
        return self._connected()

    def _connected(self) -> Any:
        from playhouse.psycopg3_ext import Psycopg3Database

        database = Psycopg3Database(self.url, autoconnect=False, thread_safe=False)
        try:
            database.connect()
        except OperationalError as error:
            raise StoreUnreachable(f"cannot connect to PostgreSQL: {error}") from error
        return database

    def standing(self, connection: Any) -> bool:
        """In a transaction that has not failed."""
        return bool(connection.info.transaction_status == IN_TRANSACTION)

    def idle(self, connection: Any) -> bool:
        """Outside any transaction."""
        return bool(connection.info.transaction_status == IDLE)

    def passing(self, refusal: BaseException | None) -> bool:
        """Serialisation failures and deadlocks."""
        return getattr(refusal, "sqlstate", None) in POSTGRES_RETRY


def with_percent(sql: str) -> str:
    """`?` placeholders as `%s`, and `%` doubled; quoted text and comments keep their question marks."""
    return QUOTED_OR_MARK.sub(_percent, sql)


def _percent(match: re.Match[str]) -> str:
    part = match.group()
    return "%s" if part == "?" else part.replace("%", "%%")


def _psycopg() -> Any:
    try:
        import psycopg
    except ImportError as error:
        raise StoreError("PostgreSQL needs psycopg: pip install 'groupbot[postgres]'") from error
    return psycopg


def engine_for(url: str) -> Engine:
    """The engine of a database address: sqlite:///file, sqlite:////absolute/file, sqlite://, postgresql://…

    Raises StoreError for any other address.
    """
    if url.startswith(("postgresql://", "postgres://")):
        return PostgresEngine(url)
    if url == "sqlite://":
        return SqliteEngine(None)
    path = url.removeprefix("sqlite:///")
    if path in ("", url):
        raise StoreError(f"not a database address: {url!r}; expected sqlite:///file.db or postgresql://user@host/name")
    return SqliteEngine(Path(path))


@dataclass(frozen=True, slots=True)
class SqliteNote:
    """Which SQLite this Python carries, and whether two connections can damage a file at a WAL reset."""

    version: str
    wal_reset_bug: bool


def sqlite_note() -> SqliteNote:
    """For `doctor`. Versions 3.7.0 to 3.51.2 have the bug, but for 3.44.6 and 3.50.7 and their successors.

    The store is built to be safe with it (one connection commits and checkpoints). Source: sqlite.org/wal.html.
    """
    return SqliteNote(sqlite3.sqlite_version, has_wal_reset_bug(sqlite3.sqlite_version_info))


def has_wal_reset_bug(version: tuple[int, int, int]) -> bool:
    """Whether that SQLite version has the WAL-reset bug."""
    mended = version >= (3, 51, 3) or (3, 44, 6) <= version < (3, 45, 0) or (3, 50, 7) <= version < (3, 51, 0)
    return version >= (3, 7, 0) and not mended
