"""When is work done, when does a clock run out, and how much working time lies between two instants?

All instants are aware datetimes: any zone goes in, UTC comes out. Spans are half-open: the closing minute is no longer
working time. Wall-clock times are of the pack's zone, and days of 23 or 25 hours are counted as long as they are.
Sources: a holiday is a day without working time (Public Holidays Act, Cap. 110); the working week is pack data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from groupbot.protocol import CalendarFile, Clock, Hours, Protocol

Span = tuple[datetime, datetime]  # UTC, the end not included
WallSpan = tuple[time, time]  # local; an end of 00:00 is midnight, when the day ends

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LeftOut = Literal["closed_hours", "free_days"]

MIDNIGHT = time(0)
DAY = timedelta(days=1)
KNOWN_DAYS = 2_000  # days whose spans a calendar remembers; it never changes, so they never go stale
IDLE_DAYS = 400  # so many days without any work are a mistake in the calendar, not a long pause


@dataclass(frozen=True, slots=True)
class DaysOff:
    """The public holidays: a country's of the holidays library (none for None), corrected and added to.

    A day declared while the bot runs counts even where the pack says that it is none.
    """

    country: str | None = None
    own: frozenset[date] = frozenset()
    not_holiday: frozenset[date] = frozenset()
    declared: frozenset[date] = frozenset()
    years: dict[int, frozenset[date]] = field(default_factory=dict, compare=False, repr=False)  # asked so far

    def __contains__(self, day: date) -> bool:
        """Whether the local day is off. Raises ValueError for a country that the library does not know."""
        if day in self.declared:
            return True
        return day not in self.not_holiday and (day in self.own or day in self._of_year(day.year))

    def _of_year(self, year: int) -> frozenset[date]:
        if self.country is None:
            return frozenset()
        if year not in self.years:
            self.years[year] = _public_holidays(self.country, year)
        return self.years[year]


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working week of one zone (seven days, Monday first, each with its spans) and the days off.

    Raises ValueError for a week without any hours, and for spans that overlap or end before they start.
    """

    zone: ZoneInfo
    week: tuple[tuple[WallSpan, ...], ...]
    days_off: DaysOff = field(default_factory=DaysOff)
    known: dict[date, tuple[Span, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)  # so far

    def __post_init__(self) -> None:
        """Refuse a week that no clock could run on."""
        if len(self.week) != len(WEEKDAYS):
            raise ValueError(f"a week has {len(WEEKDAYS)} days, not {len(self.week)}")
        if not any(self.week):
            raise ValueError("the calendar has no working hours at all: no deadline could ever be met")
        for name, spans in zip(WEEKDAYS, self.week, strict=True):
            _check_spans(name, spans)


def calendar_for(protocol: Protocol) -> WorkCalendar:
    """The working calendar of a pack.

    Raises ValueError for hours that make no calendar, and zoneinfo.ZoneInfoNotFoundError for an unknown time zone. The
    country is asked for when the first holiday is: an unknown one raises ValueError then.
    """
    head, file = protocol.file.pack, protocol.calendar
    own = frozenset(holiday.day for holiday in file.holiday)
    country = head.country if file.library else None
    return WorkCalendar(ZoneInfo(head.timezone), _week(file), DaysOff(country, own, frozenset(file.not_holiday)))


def with_holidays(calendar: WorkCalendar, days: Iterable[date]) -> WorkCalendar:
    """The same calendar with more local days off, as declared while the bot runs."""
    off = replace(calendar.days_off, declared=calendar.days_off.declared | frozenset(days))
    return replace(calendar, days_off=off)


# --- questions about one instant --------------------------------------------------------------------------------------


def is_open(at: datetime, calendar: WorkCalendar) -> bool:
    """Whether the instant is working time. Raises ValueError for a naive datetime, as do all questions here."""
    return any(opens <= at < closes for opens, closes in hours_of(_local(at, calendar).date(), calendar))


def next_open(at: datetime, calendar: WorkCalendar) -> datetime:
    """The first working instant that is not before `at`, in UTC. Raises OverflowError beyond the year 9999."""
    return next(_spans_from(at, calendar))[0]


def opening(at: datetime, calendar: WorkCalendar) -> datetime:
    """The first beginning of working time after `at`, in UTC. Raises OverflowError beyond the year 9999."""
    days = _working_days(_local(at, calendar).date(), calendar)
    return next(opens for _, spans in days for opens, _ in spans if opens > at)


def closing(at: datetime, calendar: WorkCalendar) -> datetime:
    """The first end of a working day after `at`, in UTC. Raises OverflowError beyond the year 9999."""
    days = _working_days(_local(at, calendar).date(), calendar)
    return next(spans[-1][1] for _, spans in days if spans[-1][1] > at)


def hours_of(day: date, calendar: WorkCalendar) -> tuple[Span, ...]:
    """The working spans of a local day, in UTC; empty on a day off."""
    known = calendar.known.get(day)
    if known is None:
        if len(calendar.known) >= KNOWN_DAYS:
            calendar.known.clear()
        known = calendar.known[day] = _hours_of(day, calendar)
    return known


def _hours_of(day: date, calendar: WorkCalendar) -> tuple[Span, ...]:
    walls = calendar.week[day.weekday()]
    if not walls or day in calendar.days_off:
        return ()
    spans = [(instant(day, opens, calendar.zone), _end(day, closes, calendar.zone)) for opens, closes in walls]
    return tuple(span for span in spans if span[0] < span[1])


def instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a local wall-clock time; of one that comes twice the first.

    A time that the clocks jump over is the moment of the jump, so that later wall times are never earlier instants.
    """
    local = datetime.combine(day, wall, tzinfo=zone).replace(fold=0)
    before, after = local.utcoffset(), local.replace(fold=1).utcoffset()
    if before is None or after is None or before >= after:
        return local.astimezone(UTC)
    return _jump(local.replace(fold=1).astimezone(UTC), after - before, zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a local day begins (aware UTC)."""
    return instant(day, time(), zone)


# --- spans and amounts ------------------------------------------------------------------------------------------------


def spans(start: datetime, end: datetime, calendar: WorkCalendar) -> Iterator[Span]:
    """The working spans between two instants, in order and in UTC, clipped to them. None when `end` is not later."""
    day, last = _local(start, calendar).date(), _local(end, calendar).date()
    while day <= last:
        for opens, closes in hours_of(day, calendar):
            if max(opens, start) < min(closes, end):
                yield _utc(max(opens, start)), _utc(min(closes, end))
        if day == date.max:
            return
        day += DAY


def worked(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """How much working time lies between two instants; zero when `end` is not later."""
    return sum((closes - opens for opens, closes in spans(start, end, calendar)), timedelta())


def holidays_between(start: datetime, end: datetime, calendar: WorkCalendar) -> tuple[date, ...]:
    """The days off that took working time out of a span: the local days, both ends' included, that would have work."""
    first, last = _local(start, calendar).date(), _local(end, calendar).date()
    days = (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
    return tuple(day for day in days if calendar.week[day.weekday()] and day in calendar.days_off)


def left_out(start: datetime, end: datetime, calendar: WorkCalendar) -> tuple[LeftOut, ...]:
    """What working time leaves out between two instants besides holidays: closed hours, and days without any."""
    found: set[LeftOut] = set()
    day, last = _local(start, calendar).date(), _local(end, calendar).date()
    while day <= last:
        begins, ends = max(start, midnight(day, calendar.zone)), min(end, midnight(day + DAY, calendar.zone))
        if hours_of(day, calendar):
            found |= {"closed_hours"} if worked(begins, ends, calendar) < ends - begins else set()
        elif begins < ends and not calendar.week[day.weekday()]:
            found.add("free_days")
        day += DAY
    return tuple(sorted(found))


# --- clocks -----------------------------------------------------------------------------------------------------------


def add(start: datetime, clock: Clock, calendar: WorkCalendar) -> datetime:
    """When a clock that starts at `start` runs out, in UTC.

    - clock_hours: so many hours, day and night.
    - working_hours: so much working time; it runs out at closing rather than at the next opening.
    - working_days: so many working days later at the same local time; a start outside working time counts as the next
      opening. Where that day has no work at that time, the next work of the day, or else its closing.
    - calendar_days: so many days later at the same local time, whatever day that is.

    `until_close` moves the end to the closing of its day, of the next working day where it is none; hours that end
    after closing run to the next closing. In the hour that clocks repeat in autumn both passes are the same local time.
    Raises ValueError for a naive start and OverflowError beyond the year 9999.
    """
    start = _utc(start)
    if clock.unit == "clock_hours":
        end = start + timedelta(hours=clock.value)
    elif clock.unit == "working_hours":
        end = add_working_time(start, timedelta(hours=clock.value), calendar)
    elif clock.unit == "working_days":
        end = _add_working_days(start, clock.value, calendar)
    else:
        local = _local(start, calendar)
        end = max(start, instant(local.date() + clock.value * DAY, local.time(), calendar.zone))
    if not clock.until_close:
        return end
    whole_days = clock.unit == "calendar_days"
    return _close_of_day(end, start, calendar) if whole_days else _at_or_after(end, calendar)


def not_counted(start: datetime, due: datetime, clock: Clock, calendar: WorkCalendar) -> tuple[date, ...]:
    """The holidays that a clock from `start` to `due` did not count.

    Plain days and hours count every one; only where their end falls on a holiday do they go on past it.
    """
    if clock.unit in ("calendar_days", "clock_hours"):
        start = add(start, clock.model_copy(update={"until_close": False}), calendar)
        if start >= due:  # it ends there, whatever day that is
            return ()
    return holidays_between(start, due, calendar)


def add_working_time(start: datetime, amount: timedelta, calendar: WorkCalendar) -> datetime:
    """The instant, in UTC, by which so much has been worked since `start`: a closing rather than the next opening."""
    left, work = amount, _spans_from(start, calendar)  # working spans never end
    opens, closes = next(work)
    while left > closes - opens:
        left -= closes - opens
        opens, closes = next(work)
    return opens + left


def _add_working_days(start: datetime, days: int, calendar: WorkCalendar) -> datetime:
    start = next_open(start, calendar)
    if days == 0:
        return start
    local = _local(start, calendar)
    day, work = next(islice(_working_days(local.date(), calendar), days, None))
    wanted = instant(day, local.time(), calendar.zone)
    return next((max(opens, wanted) for opens, closes in work if wanted < closes), work[-1][1])


def _close_of_day(end: datetime, start: datetime, calendar: WorkCalendar) -> datetime:
    days = _working_days(_local(end, calendar).date(), calendar)
    return next(work[-1][1] for _, work in days if work[-1][1] > start)


def _at_or_after(end: datetime, calendar: WorkCalendar) -> datetime:
    days = _working_days((_local(end, calendar) - timedelta(microseconds=1)).date(), calendar)
    return next(work[-1][1] for _, work in days if work[-1][1] >= end)


# --- days -------------------------------------------------------------------------------------------------------------


def _working_days(day: date, calendar: WorkCalendar) -> Iterator[tuple[date, tuple[Span, ...]]]:
    """The local days with work from a day on, without end. Raises ValueError where there is none for over a year."""
    idle = 0
    while idle <= IDLE_DAYS:
        work = hours_of(day, calendar)
        if work:
            yield day, work
        idle = 0 if work else idle + 1
        day += DAY
    raise ValueError(f"the calendar has no working day in the {IDLE_DAYS} days before {day.isoformat()}")


def _spans_from(start: datetime, calendar: WorkCalendar) -> Iterator[Span]:
    start = _utc(start)
    for _, work in _working_days(_local(start, calendar).date(), calendar):
        for opens, closes in work:
            if closes > start:
                yield max(opens, start), closes


def _end(day: date, wall: time, zone: ZoneInfo) -> datetime:
    return instant(day + DAY if wall == MIDNIGHT else day, wall, zone)


def _jump(earliest: datetime, gap: timedelta, zone: ZoneInfo) -> datetime:
    """The second at which the clocks jump forward, within `gap` after `earliest`: found by halving."""
    old = earliest.astimezone(zone).utcoffset()
    low, high = 0, int(gap.total_seconds())
    while low < high:
        middle = (low + high) // 2
        if (earliest + timedelta(seconds=middle)).astimezone(zone).utcoffset() == old:
            low = middle + 1
        else:
            high = middle
    return earliest.replace(microsecond=0) + timedelta(seconds=low)


def _local(at: datetime, calendar: WorkCalendar) -> datetime:
    return _utc(at).astimezone(calendar.zone)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is UTC:  # as it nearly always is
        return at
    if at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return at.astimezone(UTC)


# --- reading the pack -------------------------------------------------------------------------------------------------


def _week(file: CalendarFile) -> tuple[tuple[WallSpan, ...], ...]:
    return tuple(_spans_on(name, file.hours) for name in WEEKDAYS)


def _spans_on(weekday: str, hours: Iterable[Hours]) -> tuple[WallSpan, ...]:
    return tuple(sorted((span.opens, span.closes) for span in hours if weekday in span.days))


def _check_spans(name: str, spans: tuple[WallSpan, ...]) -> None:
    for opens, closes in spans:
        if closes != MIDNIGHT and closes <= opens:
            raise ValueError(f"{name}: work that opens at {opens:%H:%M} cannot close at {closes:%H:%M}")
    for (_, closes), (opens, _) in pairwise(spans):
        if closes == MIDNIGHT or opens < closes:
            raise ValueError(f"{name}: the span from {opens:%H:%M} overlaps the one before it")


def _public_holidays(country: str, year: int) -> frozenset[date]:
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, years=year, expand=False))
    except NotImplementedError as error:
        raise ValueError(f"the holidays library does not know the country {country}") from error


def public_holiday(day: date, country: str, language: str) -> str:
    """The name of a country's public holiday in a language, else in the country's own; "" for a day that is none."""
    import holidays

    spoken = holidays.country_holidays(country).supported_languages
    chosen = next((one for one in spoken if one.partition("_")[0] == language), None)
    return str(holidays.country_holidays(country, years=day.year, expand=False, language=chosen).get(day, ""))
