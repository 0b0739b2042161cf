"""The service log: one append-only row per move. Coded fields are public; texts stand beside their commitments.

A commitment is HMAC-SHA256(salt, text): with the salt erased it proves nothing and reveals nothing, and the log still
verifies. An entry without a public text has no public commitment. The private one is always there: its salt also keeps
anybody from guessing the coded fields of an entry of which only the fingerprint is shown.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from groupbot.records import micros
from groupbot.store import hot
from groupbot.store.database import Tx
from groupbot.store.log_read import KeptCheckpoint


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One move as it goes into the log. `at` is when the bot took it (aware UTC); an act may be about no request."""

    at: datetime
    type: str
    role: str
    pack_version: str
    ref: str = ""
    service_code: str = ""
    ward: str = ""
    state: str = ""
    outcome: str = ""
    request_id: int | None = None
    actor_id: int | None = None
    inbox_id: int | None = None
    public_text: str = ""
    private_text: str = ""


def append(tx: Tx, jurisdiction_id: str, entry: LogEntry, salt: Callable[[], bytes]) -> None:
    """Append an entry with the commitments to its texts; `salt` gives 32 fresh random bytes."""
    hot.append_log(tx, jurisdiction_id, _row(entry, salt))


def append_all(tx: Tx, jurisdiction_id: str, entries: Sequence[LogEntry], salt: Callable[[], bytes]) -> None:
    """Append many entries in their order."""
    if entries:
        hot.append_logs(tx, jurisdiction_id, [_row(entry, salt) for entry in entries])


def _row(entry: LogEntry, salt: Callable[[], bytes]) -> tuple[object, ...]:
    c_public, public_salt = _commit(entry.public_text, salt) if entry.public_text else ("", None)
    c_private, private_salt = _commit(entry.private_text, salt)
    return (
        micros(entry.at),
        entry.type,
        entry.ref,
        entry.service_code,
        entry.ward,
        entry.role,
        entry.state,
        entry.outcome,
        entry.pack_version,
        c_public,
        c_private,
        entry.public_text or None,
        public_salt,
        entry.private_text or None,
        private_salt,
        entry.request_id,
        entry.actor_id,
        entry.inbox_id,
    )


def begin_epoch(tx: Tx, jurisdiction_id: str, entry: LogEntry, salt: Callable[[], bytes]) -> tuple[int, int]:
    """Append the entry that begins a new epoch; (epoch, its sequence number)."""
    append(tx, jurisdiction_id, entry, salt)
    seq, epoch = tx.one(
        "SELECT seq, epoch FROM service_log WHERE jurisdiction_id = ? ORDER BY seq DESC LIMIT 1", (jurisdiction_id,)
    ) or (0, 0)
    set_epoch(tx, jurisdiction_id, int(seq), int(epoch) + 1)
    return int(epoch) + 1, int(seq)


def set_epoch(tx: Tx, jurisdiction_id: str, seq: int, epoch: int) -> None:
    """Say of the entry just appended which epoch it begins: before its transaction is committed, never after."""
    tx.execute("UPDATE service_log SET epoch = ? WHERE jurisdiction_id = ? AND seq = ?", (epoch, jurisdiction_id, seq))


def _commit(text: str, salt: Callable[[], bytes]) -> tuple[str, str]:
    secret = salt()
    return hmac.digest(secret, text.encode(), "sha256").hex(), secret.hex()


def erase_private(tx: Tx, request_id: int) -> None:
    """Erase the private texts of a request's entries with their salts: the commitments stay, and are noise."""
    tx.execute("UPDATE service_log SET private_text = NULL, private_salt = NULL WHERE request_id = ?", (request_id,))


def erase_public(tx: Tx, request_id: int) -> None:
    """Erase the published texts of a request's entries with their salts."""
    tx.execute("UPDATE service_log SET public_text = NULL, public_salt = NULL WHERE request_id = ?", (request_id,))


def protect(tx: Tx, request_id: int) -> None:
    """Take a request's published texts out of every later export: without its salt a text is not shown."""
    tx.execute("UPDATE service_log SET public_salt = NULL WHERE request_id = ?", (request_id,))


def add_checkpoint(tx: Tx, jurisdiction_id: str, checkpoint: KeptCheckpoint) -> None:
    """Keep a checkpoint beside the log. Raises peewee.IntegrityError when there is one of that epoch and size."""
    tx.execute(
        "INSERT INTO checkpoint(jurisdiction_id, epoch, tree_size, root, at) VALUES (?, ?, ?, ?, ?)",
        (jurisdiction_id, checkpoint.epoch, checkpoint.tree_size, checkpoint.root, micros(checkpoint.at)),
    )


def history(tx: Tx, request_id: int) -> list[dict[str, Any]]:
    """The public coded fields of all entries of one request, oldest first."""
    names = ("seq", "at", "type", "ref", "service_code", "ward", "role", "state", "outcome")
    rows = tx.all(f"SELECT {', '.join(names)} FROM service_log WHERE request_id = ? ORDER BY seq", (request_id,))
    return [dict(zip(names, row, strict=True)) for row in rows]
