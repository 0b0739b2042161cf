"""What no form designer thought of, through the whole bot: the right answer or silence, and nothing left behind.

Left behind would be a row of the inbox that failed, a notice that could not be sent, an error in the log.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import pytest

from groupbot.chat.sandbox import SandboxMessage
from groupbot.chat.sandbox_update import PLATFORM, parse
from groupbot.records import Attachment, Batch
from groupbot.rehearsal.stage import Place, Player
from tests import nasty
from tests.county import FORM, PLACES, PLAYERS, County, county

NUMBER = "HLT-26-0001-J, urgent, Kapsowar. Daniel, please reply here by today 14:10. Answer due Fri 27 Nov."
# What is no part of a form and does not send the post on another road.
FORM_PARTS = [name for name in nasty.PARTS if "label" not in name and name not in ("forms", "officials and money")]


@pytest.fixture(autouse=True)
def nothing_is_logged(caplog: pytest.LogCaptureFixture):  # type: ignore[no-untyped-def]
    """No test of this file may leave an error in the log."""
    yield
    assert [record.getMessage() for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")] == []


async def left_behind(here: County) -> object:
    """How many rows of the inbox and the outbox failed."""
    inbox = await here.value("SELECT count(*) FROM inbox WHERE state <> 'done'")
    outbox = await here.value("SELECT count(*) FROM outbox WHERE state IN ('parked', 'unknown')")
    return inbox, outbox


async def bring(here: County, **fields: object) -> None:
    """Hand the bot a raw update as no polite client would send it; what is not named is an ordinary post's."""
    event = {"n": 900_001, "do": "post", "chat_id": "health", "message_id": "raw-1", "user_id": "chebet", "name": "C"}
    event |= {"at": int(here.clock().timestamp() * 1_000_000), "text": FORM, "reply_to": None, "attachments": []}
    event |= fields
    message_id, at = event["message_id"], here.clock()
    if event["do"] == "post" and isinstance(message_id, str):  # it stands in the chat, so the bot can react to it
        here.sandbox.room("health").messages[message_id] = SandboxMessage(message_id, at, "chebet", "C", "", None)
    await bring_raw(here, json.dumps(event))


async def bring_raw(here: County, raw: str) -> None:
    """Hand the bot any text in the place of an update."""
    intake = here.app.intake
    await here.app.worker.run(lambda: intake.take(PLATFORM, Batch((parse(raw),), "0"), here.clock()))
    await here.app.step()


# --- texts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part", ["spaces", "line breaks", "emoji", "flags", "controls", "lone surrogates", "overrides"]
)
async def test_signs_without_words_are_met_with_silence(part: str) -> None:
    async with county() as here:
        for number, length in enumerate((0, 1, 70, nasty.LONGEST)):
            await bring(here, text=nasty.texts(length)[part], message_id=f"raw-{number}")
        assert here.lines("health") == here.lines("mirror") == here.private("chebet") == []
        assert await left_behind(here) == (0, 0)


async def test_no_nasty_text_of_any_length_fails_and_none_is_answered_twice() -> None:
    async with county() as here:
        number = 0
        for length in (300, nasty.LONGEST):
            for text in (text for name, text in nasty.texts(length).items() if "money" not in name):
                number += 1
                await bring(here, text=text, message_id=f"raw-{number}")
                await bring(here, text=text, message_id=f"reply-{number}", reply_to=f"raw-{number}", user_id="kiptoo")
                await here.wait(minutes=61)
        lines = await here.value("SELECT count(*) FROM outbox WHERE action = 'send' AND chat_id = 'health'")
        assert isinstance(lines, int)
        assert lines <= 3 * number  # a number, the emergency numbers where there is danger, and one for the reply
        assert await left_behind(here) == (0, 0)


@pytest.mark.parametrize("part", FORM_PARTS)
async def test_a_form_before_sixty_thousand_signs_of_anything_is_registered(part: str) -> None:
    async with county() as here:
        rest = nasty.texts()[part]
        await bring(here, text=f"{FORM}\n\n\n{rest}")
        assert await here.value("SELECT count(*) FROM request") >= 1
        assert await here.value("SELECT priority FROM request WHERE id = 1") in ("urgent", "routine")
        assert here.lines("health")[0].startswith("HLT-26-0001-J")
        assert await left_behind(here) == (0, 0)


