"""Accepting posts: one by one, as a backlog in batches; their latency, memory, statements and commits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from groupbot.records import Update
from groupbot.worker import Worker
from tests.bench.county import County, county
from tests.bench.laps import Laps, Measures, peak_mib
from tests.bench.text import SEED, posts, raw_update

FETCHED = 100  # updates that a platform hands over at once
BATCH = 50  # of figure 20
WARM_UP = 30  # posts before the watch starts: the first loads holidays and telephone numbers


def one_by_one(count: int, folder: Path) -> Measures:
    """Each post by itself, as the running bot does it: read on the event loop, worked on the worker's thread."""
    with county(folder) as ours:
        measures = asyncio.run(_through_worker(ours, count))
        ours.check(WARM_UP + count)
    return measures


async def _through_worker(ours: County, count: int) -> Measures:
    worker = Worker()
    raws = [raw_update(post) for post in posts(WARM_UP + count)]
    for raw in raws[:WARM_UP]:
        await worker.run(lambda raw=raw: ours.take(ours.parse(raw)))  # type: ignore[misc]
    laps = Laps()
    for raw in raws[WARM_UP:]:
        with laps:
            update = ours.parse(raw)
            await worker.run(lambda update=update: ours.take(update))  # type: ignore[misc]
    worker.close()
    return laps.measures(count)


def on_one_thread(count: int, folder: Path) -> Measures:
    """The same without the way to the worker's thread and back."""
    with county(folder) as ours:
        raws = [raw_update(post) for post in posts(WARM_UP + count)]
        for raw in raws[:WARM_UP]:
            ours.take(ours.parse(raw))
        laps = Laps()
        for raw in raws[WARM_UP:]:
            with laps:
                ours.take(ours.parse(raw))
        measures = laps.measures(count)
        ours.check(WARM_UP + count)
    return measures


def backlog(count: int, folder: Path) -> Measures:
    """All updates that wait, in batches as the platforms hand them over, each made only when it is fetched."""
    raws = (raw_update(post) for post in posts(count, SEED))
    with county(folder) as ours:
        laps = Laps()
        for fetched in _batched(raws, FETCHED):
            with laps:
                ours.take(*map(ours.parse, fetched))
        measures = laps.measures(count)
        ours.check(count)
    return {**measures, "peak_mib": peak_mib()}


def counts(folder: Path) -> Measures:
    """Statements and commits per accepted post: by itself, and in a batch. BEGIN and COMMIT are no statements."""
    raws = [raw_update(post) for post in posts(2 * WARM_UP + BATCH)]
    with county(folder) as ours:
        updates = [ours.parse(raw) for raw in raws]
        for update in updates[:WARM_UP]:
            ours.take(update)
        alone = _counted(ours, [(update,) for update in updates[WARM_UP : 2 * WARM_UP]])
        together = _counted(ours, [tuple(updates[2 * WARM_UP :])])
        ours.check(len(raws))
    return {
        "statements": alone[0] / WARM_UP,
        "commits": alone[1] / WARM_UP,
        "statements_in_batch": together[0] / BATCH,
        "commits_in_batch": together[1] / BATCH,
    }


def _counted(ours: County, batches: list[tuple[Update, ...]]) -> tuple[int, int]:
    """How many statements and commits the batches take."""
    statements: list[str] = []
    commits = ours.store.commits
    ours.store.on_statement = statements.append
    for batch in batches:
        ours.take(*batch)
    ours.store.on_statement = None
    return len(statements), ours.store.commits - commits


def _batched(raws: Iterator[str], size: int) -> Iterator[list[str]]:
    while fetched := list(islice(raws, size)):
        yield fetched
