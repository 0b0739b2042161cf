"""Holidays declared while the bot runs: asked back once, then dates move, and people are told once, quietly.

One can be taken back. What people were told stands then: no date comes nearer. Where nobody was told, all is as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
from groupbot.store import history, holidays, offers, outbox
from groupbot.store.database import Tx
from groupbot.store.holidays import Declared
from groupbot.store.offers import Offer

TOLD_AS = ("holiday", "mirror_holiday")  # how the keys of notices begin that tell of a holiday
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
    _offer(moment, "holiday", token, given)
    moment.say("holiday_asked", params, buttons=(Button("button_yes", token),))


def _offer(moment: Moment, act: str, token: str, given: Mapping[str, object]) -> None:
    place = (moment.update.platform, moment.update.chat_id)
    made = Offer(0, token, act, dict(given), None, None, moment.person.id if moment.person else None, *place)
    offers.add(moment.tx, made, moment.now, moment.now + timedelta(hours=1))


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
    declared = replace(declared, at=moment.now)
    holidays.add(moment.tx, moment.jurisdiction.id, declared, person, moment.now)
    later, found = _recounts(moment, declared)
    moment.record("holiday", "communications", f"{declared.day.isoformat()} {declared.gazette} {declared.name}")
    changed = moves.recount(later, found)
    moves.look_anew(later)  # a morning on which somebody is reminded may come sooner, though no date has moved
    days = later.jurisdiction.declared
    moment.tx.after_commit(lambda: moment.jurisdiction.declare(days))
    answers = [one for one, (_, columns) in zip(changed, found, strict=True) if "expected_datetime" in columns]
    _tell(later, declared, answers)
    return changed


def _recounts(moment: Moment, declared: Declared) -> tuple[Moment, list[Recount]]:
    """The moment as it will be with the day off, and what moves by it."""
    before = moment.jurisdiction
    after = before.declaring(before.declared | {declared.day})
    today = moment.now.astimezone(before.zone).date()
    calendars = Calendars(before.calendar, after.calendar)
    return replace(moment, jurisdiction=after), moves.recounts(moment, calendars, after_the_fact=declared.day < today)


# --- taken back -------------------------------------------------------------------------------------------------------


def offer_workday(moment: Moment, day: date) -> None:
    """Ask back whether a declared holiday is to be a working day after all."""
    params: dict[str, object] = {"day": _micros(moment.jurisdiction, day)}
    if holidays.find(moment.tx, moment.jurisdiction.id, day) is None:
        moment.say("workday_refused", params)
        return
    token = moment.jurisdiction.salt().hex()
    _offer(moment, "workday", token, {"day": day.isoformat()})
    moment.say("workday_asked", params, buttons=(Button("button_yes", token),))


def take_workday(moment: Moment, made: Offer) -> None:
    """The YES has come."""
    day = date.fromisoformat(str(made.params["day"]))
    declared = holidays.find(moment.tx, moment.jurisdiction.id, day)
    if declared is None:  # somebody was quicker
        moment.say("workday_refused", {"day": _micros(moment.jurisdiction, day)})
    else:
        _take_back_and_say(moment, declared)


def undo(moment: Moment) -> bool:
    """Take back a holiday where that is the newest act of whoever wants to undo one; False where it is not."""
    if moment.person is None:
        return False
    since = moment.update.sent_at - timedelta(hours=moment.jurisdiction.protocol.file.limits.undo_hours)
    declared = holidays.latest_of(moment.tx, moment.jurisdiction.id, moment.person.id, since)
    act = history.latest(moment.tx, moment.person.id, since)
    if declared is None or declared.at is None or (act is not None and act.at > declared.at):
        return False
    _take_back_and_say(moment, declared)
    return True


def _take_back_and_say(moment: Moment, declared: Declared) -> None:
    params: dict[str, object] = {"day": _micros(moment.jurisdiction, declared.day)}
    changed = take_back(moment, declared)
    if changed is None:
        moment.say("workday_done", params)
    else:
        moment.say("workday_untold", params | {"count": len(changed)})


def take_back(moment: Moment, declared: Declared) -> list[ServiceRequest] | None:
    """A declared holiday is a working day after all, and whoever was told of it is told so once.

    None where anybody was told: every date stays then. Else the requests whose dates are again what they were.
    """
    jurisdiction = moment.jurisdiction
    made_by = holidays.declared_by(moment.tx, jurisdiction.id, declared)
    told = [chat for name in TOLD_AS for chat in outbox.begun(moment.tx, _once(name, declared))]
    for name in TOLD_AS:
        outbox.call_off(moment.tx, _once(name, declared))
    holidays.remove(moment.tx, jurisdiction.id, declared.day)
    moment.record("workday", "communications", f"{declared.day.isoformat()} {declared.gazette} {declared.name}")
    later = replace(moment, jurisdiction=jurisdiction.declaring(jurisdiction.declared - {declared.day}))
    changed = None if told else moves.give_back(later, made_by or 0)
    moves.look_anew(later)
    days = later.jurisdiction.declared
    moment.tx.after_commit(lambda: jurisdiction.declare(days))
    for chat in told:
        _tell_back(later, declared, chat)
    return changed


def _tell_back(moment: Moment, declared: Declared, chat: tuple[str, str]) -> None:
    group = moment.roster.group(*chat)
    if group is not None:
        moment.tell(
            group,
            "mirror_workday" if group.kind == "mirror" else "workday",
            {"day": _micros(moment.jurisdiction, declared.day)},
            not_before=worktime.next_open(moment.now, moment.jurisdiction.calendar),
            dedup_key=f"{_once('workday', declared)}|{group.platform}|{group.chat_id}",
        )


def _once(name: str, declared: Declared) -> str:
    """How the keys of notices begin that tell of one declaration."""
    return f"{name}|{declared.day.isoformat()}|{micros(declared.at) if declared.at else 0}"


def _micros(jurisdiction: Jurisdiction, day: date) -> int:
    return micros(worktime.instant(day, time(12), jurisdiction.zone))


# --- who is told ------------------------------------------------------------------------------------------------------


def _tell(moment: Moment, declared: Declared, changed: Sequence[ServiceRequest]) -> None:
    """Departments hear which answers are due later, mirrors how many; on the next working hour, and only once."""
    shown = [one for one in changed if one.route != "private" and one.state in OPEN]
    for code in dict.fromkeys(one.service_code for one in shown):
        own = [one for one in shown if one.service_code == code]
        for group in moment.roster.groups("department", code):
            _tell_group(moment, group, declared, own)
    past = declared.day < moment.now.astimezone(moment.jurisdiction.zone).date()
    day = _micros(moment.jurisdiction, declared.day)
    mirroring.holiday(moment, day, declared.gazette if past else "", shown, _once("mirror_holiday", declared))


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
        dedup_key=f"{_once('holiday', declared)}|{group.platform}|{group.chat_id}",
    )


def _item(moment: Moment, request: ServiceRequest, language: str) -> str:
    assert request.expected_datetime is not None
    params = {"ref": request.service_request_id, "due": micros(request.expected_datetime)}
    return moment.jurisdiction.catalogue.text("holiday_item", language, params, moment.now)
