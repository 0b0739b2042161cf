"""A county with its bot on a real homeserver, for one test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.matrix.county import County, Later, county
from tests.matrix.synapse import Homeserver


@pytest.fixture
def clock() -> Later:
    """The bot's clock, to be put forward."""
    return Later()


@pytest.fixture
async def town(server: Homeserver, tmp_path: Path, clock: Later) -> AsyncIterator[County]:
    """A county with its bot running, on the generous homeserver."""
    async with county(server, tmp_path, clock=clock) as running:
        yield running
