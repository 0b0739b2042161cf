"""The composition root: one jurisdiction, its store and its chats put together, and the loops that keep them going."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from groupbot import backups, declaring, disconnecting, failpoints, gaps, orders
from groupbot.auditing import Samples
from groupbot.believing import Believed
from groupbot.cards import Cards
from groupbot.chat import Chat, Forgetful, Troubled, offers
from groupbot.clock import Clock, VirtualClock
from groupbot.delivery import Delivery
from groupbot.filling import Filler
from groupbot.health import TICKED_EVERY
from groupbot.inspecting import Inspector
from groupbot.intake.batches import Intake
from groupbot.jurisdiction import Jurisdiction
from groupbot.moderating import Releases
from groupbot.nagging import Nagging
from groupbot.orders import Order
from groupbot.previewing import Previews
from groupbot.publishing import Checkpoints
from groupbot.records import Batch, Rate
from groupbot.recovering import Recoverer
from groupbot.reporting import Reports
from groupbot.retention import Retention
from groupbot.sanctioning import Tallies
from groupbot.staffing import Plans, Terms
from groupbot.store import condition, inbox, people
from groupbot.store.database import LeaseLost, Store, StoreBusy, Tx
from groupbot.ticking import Ticker
from groupbot.watching import Watches
from groupbot.welcoming import Greetings
from groupbot.worker import Worker

log = logging.getLogger(__name__)

TICK = timedelta(seconds=1)
LONG_POLL = 25.0  # seconds
RUNNING = "running"  # which run has the database; empty after a clean stop
TAKEN = (StoreBusy, LeaseLost)


class App:
    """A running bot. `start` before anything else, `close` at the end; `step` does all that can be done now."""

    def __init__(
        self,
        jurisdiction: Jurisdiction,
        store: Store,
        chats: Mapping[str, Chat],
        clock: Clock,
        worker: Worker | None = None,
    ) -> None:
        self.jurisdiction = jurisdiction
        self.store = store
        self.chats = chats
        self.clock = Believed(clock)
        self.worker = worker or Worker()
        parsers = {name: chat.parse for name, chat in chats.items()}
        self.intake = Intake(store, jurisdiction, parsers, self._rates)
        nagging = Nagging(jurisdiction)
        self.delivery = Delivery(store, jurisdiction, chats, self.worker, self.clock)
        self.tickers: tuple[Ticker, ...] = (
            nagging,
            Checkpoints(jurisdiction),
            Plans(jurisdiction),
            Terms(jurisdiction),
            Previews(jurisdiction),
            Releases(),
            self.intake.turns,
            Cards(jurisdiction),
            Retention(jurisdiction),
            Samples(jurisdiction),
            Tallies(jurisdiction),
            Reports(jurisdiction),
            Watches(jurisdiction),
            Greetings(jurisdiction),
        )
        self.inspector = Inspector(store, jurisdiction, chats, self.worker, self.clock)
        self.recoverer = Recoverer(store, jurisdiction.id, chats, self.worker, self.clock)
        self._noted: datetime | None = None
        self._reached: dict[str, str] = {}
        self.delivery.live.update({**nagging.live, "mirror_goes_on": disconnecting.goes_on})
        self._last_reached: dict[str, datetime] = {}
        self._pumping = asyncio.Lock()
        self._filler = Filler(self.intake, chats, self.worker, self.clock, self._pumping)
        self._run_id = uuid4().hex
        self._taken: asyncio.Future[None] | None = None  # ends with the error by which another took the database

    def _rates(self, platform: str, chat_id: str) -> Sequence[Rate]:
        """The limits of a chat; none where no platform is."""
        chat = self.chats.get(platform)
        return chat.capabilities_of(chat_id).rates if chat else ()

    async def start(self, prepare: Callable[[Tx], None] | None = None) -> None:
        """Open and migrate the database, take up what an unclean stop left, and run `prepare` in a transaction."""
        await self.worker.run(lambda: self._open(prepare))

    def _open(self, prepare: Callable[[Tx], None] | None) -> None:
        self.store.open()
        backups.migrate(self.store, self.clock())
        self.store.read(lambda tx: self.clock.load(tx, people.load_roster(tx, self.jurisdiction.id)))
        self.store.read(lambda tx: declaring.load(tx, self.jurisdiction))
        self.intake.careful = self.store.write_tx(self._begin_run)
        self.store.read(self.intake.turns.load)
        self.store.on_return = self._take_up_again
        self.intake.work_waiting(self.clock())
        if prepare is not None:
            self.store.write_tx(prepare)

    def _begin_run(self, tx: Tx) -> bool:
        """Note that a run begins; returns whether the last one ended uncleanly."""
        unclean = bool(inbox.get_state(tx, RUNNING))
        inbox.set_state(tx, RUNNING, self._run_id)
        self.delivery.begin_run(tx)
        self.clock.keep(tx)
        return unclean

    def _take_up_again(self, tx: Tx) -> None:
        """The database was out of reach: go on only where no other bot has run on it since. Raises LeaseLost."""
        if inbox.get_state(tx, RUNNING) != self._run_id:
            raise LeaseLost
        declaring.load(tx, self.jurisdiction)

    async def close(self) -> None:
        """Stop cleanly: what is being done is finished first."""
        async with self._pumping:
            await self._try(self.delivery.finish)
            await self.worker.run(self._close_store)
        for chat in self.chats.values():
            await chat.close()
        self.worker.close()

    def _close_store(self) -> None:
        try:
            self.store.write_tx(lambda tx: inbox.set_state(tx, RUNNING, ""))
        except TAKEN:
            log.warning("another groupbot has the database: this one leaves it as it is")
        finally:
            self.store.close()

    async def obey(self, order: Order) -> list[str]:
        """Carry out an order of the command line; the lines that answer it. Raises OrderRefused."""
        async with self._pumping:
            said = await self.worker.run(lambda: orders.take(self.store, self.jurisdiction, order, self.clock()))
        self.delivery.kick()
        return said

    async def health(self) -> Mapping[str, Any]:
        """What only the running bot knows: its time, and for each platform how updates come in and notices go out."""
        chats = {}
        for name, chat in self.chats.items():
            trouble = chat.trouble if isinstance(chat, Troubled) else ""
            chats[name] = {"in": self._reached.get(name, "not asked yet"), "out": "", "trouble": trouble}
            chats[name]["past"] = self._filler.trouble(name)
        for one in await self.worker.run(self.delivery.health):
            chats[one.platform]["out"] = f"works, {one.under_way} under way"
            if one.open_since:
                since = f"{one.open_since:%Y-%m-%d %H:%M:%S} UTC"
                chats[one.platform]["out"] = f"stopped at {since} after {one.failures} failures; tried each minute"
        return {"now": self.clock().isoformat(), "chats": chats}

    async def step(self) -> bool:
        """Take in what waits at the chats, work it, and send what is due. Returns whether anything was done."""
        took = False
        for name in self.chats:
            while await self._pump(name, wait=0.0):
                took = True
        async with self._pumping:
            took = await self.worker.run(self._run_tickers) or took
        if took:
            await self._work_waiting()  # what a ticker has let through
        if await self.recoverer.run_due():
            await self._work_waiting()
        if took or self.inspector.waits:
            await self.inspector.run_due()
        return await self.delivery.deliver_due() > 0 or took

    async def _pump(self, name: str, wait: float) -> bool:
        """Fetch one batch from a chat and commit it; only the next fetch, with its cursor, confirms it there."""
        async with self._pumping:
            cursor = await self.worker.run(lambda: self.store.read(lambda tx: inbox.cursor(tx, name)))
        if await self._filler.fill(name):
            return True
        batch = await self.chats[name].fetch(cursor, wait=wait)
        await self._filler.answered(name)
        await self._note_reached(name)
        failpoints.reach("intake.fetched")
        if not batch.updates and not batch.gaps and cursor is not None:
            return False
        async with self._pumping:
            await self.worker.run(lambda: self._take(name, batch))
        self.inspector.note(batch)
        return bool(batch.updates or batch.gaps)

    def _take(self, name: str, batch: Batch) -> None:
        if self.clock.wonders(batch.updates):
            self.store.read(lambda tx: self.clock.hear(tx, people.load_roster(tx, self.jurisdiction.id), batch.updates))
        self.intake.take(name, batch, self.clock())

    async def _note_reached(self, name: str) -> None:
        """Keep now and then that a platform which forgets was reached; after too long an absence groups are told."""
        chat, now = self.chats[name], self.clock()
        last = self._last_reached.get(name)
        if last is not None and abs(now - last) < gaps.NOTED_EVERY:
            return
        if not offers(chat, Forgetful):  # type: ignore[type-abstract]
            return
        self._last_reached[name] = now
        keeps = chat.retention
        async with self._pumping:
            await self.worker.run(
                lambda: self.store.write_tx(lambda tx: gaps.reached(tx, self.jurisdiction, name, keeps, now))
            )

    async def _run_due(self, ticker: Ticker) -> bool:
        """Let a ticker do what is due, in a transaction of its own. Returns whether anything was."""
        async with self._pumping:
            return await self.worker.run(lambda: self._run_ticker(ticker))

    def _run_tickers(self) -> bool:
        """Let all tickers do what is due, each once, in turn; most often nothing is, and one look tells.

        Returns whether anything was.
        """
        waiting, ran = self.tickers, False
        while (place := self.store.read(partial(self._first_of, waiting))) is not None:
            ran = self._run_ticker(waiting[place]) or ran
            waiting = waiting[place + 1 :]  # these are looked at anew: what was done may concern them
        return ran

    def _first_of(self, tickers: Sequence[Ticker], tx: Tx) -> int | None:
        """Which of the tickers, in their order, is the first one for which something is due."""
        now = self.clock()
        for place, ticker in enumerate(tickers):
            if (due := ticker.next_due(tx, now)) is not None and due <= now:
                return place
        return None

    def _run_ticker(self, ticker: Ticker) -> bool:
        now = self.clock()  # by a wrong one nothing is due: it is known how late it is at least, and no more
        due = self.store.read(lambda tx: ticker.next_due(tx, now)) if self.clock.right else None
        if due is None or due > now:
            return False
        self.store.write_tx(lambda tx: self._run_and_keep(tx, ticker, now))
        return True

    def _run_and_keep(self, tx: Tx, ticker: Ticker, now: datetime) -> None:
        ticker.run(tx, now)
        self.clock.keep(tx)

    async def advance(self, clock: VirtualClock, to: datetime) -> None:
        """Do all that can be done, then move a virtual clock forward, stopping wherever something falls due."""
        await self.step()
        await self.pass_time(clock, to)

    async def pass_time(self, clock: VirtualClock, to: datetime) -> None:
        """The same right after a step, since which nobody has done anything."""
        while (due := await self._next_due()) is not None and due <= to:
            self._move(clock, due)
            await self.step()
        self._move(clock, to)
        await self.step()

    def _move(self, clock: VirtualClock, to: datetime) -> None:
        clock.set(to)
        self.clock.trust()

    async def _next_due(self) -> datetime | None:
        return await self.worker.run(lambda: self.store.read(self._first_due))

    def _first_due(self, tx: Tx) -> datetime | None:
        """The first moment to come at which a notice or a ticker is due."""
        now = self.clock()
        dues = [ticker.next_due(tx, now) for ticker in self.tickers]
        dues.append(self.delivery.next_due(tx, now))
        return min((due for due in dues if due is not None and due > now), default=None)

    async def run(self, stop: asyncio.Event) -> None:
        """Keep going until `stop` is set: one loop per chat, and a tick that looks for what has fallen due.

        Raises StoreBusy or LeaseLost when another bot has taken the database, which only a lost connection lets it do.
        """
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.add_job(self._tick, "interval", seconds=TICK.total_seconds(), max_instances=1, coalesce=True)
        scheduler.start()
        loops = [asyncio.create_task(self._keep_pumping(name)) for name in self.chats]
        senders = asyncio.create_task(self.delivery.run(stop))
        stopped = asyncio.create_task(stop.wait())
        self._taken = asyncio.get_running_loop().create_future()
        try:
            ended, _ = await asyncio.wait((stopped, self._taken), return_when=asyncio.FIRST_COMPLETED)
            if self._taken in ended:
                self._taken.result()
        finally:
            stop.set()
            stopped.cancel()
            self.delivery.kick()
            await senders  # never in the midst of a turn: what it took up is under way, or not taken up
            scheduler.shutdown(wait=False)
            for loop in loops:
                loop.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*loops, return_exceptions=True)

    async def _tick(self) -> None:
        await self._try(self._note_tick)
        await self._try(self._work_waiting)
        for ticker in self.tickers:
            await self._try(partial(self._run_due, ticker))
        await self._try(self.inspector.run_due)
        await self._try(self.recoverer.run_due)
        self.delivery.kick()

    async def _note_tick(self) -> None:
        """Once a minute, so that health shows a bot that hangs; at once that the machine's clock is wrong."""
        now = self.clock()
        if self._noted is None or self.clock.turned or abs(now - self._noted) >= TICKED_EVERY:
            self._noted = now
            await self.worker.run(lambda: self.store.write_tx(lambda tx: self._keep_tick(tx, now)))

    def _keep_tick(self, tx: Tx, now: datetime) -> None:
        condition.ticked(tx, now)
        self.clock.keep(tx)

    async def _try(self, job: Callable[[], Awaitable[object]]) -> None:
        # What fails must not keep the others from their turn: the next tick tries it again.
        try:
            await job()
        except TAKEN as error:
            self._give_up(error)
        except Exception:
            log.exception("a part of the tick failed: %s", job)

    def _give_up(self, error: Exception) -> None:
        """Another bot has the database: `run` ends, for this one knows nothing of what that one does."""
        if self._taken is not None and not self._taken.done():
            self._taken.set_exception(error)

    async def _work_waiting(self) -> None:
        async with self._pumping:
            await self.worker.run(lambda: self.intake.work_waiting(self.clock()))

    async def _keep_pumping(self, name: str) -> None:
        pause = 1.0
        while True:
            try:
                took = await self._pump(name, wait=LONG_POLL)
                self._reached[name] = f"reached at {self.clock():%Y-%m-%d %H:%M:%S} UTC"
                if took:
                    self.delivery.kick()
                pause = 1.0
            except TAKEN as error:
                self._give_up(error)
                return
            except Exception as error:
                self._reached[name] = f"not reached at {self.clock():%Y-%m-%d %H:%M:%S} UTC: {type(error).__name__}"
                log.exception("taking in from %s failed; trying again in %.0f s", name, pause)
                await asyncio.sleep(pause)
                pause = min(60.0, pause * 2)