@pytest.mark.parametrize(
    "text",
    [
        FORM.replace("Location", "\u202eLocation\u202c"),
        FORM.replace("malaria", "ma\x00laria"),
        FORM.replace("malaria", "ma\ud800laria"),
        FORM.replace("malaria", "".join(letter + nasty.ZALGO for letter in "malaria")),
        FORM.replace("Location", "L\u200bo\u200bc\u200ba\u200btion"),
        FORM.replace("Location", "Lосаtіоn"),  # Cyrillic letters
        FORM.replace("Location", "**Location**").replace("Problem", "__Problem__"),
        FORM.replace("malaria", "<script>alert(1)</script> <b>malaria</b> &lt;"),
        FORM.replace("malaria", "[malaria](https://example.org) `code` ~~x~~ @everyone @groupbot"),
        FORM.replace("malaria", '{"problem": "malaria", "$ref": "#"} {ref} {0} %s %(x)s'),
        FORM.replace("malaria", "'); DROP TABLE request; --"),
        FORM.replace("\n", "\r\n"),
        FORM.replace("\n", "\u2028"),
    ],
)
async def test_a_form_with_strange_signs_gets_the_same_line_as_any_other(text: str) -> None:
    async with county() as here:
        await bring(here, text=text)
        assert here.lines("health") == [NUMBER]
        assert await here.value("SELECT address FROM request") == "Kapsowar sub-county hospital"
        assert await left_behind(here) == (0, 0)


async def test_a_confidential_case_is_not_found_again_by_a_form_on_the_same_matter() -> None:
    async with county() as here:
        await here.say(
            "chebet", "health", f"{FORM}\n\nThe clerk asked the patients for 500 shillings and gave no receipt"
        )
        assert here.lines("health") == []
        await here.say("chebet", "health", FORM)
        assert here.lines("health") == [NUMBER]
        assert await here.value("SELECT route FROM request WHERE id = 1") == "private"


async def test_a_thousand_labels_and_five_hundred_requests_are_one_line_with_twenty_numbers() -> None:
    async with county() as here:
        posts = [f"Location: Tot {n}\nProblem: borehole {n} is broken" for n in range(500)]
        await bring(here, text="\n\n".join(posts)[: nasty.LONGEST])
        line, rest = here.lines("health")
        assert rest == "I took the first 20. Please post the rest in another message."
        assert [item[:11] for item in line.split("\n")[:20]] == [f"HLT-26-{n:04}" for n in range(1, 21)]
        assert await here.value("SELECT count(*) FROM request") == 20
        (mirrored,) = here.lines("mirror")
        assert [item[:11] for item in mirrored.split("\n")] == [f"HLT-26-{n:04}" for n in range(1, 21)]
        assert await left_behind(here) == (0, 0)


async def test_a_photo_alone_is_kept_in_silence() -> None:
    async with county() as here:
        await here.say("chebet", "health", "", attachments=(Attachment("photo", "p" * 10_000, "\u202egpj.exe"),))
        assert here.lines("health") == []
        assert await here.value("SELECT count(*) FROM attachment") == 1
        assert await left_behind(here) == (0, 0)


