"""SIGKILL, again and again: of the bot while posts arrive, of the homeserver while the bot sends. Counts what is left.

Used by the slow tests with few kills and by the fault runs with many; the same seed kills at the same moments.
"""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from groupbot.app import App
from groupbot.clock import real_time
from groupbot.records import Notice
from groupbot.store import hot
from groupbot.store.database import Store, Tx
from tests.county import jurisdiction
from tests.lives import Life, Mother, mother
from tests.matrix.county import PASSWORD, Bound, Member, account, county, enrol, power
from tests.matrix.synapse import Homeserver

TWO: Bound = (("health", "department", "health"), ("water", "department", "water"))
LIFE = (0.05, 1.2)  # seconds from the start of a bot to its end
COLD = 0.2  # of all homeservers are killed while the first message since their start is under way
BURST = (0.0, 0.2)  # seconds from then, or from the first that arrived, to the end of the homeserver
PATIENCE = 120.0  # seconds for all to be taken in after the last kill


@dataclass
class Found:
    """What was sent and what was found, in order, by room; `kills` that hit a process at work."""

    sent: dict[str, list[str]]
    found: dict[str, list[str]]
    kills: int

    @property
    def missing(self) -> int:
        return sum(len(set(sent) - set(self.found[room])) for room, sent in self.sent.items())

    @property
    def doubled(self) -> int:
        return sum(count - 1 for found in self.found.values() for count in Counter(found).values())

    @property
    def in_order(self) -> bool:
        return self.sent == self.found


# --- the bot is killed ------------------------------------------------------------------------------------------------


