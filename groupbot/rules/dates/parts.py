"""What an expression of time says, and small questions about its pieces.

Pure. What a text says is kept apart from when that is: `dates` places it on a calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from groupbot.protocol import DayPart
from groupbot.rules.dates.pieces import Piece

HourKind = Literal["exact", "hour", "minute", "dawn"]  # the last three may mean either half of the day
Tense = Literal["", "will", "happened"]

SKIPPED = 3  # so many small words may stand between two parts of one expression
_END = Piece("", -2, -1, {"stop": ""})
_CLOSES = (
    *(
        "stop",
        "mark",
        "goes_on",
        "day",
        "week",
        "month_end",
        "weekday",
        "part",
        "on",
        "at",
        "before",
        "after",
        "filler",
    ),
    *("will", "happened", "this", "next", "coming"),
)
_NO_MARKS = ("-", "/", "%", "+")  # a number before these is not over


@dataclass(slots=True)
class Said:
    """One expression: what is said of the day and of the hour, and the pieces it spans (`last` not included).

    `offset` counts days from today, `week` and `month_end` weeks and months from this one. `which` qualifies a weekday.
    `date` is (year, month, day) as far as said. `minutes` count from midnight, or from dawn for the kind dawn.
    """

    first: int
    last: int
    offset: int | None = None
    weekday: int | None = None
    which: Literal["", "next", "coming", "this"] = ""
    week: int | None = None
    month_end: int | None = None
    date: tuple[int | None, int | None, int] | None = None
    part: DayPart | None = None
    minutes: int | None = None
    hour_kind: HourKind = "exact"
    length: tuple[int, str] | None = None
    past: bool = False
    before: bool = False
    until: bool = False
    within: bool = False  # "in the morning": the next one
    tense: Tense = ""

    def names_day(self) -> bool:
        """Whether a day is said."""
        days = (self.offset, self.weekday, self.week, self.month_end, self.date, self.length)
        return any(day is not None for day in days)

    def names_time(self) -> bool:
        """Whether a part of the day or an hour is said."""
        return self.part is not None or self.minutes is not None

    def is_empty(self) -> bool:
        """Whether nothing is said."""
        return not (self.names_day() or self.names_time() or self.past)


def piece_at(pieces: Sequence[Piece], place: int) -> Piece:
    """The piece at a place; beyond the text an empty one that ends a sentence."""
    return pieces[place] if 0 <= place < len(pieces) else _END


def is_led(pieces: Sequence[Piece], place: int, *leads: str) -> bool:
    """Whether one of the leading words stands before, fillers between not counted."""
    for before in range(place - 1, place - 1 - SKIPPED, -1):
        if piece_at(pieces, before).has(*leads) or not piece_at(pieces, before).has("filler"):
            return piece_at(pieces, before).has(*leads)
    return piece_at(pieces, place - 1 - SKIPPED).has(*leads)


def closes(pieces: Sequence[Piece], place: int) -> bool:
    """Whether a bare number ends before this place, rather than count what comes next ("at 6 homes")."""
    piece = piece_at(pieces, place)
    if piece.text in _NO_MARKS and piece.touches(piece_at(pieces, place - 1)):
        return False
    return piece.has(*_CLOSES) or not any(sign.isalnum() for sign in piece.text)


def number_of(piece: Piece) -> int:
    """The number that a piece says in at most two digits or in words; 0 for none."""
    if piece.has("digits") and len(piece.text) <= 2:
        return int(piece.text)
    return int(piece.means.get("number", 0))
