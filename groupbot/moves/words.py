"""The department's words: a first word, further words, the answer."""

from __future__ import annotations

from datetime import datetime

from groupbot import mirroring
from groupbot.moment import Moment
from groupbot.moves import linking
from groupbot.moves.answering import answer_columns, ask_citizen
from groupbot.moves.changing import change, clocks_of, decide, person_id
from groupbot.records import ServiceRequest, micros
from groupbot.rules import clocks, escalation, worktime
from groupbot.rules.dates import find_time
from groupbot.rules.lifecycle import Refusal, Transition
from groupbot.rules.replies import says_nothing
from groupbot.rules.safety import says_safe


def take_word(moment: Moment, request: ServiceRequest) -> Transition | Refusal:
    """An officer's words on an open request: the first acknowledges, each keeps or sets when the next is due.

    They are about its twins as well, which are one matter: nobody is asked for them again.
    """
    decision = _word(moment, request)
    if isinstance(decision, Refusal):
        return decision
    linking.share_word(moment, request, lambda twin: _word(moment, twin))
    if request.state == "acknowledged":
        moment.receipt("receipt_noted")
    return decision


def _word(moment: Moment, request: ServiceRequest) -> Transition | Refusal:
    decision = decide(moment, "word", request)
    if isinstance(decision, Refusal):
        return decision
    columns, capped = _next_word(moment, request, decision)
    first = request.state != "acknowledged"
    if first:
        columns["acknowledged_at"] = request.acknowledged_at or moment.update.sent_at
    if first or decision.capacity == "coordinator":  # who coordinates takes over from a director who stood in
        columns["officer_id"] = person_id(moment)
    changed = change(moment, request, decision, columns, entry="acknowledged" if first else "word")
    if capped:
        _tell_capped(moment, changed)
    if first:
        moment.receipt_of(request, "receipt_seen")
    return decision


def keep_word(moment: Moment, request: ServiceRequest) -> None:
    """An officer speaks in an emergency without replying to it: nobody need ask them for their next word meanwhile."""
    held_as = decide(moment, "word", request)
    if isinstance(held_as, Transition):
        columns, _ = _next_word(moment, request, held_as)
        change(moment, request, held_as, columns, entry="word")


def _next_word(moment: Moment, request: ServiceRequest, held_as: Transition) -> tuple[dict[str, object], bool]:
    """When the next word is due, as columns, and whether that is sooner than the time that is named in this one.

    It is due at the time that is named, or was before and is still open, else by the priority's clock; an emergency's
    clock is never outlasted.
    """
    jurisdiction, said_at = moment.jurisdiction, moment.update.sent_at
    said = find_time(moment.update.text, said_at, jurisdiction.date_words, jurisdiction.calendar)
    ladders = jurisdiction.pace.ladders
    by_clock = worktime.add(said_at, clocks_of(moment, request).next_word, jurisdiction.calendar)
    caps = ladders.presses(request) and not says_safe(
        moment.update.text, jurisdiction.safety_words, jurisdiction.vocabulary
    )
    due = clocks.next_word(by_clock, said.at if said else _open_promise(moment, request, held_as), caps=caps)
    columns: dict[str, object] = {"next_word_at": due.at, "next_word_named": int(due.named)}
    if due.at == request.next_word_at:  # a word begins the ladder anew, also where it leaves the time as it was
        columns["escalation_step"] = escalation.base_rank(request, escalation.chain_of(request, ladders, "word"))
    return columns, said is not None and not due.named


def _open_promise(moment: Moment, request: ServiceRequest, held_as: Transition) -> datetime | None:
    """The time to come that an officer named before, and that these words leave open.

    A thumb, an "ok" or another officer's remark is not the word that was promised; what the one who owes it tells on
    the day that was named is.
    """
    at, said_at = request.next_word_at, moment.update.sent_at
    if not request.next_word_named or at is None or at <= said_at:
        return None
    zone = moment.jurisdiction.zone
    owes_it = held_as.capacity == "coordinator" or person_id(moment) == request.officer_id
    is_the_day = at.astimezone(zone).date() == said_at.astimezone(zone).date()
    tells = not says_nothing(moment.update.text, moment.jurisdiction.reply_vocabulary)
    return None if owes_it and is_the_day and tells else at


def _tell_capped(moment: Moment, request: ServiceRequest) -> None:
    """Tell the officer alone, once, that an emergency is asked about before the time that they named."""
    if moment.person is not None and request.next_word_at is not None:
        params = {"ref": request.service_request_id, "next_word": micros(request.next_word_at)}
        once = f"word_capped|{request.service_request_id}|{moment.person.id}"
        moment.tell_alone(moment.person, "word_capped", params, once)


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
