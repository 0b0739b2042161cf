"""A table of posts for the tests of transactions."""

from __future__ import annotations

import pytest

from groupbot.store.database import Store
from tests.store.posts import TABLE


@pytest.fixture
def posts(store: Store) -> Store:
    """A store with an empty table of posts, on each product in turn."""
    store.write_tx(lambda tx: tx.execute(TABLE))
    store.commits = 0
    return store
