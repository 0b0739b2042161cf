"""An explanation in words, line by line: the same for a chat and for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from groupbot.explaining import Asking, Counted, Explanation
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import micros
from groupbot.rules.worktime import instant

LATEST = 8  # askings that are told one by one


class Telling:
    """Words an explanation in one language, for someone who reads it at `now` (aware)."""

    def __init__(self, jurisdiction: Jurisdiction, language: str, now: datetime) -> None:
        self.jurisdiction = jurisdiction
        self.language = language
        self.now = now

    def lines(self, said: Explanation, *, outside: bool = False) -> list[str]:
        """All of it; for those `outside` the department only what the mirror shows: state, and the answer's days."""
        request = said.request
        state = {"state": f"state.{request.state}", "priority": f"priority.{request.priority}"}
        head = self._say("why_head", {"ref": request.service_request_id, **state})
        if outside:
            hidden = self.jurisdiction.hides(request)  # of those not even the day of the post is shown
            answers = [one for one in said.clocks if one.name == "answer" and not hidden]
            return [head, *(line for one in answers for line in self._clock(one, "why_clock_outside"))]
        return [
            head,
            *(line for one in said.clocks for line in self._clock(one)),
            *self._asked(said.asked),
            *self._next(said),
        ]

    def _say(self, key: str, params: dict[str, object]) -> str:
        return self.jurisdiction.catalogue.text(key, self.language, params, self.now)

    def _clock(self, one: Counted, key: str = "why_clock") -> Iterator[str]:
        yield self._say(
            key,
            {
                "clock": f"clock.{one.name}",
                "due": micros(one.due),
                "unit": f"unit.{one.clock.unit}",
                "value": one.clock.value,
                "start": micros(one.start),
                "rule": one.key,
            },
        )
        if one.holidays:
            days = [self._say("why_day", {"day": self._noon(day)}) for day in one.holidays]
            yield self._say("why_holidays", {"days": days})
        if one.counted != one.due:
            yield self._say("why_changed", {"counted": micros(one.counted)})

    def _noon(self, day: date) -> int:
        return micros(instant(day, time(12), self.jurisdiction.zone))

    def _asked(self, asked: tuple[Asking, ...]) -> Iterator[str]:
        if len(asked) > LATEST:
            yield self._say("why_earlier", {"count": len(asked) - LATEST})
        for one in asked[-LATEST:]:
            params = {"at": micros(one.at), "role": f"role.{one.role}", "reason": f"why.{one.reason}"}
            yield self._say("why_asked", params)

    def _next(self, said: Explanation) -> Iterator[str]:
        params: dict[str, object] = {"reason": f"why.{said.reason}"}
        if said.next_at is not None:
            params["next"] = micros(said.next_at)
        yield self._say("why_now", params)
        if said.rung is not None:
            yield self._say("why_rung", {"role": f"role.{said.rung.role}", "at": micros(said.rung.at)})
