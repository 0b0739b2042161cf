"""A batch of updates -> one transaction: raw rows, the platform's cursor, and each row worked in its own savepoint.

A row that fails on its own account (a rule's error, IntegrityError, DataError) is kept with its traceback, tried three
times and parked. Anything else leaves the transaction whole, so that nothing is confirmed that is not durable.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from groupbot import enrolling, moderating, welcoming, whereabouts
from groupbot.intake import belated, edits, posts, reactions, recovered, redactions, rooms, taking
from groupbot.intake.catching_up import CatchingUp
from groupbot.intake.turns import Turns
from groupbot.jurisdiction import Jurisdiction
from groupbot.moment import Moment
from groupbot.records import Batch, Gap, Group, Page, Rate, Update
from groupbot.store import hot, inbox, members, people
from groupbot.store.database import Store, Tx, row_errors
from groupbot.store.hot import Received
from groupbot.store.inbox import WaitingRow
from groupbot.store.people import Roster
from groupbot.store.requests import StaleRequest

log = logging.getLogger(__name__)

MOST_PUT_OFF = 500  # rows: others have their turn in between
MOST_TOLD = 10_000  # keys of notices told once that are kept in memory; the outbox knows them all


def _take_member(moment: Moment) -> None:
    """Somebody has joined, left, or asks to be let in."""
    if moment.update.change == "knocks":
        rooms.knocked(moment)
    else:
        moderating.take_member(moment)


# What handles which kind of event. A kind that is not here is kept in the inbox and does nothing.
HANDLERS: Mapping[str, Callable[[Moment], None]] = {
    "post": posts.take,
    "edit": edits.take,
    "tap": taking.by_tap,
    "member": _take_member,
    "reaction": reactions.take,
    "redaction": redactions.take,
    "invited": rooms.invited,
    "encrypted": rooms.encrypted,
    "upgraded": rooms.upgraded,
}
ABOUT_CHATS = ("moved", "standing")  # what concerns a chat as a whole, bound or not

NO_WORD = ("invited", "member")  # what somebody does in a private chat without writing to the bot
WORDS = ("post", "edit")  # events in which somebody speaks: the bot hears them, so it is in that chat

# The errors that are a row's own: rules raise these on values they did not expect.
RULE_ERRORS = (ValueError, KeyError, LookupError, TypeError, AttributeError, ArithmeticError)


def _no_limit(platform: str, chat_id: str) -> Sequence[Rate]:
    return ()


class Intake:
    """The front door. After an unclean stop (`careful`) rows are first committed raw, then worked one by one."""

    def __init__(
        self,
        store: Store,
        jurisdiction: Jurisdiction,
        parsers: Mapping[str, Callable[[str], Update]],
        rates: Callable[[str, str], Sequence[Rate]] = _no_limit,
    ) -> None:
        self.store = store
        self.turns = Turns(jurisdiction, rates)
        self.jurisdiction = jurisdiction
        self.parsers = parsers
        self.careful = False
        self.catching_up = CatchingUp(store, jurisdiction, parsers)
        self._told: set[str] = set()
        self._own_errors: tuple[type[Exception], ...] = (*RULE_ERRORS, StaleRequest, *row_errors())

    def take(self, platform: str, batch: Batch, now: datetime) -> None:
        """Receive and work a batch; when it returns, the batch's cursor may be confirmed to the platform.

        Raises the database's operational errors: then nothing of the batch was kept and it must be fetched again.
        """
        if self.careful or not self._take_at_once(platform, batch, now):
            self.store.write_tx(lambda tx: self._keep_raw(tx, platform, batch, now))
            self.work_waiting(now)
            self.careful = False  # it survived; a row of a later batch that kills would be met first next time

    def _take_at_once(self, platform: str, batch: Batch, now: datetime) -> bool:
        try:
            self.store.write_tx(lambda tx: self._take_batch(tx, platform, batch, now))
        except self._own_errors:
            if len(batch.updates) > 1:
                raise
            return False  # a batch of one has no savepoint: it is kept raw and worked as a waiting row instead
        return True

    def _take_batch(self, tx: Tx, platform: str, batch: Batch, now: datetime) -> None:
        updates = self._free(tx, platform, batch, now)
        work = self._work if len(batch.updates) == 1 else self._work_guarded
        roster: Roster | None = None
        for update in updates:
            waits = self.turns.must_wait(update, now)
            received = hot.receive(tx, self.jurisdiction.id, update, now, "put_off" if waits else "done")
            if received is None or waits:
                continue
            if roster is None or roster.version != received.roster_version:
                # an earlier row of the batch may change it
                roster = people.load_roster(tx, self.jurisdiction.id, received.roster_version)
            work(tx, update, received, roster, now)
        inbox.move_cursor(tx, platform, batch.cursor, now)

    def _free(self, tx: Tx, platform: str, batch: Batch, now: datetime) -> Sequence[Update]:
        """What need not wait for the past of its chat."""
        held = self.catching_up.concerns(tx, batch)
        return self.catching_up.hold(tx, platform, batch, now) if held else batch.updates

    def _work_guarded(self, tx: Tx, update: Update, received: Received, roster: Roster, now: datetime) -> None:
        try:
            with tx.savepoint():
                self._work(tx, update, received, roster, now)
        except self._own_errors as error:
            inbox.fail(tx, received.inbox_id, 1, traceback.format_exc())
            log.error("inbox row %s kept for another try: %s", received.inbox_id, _where(error))

    def _work(self, tx: Tx, update: Update, received: Received, roster: Roster, now: datetime) -> None:
        if update.kind in ABOUT_CHATS:
            whereabouts.take(tx, self.jurisdiction, roster, update, now)
            return
        handler = HANDLERS.get(update.kind) if update.source == "live" else None  # what is past is kept, and no more
        update = recovered.as_said_then(tx, roster, update)
        if update.sent_at > now:
            update = replace(update, sent_at=now)  # a clock that runs ahead, or a forged time, moves no deadline away
        group = roster.group(update.platform, update.chat_id)
        if group is None and handler is not None and update.kind in WORDS:
            roster = whereabouts.heard(tx, self.jurisdiction, roster, update, now)
            group = roster.group(update.platform, update.chat_id)
        if group is None and update.chat_id and not update.private:
            inbox.forget_words(tx, received.inbox_id)  # whatever brings them: none of the bot's business
        group = group or _unbound(update)
        if handler is None or group is None or not update.sender_id:
            return
        person = roster.person(update.platform, update.sender_id, now)
        parse = self.parsers[update.platform]
        if len(self._told) > MOST_TOLD:
            self._told.clear()
        known = (received.inbox_id, group, person, now, parse, received.loose_files, self._told)
        moment = Moment(tx, self.jurisdiction, roster, update, *known, released_at=received.released_at)
        first = group.kind == "private" and not group.chat_pk and update.kind not in NO_WORD
        enrolling.follow(moment)
        if not (first and self._meet(moment)):
            handler(moment)
        moment.finish()
        self.turns.charge(update, moment.notices, now)

    def _meet(self, moment: Moment) -> bool:
        """Somebody writes alone for the first time; whether what waited for that is all that they ask for."""
        waited = enrolling.meet(moment)
        welcomed = welcoming.meet(moment)
        return (waited or welcomed) and posts.only_asks_what_is_here(moment)

    def _keep_raw(self, tx: Tx, platform: str, batch: Batch, now: datetime) -> None:
        for update in self._free(tx, platform, batch, now):
            hot.receive(tx, self.jurisdiction.id, update, now, state="waiting")
        inbox.move_cursor(tx, platform, batch.cursor, now)

    def take_page(self, platform: str, gap: Gap, page: Page, now: datetime) -> None:
        """Keep a page of a gap; when a chat's past is whole, work all that was held of it, oldest first.

        Raises as `take` does: then nothing of the page was kept and it must be fetched again.
        """
        self.catching_up.take_page(platform, gap, page, now)
        self.work_waiting(now)

    def give_up(self, platform: str, gap: Gap, now: datetime) -> None:
        """The past of a chat is refused: tell its group, and work what was held behind it."""
        self.catching_up.give_up(platform, gap, now)
        self.work_waiting(now)

    def work_waiting(self, now: datetime) -> int:
        """Work every waiting row once, each in a transaction of its own, the attempt counted before it is made.

        Returns how many rows were tried.
        """
        tried = last = 0
        while rows := self.store.read(lambda tx, last=last: inbox.waiting(tx, last)):  # type: ignore[misc]
            for row in rows:
                self.store.write_tx(lambda tx, row=row: inbox.begin_attempt(tx, row))  # type: ignore[misc]
                self._try_row(row, now)
            tried += len(rows)
            last = rows[-1].id
        return tried + self._work_put_off(now)

    def _work_put_off(self, now: datetime) -> int:
        """Work what was put off, as far as its senders have their turn again; a bounded number at a time."""
        for tried in range(MOST_PUT_OFF):
            row = self.store.read(lambda tx: self.turns.next_row(tx, now))
            if row is None:
                return tried
            self.store.write_tx(lambda tx, row=row: inbox.begin_attempt(tx, row))  # type: ignore[misc]
            self._try_row(row, now)
        return MOST_PUT_OFF

    def _try_row(self, row: WaitingRow, now: datetime) -> None:
        attempts = row.attempts + 1
        if attempts > inbox.MOST_ATTEMPTS:
            error = "the process ended while this row was being worked"
            self.store.write_tx(lambda tx: inbox.fail(tx, row.id, attempts, error))
            log.error("inbox row %s parked: %s", row.id, error)
            return
        try:
            self.store.write_tx(lambda tx: self._work_row(tx, row, now))
        except self._own_errors as raised:
            error = traceback.format_exc()
            parked = self.store.write_tx(lambda tx: inbox.fail(tx, row.id, attempts, error))
            log.error("inbox row %s %s: %s", row.id, "parked" if parked else "kept for another try", _where(raised))

    def _work_row(self, tx: Tx, row: WaitingRow, now: datetime) -> None:
        received = Received(row.id, 0, True, members.released_at(tx, row.id))
        roster = people.load_roster(tx, self.jurisdiction.id)
        parse = self.parsers[row.platform]
        update = parse(row.raw)
        if received.released_at is not None:
            update = belated.as_it_stands(tx, row.id, update, parse)
        self._work(tx, update, received, roster, now)
        inbox.finish(tx, row.id)


def _unbound(update: Update) -> Group | None:
    """A chat that is bound to nothing yet: alone somebody may have a code to join with, in a group it can be connected.

    And the bot may be invited there. Nothing else is heard.
    """
    if update.private:
        return Group(0, update.platform, update.chat_id, "private", update.sender_name)
    heard = update.kind in ("post", "tap", "invited")
    return Group(0, update.platform, update.chat_id, "unbound", "") if heard else None


def _where(error: BaseException) -> str:
    """Which error and where, without its message: that may hold a citizen's words, which belong in no log file."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {place}"
