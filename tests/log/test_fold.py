"""The public log alone tells where each request stands, after every act of random days; and it verifies."""

from __future__ import annotations

import pytest

from groupbot.moves import changing
from groupbot.records import ServiceRequest
from tests.log import acts


@pytest.mark.parametrize("seed", range(6))
async def test_after_every_act_the_log_tells_where_each_request_stands(seed: int) -> None:
    entries, checkpoints = await acts.day(seed)
    assert entries > 4
    assert checkpoints


async def test_a_random_day_on_postgresql(postgres_url: str) -> None:
    entries, _ = await acts.day(0, postgres_url)
    assert entries > 4


async def test_a_move_that_forgets_its_entry_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = changing.log

    def forgetful(moment: object, entry: str, request: ServiceRequest, **more: str) -> None:
        if entry != "answered":
            kept(moment, entry, request, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(changing, "log", forgetful)
    with pytest.raises(AssertionError, match="folded"):
        for seed in range(6):
            await acts.day(seed)
