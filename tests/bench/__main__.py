"""How fast groupbot is, against its floors and its peer: python -m tests.bench [--short] [--only 1,2,…] [--json FILE].

Every ratio is taken within one alternated run. A slow figure is printed, not failed: the exit code is 1 only when
something that is here could not be measured. SHORT=1 is --short.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.bench import conditions, peers, runs, table
from tests.bench.contestants import CONTESTANTS, Contestant, Sizes
from tests.bench.figures import NUMBERS
from tests.bench.startup import ROOT

LONG = 5, Sizes(posts=2000, peer_posts=500, closed=1_000_000)
SHORT = 2, Sizes(posts=1000, peer_posts=200, closed=100_000)
WIDTH = 150  # columns of a table that goes into a file


def main() -> int:
    """Measure and print; the exit code."""
    options = _options()
    rounds, sizes = SHORT if options.short else LONG
    contestants = [contestant for contestant in CONTESTANTS if contestant.figures & options.only]
    options.folder.mkdir(parents=True, exist_ok=True)
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    try:
        disk = conditions.require_disk(options.folder)
    except conditions.NotADisk as reason:
        console.print(f"not measured: {reason}")
        return 1
    run = _measured(contestants, options.rounds or rounds, sizes, options.folder)
    found = table.rows(run, options.only)
    console.print(table.table(found))
    told = table.reasons(found)
    told += [f"disk: {disk}, {conditions.moods(run.moods)}", *conditions.machine(), *_texts(run)]
    told += conditions.readings(run.rounds) + conditions.slowest(run.rounds)
    told.append(f"rounds: {len(run.rounds)}, each of {sizes.posts} posts (the peer: {sizes.peer_posts})")
    console.print("\n".join(told), highlight=False, markup=False)
    if options.json:
        whole = {"conditions": told, "figures": table.data(found), "rounds": run.rounds}
        options.json.write_text(json.dumps(whole, indent=1), encoding="utf-8")
    return 1 if run.failed else 0


def _measured(contestants: list[Contestant], rounds: int, sizes: Sizes, folder: Path) -> runs.Run:
    """The run, with a bar that shows how far it is; everything it writes is gone afterwards."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with tempfile.TemporaryDirectory(dir=folder) as scratch, Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("making the peer's environment", total=rounds * len(contestants))
        if any(contestant.name == "helpdesk" for contestant in contestants):
            _prepare_peer()
        done = iter(range(rounds * len(contestants)))
        result = runs.run(
            contestants,
            rounds,
            sizes,
            Path(scratch),
            lambda who: bar.update(task, description=who, completed=next(done)),
        )
        bar.update(task, description="measured", completed=rounds * len(contestants))
    return result


def _prepare_peer() -> None:
    try:
        peers.prepare()
    except peers.PeerMissing:
        return  # its rows say so
    except (OSError, subprocess.SubprocessError) as error:
        print(f"the peer's environment could not be made: {error}", file=sys.stderr)


def _texts(run: runs.Run) -> list[str]:
    with_peer = all("helpdesk" in measured for measured in run.rounds)
    return conditions.texts(with_peer=with_peer)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--short", action="store_true", default=bool(os.environ.get("SHORT")), help="two small rounds")
    parser.add_argument("--rounds", type=_positive, help="how many rounds (five; short: two)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything measured there")
    known = ",".join(map(str, NUMBERS))
    parser.add_argument("--only", type=_numbers, default=frozenset(NUMBERS), help=f"which figures of {known}")
    parser.add_argument("--folder", type=Path, default=ROOT / ".bench", help="scratch folder, on the disk to be judged")
    options = parser.parse_args()
    options.folder = options.folder.resolve()  # the peer's processes have folders of their own to start from
    return options


def _numbers(text: str) -> frozenset[int]:
    chosen = frozenset(int(part) for part in text.split(","))
    if not chosen <= set(NUMBERS):
        raise argparse.ArgumentTypeError(f"figures are {', '.join(map(str, NUMBERS))}")
    return chosen


def _positive(text: str) -> int:
    if int(text) < 1:
        raise argparse.ArgumentTypeError("at least one")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
