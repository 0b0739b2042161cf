"""What an officer's "cannot" says, by which day they may promise, and how invitations are spelt and read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupbot.protocol import Role
from groupbot.rules import invites
from groupbot.rules.extensions import NoPromise, Promise, judge, last_day
from groupbot.rules.outcomes import Cannot, read_cannot

WORDS = {"planned": ("planned", "budget", "next budget"), "referred_out": ("refer", "refer to", "ni ya")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("there is no money", Cannot("declined", "", "there is no money")),
        ("it is planned for 2027", Cannot("declined", "", "it is planned for 2027")),
        ("planned 2027/28 after the rains", Cannot("planned", "2027/28", "planned 2027/28 after the rains")),
        ("Planned: 2027 - 2028, rains", Cannot("planned", "2027/28", "Planned: 2027 - 2028, rains")),
        ("next budget 2027", Cannot("planned", "2027", "next budget 2027")),
        ("planned soon", Cannot("planned", "", "planned soon", "year")),
        ("planned 120270 shillings", Cannot("planned", "", "planned 120270 shillings", "year")),
        ("refer to KeRRA, a national road", Cannot("referred_out", "KeRRA", "refer to KeRRA, a national road")),
        ("refer KeRRA - national", Cannot("referred_out", "KeRRA", "refer KeRRA - national")),
        ("ni ya KWS; ndovu", Cannot("referred_out", "KWS", "ni ya KWS; ndovu")),
        ("refer", Cannot("referred_out", "", "refer", "body")),
        ("refer to: ", Cannot("referred_out", "", "refer to:", "body")),
        ("", Cannot("declined", "", "")),
    ],
)
def test_a_refusal_is_read_with_its_year_or_body(text: str, expected: Cannot) -> None:
    assert read_cannot(text, WORDS) == expected


@given(st.text(max_size=300))
def test_no_refusal_is_too_strange_to_be_read(text: str) -> None:
    for opening in ("", "planned ", "refer to "):
        said = read_cannot(opening + text, WORDS)
        assert len(said.detail) <= 60


DUE = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)
SAID = DUE - timedelta(days=3)
UNTIL = DUE + timedelta(days=30)


@pytest.mark.parametrize(
    ("wanted", "due", "extensions", "expected"),
    [
        (DUE, DUE, 0, Promise(DUE, extends=False)),
        (DUE, DUE, 1, Promise(DUE, extends=False)),
        (DUE + timedelta(seconds=1), DUE, 0, Promise(DUE + timedelta(seconds=1), extends=True)),
        (DUE + timedelta(seconds=1), DUE, 1, NoPromise("extended_already")),
        (SAID, DUE, 0, NoPromise("past")),
        (DUE, None, 0, Promise(DUE, extends=False)),
        (UNTIL, DUE, 0, NoPromise("too_far")),
        (UNTIL, DUE, 1, NoPromise("extended_already")),
        (UNTIL, None, 0, Promise(UNTIL, extends=False)),
    ],
)
def test_a_deadline_moves_once_and_only_for_a_later_day(
    wanted: datetime, due: datetime | None, extensions: int, expected: Promise | NoPromise
) -> None:
    assert judge(wanted, SAID, due, extensions, until=UNTIL) == expected


def test_the_last_day_of_an_extension_is_counted_from_the_deadline_and_of_a_late_answer_from_today() -> None:
    nairobi = ZoneInfo("Africa/Nairobi")
    assert last_day(SAID, DUE, 30, nairobi) == date(2026, 12, 27)
    late_in_the_evening = datetime(2027, 1, 10, 21, 30, tzinfo=UTC)  # half past midnight in Nairobi
    assert last_day(late_in_the_evening, DUE, 30, nairobi) == date(2027, 2, 10)
    assert last_day(SAID, None, 30, nairobi) == date(2026, 12, 24)


@given(st.binary(min_size=8, max_size=40))
def test_a_code_is_read_back_as_it_was_spelt(random: bytes) -> None:
    code = invites.spell(random)
    signs = invites.read(code)
    assert signs == code.replace("-", "")
    assert invites.read(f" {code.lower().replace('-', ' ')} ") == signs


def test_a_code_of_too_little_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="eight random bytes"):
        invites.spell(b"1234567")


@given(st.text(max_size=60))
def test_what_is_no_code_is_none(text: str) -> None:
    read = invites.read(text)
    assert read is None or len(read) == 12


def test_what_is_too_long_for_a_code_is_none() -> None:
    assert invites.read("0" * 12 + " " * 29) is None


def test_codes_of_two_jurisdictions_have_different_hashes() -> None:
    assert invites.digest("ke-a", "0" * 12) != invites.digest("ke-b", "0" * 12)


ROLES = {
    "ward_admin": Role(code="ward_admin", scope="ward", name={"en": "ward admin", "sw": "msimamizi wa wodi"}),
    "director": Role(code="director", scope="department", name={"en": "director", "sw": "mkurugenzi"}),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ward_admin Arror", ("ward_admin", "Arror")),
        ("Ward Admin Arror", ("ward_admin", "Arror")),
        ("msimamizi wa wodi Arror", ("ward_admin", "Arror")),
        ("DIRECTOR", ("director", "")),
        ("ward", None),
        ("", None),
    ],
)
def test_a_role_is_named_by_its_code_or_in_any_language(text: str, expected: tuple[str, str] | None) -> None:
    assert invites.role_named(text, ROLES) == expected


def test_no_role_is_named_where_there_is_none() -> None:
    assert invites.role_named("director", {}) is None
