"""A county with its bot on a real homeserver, for one test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.matrix.county import County, county
from tests.matrix.synapse import Homeserver


@pytest.fixture
async def town(server: Homeserver, tmp_path: Path) -> AsyncIterator[County]:
    """A county with its bot running, on the generous homeserver."""
    async with county(server, tmp_path) as running:
        yield running
