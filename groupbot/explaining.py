"""Why a request stands as it does: how each of its clocks was counted, who was asked for what, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from groupbot import moment as moments
from groupbot.jurisdiction import Jurisdiction
from groupbot.moment import Moment
from groupbot.moves.changing import clocks_of
from groupbot.nagging.reach import Staffing
from groupbot.protocol import Clock, Priority
from groupbot.records import ServiceRequest, micros
from groupbot.rules import escalation, lifecycle, worktime
from groupbot.rules.escalation import Rung
from groupbot.rules.recounting import WORKING
from groupbot.rules.worktime import LeftOut
from groupbot.store import history, holidays, nags, requests
from groupbot.store.database import Tx
from groupbot.store.history import PastAct

ClockName = Literal["acknowledge", "next_word", "answer", "word"]


@dataclass(frozen=True, slots=True)
class Counted:
    """One clock: its name, the pack's key, rule and basis, the span (aware UTC), and what was counted of it.

    `due` is when it fell due as stored; `counted` when the pack and the calendar of today would have it: they differ
    after an extension, a change of priority, or an edit. `took` is what the rule counts between start and due: working
    time, or all time; `left_out` and `holidays` what it does not. `named` says that a person named the time, at
    `start`, and no rule; `raised` that somebody made it more pressing then. `by` is who, where that is known.
    """

    name: ClockName
    key: str
    clock: Clock
    start: datetime
    due: datetime
    counted: datetime
    took: timedelta
    left_out: tuple[LeftOut, ...]
    holidays: tuple[date, ...]
    named: bool = False
    raised: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class _Start:
    """From when (aware UTC) a priority's clocks may have been counted, and the act that raised it then, if one did."""

    level: Priority
    at: datetime
    raised: PastAct | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """When people were asked (aware UTC), on the rung of which role, and for which reason, by their names in the code.

    `people` are they, each with the role that they hold now, "" for none.
    """

    at: datetime
    role: str
    reason: str
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Pause:
    """Nobody is, or was, reminded before `until` (aware UTC), on whose word ("" where nobody knows), and why."""

    until: datetime
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All of it. `reason` says why somebody is asked now, or nobody; `rung` who is asked next if no word comes.

    `pause` is the latest one, perhaps over; `declared` what the holidays are for that were declared here.
    """

    request: ServiceRequest
    clocks: tuple[Counted, ...]
    asked: tuple[Asking, ...]
    reason: str
    next_at: datetime | None
    rung: Rung | None
    pause: Pause | None
    declared: Mapping[date, str]


def explain(tx: Tx, jurisdiction: Jurisdiction, request: ServiceRequest, now: datetime) -> Explanation:
    """The explanation of a request as it stands at `now` (aware UTC)."""
    moment = moments.of_clock(tx, jurisdiction, now)
    staff = Staffing(moment).of(request)
    decision = escalation.decide(request, jurisdiction.pace, staff, now)
    clocks = [*_clocks(moment, request), *_next_word(moment, request)]
    return Explanation(
        request,
        tuple(sorted(clocks, key=lambda one: CLOCKS.index(one.name))),
        tuple(_asked(moment, request)),
        decision.reason,
        decision.next_at if decision.act == "rest" else now,
        escalation.next_rung(request, jurisdiction.pace, staff, now),
        _pause(moment, request),
        {one.day: one.name for one in holidays.every(tx, jurisdiction.id)},
    )


CLOCKS: tuple[ClockName, ...] = ("acknowledge", "next_word", "answer", "word")  # in the order in which they are told


def _clocks(moment: Moment, request: ServiceRequest) -> list[Counted]:
    posted, calm = request.requested_datetime, clocks_of(moment, request)
    acts = history.setting(moment.tx, request.id, "priority")
    spans: list[tuple[ClockName, list[_Start], datetime | None]] = [
        ("acknowledge", _starts(moment, request, acts, request.moved_at or posted), request.acknowledge_due),
        ("answer", _starts(moment, request, acts, posted), request.expected_datetime),
    ]
    if request.made_safe_at:  # by an ordinary clock: a first word that had not come from then on, the answer as ever
        spans[0][1].append(_Start(calm, request.made_safe_at))
        spans[1][1].insert(0, _Start(calm, posted))
    if request.answered_at:
        spans.append(("word", [_Start(calm, request.answered_at)], request.word_due))
    return [_derived(moment, name, starts, due) for name, starts, due in spans if due is not None]


def _starts(moment: Moment, request: ServiceRequest, acts: Sequence[PastAct], begun: datetime) -> list[_Start]:
    """From when a date may have been counted, the likeliest first: from where it began, or from a raise on.

    `acts` are those that gave the request another priority, the newest first. A raise leaves the earlier of two dates
    and a lowering the later one, so that either may be an older priority's.
    """
    protocol = moment.jurisdiction.protocol
    found, level = list[_Start](), request.priority
    for act in acts:
        before = str(act.columns["priority"])
        if before not in protocol.priorities:  # of a pack that knew other ones
            break
        if protocol.rank_of(level) <= protocol.rank_of(before):
            found.append(_Start(protocol.priorities[level], act.at, act))
        found.append(_Start(protocol.priorities[level], begun))
        level = before
    return [*found, _Start(protocol.priorities[level], begun)]


def _derived(moment: Moment, name: ClockName, starts: list[_Start], due: datetime) -> Counted:
    """The clock by the start that gives the date; where none does, since a person set it, by the likeliest."""
    calendar = moment.jurisdiction.calendar
    gives = [one for one in starts if worktime.add(one.at, getattr(one.level, name), calendar) == due]
    start = (gives or starts)[0]
    key, clock = f"priority.{start.level.level}.{name}", getattr(start.level, name)
    counted = _counted(moment.jurisdiction, (name, key), clock, (start.at, due))
    by = _called(moment, start.raised.person_id) if start.raised else ""
    return replace(counted, raised=start.raised is not None, by=by)


def _counted(
    jurisdiction: Jurisdiction, called: tuple[ClockName, str], clock: Clock, span: tuple[datetime, datetime]
) -> Counted:
    start, due = span
    calendar, works = jurisdiction.calendar, clock.unit in WORKING
    counted = worktime.add(start, clock, calendar)
    return Counted(
        *called,
        clock,
        start,
        due,
        counted=counted,
        took=worktime.worked(start, due, calendar) if works else max(due - start, timedelta()),
        left_out=worktime.left_out(start, due, calendar) if works else (),
        holidays=worktime.not_counted(start, due if works else min(due, counted), clock, calendar),
    )


def _next_word(moment: Moment, request: ServiceRequest) -> list[Counted]:
    """The clock of the next word, where one is owed: by the rule, or at the time that an officer named."""
    due = request.next_word_at
    if due is None or request.state == "submitted" or request.state not in lifecycle.OPEN:
        return []
    priority = clocks_of(moment, request)
    said = history.setter(moment.tx, request.id, "next_word_at", micros(due))
    start = said.at if said else request.updated_datetime
    called: tuple[ClockName, str] = ("next_word", f"priority.{priority.level}.next_word")
    clock = priority.next_word
    if not request.next_word_named:
        return [_counted(moment.jurisdiction, called, clock, (start, due))]
    by = _called(moment, said.person_id if said else None)
    return [Counted(*called, clock, start, due, due, due - start, (), (), named=True, by=by)]


def _called(moment: Moment, person_id: int | None) -> str:
    person = moment.roster.by_id(person_id, moment.now)
    return person.called if person else ""


def _pause(moment: Moment, request: ServiceRequest) -> Pause | None:
    if request.paused_until is None:
        return None
    person_id, why = requests.pause(moment.tx, request.id)
    return Pause(request.paused_until, _called(moment, person_id), why)


def _asked(moment: Moment, request: ServiceRequest) -> list[Asking]:
    """Each time that people were asked, with all who were: those who owed it, those above, and all who were rung."""
    ladders = moment.jurisdiction.pace.ladders
    found: dict[tuple[datetime, int], Asking] = {}
    for nag in nags.of_request(moment.tx, request.id):
        chain = escalation.chain_of(request, ladders, "citizen" if nag.reason == "citizen_word" else "word")
        before = found.get((nag.at, nag.occurrence))
        people = (*(before.people if before else ()), *_person(moment, request, nag.person_id, chain))
        found[nag.at, nag.occurrence] = Asking(nag.at, chain[nag.step], nag.reason, people)
    return list(found.values())


def _person(
    moment: Moment, request: ServiceRequest, person_id: int, chain: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Somebody who was asked and the role in which they stand to the request; nothing for one who is not known."""
    person = moment.roster.by_id(person_id, moment.now)
    if person is None:
        return ()
    ward = moment.jurisdiction.protocol.wards.get(request.ward)
    held = lifecycle.capacities(person, request, ward.sub_county if ward else "")
    return ((person.called, next((role for role in (*chain, *held) if role in held), "")),)


