"""The county with a fuller staff, and short words for joining it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from groupbot.rehearsal.stage import Place, Player
from groupbot.store import people
from groupbot.store.database import Tx
from tests.county import PLACES, PLAYERS, County, county

MORE = (
    Player("otieno", "Philip Otieno-Kirui"),
    Player("grace", "Grace Yano", "communications"),
    Player("talai", "Grace Talai", "operator"),
)


@asynccontextmanager
async def staffed(*leave: str, more: Sequence[Place] = ()) -> AsyncIterator[County]:
    """The county with a second person in communications and an operator, without those named, and with more groups."""
    players = tuple(player for player in (*PLAYERS, *MORE) if player.user_id not in leave)
    places = tuple(place for place in PLACES if place.kind != "communications")
    office = Place("communications", "Communications", "communications", "", ("nelson", "grace"))
    async with county(players=players, places=(*places, office, *more)) as here:
        yield here


async def invited(here: County, role: str, by: str = "nelson") -> str:
    """Let somebody be invited in private; the code."""
    await here.say(by, f"private:{by}", f"/invite {role}")
    found = re.search(r"/join (\S+)", here.private(by)[-1])
    assert found, here.private(by)[-1]
    return found[1]


async def joined(here: County, who: str, code: str) -> str:
    """Let somebody use a code in private; what they are told."""
    await here.say(who, f"private:{who}", f"/join {code}")
    return here.private(who)[-1]


async def holds(here: County, who: str) -> list[str]:
    """Which roles somebody's account gives now."""
    roster = await here.app.worker.run(
        lambda: here.app.store.read(lambda tx: people.load_roster(tx, here.app.jurisdiction.id))
    )
    person = roster.person("sandbox", who, here.clock())
    return [] if person is None else [grant.role for grant in person.grants]


async def never_opened(here: County, *who: str) -> None:
    """These are on the roster, and have no private chat with the bot."""
    chats = [f"private:{one}" for one in who]
    marks = ", ".join("?" * len(chats))

    def forget(tx: Tx) -> None:
        tx.execute(f"DELETE FROM chat WHERE chat_id IN ({marks})", chats)
        tx.execute("UPDATE roster_version SET version = version + 1")

    await here.app.worker.run(lambda: here.app.store.write_tx(forget))
