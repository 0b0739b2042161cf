"""An emergency is made safe: nobody is in danger any more, and what is left is done at the pace of ordinary work."""

from __future__ import annotations

from dataclasses import replace

from groupbot import mirroring
from groupbot.moment import Moment
from groupbot.moves.changing import called, change, clocks_of, decide
from groupbot.records import ServiceRequest, micros
from groupbot.rules import clocks, worktime
from groupbot.rules.lifecycle import Refusal, Transition
from groupbot.rules.safety import says_safe


def hear_safe(moment: Moment, request: ServiceRequest) -> None:
    """Plain words of its people that nobody is in danger: a receipt; a line if the group has not read them."""
    jurisdiction = moment.jurisdiction
    if not jurisdiction.pace.ladders.presses(request):
        return
    if says_safe(moment.update.text, jurisdiction.safety_words, jurisdiction.vocabulary):
        make_safe(moment, request, aloud=False)


def make_safe(moment: Moment, request: ServiceRequest, *, aloud: bool = True) -> Transition | Refusal:
    """Note when it was made safe. From then on the most pressing ordinary priority's clocks hold, in working time.

    The answer is due by that clock from the post on, never earlier than it was; its original deadline stays on record.
    """
    decision = decide(moment, "safe", request)
    if isinstance(decision, Refusal):
        return decision
    said_at = moment.update.sent_at
    calm = clocks_of(moment, replace(request, made_safe_at=said_at))
    calendar = moment.jurisdiction.calendar
    due = clocks.deadlines(calm, request.requested_datetime, calendar)
    columns: dict[str, object] = {
        "made_safe_at": said_at,
        "expected_datetime": max(due.answer, request.expected_datetime or due.answer),
    }
    if request.state == "submitted":
        columns["acknowledge_due"] = worktime.add(said_at, calm.acknowledge, calendar)
    elif not (request.next_word_named and request.next_word_at and request.next_word_at > said_at):
        columns |= {"next_word_at": worktime.add(said_at, calm.next_word, calendar), "next_word_named": 0}
    changed = change(moment, request, decision, columns, entry="made_safe")
    params: dict[str, object] = {
        "ref": request.service_request_id,
        "who": called(moment),
        "due": micros(changed.expected_datetime or said_at),
    }
    if aloud or not moment.is_with(request):
        moment.say_of(request, "made_safe", params)
    else:
        moment.receipt("receipt_noted")
    mirroring.made_safe(moment, changed)
    return decision
