"""When is an expression of time, said at a certain moment? Pure; the rules are listed in `dates`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, time, timedelta

from groupbot.protocol import Clock, DayPart
from groupbot.rules.dates.parts import Said
from groupbot.rules.worktime import DAY, WorkCalendar, add, hours_of, instant

_DAY_MINUTES = 24 * 60
_HALF_DAY = 12 * 60
_DAWN, _DUSK = 6 * 60, 18 * 60  # hours counted from dawn begin at six (East African usage)
_LONGEST_WORK = 260  # working days: a year; what is longer is beyond anything that is believed
_DAYS_IN = {"days": 1, "weeks": 7, "working_days": 7}


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment at which something is said: in local time, with the usual opening and closing in minutes."""

    local: datetime
    calendar: WorkCalendar
    opens: int
    closes: int

    @classmethod
    def of(cls, said_at: datetime, calendar: WorkCalendar) -> Moment:
        """The moment of an aware instant, by the calendar's zone and usual hours."""
        spans = [span for day in calendar.week for span in day]
        opens = min(_minutes(start) for start, _ in spans)
        closes = max(_minutes(end) or _DAY_MINUTES for _, end in spans)
        return cls(said_at.astimezone(calendar.zone), calendar, opens, closes)

    @property
    def today(self) -> date:
        """The local day."""
        return self.local.date()

    def place(self, said: Said) -> datetime | None:
        """The instant that an expression means; None where it is not one to come."""
        if said.length is not None and said.length[1] in ("minutes", "hours"):
            return self.local + timedelta(**{said.length[1]: said.length[0]})
        direct = said.before or said.which or said.week is not None or (said.offset or 0) > 0
        if said.tense == "happened" and not direct and said.length is None:
            return None
        if not said.names_day():
            if said.minutes is not None:
                return self._hour_alone(said)
            return self._part_alone(said, said.part) if said.part else None
        times = (at for usual in (True, False) for day in self._days(said) for at in self._on(day, said, usual))
        return next((at for at in times if at > self.local), None)

    def at(self, day: date, minutes: int) -> datetime:
        """A local time of a day; 24:00 is the next day's midnight."""
        later, within = divmod(minutes, _DAY_MINUTES)
        return instant(day + later * DAY, time(*divmod(within, 60)), self.calendar.zone)

    def closing(self, day: date) -> datetime:
        """When a day closes: its own closing, or the usual one on a day off."""
        work = hours_of(day, self.calendar)
        return work[-1][1] if work else self.at(day, self.closes)

    # --- days ---

    def _in(self, amount: int, unit: str) -> date:
        """The local day so many days, weeks or months from today."""
        if unit == "working_days" and amount <= _LONGEST_WORK:
            clock = Clock(value=amount, unit="working_days", until_close=True, basis=unit)
            return add(self.local, clock, self.calendar).astimezone(self.calendar.zone).date()
        if unit == "months":
            first = _month(self.today, amount)
            return min(first + (self.today.day - 1) * DAY, _month(first, 1) - DAY)
        return self.today + amount * _DAYS_IN[unit] * DAY

    def _days(self, said: Said) -> tuple[date, ...]:
        """The local days that may be meant, the most probable first."""
        monday = self.today - self.today.weekday() * DAY
        if said.length is not None:
            return (self._in(*said.length),)
        if said.date is not None:
            return self._dates(said, *said.date)
        if said.weekday is not None:
            return self._weekdays(said, said.weekday, monday)
        if said.week is not None:
            week = monday + 7 * said.week * DAY
            return (self._last_working_day(week, week + 6 * DAY),)
        if said.month_end is not None:
            first = _month(self.today, said.month_end)
            return (self._last_working_day(first, _month(first, 1) - DAY),)
        return (self.today + (said.offset or 0) * DAY,)

    def _weekdays(self, said: Said, weekday: int, monday: date) -> tuple[date, ...]:
        if said.week is not None:
            return (monday + (7 * said.week + weekday) * DAY,)
        if said.which == "next":
            return (monday + (7 + weekday) * DAY,)
        soonest = self.today + (weekday - self.today.weekday()) % 7 * DAY
        later = soonest + 7 * DAY
        return (later,) if said.which == "coming" and soonest == self.today else (soonest, later)

    def _dates(self, said: Said, year: int | None, month: int | None, day: int) -> tuple[date, ...]:
        """The date nearest to today of those that fit, of a promise the first to come.

        A day of the month on the wrong weekday was a number of something else.
        """
        if month is None:
            firsts = [_month(self.today, shift) for shift in (-1, 0, 1, 2)]
        else:
            years = (year,) if year else (self.today.year - 1, self.today.year, self.today.year + 1)
            firsts = [date(each, month, 1) for each in years if 1 <= month <= 12 and 1 <= each < MAXYEAR]
        fitting = [first + (day - 1) * DAY for first in firsts if 1 <= day <= (_month(first, 1) - first).days]
        if month is None and said.weekday is not None:
            fitting = [each for each in fitting if each.weekday() == said.weekday]
            if not fitting:
                return self._weekdays(said, said.weekday, self.today - self.today.weekday() * DAY)
        promised = said.before or said.tense == "will"
        return tuple(sorted(fitting, key=lambda each: (promised and each < self.today, abs(each - self.today)))[:1])

    def _last_working_day(self, first: date, last: date) -> date:
        days = (last - back * DAY for back in range((last - first).days + 1))
        return next((day for day in days if hours_of(day, self.calendar)), last)

    # --- hours ---

    def _on(self, day: date, said: Said, usual: bool) -> list[datetime]:
        """The times that may be meant on a day: of an hour's two only those in working hours if `usual`."""
        if said.minutes is not None:
            hours = [each for each in _hours(said) if not usual or self.opens <= each <= self.closes]
            return [self.at(day, minutes) for minutes in hours]
        at = self._end_of_part(day, said.part) if said.part else self.closing(day)
        late_promise = day == self.today and at <= self.local and said.tense == "will" and said.offset == 0
        if not late_promise:
            return [at]
        if said.part is None:
            return [self.at(day, _DAY_MINUTES - 1)]
        begins, ends = _minutes(said.part.begins), _minutes(said.part.ends)
        still = _lies_in(_minutes(self.local.time()), begins, ends)
        return [self.at(day, ends if begins < ends else ends + _DAY_MINUTES)] if still else []

    def _hour_alone(self, said: Said) -> datetime | None:
        """The next coming of an hour, unless it is rather the last one that was meant."""
        hours = _hours(said)
        times = sorted(self.at(self.today + shift * DAY, minutes) for shift in (-1, 0, 1, 2) for minutes in hours)
        coming = [at for at in times if at > self.local]
        gone = [at for at in times if at <= self.local]
        is_nearer = coming[0] - self.local < self.local - gone[-1]
        is_today = coming[0] in [self.at(self.today, minutes) for minutes in hours]
        is_plain = said.hour_kind != "minute" or self._is_usual(coming[0])  # "3:30" is rarely said of the night
        if is_nearer or said.hour_kind == "hour" or (is_today and is_plain):
            return coming[0]
        return next((at for at in coming if self._is_usual(at)), coming[0]) if said.tense == "will" else None

    def _part_alone(self, said: Said, part: DayPart) -> datetime | None:
        """A part of today, or of tomorrow where today's is over and the words speak of the next."""
        at = self._end_of_part(self.today, part)
        if at > self.local:
            return at
        after_work = self.local >= self.closing(self.today)
        promised = not part.exact and (said.within or said.tense == "will")
        if said.which == "this" or not (after_work or promised):
            return None
        return self._end_of_part(self.today + DAY, part)

    def _end_of_part(self, day: date, part: DayPart) -> datetime:
        return self.closing(day) if part.means is None else self.at(day, _minutes(part.means))

    def _is_usual(self, at: datetime) -> bool:
        return self.opens <= _minutes(at.astimezone(self.calendar.zone).time()) <= self.closes


