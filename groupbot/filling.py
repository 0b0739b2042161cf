"""The missing past of chats is asked for, page by page: one that fails is put off, and no other chat waits for it.

One that the platform refuses or fails again and again, while it answers everything else, is given up.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from groupbot.chat import Chat, ChatError, History, offers
from groupbot.clock import Clock
from groupbot.intake.batches import Intake
from groupbot.records import Gap
from groupbot.worker import Worker

log = logging.getLogger(__name__)

REST = timedelta(seconds=5)  # before a page that failed is asked for again; twice as long after each failure
LONGEST_REST = timedelta(minutes=5)
MOST_REFUSALS = 3  # of one gap, while the platform answered something else in between
MOST_FAILURES = 17  # the same of failures of any kind: they take an hour


class Filler:
    """Fills the gaps of all chats. `clock` gives the present (aware UTC); what is taken in, is under `turn`."""

    def __init__(
        self, intake: Intake, chats: Mapping[str, Chat], worker: Worker, clock: Clock, turn: asyncio.Lock
    ) -> None:
        self._intake = intake
        self._chats = chats
        self._worker = worker
        self._clock = clock
        self._turn = turn
        self._delays = {name: Delays() for name in chats}

    async def fill(self, name: str) -> bool:
        """Fetch and commit one page of a chat's missing past. Returns whether that was done."""
        chat = self._chats[name]
        if not offers(chat, History):  # type: ignore[type-abstract]
            return False
        gap = self._delays[name].first_due(await self._open_gaps(name), self._clock())
        if gap is None:
            return False
        try:
            page = await chat.page_back(gap)
        except ChatError as error:
            log.warning("the past of %s cannot be had now: %s", gap.chat_id, error.detail)
            self._delays[name].failed(gap, error, self._clock())
            return False
        self._delays[name].had(gap)
        async with self._turn:
            await self._worker.run(lambda: self._intake.take_page(name, gap, page, self._clock()))
        return True

    async def answered(self, name: str) -> None:
        """A platform has answered something else: a past that it does not give is given up, the group is told."""
        if not self._delays[name].answered():
            return
        for gap in self._delays[name].take_refused(await self._open_gaps(name)):
            log.error("the past of %s cannot be had: it is given up", gap.chat_id)
            async with self._turn:
                await self._worker.run(lambda gap=gap: self._intake.give_up(name, gap, self._clock()))  # type: ignore[misc]

    def trouble(self, name: str) -> str:
        """Which chats' past a platform does not give, in words for the operator; '' while it gives all."""
        return self._delays[name].trouble

    async def _open_gaps(self, name: str) -> list[Gap]:
        return await self._worker.run(lambda: self._intake.catching_up.open_gaps(name))


class Delays:
    """Which gaps failed, until when they are put off, and how often each did. Times are aware UTC."""

    def __init__(self) -> None:
        self._until: dict[int, datetime] = {}
        self._just_failed: dict[int, bool] = {}  # whether it was refused
        self._failures = Counter[int]()
        self._refusals = Counter[int]()
        self._why: dict[int, str] = {}

    def first_due(self, waiting: Sequence[Gap], now: datetime) -> Gap | None:
        """The oldest gap that may be asked for now."""
        return next((gap for gap in waiting if self._until.get(gap.id, now) <= now), None)

    def failed(self, gap: Gap, error: ChatError, now: datetime) -> None:
        """A page could not be had. It counts against the gap only if the platform is then found to answer."""
        rest = min(LONGEST_REST, REST * 2 ** self._failures[gap.id])
        self._until[gap.id] = now + max(rest, timedelta(seconds=error.retry_after or 0))
        if error.retry_after is None:  # to be asked for patience is no failure
            self._just_failed[gap.id] = error.kind == "gone"
            self._why[gap.id] = f"{gap.chat_id}: {error.detail}"

    def had(self, gap: Gap) -> None:
        """A page could be had: what failed before counts no more."""
        self._forget(gap.id)

    def answered(self) -> bool:
        """The platform has answered something else. Whether it is known by now that it does not give a gap."""
        for gap_id, refused in self._just_failed.items():
            self._failures[gap_id] += 1
            self._refusals[gap_id] += refused
        self._just_failed.clear()
        return any(self._is_hopeless(gap_id) for gap_id in self._failures)

    def take_refused(self, waiting: Sequence[Gap]) -> list[Gap]:
        """The gaps that are not to be had; they are counted no more."""
        refused = [gap for gap in waiting if self._is_hopeless(gap.id)]
        chats = {gap.chat_id for gap in refused}
        for gap in waiting:
            if gap.chat_id in chats:  # they are all given up together
                self._forget(gap.id)
        return refused

    @property
    def trouble(self) -> str:
        """What was answered, by the chat, for each gap of which a page failed last."""
        return "; ".join(sorted(set(self._why.values())))

    def _is_hopeless(self, gap_id: int) -> bool:
        return self._refusals[gap_id] >= MOST_REFUSALS or self._failures[gap_id] >= MOST_FAILURES

    def _forget(self, gap_id: int) -> None:
        for kept in (self._until, self._just_failed, self._failures, self._refusals, self._why):
            kept.pop(gap_id, None)
