"""Who is asked for what is owed on a request, now or when next, and why: one pure decision for both halves.

It is decided from what the request is and when somebody was last asked, never from what a run remembers: a bot that
slept for a month asks once, at the step that is due by then. Sources of the steps: the pack's [chase].
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Literal

from groupbot.records import ServiceRequest
from groupbot.rules.claims import HOUR, Claim, Pace, any_morning, claims, first_moment, last_asked, morning
from groupbot.rules.debts import Reason, debts
from groupbot.rules.ladders import Ladders
from groupbot.rules.worktime import is_open, next_open

Rest = Literal["settled", "paused", "not_due", "asked_already", "office_closed"]
INTEGRITY = ("integrity",)  # the whole ladder of a confidential case: nobody else may learn of it

# Of two debts with steps of the same height the weightier one names the reason.
_WEIGHT: Mapping[Reason, int] = {
    "answer_soon": 0, "answer_late": 1, "citizen_word": 1, "next_word": 2, "first_word": 3, "reopened": 4, "ring": 5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """One person to be asked, as the holder of `role`; `vacant` names the role that nobody reachable holds."""

    person_id: int
    role: str
    vacant: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do now and when to look again (aware UTC; None: never, as things stand).

    - nag: ask `recipients`, who stand at height `rank` (`role`); `group`: say it in the group too; `climbed`: for the
      first time at this height; `exhausted`: there is none above. Up to there `reached` is the highest role that
      somebody reachable holds ("": none), and `empty` are those that nobody does.
    - give_up: the citizen's word was asked for often enough.
    - rest: nobody is asked now.
    """

    act: Literal["nag", "give_up", "rest"]
    reason: Reason | Rest
    next_at: datetime | None
    claim: Claim | None = None
    rank: int = 0
    role: str = ""
    recipients: tuple[Asked, ...] = ()
    group: bool = False
    climbed: bool = False
    exhausted: bool = False
    late: bool = False  # the answer is late: the mirror is told, once
    reached: str = ""
    empty: tuple[str, ...] = ()


Decided = tuple[ServiceRequest, Decision]


@dataclass(frozen=True, slots=True)
class Climbed:
    """A ladder's end: for what, the roles in which people were `asked`, those that are `empty`."""

    owed: str
    asked: tuple[str, ...]
    empty: tuple[str, ...]

    def params(self) -> dict[str, object]:
        """For a text: the terms of the roles."""
        return {"roles": [f"role.{role}" for role in self.asked], "empty": [f"role.{role}" for role in self.empty]}


def decide(request: ServiceRequest, pace: Pace, staff: Mapping[str, tuple[int, ...]], now: datetime) -> Decision:
    """Who is asked for the request at `now` (aware UTC). `staff`: role -> row ids of the people reachable in it."""
    found = claims(request, pace, now)
    due = _askable(found, request, pace, now)
    if request.paused_until and request.paused_until > now:
        return _paused(request, found, pace, staff, now)
    if not due:
        return _rest(request, found, pace, now)
    rank, _, claim = max(_ranked(request, due, pace), key=_HEAVIEST)
    next_at = _next(found)
    asked_enough = request.word_asks >= pace.ladders.unreachable_asks
    if claim.debt.owed == "citizen" and asked_enough and request.route != "private":
        return Decision("give_up", claim.debt.reason, next_at, claim)
    chain = chain_of(request, pace.ladders, claim.debt.owed)
    reachable = [role for role in chain[: rank + 1] if staff.get(role)]
    climbed = rank > request.escalation_step and claim.debt.reason != "reopened"
    return Decision(
        "nag",
        claim.debt.reason,
        next_at,
        claim,
        rank,
        chain[rank],
        recipients(request, pace.ladders, staff, (claim, rank)),
        group=_tells_group(request, pace.ladders, claim, rank),
        climbed=climbed,
        exhausted=rank == len(chain) - 1 and _ends(request, pace.ladders, claim, climbed=climbed),
        late=any(_is_newly_late(one, request, pace, now) for one in due),
        reached=reachable[-1] if reachable else "",
        empty=tuple(role for role in chain[: rank + 1] if role not in reachable),
    )


