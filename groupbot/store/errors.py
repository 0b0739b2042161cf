"""What can go wrong in the store, in one set of names for SQLite and PostgreSQL alike."""

from __future__ import annotations

from pathlib import Path

from peewee import EXCEPTIONS, DatabaseError, DataError, IntegrityError, InternalError, OperationalError

__all__ = [
    "DataError",
    "DatabaseError",
    "IntegrityError",
    "InternalError",
    "LeaseLost",
    "NestedTransaction",
    "OperationalError",
    "ReadOnlyStore",
    "StoreBusy",
    "StoreError",
    "StoreUnreachable",
    "TransactionLost",
    "breaks_transaction",
    "row_errors",
    "translated",
]


class StoreError(Exception):
    """The store cannot be used as asked; the message says why and what to do."""


class StoreBusy(StoreError, OperationalError):  # type: ignore[misc]
    """Another process has the database. `holder` says which ("process 42 on registry"), '' where that is not known.

    An OperationalError too: who meets it after a lost connection gives up the whole batch, and may try it again.
    """

    def __init__(self, database: Path | str, holder: str) -> None:
        by = holder or "another process"
        super().__init__(f"{database} is in use by {by}: stop it first, or send the command to the running bot")
        self.holder = holder


class LeaseLost(StoreError, OperationalError):  # type: ignore[misc]
    """The connection was lost, and another process has worked on the database since: this one knows old things."""

    def __init__(self) -> None:
        super().__init__("the connection to the database was lost, and another groupbot has worked on it since")


class NestedTransaction(StoreError):
    """write_tx or read was called inside another one of the same thread: hand the `Tx` down instead."""


class ReadOnlyStore(StoreError):
    """The store was opened with read_only=True and cannot write."""


class StoreUnreachable(StoreError, OperationalError):  # type: ignore[misc]
    """There is no connection to be had: no such file or folder, or a server that does not answer."""


class TransactionLost(StoreError, OperationalError):  # type: ignore[misc]
    """The transaction is no longer there, or can no longer be trusted: nothing of it will be committed.

    An OperationalError too, so that whoever gives up the whole batch on those gives it up on this one.
    """


def row_errors(*more: type[Exception]) -> tuple[type[Exception], ...]:
    """The errors that may stay with one row of a batch: IntegrityError, DataError and the caller's own (`more`).

    OperationalError is not among them and must never be added: after one the whole transaction is given up.
    """
    return (IntegrityError, DataError, *more)


def translated(error: Exception) -> Exception:
    """A driver's exception as the peewee exception of the same meaning; anything unknown comes back as it is.

    A number beyond 64 bits and a text that is not Unicode are refused by the drivers before the database sees them;
    both are values that no retry can store, so they count as DataError.
    """
    if isinstance(error, OverflowError | UnicodeEncodeError):
        return DataError(error, *error.args)  # type: ignore[no-any-return]
    for kind in type(error).__mro__:
        if kind.__name__ in EXCEPTIONS:
            return EXCEPTIONS[kind.__name__](error, *error.args)  # type: ignore[no-any-return]
    return error


def breaks_transaction(error: Exception) -> bool:
    """Whether a peewee exception leaves its transaction unfit to go on (disk full, connection lost, conflict)."""
    return isinstance(error, OperationalError | InternalError) or type(error) is DatabaseError