def _hours(said: Said) -> tuple[int, ...]:
    """The minutes of the day that the words may mean, those that the part of the day beside them allows."""
    minutes = said.minutes or 0
    if said.hour_kind == "exact":
        return (minutes,)
    half = minutes % _HALF_DAY
    western = (half, half + _HALF_DAY)
    dawn = ((half + _DAWN) % _DAY_MINUTES, (half + _DUSK) % _DAY_MINUTES)
    if said.part is None:
        return western if said.hour_kind != "dawn" else tuple(sorted(each for each in dawn if _DAWN <= each <= _DUSK))
    begins, ends = _minutes(said.part.begins), _minutes(said.part.ends)
    counted = (*dawn, *western) if said.hour_kind == "dawn" else western
    fitting = [each for each in counted if _lies_in(each, begins, ends)]
    # The small hours of a night belong to the day on which it began.
    return tuple(each + _DAY_MINUTES if ends < begins and each <= ends else each for each in fitting[:1]) or western


def _lies_in(minutes: int, begins: int, ends: int) -> bool:
    return begins <= minutes <= ends if begins <= ends else minutes >= begins or minutes <= ends


def _minutes(wall: time) -> int:
    return wall.hour * 60 + wall.minute


def _month(day: date, months: int) -> date:
    """The first of the month so many months later."""
    total = day.year * 12 + day.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)
