"""Sending under the limits that Synapse comes with: ten messages at once, then one in five seconds, for all rooms."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groupbot.chat.matrix import MatrixChat
from groupbot.clock import real_time
from groupbot.records import Notice
from groupbot.store import hot
from groupbot.store.database import Tx
from tests.matrix.county import Bound, County, county
from tests.matrix.synapse import Homeserver

ROOMS: Bound = (("health", "department", "health"), ("communications", "communications", ""))
LONGEST = 500.0  # seconds
MOST_AHEAD = 12  # messages that one room may be ahead of the other
MOST_CALLS = 3  # for each message: no hot loop while the homeserver says "wait"


@dataclass(frozen=True)
class Outcome:
    """What was found; `wrong` says what broke the promises, one line each."""

    seconds: float
    wrong: tuple[str, ...]


async def send_under_limits(server: Homeserver, folder: Path, *, each: int) -> Outcome:
    """Queue so many lines for each of two rooms, and wait until they are said."""
    async with county(server, folder, bound=ROOMS, players=()) as town:
        already = {where: len(town.lines(where)) for where, _, _ in ROOMS}
        await town.app.worker.run(lambda: town.app.store.write_tx(lambda tx: _queue(tx, town, each)))
        calls, ahead = count_calls(town.chat), 0
        began = time.monotonic()
        while await _pending(town) and time.monotonic() - began < LONGEST:
            await town.app.delivery.deliver_due()
            said = [len(town.lines(where)) - already[where] for where, _, _ in ROOMS]
            ahead = max(ahead, max(said) - min(said))
            await asyncio.sleep(0.5)
        wrong = list(_judge(town, each, already))
    if ahead > MOST_AHEAD:
        wrong.append(f"one room was {ahead} lines ahead of the other")
    if len(calls) > 2 * each * MOST_CALLS:
        wrong.append(f"{len(calls)} calls for {2 * each} lines")
    return Outcome(time.monotonic() - began, tuple(wrong))


def _queue(tx: Tx, town: County, each: int) -> None:
    for number in range(each):
        for where, _, _ in ROOMS:
            params = {"group": f"{where} {number}", "person": "Jane"}
            key = f"{where}{number}"
            hot.queue(tx, [Notice("matrix", town.rooms[where], "send", key, "knocks", params)], real_time())


def _judge(town: County, each: int, already: dict[str, int]) -> Iterator[str]:
    for where, _, _ in ROOMS:
        wanted = [f"Jane asks to be let into {where} {number}." for number in range(each)]
        if town.lines(where)[already[where] :] != wanted:
            yield f"{where} did not hear every line once and in order"


async def _pending(town: County) -> bool:
    return bool(await town.all("SELECT 1 FROM outbox WHERE state IN ('new', 'sending', 'unknown')"))


def count_calls(chat: MatrixChat) -> list[str]:
    """The paths that are asked from now on."""
    real, asked = chat.line.call, []

    async def counted(built: Any, token: str = "", seconds: float = 30.0) -> Any:
        asked.append(built[1])
        return await real(built, token, seconds)

    chat.line.call = counted  # type: ignore[method-assign]
    return asked
