"""What a reply in people's own words means: one reading for the whole text, with the reason for it.

Pure. The rules, from the design of words as acts: nothing but the citizen's clear word closes a request, so a question,
an "if", a "but" or a half of it changes nothing; a yes beside words that nothing bears out ("yes, send another lorry")
is only a maybe, to be asked back; a "not yet" is heard before a "yes"; who may say what is not asked here, a reading is
of the text alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from groupbot.protocol import ReplyWords, VerbWords, WordsFile
from groupbot.rules.replies.hearing import find_signs
from groupbot.rules.replies.signs import Sign, Signs
from groupbot.rules.replies.spoken import Lexicon, Manner, find_marks, fold_lexicon, plain, spoken, without_noise

Meaning = Literal[
    "yes", "maybe_yes", "not_yet", "question", "conditional", "later", "done", "chase", "seen", "thanks", "say_so",
    "empty",
]  # fmt: skip
_FOR: tuple[Sign, ...] = ("agrees", "done", "yes")
_CLAIMED: tuple[Sign, ...] = ("done_by_worker", "worker_gained")
_AGAINST: tuple[Sign, ...] = ("against", "against_if_asked", "in_part")
_HOLLOW = frozenset(
    {"empty_answers", "yes", "assent", "no", "seen", "thanks", "fillers", "small", "polite", "joins", "contrast"}
)

_IN_PART = "agreed in part"
_A_BUT = "a but"
_MOST_OF_BOTH = 4  # words: "reply YES or NOT YET"
READ_LENGTH = 2_000  # characters of the longest reply


@dataclass(frozen=True, slots=True)
class ReplyReading:
    """What a reply means and the name of the rule that says so."""

    meaning: Meaning
    reason: str

    @property
    def agrees(self) -> bool:
        """A yes to something that a word takes back as easily: whatever else is said beside it."""
        return self.meaning in ("yes", "maybe_yes")

    @property
    def is_mixed(self) -> bool:
        """It agrees and takes some of it back in the same breath: "yes but only half the houses"."""
        return self.meaning == "conditional" and self.reason in (_IN_PART, _A_BUT)


@dataclass(frozen=True, slots=True)
class ReplyVocabulary:
    """The reply words of all languages of a pack, folded once: people mix English, Swahili and sheng in one line."""

    lexicon: Lexicon
    hollow: Lexicon  # words that inform of nothing, for `says_nothing`

    @classmethod
    def of(cls, words: Mapping[str, WordsFile]) -> ReplyVocabulary:
        """Fold the words files of a pack, by language."""
        replies = [file.replies for file in words.values()]
        beginnings: dict[str, frozenset[Manner]] = {}
        for beginning, manner in (pair for language in replies for pair in _beginnings(language.verbs)):
            beginnings[beginning] = beginnings.get(beginning, frozenset()) | {manner}
        stems = [(kind, stem) for language in replies for kind, listed in language.stems.items() for stem in listed]
        objects = [inner for language in replies for inner in language.verbs.objects]
        contractions = {key: meant for language in replies for key, meant in language.contractions.items()}
        infinitives = tuple(mark for language in replies for mark in language.verbs.infinitives)
        coming = tuple(start for language in replies for start in language.verbs.future_starts)
        phrases = [pair for language in replies for pair in _phrases(language)]
        spoken_of = [(kind, phrase) for kind, phrase in phrases if kind not in ("empty_answers", "mocking")]
        hollow = [(kind, phrase) for kind, phrase in phrases if kind in _HOLLOW]
        return cls(
            replace(
                fold_lexicon(spoken_of, stems, beginnings, objects, contractions),
                infinitives=infinitives,
                future_starts=coming,
                mocking=tuple(emoji for language in replies for emoji in language.mocking),
                numbers=frozenset(number for file in words.values() for number in file.dates.numbers),
                verb_endings=tuple(ending for language in replies for ending in language.verbs.endings),
            ),
            fold_lexicon(hollow, (), {}, (), contractions),
        )


def _phrases(words: ReplyWords) -> Iterator[tuple[str, str]]:
    for kind in type(words).model_fields:
        listed = getattr(words, kind)
        if isinstance(listed, tuple):
            yield from ((kind, phrase) for phrase in listed)


def _beginnings(verbs: VerbWords) -> Iterator[tuple[str, Manner]]:
    yield from ((subject + tense, "held") for subject in verbs.subjects for tense in verbs.held)
    yield from ((subject + tense, "present") for subject in verbs.subjects for tense in verbs.present)
    yield from ((subject + tense, "unreal") for subject in verbs.subjects for tense in verbs.unreal)
    yield from ((subject + tense, "refused") for subject in verbs.refusals for tense in verbs.refusal_tenses)
    tenses = (*verbs.held, *verbs.present)
    yield from ((person + tense, "person") for person in verbs.persons for tense in tenses)
    yield from ((beginning, "own") for beginning in verbs.own)
    yield from ((beginning, "promised") for beginning in verbs.promises)


# --- reading ---------------------------------------------------------------------------------------------------------


def read_reply(text: str, vocabulary: ReplyVocabulary, *, asked: bool = False) -> ReplyReading:
    """The meaning of a reply's whole text.

    `asked`: the bot has asked this person whether the citizen is satisfied; only then do plain words ("yes", "bado")
    and bare facts ("water is back", "no change") count as the answer. A text too long for a reply is only information:
    what was not read might take it back.
    """
    if len(text) > READ_LENGTH:
        return ReplyReading("say_so", "too long for a reply")
    signs = find_signs(text, vocabulary.lexicon)
    if not signs.words:
        return ReplyReading("empty", "no words")
    _forget_the_past(signs)
    return (
        _against(signs, asked)
        or _changes_nothing(signs, asked)
        or _refusal(signs, asked)
        or _agreement(signs, asked)
        or _information(signs, asked)
    )


def _forget_the_past(signs: Signs) -> None:
    """ "It was leaking, now it is fixed": what once spoke against no longer does when agreement follows it."""
    agreed = max(signs.last(sign) for sign in _FOR)
    for sign in _AGAINST:
        places = signs.places.get(sign, [])
        signs.places[sign] = [place for place in places if not (place in signs.past and place < agreed)]


def _against(signs: Signs, asked: bool) -> ReplyReading | None:
    """The citizen's disagreement is heard before anything else; a chase before a plain word of delay."""
    if signs.has("against"):
        return ReplyReading("not_yet", "not satisfied")
    if signs.has("chase") and not (asked and signs.has("not_yet", "against_if_asked")):
        return ReplyReading("chase", "asks for word")
    return None


