"""Backups: a copy of everything, and a restore that gives no number twice and says openly what it does not know.

Between a backup and its restore people may have been given numbers, and shown checkpoints, that the backup does not
hold. So the counters go on above everything that was seen, the log goes on in a new epoch whose first entry names what
is lost, and every group is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from groupbot import erasures, verify_log
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Group, Notice, instant, micros
from groupbot.rules import checkpoints, references
from groupbot.rules.checkpoints import Checkpoint
from groupbot.store import backup_file, copying, hot, log_read, migrations, outbox, people, service_log
from groupbot.store.database import Store, Tx
from groupbot.store.service_log import LogEntry

SKIPPED = 100  # numbers of each series that are left out above the highest one seen: ours, more than a day's posts


class NotRestored(Exception):
    """A backup that must not be restored here; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What people were shown since the backup: the latest checkpoint, the highest number of each series and year."""

    checkpoint: verify_log.Checkpoint | None = None
    numbers: Mapping[tuple[str, int], int] | None = None


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: when the backup was made (aware UTC), its rows, and the entry that begins the new epoch.

    `erased_again` are requests that were erased after the backup was made.
    """

    made_at: datetime
    rows: int
    epoch: int
    first_entry: int
    erased_again: int = 0


def back_up(store: Store, file: Path, now: datetime) -> int:
    """Copy everything, as it stands at one moment, into a file. Returns how many rows. Raises OSError, StoreError.

    A bot may be running on the database; neither waits for the other.
    """

    def copy(tx: Tx) -> int:
        version = migrations.version(tx)
        head = {"schema": version, "at": micros(now)}
        return backup_file.write(file, head, copying.dump(tx, version))

    return store.read(copy)


def migrate(store: Store, now: datetime, folder: Path | None = None) -> tuple[int, int, Path | None]:
    """Bring the database up to date, after a backup into `folder` when it holds anything.

    The folder is that of a SQLite file, else the present one, unless another is named. Returns (version before, version
    after, the backup). Raises SchemaTooNew, OSError.
    """
    before = store.read(migrations.version)
    file = None
    if 0 < before < migrations.NEWEST:
        beside = Path(store.url.removeprefix("sqlite:///")).parent if store.dialect == "sqlite" else Path()
        file = (folder or beside) / f"before-schema-{migrations.NEWEST}-{now:%Y%m%dT%H%M%S}.groupbot-backup"
        back_up(store, file, now)
    _, after = migrations.migrate(store)
    return before, after, file


def what_was_seen(text: str, jurisdiction: Jurisdiction) -> Seen:
    """The latest checkpoint and the highest numbers in a text: the mirror's chat, exported or copied."""
    told, _ = verify_log.find_checkpoints(text)
    ours = [one for one in told if one.log_id == jurisdiction.id]
    highest: dict[tuple[str, int], int] = {}
    for found in references.find(text, jurisdiction.prefixes):
        if found.valid:
            prefix, year, _ = found.text.split("-", 2)
            key = (prefix, 2000 + int(year))
            highest[key] = max(highest.get(key, 0), references.serial(found.text))
    return Seen(max(ours, key=lambda one: (one.epoch, one.size), default=None), highest)


def restore(
    store: Store,
    file: Path,
    jurisdiction: Jurisdiction,
    seen: Seen | None,
    now: datetime,
    *,
    erased: Sequence[str] = (),
) -> Restored:
    """Fill an empty database from a backup, in one transaction; what is `erased` since loses its words again in it.

    `seen` None says that nothing was lost: the bot was stopped before the backup was made, and has not run since.
    Raises DamagedBackup, NotRestored, OSError.
    """
    backup = backup_file.read(file)
    version = int(backup.head["schema"])
    if version > migrations.NEWEST:
        raise NotRestored(
            f"the backup has schema {version}, this groupbot knows {migrations.NEWEST}: install the newer one"
        )

    def fill(tx: Tx) -> Restored:
        if migrations.version(tx):
            raise NotRestored("the database is not empty; a restore never writes over anything: name a new one")
        for number in range(version):
            migrations.step(tx, number)
        rows = copying.load(tx, backup_file.read(file).rows)
        for number in range(version, migrations.NEWEST):
            migrations.step(tx, number)
        made_at = instant(int(backup.head["at"]))
        again = erasures.erase_again(tx, jurisdiction, erased, now)
        outbox.mark_restored(tx, made_at)
        if seen is None:
            return Restored(made_at, rows, 0, 0, again)
        return replace(_go_on(tx, jurisdiction, (seen, made_at, rows), now), erased_again=again)

    return store.write_tx(fill)


