"""A pilot: which stage holds for a request, what it lets the bot say, and what the stages have changed.

shadow: the bot watches and says nothing; what it would have said is kept. assist: numbers and answers, in the
department's group and in private; nobody is reminded, except of emergencies, and the mirror is silent. full: all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from groupbot.records import GroupKind, PilotMode, Stage, instant

MODES: tuple[PilotMode, ...] = get_args(PilotMode)  # the most careful one first
HOUR = 3_600_000_000  # microseconds


def mode_at(stages: Sequence[Stage], service_code: str, ward: str, at: datetime) -> PilotMode:
    """The stage of a ward in a department at an instant.

    Set for the two together it holds before all; else the more careful one of the department's and the ward's; else
    the county's. Where nothing was set, full.
    """
    latest = {(one.service_code, one.ward): one.mode for one in stages if one.at <= at}
    if (exact := latest.get((service_code, ward))) and service_code and ward:
        return exact
    set_apart = [latest[scope] for scope in ((service_code, ""), ("", ward)) if any(scope) and scope in latest]
    if set_apart:
        return min(set_apart, key=MODES.index)
    return latest.get(("", ""), "full")


def mode_of(stages: Sequence[Stage], about: tuple[str, str, datetime], now: datetime) -> PilotMode:
    """The stage of a request (department, ward, when it was posted): one posted in the shadow stays there.

    Nobody was told its number, so nobody can be held to it.
    """
    service_code, ward, posted = about
    began = mode_at(stages, service_code, ward, posted)
    return began if began == "shadow" else mode_at(stages, service_code, ward, now)


def is_said(mode: PilotMode, kind: GroupKind) -> bool:
    """Whether something about requests of this stage is said in a chat of this kind."""
    if kind in ("department", "private"):
        return mode != "shadow"
    return mode == "full" if kind == "mirror" else True


# --- before and after -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Course:
    """How one request went, by the log: when it was posted, first met with a word, answered, closed (microseconds)."""

    service_code: str
    ward: str
    posted: int
    word: int | None = None
    answered: int | None = None
    closed: int | None = None
    agreed: bool = False
    reopened: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """The requests of one stage, and what became of them. Hours are medians over those that got so far, clock time."""

    requests: int = 0
    met: int = 0
    word_hours: float | None = None
    answered: int = 0
    answer_hours: float | None = None
    agreed: int = 0
    reopened: int = 0
    closed: int = 0


def courses(entries: Iterable[Mapping[str, object]]) -> dict[str, Course]:
    """Reference -> how the request went, from the coded fields of log entries in their order."""
    found: dict[str, Course] = {}
    for entry in entries:
        reference, at, state = str(entry["ref"]), int(str(entry["at"])), str(entry["state"])
        if not reference or not entry["service_code"]:
            continue
        course = found.setdefault(reference, Course(str(entry["service_code"]), str(entry["ward"]), at))
        if state in ("acknowledged", "answered"):
            course.word = course.word or at
        if state == "answered":
            course.answered = course.answered or at
        course.reopened = course.reopened or state == "reopened"
        course.closed = (course.closed or at) if state == "closed" else None
        if entry["type"] == "closed":
            course.agreed = True
    return found


def compare(found: Iterable[Course], stages: Sequence[Stage]) -> dict[PilotMode, Measure]:
    """Stage -> what became of the requests that were posted in it; stages without any are left out."""
    by_mode: dict[PilotMode, list[Course]] = {}
    for course in found:
        posted = instant(course.posted)
        by_mode.setdefault(mode_at(stages, course.service_code, course.ward, posted), []).append(course)
    return {mode: _measure(by_mode[mode]) for mode in MODES if mode in by_mode}


def _measure(found: Sequence[Course]) -> Measure:
    words = [course.word - course.posted for course in found if course.word is not None]
    answers = [course.answered - course.posted for course in found if course.answered is not None]
    return Measure(
        len(found),
        len(words),
        _median_hours(words),
        len(answers),
        _median_hours(answers),
        sum(course.agreed and course.closed is not None for course in found),
        sum(course.reopened for course in found),
        sum(course.closed is not None for course in found),
    )


def _median_hours(spans: Sequence[int]) -> float | None:
    import statistics  # late: it brings a numeric tower that nothing else needs

    return statistics.median(spans) / HOUR if spans else None
