"""The one list of a private chat on a real homeserver: the one before is redacted once the new one has arrived."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from groupbot.records import Notice
from groupbot.store import hot
from tests.matrix.county import County

pytestmark = pytest.mark.slow


async def _list(town: County, number: int) -> None:
    items = [f"HLT-26-0001-J, Kapsowar: list {number}"]
    params = {"person": "Kiptoo", "items": items, "count": 1}
    notice = Notice("matrix", town.rooms["health"], "send", f"list-{number}", "digest", params)
    now = datetime.now(UTC)
    await town.app.worker.run(lambda: town.app.store.write_tx(lambda tx: hot.queue(tx, [notice], now)))
    await town.step()
    await town.step()


async def test_the_next_list_takes_the_place_of_the_one_before_unless_somebody_wrote_below_it(town: County) -> None:
    for number in (1, 2):
        await _list(town, number)
    (only,) = town.lines("health")
    assert "list 2" in only
    sent = [one for one in town.events("health") if one["type"] == "m.room.message"]
    assert [bool(one["content"]) for one in sent] == [False, True], "the first one is redacted"
    await town.say("kiptoo", "health", "Thanks, on it tomorrow with the store")
    await _list(town, 3)
    assert [line.splitlines()[1][-6:] for line in town.lines("health")] == ["list 2", "list 3"]
