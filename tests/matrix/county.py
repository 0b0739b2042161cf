"""A county on a real homeserver: people with accounts, rooms, and the real bot beside them.

People's requests go straight to the homeserver; what the bot did is read back from there, as a member sees it.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from groupbot.app import App
from groupbot.chat.matrix import Account, MatrixChat
from groupbot.clock import Clock, real_time
from groupbot.records import Grant, Group, GroupKind, Person
from groupbot.rehearsal.stage import Player
from groupbot.rules.names import called
from groupbot.store import people
from groupbot.store.database import Store, Tx
from tests.county import PLAYERS, jurisdiction
from tests.matrix.synapse import BRIDGE_TOKEN, SERVER, Homeserver, unique

Event = dict[str, Any]
PASSWORD = "password"
TXN = itertools.count()


@dataclass
class Member:
    """Somebody with an account; `ts` acts as the bridge's ghost, whose events bear any time."""

    server: Homeserver
    user_id: str
    token: str
    ghost: bool = False

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None, **query: str) -> Event:
        """One request of this person. Raises Refused."""
        if self.ghost:
            query["user_id"] = self.user_id
        asked = f"?{urlencode(query)}" if query else ""
        return self.server.call(method, f"/_matrix/client/v3{path}{asked}", body, self.token)

    def room(self, *invite: str, **more: Any) -> str:
        """Make a room and invite people; its id."""
        body = {"invite": list(invite), "preset": "private_chat", **more}
        return str(self.call("POST", "/createRoom", body)["room_id"])

    def join(self, room_id: str) -> None:
        self.call("POST", f"/join/{quote(room_id)}", {})

    def put(self, room_id: str, kind: str, content: Mapping[str, Any], at: datetime | None = None) -> str:
        """Send an event; its id. Only a ghost's event can bear another time than the present."""
        when = {} if at is None else {"ts": str(round(at.timestamp() * 1000))}
        path = f"/rooms/{quote(room_id)}/send/{kind}/{unique('txn')}"
        return str(self.call("PUT", path, content, **when)["event_id"])

    def state(self, room_id: str, kind: str, content: Mapping[str, Any], key: str = "") -> str:
        path = f"/rooms/{quote(room_id)}/state/{kind}/{quote(key)}"
        return str(self.call("PUT", path, content)["event_id"])

    def state_of(self, room_id: str, kind: str, key: str = "") -> Event:
        return self.call("GET", f"/rooms/{quote(room_id)}/state/{kind}/{quote(key)}")

    def say(
        self, room_id: str, text: str, reply_to: str | None = None, at: datetime | None = None, **more: object
    ) -> str:
        content: Event = {"msgtype": "m.text", "body": text, **more}
        if reply_to:
            content["m.relates_to"] = {"m.in_reply_to": {"event_id": reply_to}}
        return self.put(room_id, "m.room.message", content, at)

    def edit(self, room_id: str, event_id: str, text: str) -> str:
        new = {"msgtype": "m.text", "body": text}
        relates = {"rel_type": "m.replace", "event_id": event_id}
        return self.put(
            room_id, "m.room.message", {**new, "body": f"* {text}", "m.new_content": new, "m.relates_to": relates}
        )

    def react(self, room_id: str, event_id: str, key: str) -> str:
        relates = {"rel_type": "m.annotation", "event_id": event_id, "key": key}
        return self.put(room_id, "m.reaction", {"m.relates_to": relates})

    def redact(self, room_id: str, event_id: str) -> str:
        path = f"/rooms/{quote(room_id)}/redact/{quote(event_id)}/{unique('txn')}"
        return str(self.call("PUT", path, {})["event_id"])

    def act(self, room_id: str, act: str, **body: Any) -> None:
        """invite, kick, ban or leave."""
        self.call("POST", f"/rooms/{quote(room_id)}/{act}", body)

    def history(self, room_id: str) -> list[Event]:
        """All events of a room, oldest first."""
        found: list[Event] = []
        start: dict[str, str] = {}
        while True:
            page = self.call("GET", f"/rooms/{quote(room_id)}/messages", dir="b", limit="100", **start)
            found += page["chunk"]
            if "end" not in page or not page["chunk"]:
                return found[::-1]
            start = {"from": page["end"]}


def account(server: Homeserver, name: str) -> Member:
    """A new account with a name of its own."""
    own = unique(name)
    return Member(server, f"@{own}:{SERVER}", server.register(own, password=PASSWORD))


def ghost(server: Homeserver, local: str, name: str = "") -> Member:
    """A user of the bridge, such as whatsapp_254700000001."""
    body = {"type": "m.login.application_service", "username": local}
    server.call("POST", "/_matrix/client/v3/register", body, BRIDGE_TOKEN)
    member = Member(server, f"@{local}:{SERVER}", BRIDGE_TOKEN, ghost=True)
    if name:
        member.call("PUT", f"/profile/{quote(member.user_id)}/displayname", {"displayname": name})
    return member


