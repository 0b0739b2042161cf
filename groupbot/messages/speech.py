"""How one language says days, hours, durations and lists, from a pack's `[dates]`, `[units]` and `[lists]` words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple

from groupbot.messages.wording import Choice, Slot, Text, number_of, parse, parse_words, pick

SECONDS = {"day": 86_400, "hour": 3_600, "minute": 60}
DAY_FORMS = ("day", "day_year", "date")
WHEN_FORMS = ("today", "tomorrow", "yesterday", "other")
# The tables of words in a messages file, and the keys of each: all of them, and no others.
WORDS: Mapping[str, tuple[str, ...]] = {
    "lists": ("comma", "and", "or"),
    "units": (*SECONDS, "moment", "join"),
    "dates": ("weekdays", "months", *DAY_FORMS, *WHEN_FORMS),
}


def moment(value: object, zone: tzinfo) -> datetime:
    """Integer UTC microseconds -> the local time. Raises TypeError for anything else."""
    if value.__class__ is not int:
        raise TypeError(f"a time needs integer UTC microseconds, not {type(value).__name__}")
    assert isinstance(value, int)
    return datetime.fromtimestamp(value // 1_000_000, zone)


def items(value: object) -> Sequence[str]:
    """A list of words. Raises TypeError for anything else, a bare string above all."""
    if not isinstance(value, list | tuple):
        raise TypeError(f"a list of words is needed, not {type(value).__name__}")
    return [str(item) for item in value]


@dataclass(frozen=True, slots=True)
class Speech:
    """One language's words for times and lists; `term` finds the words of a term key."""

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    days: Mapping[str, tuple[str | Slot, ...]]
    units: Mapping[str, Text]
    moment_word: str
    join: str
    comma: str
    last: Mapping[str, str]
    term: Callable[[str], str]

    @classmethod
    def of(cls, words: Mapping[str, Any], term: Callable[[str], str]) -> Speech:
        """From one language's messages file. Raises KeyError for a missing word, ValueError for a bad template."""
        dates, units, lists = words["dates"], words["units"], words["lists"]
        return cls(
            weekdays=tuple(dates["weekdays"]),
            months=tuple(dates["months"]),
            days={name: parse_words(dates[name]) for name in (*DAY_FORMS, *WHEN_FORMS)},
            units={unit: _unit(units[unit]) for unit in SECONDS},
            moment_word=units["moment"],
            join=units["join"],
            comma=lists["comma"],
            last={word: f" {lists[word]} " for word in ("and", "or")},
            term=term,
        )

    def day(self, at: datetime, today: date) -> str:
        """A local date, with its year unless it is this one."""
        return self._day("day" if at.year == today.year else "day_year", at)

    def short_day(self, at: datetime) -> str:
        """A local date without its weekday and year, where there is little room."""
        return self._day("date", at)

    def _day(self, form: str, at: datetime) -> str:
        values = {
            "weekday": self.weekdays[at.weekday()],
            "date": str(at.day),
            "month": self.months[at.month - 1],
            "year": str(at.year),
        }
        return _fill(self.days[form], values)

    def when(self, at: datetime, today: date) -> str:
        """A local time, by its distance from today."""
        ahead = at.toordinal() - today.toordinal()
        form = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(ahead, "other")
        values = {"clock": clock(at)}
        if form == "other":
            values["day"] = self.day(at, today)
        return _fill(self.days[form], values)

    def span(self, value: object) -> str:
        """A number of seconds in its largest unit and the next; less than a minute has a word of its own."""
        if not isinstance(value, int | float):
            raise TypeError(f"a duration needs seconds, not {type(value).__name__}")
        left, said = int(value), list[str]()
        for unit, seconds in SECONDS.items():
            number, left = divmod(left, seconds) if left > 0 else (0, left)
            if said and not number:
                break
            if number:
                said.append(self._unit(unit, number))
            if len(said) == 2:
                break
        return self.join.join(said) or self.moment_word

    def _unit(self, unit: str, number: int) -> str:
        text = self.units[unit]
        while isinstance(text, Choice):
            text = pick(text, number)
        return _fill(text, {"n": str(number)})

    def listing(self, words: Sequence[str], last: str) -> str:
        """Words joined as the language lists them; `last` is "and" or "or"."""
        if len(words) < 2:
            return "".join(words)
        return self.comma.join(words[:-1]) + self.last[last] + words[-1]


def clock(at: datetime) -> str:
    """Hours and minutes of a local time, on 24 hours."""
    return f"{at.hour:02d}:{at.minute:02d}"


def _unit(written: object) -> Text:
    return parse({"count": "n", **written} if isinstance(written, Mapping) else written)


def _fill(parts: tuple[str | Slot, ...], values: Mapping[str, str]) -> str:
    return "".join([part if isinstance(part, str) else values[part.name] for part in parts])


class Scene(NamedTuple):
    """In which language, when and where a text is read."""

    speech: Speech
    zone: tzinfo
    today: date


def _plain(value: object, _: Scene) -> str:
    if isinstance(value, str):
        return value
    return str(number_of(value)) if not isinstance(value, list | tuple) else _refuse(value)


def _refuse(value: object) -> str:
    raise TypeError(f"a list needs a spec such as names, either or lines: {value!r}")


# What each spec makes of a parameter's value.
SAY: Mapping[str, Callable[[object, Scene], str]] = {
    "": _plain,
    "when": lambda value, scene: scene.speech.when(moment(value, scene.zone), scene.today),
    "day": lambda value, scene: scene.speech.day(moment(value, scene.zone), scene.today),
    "date": lambda value, scene: scene.speech.short_day(moment(value, scene.zone)),
    "clock": lambda value, scene: clock(moment(value, scene.zone)),
    "span": lambda value, scene: scene.speech.span(value),
    "term": lambda value, scene: scene.speech.term(str(value)),
    "terms": lambda value, scene: scene.speech.listing([scene.speech.term(key) for key in items(value)], "and"),
    "names": lambda value, scene: scene.speech.listing(items(value), "and"),
    "either": lambda value, scene: scene.speech.listing(items(value), "or"),
    "lines": lambda value, _: "\n".join(items(value)),
    "termlines": lambda value, scene: "\n".join(scene.speech.term(key) for key in items(value)),
    "count": lambda value, _: str(number_of(value)),
}
