"""Stretches of time side by side: all on the sheet, to scale, and told apart without colour."""

from __future__ import annotations

import pytest

from groupbot.pictures import panels
from groupbot.pictures.panels import Panel, Row
from groupbot.pictures.sheet import Box, Line, Sheet, Words

HEAD = ("Fifty-two weeks", "A county")


def laid_out(*shown: Panel, weeks: int = 52) -> Sheet:
    return panels.laid_out(HEAD, shown, [f"{week} Jan" for week in range(weeks)], "in words")


def test_bars_and_lines_are_to_scale_and_a_line_stops_where_nothing_is_to_say() -> None:
    bars = Panel("Requests", bars=(Row("New", [10, 0, 5, 20]), Row("Agreed", [5, 0, 5, 20])))
    sheet = laid_out(bars, weeks=4)
    heights = [mark.height / panels.HIGH for mark in sheet.marks if isinstance(mark, Box) and mark.title]
    assert heights == [0.5, 0.25, 1, 0.25, 0.25, 1]
    rates = Panel("Rates", lines=(Row("a", [50, 100, None, 0, 0]), Row("b", [None] * 5)), most=100, unit=" %")
    lines = [mark for mark in laid_out(rates, weeks=5).marks if isinstance(mark, Line) and mark.width == 6]
    curves = [line for line in lines if line.points[0][0] > panels.LEFT]
    assert [len(line.points) for line in curves] == [2, 2]
    assert curves[0].points[0][1] - curves[0].points[1][1] == panels.HIGH / 2
    assert [line.dashed for line in lines if line not in curves] == [False, True]  # the legend


@pytest.mark.parametrize("weeks", [1, 3, 7, 52, 520])
def test_at_most_six_days_are_named_and_all_is_on_the_sheet(weeks: int) -> None:
    panel = Panel("Private lists each week; at most 2 to one person in a day, and so on", bars=(Row("", [3] * weeks),))
    sheet = laid_out(panel, panel, weeks=weeks)
    words = [mark for mark in sheet.marks if isinstance(mark, Words)]
    assert len([mark for mark in words if mark.text.endswith(" Jan")]) == min(weeks, -(-weeks // -(-weeks // 6)))
    assert all(0 < mark.x < sheet.width and 0 < mark.y < sheet.height for mark in words)
    boxes = [mark for mark in sheet.marks if isinstance(mark, Box)]
    assert all(box.x >= 0 and box.x + box.width <= sheet.width and box.y + box.height <= sheet.height for box in boxes)


def test_a_panel_of_nothing_has_its_scale_and_no_bars() -> None:
    sheet = laid_out(Panel("Nothing", bars=(Row("", [0, 0]),)), weeks=2)
    assert [mark for mark in sheet.marks if isinstance(mark, Box)] == []