def _go_on(tx: Tx, jurisdiction: Jurisdiction, known: tuple[Seen, datetime, int], now: datetime) -> Restored:
    seen, made_at, rows = known
    skipped = _raise_counters(tx, jurisdiction, seen.numbers or {}, now)
    size = log_read.size(tx, jurisdiction.id)
    entry = LogEntry(
        at=now,
        type="restored",
        role="operator",
        pack_version=jurisdiction.protocol.file.pack.version,
        public_text="; ".join(_lost(jurisdiction, seen, (made_at, size), skipped)),
    )
    epoch, first = service_log.begin_epoch(tx, jurisdiction.id, entry, jurisdiction.salt)
    if seen.checkpoint is not None and seen.checkpoint.epoch >= epoch:
        epoch = seen.checkpoint.epoch + 1
        service_log.set_epoch(tx, jurisdiction.id, first, epoch)
    _tell(tx, jurisdiction, (made_at, epoch, first), now)
    return Restored(made_at, rows, epoch, first)


def _raise_counters(
    tx: Tx, jurisdiction: Jurisdiction, highest: Mapping[tuple[str, int], int], now: datetime
) -> list[str]:
    """Let every series go on above what was seen, with room for what was not; the numbers left out, in words."""
    this_year = now.astimezone(jurisdiction.zone).year
    series = {*jurisdiction.prefixes, jurisdiction.protocol.reading.private_route.series}
    years = {this_year} | {year for _, year in highest}
    left_out = []
    for prefix, year in sorted((one, year) for one in series for year in years):
        before = hot.last_number(tx, jurisdiction.id, prefix, year)
        if year != this_year and not before and (prefix, year) not in highest:
            continue
        after = max(before, highest.get((prefix, year), 0)) + SKIPPED
        hot.raise_number(tx, jurisdiction.id, (prefix, year), after)
        left_out.append(f"{references.make(prefix, year, before + 1)} to {references.make(prefix, year, after)}")
    return left_out


def _lost(jurisdiction: Jurisdiction, seen: Seen, backup: tuple[datetime, int], skipped: Sequence[str]) -> list[str]:
    """What the first entry of the new epoch says: a format, the same in every language."""
    made_at, size = backup
    told = [f"restored from a backup of {made_at:%Y-%m-%dT%H:%MZ} with {size} entries"]
    if seen.checkpoint is not None:
        _, day, epoch, seen_size, root = seen.checkpoint
        shown = Checkpoint(jurisdiction.id, epoch, seen_size, root, datetime.fromisoformat(day).date())
        told.append(f"last checkpoint shown: {' '.join(checkpoints.lines(shown))}")
        told.append(f"entries lost: {max(0, seen_size - size)} or more")
    return [*told, f"numbers lost or left out: {', '.join(skipped)}"]


def _tell(tx: Tx, jurisdiction: Jurisdiction, how: tuple[datetime, int, int], now: datetime) -> None:
    made_at, epoch, first = how
    params = {"at": micros(made_at), "epoch": epoch, "entry": first}
    roster = people.load_roster(tx, jurisdiction.id)
    kinds = {"department": "restored", "communications": "restored", "mirror": "restored_mirror"}
    notices = [
        _notice(group, kinds[group.kind], params, group.language or jurisdiction.language)
        for kind in kinds
        for group in roster.groups(kind)  # type: ignore[arg-type]
    ]
    hot.queue(tx, notices, now)


def _notice(group: Group, key: str, params: Mapping[str, object], language: str) -> Notice:
    once = f"restored|{group.platform}|{group.chat_id}|{params['epoch']}|{params['entry']}"
    return Notice(group.platform, group.chat_id, "send", once, key, params, language)
