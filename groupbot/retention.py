"""Words are kept no longer than the pack says: each night closed requests and old posts lose theirs."""

from __future__ import annotations

from datetime import datetime, timedelta

from groupbot import moment as moments
from groupbot import moves
from groupbot.jurisdiction import Jurisdiction
from groupbot.rules import erasing
from groupbot.store import chats, erasure, inbox, people, requests
from groupbot.store.database import Tx
from groupbot.ticking import Hourly

AT_ONCE = 50  # requests in one transaction, so that nobody waits for it
ROWS_AT_ONCE = 2000


class Retention(Hourly):
    """A ticker that forgets what is old, a part at a time. What is closed meanwhile has months to go."""

    def __init__(self, jurisdiction: Jurisdiction) -> None:
        super().__init__()
        self.jurisdiction = jurisdiction

    def look(self, tx: Tx, now: datetime) -> datetime | None:
        """The night in which something is old enough; None while nothing is kept."""
        rule = self.jurisdiction.protocol.file.retention
        closed = erasure.first_closed(tx, self.jurisdiction.id)
        received = erasure.received_after(tx, self._done(tx))
        dues = []
        if closed is not None:
            dues.append(erasing.months_after(closed, rule.closed_months))
        if received is not None:
            dues.append(received + timedelta(days=rule.other_days))
        return erasing.night_after(min(dues), self.jurisdiction.zone) if dues else None

    def run(self, tx: Tx, now: datetime) -> None:
        """Forget a part of what is old by now; what is left is due at once."""
        rule = self.jurisdiction.protocol.file.retention
        closed_by = erasing.months_before(now, rule.closed_months)
        for request_id in erasure.closed_before(tx, self.jurisdiction.id, closed_by, AT_ONCE):
            moment = moments.of_clock(tx, self.jurisdiction, now)
            moves.anonymise(moment, requests.by_id(tx, request_id))
        received_by = now - timedelta(days=rule.other_days)
        done = erasure.forget_chatter(tx, self._done(tx), received_by, ROWS_AT_ONCE)
        inbox.set_state(tx, self._name, str(done))
        erasure.forget_drafts(tx, received_by)
        erasure.forget_reasons(tx, received_by)
        mirrors = [
            *people.load_roster(tx, self.jurisdiction.id).groups("mirror"),
            *chats.left_mirrors(tx, self.jurisdiction.id),
        ]
        erasure.forget_told(tx, closed_by, [(group.platform, group.chat_id) for group in mirrors])
        self.look_again(tx)

    @property
    def _name(self) -> str:
        return f"forgotten:{self.jurisdiction.id}"

    def _done(self, tx: Tx) -> int:
        return int(inbox.get_state(tx, self._name) or 0)
