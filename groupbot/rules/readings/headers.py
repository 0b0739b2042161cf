"""Header lines of a form ("URGENT SERVICE REQUEST - LELAN WARD"): whether a line is one, and what it names.

Also the level that stands by itself above a form, or at the head of prose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from groupbot.rules.readings.phrases import Heard
from groupbot.rules.readings.vocabulary import Vocabulary
from groupbot.rules.text import fold, unmask

_LONGEST = 90  # characters
_CLAUSES = re.compile(r"[!?:.,;\n–—]+|\s-+\s")
_OPENING = re.compile(
    r"[^\w\n]{0,20}(?P<level>[^\W\d_]{3,20})[*_]*(?P<mark>[^\w\s'’/-]|\n|\s+[^\w\s'’(])?\s*(?P<following>\w{1,40})?"
)
_MOST_WORDS = 14
_MOST_BEFORE = 3  # words before the title, such as "URGENT" or the department


@dataclass(frozen=True, slots=True)
class Header:
    """What a header says. `titled` is False for a line above a form that is only a ward or only a level."""

    ward: str | None = None
    priority: str | None = None
    titled: bool = False


def header_of(line: str, vocabulary: Vocabulary) -> Header | None:
    """The header that a line is, or None. A title that speaks of a summary, a meeting or the form itself is none."""
    if len(line) > _LONGEST:
        return None
    heard = Heard.of(unmask(line))
    words = heard.line.split()
    if not words or len(words) > _MOST_WORDS or vocabulary.around.notices.any(heard):
        return None
    if _is_titled(words, vocabulary.around.headers):
        return Header(vocabulary.wards.mentioned(line), vocabulary.priority_in(line), titled=True)
    if len(words) > 4:
        return None
    ward = vocabulary.wards.exactly(line)
    level = vocabulary.priorities.get(" ".join(words))
    return Header(ward, level) if ward or level else None


def level_alone(lead: str, vocabulary: Vocabulary) -> str | None:
    """The level that stands alone between marks in what is written above or before a form: "URGENT!! Good morning"."""
    clauses = (" ".join(Heard.of(unmask(clause)).line.split()) for clause in _CLAUSES.split(lead[:_LONGEST]))
    return next((vocabulary.priorities[clause] for clause in clauses if clause in vocabulary.priorities), None)


def stated_level(text: str, vocabulary: Vocabulary) -> str | None:
    """The level that prose opens with as a word by itself: before a mark, said twice, or alone in capitals.

    "DHARURA! Gari imeanguka" and "EMERGENCY the bridge fell" state one; "Emergency lights are off" does not.
    """
    opening = _OPENING.match(text)
    level = vocabulary.priorities.get(fold(opening["level"])) if opening else None
    if opening is None or level is None or opening["mark"]:
        return level
    word, following = opening["level"], opening["following"] or ""
    shouted = word.isupper() and following != "" and not following.isupper()
    return level if shouted or fold(following) == fold(word) else None


def _is_titled(words: list[str], titles: dict[str, tuple[tuple[str, ...], ...]]) -> bool:
    """Whether a title begins at one of the first words; `titles` are kept by their initial."""
    for at, word in enumerate(words[: _MOST_BEFORE + 1]):
        for title in titles.get(word[0], ()):
            if len(title) <= len(words) - at and all(map(_near, words[at:], title)):
                return True
    return False


def _near(word: str, right: str) -> bool:
    """A word of the title, with two slips in a long word, one in a shorter, none in a short one; its initial right."""
    if word == right:
        return True
    allowed = 2 if len(right) >= 7 else 1 if len(right) > 3 else 0
    return allowed > 0 and word[0] == right[0] and OSA.distance(word, right, score_cutoff=allowed) <= allowed
