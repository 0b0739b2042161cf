"""Another priority: the clocks are counted anew, the original ones stay on record; who makes it an emergency rings."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from groupbot import mirroring
from groupbot.moment import Moment
from groupbot.moves.changing import called, change, decide
from groupbot.records import ServiceRequest, micros
from groupbot.rules import clocks, worktime
from groupbot.rules.clocks import Deadlines
from groupbot.rules.lifecycle import Refusal, Transition


def set_priority(moment: Moment, request: ServiceRequest, level: str, why: str) -> Transition | Refusal:
    """A director gives a request this level of the pack's; `why` is kept in the history."""
    decision = decide(moment, "priority", request)
    if isinstance(decision, Refusal):
        return decision
    if level == request.priority and not raises(moment, request, level):
        params = {"ref": request.service_request_id, "priority": f"priority.{level}"}
        moment.say("priority_already", params, language=request.language, request_ids=(request.id,))
        return decision
    decision, columns = at_level(moment, request, level, decision)
    changed = change(moment, request, decision, columns, entry="priority", private=why)
    told: dict[str, object] = {
        "ref": request.service_request_id,
        "priority": f"priority.{level}",
        "who": called(moment),
        "due": micros(changed.expected_datetime) if changed.expected_datetime else None,
    }
    moment.say_of(request, "priority_set", told)
    mirroring.amended(moment, changed)
    return decision


def raise_emergency(moment: Moment, request: ServiceRequest) -> Transition | Refusal:
    """Make a request an emergency; of one that is, nothing changes. Telling the numbers to call is the caller's."""
    decision = decide(moment, "raise", request)
    if isinstance(decision, Refusal):
        return decision
    priorities = moment.jurisdiction.protocol.priorities
    level = next((level.level for level in priorities.values() if level.round_the_clock), request.priority)
    if not raises(moment, request, level):
        moment.receipt("receipt_noted")
        return decision
    decision, columns = at_level(moment, request, level, decision)
    changed = change(moment, request, decision, columns, entry="raised")
    mirroring.amended(moment, changed)
    return decision


def at_level(
    moment: Moment, request: ServiceRequest, level: str, decision: Transition
) -> tuple[Transition, dict[str, object]]:
    """The decision, and the columns, that give a request another priority; of a raise its clocks run from now.

    Nobody becomes late by it at once, and no date that people were told moves away, nor nearer when it presses less.
    """
    if raises(moment, request, level):
        if moment.jurisdiction.protocol.priorities[level].round_the_clock:
            return replace(decision, to="submitted"), _rung(moment, request, level)
        return decision, _more_pressing(moment, request, level)
    return _less_pressing(moment, request, level, decision)


def raises(moment: Moment, request: ServiceRequest, level: str) -> bool:
    """Whether a priority is more pressing than the request's, as an emergency is after it was made safe.

    A confidential case is never made an emergency: its one office is rung by nobody.
    """
    protocol = moment.jurisdiction.protocol
    if request.route == "private" and protocol.priorities[level].round_the_clock:
        return False
    again = request.made_safe_at is not None and protocol.priorities[level].round_the_clock
    return again or protocol.rank_of(level) < protocol.rank_of(request.priority)


def _raised(moment: Moment, request: ServiceRequest, level: str) -> tuple[Deadlines, dict[str, object]]:
    priority = moment.jurisdiction.protocol.priorities[level]
    due = clocks.deadlines(priority, moment.update.sent_at, moment.jurisdiction.calendar)
    return due, {"priority": level, "expected_datetime": min(due.answer, request.expected_datetime or due.answer)}


def _rung(moment: Moment, request: ServiceRequest, level: str) -> dict[str, object]:
    """An emergency waits for its first word again, its officers are rung, whatever was promised or paused before."""
    due, columns = _raised(moment, request, level)
    return columns | {
        "acknowledge_due": due.acknowledge,
        "alarmed_at": moment.update.sent_at,
        "made_safe_at": None,
        "nagged_at": None,  # whatever was asked before, the calls begin now
        "paused_until": None,
    }


def _more_pressing(moment: Moment, request: ServiceRequest, level: str) -> dict[str, object]:
    due, columns = _raised(moment, request, level)
    columns["acknowledge_due"] = min(due.acknowledge, request.acknowledge_due or due.acknowledge)
    by_clock = _by_clock(moment, level)
    if request.next_word_at is not None and by_clock < request.next_word_at:
        columns |= {"next_word_at": by_clock, "next_word_named": 0}
    return columns


def _less_pressing(
    moment: Moment, request: ServiceRequest, level: str, decision: Transition
) -> tuple[Transition, dict[str, object]]:
    """Its clocks run from the post. A first word given before it was made an emergency is one again."""
    priority, said_at = moment.jurisdiction.protocol.priorities[level], moment.update.sent_at
    due = clocks.deadlines(priority, request.requested_datetime, moment.jurisdiction.calendar)
    columns: dict[str, object] = {
        "priority": level,
        "acknowledge_due": max(due.acknowledge, request.acknowledge_due or due.acknowledge),
        "expected_datetime": max(due.answer, request.expected_datetime or due.answer),
        "alarmed_at": None,
    }
    if request.state == "submitted" and request.alarmed_at and request.acknowledged_at:
        decision = replace(decision, to="acknowledged")
    named = request.next_word_named and request.next_word_at and request.next_word_at > said_at
    if request.next_word_at and not named:
        columns |= {"next_word_at": max(request.next_word_at, _by_clock(moment, level)), "next_word_named": 0}
    return decision, columns


def _by_clock(moment: Moment, level: str) -> datetime:
    clock = moment.jurisdiction.protocol.priorities[level].next_word
    return worktime.add(moment.update.sent_at, clock, moment.jurisdiction.calendar)
