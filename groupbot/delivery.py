"""Delivery: leases due notices, words them, hands them to their chats, and records what became of each.

One notice per chat at a time, in order. That a call is about to be made is committed before the call, so after a crash
it is known which notices may or may not have arrived. The libraries' own retries are off; only this room retries.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from groupbot.chat import Chat, ChatError, keeping
from groupbot.clock import Clock
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Outgoing, micros
from groupbot.store import drafts, offers, outbox, requests
from groupbot.store.database import Store, Tx
from groupbot.store.outbox import QueuedNotice
from groupbot.worker import Worker

log = logging.getLogger(__name__)

MOST_UNKNOWN = 2  # how often a send with an unknown outcome is repeated where the chat cannot tell repeats
LONGEST_WAIT = timedelta(minutes=15)
UNWORDABLE = (KeyError, ValueError, TypeError)


@dataclass(frozen=True, slots=True)
class Worded:
    """A notice that still holds, with its frozen text."""

    notice: QueuedNotice
    text: str
    buttons: tuple[tuple[str, str], ...]


class Delivery:
    """Sends what the outbox holds. `chats` is by platform name; `clock` gives the present (aware UTC)."""

    def __init__(
        self, store: Store, jurisdiction: Jurisdiction, chats: Mapping[str, Chat], worker: Worker, clock: Clock
    ) -> None:
        self.store = store
        self.jurisdiction = jurisdiction
        self.chats = chats
        self.worker = worker
        self.clock = clock

    async def deliver_due(self) -> int:
        """Send everything that is due now, chat by chat in order. Returns how many notices were dealt with."""
        dealt = 0
        while True:
            heads = await self.worker.run(lambda: self.store.read(lambda tx: outbox.heads(tx, self.clock())))
            heads = [notice for notice in heads if notice.platform in self.chats]
            if not heads:
                return dealt
            for notice in heads:
                await self._deliver(notice)
            dealt += len(heads)

    async def _deliver(self, notice: QueuedNotice) -> None:
        try:
            worded = await self.worker.run(lambda: self.store.write_tx(lambda tx: self._word(tx, notice)))
        except UNWORDABLE as error:
            # A text or term that the pack lacks: this one notice waits for a person, the others go on.
            reason = f"cannot be worded: {type(error).__name__}"
            await self.worker.run(lambda: self.store.write_tx(lambda tx: outbox.mark_parked(tx, notice, reason)))
            log.error("notice %s (%s) parked: %s", notice.id, notice.key, reason)
            return
        if worded is None:
            return
        try:
            message_id = await self._call(worded)
        except ChatError as error:
            failure = error
            await self.worker.run(lambda: self.store.write_tx(lambda tx: self._failed(tx, notice, failure)))
        else:
            await self.worker.run(lambda: self.store.write_tx(lambda tx: self._sent(tx, notice, message_id)))

    def _word(self, tx: Tx, notice: QueuedNotice) -> Worded | None:
        """Check that the notice still holds, freeze its text, and say that a call is about to be made."""
        now = self.clock()
        reason = self._no_longer_holds(tx, notice, now)
        if reason:
            outbox.mark_expired(tx, notice, reason)
            return None
        language = notice.language or self.jurisdiction.language
        catalogue = self.jurisdiction.catalogue
        text = notice.text
        if text is None:  # an act without words has no key
            text = catalogue.text(notice.key, language, notice.params, now) if notice.key else ""
        offered = notice.buttons if self.chats[notice.platform].capabilities_of(notice.chat_id).buttons else ()
        buttons = tuple((catalogue.text(key, language, {}, now), token) for key, token in offered)
        outbox.begin_sending(tx, notice, text)
        return Worded(notice, text, buttons)

    def _no_longer_holds(self, tx: Tx, notice: QueuedNotice, now: datetime) -> str:
        capabilities = self.chats[notice.platform].capabilities_of(notice.chat_id)
        if notice.action == "react" and not capabilities.reactions:
            return "this chat has no reactions"
        if notice.expires is not None and notice.expires <= micros(now):
            return "its time has passed"
        kind, _, wanted = notice.holds.partition(":")
        if kind == "state" and not any(requests.by_id(tx, pk).state == wanted for pk in notice.request_ids):
            return f"no request is {wanted} any more"
        if kind == "draft" and not drafts.is_open(tx, int(wanted)):
            return "the draft is completed"
        return ""

    async def _call(self, worded: Worded) -> str:
        notice = worded.notice
        chat = self.chats[notice.platform]
        if notice.action == "react":
            await chat.react(notice.chat_id, notice.target, worded.text)
        elif notice.action == "edit":
            await chat.edit(notice.chat_id, notice.target, worded.text, worded.buttons)
        elif notice.action == "delete":
            await chat.delete(notice.chat_id, notice.target)
        elif notice.action == "pin":
            await chat.pin(notice.chat_id, notice.target)
        elif notice.action in keeping.ACTS:
            await keeping.carry_out(chat, notice.action, notice.chat_id, notice.target, notice.params)
        else:
            reply_to = notice.reply_to or None
            return await chat.send(
                Outgoing(notice.chat_id, worded.text, notice.txn_id, reply_to=reply_to, buttons=worded.buttons)
            )
        return ""

    def _sent(self, tx: Tx, notice: QueuedNotice, message_id: str) -> None:
        now = self.clock()
        outbox.mark_sent(tx, notice, message_id, now)
        if not message_id:
            return
        message = (notice.platform, notice.chat_id, message_id)
        requests.link_message(tx, message, notice.request_ids, "bot", now)
        offers.told(tx, [token for _, token in notice.buttons], message_id)
        if notice.draft_id:
            requests.link_draft(tx, message, notice.draft_id, now)

    def _failed(self, tx: Tx, notice: QueuedNotice, error: ChatError) -> None:
        attempts = notice.attempts + 1
        repeatable = self.chats[notice.platform].capabilities_of(notice.chat_id).repeatable_sends
        if error.kind == "gone" and notice.action == "react":
            outbox.mark_expired(tx, notice, "the message is gone")
        elif error.kind in ("refused", "gone", "moved"):
            outbox.mark_parked(tx, notice, str(error))
            log.error("notice %s to %s parked: %s", notice.id, notice.platform, error.kind)
        elif error.kind == "unknown" and notice.action == "send" and not repeatable and attempts >= MOST_UNKNOWN:
            outbox.mark_parked(tx, notice, "it may have arrived, and this chat cannot tell repeats")
        else:
            state = "unknown" if error.kind == "unknown" else "new"
            outbox.put_off(tx, notice, state, self.clock() + _wait(error, attempts), str(error))


def _wait(error: ChatError, attempts: int) -> timedelta:
    """What the chat asked for, else doubling from one second."""
    if error.retry_after is not None:
        return timedelta(seconds=error.retry_after)
    return min(LONGEST_WAIT, timedelta(seconds=2 ** min(attempts - 1, 20)))
