"""The harm test: whatever a guard finds, nothing removes, silences, puts out, or reaches a third party."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupbot.rules import moderation
from groupbot.rules.moderation import RESPONSES, Finding, Response

HARMLESS = {"tell_staff", "tell_sender", "hold", "close_invites"}


def test_every_finding_has_its_responses_and_none_is_an_act_against_anybody() -> None:
    assert set(RESPONSES) == set(get_args(Finding))
    assert set(get_args(Response)) == HARMLESS
    assert {response for done in RESPONSES.values() for response in done} <= HARMLESS


@given(st.sampled_from(get_args(Finding)), st.booleans())
def test_a_dry_run_does_nothing_but_hold_a_strangers_post(finding: Finding, dry_run: bool) -> None:
    done = moderation.responses(finding, dry_run=dry_run)
    assert set(done) <= HARMLESS
    if dry_run and finding != "unknown_posted":
        assert done == ()


@given(st.integers(0, 10**6), st.integers(1, 100))
def test_a_ward_admin_never_floods(posts: int, most: int) -> None:
    assert not moderation.is_flood(posts, most, ward_admin=True)
    assert moderation.is_flood(posts, most, ward_admin=False) == (posts > most)
    assert moderation.is_wave(posts, most) == (posts >= most)


OFFICERS = ("Daniel Kiptoo", "Dr Ann Cheruto")


@pytest.mark.parametrize("name", ["Daniel Kiptoo", "kiptoo daniel", "D4niel Kiptoo", "Dániel Kíptoo", "Daniel Kiptooo"])
def test_a_name_that_looks_like_an_officers_is_seen(name: str) -> None:
    assert moderation.looks_like(name, OFFICERS) == "Daniel Kiptoo"


@pytest.mark.parametrize("name", ["Jane Chebet", "Kiptoo", "Daniel Kigen", "", "Al", "Ann"])
def test_another_name_is_not(name: str) -> None:
    assert moderation.looks_like(name, OFFICERS) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [("her id is 23456789", True), ("ID:1234567.", True), ("0722123456", False), ("KSh 1,234,567", False),
     ("HLT-26-0042-R", False), ("2026-11-24", False), ("", False)],
)  # fmt: skip
def test_what_may_be_an_identity_number(text: str, shown: bool) -> None:
    assert moderation.shows_id_number(text) is shown
