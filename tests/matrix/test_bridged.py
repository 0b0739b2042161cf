"""M23 and what a WhatsApp group needs: bridged rooms with simulated ghosts, as mautrix-whatsapp makes them."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from groupbot import publishing
from groupbot.chat import ChatError
from groupbot.records import Group, Person
from groupbot.store import people
from groupbot.store.database import Tx
from tests.county import FORM, jurisdiction
from tests.matrix.county import County, Member, county, ghost
from tests.matrix.synapse import BRIDGE_TOKEN, SERVER, Homeserver

pytestmark = pytest.mark.slow

BRIDGE = {
    "protocol": {"id": "whatsapp", "displayname": "WhatsApp"},
    "channel": {"id": "120363000000000000@g.us"},
}


@dataclass
class Bridged:
    """A WhatsApp group as the bridge shows it: the bridge's own account made the room, ghosts talk in it."""

    town: County
    bridge: Member
    room_id: str
    jane: Member
    phone: str

    def posts(self) -> list[str]:
        return self.town.lines("whatsapp")


@pytest.fixture
async def bridged(server: Homeserver, tmp_path: Path) -> AsyncIterator[Bridged]:
    async with county(server, tmp_path) as town:
        bridge = Member(server, f"@whatsappbot:{SERVER}", BRIDGE_TOKEN, ghost=True)
        phone = "2547" + "".join(secrets.choice("0123456789") for _ in range(8))
        jane = ghost(server, f"whatsapp_{phone}", f"+{phone[:3]} {phone[3:6]} {phone[6:]} (WA)")
        room_id = bridge.room(
            town.bot.user_id,
            jane.user_id,
            town.owner.user_id,
            name="Health (WhatsApp)",
            initial_state=[{"type": "m.bridge", "state_key": "whatsapp", "content": BRIDGE}],
        )
        for one in (jane, town.bot, town.owner):
            one.join(room_id)
        town.rooms["whatsapp"] = room_id
        await town.app.worker.run(lambda: town.app.store.write_tx(lambda tx: _bind(tx, room_id, jane)))
        await town.step()
        yield Bridged(town, bridge, room_id, jane, phone)


def _bind(tx: Tx, room_id: str, jane: Member) -> None:
    ours, now = jurisdiction(), datetime.now(UTC)
    roster = people.load_roster(tx, ours.id)
    chebet = next(person for person in roster.everyone(now) if person.name == "Jane Chebet")
    people.add_identity(tx, ours.id, chebet.id, ("matrix", jane.user_id, ""), now)
    people.bind_chat(tx, ours.id, Group(0, "matrix", room_id, "department", "Health (WhatsApp)", "health"), now)


async def test_m23_a_bridged_room_gets_plain_messages_that_are_no_notices(bridged: Bridged) -> None:
    post = bridged.jane.say(bridged.room_id, FORM)
    await bridged.town.step()
    said = bridged.town.messages("whatsapp")
    assert [one["content"]["msgtype"] for one in said] == ["m.text"]
    assert said[0]["content"]["m.relates_to"] == {"m.in_reply_to": {"event_id": post}}
    assert [line for line in bridged.town.lines("communications") if "WhatsApp" in line] == []  # nothing is lacking
    with pytest.raises(ChatError, match="no edits"):  # after a quarter of an hour WhatsApp has none: never begun
        await bridged.town.chat.edit(bridged.room_id, said[0]["event_id"], "another text")
    capabilities = bridged.town.chat.capabilities_of(bridged.room_id)
    assert (capabilities.reactions, capabilities.edits, capabilities.read_only, capabilities.buttons) == (
        True,
        False,
        False,
        False,
    )


async def _exported(town: County) -> list[dict[str, object]]:
    ours = town.app.jurisdiction
    return await town.app.worker.run(lambda: town.app.store.read(lambda tx: list(publishing.exported(tx, ours))))


