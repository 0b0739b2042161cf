"""The fuzzing itself: a planted crash is kept and told once, a slow input is kept, and the committed inputs hold."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.fuzz import __main__ as fuzz
from tests.fuzz import loop
from tests.fuzz.loop import Watch
from tests.fuzz.targets import Target, seeds, targets


def _fragile(data: bytes) -> None:
    if b"\x80" in data:
        raise ValueError("planted")


FRAGILE = Target("people", _fragile)


def test_a_crash_is_kept_once_for_each_place_and_the_loop_goes_on(tmp_path: Path) -> None:
    watch = Watch(FRAGILE, tmp_path, "hand")
    for data in (b"a", b"\x80", b"\x80\x80"):
        watch.take(data)
    watch.write()
    stats = json.loads((tmp_path / "stats.json").read_text())
    ((place, name),) = stats["crashes"].items()
    assert place.startswith("ValueError at test_fuzz.py:")
    assert ((tmp_path / name).read_bytes(), stats["count"]) == (b"\x80", 3)


def test_an_input_that_takes_too_long_is_kept_and_measured_again(tmp_path: Path) -> None:
    def slow(data: bytes) -> None:
        ends = time.process_time() + len(data) / 1000
        while time.process_time() < ends:
            pass

    target = Target("people", slow, 0.01)
    watch = Watch(target, tmp_path, "hand")
    for data in (b"a", b"b" * 12):
        watch.take(data)
    (name,) = watch.stats["slow"]
    assert (tmp_path / name).read_bytes() == (tmp_path / "worst").read_bytes() == b"b" * 12
    assert not fuzz._judged(target, tmp_path, watch.stats)
    assert fuzz._judged(Target("people", slow, 1.0), tmp_path, {**watch.stats, "slow": []})


def test_without_atheris_the_inputs_of_hypothesis_find_a_planted_crash(tmp_path: Path) -> None:
    watch = Watch(FRAGILE, tmp_path, "hypothesis")
    loop._by_hypothesis(watch, seeds("people"), 1, 5)
    assert len(watch.stats["crashes"]) == 1
    assert watch.stats["count"] > 150


@pytest.mark.parametrize("name", list(targets()))
def test_the_committed_inputs_of_a_target_crash_nothing(name: str, tmp_path: Path) -> None:
    watch = Watch(targets()[name], tmp_path, "hand")
    assert seeds(name)
    for data in seeds(name):
        watch.take(data)
    assert watch.stats["crashes"] == {}
