"""A sheet and the marks on it: boxes, lines and words, in pixels from the upper left corner.

Three of these pixels are one of a phone that is 360 wide. The colours are told apart by the colour-blind too (blues and
an orange, after Okabe and Ito, and greys), and none of them alone tells anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

WIDTH = 1080  # what phones and chats show without scaling it up
PAPER, INK, FAINT, TRACK = "#ffffff", "#1a1f27", "#5b6573", "#dde2e9"
BLUE, PALE_BLUE, ORANGE = "#0072b2", "#9cc9e3", "#a84300"
SMALLEST = 34  # of words; 11 on a phone that is 360 wide

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; `title` is what a browser shows when it is pointed at."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    colour: str
    width: float = 3
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Words on a line; `y` is what they stand on, `anchor` where on them `x` is."""

    x: float
    y: float
    text: str
    size: float
    colour: str = INK
    bold: bool = False
    anchor: Anchor = "start"


Mark = Box | Line | Words


@dataclass(slots=True)
class Sheet:
    """A picture before it is drawn; `alt` says it in words."""

    height: float
    alt: str = ""
    width: float = WIDTH
    marks: list[Mark] = field(default_factory=list)

    def add(self, *marks: Mark) -> None:
        """Put marks above those that are there."""
        self.marks += marks


# How wide signs are in the fonts used, in hundredths of their size; bold ones are wider.
_SIGNS = {
    34: " ',.IJijl-/:;\\f|", 42: "!()[]rt\"", 53: "*_`sz?Lc", 61: "FPTYaekovxy", 65: "0123456789EKSbdghnpqu",
    70: "ABCRVXZ", 77: "DGHNUOQ&", 84: "w#+<=>~", 97: "mM%W@",
}  # fmt: skip
_WIDTHS = {sign: width for width, signs in _SIGNS.items() for sign in signs}
_OTHERS, _BOLDER = 65, 1.12


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide words are; never much less than they are."""
    hundredths = sum(_WIDTHS.get(sign, _OTHERS) for sign in text)
    return hundredths / 100 * size * (_BOLDER if bold else 1)


def fitting(text: str, size: float, room: float, *, bold: bool = False) -> float:
    """The largest size up to `size` in which words have room; a pack's language may need many."""
    wide = width_of(text, size, bold=bold)
    return size if wide <= room else size * room / wide


def wrapped(text: str, size: float, room: float) -> Sequence[str]:
    """Words on as many lines as they need."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
