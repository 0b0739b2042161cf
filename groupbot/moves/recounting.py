"""A holiday was declared: the dates of open requests are counted anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from groupbot.moment import Moment
from groupbot.moves.changing import change, clocks_of
from groupbot.records import ServiceRequest
from groupbot.rules import recounting
from groupbot.rules.lifecycle import Transition
from groupbot.rules.recounting import Calendars
from groupbot.store import requests

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
    done = Transition("amend", None, "communications")
    return [
        change(moment, request, done, {**columns, "escalation_step": request.escalation_step}, entry="recounted")
        for request, columns in found
    ]
