"""Faults, again and again with seeds: python -m tests.faults [FAULT SEED]. With SHORT=1 a few rounds.

A failure prints the one command that repeats it.
"""

from __future__ import annotations

import os
import random
import secrets
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.faults import full_disk, racer
from tests.log import acts, edits
from tests.postgres import NoPostgres, cluster

LONG, SHORT = 200, 15  # rounds per fault
REFUSED = (PermissionError, NoPostgres)


def race_sqlite(folder: Path, seed: int) -> None:
    """Processes race for one counter in one file. Raises AssertionError."""
    _race(f"sqlite:///{folder / 'groupbot.db'}", seed)


def race_postgres(folder: Path, seed: int) -> None:
    """The same on PostgreSQL. Raises AssertionError, NoPostgres."""
    with cluster() as running, running.database() as url:
        _race(url, seed)


def _race(url: str, seed: int) -> None:
    chance = random.Random(seed)
    names, count = "abcd"[: chance.randint(2, 4)], chance.randint(20, 150)
    racer.prepare(url)
    racer.race(url, count, names)
    wrong = racer.verdict(url, len(names) * count)
    full_disk.expect(not wrong, wrong)


FAULTS: dict[str, Callable[[Path, int], None]] = {
    "small-disk": full_disk.on_small_disk,
    "file-size-limit": full_disk.in_a_process,
    "race-sqlite": race_sqlite,
    "race-postgres": race_postgres,
    "log-edits": edits.play,
    "log-fold": acts.play,
}


def once(name: str, seed: int) -> None:
    """One fault with one seed, in a folder of its own. Raises what the fault raises."""
    with tempfile.TemporaryDirectory(prefix="groupbot-fault-") as folder:
        FAULTS[name](Path(folder), seed)


def repeat(name: str, first: int, rounds: int) -> bool:
    """Run one fault with `rounds` seeds from `first` on; returns whether all held, or could not be tried here."""
    for seed in range(first, first + rounds):
        try:
            once(name, seed)
        except REFUSED as reason:
            print(f"{name}: NOT TRIED: {reason}", flush=True)
            return os.environ.get("CI") != "true"
        except Exception as error:
            print(f"{name}: FAILED: {error!r}\nrepeat it: python -m tests.faults {name} {seed}", flush=True)
            return False
    print(f"{name}: {rounds} rounds held, seeds {first} to {first + rounds - 1}", flush=True)
    return True


def main() -> int:
    """All faults; returns 0 when all held."""
    rounds = SHORT if os.environ.get("SHORT") else LONG
    first = secrets.randbelow(10**9)
    held = [repeat(name, first, rounds) for name in FAULTS]
    return 0 if all(held) else 1


if __name__ == "__main__":
    if len(sys.argv) == 3:
        once(sys.argv[1], int(sys.argv[2]))
    else:
        sys.exit(main())