# --- people ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["Daniel Kiptoo", "Dаniel Kіptoo", "Daniel\u200b Kiptoo", "DANIEL KIPTOO ✅", "kiptoo"]
)
async def test_who_only_looks_like_the_coordinator_has_no_rights(name: str) -> None:
    players = (*PLAYERS, Player("impostor", name))
    places = [Place(p.chat_id, p.title, p.kind, p.service_code, (*p.members, "impostor")) for p in PLACES]
    async with county(players=players, places=places) as here:
        post = await here.say("chebet", "health", FORM)
        await here.say("impostor", "health", "Seen, I am on it", reply_to=post)
        await here.say("impostor", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        assert await here.value("SELECT state FROM request") == "submitted"
        await here.say("kiptoo", "health", "/resolve 200 doses delivered to the hospital", reply_to=post)
        await here.say("impostor", "health", "Yes, confirmed, she got hers", reply_to=post)
        assert await here.value("SELECT state FROM request") == "answered"
        assert here.reaction("health", post) == ""
        assert await left_behind(here) == (0, 0)


async def test_two_hundred_posts_of_one_member_in_a_minute_are_all_kept_and_hardly_answered() -> None:
    async with county() as here:
        for number in range(200):
            here.sandbox.post("health", "chebet", FORM if number % 2 else f"hello {number}", at=here.clock())
        await here.app.step()
        assert here.lines("health") == [NUMBER]
        assert await here.value("SELECT count(*) FROM inbox") == 200
        assert await left_behind(here) == (0, 0)


async def test_two_hundred_different_needs_in_a_minute_each_get_their_number_in_order() -> None:
    async with county() as here:
        for number in range(200):
            text = f"Location: Tot {number}\nProblem: borehole {number} of the {number}th village has broken"
            here.sandbox.post("water", "chebet", text, at=here.clock())
        await here.app.step()
        assert [line[:11] for line in here.lines("water")] == [f"WTR-26-{n:04}" for n in range(1, 201)]
        assert await left_behind(here) == (0, 0)


# --- messages, edits, taps -------------------------------------------------------------------------------------------


async def test_ids_and_names_of_ten_thousand_signs_are_nothing_special() -> None:
    async with county() as here:
        long = "x" * 10_000
        await bring(here, message_id=long, name=long, album_id=long, attachments=[{"kind": "photo", "file_id": long}])
        assert here.lines("health") == [NUMBER]
        await bring(here, do="edit", n=900_002, message_id=long, text=FORM.replace("Urgent", "Normal"))
        await bring(here, n=900_003, user_id=long, message_id="raw-2")
        assert [line[:13] for line in here.lines("health")] == ["HLT-26-0001-J", "HLT-26-0001-J", "I do not know"]
        assert await left_behind(here) == (0, 0)


@pytest.mark.parametrize("text", ["YES", "Not yet, no water", "/resolve 200 doses delivered", "EMERGENCY", "?", ""])
async def test_a_reply_to_what_does_not_exist_does_nothing(text: str) -> None:
    async with county() as here:
        for number, gone in enumerate(("no-such-message", "", "0", "-1", "y" * 10_000, "HLT-26-0001-J")):
            await bring(here, text=text, reply_to=gone, user_id="kiptoo", message_id=f"raw-{number}")
        assert await here.value("SELECT count(*) FROM request") == 0
        assert len(here.lines("health")) == (6 if text.startswith("/") else 0)  # a command is told how it is given
        assert await left_behind(here) == (0, 0)


async def test_a_form_in_reply_to_what_does_not_exist_is_registered() -> None:
    async with county() as here:
        await bring(here, reply_to="no-such-message")
        assert here.lines("health") == [NUMBER]


async def test_an_edit_of_a_message_never_seen_is_read_as_a_post_and_acts_in_it_do_nothing() -> None:
    async with county() as here:
        await here.say("chebet", "health", FORM)
        for number, text in enumerate(("YES", "/resolve HLT-26-0001-J all delivered to the hospital", "hello", "")):
            await bring(here, do="edit", n=900_100 + number, message_id=f"never-{number}", text=text, user_id="kiptoo")
        assert len(here.lines("health")) == 1
        assert await here.value("SELECT state FROM request") == "submitted"
        await bring(here, do="edit", n=900_200, message_id="never", text=FORM.replace("malaria", "typhoid"))
        assert here.lines("health")[1].startswith("HLT-26-0002-K, urgent, Kapsowar.")
        assert await left_behind(here) == (0, 0)


@pytest.mark.parametrize("token", ["", "0", "x" * 10_000, "' OR 1=1 --", "\x00", "\ud800", "🙏🏾", "HLT-26-0001-J"])
async def test_a_token_that_nobody_was_given_does_nothing(token: str) -> None:
    async with county() as here:
        await here.say("chebet", "water", "The borehole at Kamwosor has broken down, people have no water")
        before = here.lines("water")
        await bring(here, do="tap", chat_id="water", token=token, message_id=here.messages("water")[0].id)
        assert here.lines("water") == before
        assert await here.value("SELECT count(*) FROM request") == 0
        assert await left_behind(here) == (0, 0)


async def test_a_token_works_for_its_person_in_its_chat_once() -> None:
    async with county() as here:
        await here.say("chebet", "water", "The borehole at Kamwosor has broken down, people have no water")
        (offer,) = here.messages("water")
        token = offer.buttons[0][1]
        for number, (who, where) in enumerate((("rose", "water"), ("chebet", "health"), ("stranger", "water"))):
            await bring(
                here, do="tap", n=900_300 + number, chat_id=where, user_id=who, token=token, message_id=offer.id
            )
        assert await here.value("SELECT count(*) FROM request") == 0
        for number in range(3):
            await bring(here, do="tap", n=900_400 + number, chat_id="water", token=token, message_id=offer.id)
        assert await here.value("SELECT count(*) FROM request") == 1
        assert len(here.lines("water")) == 2
        assert await left_behind(here) == (0, 0)


# --- raw updates -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"at": 10**30},
        {"at": "tomorrow"},
        {"at": None},
        {"at": True},
        {"at": 1e400},
        {"text": None},
        {"text": ["a"]},
        {"chat_id": "health\x00"},
        {"message_id": "\ud800"},
        {"message_id": "a\x00b"},
        {"user_id": "\udfff"},
        {"user_id": "chebet\x00"},
        {"reply_to": "\ud800"},
        {"album_id": "\ud800"},
        {"n": "\ud800"},
        {"attachments": [{"kind": "photo", "file_id": "f", "size": 10**30}]},
        {"attachments": [{"kind": "photo", "file_id": "f", "size": -1}]},
        {"attachments": [{"kind": "photo", "file_id": "\ud800"}]},
        {"attachments": [{"kind": "photo", "file_id": "f", "name": "\x00"}]},
        {"attachments": [{"kind": "tank", "file_id": "f"}]},
        {"attachments": {"kind": "photo"}},
        {"attachments": [[]]},
        {"do": {"a": 1}},
    ],
)
async def test_an_update_that_cannot_be_kept_as_it_is_stops_nothing(fields: dict[str, object]) -> None:
    async with county() as here:
        await bring(here, **fields)
        await bring(here, message_id="the next one")
        assert len(here.lines("health")) == 1
        assert here.lines("health")[0].startswith("HLT-26-0001-J")
        assert await here.value("SELECT count(*) FROM inbox") == 2
        assert await left_behind(here) == (0, 0)


