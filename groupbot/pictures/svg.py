"""A sheet as SVG, which needs no library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from groupbot.pictures.sheet import PAPER, Box, Line, Sheet, Words

FONTS = "DejaVu Sans, Verdana, sans-serif"  # of one width


def drawn(sheet: Sheet) -> str:
    """The sheet as an SVG document that scales."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_number(sheet.width)} {_number(sheet.height)}"'
        f' font-family="{FONTS}" role="img" aria-label={quoteattr(sheet.alt)}>'
    )
    paper = f'<rect width="100%" height="100%" fill="{PAPER}"/>'
    return "\n".join([head, paper, *(_DRAW[type(mark)](mark) for mark in sheet.marks), "</svg>"]) + "\n"


def _box(box: Box) -> str:
    place = f'x="{_number(box.x)}" y="{_number(box.y)}" width="{_number(box.width)}" height="{_number(box.height)}"'
    title = f"<title>{escape(box.title)}</title>" if box.title else ""
    return f'<rect {place} fill="{box.colour}">{title}</rect>'


def _line(line: Line) -> str:
    points = " ".join(f"{_number(x)},{_number(y)}" for x, y in line.points)
    dashes = f' stroke-dasharray="{_number(4 * line.width)} {_number(2 * line.width)}"' if line.dashed else ""
    stroke = f'stroke="{line.colour}" stroke-width="{_number(line.width)}"'
    return f'<polyline points="{points}" fill="none" {stroke}{dashes}/>'


def _words(words: Words) -> str:
    look = f'font-size="{_number(words.size)}" fill="{words.colour}"'
    look += ' font-weight="bold"' if words.bold else ""
    look += f' text-anchor="{words.anchor}"' if words.anchor != "start" else ""
    return f'<text x="{_number(words.x)}" y="{_number(words.y)}" {look}>{escape(words.text)}</text>'


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


_DRAW: dict[type, Callable[[Any], str]] = {Box: _box, Line: _line, Words: _words}