def record(found: Explanation) -> Mapping[str, object]:
    """An explanation as plain data, for programs: instants are ISO 8601 in UTC, spans are seconds."""
    return {
        "service_request_id": found.request.service_request_id,
        "state": found.request.state,
        "priority": found.request.priority,
        "pack_version": found.request.pack_version,
        "clocks": [
            {
                "key": one.key,
                "value": one.clock.value,
                "unit": one.clock.unit,
                "until_close": one.clock.until_close,
                "basis": one.clock.basis,
                "from": one.start.isoformat(),
                "due": one.due.isoformat(),
                "counted": one.counted.isoformat(),
                "named": one.named,
                "raised": one.raised,
                "by": one.by,
                "counted_seconds": int(one.took.total_seconds()),
                "left_out": list(one.left_out),
                "holidays": [day.isoformat() for day in one.holidays],
            }
            for one in found.clocks
        ],
        "asked": [
            {
                "at": one.at.isoformat(),
                "role": one.role,
                "reason": one.reason,
                "people": [{"name": name, "role": role} for name, role in one.people],
            }
            for one in found.asked
        ],
        "paused": found.pause
        and {"until": found.pause.until.isoformat(), "by": found.pause.by, "why": found.pause.why},
        "reason": found.reason,
        "next_at": found.next_at.isoformat() if found.next_at else None,
        "next_role": found.rung.role if found.rung else None,
        "next_role_at": found.rung.at.isoformat() if found.rung else None,
    }
