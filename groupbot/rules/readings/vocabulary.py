"""All words of a pack, folded and compiled once; what the reading rules look things up in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from rapidfuzz.distance import OSA

from groupbot.protocol import Protocol, Topic, Words
from groupbot.protocol.weights import each
from groupbot.rules.readings.labels import LabelTable
from groupbot.rules.readings.phrases import Heard, Phrases
from groupbot.rules.readings.weights import OfWords, Weights
from groupbot.rules.text import fold
from groupbot.rules.wards import WardTable

_EDGES = " .!?,;:…-–—_*~\"'()[]<>"

_ALL_LEVELS = 3  # different ones: who names so many lists them
_LEVELS_LENGTH = 12  # characters of the shortest such list
_LONGEST_PLACEHOLDER = 48  # characters


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around the fields of a form, as phrase tables; see [form] of reading.toml."""

    headers: dict[str, tuple[tuple[str, ...], ...]]  # initial -> titles, word by word
    placeholders: frozenset[str]
    placeholder_starts: Phrases
    placeholder_words: frozenset[str]  # the first words of those
    anonymous: Phrases
    withheld: Phrases
    notice_details: frozenset[str]
    notices: Phrases
    examples: Phrases
    explains: Phrases
    social: Phrases
    address: Phrases
    signatures: Phrases
    adverts: Phrases
    past: Phrases


@dataclass(frozen=True, slots=True)
class Needs:
    """What makes prose a need, and where in it the place is named."""

    need: Phrases
    lacks: Phrases
    hints: Phrases
    asks: Phrases
    told: Phrases
    tells: frozenset[str]
    titles: frozenset[str]
    coordination: Phrases
    negations: frozenset[str]
    errands: Phrases  # "please share", put together from the pack's polite words and errands
    settled: Phrases
    news: Phrases
    elsewhere: Phrases
    procedure: Phrases
    own: frozenset[str]
    serious: Phrases
    laughter: frozenset[str]  # as written: words and emoji
    talk: Phrases
    places: frozenset[str]
    places_before: frozenset[str]
    before_place: frozenset[str]
    never_place: frozenset[str]


@dataclass(frozen=True, slots=True)
class PrivateWords:
    """What speaks for the private road: [private_route] of reading.toml and [private] of weights.toml."""

    words: Phrases
    harmed: Phrases
    harming: Phrases
    doers: Phrases
    harmless: Phrases
    officials: Phrases
    asking: Phrases
    taking: Phrases
    bribes: Phrases
    money: Phrases
    no_receipt: Phrases
    telling: Phrases  # all of those lists without which none of them speaks for it
    weights: OfWords
    least: float
    asked: float
    listed: float
    pattern: float