async def test_m23_no_number_of_a_ghost_leaves_the_group(bridged: Bridged) -> None:
    town = bridged.town
    bridged.jane.say(bridged.room_id, FORM)
    await town.step()
    reference = (await town.all("SELECT service_request_id FROM request"))[0][0]
    await town.say("kiptoo", "health", f"resolve {reference} 200 doses brought from the store")
    bridged.jane.say(bridged.room_id, "Yes, she got hers", town.messages("whatsapp")[-1]["event_id"])
    await town.step()
    assert (await town.all("SELECT state FROM request")) == [("closed",)]
    public = [
        *town.lines("mirror"),
        *(str(row) for row in await town.all("SELECT public_text FROM service_log")),
        *(str(row) for row in await town.all("SELECT text FROM publication")),
        *(json.dumps(entry) for entry in await _exported(town)),
    ]
    tail = bridged.phone[-6:]
    spaced = f"{bridged.phone[3:6]} {bridged.phone[6:]}"
    assert len(public) > 5
    assert sum("c_public" in text for text in public) >= 3  # the export is among it
    assert [text for text in public if tail in text.replace(" ", "") or spaced in text or "whatsapp_" in text] == []
    assert [line for line in bridged.posts() if tail in line.replace(" ", "")] == []


async def test_of_the_bots_reactions_one_stands(bridged: Bridged) -> None:
    """WhatsApp has one reaction of each person under a message."""
    post = bridged.jane.say(bridged.room_id, FORM)
    await bridged.town.step()
    for emoji in ("👀", "👀", "✍", "👍"):
        await bridged.town.chat.react(bridged.room_id, post, emoji)
        standing = await bridged.town.chat._own_reactions(bridged.room_id, post)
        assert [key for _, key in standing] == [emoji]


async def test_what_was_written_before_the_bot_came_is_kept_and_never_answered(bridged: Bridged) -> None:
    before = datetime.now(UTC) - timedelta(days=3)
    for number in range(3):
        bridged.jane.say(bridged.room_id, FORM.replace("Monday", f"day {number}"), at=before)
    await bridged.town.step()
    sources = await bridged.town.all("SELECT source FROM inbox WHERE kind = 'post'")
    assert sources == [("backfill",)] * 3
    assert await bridged.town.all("SELECT * FROM request") == []
    assert bridged.posts() == []


async def test_a_post_that_the_bridge_brings_late_is_a_post_of_its_own_time(bridged: Bridged) -> None:
    bridged.town.chat.rooms[bridged.room_id].joined_at -= 3 * 3_600_000
    cursor = (await bridged.town.all("SELECT value FROM platform_cursor"))[0][0]
    kept = json.loads(cursor)
    kept["joined"][bridged.room_id] -= 3 * 3_600_000
    sql = "UPDATE platform_cursor SET value = ?"
    await bridged.town.app.worker.run(
        lambda: bridged.town.app.store.write_tx(lambda tx: tx.execute(sql, (json.dumps(kept),)))
    )
    bridged.town.chat._ahead = ("", "")
    late = datetime.now(UTC) - timedelta(hours=2)
    bridged.jane.say(bridged.room_id, FORM, at=late)
    await bridged.town.step()
    found = await bridged.town.all("SELECT requested_datetime FROM request")
    assert found == [(round(late.timestamp() * 1000) * 1000,)]


async def test_a_storm_of_joins_is_the_bridge_and_not_people_who_come(bridged: Bridged) -> None:
    members = "SELECT count(*) FROM inbox WHERE kind = 'member'"
    ((before,),) = await bridged.town.all(members)
    for number in range(8):
        one = ghost(bridged.town.server, f"whatsapp_lid-{secrets.token_hex(4)}{number}")
        bridged.bridge.act(bridged.room_id, "invite", user_id=one.user_id)
        one.join(bridged.room_id)
    await bridged.town.step()
    assert await bridged.town.all(members) == [(before,)]
    one = ghost(bridged.town.server, f"whatsapp_{secrets.token_hex(4)}")
    bridged.bridge.act(bridged.room_id, "invite", user_id=one.user_id)
    one.join(bridged.room_id)
    await bridged.town.step()
    assert await bridged.town.all(members) == [(before + 1,)]


