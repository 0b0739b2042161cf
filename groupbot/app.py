"""The composition root: one jurisdiction, its store and its chats put together, and the loops that keep them going."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from groupbot.chat import Chat
from groupbot.clock import Clock, VirtualClock
from groupbot.delivery import Delivery
from groupbot.intake.batches import Intake
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import instant
from groupbot.store import inbox, migrations, outbox
from groupbot.store.database import Store, Tx
from groupbot.worker import Worker

log = logging.getLogger(__name__)

TICK = timedelta(seconds=1)
LONG_POLL = 25.0  # seconds


class App:
    """A running bot. `start` before anything else, `close` at the end; `step` does all that can be done now."""

    def __init__(self, jurisdiction: Jurisdiction, store: Store, chats: Mapping[str, Chat], clock: Clock) -> None:
        self.jurisdiction = jurisdiction
        self.store = store
        self.chats = chats
        self.clock = clock
        self.worker = Worker()
        self.intake = Intake(store, jurisdiction, {name: chat.parse for name, chat in chats.items()})
        self.delivery = Delivery(store, jurisdiction, chats, self.worker, clock)
        self._pumping = asyncio.Lock()
        self._delivering = asyncio.Lock()

    async def start(self, prepare: Callable[[Tx], None] | None = None) -> None:
        """Open and migrate the database, take up what an unclean stop left, and run `prepare` in a transaction."""
        await self.worker.run(lambda: self._open(prepare))

    def _open(self, prepare: Callable[[Tx], None] | None) -> None:
        self.store.open()
        migrations.migrate(self.store)
        self.intake.careful = self.store.write_tx(_begin_run)
        self.intake.work_waiting(self.clock())
        if prepare is not None:
            self.store.write_tx(prepare)

    async def close(self) -> None:
        """Stop cleanly: what is being done is finished first."""
        async with self._pumping, self._delivering:
            await self.worker.run(self._close_store)
        for chat in self.chats.values():
            await chat.close()
        self.worker.close()

    def _close_store(self) -> None:
        self.store.write_tx(lambda tx: inbox.set_state(tx, "running", ""))
        self.store.close()

    async def step(self) -> bool:
        """Take in what waits at the chats, work it, and send what is due. Returns whether anything was done."""
        took = False
        for name in self.chats:
            while await self._pump(name, wait=0.0):
                took = True
        return await self._deliver() > 0 or took

    async def _pump(self, name: str, wait: float) -> bool:
        """Fetch one batch from a chat and commit it; only the next fetch, with its cursor, confirms it there."""
        async with self._pumping:
            cursor = await self.worker.run(lambda: self.store.read(lambda tx: inbox.cursor(tx, name)))
        batch = await self.chats[name].fetch(cursor, wait=wait)
        if not batch.updates:
            return False
        async with self._pumping:
            await self.worker.run(lambda: self.intake.take(name, batch, self.clock()))
        return True

    async def _deliver(self) -> int:
        async with self._delivering:
            return await self.delivery.deliver_due()

    async def advance(self, clock: VirtualClock, to: datetime) -> None:
        """Move a virtual clock forward, stopping at every moment on the way at which something falls due."""
        await self.step()
        while (due := await self._next_due()) is not None and due <= to:
            clock.set(due)
            await self.step()
        clock.set(to)
        await self.step()

    async def _next_due(self) -> datetime | None:
        found = await self.worker.run(lambda: self.store.read(lambda tx: outbox.next_due(tx, self.clock())))
        return None if found is None else instant(found)

    async def run(self, stop: asyncio.Event) -> None:
        """Keep going until `stop` is set: one loop per chat, and a tick that looks for what has fallen due."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.add_job(self._tick, "interval", seconds=TICK.total_seconds(), max_instances=1, coalesce=True)
        scheduler.start()
        loops = [asyncio.create_task(self._keep_pumping(name)) for name in self.chats]
        try:
            await stop.wait()
        finally:
            scheduler.shutdown(wait=False)
            for loop in loops:
                loop.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*loops, return_exceptions=True)

    async def _tick(self) -> None:
        try:
            async with self._pumping:
                await self.worker.run(lambda: self.intake.work_waiting(self.clock()))
            await self._deliver()
        except Exception:
            log.exception("a tick failed; the next one tries again")

    async def _keep_pumping(self, name: str) -> None:
        pause = 1.0
        while True:
            try:
                if await self._pump(name, wait=LONG_POLL):
                    await self._deliver()
                pause = 1.0
            except Exception:
                log.exception("taking in from %s failed; trying again in %.0f s", name, pause)
                await asyncio.sleep(pause)
                pause = min(60.0, pause * 2)


def _begin_run(tx: Tx) -> bool:
    """Note that a run begins; returns whether the last one ended uncleanly."""
    unclean = bool(inbox.get_state(tx, "running"))
    inbox.set_state(tx, "running", "yes")
    outbox.mark_interrupted(tx)
    return unclean
