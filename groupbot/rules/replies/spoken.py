"""A reply as spoken words: its words with their clauses, the phrases among them, and verbs built from parts.

Pure. Work is linear in the length of the text: no pattern here can go back over more than a bounded stretch.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from groupbot.rules.text import INVISIBLE, MAX_LENGTH, without_struck

Manner = Literal["held", "present", "unreal", "refused", "promised", "own", "person"]
_HELD: frozenset[Manner] = frozenset({"held"})
_UNREAL: frozenset[Manner] = frozenset({"unreal"})
_COMING = frozenset({"coming"})

_STRAIGHT = str.maketrans({**dict.fromkeys("’‘ʼ‛`´′", "'"), **dict.fromkeys("“”„‟«»", '"')})
_NOISE = re.compile(r"https?://\S+|@[\w.:\-]+")
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_REFERENCE = re.compile(r"\b[^\W\d_]{3}[-/ ]?\d{2}[-/ ]?[\do]{3,6}(?:[-/ ]?[^\W\d_])?\b")
_PIECE = re.compile(r"\d+(?:[.,:]\d+)+|[^\W_]+(?:'[^\W_]+)*|[%?!;,:()\n…]|\.(?=\s|\.|$)|(?<=\s)[-–—]+(?=\s)")
_SENTENCE_ENDS = frozenset("?!.\n…")
_TYPO_LENGTH = 8  # a shorter word is too often one letter away from another word
_LONGEST_WORD = 24
_SHORTEST_COMING = 6
_LONGEST_BEGINNING = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A phrase found in a text: what it may mean, its span of words, and for a built verb how it may be meant."""

    kinds: frozenset[str]
    start: int
    end: int
    manners: frozenset[Manner] = _HELD
    built: bool = False


@dataclass(slots=True)
class Spoken:
    """A text as words: each word's clause and sentence, and the sentences that end with a question mark."""

    words: list[str] = field(default_factory=list)
    clause: list[int] = field(default_factory=list)
    sentence: list[int] = field(default_factory=list)
    asking: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases by their first word (longest first), beginnings and stems of built verbs, and the words worth mending."""

    starting: Mapping[str, Sequence[tuple[tuple[str, ...], frozenset[str]]]]
    known: frozenset[str]
    mendable: Mapping[str, tuple[str, ...]]  # long words by first letter
    contractions: Mapping[str, str]
    beginnings: Mapping[str, frozenset[Manner]]
    stems: Mapping[str, frozenset[str]]
    objects: tuple[str, ...]
    infinitives: tuple[str, ...] = ()
    future_starts: tuple[str, ...] = ()
    verb_endings: tuple[str, ...] = ()
    mocking: tuple[str, ...] = ()  # emoji
    numbers: frozenset[str] = frozenset()  # "two", "mbili"


# --- words -----------------------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """The text in one case and form: no accents, no invisible marks, nothing struck out, straight quotes."""
    text = INVISIBLE.sub("", without_struck(text)).translate(_STRAIGHT)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)[:MAX_LENGTH]  # one sign may become eighteen
        text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return text.casefold()


def without_noise(text: str) -> str:
    """A plain text without links, mentions, references and lines quoted from others."""
    return _REFERENCE.sub(" ", _NOISE.sub(" ", _QUOTED_LINE.sub("", text)))


def spoken(text: str, contractions: Mapping[str, str]) -> Spoken:
    """The words of a plain text with their clauses and sentences."""
    said = Spoken()
    clause = sentence = 0
    for match in _PIECE.finditer(text):
        piece = match.group()
        if piece[0].isalnum() or piece == "%":
            for word in _opened(piece, contractions):
                said.words.append(word)
                said.clause.append(clause)
                said.sentence.append(sentence)
            continue
        clause += 1
        if piece == "?" and said.words and not text[match.end() : match.end() + 1].isalnum():
            said.asking.add(said.sentence[-1])  # "what!?" too: the last sentence that has words
        if piece in _SENTENCE_ENDS:
            sentence += 1
    return said


def _opened(word: str, contractions: Mapping[str, str]) -> list[str]:
    """A word, or those that a contraction stands for: whole words ("dont") or an ending ("jane's")."""
    if word in contractions:
        return contractions[word].split()
    start, mark, ending = word.rpartition("'")
    if mark and "'" + ending in contractions:
        return [start, *contractions["'" + ending].split()]
    return [word]


# --- phrases ---------------------------------------------------------------------------------------------------------


def find_marks(words: Sequence[str], lexicon: Lexicon) -> list[Mark]:
    """Every phrase in the words, the longest at each place, left to right and never overlapping."""
    known = {word: _mended(word, lexicon) for word in set(words)}
    mended = [known[word] for word in words]
    found: list[Mark] = []
    place = 0
    while place < len(mended):
        word = mended[place]
        mark = _phrase_at(mended, place, lexicon) or _verb_at(word, place, lexicon) or _coming_at(word, place, lexicon)
        if mark is not None:
            found.append(mark)
        place = mark.end if mark is not None else place + 1
    return found


def _phrase_at(words: Sequence[str], place: int, lexicon: Lexicon) -> Mark | None:
    for phrase, kinds in lexicon.starting.get(words[place], ()):
        end = place + len(phrase)
        if tuple(words[place:end]) == phrase:
            return Mark(kinds, place, end)
    return None


def _verb_at(word: str, place: int, lexicon: Lexicon) -> Mark | None:
    """A built verb: the longest known beginning whose rest is a stem, with or without an object between."""
    for cut in range(min(len(word) - 2, _LONGEST_BEGINNING), 0, -1):
        manners = lexicon.beginnings.get(word[:cut])
        kinds = _stem(word[cut:], lexicon) if manners else frozenset()
        if manners and kinds:
            return Mark(_by_subject(kinds, manners), place, place + 1, manners, built=True)
    return None


def is_built_like_a_verb(word: str, lexicon: Lexicon) -> bool:
    """Whether a word, of any stem, has the beginning and the end of a verb that is a sentence by itself."""
    if len(word) < _SHORTEST_COMING or not word.endswith(lexicon.verb_endings):
        return False
    return any(word[:cut] in lexicon.beginnings for cut in range(3, _LONGEST_BEGINNING))


def _coming_at(word: str, place: int, lexicon: Lexicon) -> Mark | None:
    """A verb of any stem that tells of what is to come ("atangoja", she will wait)."""
    coming = len(word) >= _SHORTEST_COMING and word.startswith(lexicon.future_starts)
    return Mark(_COMING, place, place + 1, _UNREAL, built=True) if coming else None


def _by_subject(kinds: frozenset[str], manners: frozenset[Manner]) -> frozenset[str]:
    """ "tumepokea", we have received it, is a receipt; "amepokea", she has received it, is the citizen's word."""
    if "seen" not in kinds:
        return kinds
    return frozenset({"seen"}) if "own" in manners else kinds - {"seen"}


