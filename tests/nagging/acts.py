"""What people do in a county while its clock jumps, by the bot's own moves: each changes what is owed, and when."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from groupbot import declaring, moves
from groupbot.intake import emergencies
from groupbot.jurisdiction import Jurisdiction
from groupbot.moment import Moment, of_clock
from groupbot.records import ServiceRequest
from groupbot.rehearsal.stage import PLATFORM
from groupbot.rules.extensions import Promise
from groupbot.store import requests
from groupbot.store.database import Tx
from groupbot.store.holidays import Declared

OFFICERS = {"health": "kiptoo", "water": "judith"}
WORDS = ("Seen, we are on it", "I have asked the store and wait for them", "Tutafuatilia kesho asubuhi")

Act = Callable[[Moment, ServiceRequest, random.Random], object]


def act(tx: Tx, county: Jurisdiction, chance: random.Random, now: datetime) -> None:
    """Somebody does something at `now` (aware UTC) to a request that is open, if there is any."""
    moment = of_clock(tx, county, now)
    rows = tx.all("SELECT id FROM request WHERE state <> 'closed' ORDER BY id")
    found = [requests.by_id(tx, int(row[0])) for row in rows]
    if not found:
        return
    answered = [one for one in found if one.state == "answered"]
    do = chance.choice((_reopen, _pause, _extend, _holiday, _word, _word, _move))
    request = chance.choice(answered if do is _reopen and answered else found)
    do(moment.about(request), request, chance)


def _by(moment: Moment, who: str, text: str = "") -> Moment:
    moment.person = moment.roster.person(PLATFORM, who, moment.now)
    moment.update = replace(moment.update, text=text, sent_at=moment.now, sender_id=who)
    return moment


def _reopen(moment: Moment, request: ServiceRequest, _: random.Random) -> None:
    moves.take_not_yet(_by(moment, "chebet", "not yet, nobody came"), request)
    moment.finish()


def _pause(moment: Moment, request: ServiceRequest, chance: random.Random) -> None:
    until = moment.now + timedelta(hours=chance.randint(1, 12 * 24))
    moves.pause(_by(moment, "nelson"), request, until, "the road is cut")
    moment.finish()


def _extend(moment: Moment, request: ServiceRequest, chance: random.Random) -> None:
    due = request.expected_datetime or moment.now
    day = max(due, moment.now) + timedelta(hours=chance.randint(1, 12 * 24))
    if not request.extensions:
        moves.take_promise(_by(moment, OFFICERS[request.service_code]), request, Promise(day, True), "the tender")
        moment.finish()


def _holiday(moment: Moment, _: ServiceRequest, chance: random.Random) -> None:
    today = moment.now.astimezone(moment.jurisdiction.zone).date()
    declared = Declared(today + timedelta(days=chance.randint(1, 10)), "a day off", "123")
    if declaring.judge(moment.jurisdiction, declared, moment.now) is None:
        declaring.declare(_by(moment, "nelson"), declared)
        moment.finish()


def lines_told(tx: Tx) -> Counter[str]:
    """By chat, how many messages told of a move: whoever moves a request again and again is heard each time."""
    sql = "SELECT chat_id FROM outbox WHERE state = 'sent' AND merged_into IS NULL AND key LIKE 'moved%'"
    return Counter(row[0] for row in tx.all(sql))


def _move(moment: Moment, request: ServiceRequest, _: random.Random) -> None:
    moment.group = next(moment.roster.groups("department", request.service_code))
    to = next(code for code in OFFICERS if code != request.service_code)
    emergencies.move(_by(moment, OFFICERS[request.service_code]), request, to)
    moment.finish()


def _word(moment: Moment, request: ServiceRequest, chance: random.Random) -> None:
    moves.take_word(_by(moment, OFFICERS[request.service_code], chance.choice(WORDS)), request)
    moment.finish()
