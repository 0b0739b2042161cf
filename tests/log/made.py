"""A log made up for tests by the writer's rules: its entries, the lines of its export, its checkpoints."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from groupbot import verify_log
from groupbot.rules import checkpoints, log_leaf, log_tree

LOG = "ke-elgeyo-marakwet"
DAY = date(2026, 11, 24)
WARDS = ("Kapsowar", "Cherang'any/Chebororwa", "")
MOVES = (("opened", "submitted"), ("acknowledged", "acknowledged"), ("answered", "answered"), ("closed", "closed"))
TEXT = 'Culvert "blocked"\nat Nyaru – maji 💧'

Record = dict[str, Any]


def entry(seq: int, *, epoch: int = 0, text: str = "", view: str = "") -> Record:
    """The record of one entry; `text` is a published one, `view` makes another log of it."""
    move, state = MOVES[seq % 4]
    salt = sha256(f"salt {seq}".encode()).digest()
    coded = {
        "epoch": epoch,
        "seq": seq,
        "at": 1_795_504_200_000_000 + seq * 7_000_001,
        "type": move,
        "ref": f"HLT-26-{seq // 4:04d}-R",
        "service_code": "health",
        "ward": WARDS[seq % 3],
        "role": "author",
        "state": state,
        "outcome": "done" if state == "closed" else "",
        "pack_version": "1.0.0",
        "c_public": hmac.digest(salt, text.encode(), "sha256").hex() if text else "",
        "c_private": sha256(f"{seq} {view}".encode()).hexdigest(),
    }
    published = {"public_text": text, "public_salt": salt.hex()} if text else {}
    return {**log_leaf.leaf(LOG, coded), **published}


def withheld(record: Record) -> Record:
    """The same entry with only its fingerprint."""
    kept = {name: record[name] for name in ("v", "log_id", "seq")}
    return {**kept, "leaf_hash": leaf_hash(record).hex()}


def records(size: int, *, view: str = "", since: int = 1, text: str = TEXT) -> list[Record]:
    """A log in which each seventh entry has a published text and each eleventh is withheld.

    From entry `since` on it is the log of another `view`.
    """
    made = [entry(seq, text=_published(seq, text), view=view if seq >= since else "") for seq in range(1, size + 1)]
    return [withheld(record) if record["seq"] % 11 == 0 else record for record in made]


def _published(seq: int, text: str) -> str:
    """For each seventh entry a text, in turn one that JSON must escape and one that it need not."""
    if seq % 7 or not text:
        return ""
    return f"{text} {seq}" if seq % 2 else f"Bomba – maji 💧 {seq}"


def leaf_hash(record: Record) -> bytes:
    """The leaf hash of a record, by the writer's rules."""
    if "leaf_hash" in record:
        return bytes.fromhex(record["leaf_hash"])
    return log_tree.leaf_hash(log_leaf.canonical({name: record[name] for name in log_leaf.FIELDS}))


def lines(made: Sequence[Record]) -> list[bytes]:
    """The export."""
    return [log_leaf.canonical(record) + b"\n" for record in made]


def root(made: Sequence[Record]) -> bytes:
    """The root, by the writer's rules."""
    return log_tree.root(log_tree.grow(log_tree.Frontier(), map(leaf_hash, made)))


def message(made: Sequence[Record], size: int, *, epoch: int = 0) -> str:
    """What a chat was shown when the log had that size."""
    day = DAY + timedelta(days=size // 50)
    shown = checkpoints.Checkpoint(LOG, epoch, size, root(made[:size]), day)
    return "The public log. Please keep this message.\n" + "\n".join(checkpoints.lines(shown))


def told(made: Sequence[Record], *sizes: int, epoch: int = 0) -> list[verify_log.Checkpoint]:
    """The checkpoints of these sizes, as a verifier reads them out of the messages."""
    text = "\n\n".join(message(made, size, epoch=epoch) for size in sizes)
    return verify_log.find_checkpoints(text)[0]
