"""The sandbox's page and API over a real socket."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, DummyCookieJar
from aiohttp.test_utils import TestClient, TestServer

from groupbot.chat import Outgoing, Picture
from groupbot.chat.sandbox import SHOWN, Sandbox, SandboxChat
from groupbot.cli.sandbox import page_settings
from groupbot.records import Attachment
from groupbot.web.sandbox.server import PageSettings, make_app
from tests.county import ZONE, jurisdiction

START = datetime(2025, 11, 24, 9, 0, tzinfo=UTC)  # a Monday, noon in Nairobi
FORM = "SERVICE REQUEST\nLocation: \nProblem: "
FIRST_LOAD = 14_336  # bytes, all files and the first state together


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    async def move(self, to: datetime) -> None:
        self.at = to


class Town:
    """A small sandbox behind a running server."""

    def __init__(self) -> None:
        self.sandbox, self.clock = Sandbox(), Clock()
        self.sandbox.add_person("chebet", "Chebet <b>", "ward_admin", ward="Kapsowar")
        self.sandbox.add_person("kiptoo", "Kiptoo", "coordinator", service_code="health")
        self.sandbox.add_person("cso", "Observer", "observer")
        self.sandbox.add_chat("health", "Health feedback", "department", ("chebet", "kiptoo"))
        self.sandbox.add_chat("mirror", "CSO mirror", "mirror", ("cso",))
        self.sandbox.add_private_chat("kiptoo")
        self.bot = SandboxChat(self.sandbox, self.clock.now)
        self.settings = PageSettings("Elgeyo Marakwet County", "Africa/Nairobi", FORM, lambda now: now.replace(hour=23))
        self.client: TestClient[Any, Any]

    async def send(self, act: str, **body: object) -> tuple[int, Any]:
        response = await self.client.post(f"/api/{act}", json=body)
        return response.status, await response.json()

    async def get(self, path: str) -> Any:
        return await (await self.client.get(f"/api/{path}")).json()

    async def say(self, text: str, **more: object) -> tuple[int, Any]:
        return await self.send("post", **{"chat_id": "health", "user_id": "chebet", "text": text, **more})


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    made = Town()
    app = make_app(made.sandbox, made.clock, made.clock.move, made.settings)
    async with TestClient(TestServer(app)) as made.client:
        yield made


# --- reading ---------------------------------------------------------------------------------------------------------


async def test_the_state_names_the_county_the_clock_the_groups_and_who_sits_where(town: Town) -> None:
    town.sandbox.post("health", "chebet", "Pump  is\nbroken " + "x" * 100, at=START)
    assert await town.get("state") == {
        "county": "Elgeyo Marakwet County",
        "timezone": "Africa/Nairobi",
        "form": FORM,
        "opening": True,
        "now": 1763974800000,
        "chats": [
            {
                "id": "health",
                "title": "Health feedback",
                "kind": "department",
                "last": 1,
                "at": 1763974800000,
                "by": "Chebet <b>",
                "snippet": "Pump is broken " + "x" * 65,
                "seats": [0, 1],
            },
            {"id": "mirror", "title": "CSO mirror", "kind": "mirror", "last": 0, "seats": [2]},
            {
                "id": "private:kiptoo",
                "title": "private: Kiptoo",
                "kind": "private",
                "last": 0,
                "private_to": "kiptoo",
                "seats": [1],
            },
        ],
        "people": [
            {"id": "chebet", "name": "Chebet <b>", "role": "ward_admin", "ward": "Kapsowar", "of": ""},
            {"id": "kiptoo", "name": "Kiptoo", "role": "coordinator", "ward": "", "of": "health"},
            {"id": "cso", "name": "Observer", "role": "observer", "ward": "", "of": ""},
        ],
    }


async def test_a_message_shows_all_that_became_of_it(town: Town) -> None:
    asked = town.sandbox.post("health", "chebet", "Pump broken", at=START)
    town.sandbox.edit("health", "chebet", asked, "Pump broken at Endo", START)
    town.sandbox.react("health", "kiptoo", asked, "👍", START)
    await town.bot.react("health", asked, "👀")
    offered = await town.bot.send(Outgoing("health", "Shall I?", "t1", asked, (("YES", "y1"),)))
    await town.bot.pin("health", offered)
    gone = town.sandbox.post("health", "kiptoo", "secret", at=START)
    town.sandbox.delete("health", "kiptoo", gone, START)
    chebet = {"by": "chebet", "name": "Chebet <b>", "bot": False, "role": "ward_admin", "ward": "Kapsowar"}
    bot = {"by": "groupbot", "name": "groupbot", "bot": True, "role": "", "ward": ""}
    kiptoo = {"by": "kiptoo", "name": "Kiptoo", "bot": False, "role": "coordinator", "ward": ""}
    at = 1763974800000
    shown = await town.get("messages?chat=health")
    assert [message.pop("v") for message in shown["messages"]] == [10, 12, 14]  # each one's last event
    assert shown == {
        "earlier": False,
        "messages": [
            {
                **chebet,
                "id": "1",
                "at": at,
                "text": "Pump broken at Endo",
                "olds": ["Pump broken"],
                "reactions": {"👍": {"kiptoo": "Kiptoo"}, "👀": {"groupbot": "groupbot"}},
            },
            {
                **bot,
                "id": "2",
                "at": at,
                "text": "Shall I?",
                "reply_to": "1",
                "buttons": [["YES", "y1"]],
                "pinned": True,
            },
            {**kiptoo, "id": "3", "at": at, "deleted": True},
        ],
    }


async def test_a_long_history_comes_in_pages(town: Town) -> None:
    for number in range(1, 451):
        town.sandbox.post("health", "chebet", f"post {number}", at=START)
    newest = await town.get("messages?chat=health")
    middle = await town.get("messages?chat=health&before=251")
    oldest = await town.get("messages?chat=health&before=51")
    texts = [message["text"] for page in (oldest, middle, newest) for message in page["messages"]]
    assert texts == [f"post {number}" for number in range(1, 451)]
    assert (newest["earlier"], middle["earlier"], oldest["earlier"]) == (True, True, False)


# --- acting ----------------------------------------------------------------------------------------------------------


async def test_a_post_reaches_the_bot_at_the_sandbox_time(town: Town) -> None:
    town.clock.at = START + timedelta(days=3)
    status, message = await town.say("Pump broken", forwarded=True, photo=True)
    update = (await town.bot.fetch(None)).updates[0]
    assert (status, message["text"], message["forwarded"], message["files"]) == (
        200,
        "Pump broken",
        True,
        [{"kind": "photo", "name": "photo-1.jpg"}],
    )
    assert (update.text, update.sent_at, update.disguise) == ("Pump broken", town.clock.at, "forwarded")
    assert [file.kind for file in update.attachments] == ["photo"]


async def test_a_pin_is_posted_like_a_photo_with_words_or_without(town: Town) -> None:
    status, message = await town.say("", pin=True)
    assert (status, message["files"]) == (200, [{"kind": "location", "name": ""}])
    await town.say("Tot bridge", pin=True, photo=True)
    pin, both = (await town.bot.fetch(None)).updates
    assert (pin.text, pin.attachments) == ("", (Attachment("location", "geo:0.000000,0.000000"),))
    assert [file.kind for file in both.attachments] == ["photo", "location"]


async def test_people_reply_edit_tap_react_and_delete(town: Town) -> None:
    await town.say("Pump broken")
    offered = await town.bot.send(Outgoing("health", "Shall I?", "t1", "1", (("YES", "y1"),)))
    about = {"chat_id": "health", "user_id": "chebet"}
    assert (await town.say("Yes", reply_to=offered))[1]["reply_to"] == offered
    assert (await town.send("edit", **about, message_id="1", text="Pump broken!"))[1]["olds"] == ["Pump broken"]
    assert (await town.send("tap", **about, message_id=offered, token="y1"))[0] == 200
    reacted = (await town.send("react", **about, message_id=offered, emoji="👍"))[1]["reactions"]
    assert reacted == {"👍": {"chebet": "Chebet <b>"}}
    assert "reactions" not in (await town.send("react", **about, message_id=offered, emoji=""))[1]
    assert (await town.send("delete", **about, message_id="1"))[1]["deleted"] is True
    kinds = [update.kind for update in (await town.bot.fetch(None)).updates]
    assert kinds == ["post", "post", "edit", "tap", "reaction", "reaction", "redaction"]


@pytest.mark.parametrize(
    ("act", "change", "sentence"),
    [
        ("post", {"chat_id": "mirror", "user_id": "cso"}, "CSO mirror is read-only: only the bot writes there."),
        ("post", {"user_id": "cso"}, "Observer does not sit in Health feedback."),
        ("post", {"user_id": "nobody"}, "There is no person 'nobody'."),
        ("post", {"chat_id": "nowhere"}, "There is no chat 'nowhere'."),
        ("post", {"chat_id": None}, "'chat_id' is missing or is not text."),
        ("post", {"text": " \n "}, "Nothing to send: write a text or add a photo."),
        ("post", {"text": 5}, "'text' is missing or is not text."),
        ("post", {"text": "x", "reply_to": 4}, "'reply_to' is missing or is not text."),
        ("post", {"text": "x", "reply_to": "4"}, "That message is no longer there."),
        ("post", {"text": "x", "photo": "yes"}, "'photo' must be true or false."),
        ("post", {"text": "x", "pin": 1}, "'pin' must be true or false."),
        ("edit", {"user_id": "kiptoo"}, "Only the one who wrote a message can change it."),
        ("edit", {"text": ""}, "A message cannot be edited to nothing; delete it instead."),
        ("tap", {"token": None}, "'token' is missing or is not text."),
        ("react", {"emoji": "x" * 17}, "One emoji, please."),
        ("delete", {"message_id": "7"}, "That message is no longer there."),
        ("clock", {"move": "yesterday"}, "That is no date and time; write it as 2025-11-24T09:00."),
        ("clock", {"move": "2025-11-24T12:00"}, "The clock only moves forward; choose a later time."),
        ("clock", {"move": "2027-11-24T12:00"}, "That is too far: at most 400 days ahead in one step."),
        ("clock", {"move": "0001-01-01T00:00"}, "That is no date and time; write it as 2025-11-24T09:00."),
    ],
)
async def test_bad_input_is_answered_with_a_sentence_and_changes_nothing(
    town: Town, act: str, change: dict[str, object], sentence: str
) -> None:
    await town.say("Pump broken")
    before = await town.get("messages?chat=health")
    body = {"chat_id": "health", "user_id": "chebet", "message_id": "1", "text": "hi", "emoji": "👍", **change}
    assert await town.send(act, **body) == (400, {"error": sentence})
    assert await town.get("messages?chat=health") == before
    assert town.clock.now() == START


@pytest.mark.parametrize("body", ["", "{", "[]", '"x"', "[" * 60_000, '{"chat_id": "health"'])
async def test_a_body_that_is_no_object_is_answered_with_a_sentence(town: Town, body: str) -> None:
    response = await town.client.post("/api/post", data=body, headers={"Content-Type": "application/json"})
    assert response.status == 400
    assert (await response.json())["error"] in ("That is not JSON.", "A JSON object is expected.")


async def test_too_long_a_post_is_answered_with_a_sentence(town: Town) -> None:
    assert await town.say("x" * 300_000) == (400, {"error": "That is too long to send: at most 256 kB."})
    assert (await town.say("x" * 64_000))[0] == 200


@pytest.mark.parametrize("query", ["", "?chat=nowhere", "?chat=health&before=x", "?chat=health&before=-1"])
async def test_messages_of_no_chat_or_before_no_number_are_bad_input(town: Town, query: str) -> None:
    assert (await town.client.get("/api/messages" + query)).status == 400


async def test_what_is_not_there_is_404_with_a_sentence(town: Town) -> None:
    for path in ("/nothing.js", "/api/nothing", "/..%2fserver.py"):
        response = await town.client.get(path)
        assert (response.status, await response.json()) == (404, {"error": "Not Found."})


# --- the clock -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("move", "to"),
    [
        ("hour", START + timedelta(hours=1)),
        ("day", START + timedelta(days=1)),
        ("opening", START.replace(hour=23)),
        ("2025-11-26T08:30", datetime(2025, 11, 26, 5, 30, tzinfo=UTC)),
        ("2025-11-26T08:30+01:00", datetime(2025, 11, 26, 7, 30, tzinfo=UTC)),
    ],
)
async def test_the_clock_moves_where_it_was_sent(town: Town, move: str, to: datetime) -> None:
    assert await town.send("clock", move=move) == (200, {"now": int(to.timestamp() * 1000)})
    assert town.clock.now() == to
    assert town.sandbox.state.latest == to


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-24T09:30", "2026-11-25T08:00"),  # where a newcomer starts: a Tuesday, the offices open
        ("2026-11-24T08:00", "2026-11-25T08:00"),
        ("2026-11-24T07:59", "2026-11-24T08:00"),
        ("2026-11-27T16:00", "2026-11-30T08:00"),  # over the weekend
        ("2026-12-11T18:00", "2026-12-14T08:00"),  # Jamhuri Day is that Saturday
    ],
)
async def test_the_next_opening_is_one_to_come_also_in_office_hours(town: Town, now: str, opens: str) -> None:
    town.clock.at = datetime.fromisoformat(now).replace(tzinfo=ZONE)
    app = make_app(town.sandbox, town.clock, town.clock.move, page_settings(jurisdiction()))
    async with TestClient(TestServer(app)) as town.client:
        assert (await town.send("clock", move="opening"))[0] == 200
    assert town.clock.now() == datetime.fromisoformat(opens).replace(tzinfo=ZONE)


async def test_a_moving_clock_is_not_moved_again(town: Town) -> None:
    going, may_end = asyncio.Event(), asyncio.Event()

    async def slow(to: datetime) -> None:
        going.set()
        await may_end.wait()
        town.clock.at = to

    app = make_app(town.sandbox, town.clock, slow, town.settings)
    async with TestClient(TestServer(app)) as town.client:
        first = asyncio.create_task(town.send("clock", move="hour"))
        await going.wait()
        assert await town.send("clock", move="hour") == (
            400,
            {"error": "The clock is already moving; wait until it stands."},
        )
        may_end.set()
        assert (await first)[0] == 200


async def test_a_failure_while_the_clock_moves_is_told_and_does_not_lock_the_clock(town: Town) -> None:
    async def broken(_to: datetime) -> None:
        raise RuntimeError("a rule failed")

    app = make_app(town.sandbox, town.clock, broken, town.settings)
    async with TestClient(TestServer(app)) as town.client:
        for _ in range(2):
            assert await town.send("clock", move="hour") == (
                500,
                {"error": "Something went wrong in the sandbox; its log says what."},
            )


# --- live ------------------------------------------------------------------------------------------------------------


async def told(stream: Any) -> Any:
    line = await asyncio.wait_for(stream.content.readuntil(b"\n\n"), 5)
    return json.loads(line.removeprefix(b"data: "))


async def test_every_open_page_is_told_of_every_change(town: Town) -> None:
    async with town.client.get("/api/events") as one, town.client.get("/api/events") as two:
        assert one.headers["Content-Type"] == "text/event-stream"
        assert [await told(one), await told(two)] == [{"now": 1763974800000}] * 2
        await town.say("Pump broken")
        change = await told(one)
        assert await told(two) == change
        assert (change["chat"]["id"], change["chat"]["last"], change["message"]["text"]) == ("health", 1, "Pump broken")
        await town.bot.react("health", "1", "👀")
        assert (await told(one))["message"]["reactions"] == {"👀": {"groupbot": "groupbot"}}
        await town.send("clock", move="hour")
        assert await told(one) == {"now": 1763978400000}
        town.sandbox.join("health", "cso")
        assert await told(one) == {"now": 1763978400000, "stage": True}


async def test_open_pages_do_not_hold_up_the_end(town: Town) -> None:
    stream = await town.client.get("/api/events")
    await told(stream)
    begun = time.monotonic()
    await town.client.server.close()
    assert time.monotonic() - begun < 5
    assert await stream.content.read() == b""
    stream.close()


async def test_a_page_that_went_away_is_forgotten(town: Town) -> None:
    stream = await town.client.get("/api/events")
    await told(stream)
    stream.close()
    for _ in range(100):
        town.sandbox.react("health", "chebet", town.sandbox.post("health", "chebet", "x", at=START), "👍", START)
        await asyncio.sleep(0.01)
        if not town.sandbox._watchers:
            break
    assert not town.sandbox._watchers


# --- who may ask -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example", "10.0.0.1:80"])
async def test_another_host_name_is_refused(town: Town, host: str) -> None:
    for path in ("/", "/api/state"):
        response = await town.client.get(path, headers={"Host": host})
        assert (response.status, await response.json()) == (
            403,
            {"error": "The sandbox answers only on this machine, as 127.0.0.1 or localhost."},
        )


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1", "127.0.0.1:8080", "[::1]:8080", "[::1]"])
async def test_this_machine_is_answered_under_each_of_its_names(town: Town, host: str) -> None:
    assert (await town.client.get("/api/state", headers={"Host": host})).status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
async def test_what_another_site_sends_is_refused_and_does_nothing(
    town: Town, headers: dict[str, str], status: int
) -> None:
    body = json.dumps({"chat_id": "health", "user_id": "chebet", "text": "forged"})
    response = await town.client.post("/api/post", data=body, headers={"Content-Type": "application/json", **headers})
    assert response.status == status
    assert town.sandbox.messages("health") == []


async def test_the_page_itself_may_send(town: Town) -> None:
    own = str(town.client.make_url("/")).rstrip("/")
    body = {"chat_id": "health", "user_id": "chebet", "text": "mine"}
    response = await town.client.post("/api/post", json=body, headers={"Origin": own, "Sec-Fetch-Site": "same-origin"})
    assert response.status == 200


async def test_every_answer_carries_the_protective_headers(town: Town) -> None:
    for path in ("/", "/api/state", "/nothing", "/api/messages?chat=nowhere"):
        headers = (await town.client.get(path)).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert headers["X-Content-Type-Options"] == "nosniff"


# --- the page --------------------------------------------------------------------------------------------------------


async def loaded_files(town: Town) -> list[str]:
    page = await (await town.client.get("/")).text()
    return ["/", *("/" + name for name in re.findall(r'(?:href|src)="([^"]+\?v=[^"]+)"', page))]


async def test_the_first_load_is_small_even_with_a_whole_county(town: Town) -> None:
    for number in range(60):
        town.sandbox.add_person(f"person-{number}", f"Chepkoech Kiplimo {number}", "ward_admin", ward=f"Ward {number}")
        town.sandbox.add_private_chat(f"person-{number}")
    for number in range(12):
        title, members = f"Department {number} feedback", [f"person-{seat}" for seat in range(25)]
        town.sandbox.add_chat(f"department-{number}", title, "department", members)
    files = await loaded_files(town)
    assert len(files) == 4
    base, total = town.client.make_url("/"), 0
    async with ClientSession(base, cookie_jar=DummyCookieJar(), auto_decompress=False) as browser:
        for path in (*files, "/api/state"):
            response = await browser.get(path, headers={"Accept-Encoding": "gzip, deflate, br"})
            assert (response.status, response.headers["Content-Encoding"]) == (200, "gzip")
            total += len(await response.read())
    assert 4_000 < total <= FIRST_LOAD


async def test_files_are_kept_by_the_browser_and_the_page_is_asked_for_again(town: Town) -> None:
    page, *others = await loaded_files(town)
    first = await town.client.get(page)
    again = await town.client.get(page, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.headers["Cache-Control"], again.status, await again.read()) == ("no-cache", 304, b"")
    for path in others:
        assert (await town.client.get(path)).headers["Cache-Control"] == "public, max-age=31536000, immutable"


async def test_a_client_without_gzip_gets_the_same_bytes(town: Town) -> None:
    for path in (*(await loaded_files(town)), "/api/state"):
        async with ClientSession(town.client.make_url("/"), auto_decompress=False) as browser:
            plain = await (await browser.get(path, headers={"Accept-Encoding": "identity"})).read()
            packed = await (await browser.get(path, headers={"Accept-Encoding": "gzip"})).read()
        assert plain == (gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed)


async def test_the_page_asks_nobody_else_and_runs_nothing_inline(town: Town) -> None:
    text = ""
    for path in await loaded_files(town):
        text += await (await town.client.get(path)).text()
    assert not re.findall(r"https?://|//[a-z0-9-]+\.[a-z]", text)
    assert not re.findall(
        r"\son[a-z]+=|\sstyle=|<style|<script>|innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", text
    )


# --- pictures --------------------------------------------------------------------------------------------------------


async def test_a_picture_is_named_with_its_size_and_words_and_its_file_is_asked_for_by_itself(town: Town) -> None:
    picture = Picture(b"\x89PNG bytes", 1080, 1500, "figures.png", "Half of them <b>")
    bot = SandboxChat(town.sandbox, town.clock.now, SHOWN)
    number = await bot.send(Outgoing("health", "The figures", "txn", picture=picture))
    (message,) = (await town.get("messages?chat=health"))["messages"]
    assert message["picture"] == {"width": 1080, "height": 1500, "alt": "Half of them <b>"}
    response = await town.client.get(f"/api/picture?chat=health&message={number}")
    assert (response.status, response.content_type, await response.read()) == (200, "image/png", picture.png)
    await bot.delete("health", number)
    assert (await town.client.get(f"/api/picture?chat=health&message={number}")).status == 400


@pytest.mark.parametrize("asked", ["", "?chat=health", "?chat=health&message=1", "?chat=nowhere&message=1"])
async def test_a_picture_that_is_none_is_refused(town: Town, asked: str) -> None:
    await town.say("No picture")
    response = await town.client.get(f"/api/picture{asked}")
    assert response.status in (400, 404)
    assert "error" in await response.json()
