"""What of a person's words strangers may read, with the measured recall on names that no form gave."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupbot import protocol
from groupbot.rules.public_text import HIDDEN, LONGEST, NameLore, publishable, without_links
from tests import nasty

HELD_OUT = Path(__file__).parent / "names_heldout.txt"
MARKED = re.compile(r"«([^»]+)»")


@functools.cache
def lore() -> NameLore:
    return NameLore.of(protocol.load(protocol.locate("ke-elgeyo-marakwet")))


def shown(text: str, *names: str) -> str | None:
    return publishable(text, "KE", names, lore())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            "Water is back from 9:30, pump at 3:1 mix. 12.5 km done",
            "Water is back from 9:30, pump at 3:1 mix. 12.5 km done",
        ),
        (
            "The pipe at Chebara market has burst and 300 homes are dry",
            "The pipe at Chebara market has burst and 300 homes are dry",
        ),
        (
            "Hakuna maji soko la Chebara tangu Jumatatu, watu 300 wanateseka",
            "Hakuna maji soko la Chebara tangu Jumatatu, watu 300 wanateseka",
        ),
        (
            "Road from Iten to Kapsowar is blocked, lorries KBA 123A and others stuck",
            "Road from Iten to Kapsowar is blocked, lorries […] and others stuck",
        ),
        ("Mama Nafula was sent away from the dispensary", "Mama […] was sent away from the dispensary"),
        ("mzee barno was told to bring ID 23456789", "mzee […] was told to bring ID"),
        ("the tap near chebet's home is dry", "the tap near […] home is dry"),
        ("Wekesa was sent away. His cousin waits.", "[…] was sent away. His cousin waits."),
        ("No water on plot no. 77 at Chesoi market", "No water on plot no. […] at Chesoi market"),
        (
            "See bit.ly/abc or @kiptoo about the water at Tot dispensary",
            "See […] or […] about the water at Tot dispensary",
        ),
        ("No water\nfor 3 days", "No water; for 3 days"),
        ("NO WATER AT TOT", None),
        ("Jane Chebet Sent Away By Peter", None),
        ("0722 123 456", None),
        ("Mary, Jane, Ruth", None),
        ("", None),
    ],
)
def test_what_is_published_of_a_text(text: str, read: str | None) -> None:
    assert shown(text) == read


@pytest.mark.parametrize("written", ["ZIPPORAH", "zipporah's", "Zípporah", "Kipzovipu", "kipzovipu", "Zipporahs"])
def test_a_name_of_the_case_is_hidden_however_it_is_written(written: str) -> None:
    said = shown(f"The water at the dispensary was closed on {written} and the others", "Zipporah Kipzovipu")
    assert said == "The water at the dispensary was closed on […] and the others"


@pytest.mark.parametrize(
    "live",
    [
        "https://evil.example/x", "http://a.b", "www.evil.com/path", "evil.co.ke", "t.me/joinchat/AAA", "@everyone",
        "tg://user?id=1", "https://matrix.to/#/@a:b.org", "matrix:u/a:b.org", "mailto:a@b.org", "a.b@example.org",
        "[here](http://x.y)", "<a href='http://x.y'>here</a>", "/resolve", "#room:server.org", "!id:server.org", "$KES",
        "*bold*", "`code`", "||spoiler||", "whatsapp://send?phone=1", "chat.whatsapp.com/AbC", "wa.me/254722000000",
    ],
)  # fmt: skip
def test_nothing_in_a_published_text_is_live(live: str) -> None:
    for text in (f"the water is dirty {live} since the rain", f"{live} the water is dirty since the rain"):
        said = shown(text) or ""
        assert not re.search(
            r"[@<>\[\]()`*|\\]|://|\b(?:www|t\.me|wa\.me)\b|\w\.(?:com|org|ke)\b|(?<!\w)[#/!$]\w",
            said.replace(HIDDEN, ""),
        ), said
        plain = without_links(text).replace(HIDDEN, "")
        assert "://" not in plain and "@" not in plain


def test_a_long_text_is_cut_at_a_word() -> None:
    said = shown("the water is dirty and the pipe is broken " * 20) or ""
    assert LONGEST - 15 < len(said) <= LONGEST + 2
    assert said.endswith(" …")


@given(st.text())
def test_any_text_gives_one_line_or_nothing(text: str) -> None:
    said = shown(text, "Zipporah Kipzovipu")
    assert said is None or (said and "\n" not in said and "zipporah" not in said.casefold())


@pytest.mark.parametrize("text", nasty.texts(2_000).values(), ids=nasty.texts(1).keys())
def test_hostile_text_gives_one_line_or_nothing(text: str) -> None:
    assert "\n" not in (shown(text) or "")


def measured() -> tuple[int, int, int, int]:
    """(names, names found, other words, other words hidden) over the held-out sentences."""
    names = found = words = lost = 0
    for line in HELD_OUT.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        planted = [word for name in MARKED.findall(line) for word in name.split()]
        text = MARKED.sub(r"\1", line)
        said = set(re.findall(r"\w+", shown(text) or ""))
        names += len(planted)
        found += sum(word not in said for word in planted)
        others = [word for word in re.findall(r"\w+", MARKED.sub(" ", line)) if len(word) > 1]
        words += len(others)
        lost += sum(word not in said for word in others)
    return names, found, words, lost


def test_names_that_no_form_gave_are_found_as_often_as_was_measured() -> None:
    names, found, words, lost = measured()
    print(f"names not in the form: {found} of {names} hidden; other words lost: {lost} of {words}")
    assert names >= 50
    assert found / names >= 0.9  # 52 of 55 when first tried
    assert lost / words <= 0.25
