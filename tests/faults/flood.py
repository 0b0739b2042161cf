"""One member floods a group while others post: how long each of the others waits for the bot's line.

Time is virtual, so what is measured is the queueing: what the bot works first, and what the chat's limits let through.
"""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from groupbot.chat.sandbox import FULL
from groupbot.records import Rate, instant
from groupbot.rehearsal.stage import Player
from tests.county import PLACES, PLAYERS, County, county
from tests.faults.full_disk import expect

TELEGRAM = replace(FULL, rates=(Rate(1, 1.0), Rate(20, 60.0)))  # a group's limits there, the strictest of all chats
LASTS = 60  # seconds
MESSAGES = 10_000
PATIENCE = 10  # seconds: what 95 of 100 posts of the others may wait for their number
NEEDS = "Location: {place} {n}\nProblem: the borehole of village {n} has broken\nPriority: normal"
# What the flooder writes: nothing at all, needs that each want a number, commands that each want an answer.
KINDS: Mapping[str, Callable[[int], str]] = {
    "chatter": lambda n: f"hello hello {n}",
    "forms": lambda n: NEEDS.format(place="Chesoi", n=n),
    "commands": lambda n: f"/status HLT-26-{n:04}-A",
}
OTHERS = tuple(Player(f"admin-{n}", f"Admin {chr(65 + n)}kwei", "ward_admin", ward="Kapsowar") for n in range(10))


@dataclass(frozen=True, slots=True)
class Flood:
    """What came of it. Delays are seconds from a post of somebody else to the line that gives its number."""

    delays: tuple[float, ...]
    unanswered: int
    kept: int  # messages of the flooder in the inbox
    lines: int  # of the bot in the group, meanwhile

    @property
    def p95(self) -> float:
        """The delay that 95 of 100 do not exceed."""
        return sorted(self.delays)[max(0, math.ceil(0.95 * len(self.delays)) - 1)] if self.delays else math.inf


async def flood(kind: str, seed: int, *, messages: int = MESSAGES, who: str = "chebet", others: int = 12) -> Flood:
    """Let `who` write that many messages in a minute into one group, and others their needs at random seconds."""
    chance = random.Random(seed)
    moments = sorted(chance.randrange(LASTS) for _ in range(others))
    places = [replace(place, members=(*place.members, *(one.user_id for one in OTHERS))) for place in PLACES]
    async with county(players=(*PLAYERS, *OTHERS), places=places, capabilities=TELEGRAM) as here:
        posted: dict[str, datetime] = {}
        for second in range(LASTS):
            _write(here, kind, who, range(messages * second // LASTS, messages * (second + 1) // LASTS))
            for number in (at for at, moment in enumerate(moments) if moment == second):
                posted[_need(here, number)] = here.clock()
            await here.wait(seconds=1)
        await here.wait(seconds=LASTS)
        return await _seen(here, posted, who)


def _need(here: County, number: int) -> str:
    text = NEEDS.format(place="Kapcherop", n=number)
    return here.sandbox.post("health", OTHERS[number % len(OTHERS)].user_id, text, at=here.clock())


def _write(here: County, kind: str, who: str, numbers: Sequence[int]) -> None:
    for number in numbers:
        here.sandbox.post("health", who, KINDS[kind](number), at=here.clock())


async def _seen(here: County, posted: Mapping[str, datetime], who: str) -> Flood:
    sql = "SELECT message_id, told_at FROM request WHERE told_at IS NOT NULL"
    rows = await here.app.worker.run(lambda: here.app.store.read(lambda tx: tx.all(sql)))
    told = {str(message_id): instant(int(at)) for message_id, at in rows}
    kept = await here.value("SELECT count(*) FROM inbox WHERE sender_id = ?", who)
    delays = tuple((told[one] - at).total_seconds() for one, at in posted.items() if one in told)
    return Flood(delays, len(posted) - len(delays), int(str(kept)), len(here.messages("health")))


def play(_: Path, seed: int) -> None:
    """Ten thousand messages of one member in a minute, of each kind. Raises AssertionError."""
    for kind in KINDS:
        for who in ("chebet", "stranger"):
            seen = asyncio.run(flood(kind, seed, who=who))
            print(f"flood of {kind} by {who}: p95 of the others {seen.p95:.0f} s", flush=True)
            expect(seen.p95 < PATIENCE, f"others waited {seen.p95} s beside {kind} by {who}")
            expect(not seen.unanswered, f"{seen.unanswered} others unanswered beside {kind} by {who}")
            expect(seen.kept == MESSAGES, f"{MESSAGES - seen.kept} of {kind} by {who} lost")