def kill_the_bot(server: Homeserver, folder: Path, *, posts: int, kills: int, seed: int) -> Found:
    """Let posts arrive in two rooms while the bot, a process of its own, is killed and started again."""
    with mother(folder / "lives.log", "tests.matrix.bots") as bots:
        settings, rooms, chebet = _prepare(bots, server, folder)
        chance = random.Random(seed)
        sent: dict[str, list[str]] = {room_id: [] for room_id in rooms.values()}
        hit = 0
        for turn in range(kills):
            bot = bots.begin(str(settings))
            until = time.monotonic() + chance.uniform(*LIFE)
            for number in range(posts * turn // kills, posts * (turn + 1) // kills):
                room_id = chance.choice(list(rooms.values()))
                sent[room_id].append(chebet.say(room_id, f"line {number}"))
            hit += not bot.ended(max(0.0, until - time.monotonic()))
            bot.end()
        return Found(sent, _after(bots.begin(str(settings)), folder, sent), hit)


def _prepare(bots: Mother, server: Homeserver, folder: Path) -> tuple[Path, dict[str, str], Member]:
    bot, owner, chebet = (account(server, name) for name in ("groupbot", "owner", "chebet"))
    rooms = {}
    for name, _, _ in TWO:
        rooms[name] = owner.room(bot.user_id, chebet.user_id, name=name, **power(owner, bot))
        for one in (bot, chebet):
            one.join(rooms[name])
    (folder / "password").write_text(PASSWORD)
    settings = folder / "groupbot.toml"
    settings.write_text(
        f'database = "sqlite:///{folder / "groupbot.db"}"\n[matrix]\nhomeserver = "{server.url}"\n'
        f'user_id = "{bot.user_id}"\npassword_file = "password"\nstate_dir = "matrix-state"\n'
    )
    asyncio.run(_enrol(folder, rooms, chebet))
    first = bots.begin(str(settings))  # its first sync: what came before that was not said to it
    _until(lambda: first.ended() or bool(_rows(folder, "SELECT 1 FROM platform_cursor")), "the first sync")
    first.end(signal.SIGTERM)
    return settings, rooms, chebet


async def _enrol(folder: Path, rooms: dict[str, str], chebet: Member) -> None:
    app = App(jurisdiction(), Store(f"sqlite:///{folder / 'groupbot.db'}"), {}, real_time)
    await app.start(lambda tx: enrol(tx, {"chebet": chebet}, rooms, TWO, datetime.now(UTC)))
    await app.close()


def _after(bot: Life, folder: Path, sent: dict[str, list[str]]) -> dict[str, list[str]]:
    """What the bot holds once it has been left alone for long enough."""
    wanted = sum(map(len, sent.values()))
    _until(lambda: bot.ended() or len(_posts(folder)) >= wanted, "all posts", patient=False)
    bot.end(signal.SIGTERM)
    found: dict[str, list[str]] = {room_id: [] for room_id in sent}
    for room_id, message_id in _posts(folder):
        found[room_id].append(message_id)
    return found


def _posts(folder: Path) -> list[tuple[Any, ...]]:
    return _rows(folder, "SELECT chat_id, message_id FROM inbox WHERE kind = 'post' AND state = 'done' ORDER BY id")


def _rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    database = sqlite3.connect(f"file:{folder / 'groupbot.db'}?mode=ro", uri=True, timeout=30)
    try:
        return database.execute(sql).fetchall()
    except sqlite3.OperationalError:
        return []
    finally:
        database.close()


def _until(holds: Any, what: str, *, patient: bool = True) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            if patient:
                raise TimeoutError(what)
            return
        time.sleep(0.2)


# --- the homeserver is killed -----------------------------------------------------------------------------------------


async def kill_the_homeserver(server: Homeserver, folder: Path, *, notices: int, kills: int, seed: int) -> Found:
    """Let the bot send a burst into two rooms while the homeserver is killed and started again."""
    chance = random.Random(seed)
    async with county(server, folder, bound=TWO, players=()) as town:
        rooms = [town.rooms[name] for name, _, _ in TWO]
        sent = {room_id: [f"Jane asks to be let into {turn}." for turn in range(notices)] for room_id in rooms}

        def queue(tx: Tx) -> None:
            for turn in range(notices):
                for room_id in rooms:
                    key, params = f"{room_id}{turn}", {"group": str(turn), "person": "Jane"}
                    hot.queue(tx, [Notice("matrix", room_id, "send", key, "knocks", params)], real_time())

        await town.app.worker.run(lambda: town.app.store.write_tx(queue))
        stop = asyncio.Event()
        running = asyncio.create_task(town.app.run(stop))
        hit = 0
        try:
            for _ in range(kills):
                hit += await _sending(town.app, cold=chance.random() < COLD)
                await asyncio.sleep(chance.uniform(*BURST))
                await asyncio.to_thread(server.kill)
                await asyncio.to_thread(server.start)
            deadline = time.monotonic() + PATIENCE * 2
            while await _open(town.app) and time.monotonic() < deadline:
                await asyncio.sleep(0.3)
        finally:
            stop.set()
            await running
        found = {town.rooms[name]: town.lines(name) for name, _, _ in TWO}
        return Found(sent, found, hit)


async def _sending(app: App, *, cold: bool) -> bool:
    """Wait until a burst runs, or when `cold` until its first message is under way; False when that never is.

    The pauses after a failure are cut short: nothing is sent in them.
    """
    deadline, before = time.monotonic() + PATIENCE, await app.worker.run(lambda: _unpaused(app))
    app.delivery.kick()
    while time.monotonic() < deadline:
        (health,), sent = await app.worker.run(lambda: (app.delivery.health(), app.store.read(_sent)))
        if health.under_way and (cold or sent > before):
            return True
        await asyncio.sleep(0.005)
    return False


def _unpaused(app: App) -> int:
    """Let all that waits be due; how many messages have been sent."""
    sql = "UPDATE outbox SET not_before = 0 WHERE state IN ('new', 'unknown')"
    app.store.write_tx(lambda tx: tx.execute(sql))
    return app.store.read(_sent)


def _sent(tx: Tx) -> int:
    return int(tx.scalar("SELECT count(*) FROM outbox WHERE state = 'sent'"))


async def _open(app: App) -> bool:
    sql = "SELECT 1 FROM outbox WHERE state IN ('new', 'sending', 'unknown')"
    return bool(await app.worker.run(lambda: app.store.read(lambda tx: tx.all(sql))))
