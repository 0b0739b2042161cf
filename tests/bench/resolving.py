"""Answering: `/resolve` with its reference and what was done, one commit each, as the running bot takes it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from groupbot.worker import Worker
from tests.bench.county import County, county
from tests.bench.laps import Laps, Measures
from tests.bench.text import Post, posts, raw_update

WARM_UP = 30
LATER = 3_600_000_000  # microseconds after the last post
WORK = ("water flows again", "the road is graded", "new stock was delivered", "the light was mended")


def one_by_one(count: int, folder: Path) -> Measures:
    """Every request answered by its department's coordinator, each command by itself."""
    made = list(posts(WARM_UP + count))
    with county(folder) as ours:
        for start in range(0, len(made), 100):
            ours.take(*(ours.parse(raw_update(post)) for post in made[start : start + 100]))
        ours.check(len(made))
        answers = [_answer(post, reference) for post, reference in zip(made, _references(ours), strict=True)]
        measures = asyncio.run(_through_worker(ours, answers))
        answered = ours.count("SELECT COUNT(*) FROM request WHERE state = 'answered' AND answers = 1")
        asked = ours.count("SELECT COUNT(*) FROM outbox WHERE key = 'ask_citizen'")
        mirrored = ours.count("SELECT COUNT(*) FROM outbox WHERE key LIKE 'mirror_answered%'")
        assert answered == asked == mirrored == len(made), (answered, asked, mirrored)
    return measures


async def _through_worker(ours: County, raws: list[str]) -> Measures:
    worker = Worker()
    for raw in raws[:WARM_UP]:
        await worker.run(lambda raw=raw: ours.take(ours.parse(raw)))  # type: ignore[misc]
    laps = Laps()
    for raw in raws[WARM_UP:]:
        with laps:
            update = ours.parse(raw)
            await worker.run(lambda update=update: ours.take(update))  # type: ignore[misc]
    worker.close()
    return laps.measures(len(raws) - WARM_UP)


def _references(ours: County) -> list[str]:
    sql = "SELECT service_request_id FROM request ORDER BY id"
    return [row[0] for row in ours.store.read(lambda tx: tx.all(sql))]


def _answer(post: Post, reference: str) -> str:
    """The coordinator's command as the sandbox hands it to the bot."""
    number = 1_000_000 + post.number
    said = {
        "n": number,
        "message_id": str(number),
        "user_id": f"coordinator-{post.service_code}",
        "name": "Coordinator",
        "at": post.at + LATER,
        "text": f"/resolve {reference} {WORK[post.number % len(WORK)]}, checked by the ward office on site",
    }
    return json.dumps({**json.loads(raw_update(post)), **said}, ensure_ascii=False, separators=(",", ":"))
