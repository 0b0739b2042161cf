"""A county's time lived through: its cast posts, answers, forgets, goes on leave; the real bot does the rest.

Whoever is prompt, slow or silent, when the machine is off and which days become holidays follow from the seed. People
move only by posts on the sandbox's chat, and nag, ladder, figures are the bot's own, on a virtual clock.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from groupbot.app import App
from groupbot.chat.sandbox import BOT, Sandbox, SandboxChat
from groupbot.clock import VirtualClock
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import ServiceRequest
from groupbot.rehearsal import county, stage
from groupbot.rehearsal.stage import PLATFORM, Player
from groupbot.rules import figures, references
from groupbot.rules.figures import Course, Figures
from groupbot.rules.worktime import add_working_time, is_open
from groupbot.store import figures as kept
from groupbot.store import requests
from groupbot.store.database import Store, Tx
from groupbot.worker import AtOnce

Temper = Literal["prompt", "slow", "silent"]
PerPerson = Mapping[tuple[str, date], int]  # by private chat and local day

WEEK = timedelta(days=7)
POSTS_A_DAY = 4.0  # on a working day; fewer on others
TEMPERS: Mapping[Temper, float] = {"prompt": 0.5, "slow": 0.3, "silent": 0.2}
# Mean working hours until the first word and the answer, and how often somebody does what a list asks them for.
WORD_AFTER: Mapping[Temper, float] = {"prompt": 2.0, "slow": 12.0, "silent": 400.0}
ANSWER_AFTER: Mapping[Temper, float] = {"prompt": 14.0, "slow": 60.0, "silent": 900.0}
HEEDS: Mapping[Temper, float] = {"prompt": 0.9, "slow": 0.6, "silent": 0.25}
ABOVE_HEEDS = 0.6  # directors and all above them
WARD_ASKS, WARD_HEEDS, AGREES = 0.7, 0.6, 0.85
LEAVES, OUTAGES, HOLIDAYS = 3, 4, 2  # a year
ALARMS = ("ring", "ring_raised", "alarm", "alarm_vacant")  # what asks one person alone besides the lists, at any hour
LOOK, LOOKS = timedelta(hours=4), 3  # how often a day people look at what they were told


@dataclass(frozen=True, slots=True)
class Lived:
    """What came of it: the figures, and the strain on people; instants are aware UTC.

    `weeks` are whole ones with their beginnings, by the time of posting; `lists`, and the `alarms` of emergencies, are
    by private chat and local day, and `nags` both together: all that asks one person alone for something.
    `escalations` are the roles that ladders reached, and when; `group_lines` what the bot said in departments' groups.
    """

    start: datetime
    days: int
    seed: int
    working_days: int
    figures: Figures
    weeks: tuple[tuple[datetime, Figures], ...]
    lists: PerPerson
    alarms: PerPerson
    escalations: Sequence[tuple[str, datetime]]
    group_lines: int
    groups: int
    out_of_hours: int

    @property
    def nags(self) -> PerPerson:
        """How often each person was asked, alone, on each day on which they were."""
        return Counter(self.lists) + Counter(self.alarms)


@dataclass(order=True)
class _Due:
    at: datetime
    number: int
    do: Callable[[datetime], None] = field(compare=False)


class Year:
    """One run over so many days from `start` (aware UTC); the same seed and pack give the same run."""

    def __init__(self, jurisdiction: Jurisdiction, days: int, seed: int, start: datetime) -> None:
        self.jurisdiction = Jurisdiction(jurisdiction.protocol, stage.same_salts())
        self.days, self.seed = days, seed
        self.start, self.end = start, start + timedelta(days=days)
        self.chance = random.Random(seed)
        self._clock = VirtualClock(start)
        self._sandbox = Sandbox()
        self._players = county.players(self.jurisdiction)
        self._places = county.places(self.jurisdiction, self._players)
        self._app = App(
            self.jurisdiction,
            Store("sqlite://"),
            {PLATFORM: SandboxChat(self._sandbox, self._clock)},
            self._clock,
            AtOnce(),
        )
        self._agenda: list[_Due] = []
        self._numbers = itertools.count()
        self._now = start
        self._temper: dict[str, Temper] = {}
        self._leaves: dict[str, list[tuple[datetime, datetime]]] = {}

    async def run(self, progress: Callable[[int], None]) -> Lived:
        """Live it; `progress` hears how many days are over."""
        self._plan()
        stage.set_up(self._sandbox, self._players, self._places)
        await self._app.start(lambda tx: stage.enrol(tx, self.jurisdiction, (self._players, self._places), self.start))
        watch = self._sandbox.subscribe()
        try:
            await self._live(watch, progress)
            return await self._app.worker.run(lambda: self._app.store.read(self._count))
        finally:
            await self._app.close()

    async def _live(self, watch: asyncio.Queue[dict[str, object]], progress: Callable[[int], None]) -> None:
        outages = self._outages()
        while self._agenda and self._agenda[0].at < self.end:
            if outages and self._agenda[0].at >= outages[0][0]:
                await self._sleep(*outages.pop(0))
                continue
            due = heapq.heappop(self._agenda)
            await self._app.pass_time(self._clock, due.at)
            self._now = due.at
            due.do(due.at)
            await self._app.step()
            while not watch.empty():
                if await self._hear(watch.get_nowait()):
                    await self._app.step()
            progress((due.at - self.start).days)
        await self._app.advance(self._clock, self.end)
        progress(self.days)

    async def _sleep(self, begins: datetime, ends: datetime) -> None:
        """The machine is off: people write all the same, and the bot finds it all when it is back."""
        await self._app.advance(self._clock, begins)
        while self._agenda and self._agenda[0].at < ends:
            due = heapq.heappop(self._agenda)
            self._now = due.at
            due.do(due.at)
        self._clock.set(ends)
        await self._app.step()

    # --- what is going to happen --------------------------------------------------------------------------------------

    def _plan(self) -> None:
        names, weights = list(TEMPERS), list(TEMPERS.values())
        for player in self._players:
            self._temper[player.user_id] = self.chance.choices(names, weights)[0]
            if player.role == "coordinator":
                self._leaves[player.user_id] = [self._stretch(5, 15) for _ in range(self._a_year(LEAVES))]
        for number in range(self.days):
            day = self.start + timedelta(days=number)
            mean = POSTS_A_DAY if is_open(day + timedelta(hours=4), self.jurisdiction.calendar) else POSTS_A_DAY / 8
            for _ in range(int(mean) + (self.chance.random() < mean % 1)):
                self._at(day + timedelta(seconds=self.chance.randint(0, 12 * 3600)), self._post)
            for look in range(LOOKS):
                self._at(day + look * LOOK, lambda at: None)
        for _ in range(self._a_year(HOLIDAYS)):
            self._at(self._stretch(1, 1)[0], self._holiday)

    def _a_year(self, often: int) -> int:
        """How often what happens so often a year happens here; in two weeks most often not at all."""
        mean = often * self.days / 365
        return int(mean) + (self.chance.random() < mean % 1)

    def _stretch(self, shortest: int, longest: int) -> tuple[datetime, datetime]:
        begins = self.start + timedelta(seconds=self.chance.randint(0, self.days * 86_400))
        return begins, begins + timedelta(days=self.chance.randint(shortest, longest))

    def _outages(self) -> list[tuple[datetime, datetime]]:
        found, free = [], self.start
        for begins in sorted(self._stretch(1, 1)[0] for _ in range(self._a_year(OUTAGES))):
            if begins > free:
                free = begins + timedelta(hours=self.chance.randint(2, 72))
                found.append((begins, free))
        return found

    def _at(self, at: datetime, do: Callable[[datetime], None]) -> None:
        heapq.heappush(self._agenda, _Due(max(at, self._now), next(self._numbers), do))

    def _after(self, at: datetime, hours: float) -> datetime:
        """Some working time later: most often soon, now and then very late."""
        return add_working_time(at, timedelta(hours=self.chance.expovariate(1 / hours)), self.jurisdiction.calendar)

    # --- what people do -----------------------------------------------------------------------------------------------

    def _post(self, at: datetime) -> None:
        admin = self.chance.choice([player for player in self._players if player.role == "ward_admin"])
        topic = self.chance.choice([one for one in self.jurisdiction.protocol.reading.topic if one.service_code])
        language = self.jurisdiction.language
        levels = list(self.jurisdiction.protocol.priorities.values())
        level = self.chance.choices(levels, [0.02, *[0.2] * (len(levels) - 2), 0.78])[0]
        number = next(self._numbers)
        values = iter((f"{admin.ward} {number}", f"{topic.name[language]} {number}", level.name[language]))
        head, *labels = self.jurisdiction.blank_form(language).splitlines()
        text = "\n".join([head, *(f"{label}{value}" for label, value in zip(labels, values, strict=True))])
        message = self._sandbox.post(topic.service_code, admin.user_id, text, at=at)
        officer = next((one for one in self._of("coordinator", topic.service_code)), None)
        if officer is not None:
            temper = self._temper[officer.user_id]
            place = (topic.service_code, message)
            self._at(self._after(at, WORD_AFTER[temper]), lambda then: self._speak(officer, place, then, done=False))
            self._at(self._after(at, ANSWER_AFTER[temper]), lambda then: self._speak(officer, place, then, done=True))

    def _of(self, role: str, service_code: str = "") -> Iterator[Player]:
        return (one for one in self._players if one.role == role and one.service_code == service_code)

    def _speak(self, officer: Player, place: tuple[str, str], at: datetime, *, done: bool) -> None:
        if any(begins <= at < ends for begins, ends in self._leaves.get(officer.user_id, ())):
            return
        chat, message = place
        # by whom, when, what: an answer that says less is refused, however often it is given
        text = f"/resolve {officer.name}, {at:%d %B}: {chat} {message}" if done else f"{chat} {message}"
        self._sandbox.post(chat, officer.user_id, text, at=at, reply_to=message)

    def _ward_answers(self, admin: Player, place: tuple[str, str], at: datetime) -> None:
        agrees = self.chance.random() < AGREES
        said = list(dict.fromkeys(self.jurisdiction.mark_words.values()))[0 if agrees else 1]
        text = said if agrees else f"{said}, {place[0]} {place[1]}"
        self._sandbox.post(place[0], admin.user_id, text, at=at, reply_to=place[1])

    def _holiday(self, at: datetime) -> None:
        day = (at + timedelta(days=self.chance.randint(1, 10))).astimezone(self.jurisdiction.zone).date()
        for player in self._of("communications"):
            self._sandbox.post("communications", player.user_id, f"/holiday {day.isoformat()} {day:%B}", at=at)

    # --- what people hear ---------------------------------------------------------------------------------------------

    async def _hear(self, event: dict[str, object]) -> bool:
        """A line of the bot: whoever it is for may do what it asks; returns whether somebody did at once."""
        if event["do"] != "say":
            return False
        chat_id, message_id = str(event["chat_id"]), str(event["message_id"])
        message = self._sandbox.room(chat_id).messages[message_id]
        if message.sender_id != BOT or not message.text or message.deleted:
            return False
        if chat_id == "communications":
            return self._confirm(message.buttons, chat_id, message_id)
        found = references.find(message.text, self.jurisdiction.prefixes)
        about = [one for one in [await self._request(one.text) for one in found[:3]] if one is not None]
        for request in about:
            if chat_id.startswith("private:"):
                self._heed(chat_id.removeprefix("private:"), request, message.at)
            elif request.state == "answered" and self.chance.random() < WARD_ASKS:
                self._bring_word(request, self._after(message.at, 10))
        return False

    def _confirm(self, buttons: tuple[tuple[str, str], ...], chat_id: str, message_id: str) -> bool:
        for player in self._of("communications"):
            if buttons:
                self._sandbox.tap(chat_id, player.user_id, message_id, buttons[0][1], self._now)
        return bool(buttons)

    async def _request(self, reference: str) -> ServiceRequest | None:
        def read(tx: Tx) -> ServiceRequest | None:
            return requests.by_reference(tx, self.jurisdiction.id, reference)

        return await self._app.worker.run(lambda: self._app.store.read(read))

    def _heed(self, user_id: str, request: ServiceRequest, at: datetime) -> None:
        player = next(one for one in self._players if one.user_id == user_id)
        if player.role == "ward_admin":
            if request.state == "answered" and self.chance.random() < WARD_HEEDS:
                self._bring_word(request, self._after(at, 4))
            return
        heeds = HEEDS[self._temper[user_id]] if player.role == "coordinator" else ABOVE_HEEDS
        officer = player if player.service_code == request.service_code else None
        if officer is not None and request.state != "answered" and self.chance.random() < heeds:
            place, done = (request.chat_id, request.message_id), request.state != "submitted"
            self._at(self._after(at, 3), lambda then: self._speak(officer, place, then, done=done))

    def _bring_word(self, request: ServiceRequest, at: datetime) -> None:
        admin = next((one for one in self._of("ward_admin") if one.ward == request.ward), None)
        if admin is not None:
            self._at(at, lambda then: self._ward_answers(admin, (request.chat_id, request.message_id), then))

    # --- what came of it ----------------------------------------------------------------------------------------------

    def _count(self, tx: Tx) -> Lived:
        county_ = self.jurisdiction
        levels, wards = list(county_.protocol.priorities), list(county_.protocol.wards)

        def between(start: datetime, end: datetime) -> Figures:
            courses = (Course(*row) for row in kept.courses(tx, county_.id, start, end))
            return figures.of(courses, levels, wards, self.end)

        lists = kept.sent_alone(tx, "digest")
        alarms = [one for key in ALARMS for one in kept.sent_alone(tx, key)]
        starts = [self.start + WEEK * number for number in range(max(1, self.days // 7))]
        days = [self.start + timedelta(days=number, hours=4) for number in range(self.days)]
        groups = [place.chat_id for place in self._places if place.kind == "department"]
        lines = sum(one.sender_id == BOT for chat in groups for one in self._sandbox.messages(chat))
        return Lived(
            start=self.start,
            days=self.days,
            seed=self.seed,
            working_days=sum(is_open(day, county_.calendar) for day in days),
            figures=between(self.start, self.end),
            weeks=tuple((start, between(start, start + WEEK)) for start in starts),
            lists=self._by_day(lists),
            alarms=self._by_day(alarms),
            escalations=kept.escalations(tx, county_.id),
            group_lines=lines,
            groups=len(groups),
            out_of_hours=sum(not is_open(at, county_.calendar) for _, at in lists),
        )

    def _by_day(self, sent: Iterable[tuple[str, datetime]]) -> PerPerson:
        return Counter((chat, at.astimezone(self.jurisdiction.zone).date()) for chat, at in sent)