@dataclass
class County:
    """The running bot, its people and rooms by name."""

    server: Homeserver
    app: App
    chat: MatrixChat
    bot: Member
    owner: Member
    people: dict[str, Member]
    rooms: dict[str, str] = field(default_factory=dict)

    def member(self, who: str) -> Member:
        return self.people[who]

    async def step(self) -> None:
        """Let the bot take in and do all that can be done now."""
        await self.app.step()

    async def say(self, who: str, where: str, text: str, reply_to: str | None = None, **more: object) -> str:
        """Let someone post, and the bot do what follows."""
        event_id = self.people[who].say(self.rooms[where], text, reply_to, **more)  # type: ignore[arg-type]
        await self.step()
        return event_id

    def events(self, where: str) -> list[Event]:
        """What the bot has sent into a room, oldest first."""
        return [event for event in self.owner.history(self.rooms[where]) if event["sender"] == self.bot.user_id]

    def messages(self, where: str) -> list[Event]:
        return [event for event in self.events(where) if event["type"] == "m.room.message" and event["content"]]

    def lines(self, where: str) -> list[str]:
        """What the bot has said in a room."""
        return [event["content"]["body"] for event in self.messages(where)]

    def reactions(self, where: str) -> list[tuple[str, str]]:
        """(message, emoji) of the bot's reactions."""
        found = [event["content"]["m.relates_to"] for event in self.events(where) if event["type"] == "m.reaction"]
        return [(one["event_id"], one["key"]) for one in found]

    async def all(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Rows of the bot's database."""
        return await self.app.worker.run(lambda: self.app.store.read(lambda tx: tx.all(sql, params)))

    async def posts(self, where: str) -> list[str]:
        """The message ids of the posts kept from a room, in the order in which they were worked."""
        sql = "SELECT message_id FROM inbox WHERE chat_id = ? AND kind = 'post' ORDER BY id"
        return [row[0] for row in await self.all(sql, self.rooms[where])]


ROOMS: tuple[tuple[str, GroupKind, str], ...] = (
    ("health", "department", "health"),
    ("water", "department", "water"),
    ("mirror", "mirror", ""),
    ("communications", "communications", ""),
)
Bound = Sequence[tuple[str, GroupKind, str]]


def enrol(tx: Tx, members: Mapping[str, Member], rooms: Mapping[str, str], bound: Bound, now: datetime) -> None:
    """Put the people on the roster by their Matrix ids, and bind the rooms."""
    ours = jurisdiction()
    for player in PLAYERS:
        if player.role and player.user_id in members:
            _enrol_player(tx, player, members[player.user_id].user_id, now)
    for name, kind, code in bound:
        people.bind_chat(tx, ours.id, Group(0, "matrix", rooms[name], kind, name, code or None), now)


def _enrol_player(tx: Tx, player: Player, user_id: str, now: datetime) -> None:
    ours = jurisdiction()
    grant = Grant(player.role, player.service_code or None, player.ward or None)
    person = Person(0, player.name, called(player.name, ours.titles), player.language, (grant,))
    person_id = people.add_person(tx, ours.id, person, now)
    people.add_identity(tx, ours.id, person_id, ("matrix", user_id, player.name), now)


def make_chat(server: Homeserver, bot: Member, folder: Path, clock: Clock = real_time) -> MatrixChat:
    """The adapter of the bot's account; the access token and device are kept in the folder."""
    return MatrixChat(Account(server.url, bot.user_id, lambda: PASSWORD, folder / "matrix-state"), clock)


@asynccontextmanager
async def county(
    server: Homeserver,
    folder: Path,
    *,
    clock: Callable[[], datetime] = real_time,
    bound: Bound = ROOMS,
    players: Sequence[str] = ("chebet", "rose", "kiptoo", "nelson", "stranger"),
) -> AsyncIterator[County]:
    """A county whose bot is in all its rooms and has done its first sync."""
    bot, owner = account(server, "groupbot"), account(server, "owner")
    members = {name: account(server, name) for name in players}
    chat = make_chat(server, bot, folder, clock)
    rooms = {}
    for name, _, _ in bound:
        rooms[name] = owner.room(
            bot.user_id, *(one.user_id for one in members.values()), name=name, **power(owner, bot)
        )
        for one in (bot, *members.values()):
            one.join(rooms[name])
    app = App(jurisdiction(), Store(f"sqlite:///{folder / 'groupbot.db'}"), {"matrix": chat}, clock)
    await app.start(lambda tx: enrol(tx, members, rooms, bound, datetime.now(UTC)))
    try:
        running = County(server, app, chat, bot, owner, members, rooms)
        await running.step()
        yield running
    finally:
        await app.close()


def power(owner: Member, bot: Member) -> dict[str, Any]:
    """What makes the bot an administrator of a new room of version 11, beside its owner."""
    levels = {"users": {owner.user_id: 120, bot.user_id: 100}}
    return {"room_version": "11", "power_level_content_override": levels}


# --- time -----------------------------------------------------------------------------------------------------------


HOURS = (22, 10)  # local


class Later:
    """The real time, and as much later as a test says."""

    def __init__(self) -> None:
        self.passed = timedelta()

    def __call__(self) -> datetime:
        return real_time() + self.passed


async def pass_time(town: County, clock: Later, *, days: int) -> None:
    """Let so many days pass, with all that falls due: by night, and in the forenoon, when people are asked.

    It ends in a forenoon whatever the time of day at which the test is run.
    """
    zone = jurisdiction().zone
    for _ in range(days):
        for hour in HOURS:
            local = clock().astimezone(zone)
            then = local.replace(hour=hour, minute=0)
            clock.passed += (then if then > local else then + timedelta(days=1)) - local
            for _ in range(3):
                await town.step()
