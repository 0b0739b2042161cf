"""Power cuts: the writes of a real day, recorded, and played back with what was not yet synced lost or torn.

A kill cannot show this, because what a dead process wrote is still in the page cache. The platform is another machine:
of its record nothing is lost. `python -m tests.faults.crash.power FOLDER DAY SYNCHRONOUS` is the day that is recorded.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Batch
from groupbot.store import engines
from tests.county import jurisdiction
from tests.faults.crash import checker, running, sweep
from tests.faults.crash.running import EXPORT, NOISE, RECORD, Case

CONFIRMED = "confirmed.txt"
FILES = ("groupbot.db", "groupbot.db-wal", RECORD, CONFIRMED)
SURVIVING = (RECORD, CONFIRMED)  # what stands on the platform's machine
SECTOR = 512
CUTS = 100  # a round
GO_ON_EVERY = 20  # after every so many cuts the bot is started again on what is left
CALLS = "pwrite64,write,fsync,fdatasync,ftruncate,unlink"

_CALL = re.compile(r'^\d+ +(\w+)\((?:\d+<([^>]*)>|"([^"]*)")(.*)$')
_DATA = re.compile(r'^, "((?:\\x[0-9a-f]{2})*)", \d+(?:, (\d+))?\) += (\d+)')
_LENGTH = re.compile(r"^, (\d+)\) += 0")


class NoStrace(Exception):
    """The calls cannot be recorded here."""


@dataclass(frozen=True)
class Op:
    """One call that had come back: a write at an offset (None: at the end), a sync, a cut to a length, a removal."""

    file: str
    kind: str
    data: bytes = b""
    offset: int | None = None


# --- recording --------------------------------------------------------------------------------------------------------


def recorded(folder: Path, day: int, synchronous: str = "FULL") -> list[Op]:
    """The calls of one day on the database in the folder, in the order in which they came back. Raises NoStrace."""
    if shutil.which("strace") is None:
        raise NoStrace("no strace here: install Debian's package strace")
    trace = folder / "trace.txt"
    command = ["strace", "-f", "-y", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-o", str(trace)]
    day_itself = [sys.executable, "-m", "tests.faults.crash.power", str(folder), str(day), synchronous]
    done = subprocess.run([*command, *day_itself], capture_output=True, text=True, timeout=110, check=False)
    if done.returncode:
        raise NoStrace(f"the day could not be recorded: {done.stderr[-1500:]}")
    return list(_ops(trace))


def _ops(trace: Path) -> Iterator[Op]:
    begun: dict[str, str] = {}
    for line in trace.read_text().splitlines():
        pid = line.split(maxsplit=1)[0]
        if line.endswith("<unfinished ...>"):
            begun[pid] = line.removesuffix("<unfinished ...>").rstrip()
            continue
        whole = begun.pop(pid) + line.split("resumed>", 1)[1] if "resumed>" in line else line
        if (op := _op(whole)) is not None:
            yield op


def _op(line: str) -> Op | None:
    match = _CALL.match(line)
    if match is None:
        return None
    call, path, rest = match[1], match[2] or _plain(match[3] or ""), match[4]
    name = Path(_plain(path)).name
    if name not in FILES:
        return None
    if call in ("pwrite64", "write"):
        written = _DATA.match(rest)
        assert written is not None, line[:200]
        data = bytes.fromhex(written[1].replace("\\x", ""))[: int(written[3])]
        return Op(name, "write", data, int(written[2]) if written[2] else None)
    if call == "ftruncate":
        length = _LENGTH.match(rest)
        return Op(name, "cut", offset=int(length[1])) if length else None
    return Op(name, "gone" if call == "unlink" else "sync")


def _plain(text: str) -> str:
    return bytes.fromhex(text.replace("\\x", "")).decode() if text.startswith("\\x") else text


def day(folder: Path, number: int, synchronous: str) -> None:
    """One day of the bot on the folder's database; what it confirms to the platform is written beside it."""
    engines.DURABLE = tuple(  # type: ignore[assignment]
        (name, synchronous if name == "synchronous" else value) for name, value in engines.DURABLE
    )
    confirmed = os.open(folder / CONFIRMED, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    fetch = running.CrashChat.fetch

    async def fetch_and_tell(self: Any, cursor: str | None, limit: int = 100, wait: float = 0) -> Batch:
        os.write(confirmed, f"{cursor or 0}\n".encode())
        return await fetch(self, cursor, limit, wait)

    running.CrashChat.fetch = fetch_and_tell  # type: ignore[method-assign]
    running.COUNTY = Jurisdiction(jurisdiction().protocol)  # not warmed: other days would stand in the recording
    limit = random.Random(number).choice((1, 2, 5))
    case = Case(folder, f"sqlite:///{folder / 'groupbot.db'}", limit, 0, True)
    asyncio.run(running._live(case))


# --- playing back -----------------------------------------------------------------------------------------------------


@dataclass
class Disk:
    """What is surely on the disk, and what was written since the last sync of its file."""

    durable: dict[str, bytearray] = field(default_factory=dict)
    pending: dict[str, list[Op]] = field(default_factory=dict)

    def take(self, op: Op) -> None:
        """One call has come back."""
        if op.kind == "sync" or op.file in SURVIVING:
            waiting = self.pending.pop(op.file, [])
            self.durable[op.file] = _applied(
                self.durable.get(op.file), [*waiting, *([] if op.kind == "sync" else [op])]
            )
        else:
            self.pending.setdefault(op.file, []).append(op)

    def after_cut(self, chance: random.Random) -> dict[str, bytearray]:
        """The files as they may be when the power comes back."""
        how = chance.choice(("dropped", "kept", "some", "torn"))
        left = {name: bytearray(data) for name, data in self.durable.items()}
        for name, waiting in self.pending.items():
            kept = (
                waiting
                if how in ("kept", "torn")
                else [op for op in waiting if how == "some" and chance.random() < 0.5]
            )
            if how == "torn" and kept:
                kept = [*kept[:-1], _torn(kept[-1], chance)]
            if kept or name in left:
                left[name] = _applied(left.get(name), kept)
        return left


def _applied(data: bytearray | None, ops: list[Op]) -> bytearray:
    data = bytearray() if data is None else data
    for op in ops:
        if op.kind == "write":
            at = len(data) if op.offset is None else op.offset
            data.extend(b"\0" * max(0, at - len(data)))
            data[at : at + len(op.data)] = op.data
        elif op.kind == "cut":
            del data[op.offset :]
        else:
            data.clear()
    return data


def _torn(op: Op, chance: random.Random) -> Op:
    sectors = range(0, len(op.data) + 1, SECTOR)
    return Op(op.file, op.kind, op.data[: chance.choice(sectors)], op.offset) if op.kind == "write" else op


def cuts(
    ops: list[Op], prepared: bytes, chance: random.Random, count: int
) -> Iterator[tuple[int, dict[str, bytearray]]]:
    """(place, files) of `count` cuts at places of the recorded day, in order."""
    disk = Disk({"groupbot.db": bytearray(prepared)})
    places = sorted(chance.randrange(1, len(ops) + 1) for _ in range(count))
    done = 0
    for place in places:
        for op in ops[done:place]:
            disk.take(op)
        done = place
        yield place, disk.after_cut(chance)


# --- one round --------------------------------------------------------------------------------------------------------


def play(_: Path, seed: int, synchronous: str = "FULL") -> None:
    """One recorded day with CUTS cuts. Raises AssertionError, NoStrace."""
    chance = random.Random(seed)
    number = chance.randrange(sweep.DAYS)
    with sweep.ground() as place, place.fresh(number, None) as case:
        before = (case.folder / RECORD).read_bytes()
        prepared = (case.folder / "groupbot.db").read_bytes()
        ops = recorded(case.folder, number, synchronous)
        whole = checker.story(checker.snapshot(case.url, case.folder, case.folder / RECORD))
        for count, (at, files) in enumerate(cuts(ops, prepared, chance, CUTS)):
            with tempfile.TemporaryDirectory(dir=place.folder) as name:
                wrong = _after(Path(name), before, files)
                wrong = wrong or (_goes_on(Path(name), whole) if count % GO_ON_EVERY == 0 else [])
            if wrong:
                raise AssertionError(f"cut after call {at} of {len(ops)}: {'; '.join(wrong[:4])}")


def _after(folder: Path, before: bytes, files: dict[str, bytearray]) -> list[str]:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / RECORD).write_bytes(before + files.get(RECORD, b""))
    url = f"sqlite:///{folder / 'groupbot.db'}"
    try:
        left = checker.snapshot(url, folder, folder / RECORD)
    except Exception as error:
        return [f"I9 the database cannot be read: {error!r}"]
    cursor = max((int(row["value"]) for row in left.tables["platform_cursor"]), default=0)
    confirmed = max((int(line) for line in bytes(files.get(CONFIRMED, b"")).split()), default=0)
    lost = [f"I1 confirmed up to {confirmed}, kept up to {cursor}"] if confirmed > cursor else []
    return lost + checker.wrong_at_death(left)


def _goes_on(folder: Path, whole: dict[str, list[tuple[Any, ...]]]) -> list[str]:
    case = Case(folder, f"sqlite:///{folder / 'groupbot.db'}", 100, 0, True)
    if code := running.run(case):
        return [f"exit {code} after a cut: {(folder / NOISE).read_text(errors='replace')[-800:]}"]
    end = checker.snapshot(case.url, folder, folder / RECORD)
    found = checker.wrong_at_the_end(end, [], folder / EXPORT, folder / NOISE)
    told = checker.story(end)
    return found + [
        f"I1 {table} tells another story than without a cut" for table in whole if told[table] != whole[table]
    ]


def planted_bugs(folder: Path, seed: int) -> None:
    """A database that does not wait for the disk must be found out. Raises AssertionError, NoStrace."""
    for synchronous in ("NORMAL", "OFF"):
        try:
            play(folder, seed, synchronous)
        except AssertionError as found:
            print(f"planted synchronous={synchronous}: found: {found}", flush=True)
        else:
            raise AssertionError(f"synchronous={synchronous} was not found out")


if __name__ == "__main__":
    day(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
