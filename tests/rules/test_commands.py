"""Commands: `/cmd`, `!cmd`, and plain words before a reference; in the shipped pack's words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupbot import protocol
from groupbot.rules.commands import CommandCall, read_command

REF = "HLT-26-0042-R"
WORDS = protocol.load(protocol.locate(None)).words
ALIASES = {
    alias.casefold(): command
    for words in WORDS.values()
    for command, aliases in words.commands.items()
    for alias in (command, *aliases)
}
COMMANDS = {
    "resolve", "status", "help", "undo", "move", "cannot", "by", "cover", "priority", "same", "withdraw", "request",
    "local", "mine", "join", "language", "invite", "connect", "approve", "assign", "holiday", "pause", "protect", "why",
    "announce", "we_see", "health", "report", "contact", "safe", "release", "warn", "mute", "ban", "lift", "called",
    "disconnect", "workday", "guards",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        (f"/resolve {REF} 200 doses delivered", "resolve", f"{REF} 200 doses delivered"),
        ("/resolve 200 doses delivered", "resolve", "200 doses delivered"),
        (f"kwa nini {REF}", "why", REF),
        (f"Kwa  nini: {REF}", "why", REF),
        ("/kwa nini", "why", ""),
        ("!resolve 200 doses", "resolve", "200 doses"),
        ("/done valve replaced", "resolve", "valve replaced"),
        ("/DONE Valve replaced", "resolve", "Valve replaced"),
        ("  /done Valve replaced  ", "resolve", "Valve replaced"),
        ("/ done Valve replaced", "resolve", "Valve replaced"),
        ("/done: Valve replaced", "resolve", "Valve replaced"),
        ("/resolve\nValve replaced\nby the team", "resolve", "\nValve replaced\nby the team"),
        ("/resolve Valve replaced\n\nby the team", "resolve", "Valve replaced\n\nby the team"),
        ("／status " + REF, "status", REF),
        ("/status", "status", ""),
        ("/mine", "mine", ""),
        ("/we-see HLT-26-0042-R taps are dry", "we_see", "HLT-26-0042-R taps are dry"),
        ("/we_see HLT-26-0042-R taps are dry", "we_see", "HLT-26-0042-R taps are dry"),
        ("/can't no budget this year", "cannot", "no budget this year"),
        ("/can’t no budget this year", "cannot", "no budget this year"),
        ("/start", "join", ""),
        (f"resolve {REF} valve replaced", "resolve", f"{REF} valve replaced"),
        ("Resolve hlt 26 0042 r valve replaced", "resolve", "hlt 26 0042 r valve replaced"),
        ("resolve HLT26oo42R valve replaced", "resolve", "HLT26oo42R valve replaced"),
        ("status HLT-26-42", "status", "HLT-26-42"),
        ("status #HLT-26-0042-R", "status", "#HLT-26-0042-R"),
        ("why HLT–26–0042–R", "why", "HLT–26–0042–R"),
        ("by HLT-26-0042-R Friday", "by", "HLT-26-0042-R Friday"),
        (f"same {REF} WTR-26-0001-A", "same", f"{REF} WTR-26-0001-A"),
        (f"imefanyika {REF} bomba jipya", "resolve", f"{REF} bomba jipya"),
        (f"hali {REF}", "status", REF),
        ("/hamisha maji", "move", "maji"),
        ("mine", "mine", ""),
        ("Mine\n", "mine", ""),
        ("yangu", "mine", ""),
        ("help", "help", ""),
        ("UNDO", "undo", ""),
        ("@groupbot mine", "mine", ""),
        (f"@groupbot: status {REF}", "status", REF),
    ],
)
def test_a_command_is_read_with_the_rest_untouched(text: str, name: str, rest: str) -> None:
    assert read_command(text, ALIASES) == CommandCall(name, rest)


def test_a_bot_named_after_the_command_is_told() -> None:
    assert read_command(f"/status@groupbot {REF}", ALIASES) == CommandCall("status", REF, "groupbot")
    assert read_command("/help@otherbot", ALIASES) == CommandCall("help", "", "otherbot")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "/",
        "//",
        "/ ",
        "!",
        "!!!",
        "/unknown thing",
        "/usr/bin/env",
        "/resolved/paths",
        "resolve the matter please",
        "resolve",
        "status",
        "Same here, fog also",
        "by Friday",
        "local people are complaining",
        "help us",
        "help!",
        "Help me HLT-26-0042-R",
        "mine of Anin is also quiet",
        f"mine {REF} is quiet",
        f"request {REF} is still not done",
        f"Ombi {REF} bado",
        f"please resolve {REF}",
        f"{REF} resolve",
        f"I resolved {REF} yesterday",
        "cannot act on it",
        "move it to water",
        "Move 0720 000 662",
        "report of 2026 is out",
        "Done, it is in Water. Please close it here",
        "done 12345",
        "hali ya hewa ni mbaya",
        "12 desks",
        "<b>/resolve</b>",
    ],
)
def test_prose_is_no_command(text: str) -> None:
    assert read_command(text, ALIASES) is None


def test_the_pack_names_every_command_in_both_languages() -> None:
    assert {language: set(words.commands) for language, words in WORDS.items()} == {"en": COMMANDS, "sw": COMMANDS}


def test_no_word_of_the_pack_names_two_commands() -> None:
    spellings: dict[str, set[str]] = {}
    for words in WORDS.values():
        for command, aliases in words.commands.items():
            for alias in (command, *aliases):
                spellings.setdefault(alias.casefold(), set()).add(command)
    assert {alias: names for alias, names in spellings.items() if len(names) > 1} == {}


def test_every_word_of_the_pack_can_be_typed_after_a_slash() -> None:
    assert [
        alias for alias in ALIASES if read_command(f"/{alias} x", ALIASES) != CommandCall(ALIASES[alias], "x")
    ] == []


@given(st.text(max_size=200))
def test_no_text_is_too_strange_to_be_looked_at(text: str) -> None:
    for typed in (text, "/" + text, "resolve " + text, "@" + text):
        call = read_command(typed, ALIASES)
        assert call is None or typed.rstrip().endswith(call.rest)
