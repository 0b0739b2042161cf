"""The figures: what is set against what, the least that may ship and the goal; and what the rounds say of each."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tests.bench.laps import Measures

Round = Mapping[str, Measures]  # contestant -> its measures
Measure = tuple[str, str]  # contestant, which of its measures
Unit = Literal["time", "rate", "MiB", "count"]
Verdict = Literal["goal", "least", "BELOW LEAST"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One row. What is judged is ours / theirs, or ours itself where there is nothing to set it against."""

    number: int
    what: str
    ours: Measure
    theirs: Measure | None
    against: str
    unit: Unit
    least: float
    goal: float
    more_is_better: bool = False

    def judged(self, measured: Round) -> float:
        """The figure in one round. Raises KeyError when a contestant did not run."""
        ours = measured[self.ours[0]][self.ours[1]]
        return ours if self.theirs is None else ours / measured[self.theirs[0]][self.theirs[1]]

    def verdict(self, value: float) -> Verdict:
        """What a value is worth."""
        sign = -1 if self.more_is_better else 1
        if sign * value <= sign * self.goal:
            return "goal"
        return "least" if sign * value <= sign * self.least else "BELOW LEAST"


@dataclass(frozen=True, slots=True)
class Row:
    """A figure over all rounds: medians, and the least and greatest of what is judged."""

    figure: Figure
    ours: float
    theirs: float | None
    judged: float
    low: float
    high: float

    @property
    def verdict(self) -> Verdict:
        """What the median is worth."""
        return self.figure.verdict(self.judged)


@dataclass(frozen=True, slots=True)
class Missing:
    """A figure that was not measured, why, and our half of it where that was."""

    reason: str
    ours: float | None


HELPDESK = "django-helpdesk, tuned"
COMMIT = "bare 4-row commit"
LOOK_UP = "dictionary + difflib"
TELEGRAM = "Telegram's adapter"
IMPORTS = "importing 5 libraries"

FIGURES = (
    Figure(1, "accept, one commit each", ("accept", "per_s"), ("helpdesk", "per_s"), HELPDESK, "rate", 5, 10, True),
    Figure(2, "accept, mean time", ("accept", "each"), ("floor", "each"), COMMIT, "time", 6, 4),
    Figure(2, "on the worker's thread alone", ("thread", "each"), ("floor", "each"), COMMIT, "time", 6, 3),
    Figure(3, "accept, latency p50", ("accept", "p50"), ("helpdesk", "p50"), HELPDESK, "time", 1 / 4, 1 / 8),
    Figure(3, "accept, latency p99", ("accept", "p99"), ("helpdesk", "p99"), HELPDESK, "time", 1 / 2, 1 / 4),
    Figure(4, "/resolve, one commit each", ("resolve", "per_s"), ("helpdesk", "resolve"), HELPDESK, "rate", 4, 8, True),
    Figure(5, "accept from Matrix", ("matrix", "per_s"), ("telegram", "per_s"), TELEGRAM, "rate", 0.8, 0.95, True),
    Figure(
        6, "10,000 waiting, durable", ("backlog", "seconds"), ("helpdesk", "burst"), HELPDESK, "time", 1 / 8, 1 / 25
    ),
    Figure(7, "memory growth in that", ("backlog", "growth"), None, "100 waiting", "MiB", 20, 8),
    Figure(
        8, "their numbers said in 5 groups", ("acknowledge", "seconds"), None, "Telegram's limits", "time", 600, 300
    ),
    Figure(9, "nag pass, all due", ("chase", "per_s"), ("helpdesk", "nags"), HELPDESK, "rate", 10, 100, True),
    Figure(10, "idle tick, long history", ("idle", "many"), ("idle", "few"), "1,000 closed", "time", 1.5, 1.1),
    Figure(10, "idle tick, 100,000 open", ("idle", "open"), None, "none due", "time", 0.002, 0.0005),
    Figure(14, "groupbot --help", ("help", "help"), ("help", "floor"), "python -c pass", "time", 10, 5),
    Figure(15, "sandbox answers again", ("sandbox", "again"), ("sandbox", "floor"), IMPORTS, "time", 2, 1.3),
    Figure(15, "sandbox, first time", ("sandbox", "first"), ("sandbox", "floor"), IMPORTS, "time", 2, 1.3),
    Figure(18, "parse, clean", ("parse", "clean"), ("parse", "clean_floor"), LOOK_UP, "time", 12, 10),
    Figure(18, "parse, misspelt labels", ("parse", "slips"), ("parse", "slips_floor"), LOOK_UP, "time", 6, 4),
    Figure(20, "commits per post, one by one", ("counts", "commits"), None, "", "count", 1, 1),
    Figure(20, "commits per post, batch of 50", ("counts", "commits_in_batch"), None, "", "count", 0.02, 0.02),
    Figure(20, "SQL statements per post", ("counts", "statements"), None, "", "count", 12, 8),
    Figure(20, "SQL statements, batch of 50", ("counts", "statements_in_batch"), None, "", "count", 12, 8),
    Figure(21, "worst hostile text, any rule", ("worst", "worst"), None, "64,000 characters", "time", 0.050, 0.010),
)
NUMBERS = tuple(sorted({figure.number for figure in FIGURES}))


def missing(figure: Figure, rounds: Sequence[Round], reason: str) -> Missing:
    """What is left of a figure when one side of it did not run in every round."""
    name, measure = figure.ours
    ours = [measured[name][measure] for measured in rounds if name in measured]
    return Missing(reason, statistics.median(ours) if len(ours) == len(rounds) else None)


def row(figure: Figure, rounds: Sequence[Round]) -> Row:
    """What the rounds say. Raises KeyError when a contestant did not run in one of them."""
    judged = [figure.judged(measured) for measured in rounds]
    ours = statistics.median(measured[figure.ours[0]][figure.ours[1]] for measured in rounds)
    theirs = figure.theirs and statistics.median(measured[figure.theirs[0]][figure.theirs[1]] for measured in rounds)
    return Row(figure, ours, theirs, statistics.median(judged), min(judged), max(judged))
