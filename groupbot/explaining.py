"""Why a request stands as it does: how each of its clocks was counted, who was asked for what, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from groupbot import moment as moments
from groupbot.jurisdiction import Jurisdiction
from groupbot.nagging.reach import Staffing
from groupbot.protocol import Clock
from groupbot.records import ServiceRequest
from groupbot.rules import escalation, worktime
from groupbot.rules.escalation import Rung
from groupbot.store import nags
from groupbot.store.database import Tx


@dataclass(frozen=True, slots=True)
class Counted:
    """One clock: its name, the pack's key, rule and basis, the span (aware UTC), its working time, the days skipped.

    `due` is when it fell due as stored; `counted` when the pack and the calendar of today would have it: they differ
    after an extension, a change of priority, or an edit.
    """

    name: str  # acknowledge, answer or word
    key: str
    clock: Clock
    start: datetime
    due: datetime
    counted: datetime
    worked: timedelta
    holidays: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """When somebody was asked (aware UTC), in which role, and for which reason, by their names in the code."""

    at: datetime
    role: str
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All of it. `reason` says why somebody is asked now, or nobody; `rung` who is asked next if no word comes."""

    request: ServiceRequest
    clocks: tuple[Counted, ...]
    asked: tuple[Asking, ...]
    reason: str
    next_at: datetime | None
    rung: Rung | None


def explain(tx: Tx, jurisdiction: Jurisdiction, request: ServiceRequest, now: datetime) -> Explanation:
    """The explanation of a request as it stands at `now` (aware UTC)."""
    staff = Staffing(moments.of_clock(tx, jurisdiction, now)).of(request)
    decision = escalation.decide(request, jurisdiction.pace, staff, now)
    return Explanation(
        request,
        tuple(_clocks(jurisdiction, request)),
        tuple(_asked(tx, jurisdiction, request)),
        decision.reason,
        decision.next_at if decision.act == "rest" else now,
        escalation.next_rung(request, jurisdiction.pace, staff, now),
    )


def _clocks(jurisdiction: Jurisdiction, request: ServiceRequest) -> list[Counted]:
    priority = jurisdiction.protocol.priorities[request.priority]
    spans: list[tuple[str, Clock, datetime | None, datetime | None]] = [
        ("acknowledge", priority.acknowledge, request.requested_datetime, request.acknowledge_due),
        ("answer", priority.answer, request.requested_datetime, request.expected_datetime),
        ("word", priority.word, request.answered_at, request.word_due),
    ]
    calendar = jurisdiction.calendar
    return [
        Counted(
            name,
            f"priority.{request.priority}.{name}",
            clock,
            start,
            due,
            worktime.add(start, clock, calendar),
            worktime.worked(start, due, calendar),
            worktime.not_counted(start, due, clock, calendar),
        )
        for name, clock, start, due in spans
        if start is not None and due is not None
    ]


def _asked(tx: Tx, jurisdiction: Jurisdiction, request: ServiceRequest) -> list[Asking]:
    ladders = jurisdiction.pace.ladders
    found: dict[tuple[datetime, int], Asking] = {}
    for nag in nags.of_request(tx, request.id):
        owed = "citizen" if nag.reason == "citizen_word" else "word"
        role = escalation.chain_of(request, ladders, owed)[nag.step]
        found.setdefault((nag.at, nag.occurrence), Asking(nag.at, role, nag.reason))
    return list(found.values())


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
                "working_seconds": int(one.worked.total_seconds()),
                "holidays": [day.isoformat() for day in one.holidays],
            }
            for one in found.clocks
        ],
        "asked": [{"at": one.at.isoformat(), "role": one.role, "reason": one.reason} for one in found.asked],
        "reason": found.reason,
        "next_at": found.next_at.isoformat() if found.next_at else None,
        "next_role": found.rung.role if found.rung else None,
        "next_role_at": found.rung.at.isoformat() if found.rung else None,
    }
