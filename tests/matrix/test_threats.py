"""What hostile people try, on a real homeserver: other names, disguises, live text, strange signs, a forged log."""

from __future__ import annotations

import io
import json
import logging
import random
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from groupbot import logs, publishing, verify_log
from groupbot.chat import ChatError
from groupbot.rules.public_text import HIDDEN
from tests import nasty
from tests.commands.test_disguises import ACTS, TABLES
from tests.county import FORM
from tests.intake import canaries
from tests.matrix.county import County, Later, county, pass_time
from tests.matrix.synapse import Homeserver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

EVERYBODY = ("chebet", "rose", "kiptoo", "cheruto", "judith", "nelson", "naomi", "stranger")
LIVE = ("@", "://", "matrix.to", "<", "[", "](")


@pytest.fixture
async def whole(server: Homeserver, tmp_path: Path, clock: Later) -> AsyncIterator[County]:
    """A county with everybody in it, whose clock can be put forward."""
    async with county(server, tmp_path, clock=clock, players=EVERYBODY) as running:
        yield running


async def _state(town: County) -> list[Any]:
    tables = [name for name in (*TABLES, "outbox") if name != "chat"]
    return [await town.all(f"SELECT * FROM {name} ORDER BY 1, 2") for name in tables]


def _contents(town: County, where: str) -> list[dict[str, Any]]:
    return [event["content"] for event in town.messages(where)]


async def test_s2_s3_no_act_in_disguise_does_anything(whole: County) -> None:
    town, health = whole, whole.rooms["health"]
    post = await town.say("chebet", "health", FORM)
    await town.say("kiptoo", "health", "Seen, I am on it", post)
    said = {who: await town.say(who, "health", "Good morning to all") for who in EVERYBODY if who != "stranger"}
    for _ in range(3):
        await town.step()
    before = await _state(town)
    for name, (who, rest) in ACTS.items():  # one look at the end: each message takes a homeserver its time
        member, command = town.people[who], f"!{name} {rest}"
        member.put(health, "m.room.message", {"msgtype": "m.notice", "body": command})
        member.say(health, f"> <@a:b> {command}\n\nplease wait", post, msgtype="m.notice")
        member.edit(health, said[who], command)
        member.put(health, "m.room.message", {"msgtype": "m.image", "body": command, "url": "mxc://a/b"})
    await town.step()
    assert await _state(town) == before


async def test_s1_s2_who_takes_the_name_of_an_officer_has_none_of_their_rights(whole: County) -> None:
    town, stranger = whole, whole.people["stranger"]
    for who in ("kiptoo", "nelson", "cheruto"):
        shown = town.people[who].call("GET", f"/profile/{quote(town.people[who].user_id)}/displayname")
        stranger.call("PUT", f"/profile/{quote(stranger.user_id)}/displayname", shown)
        post = await town.say("chebet", "health", FORM.replace("malaria drugs", f"drugs of {who}"))
        for name, (own, rest) in ACTS.items():
            if own == who:
                stranger.say(town.rooms["health"], f"!{name} {rest}", post)
        await town.step()
    assert {state for (state,) in await town.all("SELECT state FROM request")} == {"submitted"}
    assert await town.all("SELECT count(*) FROM invite") == [(0,)]
    assert await town.all("SELECT count(*) FROM moderation_act WHERE person_id IS NOT NULL AND act <> 'report'") == [
        (0,)
    ]


async def test_s8_nothing_that_is_published_is_live_and_nobody_in_the_mirror_is_called(
    whole: County, clock: Later
) -> None:
    town = whole
    kiptoo = town.people["kiptoo"].user_id
    form = (
        "Location: Tot market @room https://evil.example/x\nProblem: The pipe at the [market](https://matrix.to/#/"
        f"{kiptoo}) has burst {kiptoo} and since the rain of last week <b>300</b> homes are dry and children walk to"
        " the river for water every morning tg://user and #room:server.org"
    )
    content = {"format": "org.matrix.custom.html", "formatted_body": form, "m.mentions": {"room": True}}
    post = await town.say("chebet", "water", form, **content)
    await pass_time(town, clock, days=4)
    await town.say("judith", "water", f"!resolve the pipe was mended {kiptoo} https://evil.example by our team", post)
    await pass_time(town, clock, days=4)
    said = _contents(town, "mirror")
    assert any("has burst" in one["body"] for one in said)  # the words were published
    assert any("mended" in one["body"] for one in said)
    for one in said:
        assert not [sign for sign in LIVE if sign in one["body"].replace(HIDDEN, "")], one["body"]
        assert (one.get("formatted_body"), one.get("m.mentions", {})) == (None, {})
    for one in _contents(town, "water"):
        assert "formatted_body" not in one
        assert one.get("m.mentions", {}).get("room") is None


