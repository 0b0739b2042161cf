"""Telephone numbers: the ways people write them, and what only looks like one."""

from __future__ import annotations

import itertools
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupbot.rules.phones import find_phones, to_e164

WAYS = [
    "0712000345",
    "0712 000 345",
    "0712-000-345",
    "0712.000.345",
    "0712/000/345",
    "07 12 00 03 45",
    "0712000 345",
    "(0712) 000 345",
    "+254712000345",
    "+254 712 000 345",
    "+254-712-000-345",
    "+254 (0)712 000 345",
    "(+254) 712 000 345",
    "254712000345",
    "254 712 000 345",
    "00254712000345",
    "00254 712 000 345",
    "712000345",
    "712 000 345",
    "O712 000 345",
    "0712 OOO 345",
    "0712–000–345",
    "0712\u00a0000\u00a0345",
    "０７１２０００３４５",
    "+2540712000345",
]


@pytest.mark.parametrize("written", WAYS)
def test_a_mobile_number_is_found_whatever_way_it_is_written(written: str) -> None:
    assert to_e164(written, "KE") == "+254712000345"
    (found,) = find_phones(f"Mama Rael ({written}), call her", "KE")
    assert found.e164 == "+254712000345"


LOOK_ALIKES = [
    "HLT-26-0042-R",
    "RDS-0147",
    "12/05/2025",
    "07/12/2025 10 am",
    "2025-07-12 08:30:00",
    "14/05/2025, 07:52",
    "plot no. LR 7000/123/45",
    "KSh 712,000,345",
    "712,000,345 shillings",
    "0712000345/=",
    "ID 12345678",
    "meter 01234567890",
    "0.3521712,35.6012712",
    "-0.71200034",
    "account 01100712000345",
    "6GCR+2V",
    "2019 census 45,000",
    "07:12:00",
    "10:30-11:45",
    "TX0712000345AB",
]


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_references_dates_plots_money_and_places_are_no_numbers(text: str) -> None:
    assert find_phones(text, "KE") == ()


def test_of_two_numbers_both_are_found_in_order_and_the_first_counts() -> None:
    text = "0719 000 177 / 0733 000 904"
    assert [phone.e164 for phone in find_phones(text, "KE")] == ["+254719000177", "+254733000904"]
    assert to_e164(text, "KE") == "+254719000177"


def test_a_number_is_found_where_it_stands() -> None:
    text = "call Rael on 0712 000 345 today"
    (found,) = find_phones(text, "KE")
    assert text[found.start : found.end] == "0712 000 345"


def test_land_lines_and_foreign_numbers_are_asked_of_the_library() -> None:
    assert to_e164("020 222 2181", "KE") == "+254202222181"
    assert to_e164("+255 712 345 678", "KE") == "+255712345678"


def test_another_country_has_its_own_shape() -> None:
    assert to_e164("8811 2233", "MN") == "+97688112233"
    assert to_e164("0712 000 345", "MN") is None


def test_too_few_digits_or_a_word_give_nothing() -> None:
    assert to_e164("withheld", "KE") is None
    assert to_e164("0712 00", "KE") is None
    assert to_e164("", "KE") is None


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(ValueError, match="no telephone numbering"):
        to_e164("0712 000 345", "ZZ")


def test_a_post_without_digits_never_loads_the_library() -> None:
    code = (
        "import sys; from groupbot.rules.phones import find_phones, to_e164;"
        "find_phones('no water in Tot since Monday', 'KE'); to_e164('withheld', 'KE'); to_e164('the office', 'KE');"
        "sys.exit('phonenumbers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(st.text(alphabet="0127+-()./ Oo\n:,", max_size=80))
def test_any_jumble_gives_numbers_that_do_not_overlap(text: str) -> None:
    found = find_phones(text, "KE")
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    assert all(phone.e164[0] == "+" and phone.e164[1:].isdigit() for phone in found)


@pytest.mark.parametrize("text", ["+999 712 000 345", "+0 712 000 345 1", "+254 0 0 0 0 0 0 0 0"])
def test_a_number_of_no_country_is_no_phone(text: str) -> None:
    assert find_phones(text, "KE") == ()


def test_a_country_without_mobile_numbers_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no mobile numbers are known for country 'TA'"):
        find_phones("0712000345", "TA")
