"""calendar.toml: the working week, holidays, and the clocks that count in them."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

from pydantic import Field

from groupbot.protocol.parts import Names, NonEmpty, Part

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Clock(Part):
    """How long something may take, in which unit, on whose authority; `until_close` moves the end to closing time."""

    value: Annotated[int, Field(ge=0)]
    unit: Literal["clock_hours", "working_hours", "working_days", "calendar_days"]
    until_close: bool = False
    basis: NonEmpty


class Holiday(Part):
    """[[holiday]] of calendar.toml: a day off that the holidays library lacks, or a correction of its name."""

    day: date
    name: Names
    basis: NonEmpty


class Hours(Part):
    """[hours] of calendar.toml: opening and closing per weekday; a lunch break is two spans."""

    days: tuple[Weekday, ...]
    opens: time
    closes: time
    basis: NonEmpty


class CalendarFile(Part):
    """calendar.toml: the working week, and holidays beyond the library's."""

    hours: tuple[Hours, ...]
    library: bool = True  # take the country's public holidays from the holidays library
    holiday: tuple[Holiday, ...] = ()
    not_holiday: tuple[date, ...] = ()
