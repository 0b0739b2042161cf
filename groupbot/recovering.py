"""What an absence took is looked for, message by message, on a platform that lets the bot do so.

First the ids between which messages may be lost are noted. What is found is worked as what somebody forwards is: a post
of its own author and time, never an act (intake/recovered).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from groupbot.chat import Chat, ChatError, Forgetful, Recovering, offers
from groupbot.clock import Clock
from groupbot.records import Update
from groupbot.store import gaps, hot
from groupbot.store.database import Store, Tx
from groupbot.store.gaps import Lost
from groupbot.worker import Worker

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
PACE = timedelta(seconds=4)  # a group may hear twenty messages a minute, and these go to one
REST = timedelta(minutes=10)  # after a failure


class Recoverer:
    """Looks for what was lost. `clock` gives the present (aware UTC)."""

    def __init__(
        self, store: Store, jurisdiction_id: str, chats: Mapping[str, Chat], worker: Worker, clock: Clock
    ) -> None:
        self._store = store
        self._jurisdiction_id = jurisdiction_id
        self._chats = {name: chat for name, chat in chats.items() if offers(chat, Forgetful)}  # type: ignore[type-abstract]
        self._worker = worker
        self._clock = clock
        self._next: datetime | None = None

    async def run_due(self) -> bool:
        """Look for one message, if it is time. Returns whether anything was found."""
        now = self._clock()
        if not self._chats or (self._next is not None and now < self._next):
            return False
        self._next = now + EVERY
        lost = await self._worker.run(self._read)
        for one in lost:
            chat = self._chats.get(one.platform)
            if chat is None or not offers(chat, Recovering) or not chat.recovers:  # type: ignore[type-abstract]
                continue
            if message_id := chat.next_lost(one.chat_id, one.sought_to or one.after, one.before):
                return await self._seek(chat, one, message_id)
        return False

    def _read(self) -> list[Lost]:
        if self._store.read(gaps.endless):
            self._store.write_tx(gaps.find_ends)
        return self._store.read(gaps.to_seek)

    async def _seek(self, chat: Recovering, lost: Lost, message_id: str) -> bool:
        now = self._clock()
        try:
            found = await chat.recover(lost.chat_id, message_id)
        except ChatError as error:
            self._next = now + timedelta(seconds=error.retry_after or REST.total_seconds())
            log.warning("what was lost in %s cannot be looked for: %s", lost.chat_id, error.detail)
            return False
        self._next = now + PACE
        await self._worker.run(lambda: self._store.write_tx(lambda tx: self._keep(tx, lost, message_id, found)))
        return found is not None

    def _keep(self, tx: Tx, lost: Lost, message_id: str, found: Update | None) -> None:
        """Keep what was found, to be worked if it was said while the bot was away, and how far was looked."""
        if found is not None:
            origin = found.origin
            then = origin is not None and gaps.took(tx, lost.platform, lost.chat_id, origin.sent_at)
            hot.receive(tx, self._jurisdiction_id, found, self._clock(), "waiting" if then else "done")
        gaps.sought(tx, lost.id, message_id)
