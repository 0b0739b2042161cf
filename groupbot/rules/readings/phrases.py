"""Finding many words and phrases in one text at once.

A phrase is whole words ("no water"); a trailing `*` lets its last word go on ("imeharib*"), a leading one lets its
first word begin earlier ("*itishwa chai"). Punctuation between words counts as a space.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from groupbot.rules.text import fold

# Plain ASCII in one step, as bytes, where a table costs nothing: lower case, a space for every mark but the dropped.
_LETTERS, _MARKS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"!#$%&()*+,-./:;<=>?@[\\]^_{|}~\t\n\r"
_PLAIN = bytes.maketrans(_LETTERS + _MARKS, _LETTERS.lower() + b" " * len(_MARKS))
_DROPPED = b"'\"`"
_NOT_WORDS = re.compile(r"[^\w ]+")


class Heard(NamedTuple):
    """A text taken apart once, for any number of phrase tables: " all its words ", and the set of them."""

    line: str
    words: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Heard:
        """Take a text apart. Folding is done here."""
        return _heard(text)


def _taken_apart(text: str) -> Heard:
    words = _words(text)
    return Heard(f" {' '.join(words)} ", frozenset(words))


# Several rules look into the same few texts of a post, one after the other.
_heard = functools.lru_cache(maxsize=16)(_taken_apart)


def _words(text: str) -> list[str]:
    if text.isascii():
        return text.encode().translate(_PLAIN, _DROPPED).decode().split()
    return _NOT_WORDS.sub(" ", fold(text)).split()


@dataclass(frozen=True, slots=True)
class Phrases:
    """A compiled table of phrases. An empty table finds nothing."""

    singles: frozenset[str]
    firsts: frozenset[str]
    by_first: dict[str, tuple[str, ...]]  # first word -> phrases, as " a b c ", or " a b c" where the last may go on
    stems: tuple[str, ...]  # the other wildcard phrases, as substrings of the line
    lasts: frozenset[str]
    by_last: dict[str, tuple[str, ...]]  # the last word -> those that may begin within a word
    loose: tuple[str, ...]  # the others: a word's beginning or its ending

    @classmethod
    def of(cls, phrases: Iterable[str]) -> Phrases:
        """Compile; see the module for what `*` means."""
        singles, by_first, stems = set[str](), dict[str, list[str]](), list[str]()
        for phrase in phrases:
            words = _words(phrase)
            if not words:
                continue
            sought = ("" if phrase[0] == "*" else " ") + " ".join(words) + ("" if phrase[-1] == "*" else " ")
            if phrase[0] == "*" or (phrase[-1] == "*" and len(words) == 1):
                stems.append(sought)
            elif len(words) == 1:
                singles.add(words[0])
            else:
                by_first.setdefault(words[0], []).append(sought)
        table = {first: tuple(sorted(group, key=len, reverse=True)) for first, group in by_first.items()}
        every, by_last, loose = _sorted(stems)
        return cls(frozenset(singles), frozenset(table), table, every, frozenset(by_last), by_last, loose)

    def found(self, heard: Heard) -> tuple[str, ...]:
        """Every phrase that occurs, sorted."""
        found = set(self.singles & heard.words)
        for first in self.firsts & heard.words:
            found.update(phrase.strip() for phrase in self.by_first[first] if phrase in heard.line)
        found.update(stem.strip() for stem in self._near(heard) if stem in heard.line)
        return tuple(sorted(found))

    def any(self, heard: Heard) -> bool:
        """Whether at least one phrase occurs."""
        line, words = heard
        if not self.singles.isdisjoint(words):
            return True
        if not self.firsts.isdisjoint(words):
            for first in self.firsts & words:
                if any(map(line.__contains__, self.by_first[first])):
                    return True
        return bool(self.stems) and any(map(line.__contains__, self._near(heard)))

    def any_in(self, text: str) -> bool:
        """As `any`, of a short text that no other rule looks into: it is not kept."""
        return self.any(_taken_apart(text))

    def opens(self, heard: Heard) -> bool:
        """Whether the text begins with one of the phrases."""
        line = heard.line
        first = line[1 : line.find(" ", 1)] if len(line) > 2 else ""
        return first in self.singles or line.startswith(self.by_first.get(first, ())) or line.startswith(self.stems)

    def open_text(self, text: str) -> bool:
        """As `opens`, of a text that is taken apart only where its first word may begin a phrase."""
        first = text.partition(" ")[0].lower()
        known = first in self.singles or first in self.firsts or self.stems
        return bool(known or not (first.isalnum() and first.isascii())) and self.opens(Heard.of(text))

    def _near(self, heard: Heard) -> Sequence[str]:
        """The wildcard phrases that may occur: of those that end with a word, the ones whose word the text has."""
        words = heard.words
        if self.lasts.isdisjoint(words):
            return self.loose
        return [*self.loose, *(stem for last in self.lasts & words for stem in self.by_last[last])]


_Grouped = dict[str, tuple[str, ...]]


def _sorted(stems: Iterable[str]) -> tuple[tuple[str, ...], _Grouped, tuple[str, ...]]:
    """All wildcard phrases; those by their last word; the others."""
    by_last, loose = dict[str, list[str]](), list[str]()
    every = tuple(sorted(set(stems)))
    for stem in every:
        *before, last = stem.split()
        if before and stem[-1] == " ":
            by_last.setdefault(last, []).append(stem)
        else:
            loose.append(stem)
    return every, {last: tuple(group) for last, group in by_last.items()}, tuple(loose)
