"""One conversation on any chat platform: the same people say the same, and the log tells what became of it.

A platform takes part with a `Stage`: its own server, or a stand-in for it, on which people can be made to speak.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from groupbot.app import App
from groupbot.chat import Chat
from groupbot.clock import VirtualClock
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Grant, Group, Person
from groupbot.rehearsal import casting, stage, transcript
from groupbot.rehearsal.replay import LINGER
from groupbot.rehearsal.stage import Place, Player
from groupbot.rehearsal.transcript import Line
from groupbot.store import people
from groupbot.store.database import Store, Tx

CONVERSATIONS = Path(__file__).parent.parent / "conversations"
SCRIPTS = sorted(path for path in CONVERSATIONS.glob("*.txt") if path.name.count(".") == 1)

Story = list[tuple[str, str, str]]  # (group, reference, event), in the order in which it happened


@dataclass(frozen=True)
class Said:
    """What someone says: in which chat, who (platform ids), the words, and in reply to which message."""

    chat_id: str
    user_id: str
    text: str
    reply_to: str | None = None
    forwarded: bool = False
    photo: bool = False


class Stage(Protocol):
    """A platform on which people can be made to speak. Ids are the platform's own, as text."""

    platform: str
    chat: Chat  # the bot's adapter

    async def add_person(self, player: Player) -> str:
        """Somebody new: their user id."""
        ...

    async def add_group(self, place: Place, members: Sequence[str]) -> str:
        """A group with the bot and these people in it: its chat id."""
        ...

    async def private_chat(self, user_id: str) -> str:
        """A person's chat with the bot: its chat id."""
        ...

    async def post(self, said: Said) -> str:
        """Let someone speak: the message's id."""
        ...

    async def edit(self, said: Said, message_id: str) -> None:
        """Let someone change their message to these words."""
        ...

    async def tap(self, chat_id: str, user_id: str, message_id: str, token: str) -> None:
        """Let someone tap a button; only where the chat has buttons."""
        ...

    async def settle(self) -> None:
        """Return once the bot can fetch all that was said."""
        ...


class Play:
    """A conversation on a stage, with the real bot on a virtual clock."""

    def __init__(self, on: Stage, county: Jurisdiction, script: Path, clock: VirtualClock) -> None:
        self.on = on
        self.county = county
        self.clock = clock
        self.lines = transcript.read(script.read_text(encoding="utf-8"), county.zone)
        self.app = App(county, Store("sqlite://"), {on.platform: on.chat}, clock)
        self._users: dict[str, str] = {}
        self._chats: dict[str, str] = {}
        self._said: dict[tuple[str, datetime], str] = {}
        self._offered: set[str] = set()

    @staticmethod
    def start_of(script: Path, county: Jurisdiction) -> datetime:
        """When the conversation begins (aware UTC)."""
        return transcript.read(script.read_text(encoding="utf-8"), county.zone)[0].at

    async def run(self) -> Story:
        """Play it to an hour after its end; what happened to which request."""
        players, places = casting.cast(self.lines, self.county)
        people_of = {player.user_id: await self.on.add_person(player) for player in players}
        self._users = {player.name: people_of[player.user_id] for player in players}
        for place in places:
            self._chats[place.title] = await self.on.add_group(place, [people_of[one] for one in place.members])
        private = {player.user_id: await self.on.private_chat(people_of[player.user_id]) for player in players}
        enrolled = [(player, people_of[player.user_id], private[player.user_id]) for player in players if player.role]
        await self.app.start(lambda tx: self._enrol(tx, enrolled, places))
        try:
            for line in self.lines:
                await self.app.advance(self.clock, line.at)
                await self._speak(line)
                await self._step()
                await self._take_offers()
            await self.app.advance(self.clock, self.lines[-1].at + LINGER)
            return await self._story()
        finally:
            await self.app.close()

    def _enrol(self, tx: Tx, cast: Sequence[tuple[Player, str, str]], places: Sequence[Place]) -> None:
        now = self.clock()
        for player, user_id, chat_id in cast:
            grant = Grant(player.role, player.service_code or None, player.ward or None)
            person = Person(0, player.name, stage.called(player.name, self.county.titles), player.language, (grant,))
            person_id = people.add_person(tx, self.county.id, person, now)
            people.add_identity(tx, self.county.id, person_id, (self.on.platform, user_id, player.name), now)
            private = Group(0, self.on.platform, chat_id, "private", player.name, person_id=person_id)
            people.bind_chat(tx, self.county.id, private, now)
        for place in places:
            chat = (self.on.platform, self._chats[place.title])
            people.bind_chat(
                tx, self.county.id, Group(0, *chat, place.kind, place.title, place.service_code or None), now
            )

    async def _speak(self, line: Line) -> None:
        chat_id = self._chats[line.group]
        reply_to = self._said[(chat_id, line.reply_to)] if line.reply_to else None
        said = Said(chat_id, self._users[line.name], line.text, reply_to, line.forwarded, line.photo)
        if line.edits is not None:
            await self.on.edit(said, self._said[(chat_id, line.edits)])
        else:
            self._said[(chat_id, line.at)] = await self.on.post(said)

    async def _step(self) -> None:
        await self.on.settle()
        await self.app.step()
        await self.app.advance(self.clock, self.clock() + timedelta(seconds=2))  # what the platform's limits ask for

    async def _take_offers(self) -> None:
        """Let the person to whom something was offered take it at once: a tap, or where there are none a YES."""
        for chat_id, message_id, token, user_id in await self._open_offers():
            if token in self._offered:
                continue
            self._offered.add(token)
            if self.on.chat.capabilities_of(chat_id).buttons:
                await self.on.tap(chat_id, user_id, message_id, token)
            else:
                yes = self.county.catalogue.text("button_yes", self.county.language, {}, self.clock())
                await self.on.post(Said(chat_id, user_id, yes, message_id))
            await self._step()

    async def _open_offers(self) -> list[tuple[str, str, str, str]]:
        sql = (
            "SELECT offer.chat_id, offer.message_id, MIN(offer.token), identity.user_id FROM offer JOIN identity"
            " ON identity.person_id = offer.person_id AND identity.platform = offer.platform"
            " WHERE offer.used_at IS NULL AND offer.message_id <> '' AND offer.act NOT IN ('public', 'confidential')"
            " GROUP BY offer.chat_id, offer.message_id, identity.user_id ORDER BY MIN(offer.id)"
        )
        rows = await self.app.worker.run(lambda: self.app.store.read(lambda tx: tx.all(sql)))
        return [(str(row[0]), str(row[1]), str(row[2]), str(row[3])) for row in rows]

    async def _story(self) -> Story:
        sql = "SELECT service_code, ref, type FROM service_log ORDER BY seq"
        rows = await self.app.worker.run(lambda: self.app.store.read(lambda tx: tx.all(sql)))
        return [(str(row[0]), str(row[1]), str(row[2])) for row in rows]
