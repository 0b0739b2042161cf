"""The monthly sample: some closed requests are drawn, communications call their citizens back, CSOs see what they said.

Whoever closes a request may be mistaken, or worse; a sample that nobody can choose tells how often.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from groupbot import monthly, moves, piloting
from groupbot.moment import Moment
from groupbot.monthly import Monthly
from groupbot.records import GroupKind, ServiceRequest
from groupbot.rules import publication, sampling, stretches
from groupbot.store import call_backs, log_read, requests
from groupbot.store.database import Tx


class Samples(Monthly):
    """The ticker that draws a month's sample when the first working day of the next one opens."""

    name = "sampled"

    def first(self, tx: Tx) -> datetime | None:
        """When the first request was closed."""
        return call_backs.first_closed(tx, self.jurisdiction.id)

    def tell(self, moment: Moment, month: date) -> None:
        """Say what became of the sample before, and draw the next."""
        tx, county = moment.tx, self.jurisdiction
        if call_backs.results(tx, county.id, sampling.name(month)):
            return  # it was drawn before a wrong clock made that forgotten: nobody is called twice
        _tell_last(moment, stretches.before("month", month))
        found = {
            reference: pk
            for reference, pk in call_backs.confirmed(tx, county.id, monthly.span(county, month)).items()
            if piloting.mode_of(moment.roster.stages, requests.by_id(tx, pk), moment.now) == "full"
        }
        last = log_read.last_checkpoint(tx, county.id)
        drawn = sampling.draw(
            last.root if last else "", sampling.name(month), found, county.protocol.file.sample.requests
        )
        if drawn:
            call_backs.draw(tx, county.id, sampling.name(month), [found[one] for one in drawn], moment.now)
            params = {"refs": drawn, "count": len(found)}
            _tell(moment, "communications", "sample_drawn", params)
            _tell(moment, "mirror", "mirror_sample", publication.summary_params(params))


def _tell(moment: Moment, kind: GroupKind, key: str, params: Mapping[str, object]) -> None:
    for group in moment.roster.groups(kind):
        moment.tell(group, key, params)


def _tell_last(moment: Moment, month: date) -> None:
    """What became of the sample before: the rate that the wards reported, and what the citizens themselves said."""
    county = moment.jurisdiction
    results = call_backs.results(moment.tx, county.id, sampling.name(month))
    if not results:
        return
    closed, agreed = call_backs.said_closed(moment.tx, county.id, monthly.span(county, month))
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
