"""One process's share of a sweep: python -m tests.faults.crash DATABASE FIRST NUMBER JOBS KILLS; prints its result."""

from __future__ import annotations

import json
import sys

from tests.faults.crash import sweep
from tests.postgres import NoPostgres


def main(database: str, first: str, number: str, jobs: str, kills: str) -> None:
    """Run the share and print [days, kills, failures] as JSON."""
    try:
        result = sweep.share(database, int(first) + int(number), int(jobs), int(kills))
    except NoPostgres as reason:
        result = (0, 0, [(0, f"no PostgreSQL here: {reason}")])
    print(json.dumps(result))


main(*sys.argv[1:])
