"""Prose without the citizen's contacts: what a poster labels as a name or a number is not repeated in an offer.

"Name: Jane Komen", "reported by Jane Komen", a label on a line of its own with the name below it. A name that nothing
announces cannot be told from a place.
"""

from __future__ import annotations

from groupbot.rules.readings.labels import LabelTable
from groupbot.rules.text import bare, unmask

_CONTACTS = frozenset({"reporter_name", "reporter_phone"})
_EDGES = " \t.,:;=*_~`#()[]{}<>!?-–—\"'|/"
_MARKS = (":", "=", "-", "–", "—", ">")  # between a label and its value
_ENDS = (",", ";", ".", "|", ")", "!", "?")  # after which a name is over
_MOST_LABEL_WORDS = 4
_MOST_NAME_WORDS = 6


def without_contacts(text: str, labels: LabelTable) -> str:
    """The text line by line without contact labels and what they announce; the other words stay as they are."""
    kept: list[str] = []
    announced = False
    for line in text.splitlines():
        words = bare(line).split()
        if announced and words:
            announced = False
            continue
        if words and _code(words, labels) == "reporter_name":
            announced = True
            continue
        kept.append(_without_contacts(words, labels))
    return "\n".join(kept)


def is_contact_label(text: str, labels: LabelTable) -> bool:
    """Whether a piece of text is a contact label and nothing else."""
    return _code(text.split(), labels) in _CONTACTS


def _without_contacts(words: list[str], labels: LabelTable) -> str:
    kept: list[str] = []
    at = 0
    while at < len(words):
        end = _end_of_contact(words, at, labels)
        if end == at:
            kept.append(words[at])
        at = max(end, at + 1)
    return " ".join(kept)


def _end_of_contact(words: list[str], at: int, labels: LabelTable) -> int:
    """Where the name ends whose label begins at `at`; `at` itself when none begins there."""
    for size in range(_MOST_LABEL_WORDS, 0, -1):
        label = words[at : at + size]
        if len(label) == size and _code(label, labels) == "reporter_name":
            end = _end_of_name(words, at + size)
            return end if end > at + size else at
    return at


def _end_of_name(words: list[str], start: int) -> int:
    """After a mark all words up to the next mark are the name; without one only words with a capital are."""
    marked = words[start - 1].endswith(_MARKS)
    end = start
    while end < min(len(words), start + _MOST_NAME_WORDS) and (marked or words[end].lstrip(_EDGES)[:1].isupper()):
        end += 1
        if words[end - 1].endswith((*_ENDS, ":")):
            break
    return end


def _code(words: list[str], labels: LabelTable) -> str:
    """The field that the words are a label of, as spelt in the pack; "" for none."""
    if any(word.endswith(_ENDS) for word in words[:-1]) or len(words) > _MOST_LABEL_WORDS:
        return ""
    label = labels.exact.get(unmask(" ".join(words)).strip(_EDGES))
    return label.code if label else ""
