"""A holiday was declared, or taken back: the dates of open requests are counted anew, or given back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from groupbot.moment import Moment
from groupbot.moves.changing import change, clocks_of
from groupbot.records import ServiceRequest, instant
from groupbot.rules import escalation, recounting
from groupbot.rules.lifecycle import Transition
from groupbot.rules.recounting import Calendars
from groupbot.store import history, requests

Recount = tuple[ServiceRequest, Mapping[str, datetime]]  # a request, and the columns that move


def recounts(moment: Moment, calendars: Calendars, *, after_the_fact: bool) -> list[Recount]:
    """The unclosed requests of which a date moves between the two calendars, with what it becomes."""
    levels = moment.jurisdiction.protocol.priorities
    found: list[Recount] = []
    for request in requests.unclosed(moment.tx, moment.jurisdiction.id):
        priorities = (clocks_of(moment, request), levels[request.original_priority])
        columns = recounting.moved(request, priorities, calendars, after_the_fact=after_the_fact)
        if columns:
            found.append((request, columns))
    return found


def recount(moment: Moment, found: Sequence[Recount]) -> list[ServiceRequest]:
    """Move these dates, each on record; the requests as they are then. `moment` knows the new calendar already.

    Nobody has spoken by that: a ladder that was climbed stays where it is.
    """
    return [_amend(moment, request, columns) for request, columns in found]


def give_back(moment: Moment, inbox_id: int) -> list[ServiceRequest]:
    """Dates that moved by that inbox row become what they were, where nothing has happened on the request since."""
    given = []
    for request in requests.unclosed(moment.tx, moment.jurisdiction.id):
        act = history.last(moment.tx, request.id)
        if act is not None and (act.act, act.inbox_id) == (history.RECOUNTED, inbox_id):
            before = {name: act.columns[name] for name in recounting.DATES if act.columns.get(name) is not None}
            given.append(_amend(moment, request, {name: instant(int(at)) for name, at in before.items()}))
    return given


def look_anew(moment: Moment) -> None:
    """The calendar has changed: each unclosed request is looked at when it is to be by it."""
    for request in requests.unclosed(moment.tx, moment.jurisdiction.id):
        due = escalation.look_at(request, moment.jurisdiction.pace, moment.now)
        if due != request.next_nag_at:
            requests.change(moment.tx, request, {"next_nag_at": due})


def _amend(moment: Moment, request: ServiceRequest, columns: Mapping[str, datetime]) -> ServiceRequest:
    done = Transition("amend", None, "communications")
    settings = {**columns, "escalation_step": request.escalation_step}
    return change(moment, request, done, settings, entry=history.RECOUNTED)
