"""What an observer sees is put on a request's record, and the department owes a word on it like on any request."""

from __future__ import annotations

from groupbot.moment import Moment
from groupbot.moves.changing import change, clocks_of, decide
from groupbot.records import ServiceRequest
from groupbot.rules import lifecycle, worktime
from groupbot.rules.lifecycle import Refusal, Transition


def observe(moment: Moment, request: ServiceRequest, text: str) -> Transition | Refusal:
    """Append an observer's words to the log, as a private text; on an open request the next word is due by its clock.

    A word that was due sooner stays due then.
    """
    decision = decide(moment, "observe", request)
    if isinstance(decision, Refusal):
        return decision
    columns: dict[str, object] = {}
    if request.state in lifecycle.OPEN:
        clock = clocks_of(moment, request).next_word
        due = worktime.add(moment.update.sent_at, clock, moment.jurisdiction.calendar)
        if request.next_word_at is None or due < request.next_word_at:
            columns = {"next_word_at": due, "next_word_named": 0}
    change(moment, request, decision, columns, entry="observed", private=text)
    return decision
