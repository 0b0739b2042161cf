"""A post cut into pieces: labelled values, headers, plain lines and blank ones, in the order written.

Nothing is judged here. Each line is read as labels with a mark after them (": - = ; . >> /" and others) or only a
space; several may share a line. All searches are bounded: a line has at most 60 places to cut, a post 400 lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from groupbot.rules.readings.cuts import cuts_of
from groupbot.rules.readings.labels import LabelTable
from groupbot.rules.readings.marks import WINDOW, Piece, first_label, is_spaced, lead, plain_piece
from groupbot.rules.text import INVISIBLE

MOST_LINES = 400  # 20 requests of 20 lines; whatever follows is not looked into

_QUOTE = re.compile(r"[\s>]*")
_NUMBERING = re.compile(r"\(?(?:\d{1,2}/?|[a-hA-H]|[ivx]{1,4})(?:(?<=/)|[.):\]-]+)\s*(?=[^\W\d]|[*_])")
_RULE = re.compile(r"[\s_=*~.·•#+`–—−-]{2,}")
_DAY, _HOUR = r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}", r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s?(?:[aApP]\.?\s?[mM]\.?)?"
_EXPORT = re.compile(rf"\[?(?:{_DAY},?\s+{_HOUR}|{_HOUR},?\s+{_DAY})\]?\s*[-–]?\s*[^:\n]{{1,40}}:\s")
_DASHED_END = re.compile(r"\s[-–—]+\s*$")  # before the next label: "Ward: Endo - Location: Tot"
_MORE = re.compile(r"[=|;：¦]")
REST_OF_MARK = frozenset("-–—>")

_BLANK = Piece("blank", "")


def cut(text: str, table: LabelTable) -> list[Piece]:
    """The pieces of a post."""
    pieces: list[Piece] = []
    exact = table.exact
    for line in text.splitlines()[:MOST_LINES]:
        head, colon, value = line.partition(":")
        label = exact.get(head) or (exact.get(head.rstrip()) if colon else None)
        value = value.strip()
        more = value[:1] in REST_OF_MARK or ":" in value or holds_more(value)
        if colon and label is not None and not more and label.code != "header":
            pieces.append(Piece(label.code, value, label, ":"))
        elif label is not None and not colon and label.code == "header":
            pieces.append(Piece("header", "", label, "alone"))
        elif line:
            pieces.extend(cut_line(line, table))
        else:
            pieces.append(_BLANK)
    return pieces


def packed(text: str) -> str:
    """A post of very many lines with each run of empty ones as one: these must not use up the lines looked into."""
    if len(text) < MOST_LINES or text.count("\n") < MOST_LINES:
        return text
    lines = [line.rstrip() for line in text.splitlines()]
    return "\n".join([line for line, above in zip(lines, ["", *lines], strict=False) if line or above])


def holds_more(value: str) -> bool:
    """Whether a value may hold more labels: it has a mark besides colon and dash that labels have."""
    return "=" in value or "|" in value or ";" in value or not (value.isascii() or _MORE.search(value) is None)


def opened(line: str) -> tuple[str, bool, bool]:
    """A line without what stands in front of its words, number included; whether it was quoted, and indented."""
    rest, quoted, indented = _unquoted(line)
    body = rest[lead(rest) :]
    return _unnumbered(body) or body, quoted, indented


def _unquoted(line: str) -> tuple[str, bool, bool]:
    if not line.isascii():
        line = INVISIBLE.sub("", line)
    quoted = line.lstrip()[:1] == ">"
    indented = line[:1] in " \t" and not quoted
    rest = line[_quote_end(line) :].rstrip()
    if rest[:1] in "[0123456789" and (export := _EXPORT.match(rest)):
        rest = rest[export.end() :]
    return rest, quoted, indented


def cut_line(line: str, table: LabelTable) -> Iterator[Piece]:
    """The pieces of one line, read by itself."""
    rest, quoted, indented = _unquoted(line)
    if not rest:
        yield _BLANK
    elif _RULE.fullmatch(rest):
        # Dots under a label are its value ("..."); any other rule is a break, and a code fence nothing at all.
        if "`" not in rest:
            yield Piece("text", rest) if set(rest) <= set(".… ") else _BLANK
    else:
        for piece in _cut_rest(rest, table):
            yield piece._replace(quoted=quoted, indented=indented) if quoted or indented else piece


def _quote_end(line: str) -> int:
    match = _QUOTE.match(line)
    return match.end() if match else 0


def _cut_rest(rest: str, table: LabelTable) -> Iterator[Piece]:
    if "|" in rest[:WINDOW] and (row := _table_row(rest, table)):
        yield row
        return
    picture = _pictogram(rest, table)
    body = rest[lead(rest) :]
    first = first_label(body, table)
    if first is None and (numbered := _unnumbered(body)) and (first := first_label(numbered, table)):
        first = first._replace(whole=body) if first.whole else first
        body = numbered
    if picture and (first is None or is_spaced(first) or _is_level(first, table)):
        yield Piece(picture, body, None, "picture")
        return
    if first and _heads_a_form(first, table):
        yield first._replace(value="")
        yield from _cut_rest(first.value, table)
        return
    cuts = cuts_of(body, table, first.mark if first else "")
    if not cuts:
        yield first or plain_piece(body)
        return
    if body[slice(*cuts[-1])].strip() == ".":  # full stops part the labels here: the last one ends the last value
        body = body.rstrip(" .")
    yield _segment(_DASHED_END.sub("", body[: cuts[0][0]]), table)
    ends = [end for end, _ in cuts[1:]] + [len(body)]
    for (_, start), end in zip(cuts, ends, strict=True):
        yield _segment(_DASHED_END.sub("", body[start:end]) if end < len(body) else body[start:end], table)


def _heads_a_form(first: Piece, table: LabelTable) -> bool:
    """Whether a form begins behind its header: "Service Request: Ward Endo, Location Tot"; never another header."""
    if first.code != "header" or first.mark == "alone":
        return False
    inner = first_label(first.value, table)
    return inner is not None and inner.code != "header" and bool(inner.value)


def _table_row(rest: str, table: LabelTable) -> Piece | None:
    """A row of two cells, the first of them a label: "| Ward | Endo |", "Ward| Endo"."""
    head, bar, value = rest.strip("| \t").partition("|")
    label = table.find(head.strip()) if bar and "|" not in value else None
    return Piece(label.code, value.strip(), label, "|") if label else None


def _is_level(piece: Piece, table: LabelTable) -> bool:
    """ "⏱ haraka": a word that is a label as well as a level, with nothing behind it."""
    return piece.mark == "alone" and piece.label is not None and piece.label.spelling in table.levels


def _pictogram(rest: str, table: LabelTable) -> str | None:
    if rest.isascii():
        return None
    head = rest.lstrip(" *_")[:3]
    return next((table.pictograms[head[:size]] for size in (2, 1) if head[:size] in table.pictograms), None)


def _unnumbered(body: str) -> str:
    """The line without "3." in front, or an empty string when it has no number."""
    number = _NUMBERING.match(body)
    if not number:
        return ""
    return body[number.end() + lead(body[number.end() :]) :]


def _segment(part: str, table: LabelTable) -> Piece:
    part = part[lead(part) :].rstrip(" \t|¦;,/")
    return first_label(part, table) or plain_piece(part)
