"""A chase on paper: a request that nobody moves, looked at whenever the rule says so, and who was asked when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from groupbot import protocol
from groupbot.records import ServiceRequest
from groupbot.rules.claims import Pace
from groupbot.rules.escalation import Decision, decide, look_at
from groupbot.rules.ladders import Ladders
from groupbot.rules.mornings import Mornings
from groupbot.rules.worktime import WorkCalendar, calendar_for
from tests.rules.requests import a_request

PACK = protocol.load(protocol.locate("ke-elgeyo-marakwet"))
ZONE = ZoneInfo("Africa/Nairobi")
PACE = Pace(Ladders.of(PACK), Mornings(calendar_for(PACK)))

MARK, IRENE, CHIEF, EXECUTIVE, COMMITTEE, NELSON, PETER, SUB_COUNTY = range(1, 9)
STAFF: Mapping[str, tuple[int, ...]] = {
    "coordinator": (MARK,),
    "director": (IRENE,),
    "chief_officer": (CHIEF,),
    "executive": (EXECUTIVE,),
    "committee": (COMMITTEE,),
    "communications": (NELSON,),
    "ward_admin": (PETER,),
    "sub_county_admin": (SUB_COUNTY,),
}


def at(local: str) -> datetime:
    """A local time of Nairobi such as 2025-10-13 09:05, in UTC."""
    return datetime.fromisoformat(local).replace(tzinfo=ZONE).astimezone(UTC)


def pace_of(calendar: WorkCalendar) -> Pace:
    """The pack's ladders in another calendar."""
    return Pace(PACE.ladders, Mornings(calendar))


def fenced_road(**changes: Any) -> ServiceRequest:
    """An urgent request of Monday 13 October 2025, the week of the state funeral (Friday) and Mashujaa Day (Monday)."""
    given: dict[str, Any] = {
        "state": "submitted",
        "requested_datetime": at("2025-10-13 09:05"),
        "acknowledge_due": at("2025-10-13 13:05"),
        "expected_datetime": at("2025-10-16 17:00"),
    }
    return a_request(**(given | changes))


@dataclass(frozen=True)
class Look:
    """One look at which people were asked: local time, why, whom, and what else was said."""

    at: str
    reason: str
    people: tuple[int, ...]
    marks: str = ""


def chase(
    request: ServiceRequest,
    until: str,
    staff: Mapping[str, tuple[int, ...]] = STAFF,
    pace: Pace = PACE,
) -> list[Look]:
    """Whom the rule asks, from the posting on, while nobody says anything."""
    looks: list[Look] = []
    now: datetime | None = look_at(request, pace, request.requested_datetime)
    while now is not None and now <= at(until):
        decision = decide(request, pace, staff, now)
        if decision.act == "give_up":
            return [*looks, Look(local(now), "give_up", ())]
        if decision.act == "nag":
            looks.append(Look(local(now), decision.reason, people(decision), marks(decision)))
            request = asked(request, decision, now)
        assert decision.next_at is None or decision.next_at > now, "a look that is not later than the last one"
        now = decision.next_at
    return looks


def asked(request: ServiceRequest, decision: Decision, now: datetime) -> ServiceRequest:
    """The request as the store has it after people were asked."""
    return replace(
        request,
        nagged_at=now,
        nags=request.nags + 1,
        escalation_step=decision.rank if decision.climbed else request.escalation_step,
        word_asks=request.word_asks + (decision.reason == "citizen_word"),
    )


def people(decision: Decision) -> tuple[int, ...]:
    """Who was asked."""
    return tuple(one.person_id for one in decision.recipients)


def marks(decision: Decision) -> str:
    """What else was said: group, late (to the mirror), exhausted."""
    return " ".join(name for name in ("group", "late", "exhausted") if getattr(decision, name))


def local(moment: datetime) -> str:
    """Local time in Nairobi."""
    return moment.astimezone(ZONE).strftime("%a %d %b %H:%M")