async def test_s9_s12_strange_and_slow_texts_are_kept_and_the_next_post_has_its_number(town: County) -> None:
    texts = {kind: text for kind, text in nasty.texts(6_000).items() if len(text.encode(errors="replace")) < 40_000}
    sent = 0
    for kind, text in texts.items():
        clean = text.encode(errors="ignore").decode().replace("\x00", "")  # what a client can send at all
        if clean and "money" not in kind:
            town.people["rose"].say(town.rooms["water"], clean)
            sent += 1
    await town.step()
    strange = FORM.replace("Location", "\u202eLocation\u202c").replace("malaria", "mala\u0301ria")
    await town.say("chebet", "health", strange)
    assert sent > 20
    assert ", urgent, Kapsowar. Daniel, please reply here by " in town.lines("health")[0]
    assert await town.all("SELECT count(*) FROM inbox WHERE state IN ('waiting', 'parked')") == [(0,)]
    assert len(await town.posts("water")) == sent


async def test_s14_no_canary_is_in_any_line_of_the_rooms_or_in_the_export(whole: County, clock: Later) -> None:
    town, chance = whole, random.Random(14)
    planted = [citizen for citizen, _ in zip(canaries.canaries(chance), range(24), strict=False)]
    problems = {"health": "no malaria drugs for {n} days", "water": "the pipe is broken and {n} homes are dry"}
    for number, citizen in enumerate(planted):
        where = ("health", "water")[number % 2]
        values = {"location": f"Tot {number}", "problem": problems[where].format(n=number + 2)}
        text = canaries.form(chance, citizen, town.app.jurisdiction.protocol, **values)
        post = await town.say("chebet", where, text)
        done = f"!resolve {number} were brought, {citizen.name} ({citizen.phone}) signed for hers"
        await town.say(("kiptoo", "judith")[number % 2], where, done, post)
    await pass_time(town, clock, days=5)
    said = [line for where in town.rooms for line in town.lines(where)]
    said += [json.dumps(one) for one in await _export(town)]
    assert len([line for line in town.lines("mirror") if "·" in line]) >= len(planted)
    assert canaries.found(said, planted) == []


async def _export(town: County) -> list[dict[str, Any]]:
    ours = town.app.jurisdiction
    return await town.app.worker.run(lambda: town.app.store.read(lambda tx: list(publishing.exported(tx, ours))))


def _lines(entries: list[dict[str, Any]]) -> list[bytes]:
    return [json.dumps(one, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() for one in entries]


async def test_s15_the_rooms_own_checkpoints_find_every_entry_that_is_changed_dropped_or_swapped(
    whole: County, clock: Later
) -> None:
    town = whole
    for number in range(3):
        post = await town.say("chebet", "health", FORM.replace("malaria drugs", f"gloves of size {number}"))
        await town.say("kiptoo", "health", f"!resolve {number + 100} pairs were brought from the store", post)
    await pass_time(town, clock, days=3)
    checkpoints, wrong = verify_log.find_checkpoints("\n".join(town.lines("mirror")))
    entries = await _export(town)
    assert (wrong, len(checkpoints) > 0) == ([], True)
    assert verify_log.verify(_lines(entries), checkpoints).problem is None
    known = max(one.size for one in checkpoints)
    for at in range(known):
        forged = [
            [*entries[:at], entries[at] | {"ward": "Lelan"}, *entries[at + 1 :]],
            [*entries[:at], *entries[at + 1 :]],
            [*entries[:at], *reversed(entries[at : at + 2]), *entries[at + 2 :]] if at + 1 < known else entries[:at],
        ]
        for one in forged:
            assert verify_log.verify(_lines(one), checkpoints).problem is not None, at


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is logged while a test runs, everything that may be said included."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.begin([], stream)
    root.setLevel(logging.DEBUG)
    yield stream
    root.handlers[:], root.level = before, level


async def test_s17_the_access_token_is_in_no_line_of_the_log_and_in_no_row(
    town: County, written: io.StringIO, tmp_path: Path
) -> None:
    files = [path for path in (tmp_path / "matrix-state").rglob("*") if path.is_file()]
    tokens = {str(json.loads(path.read_text()).get("access_token", "")) for path in files if path.suffix == ".json"}
    (token,) = tokens - {""}
    post = await town.say("chebet", "health", FORM)
    await town.say("kiptoo", "health", "Seen, I am on it", post)
    town.server.call("POST", "/_matrix/client/v3/logout", {}, token)
    try:
        await town.say("chebet", "health", FORM.replace("malaria drugs", "gloves"))
    except ChatError:
        logging.getLogger("groupbot.app").exception("the next sync waits")  # as the running loop does
    said = written.getvalue()
    assert len(said) > 200  # the log was heard
    assert token not in said
    for table, column in (("outbox", "error"), ("inbox", "error"), ("inbox", "raw"), ("bot_state", "value")):
        assert await town.all(f"SELECT count(*) FROM {table} WHERE {column} LIKE ?", f"%{token}%") == [(0,)]
