"""Which stage of a pilot holds where, what it lets be said, and what the log says of before and after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import get_args

import pytest

from groupbot.records import GroupKind, PilotMode, Stage, micros
from groupbot.rules import pilot
from groupbot.rules.pilot import Measure

START = datetime(2026, 11, 2, 6, tzinfo=UTC)


def stage(mode: PilotMode, code: str = "", ward: str = "", days: int = 0) -> Stage:
    """A stage set so many days after the start."""
    return Stage(START + timedelta(days=days), code, ward, mode)


@pytest.mark.parametrize(
    ("stages", "mode"),
    [
        ([], "full"),
        ([stage("shadow")], "shadow"),
        ([stage("shadow"), stage("full", "health")], "full"),
        ([stage("shadow"), stage("full", "water")], "shadow"),
        ([stage("full", "health"), stage("assist", "", "Endo")], "assist"),
        ([stage("shadow", "health"), stage("assist", "", "Endo")], "shadow"),
        ([stage("shadow", "health"), stage("full", "health", "Endo")], "full"),
        ([stage("shadow", "health"), stage("full", "health", days=9)], "shadow"),
        ([stage("shadow", "health"), stage("full", "health")], "full"),
        ([stage("shadow", "health", "Arror")], "full"),
    ],
)
def test_the_nearest_stage_holds_and_of_two_the_more_careful_one(stages: list[Stage], mode: PilotMode) -> None:
    assert pilot.mode_at(stages, "health", "Endo", START + timedelta(days=1)) == mode


def test_what_was_posted_in_the_shadow_stays_there() -> None:
    stages = [stage("shadow"), stage("assist", days=10), stage("full", days=20)]
    far = START + timedelta(days=30)
    posted = [START + timedelta(days=days) for days in (1, 11, 21)]
    assert [pilot.mode_of(stages, ("health", "Endo", at), far) for at in posted] == ["shadow", "full", "full"]
    assert pilot.mode_of(stages, ("health", "Endo", posted[1]), posted[1]) == "assist"


@pytest.mark.parametrize(("mode", "kind"), list(product(pilot.MODES, get_args(GroupKind))))
def test_the_mirror_is_last_and_staff_are_never_kept_in_the_dark(mode: PilotMode, kind: GroupKind) -> None:
    silent = {"shadow": {"department", "private", "mirror"}, "assist": {"mirror"}, "full": set()}
    assert pilot.is_said(mode, kind) == (kind not in silent[mode])


def entry(ref: str, hours: float, entry_type: str, state: str, code: str = "health") -> dict[str, object]:
    """The coded fields of a log entry that matter here."""
    at = micros(START + timedelta(hours=hours))
    return {"ref": ref, "at": at, "type": entry_type, "state": state, "service_code": code, "ward": "Endo"}


def test_before_and_after_are_told_by_the_log_alone() -> None:
    entries = [
        entry("A", 1, "opened", "submitted"),
        entry("B", 2, "opened", "submitted"),
        entry("", 2, "restored", ""),
        entry("P", 2, "opened", "submitted", code=""),
        entry("A", 31, "acknowledged", "acknowledged"),
        entry("C", 241, "opened", "submitted"),
        entry("C", 243, "answered", "answered"),
        entry("C", 244, "closed", "closed"),
        entry("D", 250, "opened", "submitted"),
        entry("D", 252, "acknowledged", "acknowledged"),
        entry("D", 256, "answered", "answered"),
        entry("D", 257, "closed", "closed"),
        entry("D", 300, "reopened", "reopened"),
    ]
    found = pilot.compare(pilot.courses(entries).values(), [stage("shadow"), stage("full", days=10)])
    assert found == {
        "shadow": Measure(2, 1, 30.0, 0, None, 0, 0, 0),
        "full": Measure(2, 2, 2.0, 2, 4.0, 1, 1, 1),
    }
