"""Faults, again and again with seeds: python -m tests.faults [FAULT SEED]. With SHORT=1 a few rounds.

A failure prints the one command that repeats it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.faults import flood, full_disk, migrating, racer
from tests.faults.crash import full, power, sweep
from tests.faults.crash.power import NoStrace
from tests.log import acts, edits
from tests.matrix import kills, limits
from tests.matrix.synapse import NoSynapse, homeserver
from tests.nagging import schedules
from tests.postgres import NoPostgres, cluster
from tests.telegram import killing

REFUSED = (PermissionError, NoPostgres, NoStrace, NoSynapse)


def race_sqlite(folder: Path, seed: int) -> None:
    """Processes race for one counter in one file. Raises AssertionError."""
    _race(f"sqlite:///{folder / 'groupbot.db'}", seed)


def race_postgres(folder: Path, seed: int) -> None:
    """The same on PostgreSQL. Raises AssertionError, NoPostgres."""
    with cluster() as running, running.database() as url:
        _race(url, seed)


def deferred_begin(folder: Path, seed: int) -> None:
    """Transactions that begin as readers must be found out: they are run again, or fail. Raises AssertionError."""
    for begin in ("", "BEGIN"):
        url = f"sqlite:///{folder / f'groupbot{len(begin)}.db'}"
        racer.prepare(url)
        try:
            again = sum(racer.race(url, 100 + seed % 50, "abc", begin))
        except subprocess.CalledProcessError:
            again = 1
        full_disk.expect(bool(again) == bool(begin), f"{begin or 'as it is'}: {again} transactions run again")


def telegram_kills(folder: Path, seed: int) -> None:
    """Fifty kills of a bot on a stand-in for Telegram while posts come in. Raises AssertionError."""
    found = asyncio.run(killing.run(folder, kills=50, posts=200, seed=seed))
    full_disk.expect(not found.wrong, "; ".join(found.wrong))


def matrix_bot_kills(folder: Path, seed: int) -> None:
    """Seventeen kills of a bot on a real homeserver while 300 posts arrive. Raises AssertionError, NoSynapse."""
    with homeserver() as server:
        found = kills.kill_the_bot(server, folder, posts=300, kills=17, seed=seed)
    full_disk.expect(found.in_order, f"{found.missing} missing, {found.doubled} doubled")


def matrix_server_kills(folder: Path, seed: int) -> None:
    """Twenty kills of the homeserver while the bot sends. Raises AssertionError, NoSynapse."""
    with homeserver() as server:
        found = asyncio.run(kills.kill_the_homeserver(server, folder, notices=120, kills=20, seed=seed))
    full_disk.expect(found.in_order, f"{found.missing} missing, {found.doubled} doubled")


def matrix_limits(folder: Path, _: int) -> None:
    """Sixty lines under a homeserver's ordinary limits. Raises AssertionError, NoSynapse."""
    with homeserver(generous=False) as server:
        found = asyncio.run(limits.send_under_limits(server, folder, each=30))
    full_disk.expect(not found.wrong, "; ".join(found.wrong))


def _race(url: str, seed: int) -> None:
    chance = random.Random(seed)
    names, count = "abcd"[: chance.randint(2, 4)], chance.randint(20, 150)
    racer.prepare(url)
    racer.race(url, count, names)
    wrong = racer.verdict(url, len(names) * count)
    full_disk.expect(not wrong, wrong)


def clock(_: Path, seed: int) -> None:
    """A clock that sleeps, jumps and goes back under a chase. Raises AssertionError."""
    logging.disable(logging.ERROR)  # it says each time that it does not believe the clock
    try:
        wrong = schedules.broken(seed)
    finally:
        logging.disable(logging.NOTSET)
    full_disk.expect(not wrong, "; ".join(wrong))


@dataclass(frozen=True)
class Fault:
    """What one round does with a folder and a seed, and how many rounds `make faults` and `make SHORT=1 faults` do."""

    play: Callable[[Path, int], None]
    rounds: int = 200
    short: int = 15


