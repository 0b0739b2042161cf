"""Whatever the clock does, the chase is fair: a few schedules here, thousands in `make faults`."""

from __future__ import annotations

import pytest

from tests.nagging.schedules import broken


@pytest.mark.parametrize("seed", range(40))
def test_a_schedule_of_the_clock_breaks_nothing(seed: int) -> None:
    assert broken(seed) == []
