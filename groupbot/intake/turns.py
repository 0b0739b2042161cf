"""Others are heard beside a flood: what one person writes faster than a chat can be answered waits, kept and in order.

Nothing is thrown away and nothing is answered twice. Chats without a limit of their own need none of this.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from groupbot import moment as moments
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Notice, Rate, Update
from groupbot.rules import turns
from groupbot.rules.turns import Share
from groupbot.store import inbox
from groupbot.store.database import Tx
from groupbot.store.inbox import PutOff, WaitingRow

MOST_KEPT = 1_000  # shares that are remembered before the full ones are forgotten
TOLD_EVERY = timedelta(minutes=10)
DEFERRED = ("post", "edit")
NO_CHAT = ("cli", "clock")

Sender = tuple[str, str, str]  # platform, chat id, user id


class Turns:
    """Who has had how much of which chat lately, and whose posts are put off. A ticker that tells staff of these."""

    def __init__(self, jurisdiction: Jurisdiction, rates: Callable[[str, str], Sequence[Rate]]) -> None:
        self.jurisdiction = jurisdiction
        self._rates = rates
        self._shares: dict[Sender, Share] = {}
        self._on_turn: Sender | None = None  # whose put-off posts are being worked
        self._behind: dict[Sender, datetime | None] = {}  # whose posts are put off; when staff was told of it

    def load(self, tx: Tx) -> None:
        """After a start: whose posts are still put off."""
        self._behind = dict.fromkeys(inbox.put_off_senders(tx))

    def must_wait(self, update: Update, now: datetime) -> bool:
        """Whether a post or edit is put off, because its sender has had their share or has others before it."""
        sender = (update.platform, update.chat_id, update.sender_id)
        if update.kind not in DEFERRED or update.private or update.source != "live":
            return False
        if sender in self._behind or self._left(sender, now) < 1.0:
            self._behind.setdefault(sender)
            return True
        return False

    def _left(self, sender: Sender, now: datetime) -> float:
        share, rate = self._shares.get(sender), self._rate(sender)
        return 1.0 if share is None or rate is None else turns.left(share, rate, now)

    def _rate(self, sender: Sender) -> Rate | None:
        return turns.slowest(self._rates(*sender[:2]))

    def charge(self, update: Update, said: Sequence[Notice], now: datetime) -> None:
        """What an update made the bot say in its own chat is its sender's."""
        place = (update.platform, update.chat_id)
        if update.private or update.platform in NO_CHAT:
            return
        keys = [one.key for one in said if one.action == "send" and (one.platform, one.chat_id) == place]
        sender = (*place, update.sender_id)
        rate = self._rate(sender) if keys else None
        if rate is None:
            return
        if len(self._shares) > MOST_KEPT:
            self._shares = {one: share for one, share in self._shares.items() if not self._is_whole(one, share, now)}
        together = sender == self._on_turn
        self._shares[sender] = turns.charged(self._shares.get(sender), rate, keys, now, together=together)

    def _is_whole(self, sender: Sender, share: Share, now: datetime) -> bool:
        rate = self._rate(sender)
        return rate is None or turns.left(share, rate, now) >= turns.left(None, rate, now)

    def next_row(self, tx: Tx, now: datetime) -> WaitingRow | None:
        """The next post that was put off and may be worked now; None when there is none.

        Whose turn it is goes on until a message's worth is said: many numbers may share one.
        """
        if self._on_turn is not None and self._left(self._on_turn, now) <= 0:
            self._on_turn = None
        able = [one for one in self._behind if one == self._on_turn or self._left(one, now) >= 1.0]
        for sender in sorted(able, key=lambda one: one != self._on_turn):
            row = inbox.first_put_off(tx, PutOff(*sender))
            if row is not None:
                self._on_turn = sender
                return row
            del self._behind[sender]
        self._on_turn = None
        return None

    # --- the ticker ---------------------------------------------------------------------------------------------------

    def next_due(self, tx: Tx, now: datetime) -> datetime | None:
        """When something that was put off may be worked, or staff is to hear of it; None while nothing is."""
        return min((self._due(sender, now) for sender in self._behind), default=None)

    def _due(self, sender: Sender, now: datetime) -> datetime:
        share, rate = self._shares.get(sender), self._rate(sender)
        if self._behind[sender] is None or share is None or rate is None:
            return now
        return turns.due(share, rate, now)

    def run(self, tx: Tx, now: datetime) -> None:
        """Tell staff, every ten minutes at most, whose posts wait; the intake works them in its own turn."""
        untold = [one for one, told in self._behind.items() if told is None or now - told >= TOLD_EVERY]
        moment = moments.of_clock(tx, self.jurisdiction, now)
        for platform, chat_id, user_id in untold:
            self._behind[platform, chat_id, user_id] = now
            waiting = inbox.count_put_off(tx, PutOff(platform, chat_id, user_id))
            group, person = moment.roster.group(platform, chat_id), moment.roster.person(platform, user_id, now)
            if not waiting or group is None or not group.service_code:
                continue
            params: dict[str, object] = {"count": waiting, "group": f"department.{group.service_code}"}
            params |= {"member": person.name} if person else {}
            for staff in moment.roster.groups("communications"):
                moment.tell(staff, "staff_put_off", params)
        moment.finish()
