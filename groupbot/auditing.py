"""The monthly sample: some closed requests are drawn, communications call their citizens back, CSOs see what they said.

Whoever closes a request may be mistaken, or worse; a sample that nobody can choose tells how often.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from groupbot import moment as moments
from groupbot import moves
from groupbot.jurisdiction import Jurisdiction
from groupbot.moment import Moment
from groupbot.records import GroupKind, ServiceRequest
from groupbot.rules import publication, sampling, stretches, worktime
from groupbot.store import call_backs, inbox, log_read, moderation
from groupbot.store.database import Tx
from groupbot.ticking import Hourly


class Samples(Hourly):
    """The ticker that draws a month's sample when the first working day of the next one opens."""

    def __init__(self, jurisdiction: Jurisdiction) -> None:
        super().__init__()
        self.jurisdiction = jurisdiction

    def look(self, tx: Tx) -> datetime | None:
        """When the next sample is drawn; None before the first request was closed."""
        month = self._next(tx)
        return None if month is None else self._opening(stretches.after("month", month))

    def _next(self, tx: Tx) -> date | None:
        """The first day of the month that is to be drawn from next."""
        kept = inbox.get_state(tx, self._name)
        if kept:
            return stretches.after("month", date.fromisoformat(kept))
        first = call_backs.first_closed(tx, self.jurisdiction.id)
        return None if first is None else first.astimezone(self.jurisdiction.zone).date().replace(day=1)

    @property
    def _name(self) -> str:
        return f"sampled:{self.jurisdiction.id}"

    def _opening(self, day: date) -> datetime:
        return worktime.next_open(worktime.midnight(day, self.jurisdiction.zone), self.jurisdiction.calendar)

    def run(self, tx: Tx, now: datetime) -> None:
        """Draw from the month before this one. Months that were missed altogether are passed over."""
        month = stretches.before("month", now.astimezone(self.jurisdiction.zone).date())
        inbox.set_state(tx, self._name, month.isoformat())
        self.look_again(tx)
        span = _span(self.jurisdiction, month)
        found = call_backs.confirmed(tx, self.jurisdiction.id, span)
        last = log_read.last_checkpoint(tx, self.jurisdiction.id)
        rule = self.jurisdiction.protocol.file.sample
        moment = moments.of_clock(tx, self.jurisdiction, now)
        _tell_last(moment, stretches.before("month", month))
        order = moderation.counts(tx, self.jurisdiction.id, span)
        if order:
            counts = {act: order.get(act, 0) for act in ("warn", "mute", "ban", "lifted")}
            _tell(moment, "mirror", "mirror_order", publication.summary_params(counts))
        drawn = sampling.draw(last.root if last else "", sampling.name(month), found, rule.requests)
        if drawn:
            call_backs.draw(tx, self.jurisdiction.id, sampling.name(month), [found[one] for one in drawn], now)
            params = {"refs": drawn, "count": len(found)}
            _tell(moment, "communications", "sample_drawn", params)
            _tell(moment, "mirror", "mirror_sample", publication.summary_params(params))
        moment.finish()


def _span(county: Jurisdiction, month: date) -> tuple[datetime, datetime]:
    first, end = (worktime.midnight(day, county.zone) for day in (month, stretches.after("month", month)))
    return first, end


def _tell(moment: Moment, kind: GroupKind, key: str, params: Mapping[str, object]) -> None:
    for group in moment.roster.groups(kind):
        moment.tell(group, key, params)


def _tell_last(moment: Moment, month: date) -> None:
    """What became of the sample before: the rate that the wards reported, and what the citizens themselves said."""
    county = moment.jurisdiction
    results = call_backs.results(moment.tx, county.id, sampling.name(month))
    if not results:
        return
    closed, agreed = call_backs.said_closed(moment.tx, county.id, _span(county, month))
    called = results.get("yes", 0) + results.get("no", 0)
    counts = {"closed": closed, "agreed": agreed, "called": called, "otherwise": results.get("no", 0)}
    said = counts | {"count": sum(results.values())}
    _tell(moment, "mirror", "mirror_sample_result", publication.summary_params(said))
    _tell(moment, "communications", "mirror_sample_result", publication.summary_params(said))


def take(moment: Moment, request: ServiceRequest, result: str) -> None:
    """A citizen was called back: kept and shown; who says otherwise opens the request again, as the hotline does."""
    call_backs.keep(moment.tx, request.id, result, moment.person.id if moment.person else None, moment.now)
    params = {"ref": request.service_request_id, "result": result}
    allowed = publication.mirror_params(request, params, hide_ward=True)
    if allowed is not None:
        _tell(moment, "mirror", "mirror_called_back", allowed)
    moment.receipt("receipt_noted")
    if result == "no" and request.state == "closed":
        moves.take_not_yet(moment.about(request), request)
