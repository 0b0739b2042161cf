"""Posts without labels: whether one tells of a need that is new to the group.

Silence is the rule. An offer needs words of a need, and nothing that speaks of an earlier request, of work under way,
of a joke or of what the members of the group are to do. What the lists name is doubted when all that the post says
weighs against it; what they do not name is heard when it weighs enough, and from an outsider who asks for nothing when
it weighs much more than that.
"""

from __future__ import annotations

import re

from groupbot.rules.readings.phrases import Heard
from groupbot.rules.readings.signs import OFFICE, OUTSIDE, signs_of
from groupbot.rules.readings.values import Sender
from groupbot.rules.readings.vocabulary import Vocabulary

REFERENCE = re.compile(r"\b[A-Z]{2,4}-(?:[A-Z]{2,4}-)?\d{2,5}(?:-\d{2,5})?(?:-[A-Z])?\b")
_FEWEST_WORDS = 5
_FEWEST_WEIGHED = 6  # words: fewer are an answer to somebody more often than a need
_FEWEST_OF_HELP = 8  # shorter ones are asking for a number or a lift


def need_reason(text: str, heard: Heard, vocabulary: Vocabulary, sender: Sender) -> str:
    """Why prose is a need ("need", "request_for_help" ...), or an empty string when it is not one."""
    needs, around = vocabulary.needs, vocabulary.around
    count = len(heard.line.split())
    if count < _FEWEST_WORDS or around.adverts.any(heard) or needs.talk.opens(heard) or REFERENCE.search(text):
        return ""
    signs = signs_of(text, heard, vocabulary, sender)
    weights = vocabulary.weights
    if not signs.isdisjoint(("@past", "@work")) or ("@news" in signs and "@asks" not in signs):
        return ""
    if sender.role in OFFICE and "@told" not in signs:
        return ""
    bystander = sender.role == OUTSIDE and signs.isdisjoint(("@told", "@asks")) and heard.words.isdisjoint(needs.own)
    if bystander and not weights.are_heavy(heard, signs):
        return ""
    named = _named_need(count, signs)
    if named:
        return "" if weights.doubt_a_need(heard, signs) else named
    if count < _FEWEST_WEIGHED or not signs.isdisjoint(("@errand", "@laughs", "@question")):
        return ""
    return "words_of_a_need" if weights.speak_of_a_need(heard, signs) else ""


def _named_need(count: int, signs: frozenset[str]) -> str:
    """Why the lists of the pack take a post of `count` words for a need, or an empty string."""
    if _is_strong(signs):
        return "need_told_to_us" if "@office" in signs else "need"
    if not signs.isdisjoint(("@errand", "@laughs", "@office")) or count < _FEWEST_OF_HELP:
        return ""
    weak = not signs.isdisjoint(("@lacks", "@hints"))
    return "request_for_help" if weak and not signs.isdisjoint(("@told", "@asks")) else ""


def _is_strong(signs: frozenset[str]) -> bool:
    """Words of a need, or of a bad state beside a public thing; in a joke, or if all is a question, it takes more."""
    plain = "@need" in signs
    if "@laughs" in signs:
        return plain and not signs.isdisjoint(("@told", "@asks"))
    if "@question" in signs:
        return plain and "@hints" in signs and "@procedure" not in signs
    return plain or ("@hints" in signs and "@lacks" in signs and "@errand" not in signs)
