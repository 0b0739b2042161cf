"""The disk fills up in the middle of a transaction: nothing half-kept, nothing committed lost, work goes on afterwards.

Two ways to run out of space: a 2 MiB tmpfs (needs root), or a limit on the size of files, in a process of its own:
python -m tests.faults.full_disk FOLDER SEED.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from groupbot.store.database import OperationalError, Store, TransactionLost, Tx

KEPT = 40
PIECE = 4000  # bytes
TABLE = "CREATE TABLE piece(id INTEGER PRIMARY KEY, body BLOB NOT NULL)"


class Scene:
    """One run: a store with KEPT committed rows, then a transaction that asks for more than there is."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = random.Random(seed)
        self.store = Store(f"sqlite:///{folder / 'groupbot.db'}").open()
        self.store.write_tx(lambda tx: tx.execute(TABLE))
        for number in range(KEPT):
            self.store.write_tx(lambda tx, number=number: self.add(tx, number))  # type: ignore[misc]
        self.before = self.rows()

    def add(self, tx: Tx, number: int) -> None:
        """One row of random bytes."""
        tx.execute("INSERT INTO piece VALUES (?, ?)", (number, self.random.randbytes(PIECE)))

    def rows(self) -> list[tuple[object, ...]]:
        """All that is committed."""
        return self.store.read(lambda tx: tx.all("SELECT id, body FROM piece ORDER BY id"))

    def overfill(self, tx: Tx, pieces: int) -> None:
        """An outer row, more than fits inside a savepoint, then a caller that wrongly carries on."""
        self.add(tx, 1000)
        try:
            with tx.savepoint():
                for number in range(2000, 2000 + pieces):
                    self.add(tx, number)
        except OperationalError:
            self.add(tx, 1001)  # without the check this row alone would be committed

    def fill(self, pieces: int) -> None:
        """Raises AssertionError unless the store refuses and is as it was."""
        try:
            self.store.write_tx(lambda tx: self.overfill(tx, pieces))
        except (TransactionLost, OperationalError):
            expect(self.rows() == self.before, "rows changed by a transaction that failed")
        else:
            raise AssertionError("the disk was not full: the test shows nothing")

    def recover(self) -> None:
        """Raises AssertionError unless the file is sound and can be written again, now and after opening anew."""
        expect(self.store.read(lambda tx: tx.scalar("PRAGMA integrity_check")) == "ok", "integrity_check")
        self.store.write_tx(lambda tx: self.add(tx, 3000))
        expect([row[0] for row in self.rows()] == [*range(KEPT), 3000], "writing did not resume")
        self.store.close()
        self.store.open()
        expect(self.rows()[:-1] == self.before, "rows lost on opening anew")
        self.store.close()


def play(folder: Path, seed: int, tighten: Callable[[int], None], loosen: Callable[[], None]) -> None:
    """One run. `tighten` is told how many bytes to leave; `loosen` gives the space back. Raises AssertionError."""
    scene = Scene(folder, seed)
    tighten(scene.random.randrange(50_000, 400_000))
    # A few hundred rows stay in SQLite's cache until the commit, a thousand spill to the disk inside the savepoint.
    scene.fill(scene.random.choice((150, 300, 1200)))
    loosen()
    scene.recover()


def expect(holds: bool, what: str) -> None:
    """Raises AssertionError with the text unless it holds."""
    if not holds:
        raise AssertionError(what)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A 2 MiB disk mounted on the folder. Raises PermissionError where that is not allowed."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        raise PermissionError(done.stderr.decode(errors="replace").strip())
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def make_read_only(folder: Path) -> None:
    """Make a mounted disk read-only, as the system does with one that fails; nothing there may be open for writing."""
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)


def on_small_disk(folder: Path, seed: int) -> None:
    """One run on a 2 MiB disk. Raises PermissionError, AssertionError."""
    filler = folder / "filler"

    def tighten(left: int) -> None:
        free = os.statvfs(folder)
        filler.write_bytes(b"x" * max(0, free.f_bavail * free.f_frsize - left))

    with small_disk(folder):
        play(folder, seed, tighten, filler.unlink)


def under_a_limit(folder: Path, seed: int) -> None:
    """One run in this process, under a limit on the size of files. Raises AssertionError."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def tighten(left: int) -> None:
        log = (folder / "groupbot.db-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (log + left, hard))

    play(folder, seed, tighten, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard)))


def in_a_process(folder: Path, seed: int) -> None:
    """`under_a_limit` where the limit hurts nobody else. Raises AssertionError with the output."""
    command = [sys.executable, "-m", "tests.faults.full_disk", str(folder), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    expect(done.returncode == 0, done.stdout + done.stderr)


def unguarded() -> None:
    """A planted bug: nobody looks whether the transaction still stands, as with a driver used by itself."""
    Tx.check = lambda self: None  # type: ignore[method-assign]
    Tx._before = lambda self, sql: None  # type: ignore[method-assign]


def planted_bug(folder: Path, seed: int) -> None:
    """A transaction that is lost unseen must be found out, in at most ten runs. Raises AssertionError."""
    for number in range(10):
        place = folder / str(number)
        place.mkdir()
        command = [sys.executable, "-m", "tests.faults.full_disk", str(place), str(seed + number), "unguarded"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            print(f"planted lost transaction: found in run {number + 1}: {done.stderr.splitlines()[-1]}", flush=True)
            return
    raise AssertionError("a transaction that was lost unseen was not found out")


if __name__ == "__main__":
    if sys.argv[3:] == ["unguarded"]:
        unguarded()
    under_a_limit(Path(sys.argv[1]), int(sys.argv[2]))
