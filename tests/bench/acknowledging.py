"""Acknowledging what waited: how long the groups must be talked to, within Telegram's limits, on a virtual clock."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from groupbot.chat import Outgoing
from groupbot.chat.sandbox import SandboxChat
from groupbot.chat.telegram import CAPABILITIES, RATES
from groupbot.clock import VirtualClock
from groupbot.delivery import Delivery
from groupbot.records import Capabilities
from groupbot.rehearsal.stage import PLATFORM
from groupbot.worker import Worker
from tests.bench.county import ON_THE_WAY, County, county
from tests.bench.laps import Measures
from tests.bench.text import posts, raw_update

FETCHED = 100  # updates that a platform hands over at once
Told = list[tuple[datetime, str, str]]  # when which group was told what


class Listening(SandboxChat):
    """A chat with Telegram's limits that keeps what is said in it."""

    rates = RATES
    told: Told

    def capabilities_of(self, chat_id: str) -> Capabilities:
        """Telegram's."""
        return CAPABILITIES

    async def send(self, message: Outgoing) -> str:
        """Keep it."""
        self.told.append((self._now(), message.chat_id, message.text))
        return str(len(self.told))


def measure(count: int, folder: Path) -> Measures:
    """Seconds until each post's number was said in its group, in how many messages. Raises AssertionError."""
    with county(folder) as ours:
        waiting = [ours.parse(raw_update(post)) for post in posts(count)]
        for first in range(0, count, FETCHED):
            ours.take(*waiting[first : first + FETCHED])
        groups = sorted({update.chat_id for update in waiting})
        marks = ", ".join("?" * len(groups))
        # what people are told alone and what the mirror hears are other figures
        ours.store.write_tx(lambda tx: tx.execute(f"DELETE FROM outbox WHERE chat_id NOT IN ({marks})", groups))
        begun = waiting[-1].sent_at + ON_THE_WAY
        told = asyncio.run(_deliver(ours, VirtualClock(begun)))
        references = [row[0] for row in ours.store.read(lambda tx: tx.all("SELECT service_request_id FROM request"))]
    heard = {word for _, _, text in told for line in text.splitlines() for word in line.replace(",", " ").split()}
    missing = [reference for reference in references if reference not in heard]
    assert not missing, f"{len(missing)} posts were never acknowledged"
    seconds = (told[-1][0] - begun).total_seconds()
    return {"seconds": seconds, "messages": float(len(told)), "groups": float(len(groups))}


async def _deliver(ours: County, clock: VirtualClock) -> Told:
    """Let the senders say all that waits, the clock going on to the next moment at which something may be said."""
    chat = Listening(ours.chat.sandbox, clock)
    chat.told = []
    worker = Worker()
    delivery = Delivery(ours.store, ours.intake.jurisdiction, {PLATFORM: chat}, worker, clock)
    while True:
        await delivery.deliver_due()
        now = clock()
        due = await worker.run(lambda now=now: ours.store.read(lambda tx: delivery.next_due(tx, now)))  # type: ignore[misc]
        if due is None:
            break
        clock.set(due)
    worker.close()
    return chat.told
