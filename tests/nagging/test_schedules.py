"""Whatever the clock does, the chase is fair: a few schedules here, thousands in `make faults`.

The watch is watched too: each kind of unfairness is planted once, and must be told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from groupbot.delivery.returning import Returning
from groupbot.jurisdiction import Jurisdiction
from groupbot.nagging import Nagging
from groupbot.rules import coalescing, escalation, timekeeping
from groupbot.rules.claims import Pace
from groupbot.rules.ladders import Ladders
from groupbot.rules.mornings import Mornings
from groupbot.rules.worktime import WorkCalendar, calendar_for
from groupbot.store import nags, outbox
from tests.nagging import fairness
from tests.nagging.schedules import broken

Patch = pytest.MonkeyPatch
ENOUGH = 60  # schedules in which a planted bug must have shown itself
CROWDED = (491, 1495)  # after the month much falls due for the mirror: lines, a checkpoint and the month's figures
SOONER = 519  # a day that is declared a holiday brings the morning of a reminder forward, and moves no date
SOON = 26  # seeds from here on tell the rarer faults within ten of them


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.ERROR)  # it says each time that it does not believe the clock
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("seed", [*range(20), *CROWDED, SOONER])
def test_a_schedule_of_the_clock_breaks_nothing(seed: int) -> None:
    assert broken(seed) == []


# --- planted ----------------------------------------------------------------------------------------------------------


def _asked_anew(patch: Patch) -> None:
    """When somebody was asked is forgotten at once."""
    patch.setattr(escalation, "last_asked", lambda request, now: None)


def _at_night(patch: Patch) -> None:
    """The decision no longer asks whether anybody is at work."""
    patch.setattr(escalation, "is_open", lambda now, calendar: True)


def _sent_at_night(patch: Patch) -> None:
    """A line that was held up goes out whenever it can."""
    patch.setattr(Nagging, "_opening", lambda self, now: None)


def _though_closed(patch: Patch) -> None:
    """A list is sent in the words in which it was first tried."""
    real = nags.asked_of

    def asked_of(tx: Any, person_id: int, *more: Any) -> list[Any]:
        rows = tx.all("SELECT DISTINCT request_id FROM nag WHERE person_id = ?", (person_id,))
        return real(tx, person_id, *more) + [
            replace(one, state="submitted")
            for one in (fairness.requests.by_id(tx, row[0]) for row in rows)
            if one.state == "closed"
        ]

    patch.setattr(nags, "asked_of", asked_of)


def _never_again(patch: Patch) -> None:
    """Once asked, nobody looks at a request again."""
    patch.setattr(escalation, "_next", lambda found: None)


def _never_higher(patch: Patch) -> None:
    """Everybody is asked, but always on the lowest step."""
    patch.setattr(escalation, "_rank", lambda request, claim, pace: 0)


def _all_at_once(patch: Patch) -> None:
    """Who comes back holds nothing back."""
    patch.setattr(Returning, "until", lambda self, tx, head, now: None)


def _line_by_line(patch: Patch) -> None:
    """The same, and what has gathered for the mirror is told one by one, however much it is."""
    _all_at_once(patch)
    patch.setattr(coalescing, "FEW", 1_000)


def _two_lists(patch: Patch) -> None:
    """Each list stands for itself, also beside one that waits."""
    patch.setattr(outbox, "same_behind", lambda tx, notice, now: False)


def _in_pauses(patch: Patch) -> None:
    """Who decides whom to ask has not heard of a pause."""
    real = escalation.decide
    patch.setattr(escalation, "decide", lambda request, *more: real(replace(request, paused_until=None), *more))


def _on_declared_holidays(patch: Patch) -> None:
    """What was declared does not reach the calendar by which people are asked."""
    patch.setattr(Jurisdiction, "pace", property(lambda self: Pace(Ladders.of(self.protocol), Mornings(_bare(self)))))


def _bare(county: Jurisdiction) -> WorkCalendar:
    return calendar_for(county.protocol)


def _any_clock(patch: Patch) -> None:
    """Whatever the clock says is believed."""
    patch.setattr(timekeeping, "judge", lambda now, seen, heard: "right")


@pytest.mark.parametrize(
    ("plant", "told"),
    [
        (_asked_anew, "was asked for twice for one moment"),
        (_at_night, "was asked for out of hours"),
        (_sent_at_night, "' out of hours, at"),
        (_though_closed, ", closed by then"),
        (_never_again, "nobody was asked"),
        (_never_higher, "never reached step"),
        (_line_by_line, "after a month of silence"),
        (_all_at_once, "after a month of silence"),
        (_two_lists, "lists at once"),
        (_in_pauses, "was asked for in its pause"),
        (_on_declared_holidays, "was asked for out of hours"),
        (_any_clock, "somebody was asked at"),
        (_any_clock, " is 2038-"),
    ],
)
def test_a_planted_unfairness_is_told(plant: Callable[[Patch], None], told: str, monkeypatch: Patch) -> None:
    plant(monkeypatch)
    seeds = CROWDED if plant is _all_at_once else range(SOON, SOON + ENOUGH)
    assert any(told in one for seed in seeds for one in broken(seed))
