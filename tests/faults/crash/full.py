"""The whole bot on a disk that is full again and again: nothing is confirmed that is not kept, nothing is lost after.

The limit is on the size of files (RLIMIT_FSIZE), set and lifted between steps, so it needs no rights and hurts nobody.
"""

from __future__ import annotations

import functools
import random
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from groupbot.app import App
from groupbot.chat.sandbox import Sandbox
from groupbot.clock import VirtualClock
from groupbot.rehearsal import stage
from groupbot.rehearsal.stage import PLATFORM
from groupbot.store.database import OperationalError, Store, StoreError
from tests.county import PLACES, PLAYERS, TUESDAY
from tests.faults.crash import checker, running, sweep
from tests.faults.crash.running import EXPORT, NOISE, RECORD, Case
from tests.faults.crash.workload import END

ENDLESS = 10  # seconds; a day takes one
STEPS = 30  # of which about half meet a full disk
REFUSED = "refused.txt"


def _limit(most: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most if most >= 0 else hard, hard))


async def _live(case: Case, seed: int) -> None:
    """A day in which the disk is full at random; then there is room again."""
    chance, county = random.Random(seed), running.warm()
    sandbox = Sandbox(case.folder / RECORD)
    clock = VirtualClock(sandbox.state.latest)
    app = App(county, Store(case.url), {PLATFORM: running.CrashChat(case, sandbox, clock)}, clock)
    await app.start(lambda tx: stage.enrol(tx, county, (PLAYERS, PLACES), TUESDAY))
    refused = 0
    log = Path(case.url.removeprefix("sqlite:///") + "-wal")
    for step in range(STEPS):
        # a limit below the record's own size would fill the platform's disk too: it stays above that
        room = chance.choice((-1, chance.randrange(200, 40_000))) if step > 3 else chance.randrange(200, 9000)
        size = max(log.stat().st_size if log.exists() else 0, (case.folder / RECORD).stat().st_size)
        _limit(size + room if room >= 0 else -1)
        try:
            await app.step()
        except (OperationalError, StoreError):
            refused += 1
        finally:
            _limit(-1)
    (case.folder / REFUSED).write_text(str(refused))
    await app.step()
    await app.advance(clock, END)
    await app.worker.run(lambda: app.store.read(lambda tx: running._export(tx, county, case.folder / EXPORT)))
    await app.close()


def swallowed() -> None:
    """A planted bug: an error of the disk is swallowed, and the bot goes on as if the transaction were kept.

    What it has confirmed stays what is in the database, so nothing is lost by it; but it asks for the same batch for
    ever, and that is how it is found: a day that takes more than so much of the processor has no end.
    """
    signal.setitimer(signal.ITIMER_PROF, ENDLESS)
    write_tx = Store.write_tx

    def swallow(self: Store, fn: Any) -> Any:
        try:
            return write_tx(self, fn)
        except OperationalError:
            return None

    Store.write_tx = swallow  # type: ignore[method-assign]


def planted_bug(folder: Path, seed: int) -> None:
    """A swallowed full disk must be found out, in at most ten days. Raises AssertionError."""
    for number in range(10):
        try:
            play(folder, seed + number, swallowed)
        except AssertionError as found:
            print(f"planted swallowed full disk: found on day {number + 1}: {str(found)[:100]!r}", flush=True)
            return
    raise AssertionError("a swallowed full disk was not found out")


def play(_: Path, seed: int, spoil: Callable[[], None] = lambda: None) -> None:
    """One day on a disk that is full again and again. Raises AssertionError."""
    day = random.Random(seed).randrange(sweep.DAYS)
    with sweep.ground() as place:
        whole = sweep.Sweep(place).baseline(day).story
        with place.fresh(day, functools.partial(_plant, seed, spoil)) as case:
            if code := running.run(case):
                raise AssertionError(f"exit {code}: {(case.folder / NOISE).read_text(errors='replace')[-1500:]}")
            end = checker.snapshot(case.url, case.folder, case.folder / RECORD)
            wrong = checker.wrong_at_the_end(end, [], case.folder / EXPORT, case.folder / NOISE)
            wrong += checker.wrong_copies(end, [], repeatable=case.repeatable)
            told = checker.story(end)
            wrong += [f"I1 {table} tells another story" for table in whole if told[table] != whole[table]]
            if not int((case.folder / REFUSED).read_text()):
                wrong.append("the disk was never full: the run shows nothing")
    if wrong:
        raise AssertionError("; ".join(wrong[:4]))


def _plant(seed: int, spoil: Callable[[], None]) -> None:
    spoil()
    running._live = functools.partial(_live, seed=seed)  # type: ignore[assignment]
