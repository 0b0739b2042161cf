"""Posts without labels: whether one tells of a need that is new to the group.

Silence is the rule. An offer needs words of a need, and nothing that speaks of an earlier request, of work under way,
of a joke or of what the members of the group are to do.
"""

from __future__ import annotations

import re

from groupbot.rules.readings.phrases import Heard
from groupbot.rules.readings.values import Sender
from groupbot.rules.readings.vocabulary import Needs, Vocabulary

REFERENCE = re.compile(r"\b[A-Z]{2,4}-(?:[A-Z]{2,4}-)?\d{2,5}(?:-\d{2,5})?(?:-[A-Z])?\b")
_SENTENCE_END = re.compile(r"[.!?]\s+\S|\n\s*\S")
_FEWEST_WORDS = 5
_FEWEST_WEIGHED = 6  # words: fewer are an answer to somebody more often than a need
_FEWEST_OF_HELP = 8  # shorter ones are asking for a number or a lift
_REACH = 2  # words that a negation reaches over
_OUTSIDE = "stranger"
_OFFICE = frozenset({"coordinator", "director", "comms", "communications", "chief_officer", "executive"})


def need_reason(text: str, heard: Heard, vocabulary: Vocabulary, sender: Sender) -> str:
    """Why prose is a need ("need", "request_for_help" ...), or an empty string when it is not one."""
    needs, around = vocabulary.needs, vocabulary.around
    count = len(heard.line.split())
    if count < _FEWEST_WORDS or around.adverts.any(heard) or around.past.any(heard):
        return ""
    if needs.talk.opens(heard) or REFERENCE.search(text) or _speaks_of_work(heard, needs):
        return ""
    told = needs.told.any(heard)
    if sender.role in _OFFICE and not told:
        return ""
    asks = needs.asks.any(heard)
    if sender.role == _OUTSIDE and not (told or asks or heard.words & needs.own):
        return ""
    if _is_strong(text, heard, needs):
        return "need_told_to_us" if sender.role in _OFFICE else "need"
    if needs.errands.any(heard) or _laughs(text, heard, needs):
        return ""
    weak = needs.lacks.any(heard) or needs.hints.any(heard)
    if sender.role not in _OFFICE and weak and count >= _FEWEST_OF_HELP and (told or asks):
        return "request_for_help"
    if count < _FEWEST_WEIGHED or _is_lone_question(text):
        return ""
    return "words_of_a_need" if vocabulary.weights.speak_of_a_need(heard) else ""


def _is_strong(text: str, heard: Heard, needs: Needs) -> bool:
    """Words of a need, or of a bad state beside a public thing; in a joke or a lone question it takes more."""
    plain = needs.need.any(heard)
    if _laughs(text, heard, needs):
        return plain and (needs.asks.any(heard) or needs.told.any(heard))
    hints = needs.hints.any(heard)
    if _is_lone_question(text):
        return plain and hints
    return plain or (hints and needs.lacks.any(heard) and not needs.errands.any(heard))


def _is_lone_question(text: str) -> bool:
    return text.rstrip().endswith("?") and not _SENTENCE_END.search(text)


def _laughs(text: str, heard: Heard, needs: Needs) -> bool:
    laughs = not (needs.laughter.isdisjoint(heard.words) and needs.laughter.isdisjoint(text))
    return laughs and not needs.serious.any(heard)


def _speaks_of_work(heard: Heard, needs: Needs) -> bool:
    """Whether work under way is spoken of, by words that are neither denied nor half of the words of a need.

    "No permit has been sent", "nobody on site" and "have been sent home" speak of none.
    """
    if not needs.coordination.any(heard):
        return False
    wants = [span for phrase in needs.need.found(heard) if (span := _span(heard, phrase))]
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
