"""One form as far as it has been read, and a post put together from such forms."""

from __future__ import annotations

from dataclasses import dataclass, field

from groupbot.rules.readings.headers import Header
from groupbot.rules.readings.marks import Piece

_FEWEST_DIGITS = 6  # of what may be a telephone number
JOINED = ("location", "problem")  # fields whose text may run over several lines


@dataclass(slots=True)
class Draft:
    """One form as far as it has been read. `order` holds the codes as first seen, also those left empty."""

    header: Header
    texts: dict[str, list[str]] = field(default_factory=dict)
    spellings: list[str] = field(default_factory=list)  # of the labels of places and problems
    problems: list[list[str]] = field(default_factory=list)  # of "Problem 1 / Problem 2"
    spared: set[str] = field(default_factory=set)  # codes whose text a label gave that counts only without another
    level: str = ""  # the spelling of the priority's label, which may be a level's own ("Dharura: ndio")

    @property
    def order(self) -> list[str]:
        """The codes as first seen."""
        return list(self.texts)

    def drop(self, code: str) -> None:
        """Forget the text of a spare label: the field's own one has come."""
        self.texts[code] = []
        self.spared.discard(code)

    def has(self, *codes: str) -> bool:
        """Whether any of the codes was labelled in this form."""
        return any(code in self.texts for code in codes)


@dataclass(slots=True)
class Post:
    """A post put together: its drafts and everything else in it."""

    drafts: list[Draft] = field(default_factory=list)
    header: bool = False
    lead: list[str] = field(default_factory=list)  # lines above the first label
    tail: list[str] = field(default_factory=list)  # lines after a form that belong to no field
    codes: set[str] = field(default_factory=set)
    notices: int = 0
    references: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)  # of the labels
    asks: bool = False  # whether there is a question mark anywhere in it


def slot(draft: Draft, piece: Piece) -> list[str]:
    """The list that a labelled value goes into: its field's, or a new one for "Problem 2"."""
    code, label = piece.code, piece.label
    spelling = label.spelling if label else ""
    known = draft.texts.get(code)
    if code == "problem" and label and (label.number or (known is not None and spelling in draft.spellings)):
        return _numbered_problem(draft, known)
    if code in JOINED:
        draft.spellings.append(spelling)
    elif code == "priority":
        draft.level = draft.level or spelling
    if known is None:
        known = draft.texts[code] = []
        return known
    if code == "reporter_phone" and _digits([piece.value]) > _FEWEST_DIGITS > _digits(known) > 0:
        known.clear()  # "No. of pupils: 38" was no number of a telephone
    return known if code in JOINED or not known else []  # of two numbers, names or levels the first counts


def _digits(parts: list[str]) -> int:
    return sum(letter.isdigit() for part in parts for letter in part)


def _numbered_problem(draft: Draft, known: list[str] | None) -> list[str]:
    if not draft.problems and known:
        draft.problems.append(known)
    draft.problems.append([])
    draft.texts.setdefault("problem", draft.problems[0])
    return draft.problems[-1]


def starts_new(draft: Draft, piece: Piece) -> bool:
    """Whether a label that the form already has opens the next form.

    A place after a problem does; a problem does when its place had come after the one before; any other field only when
    it was the form's first. "Problem 2", and a problem said under two labels (Issue, Details), stay in the form.
    """
    code, order = piece.code, draft.order
    if code not in draft.texts or (piece.label and piece.label.number):
        return False
    if code == "location":
        return draft.has("problem")
    if code == "problem":
        known = not piece.label or piece.label.spelling in draft.spellings
        return known and draft.has("location") and order.index("problem") < order.index("location")
    if code == "ward":
        return draft.has("location") and draft.has("problem")
    return order[0] == code and draft.has("location", "problem")
