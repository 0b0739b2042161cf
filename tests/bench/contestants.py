"""Everyone who runs in a round, each in a fresh process and a fresh folder.

`python -m tests.bench.contestants NAME COUNT FOLDER` is such a process: it prints its measures as one line of JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench import peers, startup
from tests.bench.laps import Measures

PATIENCE = 600.0  # seconds
BURST, FEW = 10_000, 100


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many posts each contestant gets."""

    posts: int
    peer_posts: int
    closed: int  # requests that were ever closed


@dataclass(frozen=True, slots=True)
class Contestant:
    """One who runs: for which figures, and how, in a folder of its own."""

    name: str
    figures: frozenset[int]
    run: Callable[[Sizes, Path], Measures]


def _in_process(name: str, count: int, folder: Path) -> Measures:
    """Run one of ours in a process of its own. Raises CalledProcessError."""
    command = [sys.executable, "-m", "tests.bench.contestants", name, str(count), str(folder)]
    environment = startup.environment()
    done = subprocess.run(
        command, cwd=startup.ROOT, env=environment, check=True, capture_output=True, text=True, timeout=PATIENCE
    )
    measures: Measures = json.loads(done.stdout.strip().splitlines()[-1])
    return measures


def backlog(count: int, folder: Path) -> Measures:
    """A backlog of that many; `growth` is how much more memory (MiB) it takes than a short one.

    Raises CalledProcessError.
    """
    places = folder / "many", folder / "few"
    for place in places:
        place.mkdir()
    many = _in_process("backlog", count, places[0])
    few = _in_process("backlog", FEW, places[1])
    return {**many, "growth": many["peak_mib"] - few["peak_mib"]}


CONTESTANTS = (
    Contestant("floor", frozenset({2}), lambda sizes, folder: _in_process("floor", sizes.posts, folder)),
    Contestant("accept", frozenset({1, 2, 3}), lambda sizes, folder: _in_process("accept", sizes.posts, folder)),
    Contestant("thread", frozenset({2}), lambda sizes, folder: _in_process("thread", sizes.posts, folder)),
    Contestant("telegram", frozenset({5}), lambda sizes, folder: _in_process("telegram", sizes.posts, folder)),
    Contestant("matrix", frozenset({5}), lambda sizes, folder: _in_process("matrix", sizes.posts, folder)),
    Contestant("resolve", frozenset({4}), lambda sizes, folder: _in_process("resolve", sizes.peer_posts, folder)),
    Contestant("chase", frozenset({9}), lambda sizes, folder: _in_process("chase", sizes.peer_posts, folder)),
    Contestant("idle", frozenset({10}), lambda sizes, folder: _in_process("idle", sizes.closed, folder)),
    Contestant("helpdesk", frozenset({1, 3, 4, 6, 9}), lambda sizes, folder: peers.helpdesk(sizes.peer_posts, folder)),
    Contestant("backlog", frozenset({6, 7}), lambda sizes, folder: backlog(BURST, folder)),
    Contestant("acknowledge", frozenset({8}), lambda sizes, folder: _in_process("acknowledge", BURST, folder)),
    Contestant("help", frozenset({14}), lambda sizes, folder: startup.help_and_floor()),
    Contestant("sandbox", frozenset({15}), lambda sizes, folder: startup.sandbox_and_floor(folder)),
    Contestant("parse", frozenset({18}), lambda sizes, folder: _in_process("parse", sizes.posts, folder)),
    Contestant("worst", frozenset({21}), lambda sizes, folder: _in_process("worst", 0, folder)),
    Contestant("counts", frozenset({20}), lambda sizes, folder: _in_process("counts", 0, folder)),
)


def _here(name: str, count: int, folder: Path) -> Measures:
    """Run one in this process; its modules are imported only for it."""
    if name == "floor":
        from tests.bench import floors, text

        return floors.bare_commits(list(text.posts(count)), folder / "floor.db")
    if name == "parse":
        from tests.bench import parse

        return parse.measure(count)
    if name == "worst":
        from tests.bench import worst

        return worst.measure()
    if name in ("telegram", "matrix"):
        from tests.bench import platforms

        return {"telegram": platforms.telegram, "matrix": platforms.matrix}[name](count, folder)
    if name == "acknowledge":
        from tests.bench import acknowledging

        return acknowledging.measure(count, folder)
    if name in ("chase", "idle"):
        from tests.bench import chasing

        return {"chase": chasing.all_due, "idle": chasing.idle}[name](count, folder)
    if name == "resolve":
        from tests.bench import resolving

        return resolving.one_by_one(count, folder)
    from tests.bench import accept

    kinds: Mapping[str, Callable[[], Measures]] = {
        "accept": lambda: accept.one_by_one(count, folder),
        "thread": lambda: accept.on_one_thread(count, folder),
        "backlog": lambda: accept.backlog(count, folder),
        "counts": lambda: accept.counts(folder),
    }
    return kinds[name]()


if __name__ == "__main__":
    print(json.dumps(_here(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))))
