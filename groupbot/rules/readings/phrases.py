"""Finding many words and phrases in one text at once.

A phrase is whole words ("no water"); a trailing `*` lets its last word go on ("imeharib*"), a leading one lets its
first word begin earlier ("*itishwa chai"). Punctuation between words counts as a space.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
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

    @classmethod
    def once(cls, text: str) -> Heard:
        """The same, of a text that no other rule looks into: it is not kept."""
        return _taken_apart(text)


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
    """A compiled table of phrases. An empty table finds nothing.

    A phrase of several words is looked for only where its longest word stands: that is seldom, its first one often.
    """

    singles: frozenset[str]
    longest: frozenset[str]
    by_longest: dict[str, tuple[str, ...]]  # the longest whole word -> phrases, as " a b c ", open where words go on
    by_first: dict[str, tuple[str, ...]]  # the first word -> the same, but of those that begin with a whole word
    loose: tuple[str, ...]  # a word's beginning or its ending

    @classmethod
    def of(cls, phrases: Iterable[str], often: frozenset[str] = frozenset()) -> Phrases:
        """Compile; see the module for what `*` means. A phrase is not looked for by words that stand `often`."""
        singles, loose = set[str](), set[str]()
        by_longest, by_first = dict[str, set[str]](), dict[str, set[str]]()
        for phrase in phrases:
            words = _words(phrase)
            if not words:
                continue
            begins, ends = phrase[0] != "*", phrase[-1] != "*"
            whole = words[0 if begins else 1 : None if ends else -1]
            if not whole:
                loose.add(" " * begins + " ".join(words) + " " * ends)
            elif len(words) == 1:
                singles.add(words[0])
            else:
                sought = " " * begins + " ".join(words) + " " * ends
                longest = max(whole, key=lambda word: (word not in often, len(word), word))
                by_longest.setdefault(longest, set()).add(sought)
                if begins:
                    by_first.setdefault(words[0], set()).add(sought)
        return cls(
            frozenset(singles), frozenset(by_longest), _sorted(by_longest), _sorted(by_first), tuple(sorted(loose))
        )

    def found(self, heard: Heard) -> tuple[str, ...]:
        """Every phrase that occurs, sorted."""
        line, words = heard
        found = set(self.singles & words)
        for longest in self.longest & words:
            found.update(phrase.strip() for phrase in self.by_longest[longest] if phrase in line)
        found.update(stem.strip() for stem in self.loose if stem in line)
        return tuple(sorted(found))

    def any(self, heard: Heard) -> bool:
        """Whether at least one phrase occurs."""
        line, words = heard
        if not self.singles.isdisjoint(words):
            return True
        if not self.longest.isdisjoint(words):
            for longest in self.longest & words:
                if any(map(line.__contains__, self.by_longest[longest])):
                    return True
        return bool(self.loose) and any(map(line.__contains__, self.loose))

    def opens(self, heard: Heard) -> bool:
        """Whether the text begins with one of the phrases."""
        line = heard.line
        first = line[1 : line.find(" ", 1)] if len(line) > 2 else ""
        return first in self.singles or line.startswith(self.by_first.get(first, ())) or line.startswith(self.loose)

    def open_text(self, text: str) -> bool:
        """As `opens`, of a text that is taken apart only where its first word may begin a phrase."""
        first = text.partition(" ")[0].lower()
        known = first in self.singles or first in self.by_first or self.loose
        return bool(known or not (first.isalnum() and first.isascii())) and self.opens(Heard.of(text))


def _sorted(table: dict[str, set[str]]) -> dict[str, tuple[str, ...]]:
    return {word: tuple(sorted(phrases, key=lambda one: (-len(one), one))) for word, phrases in table.items()}
