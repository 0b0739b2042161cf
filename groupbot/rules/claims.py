"""What is owed on a request as moments: when somebody is asked for each debt, last and next, and on which step.

The moments follow from the debt and the pack alone, so that no look at a request need remember the one before.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from groupbot.records import ServiceRequest
from groupbot.rules.debts import Debt, debts
from groupbot.rules.ladders import Ladders, Step
from groupbot.rules.lifecycle import OPEN
from groupbot.rules.mornings import Mornings
from groupbot.rules.worktime import instant, is_open, next_open

HOUR = timedelta(hours=1)
MOST_KNOWN, MOST_FIRSTS = 2_000, 10_000  # places on ladders, first moments: what a large county asks for in one pass


@dataclass(frozen=True, slots=True)
class Place:
    """A step, when it fell due, how many mornings had passed, and when people are asked, last and next (aware UTC)."""

    step: Step
    own: datetime
    passed: int
    latest: datetime
    following: datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """The ladders of a pack with the mornings of its calendar."""

    ladders: Ladders
    mornings: Mornings
    known: dict[tuple[str, datetime, datetime], Place] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    firsts: dict[tuple[bool, datetime], datetime] = field(default_factory=dict, init=False, compare=False, repr=False)

    def place(self, owed: str, first: datetime, now: datetime) -> Place:
        """Where on the ladder a debt stands at `now` whose first moment was `first` (aware UTC): many share one."""
        place = self.known.get((owed, first, now))
        if place is None:
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            place = self.known[owed, first, now] = _place(self, owed, first, now)
        return place


@dataclass(frozen=True, slots=True)
class Claim:
    """One debt on the clock: the last moment by `now` at which somebody is asked for it, the next one, and the step.

    `fresh` says that the step itself fell due since somebody was last asked; `passed` counts mornings, or hours.
    """

    debt: Debt
    latest: datetime | None
    next: datetime | None
    step: Step
    passed: int = 0
    fresh: bool = False
    presses: bool = False


ASTRAY = timedelta(days=1)  # a last asking further in the future than this was made by a clock that was wrong


def last_asked(request: ServiceRequest, now: datetime) -> datetime | None:
    """When somebody was last asked for the request; one in the future is none, else a wrong clock would end a chase."""
    at = request.nagged_at
    return None if at is None or at > now + ASTRAY else at


def _since(moment: datetime, asked_at: datetime | None) -> bool:
    return asked_at is None or moment > asked_at


def claims(request: ServiceRequest, pace: Pace, now: datetime) -> list[Claim]:
    """Every debt of the request on the clock, as it stands at `now`; calls and reminders among them."""
    found = [_claim(request, debt, pace, now) for debt in debts(request)]
    if any(one.debt.reason in ("first_word", "next_word") and one.latest is not None for one in found):
        found = [_only_steps(request, one, pace) for one in found]
    found += _calls(request, pace, now)
    found += _reminder(request, pace, now)
    return found


def _claim(request: ServiceRequest, debt: Debt, pace: Pace, now: datetime) -> Claim:
    if debt.reason == "reopened":
        return _once(request, debt, pace, now)
    if debt.owed in pace.ladders.by_hours and pace.ladders.presses(request):
        return _pressing(request, debt, pace, now)
    first = first_moment(debt, pace)
    if now < first:
        return Claim(debt, None, first, pace.ladders.by_mornings[debt.owed].due(0))
    place = pace.place(debt.owed, first, now)
    fresh = _since(place.own, last_asked(request, now))
    return Claim(debt, place.latest, place.following, place.step, place.passed, fresh)


def _place(pace: Pace, owed: str, first: datetime, now: datetime) -> Place:
    ladder, passed = pace.ladders.by_mornings[owed], pace.mornings.count(first, now)
    step = ladder.due(passed)
    return Place(
        step,
        morning(pace, first, step.after),
        passed,
        morning(pace, first, ladder.latest(passed)),
        pace.mornings.after(first, ladder.following(passed)),
    )


def _only_steps(request: ServiceRequest, claim: Claim, pace: Pace) -> Claim:
    """Of a late answer, where even a word is owed, only what is new in its ladder counts: steps not climbed yet.

    People are asked at the pace of the word. But who gives a word each day and no answer climbs like everybody.
    """
    if claim.debt.reason != "answer_late" or claim.latest is None:
        return claim
    first, ladder = first_moment(claim.debt, pace), pace.ladders.by_mornings[claim.debt.owed]
    above = [step for step in ladder.steps if step.rank > request.escalation_step or (step.group and not step.rank)]
    following = min((step.after for step in above if step.after > claim.passed), default=None)
    later = None if following is None else morning(pace, first, following)
    if claim.step not in above or request.escalation_step > claim.step.rank:
        return replace(claim, latest=first, next=later, fresh=False)
    return replace(claim, latest=morning(pace, first, claim.step.after), next=later)


def first_moment(debt: Debt, pace: Pace) -> datetime:
    """The first moment at which somebody may be asked: in working time; for a late answer only the next morning."""
    key = (debt.owed == "answer", debt.begins)
    first = pace.firsts.get(key)  # each look at a request asks for it several times
    if first is None:
        if len(pace.firsts) >= MOST_FIRSTS:
            pace.firsts.clear()
        first = pace.firsts[key] = _first_moment(debt, pace)
    return first


def _first_moment(debt: Debt, pace: Pace) -> datetime:
    if debt.owed == "answer":
        return pace.mornings.after(debt.begins)
    calendar = pace.mornings.calendar
    if not is_open(debt.begins, calendar):
        return next_open(debt.begins, calendar)
    waited = pace.ladders.waited(debt.begins)
    return waited if is_open(waited, calendar) else next_open(waited, calendar)


def morning(pace: Pace, first: datetime, number: int) -> datetime:
    """The number-th morning after a debt's first moment; the moment itself for 0."""
    return pace.mornings.after(first, number) if number else first


