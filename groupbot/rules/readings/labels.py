"""Which field a label names, spelt right or nearly.

The exact spellings are looked up first; only a miss is compared with near ones, so a tidy post costs six look-ups.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from groupbot.protocol import Protocol, Words
from groupbot.rules.text import EMOJI, INVISIBLE, unmask

_LONGEST = 48  # characters of a label with all its hints
_HINT = re.compile(r"[(\[<][^()\[\]<>]*[)\]>]?")  # "Location (exact place)"
_EDGES = " \t.,*_~`#()[]{}<>?!-–—\"'"
_JOINTS = re.compile(r"\s*(?:[/&+,]|\band\b|\bor\b|\bna\b|\bau\b)\s*")
_VOWELS = re.compile("[aeiou]")
NOT_KEPT = frozenset({"other", "notice", "reference", "header"})
_APART = re.compile(r"[^\w#]+")


@dataclass(frozen=True, slots=True)
class Label:
    """A label as found: its field code, its language ("" where several share it), its folded spelling, its number."""

    code: str
    language: str
    spelling: str
    number: int = 0
    slips: int = 0


@dataclass(frozen=True, slots=True)
class LabelTable:
    """Every label of the pack."""

    exact: dict[str, Label]
    near: dict[tuple[str, int], tuple[str, ...]]  # initial letter, length -> spellings that a slip can turn into such
    shortened: dict[str, str]  # "ocation", "prblm", "probl" -> the only spelling they can be short for
    doubtful: dict[str, tuple[Label, ...]]  # "comp" -> the labels of several fields that it may be short for
    letters: dict[str, tuple[Label, ...]]  # "p" -> the same of a letter
    words: dict[str, str]  # the fields' labels of one word -> code
    known: frozenset[str]  # those words
    fillers: frozenset[str]
    possessives: frozenset[str]  # "of", "ya": the word before them is the thing
    numbered: frozenset[str]  # codes whose labels may be numbered
    pictograms: dict[str, str]  # pictogram -> code
    levels: frozenset[str]  # words for a priority: they are values
    spare: frozenset[str]  # labels that count only where the form has no other of their field
    number: re.Pattern[str]  # "2", "no 2", "#2" behind a label

    @classmethod
    def of(cls, protocol: Protocol) -> LabelTable:
        """Compile the pack's labels; one that two languages share counts for neither."""
        reading = protocol.reading
        table: dict[str, Label] = {}
        for code, listed in _tables(protocol):
            for language, spelling in _each(listed):
                key = _key(spelling)
                shared = key in table and table[key].code == code
                table[key] = Label(code, "" if shared else language, key)
        shortened, doubtful = _shortened(table)
        pictograms: dict[str, str] = {
            picture.rstrip("\ufe0f"): field.code for field in reading.field for picture in field.pictograms
        }
        words = {key: label.code for key, label in table.items() if label.code not in NOT_KEPT and key.isalpha()}
        return cls(
            exact={shape: label for key, label in table.items() for shape in _shapes(key)},
            near=_near(table),
            shortened=shortened,
            doubtful=doubtful,
            letters=_letters(protocol, table),
            words=words,
            known=frozenset(words),
            fillers=_words(reading.form.label_fillers),
            possessives=_words(reading.form.label_possessives),
            numbered=frozenset(field.code for field in reading.field if field.numbered),
            pictograms=pictograms,
            levels=frozenset(unmask(word) for one in protocol.file.priority for _, word in _each(one.words)),
            spare=frozenset(_key(spelling) for field in reading.field for _, spelling in _each(field.spare or {})),
            number=_number(protocol),
        )

    def find(self, head: str) -> Label | None:
        """The label a piece of text is, or None: as written, then without its trimmings, then with a slip."""
        label = self.exact.get(head)
        if label is not None:
            return label
        if not 1 < len(head) <= _LONGEST:
            return None
        if not head.isascii():
            head = EMOJI.sub("", INVISIBLE.sub("", head))
        folded = unmask(head).strip(_EDGES)
        return self.exact.get(folded) or self._trimmed(folded)

    def find_alone(self, line: str) -> Label | None:
        """The label that a whole line is, its value being below: stricter, for a value may look like a label."""
        label = self.find(line)
        if label is None or label.slips > 1 or (label.slips and len(label.spelling) < 6):
            return None
        parts = len(_APART.sub(" ", _HINT.sub(" ", unmask(line))).split())
        return label if parts <= len(label.spelling.split()) + line[-1:].isdigit() or _JOINTS.search(line) else None

    def _trimmed(self, folded: str) -> Label | None:
        key = _HINT.sub(" ", folded) if "(" in folded or "[" in folded or "<" in folded else folded
        joined = _JOINTS.split(key) if " " in key or "/" in key else []
        key = " ".join(_APART.sub(" ", key).split())
        if not key or not key[0].isalpha():
            return None
        return (
            self.exact.get(key) or self._numbered(key) or self._joined(joined) or self._combined(key) or self._near(key)
        )

    def _numbered(self, key: str) -> Label | None:
        number = self.number.search(key) if key[-1].isdigit() else None
        if not number:
            return None
        label = self.find(key[: number.start()].strip())
        if label is None:
            return None
        counted = int(number[1]) if label.code in self.numbered else 0  # "Location 2" is a location
        return Label(label.code, label.language, label.spelling, counted, label.slips)

    def _joined(self, parts: list[str]) -> Label | None:
        """ "Name/Phone", "Village & location": all parts must be labels; the first of them names the field."""
        labels = [self.exact.get(part.strip(_EDGES)) for part in parts]
        return labels[0] if len(labels) > 1 and all(labels) else None

    def _combined(self, key: str) -> Label | None:
        """ "Citizen phone", "Description of the problem": several label words make one label."""
        words = [word for word in key.split() if word not in self.fillers] if " " in key else []
        if not 0 < len(words) <= 4:
            return None
        if known := self.exact.get(" ".join(words)):
            return known
        at = next((place for place, word in enumerate(words) if word in self.possessives), 0)
        main = words[at - 1] if at else words[-1]
        label = self.exact.get(main)
        rest = [self.exact.get(word) for word in words if word not in self.possessives]
        if label is None or not all(rest):
            return None
        aside = next((one for one in rest if one and one.code == "other"), None)
        return aside if aside and label.code == "reporter_phone" else label  # "Number of households" is no telephone's

    def _near(self, key: str) -> Label | None:
        """A label with a slip: a wrong, missing, doubled or swapped letter, two in a long word; the first is right."""
        if not 3 <= len(key) <= 28 or key in self.levels:  # "urgent" is no slip of "urgency"
            return None
        spelling, slips = (self.shortened[key], 1) if key in self.shortened else self._nearest(key)
        if not spelling:
            return None
        label = self.exact[spelling]
        return Label(label.code, label.language, label.spelling, label.number, slips)

    def _nearest(self, key: str) -> tuple[str, int]:
        best, fewest = "", 3
        for spelling in self.near.get((key[0], len(key)), ()):
            allowed = min(_slips(spelling), fewest)
            slips = OSA.distance(key, spelling, score_cutoff=allowed)
            if slips <= allowed:  # of equals the later: fields come after the labels that are not kept
                best, fewest = spelling, slips
        return best, fewest


