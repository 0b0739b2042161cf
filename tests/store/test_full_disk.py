"""A disk that fills up inside a savepoint or at the commit: refused whole, recovered whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.faults import full_disk

SEEDS = (1, 2, 3, 4)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_full_disk_keeps_nothing_of_the_transaction_and_all_that_was_before(tmp_path: Path, seed: int) -> None:
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    try:
        full_disk.on_small_disk(tmp_path, seed)
    except PermissionError as reason:
        pytest.skip(f"no small disk can be mounted here: {reason}")


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_a_file_size_limit_keeps_nothing_of_the_transaction_and_all_that_was_before(tmp_path: Path, seed: int) -> None:
    full_disk.in_a_process(tmp_path, seed)
