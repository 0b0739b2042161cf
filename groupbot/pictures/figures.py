"""The figures of a week or month on one sheet for a phone: the headline rate with its counts, the rates beside it, the
weeks before, and what would make a rate cheap."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TypedDict

from groupbot.pictures.sheet import (
    BLUE,
    FAINT,
    INK,
    ORANGE,
    PALE_BLUE,
    SMALLEST,
    TRACK,
    WIDTH,
    Box,
    Line,
    Sheet,
    Words,
    fitting,
    wrapped,
)

MARGIN = 60
ROOM = WIDTH - 2 * MARGIN
RIGHT = WIDTH - MARGIN
SLOTS = 6  # for weeks; fewer leave room on the right
BARS = 150  # pixels of a bar that means a hundred in a hundred
LEADING = 46  # of small words
GAP = 40  # between columns


class Rate(TypedDict):
    """A rate in words; `said` are its counts ("3 of 5"), `percent` is None where there was nothing to rate."""

    label: str
    said: str
    percent: int | None


class Count(TypedDict):
    """A count in words; a striking one is shown so."""

    label: str
    said: str
    striking: bool


class Told(TypedDict):
    """Everything that a picture says, worded. `percent` and the rates' are whole numbers of a hundred."""

    title: str
    source: str
    percent: str
    headline: Rate
    rates: Sequence[Rate]
    trend: str
    weeks: Sequence[Rate]
    counts: Sequence[Count]
    note: str
    alt: str


def laid_out(told: Told) -> Sheet:
    """The sheet of these figures."""
    sheet = Sheet(0, told["alt"])
    y = _head(sheet, told, 92)
    for rate in told["rates"]:
        y = _rate(sheet, rate, y + 68)
    y = _weeks(sheet, told, y + 84)
    y = _counts(sheet, told["counts"], y + 36)
    for line in wrapped(told["note"], SMALLEST, ROOM):
        y += LEADING
        sheet.add(Words(MARGIN, y, line, SMALLEST, FAINT))
    sheet.height = y + 54
    return sheet


def _head(sheet: Sheet, told: Told, y: float) -> float:
    sheet.add(
        Words(MARGIN, y, told["title"], fitting(told["title"], 54, ROOM, bold=True), bold=True),
        Words(MARGIN, y + 52, told["source"], fitting(told["source"], SMALLEST, ROOM), FAINT),
    )
    top, headline = y + 116, told["headline"]
    left = MARGIN + 430
    sheet.add(Words(MARGIN, top + 108, told["percent"], fitting(told["percent"], 168, 410, bold=True), BLUE, bold=True))
    lines = _two_lines(headline["label"], RIGHT - left)
    y = top + (46 if len(lines) == 1 else 22)
    for line in lines:
        sheet.add(Words(left, y, line, fitting(line, 50, RIGHT - left, bold=True), bold=True))
        y += 56
    sheet.add(Words(left, y + 4, headline["said"], fitting(headline["said"], 40, RIGHT - left)))
    return _bar(sheet, headline["percent"], top + 164, 40)


def _two_lines(text: str, room: float) -> Sequence[str]:
    first, *rest = wrapped(text, 50 * 1.12, room)
    return [first, " ".join(rest)] if rest else [first]


def _rate(sheet: Sheet, rate: Rate, y: float) -> float:
    said = rate["said"]
    label = fitting(rate["label"], 40, ROOM - 320)
    sheet.add(
        Words(MARGIN, y, rate["label"], label),
        Words(RIGHT, y, said, fitting(said, 40, 300, bold=True), bold=True, anchor="end"),
    )
    return _bar(sheet, rate["percent"], y + 18, 18)


def _bar(sheet: Sheet, percent: int | None, y: float, height: float) -> float:
    sheet.add(Box(MARGIN, y, ROOM, height, TRACK))
    if percent:
        sheet.add(Box(MARGIN, y, ROOM * percent / 100, height, BLUE))
    return y + height


def _weeks(sheet: Sheet, told: Told, y: float) -> float:
    """Bars, each with its rate above and its day and counts below; the newest is the darkest."""
    sheet.add(Words(MARGIN, y, told["trend"], fitting(told["trend"], 40, ROOM, bold=True), bold=True))
    base, step = y + 84 + BARS, ROOM / max(SLOTS, len(told["weeks"]))
    for number, week in enumerate(told["weeks"], 1):
        newest = number == len(told["weeks"])
        middle = MARGIN + (number - 0.5) * step
        top, percent = base, week["percent"]
        if percent is not None:
            top = base - BARS * percent / 100
            sheet.add(Box(middle - 0.32 * step, top, 0.64 * step, base - top, BLUE if newest else PALE_BLUE))
            sheet.add(Words(middle, top - 14, f"{percent} %", 36, INK, bold=newest, anchor="middle"))
        for place, words in enumerate((week["label"], week["said"]), 1):
            size = fitting(words, SMALLEST, step - 8, bold=newest)
            sheet.add(Words(middle, base + LEADING * place, words, size, bold=newest, anchor="middle"))
    sheet.add(Line(((MARGIN, base), (RIGHT, base)), FAINT))
    return base + 2 * LEADING


def _counts(sheet: Sheet, counts: Sequence[Count], y: float) -> float:
    """Two columns; what is striking is orange and bold."""
    half = (ROOM - GAP) / 2
    rows = (len(counts) + 1) // 2
    sheet.add(Line(((MARGIN, y), (RIGHT, y)), TRACK))
    for left, right in zip_longest(counts[:rows], counts[rows:]):
        y += 54
        for x, count in ((MARGIN, left), (MARGIN + half + GAP, right)):
            if count is not None:
                _count(sheet, count, (x, y), half)
    return y + 24


def _count(sheet: Sheet, count: Count, place: tuple[float, float], room: float) -> None:
    x, y = place
    colour = ORANGE if count["striking"] else INK
    label = fitting(count["label"], SMALLEST, room - 76 if len(count["said"]) < 4 else room - 120)
    sheet.add(
        Words(x, y, count["label"], label, colour),
        Words(x + room, y, count["said"], fitting(count["said"], 40, 100, bold=True), colour, bold=True, anchor="end"),
    )
