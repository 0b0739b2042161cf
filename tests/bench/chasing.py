"""The chase: a pass in which everything is due, and a look when nothing is, with much that was ever closed or waits.

The pass is what the peer's is: decided, claimed, kept and said, here to one person each instead of once a request.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

from groupbot.chat.sandbox import Sandbox, SandboxChat
from groupbot.clock import VirtualClock
from groupbot.delivery import Delivery
from groupbot.nagging import Nagging
from groupbot.records import instant, micros
from groupbot.rehearsal import stage
from groupbot.rehearsal.stage import PLATFORM
from groupbot.store.database import Store, Tx
from groupbot.worker import Worker
from tests.bench.county import County, county, places, players
from tests.bench.laps import Laps, Measures
from tests.bench.text import posts, raw_update

LATER = timedelta(days=14)  # every first word and answer is late by then
LOOKS = 2_000
FEW, OPEN = 1_000, 100_000
AT_ONCE = 10_000  # rows of one statement


def all_due(count: int, folder: Path) -> Measures:
    """Every request is due: one pass, told and durable. `per_s` is requests that somebody was asked for."""
    made = list(posts(count))
    with county(folder) as ours:
        for start in range(0, len(made), 100):
            ours.take(*(ours.parse(raw_update(post)) for post in made[start : start + 100]))
        ours.check(count)
        ours.store.write_tx(lambda tx: tx.execute("UPDATE outbox SET state = 'sent'"))  # they were told of those
        jurisdiction = ours.intake.jurisdiction
        last = instant(ours.count("SELECT MAX(requested_datetime) FROM request"))
        now = jurisdiction.pace.mornings.after(last + LATER) + timedelta(hours=1)
        measures = asyncio.run(_pass(ours, now))
        asked = ours.count("SELECT COUNT(DISTINCT request_id) FROM nag")
        waiting = ours.count("SELECT COUNT(*) FROM outbox WHERE key IN ('digest', 'alarm') AND state <> 'sent'")
        assert (asked, waiting) == (count, 0), (asked, waiting)
    return {**measures, "per_s": count / measures["seconds"]}


async def _pass(ours: County, now: datetime) -> Measures:
    jurisdiction, sandbox, worker = ours.intake.jurisdiction, Sandbox(), Worker()
    stage.set_up(sandbox, players(jurisdiction), places(jurisdiction))
    clock = VirtualClock(now)
    chats = {PLATFORM: SandboxChat(sandbox, clock)}
    nagging, delivery = Nagging(jurisdiction), Delivery(ours.store, jurisdiction, chats, worker, clock)
    delivery.live.update(nagging.live)
    laps = Laps()
    with laps:
        await worker.run(lambda: ours.store.write_tx(lambda tx: nagging.run(tx, now)))
        await delivery.deliver_due()
    worker.close()
    return laps.measures(1)


def idle(closed: int, folder: Path) -> Measures:
    """One look with nothing due: `few` and `many` closed requests behind it, and `open` ones that are not due yet.

    The looks alternate between the three, so that what the machine does meanwhile befalls all of them.
    """
    kinds = (("few", FEW, "closed"), ("many", closed, "closed"), ("open", OPEN, "submitted"))
    with ExitStack() as stack:
        watched = [(name, *_long_history(stack, folder / name, count, state)) for name, count, state in kinds]
        laps = {name: Laps() for name, *_ in watched}
        for _, (name, ours, nagging, now) in product(range(LOOKS), watched):
            with laps[name]:
                due = _look(ours, nagging, now)
            assert due is None or due > now
    return {name: each.measures(LOOKS)["p50"] for name, each in laps.items()}


def _long_history(stack: ExitStack, place: Path, count: int, state: str) -> tuple[County, Nagging, datetime]:
    place.mkdir()
    ours = stack.enter_context(county(place))
    post = next(posts(1))
    ours.take(ours.parse(raw_update(post)))
    now = instant(post.at)
    _multiply(ours.store, count, state, None if state == "closed" else micros(now + timedelta(days=1)))
    return ours, Nagging(ours.intake.jurisdiction), now


def _look(ours: County, nagging: Nagging, now: datetime) -> datetime | None:
    return ours.store.read(lambda tx: nagging.next_due(tx, now))


def _multiply(store: Store, count: int, state: str, due: int | None) -> None:
    """Make the one request of the database into so many, in this state, to be looked at then (UTC microseconds)."""
    store.write_tx(lambda tx: tx.execute("UPDATE request SET state = ?, next_nag_at = ?", (state, due)))
    for first in range(2, count + 1, AT_ONCE):
        last = min(count, first + AT_ONCE - 1)
        store.write_tx(lambda tx, span=(first, last): _copies(tx, *span))  # type: ignore[misc]
    found = store.read(lambda tx: tx.scalar("SELECT COUNT(*) FROM request WHERE state = ?", (state,)))
    assert found == count, found


def _copies(tx: Tx, first: int, last: int) -> None:
    own = {"id": "n", "message_id": "'m' || n", "service_request_id": "'HLT-26-' || n"}
    names = [str(row[1]) for row in tx.all("PRAGMA table_info(request)")]
    tx.execute(
        f"WITH RECURSIVE numbers(n) AS (SELECT CAST(? AS INTEGER) UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)"
        f" INSERT INTO request({', '.join(names)})"
        f" SELECT {', '.join(own.get(name, name) for name in names)} FROM numbers, request WHERE id = 1",
        (first, last),
    )
