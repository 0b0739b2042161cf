"""A draft's texts as the values of a Form: no placeholders, levels and wards named, telephone numbers in E.164."""

from __future__ import annotations

import re
from typing import NamedTuple

from groupbot.records import Form
from groupbot.rules.phones import find_phones, to_e164
from groupbot.rules.readings.drafts import Draft
from groupbot.rules.readings.phrases import Heard
from groupbot.rules.readings.vocabulary import Vocabulary
from groupbot.rules.text import bare, without_struck

_END = " ,;|/#"
_NAME_EDGES = " ,;:|/-–—(["
_SOME_DIGITS = re.compile(r"\d{3}")


class Sender(NamedTuple):
    """Who wrote the post, as far as the reading needs it."""

    role: str | None = None
    ward: str | None = None


def values(draft: Draft, vocabulary: Vocabulary, sender: Sender) -> tuple[Form, ...]:
    """The forms of a draft: one, or one for each of its numbered problems that says something."""
    problems = [told for parts in draft.problems if (told := _text(parts, vocabulary))]
    if problems:
        return tuple([_form(draft, problem, vocabulary, sender) for problem in problems])
    return (_form(draft, _text(draft.texts.get("problem"), vocabulary), vocabulary, sender),)


def names_ward(draft: Draft, vocabulary: Vocabulary) -> bool:
    """Whether the form itself says which ward it is about."""
    return _form(draft, None, vocabulary, Sender()).ward is not None


def _form(draft: Draft, problem: str | None, vocabulary: Vocabulary, sender: Sender) -> Form:
    texts = draft.texts
    raw_name = _text(texts.get("reporter_name"), vocabulary)
    return Form(
        ward=_ward(texts.get("ward"), draft.header.ward, vocabulary, sender),
        location=_text(texts.get("location"), vocabulary),
        problem=problem,
        priority=_priority(texts.get("priority"), draft.level, vocabulary) or draft.header.priority,
        reporter_name=_name(raw_name, vocabulary) if raw_name else None,
        reporter_phone=_phone(texts.get("reporter_phone"), raw_name, problem, vocabulary),
        channel=_text(texts.get("channel"), vocabulary),
    )


def _text(parts: list[str] | None, vocabulary: Vocabulary) -> str | None:
    """The field's text without decoration, or None when there is nothing in it."""
    if not parts:
        return None
    value = bare(parts[0] if len(parts) == 1 else " ".join(parts))
    if value and value[-1] in _END:
        value = value.rstrip(_END)
    if value.endswith(" ."):  # what was left of the full stops that part the fields
        value = value.rstrip(" .")
    return None if vocabulary.is_placeholder(value) else value


def _ward(parts: list[str] | None, header: str | None, vocabulary: Vocabulary, sender: Sender) -> str | None:
    """The ward of the field, else of the header, else the sender's; None when the field's may be several."""
    if parts:
        written = without_struck(parts[0])
        known = vocabulary.wards.at_sight(written)
        if known:
            return known
        candidates = vocabulary.wards.ambiguous(written)
        if candidates:
            return sender.ward if sender.ward in candidates else None
        known = vocabulary.wards.find(bare(written))
        if known:
            return known
    return header or sender.ward


def _priority(parts: list[str] | None, label: str, vocabulary: Vocabulary) -> str | None:
    """The level that the field names; of a yes the level that its label is ("Dharura: ndio")."""
    if not parts:
        return None
    if level := vocabulary.priorities.get(parts[0].lower()):  # as most write it
        return level
    written = bare(without_struck(parts[0]))
    return vocabulary.priority_of(written) or vocabulary.level_by_yes(label, written)


def _name(written: str, vocabulary: Vocabulary) -> str | None:
    """The name as written, without a number after it; None for somebody who is not to be named."""
    if vocabulary.around.anonymous.any(Heard.once(written)):
        return None
    phones = find_phones(written, vocabulary.country) if _SOME_DIGITS.search(written) else ()
    if not phones:
        return written
    before = written[: phones[0].start].rstrip(_NAME_EDGES)
    words = (before or written[phones[-1].end :].strip(_NAME_EDGES + ")]")).split()
    while words and (label := vocabulary.labels.find(words[-1].strip("(.:"))) and label.code == "reporter_phone":
        words.pop()  # "Jane Kiptoo, tel"
    return " ".join(words).rstrip(_NAME_EDGES) or None


def _phone(parts: list[str] | None, name: str | None, problem: str | None, vocabulary: Vocabulary) -> str | None:
    """The number of its field; else one beside the name; else one in the problem's text. "Withheld" gives none."""
    country = vocabulary.country
    if parts:
        written = without_struck(" ".join(parts))
        found = to_e164(written, country)
        if found or vocabulary.around.withheld.any(Heard.of(written)):
            return found
    for text in (name, problem):
        if text and _SOME_DIGITS.search(text) and (found := to_e164(text, country)):
            return found
    return None