@pytest.mark.parametrize(
    "raw", ["", "null", "[]", "{}", '{"do":', "\x00", "\ud800", "[" * 100_000, '{"n":' + "9" * 5_000]
)
async def test_a_raw_text_that_is_no_update_is_kept_once_and_does_nothing(raw: str) -> None:
    async with county() as here:
        for _ in range(2):
            await bring_raw(here, raw)
        assert await here.value("SELECT count(*) FROM inbox") == 1
        assert await here.value("SELECT count(*) FROM outbox") == 0
        assert await left_behind(here) == (0, 0)


# --- steps -----------------------------------------------------------------------------------------------------------


def steps(rule: Callable[[str], object], text: str) -> int:
    """How many functions, Python's and C's, a rule calls for a text: the same on every machine."""
    count = 0

    def called(frame: object, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        rule(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", nasty.rules())
def test_the_steps_of_a_rule_grow_no_faster_than_its_text_whatever_it_holds(name: str) -> None:
    rule = nasty.rules()[name]
    short, long = nasty.texts(400), nasty.texts(1_600)
    for kind in nasty.PARTS:
        text = short[kind]
        rule(text), rule(long[kind])  # what is kept from one reading to the next is not counted
        few, many = steps(rule, text), steps(rule, long[kind])
        assert many <= 5 * few + 500, kind


def test_a_rule_that_looks_at_every_pair_is_found() -> None:
    def pairs(text: str) -> int:
        return sum(one.isalpha() for one in text for _ in text.split(" ")[0:9999:40] if one.isalpha())

    assert steps(pairs, "ab " * 400) * 5 + 500 < steps(pairs, "ab " * 1_600)
