"""Which date, weekday or day begins at a piece? Each answer is how many pieces it takes, 0 for none. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from groupbot.rules.dates.parts import Said, closes, is_led, number_of, piece_at
from groupbot.rules.dates.pieces import Piece

_DATE_LEADS = ("at", "before", "until", "on", "day_number")


def take_date(pieces: Sequence[Piece], place: int, said: Said) -> int:
    """ "5 Dec", "5th of December 2025", "May 5", "27th", "tarehe 20", "5/12", "2025-12-05"."""
    if said.date is not None or said.length is not None or said.offset is not None:
        return 0
    piece = piece_at(pieces, place)
    if piece.has("iso", "date"):
        return _take_written_date(pieces, place, said)
    if piece.has("month"):
        return _take_month_first(pieces, place, said)
    day, taken = _day_number(pieces, place)
    return (_take_day_first(pieces, place, said) or _take_day_alone(pieces, place, said)) if day and taken else 0


def _take_written_date(pieces: Sequence[Piece], place: int, said: Said) -> int:
    numbers = [int(number) for number in pieces[place].text.replace(".", "-").replace("/", "-").split("-")]
    if pieces[place].has("iso"):
        said.date = (numbers[0], numbers[1], numbers[2])
    elif len(numbers) == 3:
        said.date = (numbers[2] % 100 + 2000, numbers[1], numbers[0])
    elif is_led(pieces, place, *_DATE_LEADS) or said.weekday is not None or _is_no_fraction(pieces, place):
        said.date = (None, numbers[1], numbers[0])
    return int(said.date is not None)


def _is_no_fraction(pieces: Sequence[Piece], place: int) -> bool:
    """ "3/4 of the road" is no date."""
    return closes(pieces, place + 1) and not piece_at(pieces, place + 1).has("filler")


def _take_month_first(pieces: Sequence[Piece], place: int, said: Said) -> int:
    day, taken = _day_number(pieces, place + 1)
    year, more = _year(pieces, place + 1 + taken)
    last = place + 1 + taken + more
    if not day or not _month_is_meant(pieces, place, place, last):
        return 0
    said.date = (year, pieces[place].means["month"] + 1, day)
    return last - place


def _take_day_first(pieces: Sequence[Piece], place: int, said: Said) -> int:
    day, taken = _day_number(pieces, place)
    month = place + taken
    while month < place + taken + 2 and (piece_at(pieces, month).has("filler") or piece_at(pieces, month).text == "-"):
        month += 1
    if not piece_at(pieces, month).has("month"):
        return 0
    year, more = _year(pieces, month + 1)
    if not _month_is_meant(pieces, month, place, month + 1 + more):
        return 0
    said.date = (year, pieces[month].means["month"] + 1, day)
    return month + 1 + more - place


def _take_day_alone(pieces: Sequence[Piece], place: int, said: Said) -> int:
    """A day without a month: with its ending ("the 27th"), after its word ("tarehe 20"), or behind a weekday."""
    day, taken = _day_number(pieces, place)
    named = taken == 2 or piece_at(pieces, place - 1).has("day_number")
    behind_weekday = said.weekday is not None and place == said.last
    if not (named or behind_weekday) or not (closes(pieces, place + taken) or behind_weekday):
        return 0
    said.date = (None, None, day)
    return taken


def take_weekday(pieces: Sequence[Piece], place: int, said: Said) -> int:
    """ "Friday", "next Monday", "Ijumaa ijayo"."""
    piece, after = piece_at(pieces, place), piece_at(pieces, place + 1)
    if not piece.has("weekday") or said.weekday is not None or said.offset is not None or said.length is not None:
        return 0
    if piece.has("ambiguous") and said.is_empty() and not _has_company(pieces, place):
        return 0
    said.weekday = piece.means["weekday"]
    if after.has("coming"):
        said.which = "coming"
    return 1 + after.has("coming", "this")


def take_day(pieces: Sequence[Piece], place: int, said: Said) -> int:
    """ "tomorrow", "next week", "month end", "morning"; or "yesterday", which makes all of it past."""
    piece = piece_at(pieces, place)
    if piece.has("past_days"):
        said.past = True
    elif piece.has("part") and said.part is None:
        said.part = piece.means["part"]
    elif piece.has("week") and said.week is None and said.offset is None and said.length is None:
        said.week = piece.means["week"]
    elif piece.has("day") and not said.names_day():
        said.offset = piece.means["day"]
    elif piece.has("month_end") and not said.names_day():
        said.month_end = piece.means["month_end"]
    else:
        return 0
    return 1


def _day_number(pieces: Sequence[Piece], place: int) -> tuple[int, int]:
    """A day of the month and how many pieces say it (two with its ending); (0, 0) for none."""
    piece, ending = piece_at(pieces, place), piece_at(pieces, place + 1)
    if not (piece.has("digits") or piece_at(pieces, place - 1).has("day_number")):
        return 0, 0
    day = number_of(piece)
    return (day, 1 + (ending.has("ordinals") and ending.touches(piece))) if 1 <= day <= 31 else (0, 0)


def _year(pieces: Sequence[Piece], place: int) -> tuple[int | None, int]:
    comma = int(piece_at(pieces, place).text in (",", "-"))
    piece = piece_at(pieces, place + comma)
    if piece.has("digits") and len(piece.text) == 4 and piece.text.startswith("20"):
        return int(piece.text), 1 + comma
    return None, 0


def _month_is_meant(pieces: Sequence[Piece], month: int, first: int, last: int) -> bool:
    """Whether a month's name that is also a common word ("may", "march") is one, in the date from first to last."""
    if not pieces[month].has("ambiguous") or any(piece.has("ordinals") for piece in pieces[first:last]):
        return True
    after = piece_at(pieces, last)
    return is_led(pieces, first, "before", "until", "on", "day_number") or after.has(
        "stop", "mark", "digits", "at", "part"
    )


def _has_company(pieces: Sequence[Piece], place: int) -> bool:
    """Whether a weekday's name that is also a common word ("sat", "sun") has a word beside it that makes it one."""
    after = piece_at(pieces, place + 1)
    led = piece_at(pieces, place - 1).has("at", "before", "until", "on", "this", "next", "coming", "since", "week")
    return led or after.has("part", "date", "clock", "week", "coming") or _day_number(pieces, place + 1)[1] == 2
