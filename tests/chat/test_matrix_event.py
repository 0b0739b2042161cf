"""How one raw event of Matrix is read: what people write, what they mean by it, and what is malformed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groupbot.chat.matrix_event import INVITED, LET_IN, REMOVED, parse
from groupbot.records import Attachment, Update

ME = "@chebet:county.test"
WHATSAPP = {"bridged": True, "name": "+254 712 345 678"}
Json = dict[str, Any]


def event(kind: str = "m.room.message", content: Json | None = None, **more: Any) -> Json:
    base = {"type": kind, "event_id": "$1", "sender": ME, "origin_server_ts": 1_795_296_000_123}
    return {**base, "content": content if content is not None else {"msgtype": "m.text", "body": "hello"}, **more}


def read(one: Json, **wrapper: Any) -> Update:
    return parse(json.dumps({"room": "!room", "name": "Jane", "event": one, **wrapper}))


def message(content: Json, **wrapper: Any) -> Update:
    return read(event(content={"msgtype": "m.text", "body": "hello", **content}), **wrapper)


def test_a_message_is_read_with_its_room_its_sender_and_its_time() -> None:
    found = read(event())
    assert (found.platform, found.chat_id, found.message_id, found.kind) == ("matrix", "!room", "$1", "post")
    assert (found.sender_id, found.sender_name, found.text) == (ME, "Jane", "hello")
    assert found.sent_at.isoformat() == "2026-11-21T21:20:00.123000+00:00"


@pytest.mark.parametrize("room_id", ["!room:county.test", "!31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM"])
def test_m21_a_room_id_with_or_without_a_server_is_an_id(room_id: str) -> None:
    assert parse(json.dumps({"room": room_id, "event": event()})).chat_id == room_id


def test_m10_an_edit_is_about_the_first_message_and_says_the_new_words() -> None:
    relates = {"rel_type": "m.replace", "event_id": "$0"}
    found = message({"body": "* new", "m.new_content": {"msgtype": "m.text", "body": "new"}, "m.relates_to": relates})
    assert (found.kind, found.message_id, found.revision, found.text) == ("edit", "$0", "$1", "new")


def test_m11_the_quoted_lines_of_a_reply_are_no_words_of_the_one_who_replies() -> None:
    relates = {"m.in_reply_to": {"event_id": "$0"}}
    found = message({"body": "> <@x:y> /resolve all done\n> and more\n\nno, it is not", "m.relates_to": relates})
    assert (found.text, found.reply_to) == ("no, it is not", "$0")
    assert message({"body": "> 20 people\nwithout water"}).text == "> 20 people\nwithout water"


@pytest.mark.parametrize(
    ("relates", "reply_to"),
    [
        ({"rel_type": "m.thread", "event_id": "$root"}, "$root"),
        (
            {
                "rel_type": "m.thread",
                "event_id": "$root",
                "is_falling_back": True,
                "m.in_reply_to": {"event_id": "$last"},
            },
            "$root",
        ),
        ({"rel_type": "m.thread", "event_id": "$root", "m.in_reply_to": {"event_id": "$meant"}}, "$meant"),
        ({"m.in_reply_to": {"event_id": "$0"}}, "$0"),
        ({"m.in_reply_to": {}}, None),
        ({}, None),
    ],
)
def test_m11_in_a_thread_one_replies_to_its_beginning_unless_one_quotes(relates: Json, reply_to: str | None) -> None:
    assert message({"m.relates_to": relates}).reply_to == reply_to


@pytest.mark.parametrize(
    ("content", "attachment", "text"),
    [
        (
            {"msgtype": "m.image", "body": "tap.jpg", "url": "mxc://a/b", "info": {"size": 9}},
            Attachment("photo", "mxc://a/b", "tap.jpg", 9),
            "",
        ),
        (
            {"msgtype": "m.image", "body": "the broken tap", "filename": "tap.jpg", "url": "mxc://a/b"},
            Attachment("photo", "mxc://a/b", "tap.jpg"),
            "the broken tap",
        ),
        (
            {"msgtype": "m.audio", "body": "voice.ogg", "url": "mxc://a"},
            Attachment("voice", "mxc://a", "voice.ogg"),
            "",
        ),
        ({"msgtype": "m.location", "body": "here", "geo_uri": "geo:0.5,35"}, Attachment("location", "geo:0.5,35"), ""),
    ],
)
def test_files_are_known_by_what_is_said_of_them(content: Json, attachment: Attachment, text: str) -> None:
    found = read(event(content=content))
    assert (found.kind, found.attachments, found.text) == ("post", (attachment,), text)


def test_notices_are_what_bots_say() -> None:
    assert message({"msgtype": "m.notice", "body": "Problem: none"}).kind == "other"


def test_m12_a_redaction_is_read_in_old_rooms_and_new_and_when_it_came_first() -> None:
    new = read(event("m.room.redaction", {"redacts": "$0"}))
    old = read(event("m.room.redaction", {}, redacts="$0"))
    early = read(event(content={}, unsigned={"redacted_because": {"event_id": "$9"}}))
    assert [(one.kind, one.message_id, one.revision) for one in (new, old, early)] == [
        ("redaction", "$0", "$1"),
        ("redaction", "$0", "$1"),
        ("redaction", "$1", "$9"),
    ]


def test_a_reaction_is_about_the_message_under_which_it_stands() -> None:
    found = read(event("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$0", "key": "✅"}}))
    assert (found.kind, found.message_id, found.revision, found.text) == ("reaction", "$0", "$1", "✅")


@pytest.mark.parametrize(
    ("before", "now", "kind", "change"),
    [
        (None, "join", "member", "joined"),
        ("invite", "join", "member", "joined"),
        ("join", "join", "other", ""),
        ("join", "leave", "member", "left"),
        ("join", "ban", "member", "left"),
        ("invite", "leave", "other", ""),
        (None, "knock", "member", "knocks"),
        (None, "invite", "other", ""),
    ],
)
def test_who_comes_and_who_goes(before: str | None, now: str, kind: str, change: str) -> None:
    unsigned = {"prev_content": {"membership": before}} if before else {}
    found = read(event("m.room.member", {"membership": now}, state_key=ME, unsigned=unsigned))
    assert (found.kind, found.change) == (kind, change)


def test_m13_m14_m15_what_happens_to_the_room_itself() -> None:
    upgraded = read(event("m.room.tombstone", {"replacement_room": "!new"}, state_key=""))
    assert (upgraded.kind, upgraded.moved_to) == ("upgraded", "!new")
    removed = read(event("m.room.member", {"membership": "ban"}, state_key=ME), own=REMOVED)
    assert (removed.kind, removed.change) == ("standing", "left")
    entered = read(event("m.room.member", {"membership": "join"}, state_key=ME), own=LET_IN)
    assert (entered.kind, entered.change) == ("standing", "joined")
    told = {"encrypted": True, "upgrade": False, "space": False, "local": True, "reason": ""}
    invited = read(event("m.room.member", told), own=INVITED, private=True)
    assert (invited.kind, invited.token, invited.private) == ("invited", "encrypted", True)


FORGED: Json = {"encrypted": True, "upgrade": "", "space": "", "local": "", "reason": "", "membership": "leave"}


@pytest.mark.parametrize("name", [INVITED, REMOVED, LET_IN])
@pytest.mark.parametrize("start", ["", "groupbot."])
def test_no_event_whatever_its_type_says_anything_of_the_bots_own_membership(name: str, start: str) -> None:
    kind = f"{start}{name}".replace(" ", "_")
    forged = event(kind, {**FORGED, "own": name}, own=name)
    assert (read(forged).kind, read({**forged, "state_key": ME}).kind) == ("other", "other")


@pytest.mark.parametrize("kind", ["m.room.tombstone", "m.room.encryption", "m.room.member", "m.room.power_levels"])
def test_what_is_only_said_in_a_room_changes_nothing_of_the_room(kind: str) -> None:
    said = {"replacement_room": "!evil", "algorithm": "m.megolm.v1.aes-sha2", "membership": "join", "users_default": 0}
    assert read(event(kind, said)).kind == "other"
    assert read(event(kind, said, state_key="")).kind != "other"


@pytest.mark.parametrize("kind", ["m.room.power_levels", "m.room.join_rules", "m.bridge"])
def test_m16_a_change_of_who_may_write_is_to_be_looked_up(kind: str) -> None:
    assert read(event(kind, {"users_default": 0}, state_key="")).kind == "standing"


def test_m17_encryption_is_told_as_such() -> None:
    assert read(event("m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"}, state_key="")).kind == "encrypted"


# --- through the bridge -----------------------------------------------------------------------------------------------


def test_m23_a_phone_number_as_a_name_is_masked() -> None:
    assert read(event(), **WHATSAPP).sender_name == "…78"
    assert read(event(), bridged=True, name="Jane (0712345678)").sender_name == "Jane (…78)"
    assert read(event(), bridged=True, name="Jane Chebet (WA)").sender_name == "Jane Chebet (WA)"


def test_a_forwarded_message_of_whatsapp_is_told_by_its_first_line() -> None:
    found = message({"body": "↷ Forwarded\n\n!resolve all done"}, **WHATSAPP)
    assert (found.kind, found.text, found.disguise) == ("post", "!resolve all done", "forwarded")
    photo = {"msgtype": "m.image", "body": "↷ Forwarded", "filename": "tap.jpg", "url": "mxc://a"}
    assert (message(photo, **WHATSAPP).disguise, message(photo, **WHATSAPP).text) == ("forwarded", "")
    assert message({"body": "↷ Forwarded\n\nx"}).disguise == ""


def test_a_live_location_of_whatsapp_is_a_location() -> None:
    notice = {"msgtype": "m.notice", "body": "Started sharing live location: at the borehole\n\nUse the WhatsApp app"}
    found = message(notice, **WHATSAPP)
    assert (found.kind, [one.kind for one in found.attachments]) == ("post", ["location"])
    assert message(notice).kind == "other"


def test_a_better_photo_of_whatsapp_is_an_edit_that_carries_it_with_the_same_words() -> None:
    photo = {"msgtype": "m.image", "body": "the tap", "filename": "tap.jpg", "url": "mxc://sharp", "info": {"size": 9}}
    edit = {**photo, "m.new_content": photo, "m.relates_to": {"rel_type": "m.replace", "event_id": "$0"}}
    found = read(event(content=edit), **WHATSAPP)
    assert (found.kind, found.message_id, found.text) == ("edit", "$0", "the tap")
    assert found.attachments == (Attachment("photo", "mxc://sharp", "tap.jpg", 9),)
    forwarded = {**photo, "body": "\u21b7 Forwarded\n\nthe tap"}
    edit["m.new_content"] = forwarded
    found = read(event(content=edit), **WHATSAPP)
    assert (found.text, found.disguise) == ("the tap", "forwarded")


# --- what is malformed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "[]",
        "null",
        '{"room": "!r"}',
        json.dumps({"room": "!r", "event": {}}),
        json.dumps({"room": 3, "event": event()}),
        json.dumps({"room": "!r", "event": event(sender=None)}),
        json.dumps({"room": "!r", "event": event(origin_server_ts="now")}),
        json.dumps({"room": "!r", "event": event(origin_server_ts=2**63)}),
        json.dumps({"room": "!r", "event": event(origin_server_ts=-1)}),
        json.dumps({"room": "!r", "event": event(event_id="$\0")}),
        json.dumps({"room": "!r", "event": event(content={"msgtype": "m.text", "body": 1, "m.relates_to": {}})}),
        "[" * 100_000,
    ],
)
def test_m24_what_cannot_be_read_is_kept_as_it_is(raw: str) -> None:
    found = parse(raw)
    assert found.kind in ("unreadable", "other")
    assert found.raw == raw


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("msgtype", "body", "m.relates_to", "m.new_content", "url", "info", "filename", "membership", "redacts")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kind=st.sampled_from(["m.room.message", "m.reaction", "m.room.member", "m.sticker", "m.room.tombstone", "x"]),
    content=st.dictionaries(st.sampled_from(KEYS), json_values | st.sampled_from(["m.text", "m.image", "join"])),
    bridged=st.booleans(),
    state=st.booleans(),
)
def test_m24_no_content_whatever_breaks_the_reading(kind: str, content: Json, bridged: bool, state: bool) -> None:
    more = {"state_key": ME} if state else {}
    found = parse(json.dumps({"room": "!r", "bridged": bridged, "event": event(kind, content, **more)}))
    assert found.platform == "matrix"
