"""Every single edit of an export is found and named; and this test would notice a verifier that does not look."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from groupbot import verify_log
from tests.log import edits


def test_an_export_that_nobody_edited_holds() -> None:
    assert edits.check(edits.Edit("none", edits.LOG, 1)) == "none at 1 was not found"


@pytest.mark.parametrize("seed", range(8))
def test_every_edit_is_found_and_named(seed: int, tmp_path: Path) -> None:
    edits.play(tmp_path, seed)


def test_edits_of_all_kinds_are_tried() -> None:
    chance = random.Random(1)
    tried = Counter(edits.edited(chance).name.split()[0] for _ in range(1000))
    assert set(tried) == {"change", "rename", "drop", "swap", "insert", "duplicate", "truncate", "split"}
    assert min(tried.values()) > 50


BLIND = {
    "roots": lambda patch: patch.setattr(verify_log.Reading, "at_checkpoint", lambda self: None),
    "places": lambda patch: patch.setattr(verify_log.Reading, "_misplaced", lambda *_: None),
    "ends": lambda patch: patch.setattr(verify_log.Reading, "at_end", lambda self: None),
    "texts": lambda patch: patch.setattr(verify_log, "_check_published", lambda *_: None),
    "leaves": lambda patch: patch.setattr(verify_log, "add_leaf", lambda peaks, size, leaf: peaks.append(b"")),
}


@pytest.mark.parametrize("blind", BLIND.values(), ids=BLIND)
def test_a_verifier_that_does_not_look_is_found_out(
    blind: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(blind)
    blind(monkeypatch)
    with pytest.raises(AssertionError, match=r"was not found|was placed"):
        for seed in range(20):
            edits.play(tmp_path, seed)
