"""T1: killed at random under load, the bot loses no post and says nothing more often than it must."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.telegram import killing


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_t1_fifty_kills_under_load_lose_no_post_and_keep_the_order(tmp_path: Path) -> None:
    found = await killing.run(tmp_path, kills=50, posts=200, seed=20261121)
    assert found.wrong == ()
