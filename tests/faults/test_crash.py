"""A bot killed at any point loses and doubles nothing, and says nothing that is not so; and the sweep would see it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from groupbot import failpoints

# What is found at once. `make faults` plants all of them.
QUICKLY_FOUND = ("send_inside_the_transaction", "log_entry_after_commit", "interrupted_sends_forgotten")

SEARCH = """
import sys
from tests.faults.crash import sweep
from tests.faults.crash.planted import PLANTED
with sweep.ground() as place:
    spoiled, clean = sweep.Sweep(place, PLANTED[sys.argv[1]]), sweep.Sweep(place)
    spoiled.baseline = clean.baseline
    print(any(spoiled.once(seed) for seed in range(5)))
"""


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=110, check=False)


@pytest.mark.parametrize("seed", [3, 11])
def test_a_day_of_crashes_leaves_everything_true(seed: int) -> None:
    done = _run("-m", "tests.faults", "crash-sqlite", str(seed))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("bug", QUICKLY_FOUND)
def test_a_planted_bug_is_found(bug: str) -> None:
    done = _run("-c", SEARCH, bug)
    assert (done.stdout.strip(), done.stderr) == ("True", "")


def test_a_point_does_nothing_unless_a_test_has_armed_it() -> None:
    reached: list[str] = []
    failpoints.reach("nobody listens")
    failpoints.arm(reached.append)
    failpoints.reach("now")
    failpoints.arm(None)
    failpoints.reach("nobody listens")
    assert reached == ["now"]
