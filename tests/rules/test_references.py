"""References: made, found in tired people's text, and guessed when mistyped."""

from __future__ import annotations

import string
import time
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupbot.rules.references import CHECK_LETTERS, check_letter, find, make, nearest, serial

OURS = frozenset({"HLT", "WTR", "RDS", "LND"})
BASE_36 = string.digits + string.ascii_uppercase
PREFIXES = st.text(string.ascii_uppercase, min_size=3, max_size=3)
YEARS = st.integers(2000, 2099)
NUMBERS = st.integers(1, 99_999)


def seen(text, prefixes=OURS):
    return [(found.text, found.valid) for found in find(text, prefixes)]


# --- making -----------------------------------------------------------------------------------------------------------


def test_the_forty_second_health_request_of_2026_has_its_known_reference():
    assert make("HLT", 2026, 42) == "HLT-26-0042-R"


def test_the_counter_grows_beyond_four_digits():
    assert make("HLT", 2026, 9999) == "HLT-26-9999-Q"
    assert make("HLT", 2026, 10000) == "HLT-26-10000-T"


def test_the_check_letter_is_the_value_in_base_36_modulo_23():
    assert check_letter("HLT", 26, 42) == check_letter("HLT", 2026, 42) == CHECK_LETTERS[int("HLT260042", 36) % 23]
    assert CHECK_LETTERS == "ABCDEFGHJKLMNPQRSTUVWXY"


@pytest.mark.parametrize(
    ("prefix", "year", "number", "sentence"),
    [
        ("HL", 2026, 1, "a reference begins with three capital letters, not 'HL'"),
        ("hlt", 2026, 1, "a reference begins with three capital letters, not 'hlt'"),
        ("HLT\n", 2026, 1, "a reference begins with three capital letters, not 'HLT\\n'"),
        ("HLT", 26, 1, "a reference has a year from 2000 to 2099, not 26"),
        ("HLT", 2100, 1, "a reference has a year from 2000 to 2099, not 2100"),
        ("HLT", 2026, 0, "a reference counts from 1 to 9999999, not 0"),
        ("HLT", 2026, 10_000_000, "a reference counts from 1 to 9999999, not 10000000"),
    ],
)
def test_what_cannot_be_a_reference_is_refused(prefix, year, number, sentence):
    with pytest.raises(ValueError) as refused:
        make(prefix, year, number)
    assert str(refused.value) == sentence


# --- finding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "HLT-26-0042-R",
        "hlt-26-0042-r",
        "HLT 26 0042 R",
        "hlt 26 42 r",
        "HLT260042R",
        "hlt26-42r",
        "HLT–26—0042‑R",
        "HLT-26-OO42-R",
        "HLT - 26 - 0042 - R",
        "HLT_26_0042_R",
        "HLT/26/0042/R",
        "HLT-2026-0042-R",
        "HLT 2026 42 R",
        "*HLT-26-0042-R*",
        "(HLT-26-0042-R).",
        "HLT-26-00042-R",
        "/resolve HLT-26-0042-R 40 packs delivered",
        "habari,HLT-26-0042-R?",
    ],
)
def test_a_reference_is_found_however_it_is_typed(text):
    assert seen(text) == [("HLT-26-0042-R", True)]


def test_a_found_reference_says_where_it_stands_and_how_it_was_given():
    text = "Chebet, hlt 26 42 r is done; also WTR260007N!"
    first, second = find(text, OURS)
    assert (first.text, first.given, first.start, first.end) == ("HLT-26-0042-R", "hlt 26 42 r", 8, 19)
    assert (second.given, second.start, second.valid) == ("WTR260007N", 34, True)
    assert text[second.start : second.end] == second.given


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("HLT-26-0042-K", "HLT-26-0042-K"),
        ("HLT-26-0024-R", "HLT-26-0024-R"),
        ("hlt 26 42 k", "HLT-26-0042-K"),
        ("HLT-26-0042-O", "HLT-26-0042-O"),
        ("HLT-26-0042", "HLT-26-0042"),
        ("HLT 26 0042 bado", "HLT-26-0042"),
        ("HLT-26-0042 a pipe came", "HLT-26-0042"),
        ("HLT-26-0042 n wengine", "HLT-26-0042"),
        ("HTL-26-0042-R", "HTL-26-0042-R"),
        ("HLL-26-0042-R", "HLL-26-0042-R"),
    ],
)
def test_a_mistyped_reference_is_found_but_not_valid(text, canonical):
    assert seen(text) == [(canonical, False)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The 14 homes in RDS-0147 have no road",
        "MET/12/05",
        "LND/12/0500",
        "HLT/26/0042/K",
        "LR No. MOI/1234/56",
        "HLT 0720 000 662",
        "HLT 0720000662",
        "HLT 254720000662",
        "health 26-11-2026",
        "HLT 26/11/2026",
        "HLT 26 11 2026",
        "RDS 26 people",
        "RDS 40 trucks, 60 bags",
        "xHLT-26-0042-R",
        "9HLT-26-0042-R",
        "XYZ-26-0042-R",
        "QQT-26-0042-R",
        "hlt oo oo",
        "HLT-26-0000-A",
        "HLT-26-123456789-A",
        "HLT\n26\n42\nr",
        "H L T 26 0042 R",
        "Hlt.26.0042.R",
        "COVID-19, KCSE 2026, UTF-8, 2G-4G",
    ],
)
def test_what_is_no_reference_of_ours_is_left_alone(text):
    assert seen(text) == []