def _changes_nothing(signs: Signs, asked: bool) -> ReplyReading | None:
    if signs.has("question"):
        if asked and signs.has("not_yet") and not signs.has("promise"):
            return ReplyReading("not_yet", "plain not yet, and a question")
        return ReplyReading("question", "asks something")
    if signs.has("promise") and (asked or not signs.has("seen")):
        if signs.first("condition") < signs.first("promise"):
            return ReplyReading("conditional", "a condition")
        return ReplyReading("later", "will ask or tell")
    if signs.has("unconfirmed"):
        return ReplyReading("later", "not confirmed")
    return None


def _refusal(signs: Signs, asked: bool) -> ReplyReading | None:
    """Plain words and bare facts that mean no, once the bot has asked; "not yet" in company means it always."""
    if asked and signs.has("not_yet") and signs.has("yes") and signs.told <= _MOST_OF_BOTH:
        return ReplyReading("conditional", "both")  # "YES / NOT YET": the question, not an answer
    if signs.has("not_yet") and (asked or signs.told > 2):
        return ReplyReading("not_yet", "plain not yet")
    if not asked or not signs.has("no", "against_if_asked", "in_part"):
        return None
    if signs.has(*_FOR):
        refuted = _is_refuted(signs)
        return ReplyReading("not_yet", refuted) if refuted else ReplyReading("conditional", _IN_PART)
    if signs.has("no"):
        return ReplyReading("not_yet", "plain no")
    return None if signs.has("condition") else ReplyReading("not_yet", "not so")


def _is_refuted(signs: Signs) -> str:
    """Why an agreement that is also gainsaid is a plain no, or an empty string: a no that opens it, or a relapse."""
    if signs.has("condition", "hedge", "unsure"):
        return ""
    agreed = [place for sign in _FOR for place in signs.places.get(sign, ())]
    if signs.last("relapse") > max(agreed):
        return "it was so, and is no longer"  # "fixed on Monday, today it is broken again"
    opens = signs.first("no") < min(agreed)
    return "plain no, and what is lacking" if opens and signs.has("against_if_asked", "in_part") else ""


