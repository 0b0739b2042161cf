"""Databases and homeservers for tests: `store` is an empty open Store, once on SQLite and once on PostgreSQL.

Where PostgreSQL or Synapse is missing its part is skipped; with CI=true it fails instead.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from groupbot.store.database import Store
from tests.matrix.synapse import Homeserver, NoSynapse, homeserver
from tests.postgres import Cluster, NoPostgres, cluster

# How fast a busy machine makes its examples says nothing about the program.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A running PostgreSQL."""
    try:
        with cluster() as running:
            yield running
    except NoPostgres as reason:
        refuse = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        refuse(f"no PostgreSQL (Debian: postgresql): {reason}")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite database on disk that does not exist yet."""
    return f"sqlite:///{tmp_path / 'groupbot.db'}"


@pytest.fixture
def postgres_url(postgres: Cluster) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with postgres.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, on each product in turn."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open store without any table, on each product in turn."""
    with Store(store_url) as opened:
        yield opened


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
