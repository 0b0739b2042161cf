"""Every property test with many examples: python -m tests.fuzz [SEED]. With SHORT=1 a tenth of them.

The seed is printed first; giving it again repeats the run.
"""

from __future__ import annotations

import os
import secrets
import sys

import pytest

LONG, SHORT = 20_000, 500  # examples per property
NOTHING_COLLECTED = 5


def main(seed: str | None = None) -> int:
    """Run, and return pytest's exit code; there being no property test at all is a failure."""
    seed = seed or str(secrets.randbelow(2**32))
    examples = SHORT if os.environ.get("SHORT") else LONG
    print(f"fuzz: {examples} examples per property, seed {seed}", flush=True)
    os.environ["FUZZ_EXAMPLES"] = str(examples)
    return int(
        pytest.main(
            ["tests", "-m", "hypothesis", "-p", "tests.fuzz.many", f"--hypothesis-seed={seed}", "-o", "timeout=0"]
        )
    )


if __name__ == "__main__":
    code = main(*sys.argv[1:])
    if code == NOTHING_COLLECTED:
        print("fuzz: there is no property test to run")
    sys.exit(code)
