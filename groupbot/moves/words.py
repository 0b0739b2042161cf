"""The department's words: a first word, further words, the answer."""

from __future__ import annotations

from groupbot import mirroring
from groupbot.moment import Moment
from groupbot.moves import linking
from groupbot.moves.answering import answer_columns, ask_citizen
from groupbot.moves.changing import change, clocks_of, decide, person_id
from groupbot.records import ServiceRequest
from groupbot.rules import worktime
from groupbot.rules.dates import find_time
from groupbot.rules.lifecycle import Refusal, Transition


def take_word(moment: Moment, request: ServiceRequest) -> Transition | Refusal:
    """An officer's words on an open request: the first acknowledges, each keeps or sets when the next is due."""
    decision = decide(moment, "word", request)
    if isinstance(decision, Refusal):
        return decision
    columns = _next_word(moment, request)
    first = request.state != "acknowledged"
    if first:
        columns["acknowledged_at"] = request.acknowledged_at or moment.update.sent_at
    if first or decision.capacity == "coordinator":  # who coordinates takes over from a director who stood in
        columns["officer_id"] = person_id(moment)
    change(moment, request, decision, columns, entry="acknowledged" if first else "word")
    moment.receipt("receipt_seen" if first else "receipt_noted")
    return decision


def keep_word(moment: Moment, request: ServiceRequest) -> None:
    """An officer speaks in an emergency without replying to it: nobody need ask them for their next word meanwhile."""
    held_as = decide(moment, "word", request)
    if isinstance(held_as, Transition):
        change(moment, request, held_as, _next_word(moment, request), entry="word")


def _next_word(moment: Moment, request: ServiceRequest) -> dict[str, object]:
    """When the next word is due: at the time that was named, else by the priority's clock."""
    jurisdiction, said_at = moment.jurisdiction, moment.update.sent_at
    named = find_time(moment.update.text, said_at, jurisdiction.date_words, jurisdiction.calendar)
    clock = clocks_of(moment, request).next_word
    next_word = named.at if named else worktime.add(said_at, clock, jurisdiction.calendar)
    return {"next_word_at": next_word, "next_word_named": int(named is not None)}


def take_answer(moment: Moment, request: ServiceRequest, answer: str) -> Transition | Refusal:
    """The department says what was done: the request, and its twins, wait for the citizen's word from now on."""
    decision = _answer(moment, request, answer)
    if isinstance(decision, Transition):
        linking.share_answer(moment, request, lambda twin: _answer(moment, twin, answer))
    return decision


def _answer(moment: Moment, request: ServiceRequest, answer: str) -> Transition | Refusal:
    decision = decide(moment, "answer", request)
    if isinstance(decision, Refusal):
        return decision
    columns = answer_columns(moment, request) | {"outcome": "done", "status_notes": answer}
    changed = change(moment, request, decision, columns, entry="answered", private=answer)
    mirroring.answered(moment, changed)
    key = "ask_citizen" if changed.answers == 1 else "ask_citizen_again"
    ask_citizen(moment, changed, key, {"answers": changed.answers})
    return decision
