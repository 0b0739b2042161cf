"""Stretches of time side by side: panels of bars and lines, one below the other, for a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from groupbot.pictures.sheet import (
    BLUE,
    FAINT,
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

MARGIN, SCALE = 40, 110  # SCALE is the room for the numbers on the left
LEFT, RIGHT = MARGIN + SCALE, WIDTH - MARGIN
ROOM = RIGHT - LEFT
HIGH = 170  # pixels of the greatest value
LEADING = 46
LABELS = 6  # below the last panel


@dataclass(frozen=True, slots=True)
class Row:
    """What each stretch comes to, None for nothing to say; `label` is its name, '' where the panel's own says all."""

    label: str
    values: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: `bars` stand before each other, the paler behind; of two `lines` the second is dashed."""

    title: str
    bars: Sequence[Row] = ()
    lines: Sequence[Row] = ()
    most: int = 0  # of the scale; 0 for the greatest value
    unit: str = ""


def laid_out(head: tuple[str, str], panels: Sequence[Panel], days: Sequence[str], alt: str) -> Sheet:
    """The sheet: `head` is its title and what it is of, `days` are the first days of the stretches, worded."""
    sheet = Sheet(0, alt)
    title, source = head
    sheet.add(Words(MARGIN, 84, title, fitting(title, 54, WIDTH - 2 * MARGIN, bold=True), bold=True))
    sheet.add(Words(MARGIN, 134, source, fitting(source, SMALLEST, WIDTH - 2 * MARGIN), FAINT))
    y = 134.0
    for panel in panels:
        y = _panel(sheet, panel, y + 78, len(days))
    step, every = ROOM / max(1, len(days)), max(1, -(-len(days) // LABELS))
    for number in range(0, len(days), every):
        room = min(every * step, RIGHT - LEFT - number * step)
        size = fitting(days[number], SMALLEST, room - 6)
        sheet.add(Words(LEFT + number * step, y + LEADING, days[number], size, FAINT))
    sheet.height = round(y + LEADING + 44)
    return sheet


def _panel(sheet: Sheet, panel: Panel, y: float, stretches: int) -> float:
    for line in wrapped(panel.title, 40 * 1.12, WIDTH - 2 * MARGIN):
        sheet.add(Words(MARGIN, y, line, fitting(line, 40, WIDTH - 2 * MARGIN, bold=True), bold=True))
        y += 50
    y = _legend(sheet, panel, y)
    base = y + HIGH
    most = panel.most or max((value or 0 for row in (*panel.bars, *panel.lines) for value in row.values), default=0)
    for value in (most, 0):
        at = base - HIGH * value / max(1, most)
        words = f"{value}{panel.unit}"
        size = fitting(words, SMALLEST, SCALE - 14)
        sheet.add(Line(((LEFT, at), (RIGHT, at)), FAINT if not value else TRACK, 2))
        sheet.add(Words(LEFT - 14, at + 12, words, size, FAINT, anchor="end"))
    step = ROOM / max(1, stretches)
    for number, row in enumerate(panel.bars):
        colour = BLUE if number == len(panel.bars) - 1 else PALE_BLUE
        sheet.add(*_bars(row, colour, (base, step, HIGH / max(1, most))))
    for number, row in enumerate(panel.lines):
        sheet.add(*_curves(row, (base, step, HIGH / max(1, most)), second=number > 0))
    return base


def _legend(sheet: Sheet, panel: Panel, y: float) -> float:
    """What the bars or lines are, one below the other."""
    named = [row for row in (*panel.bars, *panel.lines) if row.label]
    for number, row in enumerate(named):
        if panel.bars:
            colour = BLUE if number == len(named) - 1 else PALE_BLUE
            sheet.add(Box(MARGIN, y - 26, 60, 28, colour))
        else:
            points = ((MARGIN, y - 12), (MARGIN + 60, y - 12))
            sheet.add(Line(points, ORANGE if number else BLUE, 6, dashed=number > 0))
        sheet.add(Words(MARGIN + 80, y, row.label, fitting(row.label, SMALLEST, WIDTH - 2 * MARGIN - 80)))
        y += LEADING
    return y - 10


def _bars(row: Row, colour: str, scale: tuple[float, float, float]) -> list[Box]:
    base, step, unit = scale
    return [
        Box(LEFT + number * step + 0.1 * step, base - value * unit, 0.8 * step, value * unit, colour, str(value))
        for number, value in enumerate(row.values)
        if value
    ]


def _curves(row: Row, scale: tuple[float, float, float], *, second: bool) -> list[Line]:
    """The line, interrupted where there is nothing to say."""
    base, step, unit = scale
    found: list[list[tuple[float, float]]] = [[]]
    for number, value in enumerate(row.values):
        if value is None:
            found.append([])
        else:
            found[-1].append((LEFT + (number + 0.5) * step, base - value * unit))
    colour = ORANGE if second else BLUE
    return [Line(tuple(points), colour, 6, dashed=second) for points in found if len(points) > 1]
