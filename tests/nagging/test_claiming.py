"""Two who look at the same time: each request is asked for by one of them, whatever both have read before.

The lock that keeps a second bot out is taken away here, on purpose: the claims themselves must hold.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from groupbot.nagging import Nagging
from groupbot.records import micros
from groupbot.store import nags
from groupbot.store.database import Store
from groupbot.store.nags import Claim
from tests.county import FORM, TUESDAY, County, county, jurisdiction
from tests.faults.racer import unlocked

COUNT = 40
LATER = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)  # three working mornings after what was posted on Tuesday


async def _owed(url: str) -> None:
    """A bot that has taken in some requests and is gone before anybody is asked for them."""
    async with county(url) as here:
        for number in range(COUNT):
            await here.say("chebet", ("health", "water")[number % 2], FORM.replace("malaria drugs", f"gauze {number}"))
        await _forget_lines(here)


async def _forget_lines(here: County) -> None:
    await here.app.worker.run(lambda: here.app.store.write_tx(lambda tx: tx.execute("DELETE FROM outbox")))


def _together(url: str, work: Callable[[Store, threading.Barrier], None]) -> None:
    """Let two do the work at the same time, each with connections of its own; the errors of either are raised."""
    barrier, errors = threading.Barrier(2), list[BaseException]()

    def one(store: Store) -> None:
        try:
            work(store, barrier)
        except BaseException as error:
            errors.append(error)
            barrier.abort()

    with ExitStack() as stack:
        stores = [unlocked(url) for _ in range(2)]
        for store in stores:
            stack.callback(store.close)
        threads = [threading.Thread(target=one, args=(store,)) for store in stores]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]


async def test_of_two_who_read_the_same_step_one_claims_it(store_url: str) -> None:
    await _owed(store_url)
    taken: list[int] = []

    def claim_all(store: Store, barrier: threading.Barrier) -> None:
        found = store.read(lambda tx: nags.due(tx, jurisdiction().id, LATER, COUNT))
        assert len(found) == COUNT
        barrier.wait(20)  # both have read everything before either claims
        for request in found:
            claim = Claim(request, LATER + timedelta(days=1), True, 0, 0)
            taken.extend(store.write_tx(lambda tx, claim=claim: nags.claim(tx, [claim], LATER)))  # type: ignore[misc]

    _together(store_url, claim_all)
    assert len(taken) == len(set(taken)) == COUNT
    with Store(store_url) as store:
        assert store.read(lambda tx: tx.all("SELECT DISTINCT nags, nagged_at FROM request")) == [(1, micros(LATER))]


async def test_of_two_passes_at_one_time_each_request_is_asked_for_once_and_each_person_gets_one_list(
    store_url: str,
) -> None:
    await _owed(store_url)

    def look(store: Store, barrier: threading.Barrier) -> None:
        nagging = Nagging(jurisdiction())
        barrier.wait(20)
        store.write_tx(lambda tx: nagging.run(tx, LATER))

    _together(store_url, look)
    with Store(store_url) as store:
        asked = store.read(lambda tx: tx.all("SELECT request_id, person_id, COUNT(*) FROM nag GROUP BY 1, 2"))
        lists = store.read(lambda tx: tx.all("SELECT chat_id, COUNT(*) FROM outbox WHERE key = 'digest' GROUP BY 1"))
    assert len({row[0] for row in asked}) == COUNT
    assert {row[2] for row in asked} == {1} == {row[1] for row in lists}


async def test_a_request_that_has_moved_on_since_it_was_read_is_left_alone(store_url: str) -> None:
    await _owed(store_url)
    with Store(store_url) as store:
        request, *_ = store.read(lambda tx: nags.due(tx, jurisdiction().id, LATER, 1))
        store.write_tx(lambda tx: tx.execute("UPDATE request SET version = version + 1 WHERE id = ?", (request.id,)))
        claim = Claim(request, None, True, 3, 1)
        assert store.write_tx(lambda tx: nags.claim(tx, [claim], LATER)) == set()
        kept = store.read(lambda tx: tx.one("SELECT nags, escalation_step FROM request WHERE id = ?", (request.id,)))
        assert kept == (0, 0)
        assert request.requested_datetime == TUESDAY
