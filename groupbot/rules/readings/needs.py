"""Posts without labels: whether one tells of a need that is new to the group.

Silence is the rule. Everything that a post says is weighed at once: its words, what the pack's lists find in it (a
need, an earlier request, work under way, a joke, an errand), who speaks, how long it is and whether it names a place.
No list decides alone, for none is ever whole; in a pack without weights its plain words of a need do.
"""

from __future__ import annotations

import re

from groupbot.rules.readings.phrases import Heard
from groupbot.rules.readings.signs import signs_of
from groupbot.rules.readings.values import Sender
from groupbot.rules.readings.vocabulary import Vocabulary

REFERENCE = re.compile(r"\b[A-Z]{2,4}[-/](?:[A-Z]{2,4}[-/])?\d{2,5}(?:[-/]\d{2,5})?(?:-[A-Z])?\b")
_FEWEST_WORDS = 6  # different ones; fewer are an answer to somebody
_FEWEST_OF_THINGS = 4  # that name a public thing and a bad state of it
_FEWEST_OF_DANGER = 3
_DANGERS, _IN_DANGER = 2, 2.5  # different words of danger; how much less they must say: a silence could cost a life
_NO_DANGER = frozenset({"@laughs", "@social", "@elsewhere"})  # a joke, good wishes, another county's news
_OWN_WORK = 1.0  # how much more an office must say: it speaks of its own work more often than of a need


def need_reason(text: str, heard: Heard, vocabulary: Vocabulary, sender: Sender) -> str:
    """Why prose is a need ("words_of_a_need"), or an empty string when it is not one."""
    if not _says_enough(heard, vocabulary):
        return ""
    in_danger = len(vocabulary.danger.found(heard)) >= _DANGERS
    if REFERENCE.search(text) and not in_danger:  # a number plate looks like one
        return ""
    signs = signs_of(text, heard, vocabulary, sender)
    if not vocabulary.weights.words:
        against = {"@past", "@work", "@laughs", "@errand", "@question", "@office", "@outside", "@advert"}
        return "need" if "@need" in signs and signs.isdisjoint(against) else ""
    more = _OWN_WORK if "@office" in signs and "@told" not in signs else 0.0
    if vocabulary.weights.speak_of_a_need(heard, signs, more=more):
        return "words_of_a_need"
    less = _IN_DANGER if in_danger and not signs & _NO_DANGER else 0.0
    return "words_of_danger" if vocabulary.weights.speak_of_a_need(heard, signs, more=more - less) else ""


def _says_enough(heard: Heard, vocabulary: Vocabulary) -> bool:
    needs = vocabulary.needs
    if len(heard.words) >= _FEWEST_WORDS:
        return True
    if len(heard.words) >= _FEWEST_OF_DANGER and vocabulary.danger.any(heard):
        return True
    in_short = len(heard.words) >= _FEWEST_OF_THINGS and needs.hints.any(heard)
    return in_short and (needs.lacks.any(heard) or needs.need.any(heard))
