"""SIGKILL at random under load: posts come in all the time while the bot is killed again and again.

At the end every post must have its one row and its one request, numbers without a gap, the lines of each group in
order, and no line more copies than one and one for each of its sends whose outcome nobody could know.
"""

from __future__ import annotations

import asyncio
import random
import re
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from groupbot.store import migrations
from groupbot.store.database import Store, Tx
from tests.county import jurisdiction
from tests.lives import Life, Mother, mother
from tests.telegram.fake import FakeTelegram
from tests.telegram.town import GROUPS, USERS, enrol, set_up

DEPARTMENTS = ("health", "water", "roads")
NUMBER = re.compile(r"\b[A-Z]{3}-\d\d-(\d{4,})-[A-Z]\b")
FORM = """SERVICE REQUEST
Ward: Kapsowar
Location: {place}, plot {n}
Problem: {trouble}
Priority: Urgent"""
SYLLABLES = ("ka", "lo", "mi", "tu", "se", "ro", "pi", "ne", "wa", "do", "gu", "ze")
LONGEST_DRAIN = 120.0  # seconds


@dataclass(frozen=True)
class Outcome:
    """What was found at the end; `wrong` says what broke the promises, one line each."""

    kills: int
    posts: int
    copies: int  # lines that arrived more than once
    parked: int  # lines that may have arrived and were not sent a third time
    seconds: float
    wrong: tuple[str, ...]


async def run(folder: Path, *, kills: int, posts: int, seed: int) -> Outcome:
    """Kill a bot so many times while so many posts come in."""
    chance, begun = random.Random(seed), time.monotonic()
    fake = FakeTelegram()
    set_up(fake)
    url = f"sqlite:///{folder / 'killed.db'}"
    with Store(url) as store:
        migrations.migrate(store)
        store.write_tx(lambda tx: enrol(tx, jurisdiction(), datetime.now(UTC)))
    async with fake.served():
        with mother(folder / "lives.log", "tests.telegram.lives", url, fake.base_url) as bots:
            await _kill_and_feed(bots, fake, chance, (kills, posts))
            await _drained(bots.begin(), fake, url, posts)
    with Store(url) as store:
        found = store.read(lambda tx: _judge(tx, fake, posts))
    return Outcome(kills, posts, found[0], found[1], time.monotonic() - begun, tuple(found[2]))


async def _kill_and_feed(bots: Mother, fake: FakeTelegram, chance: random.Random, load: tuple[int, int]) -> None:
    """Let so many bots be killed, one after the other, while people post all the time."""
    kills, posts = load
    async with asyncio.TaskGroup() as people:
        for life in range(kills):
            polls, bot = fake.polls, bots.begin()
            await _polled(fake, polls)
            share = range(life * posts // kills, (life + 1) * posts // kills)
            people.create_task(_feed(fake, chance, share))
            await asyncio.sleep(chance.uniform(0.0, 0.4))
            bot.end()


async def _polled(fake: FakeTelegram, before: int) -> None:
    """Wait until the bot has asked for updates."""
    async with asyncio.timeout(60):
        while fake.polls == before:
            await asyncio.sleep(0.01)


async def _feed(fake: FakeTelegram, chance: random.Random, numbers: range) -> None:
    for number in numbers:
        words = ["".join(chance.choices(SYLLABLES, k=4)) for _ in range(6)]
        text = FORM.format(n=number, place=" ".join(words[:2]), trouble=" ".join(words[2:]))
        fake.world.post(GROUPS[chance.choice(DEPARTMENTS)], USERS["chebet"], text)
        await asyncio.sleep(chance.uniform(0.0, 0.15))


async def _drained(bot: Life, fake: FakeTelegram, url: str, posts: int) -> None:
    """Wait until all is taken in and said, or for so long that it never will be."""
    until = time.monotonic() + LONGEST_DRAIN
    while time.monotonic() < until:
        with Store(url, read_only=True) as store:
            open_, rows = store.read(_open)
        if rows >= posts and not open_ and fake.waiting() <= 1:
            break
        await asyncio.sleep(0.5)
    bot.end()


def _open(tx: Tx) -> tuple[int, int]:
    open_ = tx.scalar("SELECT count(*) FROM outbox WHERE state IN ('new', 'sending', 'unknown')")
    return int(open_), int(tx.scalar("SELECT count(*) FROM inbox WHERE kind = 'post' AND state = 'done'"))


def _judge(tx: Tx, fake: FakeTelegram, posts: int) -> tuple[int, int, list[str]]:
    wrong = []
    rows = tx.all("SELECT chat_id, message_id, count(*) FROM inbox WHERE kind = 'post' GROUP BY chat_id, message_id")
    if len(rows) != posts or any(count != 1 for _, _, count in rows):
        wrong.append(f"{posts} posts, {len(rows)} kept")
    requests = tx.all("SELECT chat_id, message_id, service_request_id, service_code FROM request ORDER BY id")
    if len({(chat, message) for chat, message, _, _ in requests}) != posts or len(requests) != posts:
        wrong.append(f"{posts} posts, {len(requests)} requests")
    for code in DEPARTMENTS:
        numbers = [int(ref.split("-")[2]) for _, _, ref, service in requests if service == code]
        if numbers != list(range(1, len(numbers) + 1)):
            wrong.append(f"the numbers of {code} have a gap or are out of order")
        wrong += _judge_lines(tx, code, fake.texts(GROUPS[code]), len(numbers))
    copies = sum(len(found) - len(set(found)) for code in DEPARTMENTS if (found := _said(fake.texts(GROUPS[code]))))
    parked = tx.scalar("SELECT count(*) FROM outbox WHERE state = 'parked'")
    return copies, int(parked), wrong


def _said(texts: list[str]) -> list[int]:
    return [int(found.group(1)) for text in texts for found in [NUMBER.search(text)] if found]


def _judge_lines(tx: Tx, code: str, texts: list[str], count: int) -> list[str]:
    wrong = []
    said = _said(texts)
    first = list(dict.fromkeys(said))
    if first != sorted(first):
        wrong.append(f"the lines of {code} are out of order")
    rows = tx.all(
        "SELECT request.service_request_id, outbox.unknowns, outbox.state FROM outbox JOIN request"
        " ON outbox.request_ids = CAST(request.id AS TEXT)"
        " WHERE outbox.key LIKE 'number%' AND outbox.chat_id = ? AND request.service_code = ?",
        (str(GROUPS[code]), code),
    )
    for ref, unknowns, state in rows:
        number = int(ref.split("-")[2])
        if said.count(number) > 1 + unknowns or said.count(number) > 2:
            wrong.append(f"{ref} was said {said.count(number)} times, with {unknowns} unknown outcomes")
        if state == "sent" and number not in said:
            wrong.append(f"{ref} counts as sent and was not")
    missing = count - len(first) - sum(state == "parked" for _, _, state in rows)
    return [*wrong, f"{missing} lines of {code} never came"] if missing > 0 else wrong


def main() -> None:
    """`python -m tests.telegram.killing FOLDER KILLS SEED`: run once and tell what was found."""
    folder, kills, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    found = asyncio.run(run(folder, kills=kills, posts=max(50, kills * 4), seed=seed))
    print(found)
    raise SystemExit(bool(found.wrong))


if __name__ == "__main__":
    main()
