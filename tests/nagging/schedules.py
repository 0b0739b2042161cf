"""Clock schedules: a county that lives on, and a clock that sleeps, jumps, goes back and is plainly wrong.

Each seed is one schedule, played through the whole bot, whose chats are away at times. What the bot then owes people,
and does not, is told by `fairness`.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from groupbot.app import App
from groupbot.chat import ChatError, Outgoing
from groupbot.chat.sandbox import Sandbox, SandboxChat
from groupbot.clock import VirtualClock
from groupbot.jurisdiction import Jurisdiction
from groupbot.moment import of_clock
from groupbot.moves import filings, open_request
from groupbot.rehearsal import stage
from groupbot.rehearsal.stage import PLATFORM
from groupbot.rules.readings import read_post
from groupbot.store import requests
from groupbot.store.database import Store, Tx
from tests.county import FORM, PLACES, PLAYERS, jurisdiction
from tests.nagging import acts, fairness
from tests.nagging.fairness import Watch

ZONES = ("Africa/Nairobi", "Europe/London", "America/New_York", "Australia/Lord_Howe")
MONTH = timedelta(days=30)
JUMPS = (
    timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=8), timedelta(days=1),
    timedelta(days=3), MONTH,
)  # fmt: skip
WRONG = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC))
COME_BACK = timedelta(minutes=10)  # in which nobody may be swamped after a month away


class JumpingClock(VirtualClock):
    """A clock that is set to any time, an earlier one too."""

    def jump(self, to: datetime) -> None:
        """Stand at `to` (aware UTC)."""
        self._set_to = to


class AbsentChat(SandboxChat):
    """The sandbox, whose chats take no message while they are `away`."""

    away = False

    async def send(self, message: Outgoing) -> str:
        """Post a message. Raises ChatError."""
        if self.away:
            raise ChatError("not_sent", detail="away")
        return await super().send(message)


class Schedule:
    """One county, its bot, and what chance does to its clock."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.fate = random.Random(f"what people do {seed}")  # of its own: the clock's jumps stay what they are
        self.county = in_zone(jurisdiction(), ZONES[seed % len(ZONES)])
        month, day, hour = self.chance.randint(1, 12), self.chance.randint(1, 28), self.chance.randint(0, 23)
        self.clock = JumpingClock(datetime(2026, month, day, hour, 7, tzinfo=UTC))
        self.sandbox = Sandbox()
        stage.set_up(self.sandbox, PLAYERS, PLACES)
        self.chat = AbsentChat(self.sandbox, self.clock)
        self.app = App(self.county, Store("sqlite://"), {PLATFORM: self.chat}, self.clock)
        self.watch = Watch(self.county, self.sandbox)

    async def play(self) -> list[str]:
        """All of it; what went wrong, each as a sentence."""
        await self.app.start(self._prepare)
        try:
            wrong = []
            for _ in range(self.chance.randint(10, 40)):
                wrong += await self._stop()
            self.chat.away = False
            wrong += await self._awake()
            return wrong
        finally:
            await self.app.close()

    def _prepare(self, tx: Tx) -> None:
        stage.enrol(tx, self.county, (PLAYERS, PLACES), self.clock())
        fill(tx, self.county, self.chance, self.clock())

    async def _stop(self) -> list[str]:
        """The clock moves, something may happen to requests and chats, and the bot looks: twice, as after a crash."""
        chance, wrong, moved = self.chance, list[str](), timedelta(0)
        if chance.random() < 0.1:
            wrong += await self._stand_at(chance.choice(WRONG))
        elif chance.random() < 0.1:
            self.clock.jump(self.clock() - timedelta(minutes=chance.choice((1, 4, 30, 60))))
        else:
            moved = chance.choice(JUMPS)
            self.clock.jump(self.clock() + moved)
        self.chat.away = moved != MONTH and chance.random() < 0.15
        if chance.random() < 0.15:
            await self._write(lambda tx: close_one(tx, chance))
        if self.fate.random() < 0.3:
            await self._write(lambda tx: acts.act(tx, self.county, self.fate, self.app.clock()))
        before = await self._read(self.unasked_counts)
        wrong += await self._look()
        if chance.random() < 0.3:
            wrong += await self._look_again()
        if moved == MONTH:
            wrong += await self._live_until(self.clock() + COME_BACK)
            wrong += fairness.swamped(before, await self._read(self.unasked_counts), self.clock())
        return wrong

    async def _stand_at(self, wrong: datetime) -> list[str]:
        """The machine's clock is plainly wrong for two looks: nobody is asked, and nothing bears its time."""
        at, asked = self.clock(), await self._read(fairness.askings)
        self.clock.jump(wrong)
        for _ in range(2):
            await self.app.step()
        self.clock.jump(at)
        found = await self._read(lambda tx: list(fairness.out_of_time(tx, at)))
        if await self._read(fairness.askings) != asked:
            found.append(f"somebody was asked at {wrong.isoformat()}")
        return found

    def unasked_counts(self, tx: Tx) -> dict[str, int]:
        """How many messages of the bot each group holds, but for those by which a person's own act is told."""
        told = acts.lines_told(tx)
        return {place.chat_id: self.watch.said_in(place.chat_id) - told[place.chat_id] for place in PLACES}

    async def _look(self) -> list[str]:
        await self.app.step()
        return await self._read(lambda tx: list(self.watch.look(tx, self.clock())))

    async def _look_again(self) -> list[str]:
        """Every open request is changed in some small way, after which it is looked at anew, at the same moment."""
        asked = await self._read(fairness.askings)
        await self._write(lambda tx: touch_all(tx, self.clock()))
        wrong = await self._look()
        return wrong + await self._read(lambda tx: list(fairness.asked_again(tx, asked, self.clock())))

    async def _awake(self) -> list[str]:
        """A bot that is awake for more than a working day has asked for all that was owed before it."""
        county = self.county
        end = county.pace.mornings.after(county.pace.mornings.after(self.clock() + timedelta(hours=1)), 1)
        wrong = await self._live_until(end + timedelta(hours=1))
        wrong += fairness.too_often(self.watch.asked, county.calendar)
        return wrong + await self._read(lambda tx: list(fairness.uncovered(tx, county, self.clock())))

    async def _live_until(self, to: datetime) -> list[str]:
        """Time passes as it should, with a look whenever something falls due."""
        wrong = list[str]()
        while (due := await self._read(self.app._first_due)) is not None and due <= to:
            self.clock.jump(due)
            wrong += await self._look()
        self.clock.jump(to)
        return wrong + await self._look()

    async def _read(self, look):  # type: ignore[no-untyped-def]
        return await self.app.worker.run(lambda: self.app.store.read(look))

    async def _write(self, act):  # type: ignore[no-untyped-def]
        return await self.app.worker.run(lambda: self.app.store.write_tx(act))


