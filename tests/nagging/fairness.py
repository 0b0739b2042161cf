"""What makes a chase fair, whatever the clock did, told from what was stored and said, not from the bot's own rules.

Nobody is asked twice for one moment; nobody out of hours but for emergencies; nobody for what is closed or paused; all
that is owed is asked for within a working day, up the ladder; after a month away a group hears three messages at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from groupbot.chat.sandbox import BOT, Sandbox
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import ServiceRequest, instant
from groupbot.rules.worktime import WorkCalendar, hours_of, is_open
from groupbot.store import nags, requests
from groupbot.store.database import Tx

TOGETHER = 3  # messages that a group hears at most in the first minutes after a month
YEARS = timedelta(days=3 * 365)
A_DAY = 2  # a morning, and one debt that falls due later the same day
ASKS = ("digest", "late", "late_vacant", "late_several")  # messages that ask, in working time alone
SILENT = ("digest_now",)  # what a list becomes without a sound
PRESSES = ("ring", "ring_raised", "alarm", "alarm_vacant")  # messages that ask at any hour

Asking = tuple[int, int, int, str]  # a row of `nag`: request, occurrence, person, reason


@dataclass(frozen=True)
class Asked:
    """One look at which somebody was asked."""

    at: datetime
    ref: str
    state: str
    presses: bool
    paused: bool


@dataclass
class Watch:
    """Whoever looks at what the bot does, after every step of it."""

    county: Jurisdiction
    sandbox: Sandbox
    asked: list[Asked] = field(default_factory=list)
    _seen: set[tuple[int, int]] = field(default_factory=set)
    _read: set[int] = field(default_factory=set)  # outbox rows that were sent

    def said_in(self, chat_id: str) -> int:
        """How many messages the bot has said in a chat."""
        return sum(message.sender_id == BOT for message in self.sandbox.messages(chat_id))

    def look(self, tx: Tx, now: datetime) -> Iterator[str]:
        """What was asked and said since the last look, at `now` (aware UTC), and should not have been."""
        for one in self._new(tx, now):
            self.asked.append(one)
            if one.state == "closed":
                yield f"{one.ref} was asked for at {one.at.isoformat()} though it was closed"
            if one.paused:
                yield f"{one.ref} was asked for in its pause, at {one.at.isoformat()}"
            if not one.presses and not is_open(one.at, self.county.calendar):
                yield f"{one.ref} was asked for out of hours, at {one.at.isoformat()}"
        yield from self._said(tx, now)

    def _new(self, tx: Tx, now: datetime) -> Iterator[Asked]:
        rows = tx.all("SELECT request_id, occurrence, MAX(at) FROM nag GROUP BY request_id, occurrence")
        for request_id, occurrence, at in rows:
            if (request_id, occurrence) not in self._seen:
                self._seen.add((request_id, occurrence))
                request = requests.by_id(tx, request_id)
                presses = self.county.pace.ladders.presses(request)
                paused = request.paused_until is not None and request.paused_until > instant(at)
                yield Asked(instant(at), request.service_request_id, request.state, presses, paused)

    def _said(self, tx: Tx, now: datetime) -> Iterator[str]:
        """Messages that ask, as they left: none at night, none that names what is closed, one list for each person."""
        keys = ASKS + PRESSES + SILENT
        marks = ", ".join("?" * len(keys))
        rows = tx.all(
            f"SELECT id, key, chat_id, text, sent_at FROM outbox WHERE state = 'sent' AND key IN ({marks})"
            " AND action IN ('send', 'edit')",
            keys,
        )
        closed = [str(row[0]) for row in tx.all("SELECT service_request_id FROM request WHERE state = 'closed'")]
        lists: dict[tuple[str, int], int] = {}
        for row_id, key, chat_id, text, sent_at in rows:
            if row_id in self._read:
                continue
            self._read.add(row_id)
            if key == "digest":
                lists[(chat_id, sent_at)] = lists.get((chat_id, sent_at), 0) + 1
            at = instant(sent_at)
            if key in ASKS and not is_open(at, self.county.calendar):
                yield f"{chat_id} heard '{key}' out of hours, at {at.isoformat()}"
            yield from (
                f"{chat_id} heard of {ref} at {at.isoformat()}, closed by then" for ref in closed if ref in text
            )
        yield from (f"{chat} got {count} lists at once" for (chat, _), count in lists.items() if count > 1)


def askings(tx: Tx) -> set[Asking]:
    """Everything that anybody was ever asked."""
    return {
        (row[0], row[1], row[2], row[3]) for row in tx.all("SELECT request_id, occurrence, person_id, reason FROM nag")
    }


def asked_again(tx: Tx, before: set[Asking], now: datetime) -> Iterator[str]:
    """Askings of a second look at the same moment."""
    for request_id in sorted({one[0] for one in askings(tx) - before}):
        ref = requests.by_id(tx, request_id).service_request_id
        yield f"{ref} was asked for twice for one moment, at {now.isoformat()}"


def too_often(asked: Iterable[Asked], calendar: WorkCalendar) -> Iterator[str]:
    """What was asked for more often in a day than a morning and one debt more would have it."""
    days: dict[tuple[str, object], int] = {}
    for one in asked:
        if not one.presses:
            key = (one.ref, one.at.astimezone(calendar.zone).date())
            days[key] = days.get(key, 0) + 1
    yield from (f"{ref} was asked for {times} times on {day}" for (ref, day), times in days.items() if times > A_DAY)


def swamped(before: Mapping[str, int], after: Mapping[str, int], now: datetime) -> Iterator[str]:
    """Groups that heard too much in the first minutes after a month away."""
    for chat_id, count in after.items():
        if count - before[chat_id] > TOGETHER:
            yield f"{chat_id} heard {count - before[chat_id]} messages by {now.isoformat()}, after a month of silence"


TIMES = ("nag.at", "outbox.sent_at", "outbox.not_before", "request.next_nag_at", "service_log.at", "checkpoint.at")


def out_of_time(tx: Tx, now: datetime) -> Iterator[str]:
    """What bears a time that nobody in this county lives in, at `now` (aware UTC)."""
    for name in TIMES:
        table, column = name.split(".")
        last = tx.scalar(f"SELECT MAX({column}) FROM {table}")
        if last is not None and instant(int(last)) > now + YEARS:
            yield f"{name} is {instant(int(last)).isoformat()} at {now.isoformat()}"


# --- is everything asked for? -----------------------------------------------------------------------------------------


def uncovered(tx: Tx, county: Jurisdiction, now: datetime) -> Iterator[str]:
    """What is owed for a working day and nobody was asked for, or too low on the ladder, at `now` (aware UTC).

    The bot must have been awake for the last working day.
    """
    for row in tx.all("SELECT id FROM request WHERE state <> 'closed' ORDER BY id"):
        request = requests.by_id(tx, int(row[0]))
        said = nags.of_request(tx, request.id)
        for name, owed in owed_since(request):
            since = [nag.step for nag in said if nag.at >= owed]
            passed = _mornings(owed, now, county.calendar) - 1  # the working day in which it is to be asked for
            if passed < 1:
                continue
            if not since:
                yield f"{request.service_request_id} owes its {name} since {owed.isoformat()}: nobody was asked"
            elif name == "acknowledge_due" and max(since) < (rank := step_due(county, request, passed)):
                yield f"{request.service_request_id}, silent for {passed} mornings, never reached step {rank}"


def step_due(county: Jurisdiction, request: ServiceRequest, passed: int) -> int:
    """The step that must have been asked after so many mornings of silence; an emergency climbs by hours."""
    ladders = county.pace.ladders
    steps = ladders.by_mornings["word"].steps
    return 0 if ladders.presses(request) else max(step.rank for step in steps if step.after < passed)


def owed_since(request: ServiceRequest) -> list[tuple[str, datetime]]:
    """What an open request owes, by the name of its column, and since when (aware UTC).

    Nobody is asked in a pause, an answer that did not hold is owed from then on, and one of a department that the
    request was moved to not before its first word.
    """
    columns = {"submitted": "acknowledge_due", "acknowledged": "next_word_at", "answered": "word_due"}
    names = [columns.get(request.state, "next_word_at")] + ["expected_datetime"] * (request.state != "answered")
    names += ["reopened_at"] * (request.state == "reopened")
    found = [(name, at) for name in names if (at := getattr(request, name)) is not None]
    later = (request.reopened_at, request.acknowledge_due if request.moved_at else None)
    return [
        (
            name,
            max(one for one in (at, request.paused_until, *later * (name == "expected_datetime")) if one is not None),
        )
        for name, at in found
    ]


def _mornings(since: datetime, now: datetime, calendar: WorkCalendar) -> int:
    """How many working days have opened after `since`, by `now`."""
    day, last = since.astimezone(calendar.zone).date(), now.astimezone(calendar.zone).date()
    count = 0
    while day < last:
        day += timedelta(days=1)
        count += bool(hours_of(day, calendar))
    return count