async def test_two_ghosts_of_one_person_are_one_person(bridged: Bridged) -> None:
    hidden = ghost(bridged.town.server, f"whatsapp_lid-{secrets.token_hex(6)}", "Jane")
    bridged.bridge.act(bridged.room_id, "invite", user_id=hidden.user_id)
    hidden.join(bridged.room_id)

    def link(tx: Tx) -> None:
        ours, now = jurisdiction(), datetime.now(UTC)
        chebet = people.load_roster(tx, ours.id).person("matrix", bridged.jane.user_id, now)
        assert isinstance(chebet, Person)
        people.add_identity(tx, ours.id, chebet.id, ("matrix", hidden.user_id, ""), now)

    await bridged.town.app.worker.run(lambda: bridged.town.app.store.write_tx(link))
    bridged.jane.say(bridged.room_id, FORM)
    await bridged.town.step()
    hidden.say(bridged.room_id, FORM)
    await bridged.town.step()
    posters = await bridged.town.all("SELECT poster_id FROM request")
    assert len(posters) == 1  # the same words again by the same person are no second request


async def test_a_command_that_was_forwarded_does_nothing(bridged: Bridged) -> None:
    town = bridged.town
    post = bridged.jane.say(bridged.room_id, FORM)
    await town.step()
    bridged.jane.say(bridged.room_id, "↷ Forwarded\n\n!withdraw", post)
    await town.step()
    assert await town.all("SELECT state FROM request") == [("submitted",)]


async def test_a_live_location_is_kept_with_its_request(bridged: Bridged) -> None:
    post = bridged.jane.say(bridged.room_id, FORM)
    await bridged.town.step()
    notice = "Started sharing live location\n\nUse the WhatsApp app to see the location."
    bridged.jane.put(bridged.room_id, "m.room.message", {"msgtype": "m.notice", "body": notice})
    await bridged.town.step()
    kept = await bridged.town.all("SELECT kind, request_id IS NULL FROM attachment")
    assert (post != "", kept) == (True, [("location", 0)])


def _photo(bridged: Bridged, png: bytes, caption: str) -> dict[str, object]:
    """The content of a photo that the homeserver keeps, as the bridge writes it."""
    address = f"{bridged.town.server.url}/_matrix/media/v3/upload?user_id={bridged.jane.user_id}&filename=tap.png"
    headers = {"Authorization": f"Bearer {BRIDGE_TOKEN}", "Content-Type": "image/png"}
    with urlopen(Request(address, png, headers), timeout=30) as answer:
        url = json.load(answer)["content_uri"]
    info = {"mimetype": "image/png", "size": len(png)}
    return {"msgtype": "m.image", "body": caption or "tap.png", "filename": "tap.png", "url": url, "info": info}


FILES = "SELECT kind, file_id, name, size, request_id IS NULL FROM attachment ORDER BY id"


@pytest.mark.parametrize("caption", [FORM, ""])
async def test_a_photo_that_the_bridge_makes_better_takes_the_place_of_the_first(
    bridged: Bridged, caption: str
) -> None:
    town = bridged.town
    if not caption:
        bridged.jane.say(bridged.room_id, FORM)
    small = _photo(bridged, b"a small picture", caption)
    post = bridged.jane.put(bridged.room_id, "m.room.message", small)
    await town.step()
    assert await town.all(FILES) == [("photo", small["url"], "tap.png", 15, 0)]
    said, events = bridged.posts(), await town.all("SELECT seq, type FROM service_log")
    better = _photo(bridged, b"a large picture, sharper than the first", caption)
    relates = {"rel_type": "m.replace", "event_id": post}
    edit = {**better, "m.new_content": better, "m.relates_to": relates}
    bridged.jane.put(bridged.room_id, "m.room.message", edit)
    await town.step()
    assert await town.all(FILES) == [("photo", better["url"], "tap.png", 39, 0)]
    assert (bridged.posts(), await town.all("SELECT seq, type FROM service_log")) == (said, events)
    assert town.reactions("whatsapp") == []
    assert len(await town.all("SELECT 1 FROM request")) == 1
