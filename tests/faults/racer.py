"""One of several processes that draw numbers from one counter row: python -m tests.faults.racer URL NAME COUNT.

It waits for a line on its input, so that all start together, and prints how many of its transactions were run again.
Two processes on one database are what its lock forbids; the race is below it, on purpose.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence

from groupbot.store.database import Store, Tx

TABLES = (
    "CREATE TABLE counter(name TEXT PRIMARY KEY, last INTEGER NOT NULL)",
    "CREATE TABLE drawn(number INTEGER NOT NULL, by_whom TEXT NOT NULL)",
    "INSERT INTO counter VALUES ('ref', 0)",
)


def prepare(url: str) -> None:
    """Make the counter and the table of drawn numbers."""
    with Store(url) as store:
        store.write_tx(lambda tx: [tx.execute(sql) for sql in TABLES])


def draw(tx: Tx, name: str) -> int:
    """Read, then write: the shape in which a deferred transaction loses. Returns the number drawn."""
    number = int(tx.scalar("SELECT last FROM counter WHERE name = ?", ("ref",))) + 1
    tx.execute("UPDATE counter SET last = ? WHERE name = ?", (number, "ref"))
    tx.execute("INSERT INTO drawn(number, by_whom) VALUES (?, ?)", (number, name))
    return number


def unlocked(url: str) -> Store:
    """An open store that takes no lock; its `pauses` would be its `sleep` calls."""
    store = Store(url)
    store._engine.lock = lambda: None  # type: ignore[method-assign]
    return store.open()


def race(url: str, count: int, names: Sequence[str] = ("a", "b"), begin: str = "") -> list[int]:
    """Let the named processes draw `count` numbers each; returns how many transactions each ran again.

    Raises CalledProcessError, with its error output, when one of them fails.
    """
    command = [sys.executable, "-m", "tests.faults.racer", url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    racers = [subprocess.Popen([*command, name, str(count), begin], **pipes) for name in names]  # type: ignore[call-overload]
    for racer in racers:
        racer.stdout.readline()
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    ended = [(racer, *racer.communicate(timeout=100)) for racer in racers]
    for racer, out, errors in ended:
        if racer.returncode:
            raise subprocess.CalledProcessError(racer.returncode, racer.args, out, errors)
    return [int(out) for _, out, _ in ended]


def verdict(url: str, total: int) -> str:
    """What is wrong with the drawn numbers; empty when they are 1 to `total`, each drawn once."""
    with Store(url) as store:
        numbers = [row[0] for row in store.read(lambda tx: tx.all("SELECT number FROM drawn ORDER BY number"))]
    return "" if numbers == list(range(1, total + 1)) else f"{total} expected, {len(numbers)} drawn: {numbers[-5:]}"


def main(url: str, name: str, count: str, begin: str = "") -> None:
    """Draw `count` numbers; `begin` stands in for how transactions are begun, '' leaves it."""
    store = unlocked(url)
    store._engine.begin_write = begin or store._engine.begin_write
    runs = 0

    def one(tx: Tx) -> int:
        nonlocal runs
        runs += 1
        return draw(tx, name)

    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(int(count)):
        store.write_tx(one)
        time.sleep(0)
    print(runs - int(count), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
