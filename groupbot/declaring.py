"""Holidays declared while the bot runs: asked back once, then dates move, and people are told once, quietly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from groupbot import mirroring, moves
from groupbot.jurisdiction import Jurisdiction
from groupbot.moment import Moment
from groupbot.moves import Recount
from groupbot.records import Button, Group, ServiceRequest, micros
from groupbot.rules import recounting, worktime
from groupbot.rules.lifecycle import OPEN
from groupbot.rules.recounting import Calendars, Refused
from groupbot.store import holidays, offers
from groupbot.store.database import Tx
from groupbot.store.holidays import Declared
from groupbot.store.offers import Offer

NAMED = 5  # new dates in a group's line; each number shows its own
_NUMBER = re.compile(r"(?<![\w/])\d{1,6}(?:/\d{2,4})?(?![\w/])")


def load(tx: Tx, jurisdiction: Jurisdiction) -> None:
    """Let the jurisdiction know what was declared so far: once when a program begins."""
    jurisdiction.declare(one.day for one in holidays.every(tx, jurisdiction.id))


def gazette_of(text: str) -> str:
    """The number of a Gazette notice in what was written beside the day: the first number there, '' for none."""
    found = _NUMBER.search(text)
    return found[0] if found else ""


def judge(jurisdiction: Jurisdiction, declared: Declared, now: datetime) -> Refused | None:
    """Why this day cannot be declared at `now` (aware UTC); None when it can."""
    today = now.astimezone(jurisdiction.zone).date()
    return recounting.judge(declared.day, today, declared.gazette, jurisdiction.calendar)


def offer(moment: Moment, declared: Declared) -> None:
    """Ask back, with how many dates it moves: nothing is changed before the YES."""
    refused = judge(moment.jurisdiction, declared, moment.now)
    params: dict[str, object] = {"day": _micros(moment.jurisdiction, declared.day)}
    if refused is not None:
        moment.say("holiday_refused", params | {"reason": refused})
        return
    params |= {"holiday": declared.name, "count": len(_recounts(moment, declared)[1])}
    token = moment.jurisdiction.salt().hex()
    given = {"day": declared.day.isoformat(), "name": declared.name, "gazette": declared.gazette}
    place = (moment.update.platform, moment.update.chat_id)
    made = Offer(0, token, "holiday", given, None, None, moment.person.id if moment.person else None, *place)
    offers.add(moment.tx, made, moment.now, moment.now + timedelta(hours=1))
    moment.say("holiday_asked", params, buttons=(Button("button_yes", token),))


def take(moment: Moment, made: Offer) -> None:
    """The YES has come."""
    given = made.params
    declared = Declared(date.fromisoformat(str(given["day"])), str(given["name"]), str(given["gazette"]))
    params: dict[str, object] = {"day": _micros(moment.jurisdiction, declared.day)}
    refused = judge(moment.jurisdiction, declared, moment.now)  # somebody may have been quicker
    if refused is None:
        moment.say("holiday_done", params | {"count": len(declare(moment, declared))})
    else:
        moment.say("holiday_refused", params | {"reason": refused})


def declare(moment: Moment, declared: Declared) -> list[ServiceRequest]:
    """Make it a holiday: kept, open dates moved, groups and mirrors told once; the requests of which a date moved."""
    person = moment.person.id if moment.person else None
    holidays.add(moment.tx, moment.jurisdiction.id, declared, person, moment.now)
    later, found = _recounts(moment, declared)
    moment.record("holiday", "communications", f"{declared.day.isoformat()} {declared.gazette} {declared.name}")
    changed = moves.recount(later, found)
    days = later.jurisdiction.declared
    moment.tx.after_commit(lambda: moment.jurisdiction.declare(days))
    _tell(later, declared, changed)
    return changed


def _recounts(moment: Moment, declared: Declared) -> tuple[Moment, list[Recount]]:
    """The moment as it will be with the day off, and what moves by it."""
    before = moment.jurisdiction
    after = before.declaring(before.declared | {declared.day})
    today = moment.now.astimezone(before.zone).date()
    calendars = Calendars(before.calendar, after.calendar)
    return replace(moment, jurisdiction=after), moves.recounts(moment, calendars, after_the_fact=declared.day < today)


def _micros(jurisdiction: Jurisdiction, day: date) -> int:
    return micros(worktime.instant(day, time(12), jurisdiction.zone))


# --- who is told ------------------------------------------------------------------------------------------------------


def _tell(moment: Moment, declared: Declared, changed: Sequence[ServiceRequest]) -> None:
    """Departments hear which answers are due later, mirrors how many; on the next working hour, and only once."""
    shown = [one for one in changed if one.route != "private" and one.state in OPEN and one.expected_datetime]
    for code in dict.fromkeys(one.service_code for one in shown):
        own = [one for one in shown if one.service_code == code]
        for group in moment.roster.groups("department", code):
            _tell_group(moment, group, declared, own)
    past = declared.day < moment.now.astimezone(moment.jurisdiction.zone).date()
    day = _micros(moment.jurisdiction, declared.day)
    mirroring.holiday(moment, day, declared.gazette if past else "", shown)


def _tell_group(moment: Moment, group: Group, declared: Declared, own: Sequence[ServiceRequest]) -> None:
    language = group.language or moment.jurisdiction.language
    params: dict[str, object] = {
        "day": _micros(moment.jurisdiction, declared.day),
        "holiday": declared.name,
        "items": [_item(moment, one, language) for one in own[:NAMED]],
    }
    if len(own) > NAMED:
        params["more"] = len(own) - NAMED
    moment.tell(
        group,
        "holiday_moved",
        params,
        request_ids=tuple(one.id for one in own[:NAMED]),
        not_before=worktime.next_open(moment.now, moment.jurisdiction.calendar),
        dedup_key=f"holiday|{declared.day.isoformat()}|{group.platform}|{group.chat_id}",
    )


def _item(moment: Moment, request: ServiceRequest, language: str) -> str:
    assert request.expected_datetime is not None
    params = {"ref": request.service_request_id, "due": micros(request.expected_datetime)}
    return moment.jurisdiction.catalogue.text("holiday_item", language, params, moment.now)