def _pressing(request: ServiceRequest, debt: Debt, pace: Pace, now: datetime) -> Claim:
    """An emergency's word: the first one is asked for by the hour, up the ladder; then, and later words, by the day."""
    ladder = pace.ladders.by_hours[debt.owed]
    first = pace.ladders.waited(debt.begins)
    if debt.reason != "first_word":
        return _by_days(request, debt, pace, (first, now))
    if now < first:
        return Claim(debt, None, first, ladder.due(0), presses=True)
    passed = (now - first) // HOUR
    # who was asked before, for this or while it was no emergency yet, is not asked again for a lower step
    steps = [each for each in ladder.steps if each.after == 0 or each.rank > request.escalation_step]
    step = [each for each in steps if each.after <= passed][-1]
    own = first + step.after * HOUR
    later = [first + each.after * HOUR for each in steps if each.after > passed]
    morning, next_morning = _days(pace, own, now)
    latest, following = (own, min(later)) if later else (morning, next_morning)
    fresh = _since(own, last_asked(request, now))
    return Claim(debt, latest, following, step, passed, fresh, presses=True)


def _by_days(request: ServiceRequest, debt: Debt, pace: Pace, span: tuple[datetime, datetime]) -> Claim:
    """Asked once when it is due, then on the mornings of all days, holidays too; the ladder climbs by those."""
    first, now = span
    ladder = pace.ladders.by_mornings[debt.owed]
    if now < first:
        return Claim(debt, None, first, ladder.due(0), presses=True)
    latest, following = _days(pace, first, now)
    zone = pace.mornings.calendar.zone
    passed = (latest.astimezone(zone).date() - first.astimezone(zone).date()).days
    step = ladder.due(passed)
    return Claim(debt, latest, following, step, passed, fresh=False, presses=True)


def any_morning(pace: Pace, first: datetime, number: int) -> datetime:
    """The opening hour of the number-th day after a debt's first moment, workday or not; the moment itself for 0."""
    zone = pace.mornings.calendar.zone
    return instant(first.astimezone(zone).date() + timedelta(days=number), _opens(pace), zone) if number else first


def _opens(pace: Pace) -> time:
    return min(wall for walls in pace.mornings.calendar.week for wall, _ in walls)


def _days(pace: Pace, start: datetime, now: datetime) -> tuple[datetime, datetime]:
    """The last opening hour by `now` of any day, workday or not, later than `start` (else `start`), and the next."""
    calendar, opens = pace.mornings.calendar, _opens(pace)
    today = now.astimezone(calendar.zone).date()
    around = [instant(today + timedelta(days=ahead), opens, calendar.zone) for ahead in (-1, 0, 1, 2)]
    latest = max((moment for moment in around if start < moment <= now), default=start)
    return latest, min(moment for moment in around if moment > now)


def _once(request: ServiceRequest, debt: Debt, pace: Pace, now: datetime) -> Claim:
    """A request opened again: the officer one step higher is told, once."""
    presses = pace.ladders.presses(request)
    first = debt.begins if presses or is_open(debt.begins, pace.mornings.calendar) else first_moment(debt, pace)
    step = pace.ladders.by_mornings[debt.owed].due(0)
    return Claim(debt, first if first <= now else None, first if first > now else None, step, presses=presses)


def _calls(request: ServiceRequest, pace: Pace, now: datetime) -> list[Claim]:
    start = pace.ladders.rings_from(request)
    if start is None:
        return []
    moments = pace.ladders.rings(max(start, request.paused_until or start))
    latest = max((moment for moment in moments if moment <= now), default=None)
    following = min((moment for moment in moments if moment > now), default=None)
    step = pace.ladders.by_mornings["word"].due(0)
    return [Claim(Debt("word", "ring", start, start), latest, following, step, presses=True)]


def _reminder(request: ServiceRequest, pace: Pace, now: datetime) -> list[Claim]:
    """A word beforehand, on the mornings that the pack names, while the answer is still to come in time."""
    due = request.expected_datetime
    if request.state not in OPEN or due is None or due <= now or pace.ladders.presses(request):
        return []
    moments = [pace.mornings.before(due, number) for number in pace.ladders.remind_mornings]
    moments = [moment for moment in moments if moment > request.requested_datetime]
    latest = max((moment for moment in moments if moment <= now), default=None)
    following = min((moment for moment in moments if moment > now), default=None)
    step = pace.ladders.by_mornings["answer"].due(0)
    return [Claim(Debt("answer", "answer_soon", due, due), latest, following, step)] if moments else []
