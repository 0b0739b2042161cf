"""From a reply as typed to the signs in it: what is quoted is left out, what is asked is marked, the rest is weighed.

Pure, and linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from groupbot.protocol import WordsFile
from groupbot.rules.replies.signs import Signs
from groupbot.rules.replies.spoken import (
    Lexicon,
    Mark,
    Spoken,
    find_marks,
    fold_lexicon,
    is_built_like_a_verb,
    plain,
    spoken,
    without_noise,
)
from groupbot.rules.replies.weighing import Scope, weigh

_COURTESY = {"fillers", "thanks", "assent", "yes"}
_SMALL = {"small", "joins", "workers"}
_QUOTE = re.compile(r'"([^"]{0,400})"|(?<![^\W_])\'([^\'\n]{2,200})\'(?![^\W_])')


def find_signs(text: str, lexicon: Lexicon) -> Signs:
    """All signs of a reply's text as it was typed."""
    said = spoken(without_noise(_unquoted(plain(text), lexicon)), lexicon.contractions)
    found = find_marks(said.words, lexicon)
    signs = Signs(words=len(said.words))
    _count(said, found, signs)
    marked = {place for mark in found for place in range(mark.start, mark.end)}
    unknown = [word for place, word in enumerate(said.words) if place not in marked]
    signs.verbs = sum(is_built_like_a_verb(word, lexicon) for word in unknown)
    signs.counted = any(word.isdigit() or word in lexicon.numbers for word in unknown)
    signs.counted |= any("nothing" in mark.kinds for mark in found)
    signs.mocked = any(map(text.casefold().__contains__, lexicon.mocking))
    asking = said.asking | set(asked_in_words(said, found))
    conditional = {said.clause[mark.start] for mark in found if "condition" in mark.kinds}
    weigh(said, found, Scope(asking, conditional, lexicon.infinitives), signs)
    return signs


# --- quotations ------------------------------------------------------------------------------------------------------


def _unquoted(text: str, lexicon: Lexicon) -> str:
    """The text without words quoted from others; what somebody is said to say stays ("she says 'not yet'")."""
    whole = _QUOTE.fullmatch(text.strip())
    if whole:
        return whole.group(1) or whole.group(2) or ""

    def kept(match: re.Match[str]) -> str:
        before = spoken(text[max(0, match.start() - 40) : match.start()], lexicon.contractions).words[-2:]
        says = any("says" in mark.kinds for mark in find_marks(before, lexicon))
        return f" {match.group(1) or match.group(2) or ''} " if says else " , "

    return _QUOTE.sub(kept, text)


# --- questions -------------------------------------------------------------------------------------------------------


def asked_in_words(said: Spoken, found: Sequence[Mark]) -> Iterator[int]:
    """Sentences that are questions by their words: one that opens it, or one that asks wherever it stands."""
    opening: dict[int, int] = {}  # sentence -> the place where, after greetings, it begins
    for place, sentence in enumerate(said.sentence):
        opening.setdefault(sentence, place)
    for mark in found:
        sentence = said.sentence[mark.start]
        opens = mark.start == opening[sentence]
        if "question_anywhere" in mark.kinds or ("question" in mark.kinds and opens):
            yield sentence
        if opens and mark.kinds & {"fillers", "thanks", "seen", "joins", "contrast", "yes"}:
            opening[sentence] = mark.end


def unasserted(said: Spoken, found: Sequence[Mark]) -> set[int]:
    """Sentences that assert nothing: those that ask, and those that make a condition."""
    conditional = {said.sentence[mark.start] for mark in found if "condition" in mark.kinds}
    return conditional | said.asking | set(asked_in_words(said, found))


def lexicon_beside(phrases: Iterable[tuple[str, str]], words: Mapping[str, WordsFile], kinds: Iterable[str]) -> Lexicon:
    """These (kind, phrase) pairs, folded together with some kinds of the words of replies in all languages."""
    replies = [file.replies for file in words.values()]
    beside = [(kind, phrase) for kind in kinds for file in replies for phrase in getattr(file, kind)]
    contractions = {key: meant for file in replies for key, meant in file.contractions.items()}
    return fold_lexicon([*phrases, *beside], (), {}, (), contractions)


# --- counting --------------------------------------------------------------------------------------------------------


def _count(said: Spoken, found: Sequence[Mark], signs: Signs) -> None:
    """How much is said besides courtesies, and whether nothing but assent is."""
    courtesy = small = 0
    kinds = frozenset[str]().union(*(mark.kinds for mark in found))
    for mark in found:
        if mark.kinds & _COURTESY:
            courtesy += mark.end - mark.start
        elif mark.kinds & _SMALL:
            small += mark.end - mark.start
    built = sum(mark.built for mark in found)  # a built verb is a whole sentence: "it has been repaired"
    signs.told = signs.words - courtesy + built
    signs.informative = signs.words - courtesy - small
    signs.thanks = "thanks" in kinds
    signs.mere_assent = any({"assent", "seen"} <= mark.kinds for mark in found)
    signs.assent_only = "assent" in kinds and signs.informative == 0
