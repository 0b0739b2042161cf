"""A post read again by the hand of its writer: which marks this sender puts around labels, told by the whole post.

People use one way of setting off labels throughout a form. A mark that is weak by itself (a comma, a dash, a space)
is sure when it stands behind labels of several fields; so every way that occurs is tried, and the one is taken whose
fields fit together best. Asked only where the first reading of a post leaves something open: see `parsing`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from groupbot.rules.readings.coherence import looks_like_name, suits
from groupbot.rules.readings.labels import Label
from groupbot.rules.readings.lines import MOST_LINES, cut_line, opened
from groupbot.rules.readings.marks import Piece, plain_piece
from groupbot.rules.readings.sites import ASIDE, END, FIRM, GAP, LINE, MOST_WORDS, SPACE, VERB, Site, sites_of
from groupbot.rules.readings.vocabulary import Vocabulary

MOST_HANDS = 4  # ways of writing that are tried on one post
_FEWEST = 2  # fields; of a way that ordinary sentences have too: three
_FEWEST_WEAK = 3
_WEAK = frozenset({SPACE, GAP, ",", ".", "/", VERB, "*", ")", "-"})
_NOT_VALUES = {"|": " |¦", ";": " ;", "-": " -–—>", "/": " /", ",": " ,", ".": " ."}
_ANY_END = " \t*_•([|¦;"

Pieces = list[Piece]


@dataclass(frozen=True, slots=True)
class _Row:
    """One line: as written, without its quote mark or number, and the sites in it."""

    line: str
    body: str
    quoted: bool
    indented: bool
    sites: tuple[Site, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """What the rest of the post tells of a label: the codes before it, and the line below."""

    taken: set[str]
    below: str


def hands(text: str, vocabulary: Vocabulary) -> Iterable[Pieces]:
    """The pieces of the post in each way of writing that enough of its labels share, the likeliest first."""
    rows: list[_Row] = []
    left = MOST_WORDS
    for at, line in enumerate(text.splitlines()[:MOST_LINES]):
        rows.append(_row(at, line, left, vocabulary))
        left = max(0, left - line.count(" ") - 1)
    sites = [site for row in rows for site in row.sites]
    if len(sites) < _FEWEST:
        return
    ways = Counter[tuple[str, str]]()
    for behind, before in sorted({(site.behind, site.before) for site in sites}):
        weight = _weight(_chosen(sites, behind, before), behind, before)
        if weight:
            ways[behind, before] = weight
    for (behind, before), _ in ways.most_common(MOST_HANDS):
        yield _pieces(rows, frozenset(_chosen(sites, behind, before)), before, vocabulary)


def _chosen(sites: list[Site], behind: str, before: str) -> list[Site]:
    """The sites set off in this way; a firm mark is everybody's, an opened line is as good as any mark before a label.

    One letter alone is chance, unless labels of two other fields are so written.
    """
    chosen = [s for s in sites if s.before in (LINE, before) and (s.behind == behind or s.behind in FIRM)]
    letters = {site.labels[0].code for site in chosen if site.is_letter}
    others = {site.labels[0].code for site in chosen} - letters - ASIDE
    alone = len(letters) == 1 and (len(others) < _FEWEST or SPACE in (before, behind))
    return [site for site in chosen if not site.is_letter] if alone else chosen


def _row(at: int, line: str, most: int, vocabulary: Vocabulary) -> _Row:
    body, quoted, indented = opened(line)
    return _Row(line, body, quoted, indented, tuple(sites_of(body, vocabulary, row=at, most=most)))


def _weight(chosen: list[Site], behind: str, before: str) -> int:
    """How much speaks for a way of writing, in percent of a field spelt right; 0 for one that chance may give."""
    fields: dict[str, int] = {}
    for site in chosen:
        label = site.labels[0]
        worth = 50 if len(site.labels) > 1 else 100 - 30 * label.slips
        if label.code in ASIDE:
            worth //= 3
        fields[label.code] = max(worth, fields.get(label.code, 0))
    codes = fields.keys() - ASIDE
    marked = {site.labels[0].code for site in chosen if site.behind == behind}
    begun = [site for site in chosen if site.before == before]
    weak = behind in _WEAK or before == SPACE
    required = {"location", "problem"} <= codes and before != SPACE and behind not in (SPACE, VERB)
    fewest = _FEWEST if not weak or required else _FEWEST_WEAK
    if (
        len(codes) < fewest
        or (behind not in FIRM and len(marked) < _FEWEST)
        or (before == SPACE and len(begun) < _FEWEST)
    ):
        return 0
    return sum(fields.values())


def _pieces(rows: list[_Row], sure: frozenset[Site], before: str, vocabulary: Vocabulary) -> Pieces:
    """The post cut where this hand sets off labels; the lines without any as at the first look."""
    used = {site.labels[0].code for site in sure}
    taken = set[str]()
    pieces: Pieces = []
    for row, below in zip(rows, [*rows[1:], None], strict=True):
        chosen = [site for site in row.sites if site in sure or _also(site, row, before, used, vocabulary)]
        if not chosen:
            pieces.extend(cut_line(row.line, vocabulary.labels))
            continue
        found = _cut(row, chosen, before, vocabulary, _Told(taken, below.body if below else ""))
        pieces.extend(piece._replace(quoted=row.quoted, indented=row.indented) for piece in found)
    return pieces


def _also(site: Site, row: _Row, before: str, used: set[str], vocabulary: Vocabulary) -> bool:
    """A label set off otherwise, where this hand begins labels, of a field that it lacks and whose value suits it."""
    label = site.labels[0]
    if len(site.labels) > 1 or label.code in used or label.slips or site.before not in (LINE, before):
        return False
    if label.code == "reporter_phone" and site.behind == VERB:
        return False  # "his number is 0712 …" stays in what is told
    following = [other.end for other in row.sites if other.start > site.start]
    value = row.body[site.value : min(following, default=len(row.body))]
    return suits(label.code, value.strip(_ANY_END + ",.-"), vocabulary) and (site.capital or site.before != SPACE)


def _cut(row: _Row, chosen: list[Site], before: str, vocabulary: Vocabulary, told: _Told) -> Iterable[Piece]:
    head = row.body[: chosen[0].end].rstrip(_ANY_END + _NOT_VALUES.get(chosen[0].before, ""))
    if head:
        yield plain_piece(head)
    ends = [site.end for site in chosen[1:]] + [len(row.body)]
    for site, end, follower in zip(chosen, ends, [*chosen[1:], None], strict=True):
        value = row.body[site.value : end]
        if follower:
            value = value.rstrip(_ANY_END + _NOT_VALUES.get(follower.before, ""))
        elif before == ".":
            value = value.rstrip(" .")
        label = _meant(site.labels, value or told.below, told.taken, vocabulary)
        told.taken.add(label.code)
        yield Piece(label.code, value, label, ":" if value or site.behind != END else "alone", whole="")


def _meant(labels: tuple[Label, ...], value: str, taken: set[str], vocabulary: Vocabulary) -> Label:
    """Which of the labels a letter or a short form stands for: what the value is decides, then what is still open."""
    if len(labels) == 1:
        return labels[0]
    told = next((label for label in labels if suits(label.code, value, vocabulary)), None)
    if told:
        return told
    free = [label for label in labels if label.code not in ("ward", "priority", "reporter_phone")]
    named = looks_like_name(value)
    free = [label for label in free if (label.code == "reporter_name") == named] or free or list(labels)
    return next((label for label in free if label.code not in taken), free[0])
