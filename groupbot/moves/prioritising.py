"""Another priority: the clocks are counted anew, the original ones stay on record; who makes it an emergency rings."""

from __future__ import annotations

from dataclasses import replace

from groupbot import mirroring
from groupbot.moment import Moment
from groupbot.moves.changing import called, change, decide
from groupbot.protocol import Priority
from groupbot.records import ServiceRequest, micros
from groupbot.rules import clocks, worktime
from groupbot.rules.lifecycle import Refusal, Transition


def set_priority(moment: Moment, request: ServiceRequest, level: str, why: str) -> Transition | Refusal:
    """A director gives a request this level of the pack's; `why` is kept in the history."""
    decision = decide(moment, "priority", request)
    if isinstance(decision, Refusal):
        return decision
    decision, columns = at_level(moment, request, level, decision)
    changed = change(moment, request, decision, columns, entry="priority", private=why)
    params: dict[str, object] = {
        "ref": request.service_request_id,
        "priority": f"priority.{level}",
        "who": called(moment),
        "due": micros(changed.expected_datetime) if changed.expected_datetime else None,
    }
    moment.say("priority_set", params, language=request.language, request_ids=(request.id,))
    mirroring.amended(moment, changed)
    return decision


def raise_emergency(moment: Moment, request: ServiceRequest) -> Transition | Refusal:
    """Make a request an emergency. Telling the numbers to call is the caller's."""
    decision = decide(moment, "raise", request)
    if isinstance(decision, Refusal):
        return decision
    priorities = moment.jurisdiction.protocol.priorities
    level = next((level.level for level in priorities.values() if level.round_the_clock), request.priority)
    decision, columns = at_level(moment, request, level, decision)
    changed = change(moment, request, decision, columns, entry="raised")
    mirroring.amended(moment, changed)
    return decision


def at_level(
    moment: Moment, request: ServiceRequest, level: str, decision: Transition
) -> tuple[Transition, dict[str, object]]:
    """The decision, and the columns, that give a request another priority.

    Clocks of a more pressing one run from the change, so that nobody is late at once, and move no time away. What
    becomes an emergency waits for its first word again, whatever was promised of it before: its officers are rung.
    """
    priority, said_at = moment.jurisdiction.protocol.priorities[level], moment.update.sent_at
    calendar = moment.jurisdiction.calendar
    if not is_higher(moment, level, request.priority):
        due = clocks.deadlines(priority, request.requested_datetime, calendar)
        return decision, {"priority": level, "acknowledge_due": due.acknowledge, "expected_datetime": due.answer}
    due = clocks.deadlines(priority, said_at, calendar)
    columns: dict[str, object] = {
        "priority": level,
        "expected_datetime": min(due.answer, request.expected_datetime or due.answer),
    }
    if priority.round_the_clock:
        columns |= {
            "acknowledge_due": due.acknowledge,
            "next_word_at": None,
            "next_word_named": 0,
            "alarmed_at": said_at,
            "made_safe_at": None,
            "nagged_at": None,  # whatever was asked before, the calls begin now
        }
        return replace(decision, to="submitted"), columns
    columns["acknowledge_due"] = min(due.acknowledge, request.acknowledge_due or due.acknowledge)
    return decision, columns | _sooner_word(moment, request, priority)


def is_higher(moment: Moment, level: str, than: str) -> bool:
    """Whether a priority is more pressing than another."""
    protocol = moment.jurisdiction.protocol
    return protocol.rank_of(level) < protocol.rank_of(than)


def _sooner_word(moment: Moment, request: ServiceRequest, priority: Priority) -> dict[str, object]:
    """The next word by the clock of a more pressing priority, where that is sooner than the time that was named."""
    by_clock = worktime.add(moment.update.sent_at, priority.next_word, moment.jurisdiction.calendar)
    if request.next_word_at is None or request.next_word_at <= by_clock:
        return {}
    return {"next_word_at": by_clock, "next_word_named": 0}