def _agreement(signs: Signs, asked: bool) -> ReplyReading | None:
    """The citizen's word, or what is an answer because the bot asked, when nothing in the text qualifies it."""
    agrees_in_a_word = signs.has("yes") or (signs.assent_only and not signs.mere_assent)
    plainly = asked and agrees_in_a_word and (not signs.has("seen") or signs.has("borne_out"))
    if not plainly and not signs.has("agrees", "done", *_CLAIMED):
        return None
    answers = asked and signs.has("done") and not signs.has(*_CLAIMED) and signs.told > 1
    qualified = _qualified(signs, claim=not plainly and not signs.has("agrees"))
    if qualified:
        return ReplyReading("conditional", qualified)
    if signs.mocked and (plainly or answers or signs.has("agrees")):
        return ReplyReading("maybe_yes", "a yes, and a grin")
    if signs.has("agrees"):
        return ReplyReading("yes", "the citizen agrees")
    if plainly:
        borne_out = _is_borne_out(signs)
        return ReplyReading("yes", "plain yes") if borne_out else ReplyReading("maybe_yes", "a yes, and other words")
    if answers:
        return ReplyReading("yes", "it is so")
    return ReplyReading("done", "says it is done")


def _is_borne_out(signs: Signs) -> bool:
    """Whether what stands beside a plain yes lets it be one: courtesies, a single word, or what the citizen would say.

    The list of what takes a yes back has no end ("yes, pay me first"), so what is not known is not believed.
    """
    if signs.has("seen"):
        return False
    if signs.has("done", "done_by_worker", "borne_out"):
        return True
    if signs.has("worker_gained", "led_up") or signs.verbs or signs.counted:
        return False
    return signs.informative == 0 or signs.told <= 1 or signs.thanks  # one word more is mostly a name


def _qualified(signs: Signs, *, claim: bool) -> str:
    """Why an agreement is none, or an empty string. A mere claim of work done is not spoiled by an "if" elsewhere."""
    if signs.has("condition") and not claim:
        return "a condition"
    if signs.has("against_if_asked", "in_part", "no"):
        return _IN_PART
    if signs.has("unsure") or (signs.has("hedge") and not claim):
        return "not sure"
    if signs.has("unreal") and not signs.has("agrees", "done", *_CLAIMED):
        return "still to come"
    if signs.has("ahead") and not signs.has("agrees", "done", *_CLAIMED):
        return "something to come"
    settled = max(signs.last(sign) for sign in (*_FOR, *_CLAIMED))
    return _A_BUT if signs.last("contrast") > settled else ""


def _information(signs: Signs, asked: bool) -> ReplyReading:
    if signs.has("unsure"):
        return ReplyReading("conditional", "not sure")
    if signs.has("condition") and (asked or signs.has("unreal", "yes")):
        return ReplyReading("conditional", "a condition")
    if signs.has("seen"):
        return ReplyReading("seen", "first word")
    if signs.assent_only:
        return ReplyReading("seen", "plain assent")
    if signs.thanks and signs.informative <= 1:
        return ReplyReading("thanks", "thanks")
    return ReplyReading("say_so", "other words")


# --- answers ---------------------------------------------------------------------------------------------------------


def says_nothing(text: str, vocabulary: ReplyVocabulary) -> str | None:
    """Why an answer says nothing of what was done, or None when it says something.

    Reasons: "no words", "only a reference", "no facts" (done, ok, noted), "one word". An answer must show how it was
    settled (design, life of a request), so two words that inform are the least.
    """
    folded = plain(text[:READ_LENGTH])
    words = spoken(without_noise(folded), vocabulary.lexicon.contractions).words
    if not words:
        return "only a reference" if any(sign.isalnum() for sign in folded) else "no words"
    marks = find_marks(words, vocabulary.hollow)
    hollow = {place for mark in marks for place in range(mark.start, mark.end)}
    told = {word for place, word in enumerate(words) if place not in hollow and len(word) > 1}
    if not told:
        return "no facts"
    return "one word" if len(told) < 2 else None


def gives_no_reason(text: str, vocabulary: ReplyVocabulary) -> bool:
    """Whether words after a command give no reason: of a reason, other than of an answer, one word is enough."""
    return says_nothing(text, vocabulary) not in (None, "one word")