def _slips(spelling: str) -> int:
    """How many slips a spelling may hold and still be known."""
    return 2 if len(spelling) >= 7 else 1


def _near(table: dict[str, Label]) -> dict[tuple[str, int], tuple[str, ...]]:
    near: dict[tuple[str, int], list[str]] = {}
    for key in table:
        slips = _slips(key) if len(key) >= 4 and key[-1].isalpha() else -1
        for length in range(len(key) - slips, len(key) + slips + 1):
            near.setdefault((key[0], length), []).append(key)
    return {place: tuple(spellings) for place, spellings in near.items()}


def _number(protocol: Protocol) -> re.Pattern[str]:
    counters = {unmask(counter) for words in protocol.words.values() for counter in words.counting.counters}
    before = "|".join(sorted(map(re.escape, counters), key=len, reverse=True))
    return re.compile(rf"(?:{before})?\s*#?\s*(?<!\d)(\d{{1,2}})$")


def _tables(protocol: Protocol) -> Iterator[tuple[str, Words]]:
    """Every code with its labels; the form's own fields last, so that they win a spelling named twice."""
    form = protocol.reading.form
    yield "notice", form.notice_labels
    yield "reference", form.reference_labels
    yield "header", form.headers
    for field in sorted(protocol.reading.field, key=lambda field: field.code != "other"):
        yield field.code, field.spare or {}
        yield field.code, field.labels


def _shortened(table: dict[str, Label]) -> tuple[dict[str, str], dict[str, tuple[Label, ...]]]:
    """Short forms of the fields' one-word labels: see `_short_forms`; apart, those of labels of several fields."""
    short: dict[str, set[str]] = {}
    for key, label in table.items():
        if label.code in NOT_KEPT or not key.isalpha() or len(key) < 4:
            continue
        for form in _short_forms(key) - table.keys():
            short.setdefault(form, set()).add(key)
    sure: dict[str, str] = {}
    doubtful: dict[str, tuple[Label, ...]] = {}
    for form, keys in short.items():
        ordered = sorted(keys, key=lambda key: (len(key), key))
        if len({table[key].code for key in keys}) == 1:
            sure[form] = ordered[0]
        else:
            doubtful[form] = tuple(table[key] for key in ordered)
    return sure, doubtful


def _letters(protocol: Protocol, table: dict[str, Label]) -> dict[str, tuple[Label, ...]]:
    """Initials of the fields' labels; of several fields the one that names it earlier in its list comes first."""
    found: dict[str, dict[str, tuple[int, bool, str]]] = {}
    for field in protocol.reading.field:
        for words in field.labels.values() if field.code not in NOT_KEPT else ():
            for at, word in enumerate(words):
                key = _key(word)
                codes = found.setdefault(key[0], {})
                named = (at, not field.required, key)
                codes[field.code] = min(codes.get(field.code, named), named)
    return {letter: tuple(table[key] for *_, key in sorted(codes.values())) for letter, codes in found.items()}


def _short_forms(key: str) -> set[str]:
    """The beginning, the beginning with the last letter, the consonants or all but one, all but the first letter."""
    forms: set[str] = set()
    if len(key) >= 6:
        forms |= {key[:length] for length in range(4, len(key))}
        forms |= {key[:length] + key[-1] for length in (3, 4)}
    if len(key) >= 7:
        forms.add(key[1:])
    consonants = _VOWELS.sub("", key[1:])
    if len(consonants) >= 2:
        forms.add(key[0] + consonants)
    if len(consonants) >= 4:
        forms |= {key[0] + consonants[:at] + consonants[at + 1 :] for at in range(len(consonants) - 1)}
    return forms


def _key(spelling: str) -> str:
    """A label of the pack as it is looked up."""
    return " ".join(_APART.sub(" ", unmask(spelling)).split())


def _each(words: Words) -> Iterator[tuple[str, str]]:
    return ((language, word) for language, table in words.items() for word in table)


def _words(table: Words) -> frozenset[str]:
    return frozenset(unmask(word) for _, word in _each(table))


def _shapes(key: str) -> tuple[str, ...]:
    return key, key.upper(), key.capitalize(), key.title()