def _stem(rest: str, lexicon: Lexicon) -> frozenset[str]:
    for inner in ("", *lexicon.objects):
        if rest.startswith(inner) and rest[len(inner) :] in lexicon.stems:
            return lexicon.stems[rest[len(inner) :]]
    return frozenset()


# --- mending ---------------------------------------------------------------------------------------------------------


def _mended(word: str, lexicon: Lexicon) -> str:
    """The known word meant by a stretched one ("yesss") or by a long one mistyped once; else the word itself."""
    if _is_known(word, lexicon):
        return word
    for kept in (2, 1):
        shorter = _shortened(word, kept)
        if shorter != word and _is_known(shorter, lexicon):
            return shorter
    return _retyped(word, lexicon)


def _is_known(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.known or _verb_at(word, 0, lexicon) is not None


def _shortened(word: str, kept: int) -> str:
    """The word with long runs of one letter, and a run of any length at its end, cut to `kept` letters."""
    runs = list(_runs(word))
    last = len(runs) - 1
    return "".join(
        sign * (min(length, kept) if length > 2 or place == last else length)
        for place, (sign, length) in enumerate(runs)
    )


def _runs(word: str) -> Iterator[tuple[str, int]]:
    start = 0
    for place in range(1, len(word) + 1):
        if place == len(word) or word[place] != word[start]:
            yield word[start], place - start
            start = place


def _retyped(word: str, lexicon: Lexicon) -> str:
    # The first letter must be right: negations are beginnings (ameridhika, hajaridhika; satisfied, unsatisfied).
    if not _TYPO_LENGTH <= len(word) <= _LONGEST_WORD:
        return word
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extractOne

    near = extractOne(word, lexicon.mendable.get(word[0], ()), scorer=OSA.distance, score_cutoff=1)
    return str(near[0]) if near else word


# --- folding a vocabulary --------------------------------------------------------------------------------------------


def fold_lexicon(
    phrases: Iterable[tuple[str, str]],
    stems: Iterable[tuple[str, str]],
    beginnings: Mapping[str, frozenset[Manner]],
    objects: Iterable[str],
    contractions: Mapping[str, str],
) -> Lexicon:
    """A vocabulary ready for `find_marks`, from (kind, phrase) and (kind, stem) pairs."""
    kinds = _gathered((tuple(spoken(plain(phrase), contractions).words), kind) for kind, phrase in phrases)
    by_stem = _gathered(((stem,), kind) for kind, stem in stems)
    starting: dict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = {}
    for words in sorted(filter(None, kinds), key=len, reverse=True):
        starting.setdefault(words[0], []).append((words, kinds[words]))
    known = frozenset(word for words in kinds for word in words)
    built = (beginning + stem for (stem,) in by_stem for beginning in beginnings)
    return Lexicon(
        starting=starting,
        known=known,
        mendable=_by_first_letter({*known, *built}),
        contractions=contractions,
        beginnings=beginnings,
        stems={stem: found for (stem,), found in by_stem.items()},
        objects=tuple(objects),
    )


def _gathered(pairs: Iterable[tuple[tuple[str, ...], str]]) -> dict[tuple[str, ...], frozenset[str]]:
    found: dict[tuple[str, ...], set[str]] = {}
    for words, kind in pairs:
        found.setdefault(words, set()).add(kind)
    return {words: frozenset(kinds) for words, kinds in found.items()}


def _by_first_letter(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word in sorted(words):
        if len(word) >= _TYPO_LENGTH:
            found.setdefault(word[0], []).append(word)
    return {letter: tuple(members) for letter, members in found.items()}
