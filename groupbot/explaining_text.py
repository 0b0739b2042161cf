"""An explanation in words, line by line: the same for a chat and for the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time

from groupbot.explaining import Asking, Counted, Explanation, Pause
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import micros
from groupbot.rules.recounting import WORKING
from groupbot.rules.worktime import instant

LATEST = 5  # askings that are told one by one


class Telling:
    """Words an explanation in one language, for someone who reads it at `now` (aware)."""

    def __init__(self, jurisdiction: Jurisdiction, language: str, now: datetime) -> None:
        self.jurisdiction = jurisdiction
        self.language = language
        self.now = now

    def lines(self, said: Explanation, *, outside: bool = False, aloud: bool = False) -> list[str]:
        """All of it; for those `outside` the department only what the mirror shows: state, and the answer's days.

        Said `aloud`, to others than those whom it concerns, it leaves out the words with which a pause was given.
        """
        request = said.request
        state = {"state": f"state.{request.state}", "priority": f"priority.{request.priority}"}
        head = self._say("why_head", {"ref": request.service_request_id, **state})
        if outside:
            hidden = self.jurisdiction.hides(request)  # of those not even the day of the post is shown
            answers = [one for one in said.clocks if one.name == "answer" and not hidden]
            return [head, *(line for one in answers for line in self._outside(one, said.declared))]
        return [
            head,
            *(line for one in said.clocks for line in self._clock(one, said.declared)),
            *self._asked(said.asked),
            *self._paused(said.pause, aloud=aloud),
            *self._next(said),
        ]

    def _say(self, key: str, params: Mapping[str, object]) -> str:
        return self.jurisdiction.catalogue.text(key, self.language, params, self.now)

    def _clock(self, one: Counted, declared: Mapping[date, str]) -> Iterator[str]:
        if one.named:
            params = {"clock": f"clock.{one.name}", "due": micros(one.due), "start": micros(one.start)}
            yield self._say("why_named", params | ({"who": one.by} if one.by else {}))
            return
        yield self._rule(one, "why_clock")
        days = self._holidays(one, declared)
        if one.clock.unit in WORKING and (one.left_out or days):
            hours, minutes = divmod(int(one.took.total_seconds()) // 60, 60)
            worked = self._say("why_worked", {"hours": hours} | ({"minutes": minutes} if minutes else {}))
            left_out = [self._term(f"left_out.{each}") for each in one.left_out]
            yield self._say("why_left_out", {"worked": worked, "days": [*left_out, *days]})
        elif days:
            yield self._say("why_holidays", {"days": days})
        yield from self._changed(one)

    def _outside(self, one: Counted, declared: Mapping[date, str]) -> Iterator[str]:
        """Days alone: how much was worked would tell the hour of the post."""
        yield self._rule(one, "why_clock_outside")
        if days := self._holidays(one, declared):
            yield self._say("why_holidays", {"days": days})
        yield from self._changed(one)

    def _rule(self, one: Counted, key: str) -> str:
        params = {
            "clock": f"clock.{one.name}",
            "due": micros(one.due),
            "unit": f"unit.{one.clock.unit}",
            "value": one.clock.value,
            "start": micros(one.start),
            "rule": one.key,
        }
        if one.by:
            params["who"] = one.by
        return self._say(key, params)

    def _changed(self, one: Counted) -> Iterator[str]:
        if one.counted != one.due:
            yield self._say("why_changed", {"counted": micros(one.counted)})

    def _holidays(self, one: Counted, declared: Mapping[date, str]) -> list[str]:
        found = []
        for day in one.holidays:
            name = declared.get(day) or self.jurisdiction.holiday_name(day, self.language)
            params: dict[str, object] = {"day": self._noon(day)}
            found.append(self._say("why_day", params | ({"holiday": name} if name else {})))
        return found

    def _noon(self, day: date) -> int:
        return micros(instant(day, time(12), self.jurisdiction.zone))

    def _asked(self, asked: tuple[Asking, ...]) -> Iterator[str]:
        if len(asked) > LATEST:
            yield self._say("why_earlier", {"count": len(asked) - LATEST})
        for one in asked[-LATEST:]:
            people = [self._person(name, role) for name, role in one.people] or [self._term(f"role.{one.role}")]
            yield self._say("why_asked", {"at": micros(one.at), "people": people, "reason": f"why.{one.reason}"})

    def _person(self, name: str, role: str) -> str:
        return self._say("why_person", {"person": name} | ({"role": f"role.{role}"} if role else {}))

    def _term(self, key: str) -> str:
        return self.jurisdiction.catalogue.term(key, self.language)

    def _paused(self, pause: Pause | None, *, aloud: bool) -> Iterator[str]:
        if pause is not None and pause.until > self.now:
            who = pause.by or self._term("role.communications")
            params: dict[str, object] = {"until": micros(pause.until), "who": who}
            yield self._say("why_paused", params | ({"reason": pause.why} if pause.why and not aloud else {}))

    def _next(self, said: Explanation) -> Iterator[str]:
        params: dict[str, object] = {"reason": f"why.{said.reason}"}
        if said.next_at is not None:
            params["next"] = micros(said.next_at)
        yield self._say("why_now", params)
        if said.rung is not None:
            yield self._say("why_rung", {"role": f"role.{said.rung.role}", "at": micros(said.rung.at)})
