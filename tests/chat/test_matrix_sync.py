"""One answer of /sync: whatever stands in an event, the others are read and the rows can be kept."""

from __future__ import annotations

from typing import Any

import pytest

from groupbot import backups
from groupbot.chat.matrix_event import parse
from groupbot.chat.matrix_room import Room
from groupbot.chat.matrix_sync import Cursor, Reader
from groupbot.intake.batches import Intake
from groupbot.store.database import Store
from tests.county import TUESDAY, jurisdiction

ME, ANN = "@bot:county.test", "@ann:county.test"
AT = 1_795_296_000_123
Json = dict[str, Any]


def said(content: Json, **more: Any) -> Json:
    event = {"type": "m.room.message", "event_id": "$odd", "sender": ANN, "origin_server_ts": AT, "content": content}
    return {**event, **more}


def member(user_id: str, content: Json, **more: Any) -> Json:
    return said(content, type="m.room.member", state_key=user_id, sender=user_id, **more)


HELLO = {"msgtype": "m.text", "body": "hello"}
PLAIN = said(HELLO, event_id="$plain")
ODD = {
    "half a character": (said({**HELLO, "body": "hi \ud800 there"}), "post"),
    "half a character as a key": (said({**HELLO, "\ud800": 1}), "post"),
    "half a character as a name": (member(ANN, {"membership": "join", "displayname": "\ud800"}), "member"),
    "a time that is none": (member(ME, {"membership": "join"}, origin_server_ts=None), "unreadable"),
    "a time in words": (member(ME, {"membership": "join"}, origin_server_ts="soon"), "unreadable"),
    "a time of no clock": (member(ME, {"membership": "join"}, origin_server_ts=10**400), "unreadable"),
    "a type that is none": (said(HELLO, type=["m.room.message"]), "unreadable"),
    "a state that is none": (said({}, type=["m.room.name"], state_key=""), "unreadable"),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=list(ODD))
def test_m24_one_odd_event_keeps_no_other_from_being_taken_in(odd: tuple[Json, str]) -> None:
    event, kind = odd
    timeline = {"events": [event, PLAIN]}
    answer = {"next_batch": "s2", "rooms": {"join": {"!r:county.test": {"timeline": timeline}}}}
    batch = Reader(ME).batch(answer, Cursor("s1"), AT)
    assert [update.kind for update in batch.updates] == [kind, "post"]
    store = Store("sqlite://")
    store.open()
    backups.migrate(store, TUESDAY)
    Intake(store, jurisdiction(), {"matrix": parse}).take("matrix", batch, TUESDAY)
    kept = store.read(lambda tx: tx.all("SELECT kind, state FROM inbox ORDER BY id"))
    store.close()
    assert kept == [(kind, "done"), ("post", "done")]


def test_m24_when_the_bot_came_is_not_known_where_the_event_does_not_tell() -> None:
    timeline = {"events": [member(ME, {"membership": "join"}, origin_server_ts="soon")]}
    answer = {"next_batch": "s2", "rooms": {"join": {"!r:county.test": {"timeline": timeline}}}}
    assert Cursor.load(Reader(ME).batch(answer, Cursor("s1"), AT).cursor).joined == {"!r:county.test": 0}


def test_m24_a_level_that_is_no_number_gives_no_power() -> None:
    room = Room("!r:county.test")
    room.take(said({"users": {ANN: "\u00b2", ME: "50"}}, type="m.room.power_levels", state_key=""))
    assert (room.power_of(ANN), room.power_of(ME)) == (0, 50)
