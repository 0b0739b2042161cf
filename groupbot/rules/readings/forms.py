"""Pieces of a post put together into unfinished forms: which value belongs to which form, and what lies around them.

A draft keeps values as written; `values` turns it into a Form.
"""

from __future__ import annotations

import re

from groupbot.rules.phones import to_e164
from groupbot.rules.readings.drafts import JOINED, Draft, Post, slot, starts_new
from groupbot.rules.readings.headers import Header, header_of, level_alone
from groupbot.rules.readings.marks import GLUED, PROVISIONAL, Piece, is_spaced, plain_piece
from groupbot.rules.readings.phrases import Heard
from groupbot.rules.readings.vocabulary import Vocabulary
from groupbot.rules.text import bare

_DASHES = ("-", "–", "—")
_FEWEST_DASHED = 3  # fields: a compound word at the beginning of a line is never alone three times
_LONGEST_REMARK = 3  # words
_UNKNOWN = re.compile(r"([^\W\d_a-z][\w'’ ]{2,40}?)(?:\s?[:：=]|\s([-–—]))\s+\S")  # a label of no field, and its mark
_LONGEST_UNKNOWN = 5  # words
_LONGEST_SOCIAL = 60  # characters of a line that can be a greeting or a signature


def assemble(pieces: list[Piece], vocabulary: Vocabulary) -> Post:
    """Put the pieces together."""
    assembly = _Assembly(vocabulary)
    if not PROVISIONAL.isdisjoint([piece.mark for piece in pieces]):
        pieces = _settle(pieces, vocabulary)
    for piece in pieces:
        assembly.take(piece)
    return assembly.end()


def _settle(pieces: list[Piece], vocabulary: Vocabulary) -> list[Piece]:
    """Keep the weakly marked labels that the rest of the post or their values bear out; the others are text."""
    firm = {piece.code for piece in pieces if piece.label and not is_spaced(piece)}
    spaced = {piece.code for piece in pieces if is_spaced(piece)}
    pictures = {piece.code for piece in pieces if piece.mark == "picture"}
    dashed = {piece.code for piece in pieces if piece.mark == GLUED or piece.mark[:1] in _DASHES}
    settled = []
    for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
        kept = True
        if is_spaced(piece):
            kept = len(spaced) >= 3 or (piece.code not in firm and bool(firm) and _fits(piece, vocabulary))
        elif piece.mark == GLUED:
            kept = len(dashed) >= _FEWEST_DASHED
        elif piece.mark == "picture":
            kept = bool(firm) or len(pictures) >= 3 or {"location", "problem"} <= pictures
            kept = kept and not (
                piece.value == "" and following is not None and following.code not in ("text", "blank")
            )
        settled.append(piece if kept else plain_piece(piece.whole or piece.value))
    return settled


def _fits(piece: Piece, vocabulary: Vocabulary) -> bool:
    """Whether the value is what its field holds: a ward, a level, a number, or a name written with a capital."""
    if piece.code == "ward":
        return vocabulary.wards.find(piece.value) is not None
    if piece.code == "priority":
        return bare(piece.value).lower() in vocabulary.priorities
    if piece.code == "reporter_phone":
        return to_e164(piece.value, vocabulary.country) is not None
    if piece.code == "reference":
        return any(map(str.isdigit, piece.value))
    return piece.code in ("location", "problem", "reporter_name") and _capital(piece.whole) and _capital(piece.value)


def _is_title(piece: Piece, vocabulary: Vocabulary) -> bool:
    """A label above the form that is a level itself, with nothing behind it but marks: "DHARURA!"."""
    titled = piece.label is not None and piece.label.spelling in vocabulary.priorities
    return titled and piece.mark == "alone" and not piece.value


def _speaks_of_citizen(line: str, vocabulary: Vocabulary) -> bool:
    """ "Citizen does not want to be named": the field's word, and a sentence instead of a name."""
    label = vocabulary.labels.find(line.partition(" ")[0])
    return label is not None and label.code == "reporter_name"


def _capital(text: str) -> bool:
    return text[:1].isupper()


