"""The ladders of a pack, ready to be climbed: which step is due after how many mornings, and when the next one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from groupbot.protocol import ChaseStep, Protocol
from groupbot.records import EPOCH, ServiceRequest


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who is asked from which count on, and whether the group hears of it. `rank` is the role's height."""

    role: str
    rank: int
    after: int
    group: bool


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps for one debt, rising, and the counts (mornings or hours) at which somebody is asked again."""

    steps: tuple[Step, ...]
    repeats: tuple[int, ...]
    every: int

    def due(self, passed: int) -> Step:
        """The highest step that is due once so many mornings or hours have passed."""
        return [step for step in self.steps if step.after <= passed][-1]

    def latest(self, passed: int) -> int:
        """The last count, of those not later than `passed`, at which somebody is asked."""
        if passed >= self.repeats[-1]:
            return passed - (passed - self.repeats[-1]) % self.every
        return max(each for each in self.repeats if each <= passed)

    def following(self, passed: int) -> int:
        """The first count later than `passed` at which somebody is asked."""
        if passed >= self.repeats[-1]:
            return self.latest(passed) + self.every
        return min(each for each in self.repeats if each > passed)


@dataclass(frozen=True, slots=True)
class Ladders:
    """All that a pack says about chasing, compiled. `chain` is the department's officers, the lowest first."""

    by_mornings: Mapping[str, Ladder]
    by_hours: Mapping[str, Ladder]
    chain: tuple[str, ...]
    citizen_chain: tuple[str, ...]
    round_the_clock: frozenset[str]  # priority levels
    ring_roles: tuple[str, ...]
    ring_minutes: tuple[int, ...]
    remind_mornings: tuple[int, ...]
    unreachable_asks: int
    group_wait: timedelta

    @classmethod
    def of(cls, protocol: Protocol) -> Ladders:
        """From a pack."""
        chase, emergency = protocol.file.chase, protocol.file.emergency
        chain, citizens = (_roles(chase.step, owed) for owed in ("word", "citizen"))
        mornings, hours = {}, {}
        for owed in ("word", "answer", "citizen"):
            steps = [step for step in chase.step if step.owed == owed]
            ranks = citizens if owed == "citizen" else chain
            mornings[owed] = _ladder(
                [Step(step.role, ranks.index(step.role), step.mornings, step.group) for step in steps],
                (*chase.repeat_mornings,),
                chase.repeat_every,
            )
            timed = [
                Step(step.role, ranks.index(step.role), step.hours, step.group)
                for step in steps
                if step.hours is not None
            ]
            if timed:
                hours[owed] = _ladder(timed, (), 1)
        return cls(
            mornings,
            hours,
            chain,
            citizens,
            frozenset(level.level for level in protocol.file.priority if level.round_the_clock),
            emergency.ring_roles,
            emergency.ring_minutes,
            chase.remind_mornings,
            chase.unreachable_asks,
            timedelta(minutes=chase.group_wait_minutes),
        )

    def waited(self, since: datetime) -> datetime:
        """When a debt is first asked for: on a grid of minutes, so that what falls due together is told together.

        Whoever is a few minutes late with a word is not chased for it.
        """
        if not self.group_wait:
            return since
        return EPOCH + ((since - EPOCH) // self.group_wait + 1) * self.group_wait

    def presses(self, request: ServiceRequest) -> bool:
        """Whether the request counts round the clock: an emergency, until it is made safe."""
        return request.priority in self.round_the_clock and request.made_safe_at is None

    def rings_from(self, request: ServiceRequest) -> datetime | None:
        """Since when the officers of its department are rung (aware UTC); None when they are not."""
        if request.state != "submitted" or not self.presses(request):
            return None
        began = request.alarmed_at or request.requested_datetime
        return max(began, request.moved_at or began)

    def rings(self, start: datetime) -> list[datetime]:
        """The moments of the calls, from the first one on."""
        return [start + timedelta(minutes=minutes) for minutes in self.ring_minutes]


def _roles(steps: tuple[ChaseStep, ...], owed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(step.role for step in steps if step.owed == owed))


def _ladder(steps: list[Step], repeats: tuple[int, ...], every: int) -> Ladder:
    ordered = sorted(steps, key=lambda step: (step.after, step.rank))
    moments = sorted({step.after for step in ordered} | set(repeats))
    return Ladder(tuple(ordered), tuple(moments), every)
