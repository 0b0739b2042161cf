"""Which ward a text means: canonical names, aliases, either half of a slashed name, one slip of the thumb."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from groupbot.protocol import Protocol
from groupbot.rules.text import unmask

_NOT_LETTERS = re.compile(r"[^\w]+")
_LONGEST = 200  # characters; a ward's name is never further into a field
_SHORTEST_WITH_SLIP = 5  # shorter names (Endo, Soy) must be written right: a slip makes another word of them
_MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class WardTable:
    """The pack's wards by every spelling; spellings are kept as letters only ("embobutembolot")."""

    names: dict[str, str]  # letters of a spelling -> canonical name
    doubtful: dict[str, tuple[str, ...]]  # letters of an ambiguous spelling -> the wards it may mean
    affixes: frozenset[str]  # "ward", "wadi": said with a name, not part of it

    @classmethod
    def of(cls, protocol: Protocol) -> WardTable:
        """Compile the pack's tables; a half that would fit two wards is left to the ambiguous ones."""
        doubtful = {_letters(item.alias): item.wards for item in protocol.file.ambiguous_ward}
        names: dict[str, str] = {}
        for ward in protocol.file.ward:
            for spelling in (ward.name, *ward.name.split("/"), *ward.aliases):
                if _letters(spelling) not in doubtful:
                    names.setdefault(_letters(spelling), ward.name)
        labels = [field.labels for field in protocol.reading.field if field.code == "ward"]
        affixes = {unmask(word) for table in labels for words in table.values() for word in words}
        return cls(names, doubtful, frozenset(affixes | {word + "s" for word in affixes}))

    def find(self, text: str) -> str | None:
        """The canonical ward of a field's text, or None: as written, then within the text, then with one slip."""
        known = self.at_sight(text)
        if known:
            return known
        words = self._words(text)
        whole = "".join(words)
        return self.names.get(whole) or self._within(words) or self._slipped(words)

    def at_sight(self, text: str) -> str | None:
        """The ward whose spelling the text is, but for case, spaces and hyphens: the quick way."""
        return self.names.get(text.lower().replace(" ", "").replace("-", "").replace("/", ""))

    def mentioned(self, text: str) -> str | None:
        """The one ward that a header or sentence names, spelt right; None when it names none or several."""
        words = self._words(text)
        found = {self.names[name] for name in _runs(words) if name in self.names}
        return found.pop() if len(found) == 1 else None

    def exactly(self, text: str) -> str | None:
        """The ward that a whole line is and says no more than ("KAPSOWAR WARD")."""
        return self.names.get("".join(self._words(text)))

    def ambiguous(self, text: str) -> tuple[str, ...]:
        """The wards that an ambiguous spelling may mean; empty when the text is not ambiguous."""
        words = self._words(text)
        if "".join(words) in self.names:
            return ()
        candidates = next((self.doubtful[name] for name in _runs(words) if name in self.doubtful), ())
        return () if candidates and self._within(words) else candidates

    def _words(self, text: str) -> list[str]:
        words = _NOT_LETTERS.sub(" ", unmask(text[:_LONGEST])).split()
        return [word for word in words if word not in self.affixes] if len(words) > 1 else words

    def _within(self, words: list[str]) -> str | None:
        return next((self.names[name] for name in _runs(words) if name in self.names), None)

    def _slipped(self, words: list[str]) -> str | None:
        for name in ("".join(words[:_MOST_WORDS]), *words[:_MOST_WORDS]):
            if len(name) < _SHORTEST_WITH_SLIP or name in self.doubtful:
                continue
            close = {ward for known, ward in self.names.items() if _one_slip(name, known)}
            if len(close) == 1:
                return close.pop()
        return None


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", unmask(text))


def _one_slip(name: str, known: str) -> bool:
    return len(known) >= _SHORTEST_WITH_SLIP and OSA.distance(name, known, score_cutoff=1) <= 1


def _runs(words: list[str]) -> list[str]:
    """Runs of neighbouring words, the longest first, so that "soy north" is found before "soy"."""
    lengths = range(min(_MOST_WORDS, len(words)), 0, -1)
    return ["".join(words[at : at + length]) for length in lengths for at in range(len(words) - length + 1)]