class _Assembly:
    """The state of putting one post together: the open draft, the last label, and what may still belong to it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.post = Post()
        self.header = Header()
        self.draft: Draft | None = None
        self.last = ""  # code of the last label, "" before the first
        self.mark = ""  # behind it
        self.into: list[str] = []  # the texts of the last label
        self.blank = False
        self.quoted = False
        self.pending: list[str] = []  # lines after a blank one: of the same field if another label follows

    def take(self, piece: Piece) -> None:
        code = piece.code
        if code == "blank":
            self.blank = True
        elif code == "text":
            self._text(piece)
        elif code == "header":
            self._header(header_of(f"{piece.label.spelling if piece.label else ''} {piece.value}", self.vocabulary))
            self._language(piece)
        elif code in ("other", "notice", "reference"):
            self._aside(piece)
        else:
            self._field(piece)

    def end(self) -> Post:
        self._lapse()
        if self.draft:
            self.post.drafts.append(self.draft)
        return self.post

    def _header(self, header: Header | None) -> None:
        """A header opens a form; the ward of an earlier one holds until another is named."""
        self._lapse()
        self.post.header = True
        if self.draft and self.draft.has("location", "problem"):
            self.post.drafts.append(self.draft)
            self.draft = None
            self.last = ""
        found = header or Header()
        self.header = Header(found.ward or self.header.ward, found.priority)
        if self.draft:
            self.draft.header = self.header

    def _aside(self, piece: Piece) -> None:
        """A label that is not kept: its value, and the lines under it, belong to no field."""
        self._join_pending()
        if piece.code == "notice":
            self.post.notices += 1
            if not self.last and piece.label:  # "MINUTES - land clinic" is a title as much as a label
                self.post.lead.append(f"{piece.label.spelling} {piece.value}")
        elif piece.code == "reference":
            self.post.references.append(piece.value)
        if self.last or piece.label:
            self.last = "other"
            self.blank = False
        else:
            self._lead(piece.whole or piece.value)

    def _lead(self, text: str) -> None:
        """What is written before the first label; a level that stands alone in it counts as the header's."""
        self.post.lead.append(text)
        self.header = Header(self.header.ward, level_alone(text, self.vocabulary) or self.header.priority)

    def _field(self, piece: Piece) -> None:
        draft, code = self.draft, piece.code
        if self._is_level_below(piece):
            self.into.append(piece.label.spelling if piece.label else "")
            return
        if draft is None and _is_title(piece, self.vocabulary):
            self._lead(piece.label.spelling if piece.label else "")
            return
        above = header_of(piece.value, self.vocabulary) if draft is None and code == "problem" else None
        if above and not above.titled:  # "OMBI - SOY NORTH" above its fields: a ward or a level is no problem
            self._header(above)
            self._language(piece)
            return
        spare = piece.label is not None and piece.label.spelling in self.vocabulary.labels.spare
        if spare and draft is not None and draft.texts.get(code):
            self._aside(piece)
            return
        in_place = draft is not None and code in draft.spared
        if draft is None or (code in draft.texts and not in_place and starts_new(draft, piece)):
            draft = self._open_draft()
        elif self.pending:
            self._join_pending()
        if in_place:
            draft.drop(code)
        if spare:
            draft.spared.add(code)
        self._language(piece)
        self.post.codes.add(code)
        self.last, self.mark, self.blank, self.quoted = code, piece.mark, False, piece.quoted
        self.into = into = slot(draft, piece)
        if piece.value:
            into.append(piece.value)

    def _is_level_below(self, piece: Piece) -> bool:
        """ "Priority:", and "HARAKA" alone on the line below it: a label that is a level is its value."""
        waiting = self.last == "priority" and not self.into
        return (
            waiting
            and piece.mark == "alone"
            and piece.label is not None
            and piece.label.spelling in self.vocabulary.priorities
        )

    def _open_draft(self) -> Draft:
        self._lapse()
        if self.draft:
            self.post.drafts.append(self.draft)
        self.draft = Draft(self.header)
        return self.draft

    def _language(self, piece: Piece) -> None:
        if piece.label and piece.label.language:
            self.post.languages.append(piece.label.language)

    def _text(self, piece: Piece) -> None:
        header = header_of(piece.value, self.vocabulary)
        if header is not None and (header.titled or not self.last):
            if header.titled:
                self._header(header)
            else:
                self.header = Header(header.ward or self.header.ward, header.priority or self.header.priority)
        elif not self.last:
            self._lead(piece.value)
        elif self._is_aside(piece):
            self._join_pending()
            self.last, self.blank = "other", False
        elif self.last == "other" or self._is_outside(piece):
            self.post.tail.append(piece.value)
            self.last = "other"
        else:
            self._continue(piece)

    def _continue(self, piece: Piece) -> None:
        if not self.into:
            self.into.append(piece.value)
            self.blank = False
        elif self.blank:
            self.pending.append(piece.value)
        elif self.last in JOINED or piece.indented or self.into[-1].rstrip().endswith(","):
            self.into.append(piece.value)
        else:
            self.post.tail.append(piece.value)

    def _is_outside(self, piece: Piece) -> bool:
        """Greetings, thanks, signatures, and what follows a quotation, are not part of the value above them."""
        line = piece.value
        remark = len(line.split()) <= _LONGEST_REMARK and self.vocabulary.is_placeholder(line)  # "Photo below"
        if self.into and (self.quoted != piece.quoted or remark):
            return True
        if len(line) > _LONGEST_SOCIAL:
            return False
        heard = Heard.of(line)
        around = self.vocabulary.around
        if around.anonymous.any(heard) and _speaks_of_citizen(line, self.vocabulary):
            return True
        return around.social.opens(heard) or around.signatures.any(heard)

    def _is_aside(self, piece: Piece) -> bool:
        """Below a place, a line with a label of no field: "Vehicles affected - 3", where labels are so dashed."""
        unknown = _UNKNOWN.match(piece.value) if self.last == "location" and self.into else None
        if unknown is None or len(unknown[1].split()) > _LONGEST_UNKNOWN:
            return False
        return unknown[2] is None or self.mark[:1] in _DASHES

    def _join_pending(self) -> None:
        """Another label of the same form follows: the paragraphs after a blank line belong to the field above."""
        if self.pending and self.last in JOINED:
            self.into.extend(self.pending)
        elif self.pending:
            self.post.tail.extend(self.pending)
        self.pending = []

    def _lapse(self) -> None:
        self.post.tail.extend(self.pending)
        self.pending = []
