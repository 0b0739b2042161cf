"""The picture of the figures: all words in their place, readable on a phone, and the same bytes each time."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from itertools import combinations
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from matplotlib import font_manager, ft2font, get_data_path
from PIL import Image

from groupbot import picturing
from groupbot.pictures import figures, png, svg
from groupbot.pictures.sheet import Box, Sheet, Words
from tests.packs.texts import at, catalogue, micros

NOW = at("2026-11-30 08:00")
COUNTY = "Elgeyo Marakwet County service feedback"
WEEKS = [("2026-10-19", 12, 30), ("2026-10-26", 0, 0), ("2026-11-02", 21, 33), ("2026-11-09", 1, 31),
         ("2026-11-16", 30, 30), ("2026-11-23", 23, 36)]  # fmt: skip
PARAMS: dict[str, Any] = {
    "stretch": "week", "day": micros("2026-11-23 12:00"), "year": 2026, "department": "", "percent": 63,
    "confirmed": 23, "due": 36, "answered": 30, "heard": 33, "hearable": 36, "held": 23, "known": 27, "soon": 10,
    "soon_answers": 0, "soon_words": 1, "downgrades": 2, "second_dates": 0, "reopenings": 4, "unreachable": 3,
    "posted": 41, "open": 55, "vacant": 9, "silent": 18, "all": 20,
    "trend": [(micros(f"{day} 12:00"), count, of) for day, count, of in WEEKS],
}  # fmt: skip
MANY = {name: 123_456 if isinstance(value, int) and name not in ("day", "year", "percent", "soon", "all") else value
        for name, value in PARAMS.items()}  # fmt: skip


def told(language: str = "en", **other: object) -> figures.Told:
    return picturing.told(catalogue(), language, {**PARAMS, **other}, NOW, COUNTY)


def words(sheet: Sheet) -> list[str]:
    return [mark.text for mark in sheet.marks if isinstance(mark, Words)]


def test_it_says_the_headline_first_then_the_rates_the_weeks_and_what_makes_a_rate_cheap() -> None:
    assert words(figures.laid_out(told())) == [
        "Week from 23 Nov 2026", COUNTY,
        "63 %", "The citizen agrees", "23 of 36 that were due",
        "Answers in time", "30 of 36", "First words in time", "33 of 36", "First answers that held", "23 of 27",
        "The citizen agrees, week by week",
        "40 %", "19 Oct", "12/30", "26 Oct", "–", "63 %", "2 Nov", "21/33", "3 %", "9 Nov", "1/31",
        "100 %", "16 Nov", "30/30", "63 %", "23 Nov", "23/36",
        "Answers in 10 min", "0", "No citizen's word", "3", "Agreed in 10 min", "1", "New", "41",
        "Priorities lowered", "2", "Open now", "55", "Second dates", "0", "Days without officer", "9",
        "Opened again", "4", "Silent wards", "18/20",
        "By the week in which answers were due.",
    ]  # fmt: skip


def test_what_is_not_counted_stands_among_the_counts_where_there_is_any_and_is_striking() -> None:
    assert [one for one in told(set_aside=2)["counts"] if one["striking"]][-1] == {
        "label": "Not counted", "said": "2", "striking": True,
    }  # fmt: skip
    assert "Not counted" not in words(figures.laid_out(told(set_aside=None)))


def test_a_departments_month_in_swahili() -> None:
    said = words(figures.laid_out(told("sw", stretch="month", department="department.health")))
    assert said[0] == "Afya, mwezi kuanzia 23 Nov 2026"
    assert "Mwananchi anakubali, mwezi kwa mwezi" in said


def test_who_cannot_see_it_is_told_what_only_the_picture_has() -> None:
    assert told()["alt"] == (
        "The figures of this message as a picture, and week by week of how many that were due the citizen agrees: "
        "19 Oct 12 of 30, 26 Oct –, 2 Nov 21 of 33, 9 Nov 1 of 31, 16 Nov 30 of 30 and 23 Nov 23 of 36."
    )


def test_bars_are_as_long_as_their_rates_and_nothing_is_drawn_of_none() -> None:
    sheet = figures.laid_out(told(confirmed=0, percent=0))
    across = [mark for mark in sheet.marks if isinstance(mark, Box) and mark.x == figures.MARGIN]
    filled = [mark.width / figures.ROOM for mark in across]
    assert filled == pytest.approx([1, 1, 0.83, 1, 0.91, 1, 0.85])
    upright = [mark.height for mark in sheet.marks if isinstance(mark, Box) and mark.x != figures.MARGIN]
    assert upright == pytest.approx([figures.BARS * one for one in (0.4, 0.63, 0.03, 1, 0.63)])


CASES = [(language, stretch, params) for language in ("en", "sw") for stretch in ("week", "month")
         for params in (PARAMS, MANY)]  # fmt: skip


@pytest.mark.parametrize(("language", "stretch", "params"), CASES)
def test_in_the_font_that_draws_it_all_is_on_the_sheet_and_no_words_touch(
    language: str, stretch: str, params: dict[str, Any]
) -> None:
    longest = max(_departments(), key=lambda one: len(catalogue().term(one, language)))
    sheet = figures.laid_out(told(language, **{**params, "stretch": stretch, "department": longest}))
    places = list(_extents(sheet))
    for text, (left, top, right, bottom) in places:
        assert 0 <= left < right <= sheet.width, text
        assert 0 <= top < bottom <= sheet.height, text
    for (one, a), (other, b) in combinations(places, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (one, other)


@pytest.mark.parametrize("language", ["en", "sw"])
def test_an_ordinary_weeks_words_are_at_least_ten_pixels_on_a_phone_of_360(language: str) -> None:
    sheet = figures.laid_out(told(language))
    small = {mark.text: mark.size for mark in sheet.marks if isinstance(mark, Words) and mark.size < 30}
    assert small == {}
    assert sheet.height / sheet.width < 1.6


def _departments() -> list[str]:
    return [f"department.{code}" for code in catalogue()._protocol.departments]


def _extents(sheet: Sheet) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Where words really are: left, top, right, bottom."""
    for mark in sheet.marks:
        if isinstance(mark, Words):
            font = font_manager.get_font(f"{get_data_path()}/fonts/ttf/{png.FONTS[mark.bold]}")
            font.set_size(mark.size, 72)
            font.set_text(mark.text, flags=ft2font.LoadFlags.NO_HINTING)
            width = font.get_width_height()[0] / 64
            left = mark.x - {"start": 0, "middle": width / 2, "end": width}[mark.anchor]
            yield mark.text, (left, mark.y - 0.76 * mark.size, left + width, mark.y + 0.24 * mark.size)


