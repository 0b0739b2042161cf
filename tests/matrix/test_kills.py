"""M1: killed at any moment, the bot takes in everything once and in order; B3: what it sends arrives once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.matrix.kills import kill_the_bot, kill_the_homeserver
from tests.matrix.synapse import Homeserver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.mark.parametrize(("seed", "kills"), [(1, 17), (2, 17), (3, 16)])
def test_m1_a_bot_that_is_killed_while_posts_arrive_has_them_all_once_in_order(
    server: Homeserver, tmp_path: Path, seed: int, kills: int
) -> None:
    found = kill_the_bot(server, tmp_path, posts=300, kills=kills, seed=seed)
    assert (found.missing, found.doubled, found.kills) == (0, 0, kills)
    assert found.in_order


async def test_b3_a_homeserver_that_is_killed_in_a_burst_has_every_message_once(
    server: Homeserver, tmp_path: Path
) -> None:
    found = await kill_the_homeserver(server, tmp_path, notices=120, kills=20, seed=1)
    assert (found.missing, found.doubled, found.kills) == (0, 0, 20)
    assert found.in_order
