"""Which hour or length of time begins at a piece? Each answer is how many pieces it takes, 0 for none.

Pure. Hours counted from dawn ("saa nne" is 10:00) are kept as said, with their kind.
"""

from __future__ import annotations

from collections.abc import Sequence

from groupbot.rules.dates.parts import Said, closes, is_led, number_of, piece_at
from groupbot.rules.dates.pieces import Piece

_HALF_HOUR = 30
_NOON = 12 * 60


def take_length(pieces: Sequence[Piece], place: int, said: Said) -> int:
    """ "in 2 days", "siku mbili zijazo", "+3d", "in half an hour"; nothing without a word that it begins now."""
    if not said.is_empty():
        return 0
    amount, unit = _length(piece_at(pieces, place), piece_at(pieces, place + 1))
    if not amount:
        return 0
    taken = 2
    if unit == "days" and piece_at(pieces, place + taken).has("working"):
        unit, taken = "working_days", taken + 1
    if not _begins_now(pieces, place, taken):
        return 0
    said.length = (amount, unit)
    return taken + piece_at(pieces, place + taken).has("from_now", "coming")


def _length(first: Piece, second: Piece) -> tuple[int, str]:
    if first.has("half") and second.has("unit"):
        return (_HALF_HOUR, "minutes") if second.means["unit"] == "hours" else (0, "")
    if second.has("unit"):
        return _amount(first), second.means["unit"]
    return (_amount(second), first.means["unit"]) if first.has("unit") else (0, "")


def _begins_now(pieces: Sequence[Piece], place: int, taken: int) -> bool:
    if piece_at(pieces, place + taken).has("from_now", "coming"):
        return True
    if len(pieces) == taken and not pieces[0].has("hour_words"):
        return True  # nothing but a length: the answer to "when?"
    return piece_at(pieces, place - 1).text == "+" or is_led(pieces, place, "after", "next", "coming")


def take_spoken_hour(pieces: Sequence[Piece], place: int, said: Said) -> int:
    """An hour counted from dawn: "saa nne", "saa 4:30", "saa tatu na nusu", "saa kumi kasoro robo"."""
    if said.minutes is not None or not piece_at(pieces, place).has("hour_words"):
        return 0
    piece, after = piece_at(pieces, place + 1), piece_at(pieces, place + 2)
    minutes = _clock_minutes(piece) if piece.has("clock") else 60 * number_of(piece) or None
    if minutes is None or minutes > 24 * 60:
        return 0
    taken = 2
    if after.has("minutes_after"):
        minutes, taken = minutes + after.means["minutes_after"], 3
    said.minutes, said.hour_kind = minutes, "dawn" if 60 <= minutes < 13 * 60 else "exact"
    return taken + _marks(pieces, place + taken, "hour_marks")


def take_clock(pieces: Sequence[Piece], place: int, said: Said) -> int:
    """A time in digits: "15:30", "3.30pm", "10 am", "1500hrs"; or after a word before it: "at 6", "by six"."""
    if said.minutes is not None:
        return 0
    piece, after = piece_at(pieces, place), piece_at(pieces, place + 1)
    minutes = _half_day_minutes(piece, after) if after.has("am", "pm") else None
    if minutes is not None:
        said.minutes, said.hour_kind = minutes, "exact"
        return 2 + _marks(pieces, place + 2, "hour_marks")
    minutes = _digital_minutes(pieces, place)
    if minutes is not None:
        short = piece.has("clock") and not piece.text[1].isdigit() and minutes >= 60
        said.minutes, said.hour_kind = minutes, "minute" if short else "exact"
        return 1 + _marks(pieces, place + 1, "hour_marks", "clock_marks")
    return _take_bare_hour(pieces, place, said)


def _take_bare_hour(pieces: Sequence[Piece], place: int, said: Said) -> int:
    """ "at 6", "by six o'clock", "half past 3": an hour that only the word before it, or a mark behind it, shows."""
    shift = piece_at(pieces, place).means.get("minutes_before")
    at = place if shift is None else place + 1
    hour = number_of(piece_at(pieces, at))
    marks = _marks(pieces, at + 1, "hour_marks")
    led = shift is not None or is_led(pieces, place, "at", "before", "until")
    if not 1 <= hour <= (24 if shift is None else 12) or not (marks or (led and closes(pieces, at + 1))):
        return 0
    if shift is None:
        said.minutes, said.hour_kind = hour * 60, "exact" if hour > 12 else "hour"
    else:
        said.minutes, said.hour_kind = hour * 60 + shift, "minute"
    return at + 1 + marks - place


def _amount(piece: Piece) -> int:
    if piece.has("digits") and len(piece.text) == 3:
        return int(piece.text)
    return number_of(piece) or int(piece.has("one"))


def _clock_minutes(piece: Piece) -> int | None:
    hours, minutes = (int(number) for number in piece.text.replace(".", ":").split(":")[:2])
    total = hours * 60 + minutes
    return total if minutes < 60 and total <= 24 * 60 else None


def _half_day_minutes(piece: Piece, after: Piece) -> int | None:
    """The minutes of an hour with "am" or "pm" behind it; None where they do not fit."""
    minutes = _clock_minutes(piece) if piece.has("clock") else 60 * number_of(piece) or None
    if minutes is None or minutes >= 24 * 60:
        return None
    if minutes >= 13 * 60:
        return minutes if after.has("pm") else None
    return minutes % (12 * 60) + (12 * 60 if after.has("pm") else 0)


def _digital_minutes(pieces: Sequence[Piece], place: int) -> int | None:
    """ "15:30"; "15.30" and "0830" after a word that leads to an hour; "1500" with "hrs" behind it."""
    piece, after = piece_at(pieces, place), piece_at(pieces, place + 1)
    led = is_led(pieces, place, "at", "before", "until")
    marked = after.has("clock_marks")
    if piece.has("clock") and (":" in piece.text or marked or (led and closes(pieces, place + 1))):
        return _clock_minutes(piece)
    four_digits = piece.has("digits") and len(piece.text) == 4
    if four_digits and (marked or (led and piece.text.startswith("0") and closes(pieces, place + 1))):
        hours, minutes = divmod(int(piece.text), 100)
        return hours * 60 + minutes if minutes < 60 and hours * 60 + minutes <= 24 * 60 else None
    return None


def _marks(pieces: Sequence[Piece], place: int, *kinds: str) -> int:
    return int(piece_at(pieces, place).has(*kinds))
