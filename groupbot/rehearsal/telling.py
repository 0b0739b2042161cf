"""What a lived time came to, in the words of the pack and as a picture: each rate with what would make it cheap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from groupbot.jurisdiction import Jurisdiction
from groupbot.pictures import panels
from groupbot.pictures.panels import Panel, Row
from groupbot.pictures.sheet import Sheet
from groupbot.records import micros
from groupbot.rehearsal.year import WEEK, Lived, PerPerson
from groupbot.rules import figures
from groupbot.rules.figures import Figures, Share

# A rate, and beside it what would make it cheap, each with what it is a part of; '' for a mere count.
RATES: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    ("confirmed", (("soon_words", "words"), ("unreachable", "posted"), ("silent_wards", "wards"))),
    ("answered_in_time", (("soon_answers", "answers"), ("downgrades", "posted"), ("second_dates", "posted"))),
    ("heard_in_time", ()),
    ("held", (("reopenings", ""),)),
)
TERMS = {"answered_in_time": "answered", "heard_in_time": "heard", "silent_wards": "silent"}  # others are called alike
MINUTES = figures.SOON // timedelta(minutes=1)
NONE = "–"


@dataclass(frozen=True, slots=True)
class Telling:
    """A lived time in one language."""

    lived: Lived
    jurisdiction: Jurisdiction
    language: str

    def lines(self) -> list[str]:
        """For a terminal: each rate and below it what stands beside it; then what the time cost people."""
        lived, found = self.lived, self.lived.figures
        said = [self._title(), self._text("year_posted", posted=found.posted, open=found.open)]
        for name, beside in RATES:
            said.append(f"{self._label(name)}: {self._share(getattr(found, name))}")
            said += [f"  {self._label(one)}: {self._beside(one, of)}" for one, of in beside]
        if (people := self._silent_people(found)) is not None:
            said.append(self._text("year_silent", per=people))
        climbed = Counter(role for role, _ in lived.escalations)
        steps = [f"{self._role(role)} {count}" for role, count in climbed.most_common()]
        said.append(self._text("year_steps", steps=steps))
        alarms = sum(lived.alarms.values())
        said.append(self._text("year_nags", alarms=alarms, **self._strain(lived.nags)))
        said.append(self._text("year_lists", outside=lived.out_of_hours, **self._strain(lived.lists)))
        return [
            *said,
            self._text("year_lines", lines=lived.group_lines, each=self._a_day(lived.group_lines, lived.groups)),
        ]

    def sheet(self) -> Sheet:
        """For a phone: the rates week by week, the requests with the words brought back, the nags, the steps."""
        lived, weeks, zone = self.lived, self.lived.weeks, self.jurisdiction.zone
        rates = [
            Row(self._label(name), [getattr(week, name).percent for _, week in weeks])
            for name in ("confirmed", "answered_in_time")
        ]
        posts = [
            Row(self._label("posted"), [week.posted for _, week in weeks]),
            Row(self._label("confirmed"), [week.words for _, week in weeks]),
        ]
        nags, strain = self._worst([(day, count) for (_, day), count in lived.nags.items()]), self._strain(lived.nags)
        steps = self._weekly([(at.astimezone(zone).date(), 1) for _, at in lived.escalations])
        shown = (
            Panel(self._text("year_panel_rates"), lines=rates, most=100, unit=" %"),
            Panel(self._text("year_panel_posts"), bars=posts),
            Panel(self._text("year_panel_nags", each=strain["each"]), bars=[Row("", nags)]),
            Panel(self._text("year_panel_steps"), bars=[Row("", steps)]),
            self._silence(),
        )
        days = [self._text("picture_day", at=micros(start)) for start, _ in weeks]
        head = (self._title(), self.jurisdiction.protocol.file.pack.name)
        return panels.laid_out(head, shown, days, "\n".join(self.lines()))

    def _silence(self) -> Panel:
        """Silent wards by week: by the people who live there where the pack knows them, else counted."""
        weeks = [week for _, week in self.lived.weeks]
        counted = [people for week in weeks if (people := self._silent_people(week)) is not None]
        if len(counted) == len(weeks):
            return Panel(self._text("year_panel_silent_people"), bars=[Row("", counted)], most=max(1, *counted, 0))
        counted = [week.silent_wards for week in weeks]
        title = self._text("year_panel_silent", all=len(self.jurisdiction.protocol.wards))
        return Panel(title, bars=[Row("", counted)], most=max(1, *counted, 0))

    # --- words --------------------------------------------------------------------------------------------------------

    def _text(self, key: str, **params: object) -> str:
        return self.jurisdiction.catalogue.text(key, self.language, params, self.lived.start)

    def _title(self) -> str:
        lived = self.lived
        year = lived.start.astimezone(self.jurisdiction.zone).year
        return self._text("year_title", days=lived.days, day=micros(lived.start), year=year, seed=lived.seed)

    def _label(self, name: str) -> str:
        if name in ("soon_answers", "soon_words"):
            return self._text(f"picture_{name}", soon=MINUTES)
        return self.jurisdiction.catalogue.term(f"figure.{TERMS.get(name, name)}", self.language)

    def _role(self, role: str) -> str:
        return self.jurisdiction.catalogue.term(f"role.{role}", self.language)

    def _beside(self, name: str, of: str) -> str:
        found = self.lived.figures
        count = int(getattr(found, name))
        whole = len(self.jurisdiction.protocol.wards) if of == "wards" else getattr(found, of) if of else 0
        return self._share(Share(whole, count)) if of else str(count)

    def _silent_people(self, found: Figures) -> int | None:
        wards = self.jurisdiction.protocol.wards
        return figures.silent_people(found.silent, {name: ward.residents or 0 for name, ward in wards.items()})

    def _share(self, share: Share) -> str:
        if share.percent is None:
            return NONE
        return self._text("year_share", count=share.count, of=share.of, percent=share.percent)

    def _a_day(self, count: int, among: int) -> str:
        """How many each hears on a working day, with two decimals."""
        return f"{count / max(1, among * self.lived.working_days):.2f}"

    def _strain(self, counts: PerPerson) -> dict[str, object]:
        """How much there was in all, on a mean working day to each who got any, and on the worst day of anybody."""
        total, people = sum(counts.values()), len({chat for chat, _ in counts})
        return {"count": total, "each": self._a_day(total, people), "most": max(counts.values(), default=0)}

    def _worst(self, counted: Iterable[tuple[date, int]]) -> list[int]:
        """Counts of people's days -> the greatest of each week."""
        found = [0] * len(self.lived.weeks)
        for number, count in self._by_week(counted):
            found[number] = max(found[number], count)
        return found

    def _weekly(self, counted: Iterable[tuple[date, int]]) -> list[int]:
        """Counts by local day -> by week of the stretch; what is after the last whole week is in none."""
        found = [0] * len(self.lived.weeks)
        for number, count in self._by_week(counted):
            found[number] += count
        return found

    def _by_week(self, counted: Iterable[tuple[date, int]]) -> Iterator[tuple[int, int]]:
        first = self.lived.start.astimezone(self.jurisdiction.zone).date()
        weeks = (((day - first) // WEEK, count) for day, count in counted)
        return (one for one in weeks if one[0] < len(self.lived.weeks))
