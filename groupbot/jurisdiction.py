"""One jurisdiction at work: a loaded pack with all that is compiled from it, each part made when first asked for."""

from __future__ import annotations

import copy
import functools
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from groupbot.messages import Catalogue
from groupbot.protocol import Protocol, Words
from groupbot.records import ServiceRequest
from groupbot.rules import dates, terms
from groupbot.rules.claims import Pace
from groupbot.rules.elsewhere import ElsewhereWords
from groupbot.rules.ladders import Ladders
from groupbot.rules.meant import Pointing
from groupbot.rules.mornings import Mornings
from groupbot.rules.public_text import NameLore
from groupbot.rules.readings import Vocabulary
from groupbot.rules.replies import ReplyVocabulary
from groupbot.rules.safety import SafetyWords
from groupbot.rules.taken_back import TakenBackWords
from groupbot.rules.text import fold
from groupbot.rules.worktime import WorkCalendar, calendar_for, public_holiday, with_holidays


class Jurisdiction:
    """A pack and its compiled tables. `salt` gives 32 fresh random bytes; tests and replays hand in their own."""

    def __init__(self, protocol: Protocol, salt: Callable[[], bytes] = lambda: secrets.token_bytes(32)) -> None:
        self.protocol = protocol
        self.salt = salt
        self.declared: frozenset[date] = frozenset()

    @property
    def id(self) -> str:
        """The jurisdiction_id of every row that belongs to it."""
        return self.protocol.id

    @property
    def language(self) -> str:
        """The language of last resort."""
        return self.protocol.languages[0]

    @functools.cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which people read dates."""
        return ZoneInfo(self.protocol.file.pack.timezone)

    @functools.cached_property
    def vocabulary(self) -> Vocabulary:
        """What the reading of posts needs."""
        return Vocabulary.of(self.protocol)

    @functools.cached_property
    def reply_vocabulary(self) -> ReplyVocabulary:
        """What the reading of replies needs."""
        return ReplyVocabulary.of(self.protocol.words)

    @functools.cached_property
    def date_words(self) -> dates.Lexicon:
        """What the reading of dates needs, in all languages at once."""
        return dates.Lexicon.of([words.dates for words in self.protocol.words.values()])

    @functools.cached_property
    def beginnings(self) -> re.Pattern[str]:
        """The words before the first day of an office, in all languages at once."""
        return terms.beginnings(word for words in self.protocol.words.values() for word in words.dates.starting)

    @functools.cached_property
    def calendar(self) -> WorkCalendar:
        """Working time and holidays, those that were declared while the bot ran among them."""
        return with_holidays(calendar_for(self.protocol), self.declared)

    def holiday_name(self, day: date, language: str) -> str:
        """What the pack, or else its country, calls a day off; "" where neither knows it."""
        file, country = self.protocol.calendar, self.protocol.file.pack.country
        own = next((one.name for one in file.holiday if one.day == day), None)
        if own is not None:
            return own.get(language) or own[self.language]
        return public_holiday(day, country, language) if file.library else ""

    def declare(self, days: Iterable[date]) -> None:
        """From now on these local days, and no others, are holidays besides those of the pack."""
        declared = frozenset(days)
        if declared != self.declared:
            self.declared = declared
            for compiled in ("calendar", "pace"):
                vars(self).pop(compiled, None)

    def declaring(self, days: Iterable[date]) -> Jurisdiction:
        """The same jurisdiction with these holidays, while the one that all others use stays as it is."""
        other = copy.copy(self)
        other.declare(days)
        return other

    @functools.cached_property
    def pace(self) -> Pace:
        """Who is chased when."""
        return Pace(Ladders.of(self.protocol), Mornings(self.calendar))

    @functools.cached_property
    def catalogue(self) -> Catalogue:
        """The texts."""
        return Catalogue(self.protocol)

    @functools.cached_property
    def name_lore(self) -> NameLore:
        """What betrays a person in free text that is to be published."""
        return NameLore.of(self.protocol)

    @functools.cached_property
    def titles(self) -> tuple[str, ...]:
        """Titles of all languages, as people are addressed by them."""
        return tuple(title for words in self.protocol.words.values() for title in words.titles)

    @functools.cached_property
    def command_aliases(self) -> Mapping[str, str]:
        """Alias (folded) -> command, over all languages."""
        return {
            alias.casefold(): command
            for words in self.protocol.words.values()
            for command, aliases in words.commands.items()
            for alias in (command, *aliases)
        }

    @functools.cached_property
    def mark_words(self) -> Mapping[str, str]:
        """A mark under a line that asks -> the words that it stands for, over all languages."""
        return {mark: said for words in self.protocol.words.values() for mark, said in words.marks.items()}

    def word_of_mark(self, mark: str) -> str | None:
        """The words that a mark under a line that asks stands for ("✅"), in any language; None of any other text."""
        return self.mark_words.get(mark.replace("\ufe0f", ""))

    @functools.cached_property
    def elsewhere_words(self) -> ElsewhereWords:
        """How officers say that a request is another department's, in all languages at once."""
        named = {
            code: (code, one.agency_responsible, *one.name.values(), *one.aliases)
            for code, one in self.protocol.departments.items()
        }
        return ElsewhereWords.of(self.protocol.words, named)

    @functools.cached_property
    def safety_words(self) -> SafetyWords:
        """How people say that nobody is in danger any more, in all languages at once."""
        return SafetyWords.of(self.protocol.words)

    @functools.cached_property
    def taken_back_words(self) -> TakenBackWords:
        """How people take back what they posted, in all languages at once."""
        return TakenBackWords.of(self.protocol.words)

    @functools.cached_property
    def everyday_words(self) -> frozenset[str]:
        """Folded words that tell no need from another."""
        return _words(self.protocol.reading.form.common)

    @functools.cached_property
    def place_words(self) -> frozenset[str]:
        """Folded words for kinds of places, which tell no place from another."""
        form = self.protocol.reading.form
        return _words(form.places) | _words(form.places_before) | _words(form.before_place)

    @functools.cached_property
    def pointing(self) -> Pointing:
        """How people point at one of several requests, in all languages."""
        counting = [words.counting for words in self.protocol.words.values()]
        most = max((len(words.ordinals) for words in counting), default=0)
        ordinals = [
            frozenset(
                fold(phrase) for words in counting for phrases in words.ordinals[at : at + 1] for phrase in phrases
            )
            for at in range(most)
        ]
        counters = frozenset(fold(word) for words in counting for word in words.counters)
        everything = frozenset(fold(phrase) for words in counting for phrase in words.everything)
        return Pointing(counters, ordinals, self.everyday_words, self.place_words, everything)

    @functools.cached_property
    def outcome_words(self) -> Mapping[str, tuple[str, ...]]:
        """Outcome of a refusal -> the phrases that open it, over all languages."""
        found: dict[str, tuple[str, ...]] = {}
        for words in self.protocol.words.values():
            for outcome, phrases in words.outcomes.items():
                found[outcome] = (*found.get(outcome, ()), *phrases)
        return found

    @functools.cached_property
    def hidden_topics(self) -> frozenset[str]:
        """The most sensitive topics: outside the department nobody sees their ward, their name or the hour."""
        return frozenset(topic.code for topic in self.protocol.reading.topic if topic.no_ward)

    def hides(self, request: ServiceRequest) -> bool:
        """Whether a request is shown without ward and topic: its topic is most sensitive, or it was protected."""
        return request.topic in self.hidden_topics or request.protected_at is not None

    def blank_form(self, language: str) -> str:
        """The form to be filled in: its header, then the first label of each field that the printed form asks for."""
        reading, default = self.protocol.reading, self.language
        asked = [part for part in reading.field if part.code in ("location", "problem", "priority")]
        labels = [(part.labels.get(language) or part.labels[default])[0] for part in asked]
        headers = reading.form.headers.get(language) or reading.form.headers[default]
        return "\n".join([headers[0].upper(), *(f"{label[:1].upper()}{label[1:]}: " for label in labels)])

    @functools.cached_property
    def prefixes(self) -> tuple[str, ...]:
        """The letters with which this jurisdiction's references begin."""
        departments = tuple(department.prefix for department in self.protocol.file.department)
        return (*departments, self.protocol.reading.private_route.series)


def _words(words: Words) -> frozenset[str]:
    return frozenset(word for phrases in words.values() for phrase in phrases for word in fold(phrase).split())
