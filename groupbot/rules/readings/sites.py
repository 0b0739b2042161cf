"""Every place in a line where a label may stand, with what stands before and behind it; nothing is chosen here.

A place is looked at whatever its marks are: which of them its writer uses is told by the whole post (`hands`).
"""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

from groupbot.rules.readings.labels import Label, LabelTable
from groupbot.rules.readings.vocabulary import Vocabulary

LINE = "line"  # before a label: it opens its line
COUNT = "#"  # before a label: it is numbered inside the line ("1. Ward Endo 2. Location Tot")
VERB = "is"  # behind a label: "Location is Tot"
END = "\n"  # behind a label: nothing, its value is below
SPACE, GAP = " ", "  "
FIRM = frozenset(":")  # marks that make a label of any word of the pack

ASIDE = frozenset({"other", "notice", "reference", "header"})  # labels of no field

MOST_WORDS = 400  # of a post: twenty requests of twenty words; what follows is read as at the first look
_LONGEST, _LONGEST_FIRST = 3, 5  # words of a label; of one that opens its line ("What is the problem:")
_NUMBER_OPENS = frozenset("+0123456789")
_WORD = re.compile(r"[^\W_][\w'’]*")
# In this order: of several signs between two words the first that is found tells what they are.
_SIGNS = (
    (":", re.compile(r"[:：﹕∶=]")),
    ("|", re.compile(r"[|¦]")),
    (";", re.compile(";")),
    (">", re.compile("[>→⇒➜➡👉]")),
    ("-", re.compile("[-–—]")),
    ("/", re.compile("/")),
    (",", re.compile(",")),
    (".", re.compile("[.…]")),
    (")", re.compile(r"[()\[\]]")),
    ("*", re.compile("[*_~•]")),
)
_INNER = re.compile(r" |[/&'’-]|\. ?| & ")  # between the words of one label
_MARK = re.compile(r"[*_~)\]\"'\s]*(?:[:：﹕∶=]+[*_]*-?>?|[-–—]+>?|>+|[;,./|¦→⇒➜➡])")  # behind a label
_OPENING = re.compile(r"[*_~(\[\"'“‘+]+$")  # of a value: "+254 …", "(near the dip) …"
_HINT = re.compile(r"\s?[(\[][^()\[\]]{1,40}[)\]](?=\s*[:=-])")  # of a label: "Location (exact place):"


class Site(NamedTuple):
    """A label that may be one: where what is before it ends, where it and its value begin, and the marks around it."""

    end: int
    start: int
    value: int
    labels: tuple[Label, ...]  # several where a letter or a short form stands for labels of several fields
    before: str
    behind: str
    capital: bool
    size: int  # characters of the label
    row: int  # number of its line

    @property
    def is_letter(self) -> bool:
        """Whether only the label's initial is written."""
        return len(self.labels[0].spelling) > self.size == 1


def sites_of(body: str, vocabulary: Vocabulary, *, row: int = 0, most: int = MOST_WORDS) -> list[Site]:
    """The sites among the first words of one line, in order; none lies inside another."""
    words = [word.span() for word in itertools.islice(_WORD.finditer(body), most)]
    line = _Line(body, words, vocabulary.labels, vocabulary.label_verbs)
    found: list[Site] = []
    at = marked = 0
    while at < len(line.words):
        site, size, marked = _site(line, at, marked)
        if site:
            found.append(site._replace(row=row))
            line = _heard(line, site, vocabulary)
        at += size
    return found


class _Line(NamedTuple):
    """One line and where its words are, with the words of the pack."""

    body: str
    words: list[tuple[int, int]]
    table: LabelTable
    verbs: frozenset[str]
    headed: frozenset[str] | None = None  # of a form that is dictated: the fields labelled so far


def _heard(line: _Line, site: Site, vocabulary: Vocabulary) -> _Line:
    """The line behind one more label: once it is a form's, labels may be as dictation writes them, in small letters.

    A header makes it one, and so does a ward with which it opens.
    """
    code = site.labels[0].code
    first = line.body[site.value :].split(maxsplit=2)[:2]
    names = {" ".join(first), *first[:1]}
    if code == "header" or (code == "ward" and site.before == LINE and any(map(vocabulary.wards.at_sight, names))):
        return line._replace(headed=(line.headed or frozenset()) | {code})
    return line if line.headed is None else line._replace(headed=line.headed | {code})