@dataclass(frozen=True, slots=True)
class TopicWords:
    """One topic and its words; `sensitive` ones are never shown with their ward, some `anywhere` they are posted."""

    code: str
    service_code: str
    words: Phrases
    sensitive: bool
    anywhere: bool
    telling: Phrases  # of its words, those that also tell the department


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One pack's words, ready for look-up. Build it once per pack with `of`; nothing in it changes."""

    country: str
    languages: tuple[str, ...]
    required: tuple[str, ...]
    max_requests: int
    labels: LabelTable
    label_verbs: frozenset[str]  # "is": between a label and its value
    wards: WardTable
    priorities: dict[str, str]  # folded words -> level
    yes: frozenset[str]  # folded
    priority_phrases: Phrases
    around: Surroundings
    needs: Needs
    weights: Weights
    private: PrivateWords
    topics: tuple[TopicWords, ...]
    topics_of: dict[str, tuple[TopicWords, ...]]  # service code -> what is heard there, in order
    danger: Phrases
    common: dict[str, frozenset[str]]  # language -> its everyday words

    @classmethod
    def of(cls, protocol: Protocol) -> Vocabulary:
        """Compile a pack."""
        reading = protocol.reading
        topics = tuple(
            TopicWords(it.code, it.service_code, _phrases(it.words), it.no_ward, it.anywhere, _telling(it))
            for it in reading.topic
        )
        codes = protocol.departments.keys() | {topic.service_code for topic in topics}
        priorities = {
            _key(word): level.level for level in protocol.file.priority for word in (level.level, *_all(level.words))
        }
        labels = LabelTable.of(protocol)
        return cls(
            country=protocol.file.pack.country,
            languages=protocol.languages,
            required=tuple(field.code for field in reading.field if field.required),
            max_requests=reading.form.max_requests,
            labels=labels,
            label_verbs=frozenset(map(fold, _all(reading.form.label_verbs))),
            wards=WardTable.of(protocol),
            priorities=priorities,
            yes=frozenset(_key(word) for file in protocol.words.values() for word in file.replies.yes),
            priority_phrases=Phrases.of(priorities),
            around=_surroundings(protocol),
            needs=_needs(protocol),
            weights=Weights(protocol.weights.least, each(protocol.weights.words)),
            private=_private(protocol, labels.known | labels.levels),
            topics=topics,
            topics_of={code: tuple(it for it in topics if it.anywhere or it.service_code == code) for code in codes},
            danger=_phrases(reading.danger),
            common={language: frozenset(map(fold, words)) for language, words in reading.form.common.items()},
        )

    def is_of(self, topic: str, service_code: str) -> bool:
        """Whether a topic (its code) is the department's own."""
        return any(it.code == topic and it.service_code == service_code for it in self.topics)

    def priority_of(self, text: str) -> str | None:
        """The level a priority field means: by its words, by words in it, by a slip of one; None when it means none."""
        level = self.priorities.get(text.lower())
        if level is not None:
            return level
        key = _key(text)
        level = self.priorities.get(key)
        if level is not None or not key:
            return level
        named = self.priority_phrases.any(Heard.of(key))
        return self.priority_in(text) if named else self._near_priority(key)

    def level_by_yes(self, label: str, text: str) -> str | None:
        """The level that a label names by itself ("Dharura: ndio"), where the text under it is a yes."""
        return self.priority_of(label) if _key(text) in self.yes else None

    def priority_in(self, text: str) -> str | None:
        """The level that words inside a text name, the longest first ("not urgent" before "urgent").

        A text that names every level is the list to choose from, not a choice.
        """
        heard, own = self._levels_in(text)
        if not own or len(set(own.values())) >= _ALL_LEVELS:
            return None
        return own[min(own, key=lambda phrase: heard.line.find(f" {phrase} "))]

    def names_all_levels(self, text: str) -> bool:
        """Whether a text is the list of levels to choose from."""
        return len(text) > _LEVELS_LENGTH and len(set(self._levels_in(text)[1].values())) >= _ALL_LEVELS

    def _levels_in(self, text: str) -> tuple[Heard, dict[str, str]]:
        """The words for a level in a text, the longest where one holds another, each with its level."""
        heard = Heard.of(text[:200])
        found = [phrase for phrase in self.priority_phrases.found(heard) if phrase in self.priorities]
        own = [phrase for phrase in found if not any(phrase in longer and phrase != longer for longer in found)]
        return heard, {phrase: self.priorities[phrase] for phrase in own}

    def _near_priority(self, key: str) -> str | None:
        word = key.partition(" ")[0]
        if len(word) < 5:
            return None
        near = {level for known, level in self.priorities.items() if " " not in known and _is_slip(word, known)}
        return near.pop() if len(near) == 1 else None

    def is_placeholder(self, value: str) -> bool:
        """Whether a field's text stands for nothing: empty, "TBD", "see photo", "[insert ...]", "....."."""
        key, around = value.lower(), self.around
        if not key or key in around.placeholders:
            return True
        if not (key[0].isalnum() and key[-1].isalnum()):
            bracketed = key[0] in "[<{" and key[-1] in "]>}"
            if bracketed or (key[0] in "([" and self._only_labels(key)):
                return True
            key = fold(key).strip(_EDGES)
            if key in around.placeholders or not any(map(str.isalnum, key)):
                return True
        if len(key) > _LONGEST_PLACEHOLDER or key.partition(" ")[0] not in around.placeholder_words:
            return False
        return len(key.split()) <= 5 and around.placeholder_starts.opens(Heard.of(key))

    def _only_labels(self, low: str) -> bool:
        """ "(name)", "(emergency / urgent / routine)": the printed form's own words in brackets."""
        words = [word.strip(_EDGES) for word in low.replace("/", " ").split()]
        return all(word in self.labels.exact or word in self.priorities for word in words if word)


