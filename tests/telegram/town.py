"""The small county of the tests on a fake Telegram: the same people and groups, the real adapter, real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from groupbot.app import App
from groupbot.chat.telegram import TelegramChat
from groupbot.chat.telegram_api import Api
from groupbot.clock import VirtualClock
from groupbot.records import Grant, Group, Person
from groupbot.store import people
from groupbot.store.database import Store, Tx
from tests.county import PLACES, PLAYERS, TUESDAY, ZONE, jurisdiction
from tests.telegram.fake import FakeTelegram
from tests.telegram.world import TOKEN, Json

USERS = {player.user_id: 1000 + number for number, player in enumerate(PLAYERS)}
GROUPS = {place.chat_id: -(10**12) - 1000 - number for number, place in enumerate(PLACES)}


@dataclass
class Town:
    """The running bot and its Telegram. People and groups go by the names they have in the small county."""

    app: App
    fake: FakeTelegram
    clock: VirtualClock
    chat: TelegramChat

    async def say(self, who: str, where: str, text: str, reply_to: int | None = None, **more: Any) -> int:
        """Let someone post in a group, or with "private" to the bot alone, and the bot do all that follows."""
        number = self.fake.world.post(self.place(who, where), USERS[who], text, reply_to, **more)
        await self.settle()
        return number

    def place(self, who: str, where: str) -> int:
        """The chat's id."""
        return self.fake.world.private(USERS[who]).id if where == "private" else GROUPS[where]

    async def tap(self, who: str, where: str, message: Json, button: int = 0) -> None:
        """Let someone tap a button."""
        data = message["reply_markup"]["inline_keyboard"][button][0]["callback_data"]
        self.fake.world.tap(message["chat"]["id"], USERS[who], message["message_id"], data)
        await self.settle()

    async def settle(self) -> None:
        """Let the few seconds pass that Telegram's limits ask for between one message and the next."""
        await self.wait(seconds=5)

    async def wait(self, **time: float) -> None:
        """Let time pass, with everything that falls due on the way."""
        await self.app.advance(self.clock, self.clock() + timedelta(**time))

    async def wait_until(self, local: str) -> None:
        """Let time pass until a local time such as 2026-11-25 08:00."""
        await self.app.advance(
            self.clock, datetime.fromisoformat(local).replace(tzinfo=ZONE).astimezone(self.clock().tzinfo)
        )

    def lines(self, where: str) -> list[str]:
        """What the bot has said in a group."""
        return self.fake.texts(GROUPS[where])

    def messages(self, where: str) -> list[Json]:
        """The bot's messages in a group."""
        return self.fake.sent(GROUPS[where])

    def private(self, who: str) -> list[str]:
        """What the bot has said to someone alone."""
        return self.fake.texts(USERS[who])

    def reaction(self, where: str, number: int) -> str:
        """The bot's reaction on a message, '' for none."""
        found = self.fake.world.chats[GROUPS[where]].reactions.get(number, [])
        return "".join(one["emoji"] for one in found)

    async def value(self, sql: str, *params: object) -> object:
        """One value of the database."""
        return await self.app.worker.run(lambda: self.app.store.read(lambda tx: tx.scalar(sql, params)))

    async def rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        return await self.app.worker.run(lambda: self.app.store.read(lambda tx: tx.all(sql, params)))


def set_up(fake: FakeTelegram) -> None:
    """The people and groups of the small county, on the fake; everybody has a private chat with the bot."""
    for player in PLAYERS:
        fake.world.add_user(USERS[player.user_id], player.name)
        fake.world.private(USERS[player.user_id])
    for place in PLACES:
        members = tuple(USERS[name] for name in place.members)
        fake.world.add_group(GROUPS[place.chat_id], place.title, members)


def enrol(tx: Tx, county: Any, now: datetime) -> None:
    """The same on the bot's roster."""
    for player in PLAYERS:
        if player.role:
            called = player.name.split()[-1]
            grant = Grant(player.role, player.service_code or None, player.ward or None)
            person_id = people.add_person(tx, county.id, Person(0, player.name, called, player.language, (grant,)), now)
            user = str(USERS[player.user_id])
            people.add_identity(tx, county.id, person_id, ("telegram", user, player.name), now)
            people.bind_chat(
                tx, county.id, Group(0, "telegram", user, "private", player.name, person_id=person_id), now
            )
    for place in PLACES:
        chat_id = str(GROUPS[place.chat_id])
        bound = Group(0, "telegram", chat_id, place.kind, place.title, place.service_code or None)
        people.bind_chat(tx, county.id, bound, now)


@asynccontextmanager
async def town(url: str = "sqlite://", *, start: datetime = TUESDAY, strict: bool = False) -> AsyncIterator[Town]:
    """A county on a fake Telegram with its bot, for one test; at the end no call may have been a wrong one."""
    clock = VirtualClock(start)
    fake = FakeTelegram(lambda: clock().timestamp(), strict=strict)
    set_up(fake)
    ours = jurisdiction()
    async with fake.served():
        chat = TelegramChat(Api(TOKEN, fake.base_url), clock)
        app = App(ours, Store(url), {"telegram": chat}, clock)
        await app.start(lambda tx: enrol(tx, ours, start))
        try:
            yield Town(app, fake, clock, chat)
        finally:
            await app.close()
    assert fake.violations == []
