"""What is owed and has not come is asked for: requests that are due are looked at, claimed, and people are told.

One pass looks at everything that is due, however long the bot was away, and tells each person and each group once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from groupbot import listing, moves, piloting
from groupbot import moment as moments
from groupbot.jurisdiction import Jurisdiction
from groupbot.moment import Moment
from groupbot.nagging import alarms, digests, lines
from groupbot.nagging.reach import Staffing
from groupbot.records import ServiceRequest
from groupbot.rules import escalation, worktime
from groupbot.rules.escalation import Decided
from groupbot.store import nags, outbox
from groupbot.store.database import Tx
from groupbot.store.outbox import QueuedNotice

AT_ONCE = 1_000  # requests read in one go


class Nagging:
    """The ticker of the chase, and what its notices say at the moment at which they are sent."""

    def __init__(self, jurisdiction: Jurisdiction) -> None:
        self.jurisdiction = jurisdiction
        # What these texts say is found anew when they are sent: None says that there is nothing left to say.
        self.live = {
            "digest": self._digest,
            "digest_now": self._list_now,
            "alarm": self._standing,
            "alarm_vacant": self._standing,
            "late": self._late,
            "late_vacant": self._late,
            "late_several": self._several,
            "exhausted": self._late,
            "exhausted_several": self._ended,
            "ombudsman_text": self._late,
            "ombudsman_text_word": self._late,
            "ombudsman_text_again": self._late,
            "mirror_exhausted": self._late,
            "mirror_exhausted_word": self._late,
            "mirror_exhausted_several": self._ended,
        }

    def next_due(self, tx: Tx, now: datetime) -> datetime | None:
        """When a request is to be looked at next (aware UTC, perhaps past); None when nobody owes anything."""
        return nags.first_due(tx, self.jurisdiction.id)

    def run(self, tx: Tx, now: datetime) -> None:
        """Look at all that is due by `now`; what was asked for is told in the same transaction."""
        moment = moments.of_clock(tx, self.jurisdiction, now)
        staffing = Staffing(moment)
        told: list[Decided] = []
        late: list[Decided] = []
        while found := nags.due(tx, self.jurisdiction.id, now, AT_ONCE):
            found = self._chased(moment, found)
            pace = self.jurisdiction.pace
            decided = [(request, escalation.decide(request, pace, staffing.of(request), now)) for request in found]
            given_up = [request for request, decision in decided if decision.act == "give_up"]
            for request in given_up:
                moves.close_unreachable(moment, request)
            looked = [one for one in decided if one[1].act != "give_up"]
            taken = moves.take_nags(moment, looked)
            told += [one for one in taken if one[1].act == "nag"]
            late += [one for one in taken if one[1].late]
        alarms.tell(moment, told)
        digests.tell(moment, told)
        lines.tell(moment, told, staffing)
        lines.tell_late(moment, late)
        moment.finish()

    def _chased(self, moment: Moment, found: list[ServiceRequest]) -> list[ServiceRequest]:
        """Those that the pilot lets people be reminded of; the others are looked at again tomorrow."""
        stages, now = moment.roster.stages, moment.now
        if not stages:
            return found
        chased = {one.id for one in found if piloting.is_chased(self.jurisdiction, stages, one, now)}
        moves.let_rest(moment, [one for one in found if one.id not in chased], now + timedelta(days=1))
        return [one for one in found if one.id in chased]

    # --- at sending time ----------------------------------------------------------------------------------------------

    def _digest(self, tx: Tx, notice: QueuedNotice, now: datetime) -> Mapping[str, object] | None:
        if outbox.same_behind(tx, notice, now):
            return None  # a younger list of this person is due as well, and says the same
        moment = moments.of_clock(tx, self.jurisdiction, now)
        return digests.params(moment, Staffing(moment), (notice.platform, notice.chat_id), notice.language)

    def _list_now(self, tx: Tx, notice: QueuedNotice, now: datetime) -> Mapping[str, object] | None:
        if not listing.stands(tx, notice) or outbox.same_behind(tx, notice, now):
            return None
        moment = moments.of_clock(tx, self.jurisdiction, now)
        return digests.params_now(moment, Staffing(moment), (notice.platform, notice.chat_id), notice.language)

    def _standing(self, tx: Tx, notice: QueuedNotice, now: datetime) -> Mapping[str, object] | None:
        owed = str(notice.params.get("owed", ""))
        still = lines.still_owed(tx, self.jurisdiction.pace, notice.request_ids, owed, now)
        return notice.params if still else None

    def _late(self, tx: Tx, notice: QueuedNotice, now: datetime) -> Mapping[str, object] | datetime | None:
        return self._opening(now) or self._standing(tx, notice, now)

    def _several(self, tx: Tx, notice: QueuedNotice, now: datetime) -> Mapping[str, object] | datetime | None:
        still = lines.still_owed(tx, self.jurisdiction.pace, notice.request_ids, "", now)
        return self._opening(now) or (lines.several_params(still) if still else None)

    def _ended(self, tx: Tx, notice: QueuedNotice, now: datetime) -> Mapping[str, object] | datetime | None:
        still = lines.still_owed(tx, self.jurisdiction.pace, notice.request_ids, "", now)
        return self._opening(now) or (lines.ended_params(notice, still) if still else None)

    def _opening(self, now: datetime) -> datetime | None:
        """When work begins, for a line that was held up until after hours; None while people work."""
        calendar = self.jurisdiction.calendar
        return None if worktime.is_open(now, calendar) else worktime.next_open(now, calendar)
