"""Where further labels begin in one line: after a boundary such as | ; , or before a mark, bounded to 60 places."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from groupbot.rules.readings.labels import LabelTable
from groupbot.rules.readings.marks import SPACED, STRONG, WINDOW, first_label, lead, plain_piece

_MOST_CUTS = 60
_SOFT = (*SPACED, "alone", "picture", "")
_BOUNDARY = re.compile(r"[|¦;]\s*|\s/\s+|[,.](?:\s+|(?=[^\W\d_]{2,20}\s?[:=]))|\s{2,}")
_ANY = re.compile(f"{STRONG.pattern}|{_BOUNDARY.pattern}")  # without one of them nothing is cut
_WORD = re.compile(r"\S+")
_ENDS = " \t.,;|"


def cuts_of(body: str, table: LabelTable, mark: str) -> list[tuple[int, int]]:
    """Where further labels begin in the line: (end of what is before, start of the label). `mark` is its first one."""
    if not _ANY.search(body):
        return []
    cuts = {start: end for end, start in _cuts_at_boundaries(body, table, mark)}
    if body.count(":") + body.count("=") + body.count("：") > 1 or _header_then_label(body, table):
        for end, start in _cuts_before_marks(body, table):
            cuts.setdefault(start, end)
    ordered = _with_a_last_value(body, sorted((end, start) for start, end in cuts.items() if start > 0), table)
    first = first_label(body[: ordered[0][0]], table) if ordered else None
    # before the first cut is a label's value, or only a greeting or a header, whose full stop tells nothing
    return _without_sentence_ends(body, ordered, 0 if first and first.value else 1)


def _with_a_last_value(body: str, cuts: list[tuple[int, int]], table: LabelTable) -> list[tuple[int, int]]:
    """The cuts without the last one where the label before it had no value else: "Phone. 0712 ... Channel. call"."""
    if len(cuts) < 3 or _is_bare(body[slice(cuts[-3][1], cuts[-2][0])], table):
        return cuts
    last, before = body[cuts[-1][1] :], body[slice(cuts[-2][1], cuts[-1][0])]
    return cuts[:-1] if _is_bare(last, table) and _is_bare(before, table) else cuts


def _is_bare(part: str, table: LabelTable) -> bool:
    """Whether the part of a line is a label and nothing else."""
    return table.find(part[lead(part) :].strip(_ENDS)) is not None


def _header_then_label(body: str, table: LabelTable) -> bool:
    strong = STRONG.search(body)
    return strong is not None and table.find(body[: strong.start()]) is None


def _cuts_at_boundaries(body: str, table: LabelTable, mark: str) -> Iterator[tuple[int, int]]:
    loose = []
    for boundary in itertools.islice(_BOUNDARY.finditer(body), _MOST_CUTS):
        sign = boundary.group().strip()[:1]
        strength = _strength(sign, body[boundary.end() : boundary.end() + WINDOW], mark, table)
        if strength == "firm":
            yield boundary.start(), boundary.end()
        elif strength == "loose":
            loose.append((boundary.start(), boundary.end()))
    if len(loose) >= 2 and mark in SPACED:  # "Ward Endo, location Tot, problem no water": never by chance
        yield from loose


def _strength(sign: str, rest: str, mark: str, table: LabelTable) -> str:
    """How surely a label begins after a boundary: firm, loose or "" (no label). `mark` is the line's first one."""
    bar = sign in ("|", "¦", ";")
    piece = first_label(rest[lead(rest) :], table)
    if piece is None:
        return "firm" if sign in ("|", "¦") and plain_piece(rest).code == "other" else ""
    if piece.label and piece.label.slips and not bar:
        return ""
    dashed = sign != "." and piece.mark in ("-", "–", "—", "=", ">")
    if piece.mark == ":" or dashed or (bar and piece.mark != "alone"):
        return "firm"
    if piece.mark == mark and mark not in _SOFT:  # "Ward; Endo. Location; Tot"
        return "firm"
    return "loose" if sign in (",", ".") and piece.mark in SPACED else ""


def _cuts_before_marks(body: str, table: LabelTable) -> Iterator[tuple[int, int]]:
    """Labels after a single space: spelt right, and capital unless the line's first label is not."""
    past = 0
    for strong in itertools.islice(STRONG.finditer(body), _MOST_CUTS):
        start = _label_before(body, max(past, strong.start() - 40), strong.start(), table)
        if start is not None:
            yield start, start
        past = strong.end()


def _label_before(body: str, begin: int, end: int, table: LabelTable) -> int | None:
    """Where the label of at most three words begins that ends at `end`, or None."""
    for word in list(_WORD.finditer(body, begin, end))[-3:]:
        first = body[word.start()]
        if body[word.start() : end].strip("*_ ").lower() in table.exact:
            noticed = first.isupper() or first in "*_" or body[:1].islower()
            return word.start() if noticed and (word.start() > begin or begin == 0) else None
    return None


def _without_sentence_ends(body: str, cuts: list[tuple[int, int]], opened: int) -> list[tuple[int, int]]:
    """Full stops before labels are separators when most of the cuts have one; else they end a sentence and stay.

    The first `opened` cuts are not counted.
    """
    stops = [end for end, start in cuts[opened:] if body[end:start].strip() == "."]
    if len(stops) * 2 > len(cuts) - opened:
        return cuts
    return [(end + 1 if end in stops else end, start) for end, start in cuts]
