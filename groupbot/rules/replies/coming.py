"""Good news that is named for a time to come is a promise: "power is back tomorrow" says that it is not back.

Pure. What else is said still counts: "she got hers, see you tomorrow" agrees. A day in words about what happened
("fixed on Monday", "back since 2 pm"), "today" alone and "until Friday" are no time to come.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from groupbot.rules.dates import NamedTime
from groupbot.rules.replies.reading import READ_LENGTH, ReplyReading, ReplyVocabulary, read_reply

Named = Callable[[str], NamedTime | None]  # the time to come that words name, as they were said

_CLAIMS = ("yes", "done")
_SENTENCE_END = re.compile(r"[.!?;…]+\s+|\n")
_PAUSE = re.compile(r",\s+")


def read_promising(text: str, vocabulary: ReplyVocabulary, named: Named, *, asked: bool = False) -> ReplyReading:
    """As `read_reply`; but what agrees or is done only at a time to come is said "later"."""
    reading = read_reply(text, vocabulary, asked=asked)
    if reading.meaning not in _CLAIMS or not _is_to_come(named(text)):
        return reading
    left, promised = _apart(text[:READ_LENGTH], named)
    news = any(read_reply(clause, vocabulary).meaning in _CLAIMS for clause in promised)
    # where the news itself is to come a bare yes beside it is one to the promise
    rest = read_reply(". ".join(left), vocabulary, asked=asked and not news)
    return reading if rest.meaning in _CLAIMS else ReplyReading("later", "at a time to come")


def _apart(text: str, named: Named) -> tuple[list[str], list[str]]:
    """The clauses that name no time to come, and those that do; a time alone ("on Friday, …") takes its sentence."""
    left: list[str] = []
    promised: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        clauses = _PAUSE.split(sentence)
        times = {clause: time for clause in clauses if _is_to_come(time := named(clause))}
        if any(time and len(clause.split()) <= len(time.words.split()) for clause, time in times.items()):
            promised.append(sentence)
            continue
        left += [clause for clause in clauses if clause not in times]
        promised += times
    return left, promised


def _is_to_come(time: NamedTime | None) -> bool:
    return time is not None and time.sure
