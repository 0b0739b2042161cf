"""The life of a request: the table, what it must never allow, and its printed page against its decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from groupbot.records import Grant, Person, State
from groupbot.rules import life_page, lifecycle
from groupbot.rules.life_page import ACTS, SAME, STATES, page
from groupbot.rules.lifecycle import Act, Refusal, Transition, capacities, decide, entitled_to, word_source
from tests.rules.requests import a_request

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
REQUEST = a_request(service_request_id="HLT-26-0001-J", ward="Kapsowar", poster_id=7)
ROLES = (
    "author", "ward_admin", "sub_county_admin", "champion", "coordinator", "director", "chief_officer", "executive",
    "committee", "communications", "integrity", "observer", "operator",
)  # fmt: skip


def _rows() -> dict[str, list[str]]:
    table = [line for line in page().splitlines() if line.startswith("|")]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    return {cells[0]: cells[1:] for cells in lines[2:]}


def test_the_page_in_the_repository_is_the_printed_one() -> None:
    assert (Path(life_page.__file__).parent / "LIFE.md").read_text(encoding="utf-8") == page()


@pytest.mark.parametrize(("act", "state", "role"), list(product(ACTS, STATES, ROLES)))
def test_the_printed_page_says_what_is_decided(act: Act, state: State, role: str) -> None:
    who, *cells = _rows()[act]
    cell = cells[STATES.index(state)]
    route = "private" if role == "integrity" else "public"
    decided = decide(act, replace(REQUEST, state=state, route=route), (role,))
    if role not in who.split(", "):
        assert isinstance(decided, Refusal)
        assert decided.reason == "not_entitled"
    elif isinstance(decided, Refusal):
        assert cell == f"no: {decided.reason}"
    else:
        assert cell == (decided.to or SAME)


def test_no_department_can_close_a_request() -> None:
    for rule in lifecycle.TABLE:
        if rule.to == "closed":
            assert not set(rule.capacities) & {*lifecycle.OFFICERS, "operator"}


def test_communications_close_by_the_word_that_the_hotline_heard_alone() -> None:
    closing = {rule.act for rule in lifecycle.TABLE if rule.to == "closed" and "communications" in rule.capacities}
    assert closing == {"citizen_yes"}


@pytest.mark.parametrize("own", ["author", "communications"])
@pytest.mark.parametrize("officer", ["coordinator", "director", "chief_officer"])
def test_who_answers_for_the_department_brings_no_word_to_its_answer_by_another_office(officer: str, own: str) -> None:
    answered = replace(REQUEST, state="answered")
    assert isinstance(decide("citizen_yes", answered, (own, officer)), Refusal)
    assert decide("citizen_not_yet", answered, (own, officer)) == Transition("citizen_not_yet", "reopened", own)


def test_an_answer_of_any_kind_only_asks_for_the_citizens_word() -> None:
    assert {rule.to for rule in lifecycle.TABLE if rule.act in ("answer", "cannot")} == {"answered"}


def test_an_answered_request_closes_by_the_citizens_side_alone() -> None:
    leaving = {rule.act for rule in lifecycle.TABLE if "answered" in rule.states and rule.to not in (None, "answered")}
    assert leaving == {"citizen_yes", "citizen_not_yet", "withdraw", "duplicate"}


def test_a_closed_request_can_only_be_opened_again_observed_or_protected() -> None:
    assert {(rule.act, rule.to) for rule in lifecycle.TABLE if "closed" in rule.states} == {
        ("citizen_not_yet", "reopened"),
        ("observe", None),
        ("protect", None),
    }


@pytest.mark.parametrize("role", ["champion", "communications"])
def test_a_champions_and_the_hotlines_not_yet_outrank_an_admins_yes(role: str) -> None:
    closed = replace(REQUEST, state="closed", word="agreed", word_source="admin")
    assert decide("citizen_not_yet", closed, (role,)) == Transition("citizen_not_yet", "reopened", role)


@pytest.mark.parametrize("role", ["author", "ward_admin", "sub_county_admin", "champion", "communications"])
def test_after_a_not_yet_no_yes_closes_before_the_department_has_answered_again(role: str) -> None:
    assert isinstance(decide("citizen_yes", replace(REQUEST, state="reopened"), (role,)), Refusal)


def test_observers_committee_and_operators_change_no_request_but_an_observer_puts_on_record_what_they_see() -> None:
    for act in ACTS:
        allowed = {"observer"} if act == "observe" else set()
        assert set(entitled_to(act)) & {"observer", "committee", "executive", "operator"} == allowed


# --- in which capacity somebody acts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grant", "expected"),
    [
        (Grant("coordinator", service_code="health"), ("coordinator",)),
        (Grant("coordinator", service_code="water"), ()),
        (Grant("ward_admin", ward="Kapsowar"), ("ward_admin",)),
        (Grant("ward_admin", ward="Arror"), ()),
        (Grant("sub_county_admin", sub_county="Marakwet West"), ("sub_county_admin",)),
        (Grant("sub_county_admin", sub_county="Keiyo North"), ()),
        (Grant("champion", ward="Kapsowar"), ("champion",)),
        (Grant("communications"), ("communications",)),
        (Grant("integrity"), ()),
    ],
)
def test_a_role_counts_where_its_scope_fits(grant: Grant, expected: tuple[str, ...]) -> None:
    assert capacities(Person(1, "A", "A", grants=(grant,)), REQUEST, "Marakwet West") == expected


def test_the_author_acts_as_author_first() -> None:
    author = Person(7, "A", "A", grants=(Grant("ward_admin", ward="Kapsowar"),))
    assert capacities(author, REQUEST, "Marakwet West") == ("author", "ward_admin")


def test_nobody_has_no_capacity() -> None:
    assert capacities(None, REQUEST, "") == ()


@pytest.mark.parametrize(
    ("grant", "expected"),
    [
        (Grant("integrity"), ("integrity",)),
        (Grant("coordinator", service_code="health"), ()),
        (Grant("director"), ()),
        (Grant("ward_admin", ward="Kapsowar"), ()),
        (Grant("communications"), ()),
    ],
)
def test_a_confidential_request_knows_the_integrity_officer_alone(grant: Grant, expected: tuple[str, ...]) -> None:
    confidential = replace(REQUEST, route="private")
    assert capacities(Person(1, "A", "A", grants=(grant,)), confidential, "Marakwet West") == expected


def test_who_is_entitled_to_a_confidential_request_is_told_as_such() -> None:
    refused = decide("answer", replace(REQUEST, route="private"), ("coordinator",))
    assert refused == Refusal("answer", "not_entitled", ("integrity",))
    refused = decide("citizen_yes", replace(REQUEST, route="private"), ("ward_admin",))
    assert refused == Refusal("citizen_yes", "not_entitled", ("author",))


@pytest.mark.parametrize(
    ("capacity", "source"),
    [
        ("author", "admin"),
        ("ward_admin", "admin"),
        ("sub_county_admin", "admin"),
        ("champion", "champion"),
        ("communications", "hotline"),
    ],
)
def test_through_whom_the_citizens_word_came_is_recorded(capacity: str, source: str) -> None:
    assert word_source(capacity) == source