def test_several_references_in_one_line_are_found_in_order():
    a, b, c = make("HLT", 2026, 1), make("WTR", 2026, 2), make("RDS", 2025, 12345)
    assert seen(f"{c}, {a}/{b} and {a.lower()}") == [(c, True), (a, True), (b, True), (a, True)]


def test_only_known_departments_are_found():
    assert seen("HLT-26-0042-R", {"WTR"}) == []
    assert seen("HLT-26-0042-R", set()) == []


@given(PREFIXES, YEARS, NUMBERS, st.sampled_from(["", "-", " ", " - ", "–"]), st.booleans())
def test_whatever_is_made_is_found_again(prefix, year, number, gap, small):
    reference = make(prefix, year, number)
    typed = gap.join(reference.split("-"))
    assert seen(f"re {typed.lower() if small else typed}.", {prefix}) == [(reference, True)]


@given(st.text(max_size=300))
def test_no_text_breaks_the_search(text):
    for found in find(text, OURS):
        assert text[found.start : found.end] == found.given


@pytest.mark.parametrize(
    "hostile",
    ["a" * 64_000, "HLT-26-" * 9_000, "HLT" + "0" * 64_000, "HLT" + "-" * 64_000, "hlt 26 " * 9_000, " " * 64_000],
    ids=["letters", "beginnings", "digits", "dashes", "words", "spaces"],
)
def test_sixty_four_thousand_hostile_signs_take_no_time(hostile):
    started = time.perf_counter()
    find(hostile, OURS)
    assert time.perf_counter() - started < 1


# --- slips ------------------------------------------------------------------------------------------------------------


def is_valid(signs):
    return CHECK_LETTERS[int(signs[:-1], 36) % 23] == signs[-1]


def alike(one, other):
    """Signs 23 apart in base 36 weigh the same modulo 23."""
    return (BASE_36.index(one) - BASE_36.index(other)) % 23 == 0


@given(PREFIXES, YEARS, NUMBERS)
def test_every_wrong_sign_is_caught_but_letters_23_apart(prefix, year, number):
    signs = make(prefix, year, number).replace("-", "")
    for place, sign in enumerate(signs):
        for wrong in string.digits if sign.isdigit() else string.ascii_uppercase:
            if wrong != sign:
                slipped = signs[:place] + wrong + signs[place + 1 :]
                assert is_valid(slipped) == (alike(sign, wrong) and place < 3), slipped


@given(PREFIXES, YEARS, NUMBERS)
def test_every_swap_of_neighbours_is_caught_but_of_letters_23_apart(prefix, year, number):
    signs = make(prefix, year, number).replace("-", "")
    for place in range(len(signs) - 2):
        one, other = signs[place], signs[place + 1]
        if one != other and one.isdigit() == other.isdigit():
            slipped = signs[:place] + other + one + signs[place + 2 :]
            assert is_valid(slipped) == alike(one, other), slipped


def test_the_rate_of_slips_caught_is_as_stated():
    pairs = [(one, other) for one, other in product(string.ascii_uppercase, repeat=2) if one != other]
    missed = {one + other for one, other in pairs if alike(one, other)}
    assert missed == {"AX", "XA", "BY", "YB", "CZ", "ZC"}
    assert round(100 * (1 - len(missed) / len(pairs)), 2) == 99.08
    assert not any(alike(one, other) for one, other in product(string.digits, repeat=2) if one != other)


# --- guessing ---------------------------------------------------------------------------------------------------------

REAL = [make("HLT", 2026, number) for number in (42, 24, 41, 420, 1142)] + [make("WTR", 2026, 42)]


def test_swapped_digits_lead_to_the_reference_that_was_meant():
    assert nearest("HLT-26-0402-R", REAL)[0] == "HLT-26-0042-R"


def test_a_wrong_check_letter_leads_to_the_real_one_first():
    assert nearest("HLT-26-0042-K", REAL)[0] == "HLT-26-0042-R"


def test_a_missing_check_letter_is_not_missed():
    assert nearest("HLT-26-0042", REAL)[0] == "HLT-26-0042-R"


def test_swapped_department_letters_lead_to_the_department():
    assert nearest("HTL-26-0042-R", REAL)[0] == "HLT-26-0042-R"


def test_what_is_far_from_every_real_one_leads_nowhere():
    assert nearest("HLT-25-9876-R", REAL) == []
    assert nearest("anything at all", REAL) == []
    assert nearest("", REAL) == []


def test_equally_near_ones_keep_the_order_they_are_offered_in_and_the_limit_holds():
    candidates = [make("RDS", 2026, number) for number in range(99, 9, -1)]
    found = nearest("RDS-26-0050", candidates, limit=4)
    assert found[0] == make("RDS", 2026, 50)
    assert found[1:] == [make("RDS", 2026, number) for number in (90, 80, 70)]
    assert nearest("RDS-26-0050", candidates * 2, limit=1) == found[:1]


def test_the_serial_number_of_a_reference_is_its_counter_and_of_nothing_else() -> None:
    assert serial("HLT-26-0042-R") == 42
    with pytest.raises(ValueError, match="'number 42' is no reference"):
        serial("number 42")