def test_the_png_is_of_the_sheets_size_small_to_send_and_the_same_each_time() -> None:
    sheet = figures.laid_out(told())
    first, second = png.drawn(sheet), png.drawn(figures.laid_out(told()))
    assert first == second
    assert struct.unpack(">II", first[16:24]) == (sheet.width, int(sheet.height))
    assert len(first) < 80_000
    image = Image.open(io.BytesIO(first)).convert("RGB")
    assert image.getpixel((5, 5)) == (255, 255, 255)
    bar = next(mark for mark in sheet.marks if isinstance(mark, Box) and mark.colour != "#dde2e9")
    assert image.getpixel((int(bar.x) + 5, int(bar.y) + 5)) == (0, 0x72, 0xB2)


def test_the_svg_has_the_same_words_and_is_named_for_who_cannot_see_it() -> None:
    sheet = figures.laid_out({**told(), "title": "<&>"})
    drawn = ET.fromstring(svg.drawn(sheet))
    assert [one.text for one in drawn.iter() if one.tag.endswith("}text")] == words(sheet)
    assert drawn.get("aria-label") == sheet.alt


def test_dollars_are_dollars_and_no_formula() -> None:
    sheet = Sheet(100)
    sheet.add(Words(10, 60, "$x^2$ and $\\frac", 40))
    other = Sheet(100)
    other.add(Words(10, 60, "x2 and", 40))
    assert png.drawn(sheet) != png.drawn(other)
