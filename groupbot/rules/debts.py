"""What is owed on a request, by which half, since when: the department's word and answer, the citizen's word.

Rule of the protocol: forwarded is never an end; every open half is owed by somebody (ELG0004).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from groupbot.records import ServiceRequest
from groupbot.rules.lifecycle import OPEN

Span = tuple[datetime, datetime]
Reason = Literal["ring", "first_word", "next_word", "reopened", "answer_soon", "answer_late", "citizen_word"]


@dataclass(frozen=True, slots=True)
class Debt:
    """Something owed: the ladder it climbs (word, answer, citizen), why, when it was due, and from when it is chased.

    Both are aware UTC. People are told when it was due; nobody is chased for the time of a pause, before a request was
    opened again, or for an answer before the department it was moved to owes its first word: no ladder begins climbed.
    """

    owed: Literal["word", "answer", "citizen"]
    reason: Reason
    since: datetime
    begins: datetime


def debts(request: ServiceRequest) -> list[Debt]:
    """All that is owed on the request, now or at some time to come, if nothing more is said."""
    if request.state == "answered":
        return [_debt(request, "citizen", "citizen_word", request.word_due)] if request.word_due else []
    if request.state not in OPEN:
        return []
    found = []
    if request.state == "submitted" and request.acknowledge_due:
        found.append(_debt(request, "word", "first_word", request.acknowledge_due))
    if request.state != "submitted" and request.next_word_at:
        found.append(_debt(request, "word", "next_word", request.next_word_at))
    if request.state == "reopened" and request.reopened_at:
        found.append(_debt(request, "word", "reopened", request.reopened_at))
    if request.expected_datetime:
        found.append(_debt(request, "answer", "answer_late", request.expected_datetime))
    return found


def owed_between(due: datetime, states: Iterable[tuple[datetime, str]], now: datetime) -> list[Span]:
    """The stretches from `due` to `now` in which a department owed its answer (aware UTC).

    While an answer lay with the citizen's side it did not. `states` are those that the request came to, in order, each
    with when it did.
    """
    found: list[Span] = []
    since: datetime | None = due
    for at, state in states:
        if state in OPEN:
            since = since or max(at, due)
        elif since is not None:
            found.append((since, max(at, since)))
            since = None
    return [*found, (since, max(now, since))] if since is not None else found


def _debt(request: ServiceRequest, owed: Literal["word", "answer", "citizen"], reason: Reason, since: datetime) -> Debt:
    moments = [since, request.paused_until]
    if owed == "answer":
        moments += [request.reopened_at, request.acknowledge_due if request.moved_at else None]
    return Debt(owed, reason, since, max(moment for moment in moments if moment is not None))
