"""Property tests, fuzzed targets, planted citizens: python -m tests.fuzz [SEED]. SHORT=1 takes about a minute.

The seed is printed first; giving it again repeats the run. What crashes, or takes longer than its target allows in
three measurements, is kept in .fuzz/ and makes the exit code 1.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.targets import SCRATCH, Target, targets
from tests.intake import canary_scenes
from tests.rules.test_public_text import measured

ROOT = Path(__file__).parents[2]
NOTHING_COLLECTED = 5
PATIENCE = 90.0  # seconds beyond its time in which a target must come back


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything: examples per property, seconds per target, canaries."""

    examples: int
    seconds: int
    canaries: int


LONG, SHORT = Sizes(20_000, 30, 5_000), Sizes(200, 1, 204)


def main(seed: str | None = None) -> int:
    """Run everything and return the exit code; there being no property test at all is a failure."""
    seed = seed or str(secrets.randbelow(2**32))
    sizes = SHORT if os.environ.get("SHORT") else LONG
    print(f"fuzz: seed {seed}", flush=True)
    shutil.rmtree(SCRATCH, ignore_errors=True)
    fuzzed = [_fuzz(target, sizes.seconds, int(seed)) for target in targets().values()]
    leaked = _leaks(sizes.canaries, int(seed))
    _print_recall()
    failed = _properties(sizes.examples, seed)
    return 1 if failed or leaked or not all(fuzzed) else 0


def _properties(examples: int, seed: str) -> bool:
    print(f"properties: {examples} examples each", flush=True)
    options = [
        "-p",
        "tests.fuzz.many",
        f"--hypothesis-seed={seed}",
        "-o",
        "timeout=0",
        "-n",
        os.environ.get("JOBS", "2"),
    ]
    command = [sys.executable, "-m", "pytest", "tests", "-m", "hypothesis", *options]
    code = subprocess.run(command, cwd=ROOT, env=os.environ | {"FUZZ_EXAMPLES": str(examples)}, check=False).returncode
    if code == NOTHING_COLLECTED:
        print("fuzz: there is no property test to run")
    return code != 0


def _leaks(count: int, seed: int) -> bool:
    seen = asyncio.run(canary_scenes.play(count, seed))
    print(f"canaries: {seen.planted} planted, {seen.texts} texts searched, {len(seen.leaks)} found", flush=True)
    for text, word in seen.leaks[:10]:
        print(f"  '{word}' in: {text}")
    return bool(seen.leaks)


def _print_recall() -> None:
    """How many names that no form gave are hidden in what is published; nothing passes or fails by it."""
    names, found, words, lost = measured()
    print(f"names that no form gave, in sentences the rule was never tuned to: {found} of {names} hidden", flush=True)
    print(f"other words there: {lost} of {words} hidden with them", flush=True)


def _fuzz(target: Target, seconds: int, seed: int) -> bool:
    """Run one target in a process of its own and say what came of it; whether all is well."""
    folder = SCRATCH / target.name
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "tests.fuzz.loop", target.name, str(seconds), str(seed), str(folder)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=seconds + PATIENCE, check=False)
        said, ended = done.stderr.decode(errors="replace"), done.returncode == 0
    except subprocess.TimeoutExpired:
        said, ended = "it did not come back", False
    stats = json.loads((folder / "stats.json").read_text(encoding="utf-8")) if (folder / "stats.json").exists() else {}
    if not ended or not stats:
        print(f"{target.name}: ended by itself, see {folder}: {said[-500:]}", flush=True)
        return False
    return _judged(target, folder, stats)


def _judged(target: Target, folder: Path, stats: dict[str, object]) -> bool:
    """Measure the worst inputs again, where nothing observes the code, and print the target's line."""
    assert isinstance(stats["slow"], list)
    assert isinstance(stats["crashes"], dict)
    times = {name: seconds_of(target, (folder / name).read_bytes()) for name in ["worst", *stats["slow"]]}
    worst = max(times, key=lambda name: times[name])
    line = f"{target.name}: {stats['count']:,} inputs by {stats['engine']}, worst {times[worst] * 1000:.1f} ms"
    print(f"{line} of {target.seconds * 1000:.0f}, {len(stats['crashes'])} crashes", flush=True)
    slow = [name for name, taken in times.items() if taken > target.seconds]
    for what, name in [*stats["crashes"].items(), *(("too slow", name) for name in slow)]:
        print(f"  {what}: {folder / name}")
    return not slow and not stats["crashes"]


def seconds_of(target: Target, data: bytes) -> float:
    """The least process time of three."""
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        try:
            target.take(data)
        except Exception:
            return 0.0  # a crash, which is told as one
        best = min(best, time.process_time() - began)
    return best


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
