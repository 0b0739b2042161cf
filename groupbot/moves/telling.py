"""The department has been told: when the line about a request reached its group, which may be long after the post."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from groupbot.store import requests
from groupbot.store.database import Tx

TELLING = ("number", "several", "moved_here")  # what the texts begin with that tell a department of a request


def told(tx: Tx, key: str, request_ids: Sequence[int], at: datetime) -> None:
    """A line with that text about these requests reached its chat at `at` (aware UTC); only the first one counts."""
    if request_ids and key.startswith(TELLING):
        requests.mark_told(tx, request_ids, at)
