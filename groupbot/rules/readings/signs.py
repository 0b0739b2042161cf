"""What the pack's lists and the shape of a post say of it, each by a name; weighed together with its words.

A word tells what a post speaks of. Whether it is over, asked about, joked about or somebody else's is told by signs.
"""

from __future__ import annotations

import re

from groupbot.rules.readings.phrases import Heard
from groupbot.rules.readings.prose import guess_place
from groupbot.rules.readings.values import Sender
from groupbot.rules.readings.vocabulary import Needs, Vocabulary

OUTSIDE = "stranger"
OFFICE = frozenset({"coordinator", "director", "comms", "communications", "chief_officer", "executive"})
_FEWEST_LINES = 2  # breaks: what has more is a list as often as not
_LENGTHS = (7, 11, 16, 24)  # words: who needs something says what, where and since when
_REACH = 3  # words that a negation reaches over
_TELLS = re.compile(r"[.!]\s+\S|\n\s*\S")  # an end of a sentence that asks nothing, with more behind it


def signs_of(text: str, heard: Heard, vocabulary: Vocabulary, sender: Sender) -> frozenset[str]:
    """The signs of a post, from "@need" (a list of the pack speaks) to "@question" (its shape does)."""
    needs, around = vocabulary.needs, vocabulary.around
    lists = {
        "@need": needs.need,
        "@lacks": needs.lacks,
        "@hints": needs.hints,
        "@asks": needs.asks,
        "@told": needs.told,
        "@errand": needs.errands,
        "@settled": needs.settled,
        "@talk": needs.talk,
        "@past": around.past,
        "@social": around.social,
        "@advert": around.adverts,
        "@news": needs.news,
        "@elsewhere": needs.elsewhere,
        "@procedure": needs.procedure,
    }
    found = {name for name, phrases in lists.items() if phrases.any(heard)}
    found.update(("@danger", "@dangers")[: len(vocabulary.danger.found(heard))])
    found.update(_shape(text, heard, vocabulary))
    if sender.role in OFFICE:
        found.add("@office")
    elif sender.role == OUTSIDE:
        found.add("@outside")
    return frozenset(found)


def _shape(text: str, heard: Heard, vocabulary: Vocabulary) -> set[str]:
    found = set[str]()
    if vocabulary.around.social.opens(heard):
        found.add("@greets")
    if _speaks_of_work(heard, vocabulary.needs):
        found.add("@work")
    if _only_asks(text):
        found.add("@question")
    if laughs(text, heard, vocabulary):
        found.add("@laughs")
    if "?" in text:
        found.add("@asked")
    if text.count("\n") >= _FEWEST_LINES:
        found.add("@lines")
    if guess_place(text, vocabulary):
        found.add("@place")
    words = heard.line.count(" ") - 1
    found.update(f"@words_{least}" for least in _LENGTHS if words >= least)
    return found


def _only_asks(text: str) -> bool:
    return text.rstrip().endswith("?") and not _TELLS.search(text)


def laughs(text: str, heard: Heard, vocabulary: Vocabulary) -> bool:
    """Whether something is a joke that nothing takes back."""
    needs = vocabulary.needs
    smiles = not text.isascii() and not needs.laughter.isdisjoint(text)  # emoji, one character each
    return (smiles or not needs.laughter.isdisjoint(heard.words)) and not needs.serious.any(heard)


def _speaks_of_work(heard: Heard, needs: Needs) -> bool:
    """Whether work under way is spoken of, by words that are neither denied nor half of other words.

    Those are words of a need, or of who told of it: "we have received complaints".

    "No permit has been sent", "unless it is fixed", "nobody on site" and "have been sent home" speak of none.
    """
    if not needs.coordination.any(heard):
        return False
    wants = [_span(heard, phrase) for words in (needs.need, needs.told) for phrase in words.found(heard)]
    for phrase in needs.coordination.found(heard):
        start, end = _span(heard, phrase)
        denied = not needs.negations.isdisjoint(heard.line[:start].split()[-_REACH:])
        outgrown = any(first < end and start < last and (first < start or end < last) for first, last in wants)
        if not denied and not outgrown:
            return True
    return False


def _span(heard: Heard, phrase: str) -> tuple[int, int]:
    start = heard.line.find(phrase)
    return start, start + len(phrase)