def broken(seed: int) -> list[str]:
    """What went wrong in the schedule of this seed, each as a sentence; nothing when all held."""
    return asyncio.run(Schedule(seed).play())


def in_zone(county: Jurisdiction, zone: str) -> Jurisdiction:
    """The same jurisdiction in another time zone, with its calendar."""
    file = county.protocol.file
    moved = file.model_copy(update={"pack": file.pack.model_copy(update={"timezone": zone})})
    county.protocol = county.protocol.model_copy(update={"file": moved})
    for compiled in ("calendar", "zone", "pace"):  # of another zone
        vars(county).pop(compiled, None)
    return county


def fill(tx: Tx, county: Jurisdiction, chance: random.Random, start: datetime) -> None:
    """A dozen open requests in all states, owed at any time of the next weeks."""
    moment = of_clock(tx, county, start)
    moment.person = moment.roster.person(PLATFORM, "chebet", start)
    for number in range(12):
        level = chance.choice(("Emergency", "Urgent", "Routine", "Routine"))
        text = FORM.replace("malaria drugs", f"supply {number}").replace("Urgent", level)
        reading = read_post(text, county.vocabulary, sender_role="ward_admin", sender_ward="Kapsowar")
        post = replace(moment.update, platform=PLATFORM, chat_id="health", message_id=str(number), sent_at=start)
        moment.update = post
        request = open_request(moment, filings(reading, moment, chance.choice(("health", "water")), "en")[0])
        moment.notices.clear()
        state = chance.choice(("submitted", "submitted", "acknowledged", "answered"))
        owed = start + timedelta(minutes=chance.randint(1, 20 * 24 * 60))
        columns: dict[str, object] = {"state": state, "next_nag_at": start}
        if state == "acknowledged":
            columns["next_word_at"] = owed
        if state == "answered":
            columns |= {"word_due": owed, "answered_at": start, "word_asks": 1, "answers": 1}
        requests.change(tx, request, columns)


def touch_all(tx: Tx, now: datetime) -> None:
    """Every open request is to be looked at again at once."""
    for row in tx.all("SELECT id FROM request WHERE state <> 'closed' ORDER BY id"):
        requests.change(tx, requests.by_id(tx, int(row[0])), {"next_nag_at": now})


def close_one(tx: Tx, chance: random.Random) -> None:
    """Somebody closes a request."""
    open_ones = tx.all("SELECT id FROM request WHERE state <> 'closed' ORDER BY id")
    if open_ones:
        request = requests.by_id(tx, chance.choice(open_ones)[0])
        requests.change(tx, request, {"state": "closed", "next_nag_at": None})