def _paused(
    request: ServiceRequest, found: list[Claim], pace: Pace, staff: Mapping[str, tuple[int, ...]], now: datetime
) -> Decision:
    """Nobody is asked during a pause; but its dates stay, and the mirror hears that an answer has become late."""
    rest = _rest(request, found, pace, now)
    debt = next((one for one in debts(request) if one.reason == "answer_late"), None)
    if debt is None or request.route == "private" or rest.next_at is None:
        return rest
    begins = pace.mornings.after(debt.since)
    if begins > now:
        return replace(rest, next_at=min(begins, rest.next_at))
    asked_at = last_asked(request, now)
    chain = chain_of(request, pace.ladders, debt.owed)
    reached = next((role for role in chain if staff.get(role)), "")
    empty = () if reached else chain[:1]
    return replace(rest, late=asked_at is None or begins > asked_at, reached=reached, empty=empty)


def _ends(request: ServiceRequest, ladders: Ladders, claim: Claim, *, climbed: bool) -> bool:
    """Whether, at the top, there is none left to ask: once it is climbed; a ladder that begins there, by its last step.

    Such are those after many a NOT YET, and that of a confidential case, which has one step for one office.
    """
    if claim.debt.owed == "citizen" or claim.debt.reason == "reopened":
        return False
    chain = chain_of(request, ladders, claim.debt.owed)
    last = claim.fresh and claim.step == ladders.by_mornings[claim.debt.owed].steps[-1]
    return climbed or (last and base_rank(request, chain) == len(chain) - 1)


def _tells_group(request: ServiceRequest, ladders: Ladders, claim: Claim, rank: int) -> bool:
    """Whether the group hears of it: once, at a step of its own; never of emergencies, whose officers are called."""
    if claim.presses or request.route == "private" or claim.debt.owed == "citizen":
        return False
    chain = chain_of(request, ladders, claim.debt.owed)
    base, steps = base_rank(request, chain), ladders.by_mornings[claim.debt.owed].steps
    if not (claim.step.group and claim.fresh and _height(claim, base, chain) == rank):
        return False
    below = [step for step in steps if step.group and step.after < claim.step.after and step.rank]
    return rank < len(chain) - 1 or all(step.rank + base < rank for step in below)  # the top is told of once


def _is_newly_late(claim: Claim, request: ServiceRequest, pace: Pace, now: datetime) -> bool:
    """Whether the answer is late since somebody was last asked."""
    if claim.debt.reason != "answer_late" or request.route == "private":
        return False
    asked_at = last_asked(request, now)
    return asked_at is None or first_moment(claim.debt, pace) > asked_at


def look_at(request: ServiceRequest, pace: Pace, now: datetime) -> datetime | None:
    """The next moment at which the request must be looked at, from `now` on (aware UTC); None when nobody owes."""
    found = claims(request, pace, now)
    if request.paused_until and request.paused_until > now:
        return _paused(request, found, pace, {}, now).next_at
    return now if _askable(found, request, pace, now) else _rest(request, found, pace, now).next_at


def _askable(found: list[Claim], request: ServiceRequest, pace: Pace, now: datetime) -> list[Claim]:
    """The claims for which somebody is to be asked now: due, not asked for since, and in working time or pressing."""
    due = [one for one in found if _is_due(one, request, now)]
    if due and not all(one.presses for one in due) and not is_open(now, pace.mornings.calendar):
        return [one for one in due if one.presses]
    return due


def _is_due(claim: Claim, request: ServiceRequest, now: datetime) -> bool:
    asked_at = last_asked(request, now)
    return claim.latest is not None and (asked_at is None or claim.latest > asked_at)


