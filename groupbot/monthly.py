"""What is done once for each month, when the first working day of the next one opens."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date, datetime

from groupbot import moment as moments
from groupbot.jurisdiction import Jurisdiction
from groupbot.moment import Moment
from groupbot.rules import stretches, worktime
from groupbot.store import inbox
from groupbot.store.database import Tx
from groupbot.ticking import Hourly

Span = tuple[datetime, datetime]  # aware UTC, the end not included


class Monthly(Hourly):
    """A ticker of what tells of each month. Months that were missed altogether are passed over."""

    name: str  # under which the last month told is kept

    def __init__(self, jurisdiction: Jurisdiction) -> None:
        super().__init__()
        self.jurisdiction = jurisdiction

    @abstractmethod
    def first(self, tx: Tx) -> datetime | None:
        """When the first thing happened of which it tells (aware UTC); None while there is none."""

    @abstractmethod
    def tell(self, moment: Moment, month: date) -> None:
        """Tell of the month with this first day."""

    def look(self, tx: Tx, now: datetime) -> datetime | None:
        """When the next month is told; None before there is anything to tell."""
        month = self._next(tx, now)
        if month is None:
            return None
        return worktime.next_open(span(self.jurisdiction, month)[1], self.jurisdiction.calendar)

    def _next(self, tx: Tx, now: datetime) -> date | None:
        """The first day of the month that is to be told next; one that is still to come was never told."""
        kept = inbox.get_state(tx, self._kept_as)
        if kept and date.fromisoformat(kept) <= now.astimezone(self.jurisdiction.zone).date():
            return stretches.after("month", date.fromisoformat(kept))
        first = self.first(tx)
        return None if first is None else stretches.holding("month", first.astimezone(self.jurisdiction.zone).date())

    @property
    def _kept_as(self) -> str:
        return f"{self.name}:{self.jurisdiction.id}"

    def run(self, tx: Tx, now: datetime) -> None:
        """Tell of the month before this one."""
        month = stretches.before("month", now.astimezone(self.jurisdiction.zone).date())
        inbox.set_state(tx, self._kept_as, month.isoformat())
        self.look_again(tx)
        moment = moments.of_clock(tx, self.jurisdiction, now)
        self.tell(moment, month)
        moment.finish()


def span(county: Jurisdiction, month: date) -> Span:
    """The month with this first day, from its first midnight to the next month's."""
    first, end = (worktime.midnight(day, county.zone) for day in (month, stretches.after("month", month)))
    return first, end
