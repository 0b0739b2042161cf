"""Clock schedules: a county with open requests, and a clock that sleeps, jumps, goes back and is plainly wrong.

Each seed is one schedule. Whatever the clock did, afterwards: nobody was asked twice for one moment, nobody out of
hours but for emergencies, nobody for what was closed, and everything that is owed was asked for within a working day.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from groupbot.jurisdiction import Jurisdiction
from groupbot.nagging import Nagging
from groupbot.records import ServiceRequest
from groupbot.rehearsal import stage
from groupbot.rehearsal.stage import same_salts
from groupbot.rules.claims import claims
from groupbot.rules.worktime import WorkCalendar, calendar_for, is_open
from groupbot.store import inbox, migrations, nags, requests
from groupbot.store.database import Store, Tx
from tests.county import FORM, PLACES, PLAYERS, jurisdiction

ZONES = ("Africa/Nairobi", "Europe/London", "America/New_York", "Australia/Lord_Howe")
JUMPS = (
    timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=8), timedelta(days=1),
    timedelta(days=3), timedelta(days=30),
)  # fmt: skip
WRONG = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC))


@dataclass(frozen=True)
class Asked:
    """One look at which somebody was asked."""

    at: datetime
    ref: str
    state: str
    presses: bool


def broken(seed: int) -> list[str]:
    """What went wrong in the schedule of this seed, each as a sentence; nothing when all held."""
    chance = random.Random(seed)
    county = Jurisdiction(jurisdiction().protocol, same_salts())  # nothing compiled yet: the zone is still open
    county = in_zone(county, ZONES[seed % len(ZONES)])
    store = Store("sqlite://")
    store.open()
    try:
        migrations.migrate(store)
        start = datetime(2026, chance.randint(1, 12), chance.randint(1, 28), chance.randint(0, 23), 7, tzinfo=UTC)
        store.write_tx(lambda tx: stage.enrol(tx, county, (PLAYERS, PLACES), start))
        store.write_tx(lambda tx: fill(tx, county, chance, start))
        return list(run(store, county, chance, start))
    finally:
        store.close()


def in_zone(county: Jurisdiction, zone: str) -> Jurisdiction:
    """The same jurisdiction in another time zone, with its calendar."""
    calendar: WorkCalendar = replace(calendar_for(county.protocol), zone=ZoneInfo(zone))
    county.__dict__["calendar"] = calendar
    county.__dict__["zone"] = ZoneInfo(zone)
    return county


def fill(tx: Tx, county: Jurisdiction, chance: random.Random, start: datetime) -> None:
    """A dozen open requests in all states, owed at any time of the next weeks."""
    from groupbot.moment import of_clock
    from groupbot.moves import filings, open_request
    from groupbot.rules.readings import read_post

    moment = of_clock(tx, county, start)
    moment.person = moment.roster.person("sandbox", "chebet", start)
    for number in range(12):
        level = chance.choice(("Emergency", "Urgent", "Routine", "Routine"))
        text = FORM.replace("malaria drugs", f"supply {number}").replace("Urgent", level)
        reading = read_post(text, county.vocabulary, sender_role="ward_admin", sender_ward="Kapsowar")
        post = replace(moment.update, platform="sandbox", chat_id="health", message_id=str(number), sent_at=start)
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


def run(store: Store, county: Jurisdiction, chance: random.Random, start: datetime) -> Iterator[str]:
    """Let the clock jump about, with a look at each stop, and tell what should not have happened."""
    nagging, now, asked = Nagging(county), start, list[Asked]()
    seen: set[tuple[int, int]] = set()
    for _ in range(chance.randint(10, 40)):
        if chance.random() < 0.1:
            yield from held(store, nagging, chance.choice(WRONG))
        elif chance.random() < 0.1:
            now -= timedelta(minutes=chance.choice((1, 4, 30, 60)))
        else:
            now += chance.choice(JUMPS)
        if chance.random() < 0.15:
            store.write_tx(lambda tx: close_one(tx, chance))
        if chance.random() < 0.3:
            store.write_tx(lambda tx: touch_all(tx, now))  # noqa: B023 - it runs at once
        asked += look(store, nagging, now, seen)
    yield from misdeeds(asked, county.calendar)
    end = county.pace.mornings.after(county.pace.mornings.after(now + timedelta(hours=1)))
    look(store, nagging, end, seen)
    yield from store.read(lambda tx: list(uncovered(tx, county, end)))


def held(store: Store, nagging: Nagging, wrong: datetime) -> Iterator[str]:
    """A clock that is plainly wrong: nobody is asked."""
    before = store.read(lambda tx: tx.scalar("SELECT count(*) FROM nag"))
    believed = store.read(lambda tx: inbox.get_state(tx, "nagging_seen"))
    if believed is None:
        return
    store.write_tx(lambda tx: nagging.run(tx, wrong))
    if store.read(lambda tx: tx.scalar("SELECT count(*) FROM nag")) != before:
        yield f"somebody was asked at {wrong.isoformat()}"


def look(store: Store, nagging: Nagging, now: datetime, seen: set[tuple[int, int]]) -> list[Asked]:
    """One tick, and who was asked at it."""
    store.write_tx(lambda tx: nagging.run(tx, now))
    found = []
    rows = store.read(lambda tx: tx.all("SELECT DISTINCT request_id, occurrence FROM nag"))
    for request_id, occurrence in rows:
        if (request_id, occurrence) in seen:
            continue
        seen.add((request_id, occurrence))
        request = store.read(lambda tx, pk=request_id: requests.by_id(tx, pk))  # type: ignore[misc]
        presses = nagging.jurisdiction.pace.ladders.presses(request)
        found.append(Asked(now, request.service_request_id, request.state, presses))
    return found


def touch_all(tx: Tx, now: datetime) -> None:
    """Every open request is changed in some small way, after which it is looked at anew."""
    for row in tx.all("SELECT id FROM request WHERE state <> 'closed' ORDER BY id"):
        requests.change(tx, requests.by_id(tx, int(row[0])), {"next_nag_at": now})


def close_one(tx: Tx, chance: random.Random) -> None:
    """Somebody closes a request."""
    open_ones = tx.all("SELECT id FROM request WHERE state <> 'closed' ORDER BY id")
    if open_ones:
        request = requests.by_id(tx, chance.choice(open_ones)[0])
        requests.change(tx, request, {"state": "closed", "next_nag_at": None})


def misdeeds(asked: list[Asked], calendar: WorkCalendar) -> Iterator[str]:
    """Askings that should not have been."""
    for one in asked:
        if one.state == "closed":
            yield f"{one.ref} was asked for at {one.at.isoformat()} though it was closed"
        if not one.presses and not is_open(one.at, calendar):
            yield f"{one.ref} was asked for out of hours, at {one.at.isoformat()}"
    days: dict[tuple[str, object], int] = {}
    for one in asked:
        if not one.presses:
            key = (one.ref, one.at.astimezone(calendar.zone).date())
            days[key] = days.get(key, 0) + 1
    # a morning, and one debt that falls due later the same day
    yield from (f"{ref} was asked for {times} times on {day}" for (ref, day), times in days.items() if times > 2)


def uncovered(tx: Tx, county: Jurisdiction, end: datetime) -> Iterator[str]:
    """What is owed for a working day and was never asked for since it is."""
    morning = county.pace.mornings.before(end)
    for row in tx.all("SELECT id FROM request WHERE state <> 'closed' ORDER BY id"):
        request: ServiceRequest = requests.by_id(tx, int(row[0]))
        owed = [claim for claim in claims(request, county.pace, end) if claim.latest and claim.latest <= morning]
        late = [claim for claim in owed if claim.debt.reason != "answer_soon"]
        if late and not [nag for nag in nags.of_request(tx, request.id) if nag.at >= min(c.debt.since for c in late)]:
            yield f"{request.service_request_id} is owed since {late[0].debt.since.isoformat()} and was never asked for"