def _rest(request: ServiceRequest, found: list[Claim], pace: Pace, now: datetime) -> Decision:
    if not found:
        return Decision("rest", "settled", None)
    if request.paused_until and request.paused_until > now:
        return Decision("rest", "paused", request.paused_until)
    if any(_is_due(one, request, now) for one in found):
        moments = (next_open(now, pace.mornings.calendar), _next(found))
        return Decision("rest", "office_closed", min(moment for moment in moments if moment))
    asked = any(one.latest is not None for one in found)
    return Decision("rest", "asked_already" if asked else "not_due", _next(found))


def _next(found: list[Claim]) -> datetime | None:
    return min((one.next for one in found if one.next is not None), default=None)


# --- who is asked -----------------------------------------------------------------------------------------------------


def chain_of(request: ServiceRequest, ladders: Ladders, owed: str) -> tuple[str, ...]:
    """The roles that may be asked for a debt, the lowest first."""
    if owed == "citizen":
        return ladders.citizen_chain
    return INTEGRITY if request.route == "private" else ladders.chain


def base_rank(request: ServiceRequest, chain: tuple[str, ...]) -> int:
    """Where the department's ladder begins: each NOT YET of a citizen begins it one step higher."""
    return min(request.reopenings, len(chain) - 1)


def _rank(request: ServiceRequest, claim: Claim, pace: Pace) -> int:
    """The height that is asked, or was before: the first word is always with who owes it, and so is a reminder.

    After a citizen's NOT YET every further step is one higher.
    """
    if claim.debt.reason == "answer_soon":
        return 0
    chain = chain_of(request, pace.ladders, claim.debt.owed)
    base = 0 if claim.debt.owed == "citizen" else base_rank(request, chain)
    if claim.debt.reason == "reopened":
        return base
    reached = request.escalation_step if request.escalation_step > base else 0
    return max(_height(claim, base, chain), min(reached, len(chain) - 1))


def _ranked(request: ServiceRequest, found: Sequence[Claim], pace: Pace) -> list[tuple[int, int, Claim]]:
    """Each claim behind the height that is asked for it and its weight."""
    return [(_rank(request, one, pace), _WEIGHT[one.debt.reason], one) for one in found]


_HEAVIEST = itemgetter(0, 1)


def _height(claim: Claim, base: int, chain: tuple[str, ...]) -> int:
    """The height of the step that is due, on a ladder that begins at `base`."""
    return min(claim.step.rank + base, len(chain) - 1) if claim.step.rank else 0


def recipients(
    request: ServiceRequest, ladders: Ladders, staff: Mapping[str, tuple[int, ...]], standing: tuple[Claim, int]
) -> tuple[Asked, ...]:
    """The people to ask: who owes it, and the holders of the role that the ladder has reached.

    `standing` is the claim and the height reached. Where nobody reachable holds that role, communications are asked,
    and the highest role below it that somebody holds goes on being asked: an empty office lets nobody off.
    """
    claim, rank = standing
    if claim.debt.reason == "ring":
        found = [Asked(person, role) for role in ladders.ring_roles for person in staff.get(role, ())]
        return _each_once(found)
    chain = chain_of(request, ladders, claim.debt.owed)
    below = [] if staff.get(chain[rank]) else [role for role in chain[1:rank] if staff.get(role)][-1:]
    first = [] if claim.debt.reason == "reopened" else [chain[0]]
    roles = dict.fromkeys((*first, *below, chain[rank]))
    found = [one for role in roles for one in _holders(request, role, chain, staff)]
    return _each_once(found)


def owing(asked: Sequence[Asked], bottom: str) -> int | None:
    """Who is asked as the one that owes it: not whoever gave the last word, if somebody else has the office by now."""
    return next((one.person_id for one in asked if one.role == bottom and not one.vacant), None)


