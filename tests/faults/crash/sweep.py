"""Kill the bot at seeded points, look at what it left, start it again, kill it in its recovery, and look again."""

from __future__ import annotations

import functools
import itertools
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.faults.crash import checker, workload
from tests.faults.crash.checker import Snapshot
from tests.faults.crash.planted import PLANTED
from tests.faults.crash.running import EXPORT, KILLED, NOISE, RECORD, Case, points, prepare, run
from tests.postgres import cluster

DAYS = 40  # different days; the baseline of each is run once
MOST_CRASHES = 25  # in one day
SEARCH = 100  # days of crashes in which a planted bug must be found; the rarest is met on one of fifteen
STRIDE = 40  # points between crashes when one follows the other
SHM = Path("/dev/shm")
Plant = Callable[[], None] | None


@dataclass(frozen=True)
class Baseline:
    """A day without a crash: how many points it has, and what it told."""

    points: tuple[str, ...]
    story: dict[str, list[tuple[Any, ...]]]


class Ground:
    """Where runs are done: fresh copies of one prepared database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = 0

    @contextmanager
    def fresh(self, day: int, plant: Plant) -> Iterator[Case]:
        """A new folder with the prepared database and the record of a day."""
        self._made += 1
        folder = self.folder / str(self._made)
        folder.mkdir()
        workload.record(folder / RECORD, day)
        chance = random.Random(day)
        try:
            with self.database(folder) as url:
                again = chance.choice((0, 0, 3))
                yield Case(folder, url, chance.choice((1, 2, 5, 100)), again, chance.random() < 0.5, plant)
        finally:
            shutil.rmtree(folder)

    @contextmanager
    def database(self, folder: Path) -> Iterator[str]:
        """A prepared SQLite file."""
        template = self.folder / "template.db"
        if not template.exists():
            prepare(f"sqlite:///{template}")
        shutil.copyfile(template, folder / "groupbot.db")
        yield f"sqlite:///{folder / 'groupbot.db'}"


class PostgresGround(Ground):
    """The same on a PostgreSQL cluster of `tests.postgres`."""

    def __init__(self, folder: Path, cluster: Any) -> None:
        super().__init__(folder)
        self.cluster = cluster
        cluster._ask("CREATE DATABASE prepared")
        prepare(cluster.url("prepared"))

    @contextmanager
    def database(self, folder: Path) -> Iterator[str]:
        """A copy of the prepared database."""
        name = f"c{folder.name}"
        self.cluster._ask(f"CREATE DATABASE {name} TEMPLATE prepared")
        try:
            yield self.cluster.url(name)
        finally:
            self.cluster._ask(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def ground() -> Iterator[Ground]:
    """A place for SQLite runs: in memory where there is some, because a kill does not touch the page cache."""
    with tempfile.TemporaryDirectory(prefix="groupbot-crash-", dir=SHM if SHM.is_dir() else None) as folder:
        yield Ground(Path(folder))


class Sweep:
    """Crashes on one ground, perhaps with a planted bug."""

    def __init__(self, ground: Ground, plant: Plant = None) -> None:
        self.ground = ground
        self.plant = plant
        self.killed = 0
        self.baseline = functools.lru_cache(maxsize=None)(self._baseline)

    def _baseline(self, day: int) -> Baseline:
        with self.ground.fresh(day, None) as case:
            code = run(case)
            end = _look(case)
            wrong = [f"exit {code}"] if code else _wrong_end(case, end, [])
            if wrong:
                raise AssertionError(f"without a crash: {wrong}: {_noise(case)}")
            return Baseline(tuple(points(case)), checker.story(end))

    def once(self, seed: int) -> list[str]:
        """One seeded run: a day with crashes at any points, in recoveries too. Returns what is wrong."""
        return self.crash(*self.plan(seed))

    def plan(self, seed: int) -> tuple[int, list[int]]:
        """The day of a seed and the points of its crashes: one or two anywhere, or one after the other all day long."""
        chance = random.Random(seed)
        day = chance.randrange(DAYS)
        total = len(self.baseline(day).points)
        if chance.random() < 0.4:
            return day, [chance.randint(1, total), chance.randint(1, total)]
        return day, [chance.randint(1, STRIDE) for _ in range(MOST_CRASHES)]

    def crash(self, day: int, kills: list[int]) -> list[str]:
        """A day with crashes at these points, one after the other. Returns what is wrong."""
        with self.ground.fresh(day, self.plant) as case:
            deaths: list[Snapshot] = []
            for kill in kills:
                code = run(case, kill)
                if code == 0:
                    break
                if code != KILLED:
                    return [f"exit {code}: {_noise(case)}"]
                self.killed += 1
                deaths.append(_look(case))
                if wrong := checker.wrong_at_death(deaths[-1]):
                    return wrong
            code = run(replace(case))
            if code:
                return [f"exit {code} in the end: {_noise(case)}"]
            end = _look(case)
            wrong = _wrong_end(case, end, deaths)
            told = checker.story(end)
            for table, rows in self.baseline(day).story.items():
                if told[table] != rows and not checker.parked_fairly(end, deaths):
                    odd = set(told[table]) ^ set(rows)
                    wrong.append(f"I1 {table} tells another story than without a crash: {sorted(odd)[:3]}")
            return wrong


def _look(case: Case) -> Snapshot:
    return checker.snapshot(case.url, case.folder, case.folder / RECORD)


def _wrong_end(case: Case, end: Snapshot, deaths: list[Snapshot]) -> list[str]:
    found = checker.wrong_at_the_end(end, deaths, case.folder / EXPORT, case.folder / NOISE)
    return found + checker.wrong_copies(end, deaths, repeatable=case.repeatable)


def _noise(case: Case) -> str:
    return (case.folder / NOISE).read_text(errors="replace")[-1500:]


# --- faults, as `python -m tests.faults` runs them --------------------------------------------------------------------


def crash_sqlite(_: Path, seed: int) -> None:
    """One day of crashes on SQLite. Raises AssertionError."""
    _one_day("sqlite", seed)


def crash_postgres(_: Path, seed: int) -> None:
    """One day of crashes on PostgreSQL. Raises AssertionError, NoPostgres."""
    _one_day("postgres", seed)


def _one_day(database: str, seed: int) -> None:
    with ExitStack() as stack:
        _held(Sweep(_ground(database, stack)).once(seed))


def each_point(_: Path, seed: int) -> None:
    """A day on SQLite, killed at each of its points in turn. Raises AssertionError."""
    with ground() as place:
        sweep = Sweep(place)
        for kill in range(1, len(sweep.baseline(seed % DAYS).points) + 1):
            _held(sweep.crash(seed % DAYS, [kill]), f"at point {kill}: ")


def planted_bugs(_: Path, seed: int) -> None:
    """Each planted bug must be found, in at most SEARCH days of crashes. Raises AssertionError."""
    with ground() as place:
        clean = Sweep(place)
        for name, spoil in PLANTED.items():
            spoiled = Sweep(place, spoil)
            spoiled.baseline = clean.baseline
            if not any(spoiled.once(seed + number) for number in range(SEARCH)):
                raise AssertionError(f"{name} was not found")
            print(f"planted {name}: found after {spoiled.killed} kills", flush=True)


def _held(wrong: list[str], where: str = "") -> None:
    if wrong:
        raise AssertionError(where + "; ".join(wrong[:5]))


def many(database: str, first: int, kills: int, jobs: int) -> tuple[int, int, list[tuple[int, str]]]:
    """Days of crashes from a seed on, until the bot was killed so often: (days, kills, [(seed, what is wrong)])."""
    command = [sys.executable, "-m", "tests.faults.crash", database, str(first)]
    shares = [
        subprocess.Popen([*command, str(number), str(jobs), str(-(-kills // jobs))], stdout=subprocess.PIPE, text=True)
        for number in range(jobs)
    ]
    told = [
        json.loads(share.communicate()[0] or '[0, 0, [[0, "a share of the runs ended without a word"]]]')
        for share in shares
    ]
    failures = [(seed, wrong) for one in told for seed, wrong in one[2]]
    return sum(one[0] for one in told), sum(one[1] for one in told), failures


def share(database: str, first: int, step: int, kills: int) -> tuple[int, int, list[tuple[int, str]]]:
    """One process's share of `many`: every `step`-th seed from the first one on. Raises NoPostgres."""
    with ExitStack() as stack:
        sweep = Sweep(_ground(database, stack))
        for days in itertools.count(1):
            seed = first + (days - 1) * step
            if wrong := sweep.once(seed):
                return days, sweep.killed, [(seed, "; ".join(wrong[:3]))]
            if sweep.killed >= kills:
                return days, sweep.killed, []
    raise AssertionError("unreachable: days are counted for ever")


def _ground(database: str, stack: ExitStack) -> Ground:
    if database == "sqlite":
        return stack.enter_context(ground())
    running = stack.enter_context(cluster())
    return PostgresGround(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="groupbot-crash-"))), running)
