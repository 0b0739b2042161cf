"""Bugs of the kind that loses or doubles requests, planted one at a time: the sweep must find each of them.

Each is a function that spoils the bot inside the child before it starts; nothing of the repository is changed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from groupbot import listing
from groupbot.delivery import outcomes, sending
from groupbot.intake import batches
from groupbot.records import micros
from groupbot.store import hot, inbox, outbox, service_log
from groupbot.store.database import Store

Spoil = Callable[[], None]
LATER: list[Callable[[Any], object]] = []  # what a planted bug does in a transaction of its own


def _in_a_later_transaction() -> None:
    """What was put off is written once the transaction that it belongs to is committed."""
    write_tx = Store.write_tx

    def write_then(self: Store, fn: Any) -> Any:
        result = write_tx(self, fn)
        while LATER:
            work = LATER.pop(0)
            write_tx(self, work)
        return result

    Store.write_tx = write_then  # type: ignore[method-assign,assignment]


def send_inside_the_transaction() -> None:
    """The acknowledgement leaves before the request that it names is committed."""
    from tests.faults.crash import running

    made: list[Any] = []
    init = running.CrashChat.__init__

    def remember(self: Any, *given: Any) -> None:
        init(self, *given)
        made.append(self)

    running.CrashChat.__init__ = remember  # type: ignore[method-assign]
    queue = hot.queue

    def queue_and_say(tx: Any, notices: Any, now: Any) -> None:
        queue(tx, notices, now)
        for notice in notices:
            if made and notice.action == "send":
                room = made[0].sandbox.room(notice.chat_id)
                row = hot._outbox_row(notice, 0)
                body = {"text": notice.key, "reply_to": None, "buttons": (), "txn_id": row[13]}
                made[0].sandbox.happen("say", chat_id=notice.chat_id, message_id=room.next_id(), at=micros(now), **body)

    hot.queue = queue_and_say


def mark_before_send() -> None:
    """A notice is marked sent, then sent."""
    outbox.begin_sending = lambda tx, notice, text, now: outbox.mark_sent(tx, replace(notice, text=text), "0", now)


def no_dedup() -> None:
    """An update that the platform gives once more is taken once more."""
    receive = hot.receive
    hot.receive = lambda tx, who, update, now, state="done": receive(
        tx,
        who,
        replace(update, message_id=update.message_id, revision=update.revision + secrets.token_hex(4)),
        now,
        state,
    )


def cursor_before_commit() -> None:
    """The platform's cursor is committed before the updates that it confirms."""
    take = batches.Intake.take

    def take_late(self: Any, platform: str, batch: Any, now: Any) -> None:
        self.store.write_tx(lambda tx: inbox.move_cursor(tx, platform, batch.cursor, now))
        take(self, platform, batch, now)

    batches.Intake.take = take_late  # type: ignore[method-assign]


def log_entry_after_commit() -> None:
    """The log entry follows in a transaction of its own."""
    append = hot.append_log
    hot.append_log = lambda tx, who, entry: LATER.append(lambda other: append(other, who, entry))
    _in_a_later_transaction()


def notices_after_commit() -> None:
    """What is to be said is queued in a transaction of its own."""
    queue = hot.queue
    hot.queue = lambda tx, notices, now: LATER.append(lambda other: queue(other, list(notices), now))
    _in_a_later_transaction()


def unsalted_commitment() -> None:
    """The commitments have no salt: a phone number behind one is found in a minute."""
    append = service_log.append
    service_log.append = lambda tx, who, entry, salt: append(tx, who, entry, lambda: b"")


def move_that_skips_the_log() -> None:
    """One kind of change is not logged."""
    append = service_log.append

    def skip(tx: Any, who: str, entry: Any, salt: Any) -> None:
        if entry.state not in ("answered", "closed"):
            append(tx, who, entry, salt)

    service_log.append = skip


def counted_numbers() -> None:
    """A number is one more than the requests that the department has now: wrong as soon as one has moved away."""

    def count(tx: Any, who: str, series: str, year: int) -> int:
        found = tx.scalar("SELECT count(*) FROM request WHERE service_request_id LIKE ?", (f"{series}-%",))
        moved = tx.scalar(
            "SELECT count(*) FROM request WHERE service_request_id LIKE ? AND moved_from <> ''", (f"{series}-%",)
        )
        return int(found - moved) + 1

    hot.next_number = count


