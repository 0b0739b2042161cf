"""Cleaning at the door, folding for matching, taking decoration off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupbot.rules.text import MAX_LENGTH, bare, clean, fold, unmask, without_struck


def test_control_characters_and_lone_surrogates_do_not_come_in() -> None:
    assert clean("a\x00b\x07c\ud800d\x9be") == "abcde"


def test_bidirectional_overrides_and_hidden_tags_do_not_come_in() -> None:
    assert clean("pay \u202eevil\u202c now\u2066!\u2069\U000e0041") == "pay evil now!"


def test_line_breaks_tabs_emoji_and_their_joiners_stay() -> None:
    text = "a\r\nb\tc 🏃🏾\u200d♂️ 🇰🇪"
    assert clean(text) == text


def test_piled_accents_are_cut_to_three() -> None:
    assert clean("a" + "\u0301" * 500 + "b") == "a" + "\u0301" * 3 + "b"


def test_a_post_is_cut_at_its_longest() -> None:
    assert len(clean("x" * (MAX_LENGTH + 5))) == MAX_LENGTH
    assert len(clean("é" * (MAX_LENGTH + 5))) == MAX_LENGTH


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("  Cherang’any   WARD ", "cherangany ward"),
        ("Ng'ombe", "ngombe"),
        ("“Haraka”", "haraka"),
        ("Café\u200b naïve", "cafe naive"),
        ("𝐖𝐚𝐫𝐝", "ward"),
        ("Ｗａｒｄ", "ward"),
    ],
)
def test_folding_levels_case_accents_quotes_and_styles(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_letters_that_only_look_latin_are_read_so_in_labels() -> None:
    assert unmask("Wаrd") == "ward"  # the a is Cyrillic
    assert fold("Wаrd") != "ward"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("*Problem*: _dry_ ~taps~", "Problem: dry taps"),
        ("• No gauze 🚽 since  Friday", "No gauze since Friday"),
        ("a_b.pdf and 38°C, plot № 4", "a_b.pdf and 38°C, plot № 4"),
        ("```urgent```", "urgent"),
        ("1️⃣ Tot\u200b centre", "Tot centre"),
    ],
)
def test_decoration_goes_and_words_stay(written: str, value: str) -> None:
    assert bare(written) == value


def test_what_is_struck_out_can_be_left_out() -> None:
    assert without_struck("~0712 000 730~ 0712 000 735").strip() == "0712 000 735"
    assert without_struck("about ~300 people") == "about ~300 people"
