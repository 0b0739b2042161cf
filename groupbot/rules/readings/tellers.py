"""Prose without the one who told of it: "Mama Jane Chelimo says there is no nurse" tells of a nurse, not of Jane.

Only what opens a sentence is left out: names up to a word of telling. A public office or place that speaks ("The nurse
at Tot dispensary says") stays, for it says where.
"""

from __future__ import annotations

from groupbot.rules.readings.vocabulary import Needs
from groupbot.rules.text import fold

_LONGEST_TELLER = 8  # words
_LONGEST_TELLS = 5  # words
_EDGES = ".,;:!?()*_\"'’"


def without_teller(sentence: str, needs: Needs) -> str:
    """The sentence from behind the words of telling; of who told it only the place stays ("Jane of Tot says")."""
    words = sentence.split()
    folded = [fold(word).strip(_EDGES) for word in words]
    for at in range(min(len(words), _LONGEST_TELLER + 1)):
        end = _end_of_telling(folded, at, needs)
        if end == at:
            continue
        if at and not _is_teller(words[:at], folded[:at], needs):
            return sentence
        while (further := _end_of_telling(folded, end, needs)) > end:
            end = further
        place = _place(words[:at], folded[:at], needs)
        rest = " ".join(words[end:]).lstrip(" ,;:.-")
        return f"{place}: {rest}" if place and rest else rest
    return sentence


def _end_of_telling(folded: list[str], at: int, needs: Needs) -> int:
    for size in range(_LONGEST_TELLS, 0, -1):
        if at + size <= len(folded) and " ".join(folded[at : at + size]) in needs.tells:
            return at + size
    return at


def _is_teller(words: list[str], folded: list[str], needs: Needs) -> bool:
    """Names, titles and where they are from, and no kind of place; a number may be among them."""
    if any(word in needs.places or word in needs.places_before for word in folded):
        return False
    return all(
        word[:1].isupper()
        or word[:1] in "+("
        or word[:1].isdigit()
        or small in needs.before_place
        or small in needs.titles
        for word, small in zip(words, folded, strict=True)
    )


def _place(words: list[str], folded: list[str], needs: Needs) -> str:
    at = next((at for at, word in enumerate(folded) if at and word in needs.before_place), len(words))
    return " ".join(word for word in words[at + 1 :] if word[:1].isalpha()).strip(_EDGES)
