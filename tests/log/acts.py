"""Random days of a county through the real bot: posts, words, answers, YES, NOT YET, waiting.

After every act the public log alone must tell where each request stands. `play` is one round for
`python -m tests.faults`.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from groupbot import publishing, verify_log
from groupbot.jurisdiction import Jurisdiction
from groupbot.rules import log_fold, log_leaf
from groupbot.rules.log_fold import Standing
from groupbot.store.database import Tx
from groupbot.verify_log import Checkpoint, find_checkpoints
from tests.county import County, county

ACTS = 40
PLACES = ("Kapsowar hospital", "Chesoi dispensary", "Tot centre", "Nyaru")
PROBLEMS = ("No malaria drugs since Monday", "The pump has broken", "Culvert is blocked", "No nurse at night")
WHERE = (("chebet", "health", "kiptoo"), ("rose", "water", "judith"))
SAID = (
    "{ref} Seen, I am calling the store",
    "/resolve {ref} 40 packs delivered to the hospital, signed for by the in-charge",
    "/resolve {ref} 3 metres of pipe replaced by the plumber this morning",
    "/resolve {ref} ok",
    "{ref} Yes, she got hers",
    "{ref} Not yet, still no water",
    "/move {ref} roads",
    "/cannot {ref} no money for it in this year's budget, planned for the next",
    "/withdraw {ref}",
    "/undo {ref}",
    "{ref} maybe tomorrow?",
    "{ref}",
)
LIVE = "SELECT service_request_id, state, outcome, service_code, ward, pack_version FROM request"


async def post(here: County, chance: random.Random) -> None:
    """A ward admin posts a form."""
    who, where, _ = chance.choice(WHERE)
    level = chance.choice(("urgent", "normal", "EMERGENCY"))
    form = f"Location: {chance.choice(PLACES)} {chance.randrange(99)}\nProblem: {chance.choice(PROBLEMS)}"
    await here.say(who, where, f"{form}\nPriority: {level}")


async def reply(here: County, chance: random.Random) -> None:
    """Somebody says something about a request: entitled to it or not, at the right time or not."""
    references = await requests(here)
    if not references:
        return
    reference = chance.choice(references)
    where = "health" if reference.startswith("HLT") else "water"
    admin, _, officer = next(people for people in WHERE if people[1] == where)
    who = chance.choice((admin, admin, officer, officer, "cheruto", "naomi", "stranger"))
    said = chance.choice(SAID).format(ref=reference)
    targets = [message for message in here.messages(where) if reference in message.text]
    await here.say(who, where, said, reply_to=chance.choice(targets).id if targets else None)


async def wait(here: County, chance: random.Random) -> None:
    """Time passes."""
    await here.wait(hours=chance.choice((1, 5, 26, 60)))


MOST: Sequence[Callable[[County, random.Random], Awaitable[None]]] = (post, reply, reply, reply, wait)


async def requests(here: County) -> list[str]:
    """The references of all requests."""
    return [str(row[0]) for row in await look(here, lambda tx: tx.all("SELECT service_request_id FROM request"))]


async def look(here: County, work: Callable[[Tx], list[tuple[object, ...]]]) -> list[tuple[object, ...]]:
    """Read the county's database."""
    return await here.app.worker.run(lambda: here.app.store.read(work))


def shown(tx: Tx, jurisdiction: Jurisdiction) -> list[tuple[object, ...]]:
    """The public log, each entry as a row of one record."""
    return [(record,) for record in publishing.exported(tx, jurisdiction)]


async def difference(here: County) -> str:
    """Where the folded public log differs from the live requests; empty when nowhere."""
    records = [row[0] for row in await look(here, lambda tx: shown(tx, here.app.jurisdiction))]
    folded = log_fold.fold(record for record in records if isinstance(record, dict) and "ref" in record)
    live = {
        str(reference): Standing(*map(str, columns))
        for reference, *columns in await look(here, lambda tx: tx.all(LIVE))
    }
    hidden = sum(isinstance(record, dict) and "ref" not in record for record in records)
    return "" if folded == live and not hidden else f"folded {folded}, live {live}, {hidden} hidden"


async def day(seed: int, url: str = "sqlite://") -> tuple[int, list[Checkpoint]]:
    """A random day; how many entries were logged, and the checkpoints that the mirror was shown.

    Raises AssertionError when the log does not tell the requests, or does not verify.
    """
    chance = random.Random(seed)
    async with county(url) as here:
        for _ in range(ACTS):
            await chance.choice(MOST)(here, chance)
            wrong = await difference(here)
            assert not wrong, wrong
        records = [row[0] for row in await look(here, lambda tx: shown(tx, here.app.jurisdiction))]
        checkpoints, damaged = find_checkpoints("\n".join(here.lines("mirror")))
        lines = [log_leaf.canonical(record) for record in records if isinstance(record, dict)]
        report = verify_log.verify(lines, checkpoints)
        assert (report.problem, damaged) == (None, [])
        return report.entries, checkpoints


def play(_: Path, seed: int) -> None:
    """One random day. Raises AssertionError."""
    asyncio.run(day(seed))