def _is_slip(word: str, known: str) -> bool:
    """A slip or two after the right first letter, or only the first letter wrong ("hrgent")."""
    if word[0] != known[0]:
        return word[1:] == known[1:]
    return OSA.distance(word, known, score_cutoff=2) <= _slips(known)


def _slips(known: str) -> int:
    return 2 if len(known) >= 7 else 1


def _key(text: str) -> str:
    return fold(text).strip(_EDGES)


def _all(words: Words) -> Iterable[str]:
    return (word for table in words.values() for word in table)


def _phrases(words: Words) -> Phrases:
    return Phrases.of(_all(words))


def _surroundings(protocol: Protocol) -> Surroundings:
    form = protocol.reading.form
    starts = [word for word in _all(form.placeholders) if word.endswith("*")]
    return Surroundings(
        headers=_titles(_all(form.headers)),
        placeholders=frozenset(_key(word) for word in _all(form.placeholders) if not word.endswith("*")),
        placeholder_starts=Phrases.of(starts),
        placeholder_words=frozenset(fold(word).split()[0] for word in starts),
        anonymous=_phrases(form.anonymous),
        withheld=_phrases(form.withheld),
        notice_details=frozenset(map(fold, _all(form.notice_details))),
        notices=_phrases(form.notices),
        examples=_phrases(form.examples),
        explains=_phrases(form.explains),
        social=_phrases(form.social),
        address=_phrases(form.address),
        signatures=_phrases(form.signatures),
        adverts=_phrases(form.adverts),
        past=_phrases(form.past),
    )


def _titles(headers: Iterable[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    table: dict[str, list[tuple[str, ...]]] = {}
    for header in headers:
        words = fold(header).split()
        table.setdefault(words[0][0], []).append(tuple(words))
    return {initial: tuple(titles) for initial, titles in table.items()}


def _needs(protocol: Protocol) -> Needs:
    form = protocol.reading.form
    return Needs(
        need=_phrases(form.need),
        lacks=_phrases(form.lacks),
        hints=_phrases(form.hints),
        asks=_phrases(form.asks),
        told=_phrases(form.told),
        tells=frozenset(map(fold, _all(form.tells))),
        titles=frozenset(map(fold, _all(form.titles))),
        coordination=_phrases(form.coordination),
        negations=frozenset(map(fold, _all(form.negations))),
        errands=Phrases.of(f"{word} {errand}" for word in _all(form.polite) for errand in _all(form.errands)),
        settled=_phrases(form.settled),
        news=_phrases(form.news),
        elsewhere=_phrases(form.elsewhere),
        procedure=_phrases(form.procedure),
        own=frozenset(map(fold, _all(form.own))),
        serious=_phrases(form.serious),
        laughter=frozenset(_all(form.laughter)),
        talk=_phrases(form.talk),
        places=frozenset(map(fold, _all(form.places))),
        places_before=frozenset(map(fold, _all(form.places_before))),
        before_place=frozenset(map(fold, _all(form.before_place))),
        never_place=frozenset(map(fold, _all(form.never_place))),
    )


def _telling(topic: Topic) -> Phrases:
    return Phrases.of(word for word in _all(topic.words) if word not in topic.common)


def _private(protocol: Protocol, labels: frozenset[str]) -> PrivateWords:
    route, fitted = protocol.reading.private_route, protocol.weights.private
    return PrivateWords(
        words=_phrases(route.words),
        harmed=_phrases(route.harmed),
        harming=_phrases(route.harming),
        doers=_phrases(route.doers),
        harmless=_phrases(route.harmless),
        officials=_phrases(route.officials),
        asking=_phrases(route.asking),
        taking=_phrases(route.taking),
        bribes=_phrases(route.bribes),
        money=_phrases(route.money),
        no_receipt=_phrases(route.no_receipt),
        telling=Phrases.of(chain(*map(_all, (route.words, route.harming, route.bribes, route.no_receipt))), labels),
        weights=OfWords(each(fitted.words)),
        least=fitted.least,
        asked=fitted.asked,
        listed=fitted.listed,
        pattern=fitted.pattern,
    )
