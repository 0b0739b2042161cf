"""The figures as one table for people, and as data for programs."""

from __future__ import annotations

from typing import Any

from rich.table import Table
from rich.text import Text

from tests.bench.figures import FIGURES, Figure, Missing, Row, missing, row
from tests.bench.runs import Run

COLUMNS = ("#", "figure", "groupbot", "against", "there", "ratio (min-max)", "least", "goal", "holds")
TO_THE_RIGHT = ("#", "groupbot", "there", "ratio (min-max)", "least", "goal")
COLOURS = {"goal": "green", "least": "yellow", "BELOW LEAST": "bold red"}


def rows(run: Run, numbers: frozenset[int]) -> list[tuple[Figure, Row | Missing]]:
    """Each figure asked for with its row, or with the reason why it was not measured."""
    found: list[tuple[Figure, Row | Missing]] = []
    for figure in FIGURES:
        if figure.number not in numbers:
            continue
        names = [measure[0] for measure in (figure.ours, figure.theirs) if measure]
        reason = run.why_not(names)
        found.append((figure, missing(figure, run.rounds, reason) if reason else row(figure, run.rounds)))
    return found


def table(found: list[tuple[Figure, Row | Missing]]) -> Table:
    """For the terminal."""
    shown = Table(title="groupbot against its floors and peers", title_justify="left", show_lines=False)
    for name in COLUMNS:
        shown.add_column(name, justify="right" if name in TO_THE_RIGHT else "left", overflow="fold")
    for figure, result in found:
        bounds = _bound(figure, figure.least), _bound(figure, figure.goal)
        if isinstance(result, Missing):
            shown.add_row(
                str(figure.number),
                figure.what,
                _amount(figure, result.ours),
                figure.against,
                "",
                "",
                *bounds,
                "not measured",
            )
            continue
        measured = (_amount(figure, result.ours), figure.against, _amount(figure, result.theirs), _ratio(result))
        verdict = Text(result.verdict, style=COLOURS[result.verdict])
        shown.add_row(str(figure.number), figure.what, *measured, *bounds, verdict)
    return shown


def reasons(found: list[tuple[Figure, Row | Missing]]) -> list[str]:
    """Why figures were not measured, each reason once."""
    numbers: dict[str, list[str]] = {}
    for figure, result in found:
        if isinstance(result, Missing):
            known = numbers.setdefault(result.reason, [])
            known += [str(figure.number)] if str(figure.number) not in known else []
    return [f"{', '.join(known)} not measured: {reason}" for reason, known in numbers.items()]


def data(found: list[tuple[Figure, Row | Missing]]) -> list[dict[str, Any]]:
    """For programs: one object per figure; times in seconds."""
    objects = []
    for figure, result in found:
        known = {"figure": figure.number, "what": figure.what, "against": figure.against, "unit": figure.unit}
        known |= {"least": figure.least, "goal": figure.goal}
        if isinstance(result, Missing):
            objects.append({**known, "not_measured": result.reason, "ours": result.ours})
            continue
        names = ("ours", "theirs", "judged", "low", "high", "verdict")
        objects.append({**known, **{name: getattr(result, name) for name in names}})
    return objects


def _amount(figure: Figure, value: float | None) -> str:
    if value is None:
        return ""
    if figure.unit == "time":
        return _time(value)
    return f"{value:,.0f}/s" if figure.unit == "rate" else f"{value:.1f} MiB" if figure.unit == "MiB" else _short(value)


def _time(seconds: float) -> str:
    for size, name in ((1.0, "s"), (1e-3, "ms")):
        if seconds >= size:
            return f"{seconds / size:.3g} {name}"
    return f"{seconds * 1e6:.3g} us"


def _ratio(result: Row) -> str:
    if result.figure.theirs is None:
        low, high = (_amount(result.figure, value) for value in (result.low, result.high))
        return "" if low == high else f"{low}-{high}"
    return f"{_short(result.judged)} ({_short(result.low)}-{_short(result.high)})"


def _short(value: float) -> str:
    return f"{value:.3g}"


def _bound(figure: Figure, value: float) -> str:
    bound = _time(value) if figure.unit == "time" and figure.theirs is None else _short(value)
    return f"{'>=' if figure.more_is_better else '<='} {bound}"
