"""Which expressions of time does a text hold? ("Monday 27th at 10 am" is one, with its small words.)

Pure, and linear in the length of the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from groupbot.rules.dates.days import take_date, take_day, take_weekday
from groupbot.rules.dates.hours import take_clock, take_length, take_spoken_hour
from groupbot.rules.dates.parts import SKIPPED, Said, Tense, piece_at
from groupbot.rules.dates.pieces import Piece

_LEADS = ("at", "before", "until", "on", "after", "next", "coming", "this", "day_number", "filler")
_SMALL = ("filler", "at", "before", "until", "on", "after", "day_number")
_OPENING = frozenset(
    (
        "digits",
        "number",
        "one",
        "half",
        "unit",
        "clock",
        "hour_words",
        "minutes_before",
        "iso",
        "date",
        "month",
        "weekday",
    )
) | {"past_days", "part", "week", "day", "month_end"}
_PARTS = (take_length, take_spoken_hour, take_clock, take_date, take_weekday, take_day)  # the longest readings first


def expressions(pieces: Sequence[Piece]) -> Iterator[Said]:
    """The expressions of a text in order, those left out that something beside them makes past or habitual."""
    tenses = _tenses(pieces)
    place = 0
    while place < len(pieces):
        said = _expression(pieces, place)
        if said is None:
            place += 1
            continue
        place = said.last
        said.tense = tenses[said.first]
        if not (said.past or _is_past(pieces, said) or _is_greeting(pieces, said)):
            yield said


# --- one expression ---------------------------------------------------------------------------------------------------


def _expression(pieces: Sequence[Piece], place: int) -> Said | None:
    if _OPENING.isdisjoint(pieces[place].means):
        return None
    said = Said(place, place)
    while True:
        taken = _take_next(pieces, said)
        if not taken:
            break
        said.last = taken
    if said.is_empty():
        return None
    _add_leads(pieces, said)
    return said


def _take_next(pieces: Sequence[Piece], said: Said) -> int:
    """The place after the next part of the expression, small words between skipped; 0 when there is none."""
    place = said.last
    for skipped in range(1 if said.is_empty() else SKIPPED + 1):
        for part in _PARTS:
            taken = part(pieces, place + skipped, said)
            if taken:
                return place + skipped + taken
        if not _may_skip(piece_at(pieces, place + skipped)):
            break
    return 0


def _add_leads(pieces: Sequence[Piece], said: Said) -> None:
    """Let the expression begin with the words that lead to it, and note what they add."""
    first = said.first
    while said.first - first < SKIPPED and piece_at(pieces, first - 1).has(*_LEADS):
        first -= 1
        lead = pieces[first]
        said.before = said.before or lead.has("before", "until")
        said.until = said.until or lead.has("until")
        said.within = said.within or lead.has("after")
        for which in ("next", "coming", "this"):
            if lead.has(which):
                said.which = which
    while first < said.first and not pieces[first].has(*_LEADS[:-1]):
        first += 1  # an expression does not begin with a filler
    if first == said.first and piece_at(pieces, first - 1).text == "+":
        first -= 1
    said.first = first


def _is_past(pieces: Sequence[Piece], said: Said) -> bool:
    if pieces[said.first].has("before", "until"):
        return False
    place = said.first - 1
    while said.first - place <= SKIPPED and piece_at(pieces, place).has("filler", "on", "at"):
        place -= 1
    return piece_at(pieces, place).has("since") or piece_at(pieces, said.last).has("ago", "past_days")


def _is_greeting(pieces: Sequence[Piece], said: Said) -> bool:
    """A part of the day that opens a sentence and says nothing else ("Morning all")."""
    if said.part is None or not said.part.greeting or said.names_day() or said.minutes is not None:
        return False
    return said.tense != "will" and pieces[said.first].has("part") and piece_at(pieces, said.first - 1).has("stop")


def _tenses(pieces: Sequence[Piece]) -> list[Tense]:
    """For each piece whether its clause speaks of what will be or of what happened.

    The verbs before it tell, "will" more than "happened" ("will be delivered"); without any, the first one after it.
    """
    ahead: list[Tense] = [""]
    for piece in reversed(pieces):
        ahead.append(_tense(piece, ahead[-1]))
    tenses: list[Tense] = []
    behind: Tense = ""
    for place, piece in enumerate(pieces):
        tense = _tense(piece, behind)
        behind = "will" if behind == "will" and tense == "happened" else tense
        tenses.append(behind or ahead[len(pieces) - place])
    return tenses


def _tense(piece: Piece, tense: Tense) -> Tense:
    if piece.has("stop") or piece.text in (",", "(", ")"):
        return ""
    return "will" if piece.has("will") else "happened" if piece.has("happened") else tense


def _may_skip(piece: Piece) -> bool:
    return piece.text in (",", "-", "–", "(", ")") or piece.has(*_SMALL)
