"""Posts without labels: the form to offer for one, its place and problem as far as the prose tells them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from groupbot.records import Form
from groupbot.rules.phones import find_phones
from groupbot.rules.readings.citizens import is_contact_label, without_contacts
from groupbot.rules.readings.headers import header_of
from groupbot.rules.readings.phrases import Heard
from groupbot.rules.readings.tellers import without_teller
from groupbot.rules.readings.values import Sender
from groupbot.rules.readings.vocabulary import Needs, Vocabulary
from groupbot.rules.text import bare, fold

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_CLAUSE = re.compile(r"[,;:]\s+")
_TOKEN = re.compile(r"[^\W_][\w'’/-]*|[.,;:!?]")
_LONGEST_PROSE = 1_500  # characters of prose that an offer is made from
_LONGEST_OFFER = 600  # characters of prose that an offered form repeats


def offer(text: str, vocabulary: Vocabulary, sender: Sender) -> Form:
    """The form to offer: place and problem as far as the prose tells them, never the citizen's name or number."""
    told = without_contacts(text[:_LONGEST_PROSE], vocabulary.labels)
    sentences = [kept for sentence in _SENTENCE.split(told) if (kept := _told(sentence, vocabulary))]
    problem = " ".join(sentences)[:_LONGEST_OFFER].strip()
    ward = vocabulary.wards.mentioned(problem)
    return Form(ward=ward or sender.ward, location=guess_place(problem, vocabulary), problem=problem or None)


def _told(sentence: str, vocabulary: Vocabulary) -> str:
    """A sentence without its greeting and without clauses that hold a number; empty when nothing is left."""
    value = without_teller(bare(sentence), vocabulary.needs)
    header = header_of(value, vocabulary)
    if not value or (header and header.titled):
        return ""
    clauses = [part.strip() for part in _clauses(value)]
    kept = [part for part in clauses if part and not _holds_contact(part, vocabulary)]
    while kept and _is_social(kept[0], vocabulary):
        kept.pop(0)
    return " ".join(kept).rstrip(" ,;:")


def _holds_contact(part: str, vocabulary: Vocabulary) -> bool:
    return bool(find_phones(part, vocabulary.country)) or is_contact_label(part, vocabulary.labels)


def _clauses(value: str) -> list[str]:
    """The clauses of a sentence, each with the mark that ends it."""
    ends = [match.start() + 1 for match in _CLAUSE.finditer(value)]
    return [value[start:end] for start, end in zip([0, *ends], [*ends, len(value)], strict=True)]


def _is_social(part: str, vocabulary: Vocabulary) -> bool:
    heard = Heard.of(part)
    around = vocabulary.around
    return len(heard.words) <= 4 and (around.social.opens(heard) or around.address.opens(heard))


def guess_place(text: str, vocabulary: Vocabulary) -> str | None:
    """The place a text names, or None.

    Best a name before a kind of place ("Kolol dispensary", "at chepkorio market"), then one after it ("shule ya Tot"),
    then a name after a word such as "in" or "near".
    """
    words = _Words.of(text[:_LONGEST_OFFER], vocabulary.needs)
    kinds = [at for at, word in enumerate(words.folded) if words.is_kind(word)]
    links = [at for at, word in enumerate(words.folded) if word in words.needs.before_place]
    places = (
        *(words.before(at) for at in kinds),
        *(words.after(at) for at in kinds),
        *(words.name_from(at + 1) for at in links),
    )
    return next((place for place in places if place), None)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text, as written and folded, with what the pack knows of places."""

    written: list[str]
    folded: list[str]
    needs: Needs

    @classmethod
    def of(cls, text: str, needs: Needs) -> _Words:
        written = _TOKEN.findall(text)
        return cls(written, [fold(word) for word in written], needs)

    def is_kind(self, word: str) -> bool:
        return word in self.needs.places or word in self.needs.places_before

    def is_name(self, at: int) -> bool:
        """A word written with a capital that opens no sentence by habit and is no day, month or title."""
        word = self.written[at]
        return len(word) > 2 and word[0].isupper() and self.folded[at] not in self.needs.never_place

    def before(self, at: int) -> str | None:
        """The kind of place at `at` with the names before it and the kinds after it: "Tot sub county hospital"."""
        if self.folded[at] not in self.needs.places:
            return None
        start = at
        while start and (self.folded[start - 1] in self.needs.places or self.is_name(start - 1)):
            start -= 1
        named = any(self.is_name(place) for place in range(start, at))
        if not named and start >= 2 and self.folded[start - 2] in self.needs.before_place:
            start -= 1  # "at chepkorio market": the name without its capital
            named = self.folded[start].isalpha() and self.folded[start] not in self.needs.never_place
        end = at + 1
        while end < len(self.folded) and self.folded[end] in self.needs.places:
            end += 1
        return " ".join(self.written[start:end]) if named else None

    def after(self, at: int) -> str | None:
        """The kind of place at `at` with the name after it: "zahanati ya Kaben", "bridge Kipteber"."""
        then = at + 1
        if then < len(self.folded) and self.folded[then] in self.needs.before_place:
            then += 1
        name = self.name_from(then)
        return " ".join([*self.written[at:then], name]) if name else None

    def name_from(self, at: int) -> str | None:
        end = at
        while end < len(self.written) and end - at < 4 and self.is_name(end):
            end += 1
        return " ".join(self.written[at:end]) if end > at else None
