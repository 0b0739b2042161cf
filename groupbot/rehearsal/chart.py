"""The weeks of a stretch as a picture: SVG, phone-sized, with no library and no font of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape

from groupbot.rules.figures import Figures

WIDTH, HEIGHT = 720, 480
LEFT, TOP, BOTTOM = 56, 72, 56
# Told apart without colour too: one is dashed.
LINES = (
    ("confirmed", "confirmed by the citizen", "#0b6e4f", ""),
    ("answered_in_time", "answered in time", "#b45f06", "6 4"),
)


def drawn(weeks: Sequence[tuple[date, Figures]]) -> str:
    """An SVG: requests a week as bars, and beside them how many in a hundred were confirmed, and answered in time."""
    most = max([one.posted for _, one in weeks], default=0) or 1
    step = (WIDTH - 2 * LEFT) / max(1, len(weeks))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        ' font-family="sans-serif" font-size="15">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *_scale(most),
    ]
    for number, (day, one) in enumerate(weeks):
        height = one.posted / most * (HEIGHT - TOP - BOTTOM)
        x = LEFT + number * step
        title = f"<title>{day.isoformat()}: {one.posted}</title>"
        box = f'x="{x:.1f}" y="{HEIGHT - BOTTOM - height:.1f}" width="{step * 0.8:.1f}" height="{height:.1f}"'
        parts.append(f'<rect {box} fill="#d0d7de">{title}</rect>')
        if number % max(1, len(weeks) // 6) == 0:
            parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 22}">{day:%d.%m.%y}</text>')
    for place, (name, words, colour, dashes) in enumerate(LINES):
        shares = [getattr(one, name).percent for _, one in weeks]
        dots = [
            f"{LEFT + (at + 0.4) * step:.1f},{_level(share):.1f}"
            for at, share in enumerate(shares)
            if share is not None
        ]
        stroke = f'fill="none" stroke="{colour}" stroke-width="3" stroke-dasharray="{dashes}"'
        parts.append(f'<polyline points="{" ".join(dots)}" {stroke}/>')
        x = LEFT + place * 260
        parts.append(f'<line x1="{x}" y1="30" x2="{x + 36}" y2="30" {stroke}/>')
        parts.append(f'<text x="{x + 44}" y="35">{escape(words)}, %</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _level(percent: int) -> float:
    return HEIGHT - BOTTOM - percent / 100 * (HEIGHT - TOP - BOTTOM)


def _scale(most: int) -> list[str]:
    found = []
    for percent in (0, 50, 100):
        y = _level(percent)
        found.append(f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - LEFT}" y2="{y}" stroke="#999" stroke-width="0.5"/>')
        found.append(f'<text x="8" y="{y + 5}">{percent} %</text>')
        found.append(f'<text x="{WIDTH - LEFT + 6}" y="{y + 5}">{most * percent // 100}</text>')
    return found
