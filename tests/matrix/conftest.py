"""Homeservers for tests: a real Synapse with generous limits, and one with its own. With CI=true they must be there."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.matrix.county import County, county
from tests.matrix.synapse import Homeserver, NoSynapse, homeserver


def _running(*, generous: bool) -> Iterator[Homeserver]:
    try:
        with homeserver(generous=generous) as running:
            yield running
    except NoSynapse as reason:
        refuse = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        refuse(f"no Synapse (PyPI: matrix-synapse): {reason}")


@pytest.fixture(scope="session")
def server() -> Iterator[Homeserver]:
    """A homeserver whose limits no test meets."""
    yield from _running(generous=True)


@pytest.fixture(scope="session")
def strict_server() -> Iterator[Homeserver]:
    """A homeserver with the limits that Synapse comes with."""
    yield from _running(generous=False)


@pytest.fixture
async def town(server: Homeserver, tmp_path: Path) -> AsyncIterator[County]:
    """A county with its bot running, on the generous homeserver."""
    async with county(server, tmp_path) as running:
        yield running
