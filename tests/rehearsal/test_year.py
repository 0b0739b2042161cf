"""A county's time lived through by the real bot: the same for the same seed, and never a burden on people."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from groupbot.cli import main
from tests.county import jurisdiction


@pytest.fixture(scope="module")
def lived() -> dict[str, object]:
    """Three weeks, as the command tells them."""
    done = CliRunner().invoke(main, ["simulate", "--days", "21", "--seed", "5", "--json"])
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.output))


def test_something_of_everything_happens(lived: dict[str, object]) -> None:
    assert int(str(lived["posted"])) > 30
    for share in ("confirmed", "answered_in_time", "heard_in_time", "held"):
        found = lived[share]
        assert isinstance(found, dict)
        assert 0 < found["count"] <= found["of"] <= lived["posted"]  # type: ignore[operator]
    assert lived["escalations"]
    assert lived["lists"]


def test_nobody_is_written_to_at_night_or_beyond_the_budget(lived: dict[str, object]) -> None:
    assert lived["lists_out_of_hours"] == 0
    assert 1 <= int(str(lived["lists_most_a_day"])) <= jurisdiction().protocol.file.chase.daily_budget


def test_the_same_seed_gives_the_same_days_in_words_and_in_a_picture(lived: dict[str, object], tmp_path: Path) -> None:
    picture = tmp_path / "weeks.svg"
    again = CliRunner().invoke(main, ["simulate", "--days", "21", "--seed", "5", "--picture", str(picture)])
    confirmed = lived["confirmed"]
    assert isinstance(confirmed, dict)
    assert again.output.splitlines()[0] == (f"21 days, seed 5: {lived['posted']} requests, {lived['open']} still open")
    assert f"{confirmed['count']} of {confirmed['of']} " in again.output.splitlines()[1]
    drawn = ET.fromstring(picture.read_text(encoding="utf-8"))
    assert len([one for one in drawn.iter() if one.tag.endswith("title")]) == 3


def test_a_day_that_is_none_is_refused() -> None:
    done = CliRunner().invoke(main, ["simulate", "--days", "7", "--from", "soon"])
    assert (done.exit_code, "write it as 2026-01-05" in done.output) == (2, True)
