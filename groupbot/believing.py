"""The clock that the bot goes by: the machine's own while it can be believed, as what was seen and heard before tells.

While it cannot, time runs on from what was believed last. So nothing is stamped, sent, ended or erased by a wrong
clock, and what people post is kept and numbered; but nothing falls due by itself until the clock is right.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from groupbot.clock import Clock
from groupbot.delivery import returning
from groupbot.records import Update, instant, micros
from groupbot.rules import timekeeping
from groupbot.rules.timekeeping import Verdict
from groupbot.store import inbox
from groupbot.store.database import Tx
from groupbot.store.people import Roster

log = logging.getLogger(__name__)

SEEN = "nagging_seen"  # where the latest believed time is kept
VERDICT = "clock"  # where the running bot keeps what it thinks of its machine's clock
KEPT_EVERY = timedelta(minutes=1)
FEW = 10  # people whose latest messages are witnesses

Stamp = tuple[str, str, datetime]  # platform, user id, when the platform says that they wrote (aware UTC)


class Believed:
    """A clock (aware UTC) on top of the machine's, which may be wrong."""

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self._seen: datetime | None = None
        self._heard: Sequence[datetime] = ()
        self._verdict: Verdict = "right"
        # in doubt: the machine's time, and ours, when last asked
        self._running: tuple[datetime, datetime] | None = None
        self._kept: tuple[Verdict, datetime | None] = ("right", None)
        self._back: datetime | None = None  # since when the bot is here again, where that is not kept yet

    @property
    def right(self) -> bool:
        """Whether the machine's clock could be believed when it was last looked at."""
        return self._verdict == "right"

    @property
    def turned(self) -> bool:
        """Whether that has changed, and is not kept yet."""
        return self._kept[0] != self._verdict

    def __call__(self) -> datetime:
        """The present, as far as it is known."""
        at = self._machine()
        verdict = timekeeping.judge(at, self._seen, self._heard)
        if verdict != self._verdict:
            self._verdict = verdict
            if verdict == "right":
                log.warning("this machine's clock is right again")
            else:
                log.error("this machine's clock is %s: nothing falls due by itself until it is right", verdict)
        if verdict == "right":
            if self._seen is not None and at - self._seen > returning.AWAY:
                self._back = at
            self._seen, self._running = at, None
            return at
        return self._run_on(at)

    def _run_on(self, at: datetime) -> datetime:
        was, ours = self._running or (at, self._seen or at)
        if timedelta(0) < at - was <= timekeeping.AWAY:  # else it was set anew meanwhile
            ours += at - was
        if timekeeping.judge(at, self._seen, ()) != "right":
            ours = timekeeping.surely_by_now(ours, self._heard)
        self._running = (at, ours)
        return ours

    def trust(self) -> None:
        """Whoever moves a virtual clock knows that it is right."""
        self._seen, self._running = self._machine(), None

    def load(self, tx: Tx, roster: Roster) -> None:
        """After a start: what was believed and heard before it."""
        self._seen, self._heard = _seen(tx), heard(tx, roster)
        self._running = None
        self()
        self._kept = (last_verdict(tx), None)

    def wonders(self, updates: Iterable[Update]) -> bool:
        """Whether it matters when these messages were sent: they may be witnesses."""
        latest = self() + timekeeping.SKEW
        sent = (one.sent_at for one in updates)
        return not self.right or any(one > latest for one in (*self._heard, *sent))

    def hear(self, tx: Tx, roster: Roster, updates: Iterable[Update]) -> None:
        """Take messages that have just come in as witnesses, beside the latest ones before them."""
        self._heard = heard(
            tx, roster, [(one.platform, one.sender_id, one.sent_at) for one in updates if _is_live(one)]
        )

    def keep(self, tx: Tx) -> None:
        """Keep what is believed, for the next run and for whoever asks how the bot is; now and then is enough."""
        if self._back is not None:
            returning.note(tx, self._back)
            tx.after_commit(lambda: setattr(self, "_back", None))
        seen = self._kept[1]
        if self.turned:
            inbox.set_state(tx, VERDICT, self._verdict)
        elif not self.right or (seen and self._seen and abs(self._seen - seen) < KEPT_EVERY):
            return
        if self.right and self._seen:
            believe(tx, self._seen)
        kept = (self._verdict, self._seen)
        tx.after_commit(lambda: setattr(self, "_kept", kept))


def verdict(tx: Tx, roster: Roster, now: datetime) -> Verdict:
    """Whether `now` (aware UTC) is right, behind or ahead, as far as the database tells."""
    return timekeeping.judge(now, _seen(tx), heard(tx, roster))


def last_verdict(tx: Tx) -> Verdict:
    """What the running bot, or the last one, found of its machine's clock."""
    kept = inbox.get_state(tx, VERDICT)
    return kept if kept in ("behind", "ahead") else "right"  # type: ignore[return-value]


def believe(tx: Tx, now: datetime) -> None:
    """Keep a time that was found right."""
    inbox.set_state(tx, SEEN, str(micros(now)))


def heard(tx: Tx, roster: Roster, more: Iterable[Stamp] = ()) -> Sequence[datetime]:
    """When each of the few who wrote last did so, by the platforms' clocks (aware UTC); strangers are no witnesses."""
    latest: dict[int, datetime] = {}
    for platform, user_id, sent_at in (*inbox.stamps(tx), *more):
        person = roster.person(platform, user_id, sent_at)
        if person is not None:
            latest.pop(person.id, None)  # the last to write stand last
            latest[person.id] = sent_at
    return tuple(latest.values())[-FEW:]


def _seen(tx: Tx) -> datetime | None:
    kept = inbox.get_state(tx, SEEN)
    return instant(int(kept)) if kept else None


def _is_live(update: Update) -> bool:
    # orders of the command line bear this machine's own time
    return update.source == "live" and update.platform != "cli"
