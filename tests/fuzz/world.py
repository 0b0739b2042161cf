"""A county for the state machine: everybody in it, without a clock that runs or a chat that sends; and who may do what.

`MAY` is written by hand from the protocol, not from the program's table: it is what the table is held against.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from groupbot.intake.batches import Intake
from groupbot.records import Batch, Grant, Group, Person, Update
from groupbot.store import migrations, people
from groupbot.store.database import Store
from tests.county import TUESDAY, jurisdiction

OURS = jurisdiction()

# user id -> (language, grants): every role, in and out of scope, and a stranger
CAST: dict[str, tuple[str, tuple[Grant, ...]]] = {
    "chebet": ("en", (Grant("ward_admin", ward="Kapsowar"),)),
    "rose": ("sw", (Grant("ward_admin", ward="Kabiemit"),)),
    "sub": ("en", (Grant("sub_county_admin", sub_county="Marakwet West"),)),
    "champion": ("sw", (Grant("champion", ward="Kapsowar"),)),
    "kiptoo": ("en", (Grant("coordinator", service_code="health"),)),
    "judith": ("sw", (Grant("coordinator", service_code="water"),)),
    "cheruto": ("en", (Grant("director", service_code="health"),)),
    "chief": ("en", (Grant("chief_officer", service_code="water"),)),
    "cecm": ("en", (Grant("executive", service_code="health"),)),
    "committee": ("en", (Grant("committee"),)),
    "nelson": ("en", (Grant("communications"),)),
    "grace": ("en", (Grant("integrity"),)),
    "naomi": ("sw", (Grant("observer"),)),
    "operator": ("en", (Grant("operator"),)),
    "stranger": ("", ()),
}
CHATS = ("health", "water")
SUB_COUNTY = {"Kapsowar": "Marakwet West", "Kabiemit": "Keiyo South"}

OPEN = {"submitted", "acknowledged", "reopened"}
UNCLOSED = OPEN | {"answered"}
OFFICERS = {"coordinator", "director", "chief_officer"}
WARD = {"author", "ward_admin", "sub_county_admin"}
CITIZENS = WARD | {"champion"}
# log entry -> (states before, states after, who may)
MAY: dict[str, tuple[set[str], set[str], set[str]]] = {
    "acknowledged": ({"submitted", "reopened"}, {"acknowledged"}, OFFICERS),
    "word": ({"acknowledged"}, {"acknowledged"}, OFFICERS),
    "promised": (OPEN, {"acknowledged"}, OFFICERS),
    "extended": (OPEN, {"acknowledged"}, OFFICERS),
    "answered": (OPEN, {"answered"}, OFFICERS),
    "closed": ({"answered"}, {"closed"}, CITIZENS | {"communications"}),
    "reopened": ({"answered", "closed"}, {"reopened"}, CITIZENS | {"communications"}),
    "settled": (OPEN, {"closed"}, WARD),
    "withdrawn": (UNCLOSED, {"closed"}, WARD),
    "closed_duplicate": (UNCLOSED, {"closed"}, {"author"}),
    "linked": (UNCLOSED, UNCLOSED, CITIZENS | OFFICERS | {"communications"}),
    "amended": ({"submitted", "acknowledged"}, {"submitted", "acknowledged"}, CITIZENS),
    "details": ({"submitted", "acknowledged"}, {"submitted", "acknowledged"}, CITIZENS),
    "raised": (OPEN, OPEN, CITIZENS | OFFICERS),
    "priority": (OPEN, OPEN, {"director", "chief_officer"}),
    "paused": (UNCLOSED, UNCLOSED, {"communications"}),
    "moved": (OPEN, {"submitted", "reopened"}, {"author", "ward_admin", "coordinator", "director", "communications"}),
    "protected": (UNCLOSED | {"closed"}, UNCLOSED | {"closed"}, {"communications"}),
    "observed": (UNCLOSED | {"closed"}, UNCLOSED | {"closed"}, {"observer"}),
}
PUBLIC = ("state", "outcome", "service_code", "ward", "pack_version")


@dataclass(frozen=True)
class Entry:
    """One row of the log, as far as it is looked at."""

    seq: int
    type: str
    request_id: int
    actor_id: int | None
    public: dict[str, Any]


class World:
    """The bot's intake on a database in memory; `say` hands it one update."""

    def __init__(self) -> None:
        self.now: datetime = TUESDAY
        self.store = Store("sqlite://").open()
        migrations.migrate(self.store)
        self.ids: dict[str, int] = {}
        self.store.write_tx(self._enrol)
        self.intake = Intake(self.store, OURS, {"sandbox": lambda raw: _update(json.loads(raw))})
        self.said = 0
        self.seen = 0
        self.folded: dict[int, dict[str, Any]] = {}
        self.twins: dict[int, set[int]] = {}

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    def _enrol(self, tx: Any) -> None:
        for chat in CHATS:
            people.bind_chat(tx, OURS.id, Group(0, "sandbox", chat, "department", chat, chat), self.now)
        people.bind_chat(tx, OURS.id, Group(0, "sandbox", "mirror", "mirror", "mirror"), self.now)
        for user, (language, grants) in CAST.items():
            if grants:
                person = Person(0, user.title(), user.title(), language, grants)
                self.ids[user] = people.add_person(tx, OURS.id, person, self.now)
                people.add_identity(tx, OURS.id, self.ids[user], ("sandbox", user, user), self.now)
                group = Group(0, "sandbox", f"private:{user}", "private", user, person_id=self.ids[user])
                people.bind_chat(tx, OURS.id, group, self.now)

    def say(self, user: str, chat: str, text: str, **more: Any) -> None:
        """Let somebody say something, a minute after the last."""
        self.now += timedelta(minutes=1)
        self.said += 1
        event = {"user": user, "chat": chat, "text": text, "n": self.said, "at": self.now.isoformat(), **more}
        update = _update(event)
        self.intake.take("sandbox", Batch((update,), str(self.said)), self.now)

    def failures(self) -> int:
        """How many updates the bot could not work."""
        return int(self.store.read(lambda tx: tx.scalar("SELECT count(*) FROM inbox WHERE state <> 'done'")))

    def entries(self) -> list[Entry]:
        """The log's new rows since the last look."""
        columns = ", ".join(PUBLIC)
        sql = f"SELECT seq, type, request_id, actor_id, {columns} FROM service_log WHERE seq > ? ORDER BY seq"
        rows = self.store.read(lambda tx: tx.all(sql, (self.seen,)))
        found = [Entry(*row[:4], dict(zip(PUBLIC, row[4:], strict=True))) for row in rows]
        self.seen = found[-1].seq if found else self.seen
        return found

    def live(self) -> dict[int, dict[str, Any]]:
        """The public columns of all requests as they stand."""
        columns = ", ".join(PUBLIC)
        rows = self.store.read(lambda tx: tx.all(f"SELECT id, {columns} FROM request WHERE route = 'public'"))
        return {row[0]: dict(zip(PUBLIC, row[1:], strict=True)) for row in rows}

    def requests(self) -> list[tuple[int, str, str, str]]:
        """(row id, reference, chat, message) of all requests."""
        sql = "SELECT id, service_request_id, chat_id, message_id FROM request ORDER BY id"
        return [(row[0], row[1], row[2], row[3]) for row in self.store.read(lambda tx: tx.all(sql))]

    def capacities(self, user: str, request_id: int) -> set[str]:
        """In which capacities somebody stands towards a request, by the protocol."""
        sql = "SELECT service_code, ward, poster_id FROM request WHERE id = ?"
        code, ward, poster = self.store.read(lambda tx: tx.one(sql, (request_id,))) or ("", "", None)
        held = {
            grant.role
            for grant in CAST[user][1]
            if grant.service_code in (None, code)
            and grant.ward in (None, ward)
            and grant.sub_county in (None, SUB_COUNTY.get(ward))
        }
        return held | ({"author"} if poster is not None and poster == self.ids.get(user) else set())

    def kin(self, request_id: int) -> Sequence[int]:
        """The request and all that were ever linked with it."""
        found, new = {request_id}, {request_id}
        while new:
            new = {other for one in new for other in self.twins.get(one, set())} - found
            found |= new
        return sorted(found)


def _update(event: dict[str, Any]) -> Update:
    raw = json.dumps(event)
    at = datetime.fromisoformat(event["at"])
    number = str(event["n"])
    update = Update("sandbox", event["chat"], event.get("message") or f"m{number}", event.get("kind", "post"), raw, at)
    return replace(
        update,
        revision="" if event.get("kind", "post") == "post" else number,
        update_id=number,
        sender_id=event["user"],
        sender_name=event.get("name", event["user"]),
        change=event.get("change", ""),
        text=event["text"],
        reply_to=event.get("reply_to"),
        disguise=event.get("disguise", ""),
        private=event["chat"].startswith("private:"),
    )