FAULTS: dict[str, Fault] = {
    "small-disk": Fault(full_disk.on_small_disk),
    "file-size-limit": Fault(full_disk.in_a_process),
    "race-sqlite": Fault(race_sqlite),
    "race-postgres": Fault(race_postgres),
    "log-edits": Fault(edits.play),
    "log-fold": Fault(acts.play),
    "migrations-sqlite": Fault(migrating.on_sqlite, 1, 1),
    "migrations-postgres": Fault(migrating.on_postgres, 1, 0),
    "flood": Fault(flood.play, 3, 0),  # of 10,000 messages; a test has 600
    "clock": Fault(clock, 5000, 60),
    "crash-each-point": Fault(sweep.each_point, 3, 0),
    "power-cuts": Fault(power.play, 20, 2),
    "power-cut-bugs": Fault(power.planted_bugs, 1, 1),
    "full-disk": Fault(full.play, 40, 5),
    "deferred-begin": Fault(deferred_begin, 3, 1),
    "full-disk-bug": Fault(full.planted_bug, 1, 1),
    "lost-transaction-bug": Fault(full_disk.planted_bug, 1, 1),
    "telegram-kills": Fault(telegram_kills, 40, 0),  # 2,000 kills; 50 are a test
    "matrix-bot-kills": Fault(matrix_bot_kills, 30, 0),  # 510 kills; 50 are a test
    "matrix-server-kills": Fault(matrix_server_kills, 25, 0),  # 500 kills; 20 are a test
    "matrix-limits": Fault(matrix_limits, 1, 0),
    "planted-bugs": Fault(sweep.planted_bugs, 1, 1),
}
CRASHES = {  # database -> kills in the long run, and in the short one; seeds are run in several processes
    "crash-sqlite": (sweep.crash_sqlite, "sqlite", 9000, 240),
    "crash-postgres": (sweep.crash_postgres, "postgres", 1000, 60),
}


def once(name: str, seed: int) -> None:
    """One fault with one seed, in a folder of its own. Raises what the fault raises."""
    play = CRASHES[name][0] if name in CRASHES else FAULTS[name].play
    with tempfile.TemporaryDirectory(prefix="groupbot-fault-") as folder:
        play(Path(folder), seed)


def repeat(name: str, first: int, rounds: int) -> bool:
    """Run one fault with `rounds` seeds from `first` on; returns whether all held, or could not be tried here."""
    began = time.monotonic()
    for seed in range(first, first + rounds):
        try:
            once(name, seed)
        except REFUSED as reason:
            print(f"{name}: NOT TRIED: {reason}", flush=True)
            return os.environ.get("CI") != "true"
        except Exception as error:
            print(f"{name}: FAILED: {error!r}\nrepeat it: python -m tests.faults {name} {seed}", flush=True)
            return False
    taken = time.monotonic() - began
    print(f"{name}: {rounds} rounds held, seeds {first} to {first + rounds - 1}, {taken:.0f} s", flush=True)
    return True


def crash(name: str, first: int, *, short: bool) -> bool:
    """Kill the bot at seeded points; returns whether nothing was wrong afterwards."""
    _, database, long_run, short_run = CRASHES[name]
    began = time.monotonic()
    days, kills, failures = sweep.many(database, first, short_run if short else long_run, os.cpu_count() or 1)
    for seed, wrong in failures:
        print(f"{name}: FAILED: {wrong}\nrepeat it: python -m tests.faults {name} {seed}", flush=True)
    if not failures:
        taken = time.monotonic() - began
        print(f"{name}: {kills} kills on {days} days, nothing wrong, seeds from {first} on, {taken:.0f} s", flush=True)
    return not failures


def main() -> int:
    """All faults; returns 0 when all held."""
    short = bool(os.environ.get("SHORT"))
    first = secrets.randbelow(10**9)
    held = [
        repeat(name, first, rounds)
        for name, fault in FAULTS.items()
        if (rounds := fault.short if short else fault.rounds)
    ]
    held += [crash(name, first, short=short) for name in CRASHES]
    return 0 if all(held) else 1


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            sys.exit(main())
        case [name, seed] if name in {**FAULTS, **CRASHES} and seed.isdecimal():
            once(name, int(seed))
        case _:
            sys.exit(f"{(__doc__ or '').strip()}\n\nFAULT is one of {', '.join([*FAULTS, *CRASHES])}; SEED a number")