def number_in_its_own_transaction() -> None:
    """The number is drawn and committed before the request that is to have it: a crash leaves a gap."""
    take = batches.Intake.take
    drawn: dict[tuple[str, str, int], int] = {}

    def draw(tx: Any, who: str, series: str, year: int) -> int:
        key = (who, series, year)
        if key not in drawn:
            raise LookupError(key)  # drawn outside first, then worked again
        return drawn.pop(key)

    original = hot.next_number

    def take_with_numbers(self: Any, platform: str, batch: Any, now: Any) -> None:
        for series in ("HLT", "WTR"):
            key = (self.jurisdiction.id, series, 26)
            if key not in drawn:
                drawn[key] = self.store.write_tx(lambda tx, key=key: original(tx, *key))
        take(self, platform, batch, now)

    def draw_or_original(tx: Any, who: str, series: str, year: int) -> int:
        try:
            return draw(tx, who, series, year)
        except LookupError:
            return original(tx, who, series, year)

    hot.next_number = draw_or_original
    batches.Intake.take = take_with_numbers  # type: ignore[method-assign]


def interrupted_sends_forgotten() -> None:
    """After a stop nobody looks at what was being sent."""
    outbox.mark_interrupted = lambda tx: 0


def interrupted_sends_as_new() -> None:
    """After a stop what was being sent is taken as surely not sent."""
    sql = "UPDATE outbox SET state = 'new' WHERE state = 'sending'"
    outbox.mark_interrupted = lambda tx: int(tx.execute(sql).rowcount)


def new_txn_id_for_each_call() -> None:
    """A repeated send has another transaction id, so that no platform can tell it as one."""
    said = sending.Delivery._said

    async def said_anew(self: Any, chat: Any, worded: Any) -> str:
        notice = replace(worded.notice, txn_id=f"{worded.notice.txn_id}#{secrets.token_hex(3)}")
        return await said(self, chat, replace(worded, notice=notice))

    sending.Delivery._said = said_anew  # type: ignore[method-assign]


def outcome_never_kept() -> None:
    """That a notice was sent is not written down."""
    outcomes.settle = lambda tx, who, landing: None
    sending.outcomes.settle = outcomes.settle


def forgotten_waiting_rows() -> None:
    """Rows that were kept raw after an unclean stop are never worked."""
    batches.Intake.work_waiting = lambda self, now: 0  # type: ignore[method-assign]


def changed_past() -> None:
    """An old entry of the log is changed after a checkpoint told of it."""
    add = service_log.add_checkpoint

    def add_and_change(tx: Any, who: str, checkpoint: Any) -> None:
        add(tx, who, checkpoint)
        tx.execute("UPDATE service_log SET ward = 'Tambach' WHERE seq = 1")

    service_log.add_checkpoint = add_and_change


def old_list_in_its_own_transaction() -> None:
    """What a list that has arrived replaces is written down after its arrival is."""
    landed = listing.landed
    _in_a_later_transaction()
    listing.landed = lambda *arrival: LATER.append(lambda tx: landed(tx, *arrival[1:]))


def newest_first() -> None:
    """A chat hears the newest of its notices first."""
    heads = outbox.heads

    class Newest:
        """A transaction in which the newest of the waiting notices is taken for the oldest."""

        def __init__(self, tx: Any) -> None:
            self.tx = tx

        def all(self, sql: str, params: Any) -> Any:
            return self.tx.all(sql.replace("MIN(id)", "MAX(id)"), params)

    outbox.heads = lambda tx, now, limit=200: heads(Newest(tx), now, limit)


PLANTED: Mapping[str, Spoil] = {
    spoil.__name__: spoil
    for spoil in (
        send_inside_the_transaction,
        mark_before_send,
        no_dedup,
        cursor_before_commit,
        log_entry_after_commit,
        notices_after_commit,
        unsalted_commitment,
        move_that_skips_the_log,
        counted_numbers,
        number_in_its_own_transaction,
        interrupted_sends_forgotten,
        interrupted_sends_as_new,
        new_txn_id_for_each_call,
        outcome_never_kept,
        forgotten_waiting_rows,
        changed_past,
        old_list_in_its_own_transaction,
        newest_first,
    )
}