def _site(line: _Line, at: int, marked: int) -> tuple[Site | None, int, int]:
    """The longest label that begins with the word at `at`, how many words it has, and the end of the mark behind it.

    (None, 1, 0) without any. `marked` is the end of the mark behind a label that the word before belongs to, or 0.
    """
    body, words = line.body, line.words
    before = _before(line, at, marked)
    if not before:
        return None, 1, 0
    begin = words[at][0]
    longest = _LONGEST_FIRST if before == LINE else _LONGEST
    for size in range(min(longest, len(words) - at), 0, -1):
        if not _is_whole(body, words, at, size):
            continue
        last = words[at + size - 1][1]
        behind, value, marked = _behind(line, at + size)
        capital = body[begin].isupper()
        labels = _labels(body[begin:last], before, behind, capital, line.table)
        if not labels and line.headed is not None and before == behind == SPACE:
            labels = _dictated(body[begin:last], body[value : value + 1], line)
        if labels:
            end = words[at - 1][0] if before == COUNT else begin
            site = Site(end, begin, value, labels, before, behind, capital, last - begin, 0)
            return site, size, 0 if before == SPACE else marked
    return None, 1, 0


def _is_whole(body: str, words: list[tuple[int, int]], at: int, size: int) -> bool:
    return all(_INNER.fullmatch(body, words[here][1], words[here + 1][0]) for here in range(at, at + size - 1))


def _before(line: _Line, at: int, marked: int) -> str:
    """What stands before a word; nothing where it opens the value of a label."""
    body, words = line.body, line.words
    if at == 0:
        return LINE
    begin, end = words[at - 1]
    if end - begin <= 2 and body[begin:end].isdigit() and body[end] in ".)":
        return COUNT if at > 1 else LINE
    between = body[max(marked, end) : words[at][0]]
    if marked:  # "Problem: | Ward: Endo", "Problem: - | Ward: Endo" have no value
        last = between.rstrip(" *_(\"'+")[-1:]
        if between.endswith(GAP):
            return GAP
        return _sign(last) if last else ""
    sign = _sign(between)
    return "" if sign == ":" else sign


def _behind(line: _Line, then: int) -> tuple[str, int, int]:
    """The mark behind a label whose last word is the one before `then`, where its value begins, and where it ends."""
    body, words = line.body, line.words
    end = words[then - 1][1]
    hint = _HINT.match(body, end)
    if hint:
        end = hint.end()
        then = next((later for later in range(then, len(words)) if words[later][0] >= end), len(words))
    begin = words[then][0] if then < len(words) else len(body)
    mark = _MARK.match(body, end, begin)
    sign = _sign(mark.group()) if mark else _sign(body[end:begin])
    if begin == len(body):
        return (END if sign in (SPACE, GAP, "*") else sign), begin, begin
    if body[end:begin] == " " and body[slice(*words[then])].lower() in line.verbs and then + 1 < len(words):
        return VERB, words[then][1] + 1, 0
    opening = _OPENING.search(body, mark.end() if mark else end, begin)
    return sign, opening.start() if opening else begin, mark.end() if mark else 0


def _sign(between: str) -> str:
    if between == " ":
        return SPACE
    between = between.rstrip("+")  # of a telephone number
    for sign, pattern in _SIGNS:
        if pattern.search(between):
            return sign
    return GAP if len(between) > 1 else SPACE


def _labels(head: str, before: str, behind: str, capital: bool, table: LabelTable) -> tuple[Label, ...]:
    """What the words may be a label of: the weaker the marks around them, the better they must be spelt."""
    if behind == "|" or (before == SPACE and behind in (END, ")")):
        return ()
    if len(head) == 1:
        told = behind in FIRM or (capital and (SPACE not in (before, behind) or head not in "AEIO"))
        return table.letters.get(head.lower(), ()) if told and before != behind else ()
    if before == behind == SPACE and not capital:
        return ()
    if SPACE in (before, behind):
        near = behind in FIRM if before == SPACE else " " not in head and (capital or before == LINE)
        label = table.exact.get(head.lower()) or (_found(head, table) if near else None)
        return (label,) if label else ()
    label = table.find_alone(head) if behind == END else _found(head, table)
    return (label,) if label else table.doubtful.get(head.lower(), ())


def _dictated(head: str, opens: str, line: _Line) -> tuple[Label, ...]:
    """A field's label without mark or capital: in a form, the first of its field, a number's before a number."""
    label = line.table.exact.get(head)
    if label is None or label.code in ASIDE or label.code in (line.headed or ()):
        return ()
    return () if label.code == "reporter_phone" and opens not in _NUMBER_OPENS else (label,)


def _found(head: str, table: LabelTable) -> Label | None:
    """The label spelt so or nearly; never with a value's first word: "Place the", "Level HARAKA"."""
    label = table.exact.get(head.lower())
    words = head.lower().split()
    joined = "-" in head or ("/" in head and not words[-1][-1].isalpha())  # "Place-the", "Date 4/3"
    if label or joined or (len(words) > 1 and (words[-1] in table.fillers or words[-1] in table.levels)):
        return label
    label = table.find(head)
    return None if label and label.slips and label.code in ASIDE else label  # "none" is no slip of "note"
