"""A county's time lived through by the real bot: the same for the same seed, and never a burden on people."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from PIL import Image

from groupbot.cli import main
from groupbot.jurisdiction import Jurisdiction
from groupbot.pictures.sheet import Words
from groupbot.rehearsal import year
from groupbot.rehearsal.telling import Telling
from groupbot.rehearsal.year import Lived, Year
from groupbot.rules import figures
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
    confirmed, found = lived["confirmed"], again.output.splitlines()
    assert isinstance(confirmed, dict)
    assert found[:2] == [
        "21 days from 5 Jan 2026, seed 5",
        f"New requests: {lived['posted']}. Still open: {lived['open']}.",
    ]
    percent = confirmed["count"] * 100 // confirmed["of"]
    assert found[2] == f"The citizen agrees: {confirmed['count']} of {confirmed['of']} ({percent} %)"
    assert [line.partition(":")[0] for line in found[3:]] == [
        "  Agreed in 10 min", "  No citizen's word", "  Silent wards",
        "Answers in time", "  Answers in 10 min", "  Priorities lowered", "  Second dates",
        "First words in time", "First answers that held", "  Opened again",
        "Steps up the ladder", "Nags, each to one person alone", "Private lists", "Lines in the departments' groups",
    ]  # fmt: skip
    assert found[3] == f"  Agreed in 10 min: {_share(lived['soon_words'], lived['words'])}"
    drawn = ET.fromstring(picture.read_text(encoding="utf-8"))
    said = [one.text for one in drawn.iter() if one.tag.endswith("}text")]
    assert said[:2] == ["21 days from 5 Jan 2026, seed 5", "Elgeyo Marakwet County service feedback"]
    assert said[-3:] == ["5 Jan", "12 Jan", "19 Jan"]
    posted = [int(str(one.text)) for one in drawn.iter() if one.tag.endswith("}title") and one.text]
    assert sum(posted[:3]) == lived["posted"]


def test_what_officers_say_was_done_says_it_from_the_first_post_on() -> None:
    county = jurisdiction()
    lived = Year(county, 14, 2, datetime(2026, 1, 5, 5, tzinfo=UTC))
    asyncio.run(lived.run(lambda day: None))
    heard = [one.text for place in lived._places for one in lived._sandbox.messages(place.chat_id) if one.text]
    hollow = county.catalogue.text("refused_says_nothing", "en", {"ref": ""}, lived.start)
    assert sum("/resolve" in text for text in heard) > 10
    assert [text for text in heard if text.endswith(hollow)] == []


def test_in_two_weeks_hardly_anybody_is_away_who_is_so_for_two_weeks_a_year() -> None:
    leaves = []
    for seed in range(30):
        lived = Year(jurisdiction(), 14, seed, datetime(2026, 1, 5, 5, tzinfo=UTC))
        lived._plan()
        leaves += [len(one) for one in lived._leaves.values()]
    assert 0.05 < sum(leaves) / len(leaves) < 0.2  # three of ten days a year are 0.115


def test_silent_wards_are_told_by_people_where_the_pack_knows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    county = jurisdiction()
    wards = county.protocol.wards
    nothing = figures.of((), ("routine",), wards, datetime(2026, 1, 12, tzinfo=UTC))
    start = datetime(2026, 1, 5, 5, tzinfo=UTC)
    week = replace(nothing, silent=tuple(wards)[:1])
    lived = Lived(start, 7, 1, 5, week, ((start, week),), {}, {}, (), 0, 10, 0)
    assert "Wards of 20 that posted nothing that week" in _panels(county, lived)
    known = {
        name: ward.model_copy(update={"residents": 1_000 + number}) for number, (name, ward) in enumerate(wards.items())
    }
    monkeypatch.setitem(vars(county.protocol), "wards", known)
    said = Telling(lived, county, "en").lines()
    assert "  Silent wards: 1 of 20 (5 %)" in said
    assert "Of every 10000 residents 495 live in wards that posted nothing in all that time." in said
    assert "Of every 10000 residents, those in wards that posted nothing that week" in _panels(county, lived)


def test_nags_are_counted_by_person_and_day_with_the_rings_and_alarms_of_emergencies() -> None:
    county = jurisdiction()
    nothing = figures.of((), ("routine",), county.protocol.wards, datetime(2026, 1, 19, tzinfo=UTC))
    start = datetime(2026, 1, 5, 5, tzinfo=UTC)
    first, second = date(2026, 1, 5), date(2026, 1, 13)
    lists = {("private:a", first): 1, ("private:b", first): 1, ("private:a", second): 1}
    alarms = {("private:a", second): 3, ("private:a", date(2026, 1, 17)): 2}  # the second on a Saturday
    weeks = ((start, nothing), (start + timedelta(days=7), nothing))
    lived = Lived(start, 14, 1, 10, nothing, weeks, lists, alarms, (), 0, 10, 0)
    said = Telling(lived, county, "en").lines()
    assert said[-3:-1] == [
        "Nags, each to one person alone: 8, 5 of them in emergencies. To one person 0.40 a working day,"
        " 4 at most in a day.",
        "Private lists: 3. To one person 0.15 a working day, 1 at most in a day. Outside working hours: 0.",
    ]
    panels = _panels(county, lived)
    assert "Nags to one person in a day, the most each week; 0.40 on average" in panels
    assert Telling(lived, county, "en")._worst([(day, n) for (_, day), n in lived.nags.items()]) == [1, 4]


def test_in_every_year_rings_and_alarms_are_nags_too(lived: dict[str, object]) -> None:
    nags, alarms = int(str(lived["nags"])), int(str(lived["nags_in_emergencies"]))
    assert nags == int(str(lived["lists"])) + alarms
    assert int(str(lived["nags_most_a_day"])) >= int(str(lived["lists_most_a_day"]))
    mean = nags / (int(str(lived["nags_people"])) * int(str(lived["working_days"])))
    assert lived["nags_mean_a_day"] == round(mean, 4)


def test_a_list_sent_before_opening_at_closing_time_or_on_a_saturday_is_counted_as_out_of_hours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent = ["2026-01-05T04:59", "2026-01-05T05:00", "2026-01-05T13:59", "2026-01-05T14:00", "2026-01-10T08:00"]
    lists = [("private:a", datetime.fromisoformat(at).replace(tzinfo=UTC)) for at in sent]  # 08:00 to 17:00 in Nairobi
    monkeypatch.setattr(year.kept, "sent_alone", lambda _, key: lists if key == "digest" else [])
    lived = asyncio.run(Year(jurisdiction(), 1, 3, datetime(2026, 1, 5, 5, tzinfo=UTC)).run(lambda day: None))
    assert (lived.out_of_hours, sum(lived.lists.values())) == (3, 5)


def _panels(county: Jurisdiction, lived: Lived) -> str:
    return " ".join(str(one.text) for one in Telling(lived, county, "en").sheet().marks if isinstance(one, Words))


def _share(count: object, of: object) -> str:
    return f"{count} of {of} ({int(str(count)) * 100 // int(str(of))} %)"


def test_a_week_in_swahili_and_as_png(tmp_path: Path) -> None:
    picture = tmp_path / "weeks.png"
    done = CliRunner().invoke(main, ["simulate", "--days", "7", "--language", "sw", "--picture", str(picture)])
    assert done.output.splitlines()[0] == "Siku 7 kuanzia 5 Jan 2026, mbegu 1"
    with Image.open(picture) as drawn:
        assert (drawn.format, drawn.width) == ("PNG", 1080)


def test_what_cannot_be_drawn_is_refused_before_the_days_are_lived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(year, "Year", lambda *_: pytest.fail("lived in vain"))
    done = CliRunner().invoke(main, ["simulate", "--picture", str(tmp_path / "weeks.jpg")])
    assert (done.exit_code, "'weeks.jpg' must end in .svg or .png" in done.output) == (2, True)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    done = CliRunner().invoke(main, ["simulate", "--picture", str(tmp_path / "weeks.png")])
    assert (done.exit_code, "pip install 'groupbot[reports]'" in done.output, ".svg" in done.output) == (1, True, True)
    done = CliRunner().invoke(main, ["simulate", "--language", "fr"])
    assert (done.exit_code, "the pack speaks no 'fr': choose one of en, sw" in done.output) == (2, True)


def test_a_day_that_is_none_is_refused() -> None:
    done = CliRunner().invoke(main, ["simulate", "--days", "7", "--from", "soon"])
    assert (done.exit_code, "write it as 2026-01-05" in done.output) == (2, True)
