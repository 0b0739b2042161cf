"""Reading the service log as it leaves the house: its entries in order, the checkpoints, the county's log sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import DatabaseError, OperationalError

from groupbot.records import instant
from groupbot.store import migrations
from groupbot.store.database import StoreError, Tx

_CODED = (
    "epoch", "seq", "at", "type", "ref", "service_code", "ward", "role", "state", "outcome", "pack_version",
    "c_public", "c_private",
)  # fmt: skip
_ENTRIES = (
    f"SELECT {', '.join(f'service_log.{name}' for name in _CODED)}, public_text, public_salt,"
    " COALESCE(request.route, ''), COALESCE(request.topic, ''), request.protected_at FROM service_log"
    " LEFT JOIN request ON request.id = service_log.request_id"
    " WHERE service_log.jurisdiction_id = ? AND seq > ? ORDER BY seq LIMIT ?"
)
_PAGE = 2_000  # entries read at once, so that memory does not grow with the log

_SHEET = {
    "reference": "service_request_id",
    "received": "requested_datetime",
    "channel": "contact.channel",
    "reported_by": "poster.name",
    "ward": "ward",
    "department": "service_code",
    "topic": "topic",
    "priority": "priority",
    "place": "address",
    "message": "description",
    "response": "status_notes",
    "officer": "officer.name",
    "acknowledged": "acknowledged_at",
    "due": "expected_datetime",
    "answered": "answered_at",
    "state": "state",
    "outcome": "outcome",
    "word": "word",
    "closed": "closed_at",
    "reopenings": "reopenings",
}
SHEET_COLUMNS = tuple(_SHEET)
_SHEET_ROWS = (
    f"SELECT {', '.join(column if '.' in column else f'request.{column}' for column in _SHEET.values())}, request.id"
    " FROM request LEFT JOIN contact ON contact.request_id = request.id"
    " LEFT JOIN person AS poster ON poster.id = request.poster_id"
    " LEFT JOIN person AS officer ON officer.id = request.officer_id"
    " WHERE request.jurisdiction_id = ? AND request.route <> 'private' AND request.id > ? ORDER BY request.id LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """One entry: its coded fields, the published text with its salt where it may still be shown, and what it is about.

    `route` and `topic` are those of its request as it stands now, '' for an entry about none; `protected` likewise.
    """

    coded: Mapping[str, Any]
    public_text: str | None
    public_salt: str | None
    route: str
    topic: str
    protected: bool = False


@dataclass(frozen=True, slots=True)
class KeptCheckpoint:
    """A checkpoint as it was told. `root` is in base64, `at` aware UTC."""

    epoch: int
    tree_size: int
    root: str
    at: datetime


class NoLogHere(StoreError):
    """The database is not one that this groupbot can read a log from; the text says why."""


def check_database(tx: Tx) -> None:
    """Raises NoLogHere unless the database is groupbot's, of the schema that this program knows."""
    try:
        found = migrations.version(tx)
    except OperationalError:  # a full disk: that says nothing of the database
        raise
    except DatabaseError as error:
        raise NoLogHere(f"it is no database of groupbot: {error}") from error
    if found == 0:
        raise NoLogHere("it is no database of groupbot: it holds nothing")
    if found != migrations.NEWEST:
        raise NoLogHere(f"the database has schema {found}, this groupbot reads {migrations.NEWEST}")


def entries(tx: Tx, jurisdiction_id: str, after: int = 0) -> Iterator[LoggedEntry]:
    """The entries of a log after that sequence number, in order."""
    while rows := tx.all(_ENTRIES, (jurisdiction_id, after, _PAGE)):
        for row in rows:
            coded, (text, salt, route, topic, protected) = dict(zip(_CODED, row, strict=False)), row[len(_CODED) :]
            text, salt = (text, salt) if text and salt else (None, None)
            yield LoggedEntry(coded, text, salt, route, topic, protected is not None)
        after = int(coded["seq"])


def first_of(tx: Tx, jurisdiction_id: str, types: Sequence[str], after: int) -> datetime | None:
    """When the first entry of one of these types after that sequence number was logged (aware UTC)."""
    marks = ", ".join("?" * len(types))
    found = tx.scalar(
        f"SELECT MIN(at) FROM service_log WHERE jurisdiction_id = ? AND seq > ? AND type IN ({marks})",
        (jurisdiction_id, after, *types),
    )
    return None if found is None else instant(int(found))


def since(tx: Tx, jurisdiction_id: str, after: int) -> Iterator[tuple[str, int | None]]:
    """Type and request of each entry after that sequence number, in order."""
    rows = tx.all(
        "SELECT type, request_id FROM service_log WHERE jurisdiction_id = ? AND seq > ? ORDER BY seq",
        (jurisdiction_id, after),
    )
    return ((str(row[0]), row[1]) for row in rows)


def size(tx: Tx, jurisdiction_id: str) -> int:
    """How many entries a log has; 0 for none."""
    return int(tx.scalar("SELECT MAX(seq) FROM service_log WHERE jurisdiction_id = ?", (jurisdiction_id,)) or 0)


def log_ids(tx: Tx) -> list[str]:
    """Whose logs the database holds."""
    rows = tx.all("SELECT DISTINCT jurisdiction_id FROM service_log ORDER BY jurisdiction_id")
    return [str(row[0]) for row in rows]


def logged_at(tx: Tx, jurisdiction_id: str, seq: int) -> datetime:
    """When an entry was logged (aware UTC). Raises LookupError when there is no such entry."""
    found = tx.scalar("SELECT at FROM service_log WHERE jurisdiction_id = ? AND seq = ?", (jurisdiction_id, seq))
    if found is None:
        raise LookupError(f"log {jurisdiction_id} has no entry {seq}")
    return instant(int(found))


def checkpoints(tx: Tx, jurisdiction_id: str) -> list[KeptCheckpoint]:
    """All checkpoints of a log, the first one first."""
    rows = tx.all(
        "SELECT epoch, tree_size, root, at FROM checkpoint WHERE jurisdiction_id = ? ORDER BY tree_size, epoch",
        (jurisdiction_id,),
    )
    return [_checkpoint(row) for row in rows]


def last_checkpoint(tx: Tx, jurisdiction_id: str) -> KeptCheckpoint | None:
    """The latest checkpoint of a log."""
    row = tx.one(
        "SELECT epoch, tree_size, root, at FROM checkpoint WHERE jurisdiction_id = ?"
        " ORDER BY epoch DESC, tree_size DESC LIMIT 1",
        (jurisdiction_id,),
    )
    return None if row is None else _checkpoint(row)


def _checkpoint(row: tuple[Any, ...]) -> KeptCheckpoint:
    epoch, tree_size, root, at = row
    return KeptCheckpoint(int(epoch), int(tree_size), str(root), instant(int(at)))


def sheet(tx: Tx, jurisdiction_id: str) -> Iterator[dict[str, Any]]:
    """Each request as the county's log sheet has it, in the order of opening; confidential cases are not on it.

    Keys are SHEET_COLUMNS; instants are UTC microseconds, codes the pack's.
    """
    after = 0
    while rows := tx.all(_SHEET_ROWS, (jurisdiction_id, after, _PAGE)):
        for row in rows:
            yield dict(zip(SHEET_COLUMNS, row, strict=False))
        after = int(rows[-1][-1])