def standing(
    request: ServiceRequest, pace: Pace, staff: Mapping[str, tuple[int, ...]], now: datetime
) -> Iterator[tuple[Claim, tuple[Asked, ...]]]:
    """What is asked for as things stand, the weightiest first, and of whom: for lists made when they are sent."""
    if request.paused_until and request.paused_until > now:
        return
    found = [one for one in claims(request, pace, now) if one.latest is not None and one.debt.reason != "ring"]
    for rank, _, claim in sorted(_ranked(request, found, pace), key=_HEAVIEST, reverse=True):
        yield claim, recipients(request, pace.ladders, staff, (claim, rank))


def _holders(
    request: ServiceRequest, role: str, chain: tuple[str, ...], staff: Mapping[str, tuple[int, ...]]
) -> list[Asked]:
    people = staff.get(role, ())
    officer = request.officer_id
    holders = chain[:1] if request.state == "submitted" else chain
    if officer and role == chain[0] and any(officer in staff.get(each, ()) for each in holders):
        people = (officer,)  # whoever gave the last word owes the next; before any word only whose office it is by now
    if people:
        return [Asked(person, role) for person in people]
    standing_in = staff.get(chain[1], ()) if role == chain[0] and len(chain) > 1 else ()
    return [Asked(person, role, vacant=role) for person in standing_in or staff.get("communications", ())]


def _each_once(found: list[Asked]) -> tuple[Asked, ...]:
    """Nobody is asked twice for one thing; who holds several roles is asked in the first of them.

    Whoever is told of several that are vacant is told of the highest.
    """
    kept: dict[int, Asked] = {}
    for one in found:
        known = kept.get(one.person_id)
        if known is None or (known.vacant and one.vacant):
            kept[one.person_id] = one
    return tuple(kept.values())


@dataclass(frozen=True, slots=True)
class Rung:
    """A role that is asked next, and from when (aware UTC)."""

    role: str
    at: datetime


def next_rung(request: ServiceRequest, pace: Pace, staff: Mapping[str, tuple[int, ...]], now: datetime) -> Rung | None:
    """Who is asked next if nothing more is said; None when there is nobody reachable above, or nothing is owed yet."""
    owed = [
        claim
        for claim in claims(request, pace, now)
        if claim.latest is not None and claim.debt.reason not in ("ring", "reopened", "answer_soon")
    ]
    reached = max((_rank(request, claim, pace) for claim in owed), default=0)
    found = [rung for claim in owed for rung in _rungs_above(request, claim, pace, reached) if staff.get(rung.role)]
    return min(found, key=lambda rung: rung.at, default=None)


def _rungs_above(request: ServiceRequest, claim: Claim, pace: Pace, reached: int) -> list[Rung]:
    by_hours = claim.presses and claim.debt.reason == "first_word"
    ladder = (pace.ladders.by_hours if by_hours else pace.ladders.by_mornings)[claim.debt.owed]
    chain = chain_of(request, pace.ladders, claim.debt.owed)
    first = pace.ladders.waited(claim.debt.begins) if claim.presses else first_moment(claim.debt, pace)
    above = [step for step in ladder.steps if reached < step.rank < len(chain)]
    if by_hours:
        return [Rung(step.role, first + step.after * HOUR) for step in above]
    comes = any_morning if claim.presses else morning  # an emergency's later words are chased on holidays too
    return [Rung(step.role, comes(pace, first, step.after)) for step in above]


def step_after(before: ServiceRequest, after: ServiceRequest, ladders: Ladders) -> int:
    """The height that a change leaves: a word, an answer or another department begins the ladder anew.

    What merely passes time or adds details does not lower it.
    """
    if after.state == "closed":
        return before.escalation_step
    if after.state == "answered":
        return before.escalation_step if before.state == "answered" else 0
    began = (
        before.state in ("answered", "closed")
        or after.next_word_at not in (None, before.next_word_at)
        or after.service_code != before.service_code
    )
    chain = chain_of(after, ladders, "word")
    return base_rank(after, chain) if began else before.escalation_step
