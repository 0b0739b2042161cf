"""A small county for tests: fixed people with fixed rights, the real bot on a virtual clock, nothing patched.

Chebet is the ward admin of Kapsowar, Kiptoo coordinates Health and Dr Cheruto directs it, Nelson is communications,
Naomi observes for a CSO and must see nothing private, Judith coordinates Water, Rose is ward admin of another ward,
and a stranger is on no roster.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from groupbot import protocol
from groupbot.app import App
from groupbot.chat.sandbox import BOT, FULL, Sandbox, SandboxChat, SandboxMessage
from groupbot.clock import VirtualClock
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Attachment, Capabilities
from groupbot.rehearsal import stage
from groupbot.rehearsal.stage import PLATFORM, Place, Player
from groupbot.store.database import Store

PLAYERS = (
    Player("chebet", "Jane Chebet", "ward_admin", ward="Kapsowar"),
    Player("rose", "Rose Kemei", "ward_admin", ward="Kabiemit", language="sw"),
    Player("kiptoo", "Daniel Kiptoo", "coordinator", service_code="health"),
    Player("cheruto", "Dr Ann Cheruto", "director", service_code="health"),
    Player("judith", "Judith Cherotich", "coordinator", service_code="water"),
    Player("nelson", "Nelson Kiptoo", "communications"),
    Player("naomi", "Naomi Yator", "observer"),
    Player("stranger", "Philip Otieno"),
)
EVERYONE = tuple(player.user_id for player in PLAYERS)
PLACES = (
    Place("health", "Health feedback", "department", "health", EVERYONE),
    Place("water", "Water feedback", "department", "water", EVERYONE),
    Place("roads", "Roads feedback", "department", "roads", EVERYONE),
    Place("mirror", "CSO mirror", "mirror", "", ("naomi",)),
    Place("communications", "Communications", "communications", "", ("nelson",)),
)
ZONE = ZoneInfo("Africa/Nairobi")
TUESDAY = datetime(2026, 11, 24, 10, 10, tzinfo=ZONE).astimezone(UTC)

FORM = """SERVICE REQUEST
Ward: Kapsowar
Location: Kapsowar sub-county hospital
Problem: No malaria drugs since Monday, patients sent away
Priority: Urgent"""


@functools.cache
def _compiled() -> Jurisdiction:
    """The first pack with all that is compiled from it: read once for all tests of a process."""
    ours = Jurisdiction(protocol.load(protocol.locate("ke-elgeyo-marakwet")))
    for name, member in vars(Jurisdiction).items():
        if isinstance(member, functools.cached_property):
            getattr(ours, name)
    return ours


def jurisdiction() -> Jurisdiction:
    """The first pack, with salts that are the same in every run."""
    ours = copy.copy(_compiled())
    ours.salt = stage.same_salts()
    return ours


@dataclass
class County:
    """The running county. Times are local where given as text, aware where given as instants."""

    app: App
    sandbox: Sandbox
    clock: VirtualClock

    async def say(self, who: str, where: str, text: str, reply_to: str | None = None, **more: object) -> str:
        """Let someone post, and the bot do all that follows at once; the message's id."""
        message_id = self.sandbox.post(where, who, text, at=self.clock(), reply_to=reply_to, **more)  # type: ignore[arg-type]
        await self.app.step()
        return message_id

    async def photo(self, who: str, where: str, text: str = "") -> str:
        """Let someone post a photo."""
        return await self.say(who, where, text, attachments=(Attachment("photo", "file-1"),))

    async def edit(self, who: str, where: str, message_id: str, text: str) -> None:
        """Let someone put other words in place of what they posted."""
        self.sandbox.edit(where, who, message_id, text, self.clock())
        await self.app.step()

    async def tap(self, who: str, where: str, message: SandboxMessage) -> None:
        """Let someone tap the first button of a message."""
        self.sandbox.tap(where, who, message.id, message.buttons[0][1], self.clock())
        await self.app.step()

    async def wait(self, **time: float) -> None:
        """Let time pass, with everything that falls due on the way."""
        await self.app.advance(self.clock, self.clock() + timedelta(**time))

    async def wait_until(self, local: str) -> None:
        """Let time pass until a local time such as 2026-11-25 08:00."""
        await self.app.advance(self.clock, datetime.fromisoformat(local).replace(tzinfo=ZONE).astimezone(UTC))

    def lines(self, where: str) -> list[str]:
        """What the bot has said in a chat."""
        return [message.text for message in self.messages(where)]

    def messages(self, where: str) -> list[SandboxMessage]:
        """The bot's messages in a chat."""
        return [message for message in self.sandbox.messages(where) if message.sender_id == BOT]

    def reaction(self, where: str, message_id: str) -> str:
        """The bot's reaction on a message, '' for none."""
        return self.sandbox.message(where, message_id).reactions.get(BOT, "")

    def private(self, who: str) -> list[str]:
        """What the bot has said to someone alone."""
        return self.lines(f"private:{who}")

    async def value(self, sql: str, *params: object) -> object:
        """One value of the database."""
        return await self.app.worker.run(lambda: self.app.store.read(lambda tx: tx.scalar(sql, params)))


@asynccontextmanager
async def county(
    url: str = "sqlite://",
    *,
    start: datetime = TUESDAY,
    capabilities: Capabilities = FULL,
    players: Sequence[Player] = PLAYERS,
    places: Sequence[Place] = PLACES,
) -> AsyncIterator[County]:
    """A county with its bot running on a database, for one test."""
    clock = VirtualClock(start)
    sandbox = Sandbox()
    stage.set_up(sandbox, players, places)
    ours = jurisdiction()
    app = App(ours, Store(url), {PLATFORM: SandboxChat(sandbox, clock, capabilities)}, clock)
    await app.start(lambda tx: stage.enrol(tx, ours, (players, places), start))
    try:
        yield County(app, sandbox, clock)
    finally:
        await app.close()
