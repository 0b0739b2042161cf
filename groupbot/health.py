"""How the bot is: what a person must look at, and what mends it. The same for the operator's chat and command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from groupbot import believing, staffing
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import micros
from groupbot.rules.timekeeping import Verdict
from groupbot.store import condition, people
from groupbot.store.condition import Condition, Parked
from groupbot.store.database import Tx

SLOW = timedelta(minutes=15)  # what has waited longer than that is not on its way
STILL = timedelta(minutes=5)  # a bot that has not looked for so long is not running, or hangs
TICKED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Health:
    """The condition of the store and of the offices at `at` (aware UTC)."""

    at: datetime
    condition: Condition
    operators: int
    vacancies: int
    clock: Verdict = "right"  # while it is not, nothing falls due by itself

    @property
    def asleep(self) -> bool:
        """Whether no bot has looked at what is due for a while."""
        last = self.condition.last_tick
        return last is None or self.at - last > STILL

    @property
    def stuck(self) -> bool:
        """Whether something has waited too long, on its way in or out."""
        oldest = (self.condition.oldest_waiting, self.condition.oldest_unsent)
        return any(one is not None and self.at - one > SLOW for one in oldest)

    @property
    def well(self) -> bool:
        """Whether nothing needs a person."""
        given_up = self.condition.parked_rows or self.condition.parked_notices
        return not (given_up or self.clock != "right" or self.condition.gaps or self.stuck or self.asleep)


def look(tx: Tx, jurisdiction: Jurisdiction, now: datetime) -> Health:
    """Read how the bot is at `now` (aware UTC)."""
    roster = people.load_roster(tx, jurisdiction.id)
    missing = staffing.vacancies(jurisdiction, roster, now)
    operators = len(roster.holders("operator", now))
    seen = Health(now, condition.read(tx, now), operators, len(missing), believing.verdict(tx, roster, now))
    said = believing.last_verdict(tx)  # the bot itself goes by a time that it can believe, and knows better
    return seen if seen.asleep or seen.clock != "right" else replace(seen, clock=said)


def params(health: Health) -> dict[str, object]:
    """What the text for the operator's chat is filled with."""
    found = health.condition
    said: dict[str, object] = {
        "well": "yes" if health.well else "no",
        "waiting": found.waiting,
        "unsent": found.unsent,
        "parked": len(found.parked_rows) + len(found.parked_notices),
        "gaps": found.gaps,
        "operators": health.operators,
        "vacancies": health.vacancies,
        "clock": health.clock,
    }
    if found.last_tick is not None:
        said["tick"] = micros(found.last_tick)
    return said


def record(health: Health) -> dict[str, Any]:
    """For programs; instants in ISO 8601."""
    found = health.condition
    return {
        "well": health.well,
        "at": health.at.isoformat(),
        "last_tick": _iso(found.last_tick),
        "waiting": found.waiting,
        "oldest_waiting": _iso(found.oldest_waiting),
        "unsent": found.unsent,
        "oldest_unsent": _iso(found.oldest_unsent),
        "parked_rows": [_parked(one) for one in found.parked_rows],
        "parked_notices": [_parked(one) for one in found.parked_notices],
        "gaps": found.gaps,
        "operators": health.operators,
        "vacancies": health.vacancies,
        "clock": health.clock,
    }


def _parked(one: Parked) -> Mapping[str, object]:
    return {"id": one.id, "what": one.what, "since": one.at.isoformat(), "error": one.error}


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
