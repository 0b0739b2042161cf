"""The missing past of chats is asked for, page by page: one that fails is put off, and no other chat waits for it.

One that the platform refuses again and again, while it answers everything else, is given up.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from groupbot.chat import Chat, ChatError, History, offers
from groupbot.clock import Clock
from groupbot.intake.batches import Intake
from groupbot.records import Gap
from groupbot.worker import Worker

log = logging.getLogger(__name__)

REST = timedelta(seconds=5)  # before a page that failed is asked for again
MOST_REFUSALS = 3  # of one gap, while the platform answered something else in between


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
        async with self._turn:
            await self._worker.run(lambda: self._intake.take_page(name, gap, page, self._clock()))
        return True

    async def answered(self, name: str) -> None:
        """A platform has answered something else: a past that is refused for good is given up, the group is told."""
        if not self._delays[name].answered():
            return
        for gap in self._delays[name].take_refused(await self._open_gaps(name)):
            log.error("the past of %s is refused for good: it is given up", gap.chat_id)
            async with self._turn:
                await self._worker.run(lambda gap=gap: self._intake.give_up(name, gap, self._clock()))  # type: ignore[misc]

    async def _open_gaps(self, name: str) -> list[Gap]:
        return await self._worker.run(lambda: self._intake.catching_up.open_gaps(name))


class Delays:
    """Which gaps failed, until when they are put off, and how often each was refused for good. Times are aware UTC."""

    def __init__(self) -> None:
        self._until: dict[int, datetime] = {}
        self._just_refused: set[int] = set()
        self._refusals: dict[int, int] = {}

    def first_due(self, waiting: Sequence[Gap], now: datetime) -> Gap | None:
        """The oldest gap that may be asked for now."""
        return next((gap for gap in waiting if self._until.get(gap.id, now) <= now), None)

    def failed(self, gap: Gap, error: ChatError, now: datetime) -> None:
        """A page could not be had. It counts against the gap only if the platform is then found to answer."""
        self._until[gap.id] = now + max(REST, timedelta(seconds=error.retry_after or 0))
        if error.kind == "gone":
            self._just_refused.add(gap.id)

    def answered(self) -> bool:
        """The platform has answered something else. Whether a gap is refused for good by now."""
        for gap_id in self._just_refused:
            self._refusals[gap_id] = self._refusals.get(gap_id, 0) + 1
        self._just_refused.clear()
        return any(count >= MOST_REFUSALS for count in self._refusals.values())

    def take_refused(self, waiting: Sequence[Gap]) -> list[Gap]:
        """The gaps that are refused for good; they are counted no more."""
        refused = [gap for gap in waiting if self._refusals.get(gap.id, 0) >= MOST_REFUSALS]
        for gap in refused:
            del self._refusals[gap.id], self._until[gap.id]
        return refused
