"""How the log becomes public: checkpoints in the mirrors, which phones keep, and exports to be held against them."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Notice
from groupbot.rules import checkpoints, log_leaf, log_tree, publication
from groupbot.rules.checkpoints import Checkpoint
from groupbot.rules.log_tree import Frontier
from groupbot.store import hot, inbox, log_read, people, service_log
from groupbot.store.database import Tx
from groupbot.store.log_read import KeptCheckpoint, LoggedEntry


class Checkpoints:
    """Makes each checkpoint when it is due: its row and the mirrors' lines in one transaction."""

    def __init__(self, jurisdiction: Jurisdiction) -> None:
        self.jurisdiction = jurisdiction

    def next_due(self, tx: Tx, now: datetime) -> datetime | None:
        """When the next checkpoint is due (aware UTC, perhaps past); None while nothing was logged since the last."""
        log_id = self.jurisdiction.id
        last = log_read.last_checkpoint(tx, log_id)
        known = last.tree_size if last else 0
        waiting = log_read.size(tx, log_id) - known
        if waiting <= 0:
            return None
        logged = log_read.logged_at(tx, log_id, known + 1)
        # what was logged later than now was logged by a wrong clock, and has waited for nobody knows how long
        return now if logged > now else checkpoints.due(waiting, logged, self.jurisdiction.calendar)

    def run(self, tx: Tx, now: datetime) -> None:
        """Make the checkpoint of the log as it stands, if it is due by now."""
        due = self.next_due(tx, now)
        if due is None or due > now:
            return
        log_id = self.jurisdiction.id
        frontier, epoch = self._grown(tx)
        root = log_tree.root(frontier)
        kept = KeptCheckpoint(epoch, frontier.size, b64encode(root).decode(), now)
        service_log.add_checkpoint(tx, log_id, kept)
        inbox.set_state(tx, _frontier_name(log_id), _frontier_text(frontier))
        day = now.astimezone(self.jurisdiction.zone).date()
        self._tell(tx, Checkpoint(log_id, epoch, frontier.size, root, day), now)

    def _grown(self, tx: Tx) -> tuple[Frontier, int]:
        """The tree of the whole log and the epoch of its last entry; only what came since the last time is read."""
        log_id = self.jurisdiction.id
        last = log_read.last_checkpoint(tx, log_id)
        frontier = _kept_frontier(inbox.get_state(tx, _frontier_name(log_id)), last)
        epoch = last.epoch if last else 0
        hashes = []
        for entry in log_read.entries(tx, log_id, after=frontier.size):
            hashes.append(_leaf_hash(log_id, entry))
            epoch = int(entry.coded["epoch"])
        return log_tree.grow(frontier, hashes), epoch

    def _tell(self, tx: Tx, checkpoint: Checkpoint, now: datetime) -> None:
        params = {"entries": checkpoint.size, "checkpoint": checkpoints.lines(checkpoint)}
        notices = [
            Notice(
                group.platform,
                group.chat_id,
                "send",
                key="checkpoint",
                params=params,
                language=group.language or self.jurisdiction.language,
                dedup_key="|".join(
                    ("checkpoint", group.platform, group.chat_id, *map(str, checkpoint[:3]))  # log, epoch, size
                ),
            )
            for group in people.load_roster(tx, self.jurisdiction.id).groups("mirror")
        ]
        hot.queue(tx, notices, now)


def _leaf_hash(log_id: str, entry: LoggedEntry) -> bytes:
    return log_tree.leaf_hash(log_leaf.canonical(log_leaf.leaf(log_id, entry.coded)))


def _frontier_name(log_id: str) -> str:
    return f"log_frontier:{log_id}"


def _frontier_text(frontier: Frontier) -> str:
    return json.dumps([frontier.size, [peak.hex() for peak in frontier.peaks]])


def _kept_frontier(kept: str | None, last: KeptCheckpoint | None) -> Frontier:
    """What the last checkpoint was made of; an empty tree, to be grown anew, when it is not that any more."""
    if kept is None or last is None:
        return Frontier()
    size, peaks = json.loads(kept)
    frontier = Frontier(size, tuple(bytes.fromhex(peak) for peak in peaks))
    same = size == last.tree_size and log_tree.root(frontier) == b64decode(last.root)
    return frontier if same else Frontier()


# --- the export -------------------------------------------------------------------------------------------------------


def exported(tx: Tx, jurisdiction: Jurisdiction) -> Iterator[dict[str, Any]]:
    """The log as anybody may have it, entry by entry: the fields of its leaf, and a published text with its salt.

    An entry that may not be shown is its fingerprint and its place, so that the whole still verifies.
    """
    for entry in log_read.entries(tx, jurisdiction.id):
        leaf = log_leaf.leaf(jurisdiction.id, entry.coded)
        hide = entry.protected or entry.topic in jurisdiction.hidden_topics
        if publication.log_entry_shown(entry.route, hide_ward=hide):
            yield {**leaf, **_published(entry)}
        else:
            shown = {name: leaf[name] for name in ("v", "log_id", "seq")}
            yield {**shown, "leaf_hash": _leaf_hash(jurisdiction.id, entry).hex()}


def _published(entry: LoggedEntry) -> Mapping[str, Any]:
    if entry.public_text is None or entry.public_salt is None:
        return {}
    return {"public_text": entry.public_text, "public_salt": entry.public_salt}


def told(tx: Tx, jurisdiction: Jurisdiction) -> list[Checkpoint]:
    """Every checkpoint that was made, as people were shown it."""
    return [
        Checkpoint(
            jurisdiction.id,
            kept.epoch,
            kept.tree_size,
            b64decode(kept.root),
            kept.at.astimezone(jurisdiction.zone).date(),
        )
        for kept in log_read.checkpoints(tx, jurisdiction.id)
    ]
