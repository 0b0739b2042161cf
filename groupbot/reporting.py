"""The figures of each week and month, told to communications and the mirrors when the first working day after it opens.

Requests count in the week in which their answer was due, by the original deadline: those that are not due yet would
flatter. The stretch before is told once more, because words come back after the answers. A picture says the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from groupbot import moment as moments
from groupbot import picturing
from groupbot.jurisdiction import Jurisdiction
from groupbot.moment import Moment
from groupbot.records import Group, GroupKind, micros
from groupbot.rules import figures, pilot, publication, stretches, worktime
from groupbot.rules.figures import Course, Figures, Share
from groupbot.rules.stretches import Kind
from groupbot.store import figures as kept
from groupbot.store import inbox, moderation
from groupbot.store.database import Tx
from groupbot.store.figures import Place
from groupbot.ticking import Hourly

OFFICES = ("coordinator", "director")  # whose empty days are counted
MOST_NAMED = 5  # silent wards; more are a number
TREND = 6  # weeks or months that the picture shows, the newest among them
HEARERS: tuple[GroupKind, ...] = ("communications", "mirror")
Span = tuple[datetime, datetime]  # aware UTC, the end not included


class Reports(Hourly):
    """The ticker that tells the figures."""

    def __init__(self, jurisdiction: Jurisdiction) -> None:
        super().__init__()
        self.jurisdiction = jurisdiction

    def look(self, tx: Tx, now: datetime) -> datetime | None:
        """When the next figures are due; None before the first request."""
        county = self.jurisdiction
        dues = [_opening(kind, first, county) for kind in stretches.KINDS if (first := self._next(tx, kind, now))]
        return min(dues, default=None)

    def _next(self, tx: Tx, kind: Kind, now: datetime) -> date | None:
        """The first day of the stretch that is to be told next; one that is still to come was never told."""
        told = inbox.get_state(tx, self._name(kind))
        if told and date.fromisoformat(told) <= self._day(now):
            return stretches.after(kind, date.fromisoformat(told))
        first = kept.first_posted(tx, self.jurisdiction.id)
        return None if first is None else stretches.holding(kind, self._day(first))

    def _name(self, kind: Kind) -> str:
        return f"figures_{kind}:{self.jurisdiction.id}"

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.jurisdiction.zone).date()

    def run(self, tx: Tx, now: datetime) -> None:
        """Tell what is due.

        Where the morning was missed the bot has been away, and the groups have enough to hear: a week is passed over,
        since the next one tells of it too; a month waits for the next morning.
        """
        county = self.jurisdiction
        moment = moments.of_clock(tx, county, now)
        for kind in stretches.KINDS:
            following = self._next(tx, kind, now)
            if following is None or _opening(kind, following, county) > now:
                continue
            first = stretches.before(kind, stretches.holding(kind, self._day(now)))
            inbox.set_state(tx, self._name(kind), first.isoformat())
            missed = now >= worktime.closing(_opening(kind, first, county), county.calendar)
            if missed and kind == "week":
                continue
            at = county.pace.mornings.after(now) if missed else worktime.next_open(now, county.calendar)
            spans = tuple(_span(kind, day, county.zone) for day in (first, stretches.before(kind, first)))
            _Report(moment, kind, first, spans, at).tell()
        self.look_again(tx)
        moment.finish()


@dataclass(frozen=True, slots=True)
class _Report:
    """One week's or month's figures, for the county or for the department of a mirror."""

    moment: Moment
    kind: Kind
    first: date
    spans: tuple[Span, ...]  # this stretch, and the one before it
    at: datetime  # when it is said (aware UTC)

    def tell(self) -> None:
        """Queue the message for everybody who hears it, in working time, once."""
        found: dict[str | None, Mapping[str, object] | None] = {}
        for kind in HEARERS:
            for group in self.moment.roster.groups(kind):
                code = group.service_code
                if code not in found:
                    found[code] = self._params(code)
                if (params := found[code]) is not None:
                    self._queue(group, publication.figures_params(params))

    def _queue(self, group: Group, params: Mapping[str, object]) -> None:
        moment = self.moment
        language = group.language or moment.jurisdiction.language
        catalogue = moment.jurisdiction.catalogue
        shown: dict[str, object] = {
            "items": [catalogue.text(key, language, params, moment.now) for key in _lines(params)]
        }
        if params["due"]:  # without a rate there is nothing to draw
            name = moment.jurisdiction.protocol.file.pack.name
            shown["picture"] = picturing.told(catalogue, language, params, moment.now, name)
        moment.tell(
            group,
            "mirror_figures",
            shown,
            not_before=self.at,
            expires=self._superseded(),
            dedup_key=f"figures|{self.kind}|{self.first.isoformat()}|{group.platform}|{group.chat_id}",
        )

    def _superseded(self) -> datetime:
        """When the next figures are told, which tell of these too (aware UTC)."""
        return _opening(self.kind, stretches.after(self.kind, self.first), self.moment.jurisdiction)

    def _params(self, code: str | None) -> Mapping[str, object] | None:
        """What the texts are filled with; None of a stretch in which nothing was posted and nothing was due."""
        moment, county = self.moment, self.moment.jurisdiction
        posted = [one for one in kept.posted(moment.tx, county.id, *self.spans[0]) if self._counts(one[0], code)]
        found = self._figures(self.spans[0], code)
        set_aside = sum(self._counts(place, code) for place in kept.set_aside(moment.tx, county.id, *self.spans[0]))
        if not posted and not found.confirmed.of and not set_aside:
            return None
        before = self._figures(self.spans[1], code).confirmed
        shown = {place[1] for place, topic, kept_back in posted if topic not in county.hidden_topics and not kept_back}
        silent = [ward for ward in self._wards(code) if ward not in shown]
        return {
            "stretch": self.kind,
            "day": self._noon(self.first),
            "year": self.first.year,
            "department": f"department.{code}" if code else "",
            "confirmed_before": before.count,
            "due_before": before.of or None,
            "posted": len(posted),
            "open": sum(self._counts(place, code) for place in kept.still_open(moment.tx, county.id)),
            "set_aside": set_aside or None,
            "vacant": self._vacant(code),
            "trend": self._trend(code),
            **_shares(found),
            **_beside(found),
            **_silence(silent, len(self._wards(code))),
            "per": self._silent_people(silent, code),
        }

    def _noon(self, day: date) -> int:
        return micros(worktime.instant(day, time(12), self.moment.jurisdiction.zone))

    def _trend(self, code: str | None) -> Sequence[tuple[int, int, int]]:
        """(noon of the first day, confirmed, due) of the newest stretches, the oldest first in which any was due."""
        found: list[tuple[int, int, int]] = []
        first = self.first
        for _ in range(TREND):
            share = self._figures(_span(self.kind, first, self.moment.jurisdiction.zone), code).confirmed
            found.insert(0, (self._noon(first), share.count, share.of))
            first = stretches.before(self.kind, first)
        return found[next((at for at, one in enumerate(found) if one[2]), 0) :]

    def _counts(self, place: Place, code: str | None) -> bool:
        """Whether a request counts: where a pilot keeps it from the mirror, its figures are kept too."""
        stages = self.moment.roster.stages
        return code in (None, place[0]) and (
            not stages or pilot.is_said(pilot.mode_of(stages, place, self.moment.now), "mirror")
        )

    def _figures(self, span: Span, code: str | None) -> Figures:
        county = self.moment.jurisdiction
        rows = kept.due(self.moment.tx, county.id, *span)
        courses = [Course(*row) for place, row in rows if self._counts(place, code)]
        return figures.of(courses, list(county.protocol.priorities), (), self.moment.now)

    def _wards(self, code: str | None) -> list[str]:
        """The wards whose requests the mirror shows."""
        protocol, now = self.moment.jurisdiction.protocol, self.moment.now
        codes = [code] if code else list(protocol.departments)
        return [ward for ward in protocol.wards if any(self._counts((one, ward, now), None) for one in codes)]

    def _silent_people(self, silent: Sequence[str], code: str | None) -> int | None:
        """How many of every 10,000 residents live in a silent ward; None where the pack does not know."""
        wards = self.moment.jurisdiction.protocol.wards
        return figures.silent_people(silent, {name: wards[name].residents or 0 for name in self._wards(code)})

    def _vacant(self, code: str | None) -> int:
        """Working days, at their opening, on which offices of departments that have a group stood empty, in all."""
        moment = self.moment
        calendar = moment.jurisdiction.calendar
        bound: dict[str, datetime] = {}
        for group in moment.roster.groups("department", code):
            since = moderation.bound_at(moment.tx, group.chat_pk) or moment.now
            bound[group.service_code or ""] = min(since, bound.get(group.service_code or "", since))
        opens = _openings(self.spans[0], calendar)
        return sum(
            not moment.roster.holders(role, at, department)
            for department, since in bound.items()
            for role in OFFICES
            for at in opens
            if at >= since
        )


def _opening(kind: Kind, first: date, county: Jurisdiction) -> datetime:
    """When a stretch is told (aware UTC): as soon as the first working day after it opens."""
    return worktime.next_open(_span(kind, first, county.zone)[1], county.calendar)


def _span(kind: Kind, first: date, zone: ZoneInfo) -> Span:
    return worktime.midnight(first, zone), worktime.midnight(stretches.after(kind, first), zone)


def _openings(span: Span, calendar: worktime.WorkCalendar) -> Sequence[datetime]:
    found, at = [], worktime.next_open(span[0], calendar)
    while at < span[1]:
        found.append(at)
        at = worktime.next_open(worktime.closing(at, calendar), calendar)
    return found


def _shares(found: Figures) -> dict[str, object]:
    return {
        "percent": found.confirmed.percent,
        "confirmed": found.confirmed.count,
        "due": found.confirmed.of,
        "answered": found.answered_in_time.count,
        **_share("heard", "hearable", found.heard_in_time),
        **_share("held", "known", found.held),
    }


def _share(count: str, of: str, share: Share) -> dict[str, object]:
    return {count: share.count, of: share.of}


def _beside(found: Figures) -> dict[str, object]:
    names = ("soon_answers", "soon_words", "downgrades", "second_dates", "reopenings", "unreachable")
    return {name: getattr(found, name) for name in names} | {"soon": figures.SOON // timedelta(minutes=1)}


def _silence(silent: Sequence[str], wards: int) -> dict[str, object]:
    how = "none" if not silent else "few" if len(silent) <= MOST_NAMED else "many"
    return {"silence": how, "silent": len(silent), "wards": list(silent[:MOST_NAMED]), "all": wards}


def _lines(params: Mapping[str, object]) -> Sequence[str]:
    """The texts of which a message is made; rates only where there was anything to rate."""
    aside = ("figures_set_aside",) if params["set_aside"] else ()
    if not params["due"]:
        before = ("figures_none_due",) if params["due_before"] else ()
        return ("figures_title", *before, *aside, "figures_posted", "figures_silent")
    return (
        "figures_title", "figures_confirmed", "figures_rates", "figures_beside", "figures_opened_again", *aside,
        "figures_posted", "figures_silent",
    )  # fmt: skip
