"""One database connection that is owned by one thread at a time, and comes back after its server hung up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

from groupbot.store.engines import Engine
from groupbot.store.errors import StoreError


class Connection:
    """`with connection:` waits until no other thread has it. `db` is its peewee Database, None while disconnected."""

    def __init__(self, engine: Engine, connect: Callable[[], Any]) -> None:
        self.db: Any = None
        self.fresh = False  # it is a new connection, on which nothing was committed yet
        self._engine = engine
        self._connect = connect
        self._lock = threading.Lock()
        self._owner = 0

    def __enter__(self) -> Connection:
        self._lock.acquire()
        self._owner = threading.get_ident()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._owner = 0
        self._lock.release()

    def mine(self) -> bool:
        """Whether the calling thread is inside `with connection:`."""
        return self._owner == threading.get_ident()

    def ready(self) -> Any:
        """The peewee Database, connected; only inside `with`. Raises StoreUnreachable."""
        if self.db is None:
            self.db = self._connect()
            self.fresh = True
            self.db.execute_sql = _outside
        return self.db

    def roll_back(self) -> None:
        """End whatever transaction is open. A connection that cannot even do that (its server hung up) is given up."""
        connection = self.db.connection()
        if self._engine.idle(connection):
            return
        try:
            connection.execute("ROLLBACK")
        except self._engine.refusals:
            self.disconnect()

    def disconnect(self) -> None:
        """Close the connection; nothing happens when there is none."""
        if self.db is not None:
            self.db.close()
            self.db = None


def _outside(sql: str, *_: object) -> None:
    # Outside a transaction each statement would commit alone, and the count of commits would be wrong.
    raise StoreError(f"statement outside write_tx or read: {sql[:80]}")
