"""Orders about holidays: a day is declared, or taken back; the groups are told as when it is done in a chat."""

from __future__ import annotations

from datetime import date

from groupbot import declaring
from groupbot.orders.desk import Desk, Given, OrderRefused, text
from groupbot.rules.recounting import FURTHEST
from groupbot.store import holidays
from groupbot.store.holidays import Declared

REFUSED = {
    "too_far": f"that is more than {FURTHEST} days away: is the year right?",
    "day_off": "that is a day off already; nothing was changed",
    "gazette": "that day is past: give the number of its Gazette notice with --gazette",
}


def add(desk: Desk, given: Given) -> list[str]:
    """Make a local day a holiday, and move the dates of open requests by it."""
    day = _day(given)
    declared = Declared(day, text(given, "name"), text(given, "gazette"))
    if not declared.name:
        raise OrderRefused("what for? people are told")
    if declared.gazette and declaring.gazette_of(declared.gazette) != declared.gazette:
        raise OrderRefused(f"'{declared.gazette}' is no number of a Gazette notice; write it as 15120 or 15120/2026")
    declaring.load(desk.tx, desk.jurisdiction)
    refused = declaring.judge(desk.jurisdiction, declared, desk.now)
    if refused is not None:
        raise OrderRefused(f"{day}: {REFUSED[refused]}")
    moment = desk.moment()
    changed = declaring.declare(moment, declared)
    moment.finish()
    return [f"{day}: a holiday; {len(changed)} open requests have later dates"]


def remove(desk: Desk, given: Given) -> list[str]:
    """Take a declared holiday back."""
    day = _day(given)
    declared = holidays.find(desk.tx, desk.jurisdiction.id, day)
    if declared is None:
        raise OrderRefused(f"{day}: no holiday that was declared; `groupbot holidays list` has those")
    declaring.load(desk.tx, desk.jurisdiction)
    moment = desk.moment()
    changed = declaring.take_back(moment, declared)
    moment.finish()
    if changed is None:
        return [f"{day}: a working day again; dates that people were told stay"]
    return [f"{day}: a working day again; nobody had been told, and {len(changed)} requests have their dates back"]


def _day(given: Given) -> date:
    try:
        return date.fromisoformat(text(given, "day"))
    except ValueError:
        raise OrderRefused(f"'{text(given, 'day')}' is no day; write it as 2027-08-31") from None
