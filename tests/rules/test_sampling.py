"""A sample that anybody can draw again, and nobody can choose."""

from __future__ import annotations

from datetime import date

from groupbot.rules import sampling

REFS = [f"HLT-26-{number:04}" for number in range(200)]


def test_the_same_seed_draws_the_same_in_any_order_and_another_seed_draws_others() -> None:
    drawn = sampling.draw("root", "2026-11", REFS, 10)
    assert drawn == sampling.draw("root", "2026-11", reversed(REFS), 10)
    assert len(set(drawn)) == 10
    assert drawn != sampling.draw("other", "2026-11", REFS, 10)
    assert drawn != sampling.draw("root", "2026-12", REFS, 10)
    assert sampling.draw("root", "2026-11", REFS[:3], 10) == REFS[:3]


def test_every_request_is_as_likely_as_any_other() -> None:
    counts = dict.fromkeys(REFS, 0)
    for seed in range(1000):
        for one in sampling.draw(str(seed), "2026-11", REFS, 10):
            counts[one] += 1
    assert 20 < min(counts.values()) <= max(counts.values()) < 90  # 50 expected, 7 its deviation


def test_a_month_is_kept_by_its_year_and_number() -> None:
    assert sampling.name(date(2027, 1, 9)) == "2027-01"
