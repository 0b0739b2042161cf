"""What is owed on a request, by which half, since when: the department's word and answer, the citizen's word.

Rule of the protocol: forwarded is never an end; every open half is owed by somebody (ELG0004).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from groupbot.records import ServiceRequest
from groupbot.rules.lifecycle import OPEN

Reason = Literal["ring", "first_word", "next_word", "reopened", "answer_soon", "answer_late", "citizen_word"]


@dataclass(frozen=True, slots=True)
class Debt:
    """Something owed: the ladder it climbs (word, answer, citizen), why, and from when on (aware UTC)."""

    owed: Literal["word", "answer", "citizen"]
    reason: Reason
    since: datetime


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
        late_since = max(request.expected_datetime, request.reopened_at or request.expected_datetime)
        found.append(_debt(request, "answer", "answer_late", late_since))
    return found


def _debt(request: ServiceRequest, owed: Literal["word", "answer", "citizen"], reason: Reason, since: datetime) -> Debt:
    """A debt; nobody is chased for the time of a pause, so that its end does not find the ladder climbed."""
    return Debt(owed, reason, max(since, request.paused_until or since))
