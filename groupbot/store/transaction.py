"""One open transaction: statements with `?` placeholders, savepoints, what to do after the commit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Protocol, TypeVar

from groupbot.store.engines import Dialect, Engine
from groupbot.store.errors import StoreError, TransactionLost, breaks_transaction, translated

Params = Sequence[object]
Row = tuple[Any, ...]
Fetched = TypeVar("Fetched")


class Cursor(Protocol):
    """What both drivers' cursors offer. `rowcount` is the number of rows changed."""

    rowcount: int

    def fetchone(self) -> Row | None:
        """The next row."""

    def fetchall(self) -> list[Row]:
        """All rows that are left."""

    def __iter__(self) -> Iterator[Row]: ...


class Tx:
    """The transaction that `Store.write_tx` and `Store.read` hand out; it ends with the function it was given to.

    Statements use `?` placeholders on both databases; a `?` of the SQL language itself (PostgreSQL's JSON operators)
    cannot be written. Driver errors arrive as peewee's (`groupbot.store.errors`). An OperationalError is final: the
    transaction is given up whole, whatever the caller catches, because a full disk inside a savepoint rolls back
    everything on SQLite, and the next statement would commit alone.
    """

    __slots__ = (
        "_connection",
        "_depth",
        "_engine",
        "_hook",
        "_sqlite",
        "_writes",
        "after",
        "db",
        "dialect",
        "ended",
        "failure",
        "kept",
        "refusal",
        "started",
    )

    def __init__(self, engine: Engine, db: Any, hook: Callable[[str], None] | None, kept: dict[str, Any]) -> None:
        self.db = db
        self.kept = kept  # what the store keeps in memory between transactions; put there by `keep`
        self.dialect: Dialect = engine.dialect
        self.started = False
        self.ended = False
        self.after: list[Callable[[], object]] = []
        self.failure: Exception | None = None  # the first error that broke the transaction
        self.refusal: BaseException | None = None  # the same as the driver raised it
        self._engine = engine
        self._connection = db.connection()
        db.execute_sql = self.run  # what is built with `db` is counted and guarded as our own statements are
        self._sqlite = engine.dialect == "sqlite"
        self._hook = hook
        self._depth = 0
        self._writes = True

    # --- statements --------------------------------------------------------------------------------------------------

    def execute(self, sql: str, params: Params = ()) -> Cursor:
        """Run one statement. Raises peewee's errors, and TransactionLost when there is no transaction any more."""
        return self.run(sql if self._sqlite else self._engine.placed(sql), params)

    def executemany(self, sql: str, rows: Iterable[Params]) -> Cursor:
        """Run one statement once per row of parameters. Raises as `execute` does."""
        self._before(sql)
        try:
            cursor = self._connection.cursor()
            cursor.executemany(self._engine.placed(sql), rows)
        except self._engine.refusals as refusal:
            raise self._noted(refusal) from refusal
        return cursor  # type: ignore[no-any-return]

    def one(self, sql: str, params: Params = ()) -> Row | None:
        """The first row, or None. Raises as `execute` does."""
        return self._fetched(self.execute(sql, params).fetchone)

    def all(self, sql: str, params: Params = ()) -> list[Row]:
        """All rows. Raises as `execute` does."""
        return self._fetched(self.execute(sql, params).fetchall)

    def scalar(self, sql: str, params: Params = ()) -> Any:
        """The first column of the first row, or None. Raises as `execute` does."""
        row = self.one(sql, params)
        return None if row is None else row[0]

    def run(self, sql: str, params: Params | None = None, commit: None = None) -> Cursor:
        """`execute` for SQL that already has the driver's own placeholders: stands in for the query builder's own."""
        self._before(sql)
        try:
            return self._connection.execute(sql, params or ())  # type: ignore[no-any-return]
        except self._engine.refusals as refusal:
            raise self._noted(refusal) from refusal

    # --- the transaction itself --------------------------------------------------------------------------------------

    @property
    def changes(self) -> int:
        """How many rows this connection has ever changed; SQLite alone counts them."""
        return int(self._connection.total_changes)

    def savepoint(self) -> Savepoint:
        """`with tx.savepoint():` keeps the outer work when the inner is undone by an exception, which goes on up.

        Catch only `row_errors(...)` around it. TransactionLost replaces the exception when the whole transaction went.
        """
        return Savepoint(self)

    def after_commit(self, then: Callable[[], object]) -> None:
        """Call `then` once the transaction is durable; never when it, or the savepoint around this call, is undone."""
        self.after.append(then)

    def keep(self, name: str, value: object) -> None:
        """Let later transactions find `value` in `kept`: at once where this one only reads, else from its commit on."""
        if self._writes:
            self.after_commit(lambda: self.kept.__setitem__(name, value))
        else:
            self.kept[name] = value

    def check(self) -> None:
        """Raises TransactionLost unless what was written here can still be committed."""
        if self.failure is not None or not self._engine.standing(self._connection):
            raise self._lost()

    # --- for the store alone -----------------------------------------------------------------------------------------

    def begin(self, sql: str, *, writes: bool) -> None:
        """Start, to write or only to read. Raises peewee's errors."""
        self._writes = writes
        self._control(sql)
        self.started = True
        self.db.push_transaction(self)  # so that the query builder's own `atomic` makes savepoints in here

    def finish(self, sql: str) -> None:
        """COMMIT, or ROLLBACK after reading. Raises peewee's errors; TransactionLost instead of half a commit."""
        if sql == "COMMIT":
            self.check()
        self._control(sql)

    def end(self) -> None:
        """Refuse any later use of this record."""
        if self.started and not self.ended:
            self.db.pop_transaction()
        self.ended = True
        self.failure = self.failure or StoreError("it has ended")

    # --- inside ------------------------------------------------------------------------------------------------------

    def _control(self, sql: str) -> None:
        try:
            self._connection.execute(sql)
        except self._engine.refusals as refusal:
            raise self._noted(refusal) from refusal

    def _before(self, sql: str) -> None:
        # Asked before every statement: outside a transaction SQLite would write and commit it alone.
        if self.failure is not None or (self._sqlite and not self._connection.in_transaction):
            raise self._lost()
        if self._hook is not None:
            self._hook(sql)

    def _fetched(self, fetch: Callable[[], Fetched]) -> Fetched:
        try:
            return fetch()
        except self._engine.refusals as refusal:
            raise self._noted(refusal) from refusal

    def _noted(self, refusal: Exception) -> Exception:
        error = translated(refusal)
        if self.failure is None and breaks_transaction(error):
            self.failure, self.refusal = error, refusal
        return error

    def _lost(self) -> TransactionLost:
        lost = TransactionLost(f"the transaction was lost, nothing of it is kept: {self.failure or 'rolled back'}")
        lost.__cause__ = self.failure
        return lost


class Savepoint:
    """The context manager behind `Tx.savepoint`."""

    __slots__ = ("_kept", "_name", "_tx")

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._name = ""
        self._kept = 0

    def __enter__(self) -> None:
        tx = self._tx
        self._name = f"s{tx._depth + 1}"
        self._kept = len(tx.after)
        tx.run(f"SAVEPOINT {self._name}")
        tx._depth += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        tx = self._tx
        tx._depth -= 1
        if error is None:
            tx.check()
            tx.run(f"RELEASE SAVEPOINT {self._name}")
            return
        del tx.after[self._kept :]
        if tx.failure is None:
            tx.run(f"ROLLBACK TO SAVEPOINT {self._name}")
            tx.run(f"RELEASE SAVEPOINT {self._name}")
        elif not isinstance(error, type(tx.failure)):
            raise tx._lost() from error
