"""How people are addressed, with the shipped pack's titles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupbot import protocol
from groupbot.rules.names import called

TITLES = [title for words in protocol.load(protocol.locate(None)).words.values() for title in words.titles]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Daniel Kibor", "Daniel"),
        ("Dr Ann Cheruto", "Dr Cheruto"),
        ("Dr. Ann Cheruto", "Dr. Cheruto"),
        ("Eng. Caleb Rutto", "Eng. Rutto"),
        ("Mwalimu Esther Jelimo", "Mwalimu Jelimo"),
        ("Mhandisi Caleb Rutto", "Mhandisi Rutto"),
        ("DANIEL KIBOR", "Daniel"),
        ("daniel kibor", "Daniel"),
        ("DR ANN CHERUTO", "Dr Cheruto"),
        ("dr. ann cheruto", "Dr. Cheruto"),
        ("ENG. CALEB RUTTO", "Eng. Rutto"),
        ("Chebet", "Chebet"),
        ("Kipkoech arap Too", "Kipkoech"),
        ("arap Too", "arap Too"),
        ("Dr Kipkoech arap Too", "Dr arap Too"),
        ("Daniel arap Moi Kibor", "Daniel"),
        ("Prof. Dr. Ann Cheruto", "Prof. Cheruto"),
        ("Mama Rael", "Mama Rael"),
        ("Chief", "Chief"),
        ("Dr", "Dr"),
        ("Anne-Marie Jebet", "Anne-Marie"),
        ("ANNE-MARIE JEBET", "Anne-Marie"),
        ("O'Hara Kiptoo", "O'Hara"),
        ("J. K. Rotich", "Rotich"),
        ("J Rotich", "Rotich"),
        ("Dr J. Rotich", "Dr Rotich"),
        ("J", "J"),
        ("Daniel K.", "Daniel"),
        ("Daniel Kibor (Health)", "Daniel"),
        ("Daniel Kibor, coordinator", "Daniel"),
        ("  Daniel \n Kibor ", "Daniel"),
        ("~*Daniel* Kibor~", "Daniel"),
        ("🌟 Daniel 🌟", "Daniel"),
        ("\u200bDaniel\u202e Kibor", "Daniel"),
        ("Daniel 0720 000 662", "Daniel"),
        ("+254 720 000 662", ""),
        ("daniel@county.example", ""),
        ("@daniel", "Daniel"),
        ("", ""),
        ("   ", ""),
        ("👍🏾", ""),
        ("...", ""),
        ("Dr Dr Dr", "Dr"),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_people_are_called_as_they_would_be_in_the_county(name: str, expected: str) -> None:
    assert called(name, TITLES) == expected


def test_without_titles_of_a_pack_the_first_word_is_the_name() -> None:
    assert called("Dr Ann Cheruto", ()) == "Dr"


@given(st.text(max_size=300))
def test_a_form_of_address_is_one_short_line_without_digits(name: str) -> None:
    short = called(name, TITLES)
    assert len(short) <= 40
    assert short == " ".join(short.split())
    assert not any(sign.isdecimal() for sign in short)
