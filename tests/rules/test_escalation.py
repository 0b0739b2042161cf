"""Who is asked for what is owed, when, and why: whole chases, and each reason to leave people in peace."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from groupbot.rules.claims import Pace, claims
from groupbot.rules.debts import Debt, debts
from groupbot.rules.escalation import Asked, Rung, decide, look_at, next_rung, standing, step_after
from tests.rules.chases import (
    CHIEF,
    COMMITTEE,
    EXECUTIVE,
    IRENE,
    MARK,
    NELSON,
    PACE,
    PETER,
    STAFF,
    SUB_COUNTY,
    Look,
    asked,
    at,
    chase,
    fenced_road,
    local,
    marks,
    people,
)

# --- whole chases -----------------------------------------------------------------------------------------------------


def test_silence_climbs_the_ladder_on_working_mornings_and_never_on_holidays() -> None:
    assert chase(fenced_road(), "2025-11-20 12:00") == [
        Look("Mon 13 Oct 13:15", "first_word", (MARK,)),
        Look("Tue 14 Oct 08:00", "first_word", (MARK, IRENE), "group"),
        Look("Wed 15 Oct 08:00", "first_word", (MARK, IRENE)),
        Look("Thu 16 Oct 08:00", "first_word", (MARK, CHIEF), "group"),
        Look("Tue 21 Oct 08:00", "first_word", (MARK, EXECUTIVE), "late"),
        Look("Wed 22 Oct 08:00", "first_word", (MARK, COMMITTEE), "exhausted"),
        Look("Mon 27 Oct 08:00", "first_word", (MARK, COMMITTEE)),
        Look("Mon 03 Nov 08:00", "first_word", (MARK, COMMITTEE)),
        Look("Mon 10 Nov 08:00", "first_word", (MARK, COMMITTEE)),
        Look("Mon 17 Nov 08:00", "first_word", (MARK, COMMITTEE)),
    ]


def test_words_without_an_answer_are_a_slower_ladder_from_the_morning_after_the_deadline() -> None:
    kept = fenced_road(state="acknowledged", officer_id=MARK, next_word_at=at("2025-12-31 12:00"))
    assert chase(kept, "2025-11-14 12:00") == [
        Look("Thu 16 Oct 08:00", "answer_soon", (MARK,)),
        Look("Tue 21 Oct 08:00", "answer_late", (MARK,), "late"),
        Look("Wed 22 Oct 08:00", "answer_late", (MARK,), "group"),
        Look("Thu 23 Oct 08:00", "answer_late", (MARK,)),
        Look("Fri 24 Oct 08:00", "answer_late", (MARK, IRENE)),
        Look("Tue 28 Oct 08:00", "answer_late", (MARK, IRENE)),
        Look("Wed 29 Oct 08:00", "answer_late", (MARK, CHIEF), "group"),
        Look("Fri 31 Oct 08:00", "answer_late", (MARK, CHIEF)),
        Look("Tue 04 Nov 08:00", "answer_late", (MARK, EXECUTIVE)),
        Look("Tue 11 Nov 08:00", "answer_late", (MARK, COMMITTEE), "exhausted"),
    ]


def test_the_citizens_word_is_asked_of_the_poster_then_of_the_sub_county_and_given_up_in_the_end() -> None:
    answered = fenced_road(state="answered", word_due=at("2025-10-16 17:00"), word_asks=1)
    assert chase(answered, "2025-12-01 12:00") == [
        Look("Tue 21 Oct 08:00", "citizen_word", (PETER,)),
        Look("Wed 22 Oct 08:00", "citizen_word", (PETER,)),
        Look("Thu 23 Oct 08:00", "citizen_word", (PETER,)),
        Look("Fri 24 Oct 08:00", "citizen_word", (PETER, SUB_COUNTY)),
        Look("Tue 28 Oct 08:00", "citizen_word", (PETER, SUB_COUNTY)),
        Look("Fri 31 Oct 08:00", "give_up", ()),
    ]


def test_an_emergency_is_rung_then_asked_by_the_hour_then_every_morning_of_all_days() -> None:
    emergency = fenced_road(
        priority="emergency",
        requested_datetime=at("2025-10-17 14:50"),
        acknowledge_due=at("2025-10-17 15:50"),
        expected_datetime=at("2025-10-19 14:50"),
    )
    everybody = (MARK, IRENE, NELSON)
    assert chase(emergency, "2025-10-22 07:00") == [
        Look("Fri 17 Oct 14:50", "ring", everybody),
        Look("Fri 17 Oct 15:00", "ring", everybody),
        Look("Fri 17 Oct 15:10", "ring", everybody),
        Look("Fri 17 Oct 16:00", "first_word", (MARK,)),
        Look("Fri 17 Oct 17:00", "first_word", (MARK, IRENE)),
        Look("Fri 17 Oct 18:00", "first_word", (MARK, CHIEF)),
        Look("Fri 17 Oct 20:00", "first_word", (MARK, EXECUTIVE)),
        Look("Fri 17 Oct 22:00", "first_word", (MARK, COMMITTEE), "exhausted"),
        Look("Sat 18 Oct 08:00", "first_word", (MARK, COMMITTEE)),
        Look("Sun 19 Oct 08:00", "first_word", (MARK, COMMITTEE)),
        Look("Mon 20 Oct 08:00", "first_word", (MARK, COMMITTEE)),
        Look("Tue 21 Oct 08:00", "first_word", (MARK, COMMITTEE), "late"),
    ]


def test_somebody_who_is_on_an_emergency_is_asked_by_the_day_and_alone_at_first() -> None:
    taken = fenced_road(
        priority="emergency", state="acknowledged", officer_id=IRENE, next_word_at=at("2025-10-18 04:50"),
        expected_datetime=None,
    )  # fmt: skip
    assert chase(taken, "2025-10-20 12:00") == [
        Look("Sat 18 Oct 05:00", "next_word", (IRENE,)),
        Look("Sat 18 Oct 08:00", "next_word", (IRENE,)),
        Look("Sun 19 Oct 08:00", "next_word", (IRENE,)),
        Look("Mon 20 Oct 08:00", "next_word", (IRENE,)),
    ]


def test_an_emergency_made_safe_is_chased_as_ordinary_work() -> None:
    safe = fenced_road(
        priority="emergency", state="acknowledged", next_word_at=at("2025-10-18 04:50"), expected_datetime=None,
        made_safe_at=at("2025-10-17 22:00"),
    )  # fmt: skip
    assert chase(safe, "2025-10-21 12:00") == [Look("Tue 21 Oct 08:00", "next_word", (MARK,))]


def test_a_not_yet_is_told_one_step_higher_at_once_and_every_later_step_is_higher_too() -> None:
    reopened = fenced_road(
        state="reopened", officer_id=MARK, reopenings=1, escalation_step=1, reopened_at=at("2025-10-14 09:48"),
        next_word_at=at("2025-10-15 09:48"), expected_datetime=at("2025-10-13 17:00"), nagged_at=at("2025-10-13 09:00"),
    )  # fmt: skip
    assert chase(reopened, "2025-10-17 12:00") == [
        Look("Tue 14 Oct 09:48", "reopened", (IRENE,)),
        Look("Wed 15 Oct 08:00", "answer_late", (MARK,), "late"),
        Look("Wed 15 Oct 10:00", "next_word", (MARK,)),
        Look("Thu 16 Oct 08:00", "next_word", (MARK, CHIEF), "group"),
    ]


def test_an_emergency_opened_again_at_night_is_told_at_once() -> None:
    night = at("2025-10-14 23:00")
    again = fenced_road(
        priority="emergency", state="reopened", officer_id=MARK, reopenings=1, escalation_step=1, reopened_at=night,
        next_word_at=None, expected_datetime=None,
    )  # fmt: skip
    assert look_at(again, PACE, at("2025-10-14 22:00")) == night
    decision = decide(again, PACE, STAFF, night)
    assert (decision.reason, people(decision)) == ("reopened", (IRENE,))


# --- left in peace ----------------------------------------------------------------------------------------------------


def test_nobody_is_asked_before_the_grid_of_the_wait() -> None:
    for moment, reason in (("2025-10-13 13:05", "not_due"), ("2025-10-13 13:14", "not_due")):
        decision = decide(fenced_road(), PACE, STAFF, at(moment))
        assert (decision.act, decision.reason, decision.next_at) == ("rest", reason, at("2025-10-13 13:15"))
    assert decide(fenced_road(), PACE, STAFF, at("2025-10-13 13:15")).act == "nag"


def test_nobody_is_asked_twice_for_one_moment() -> None:
    now = at("2025-10-13 13:15")
    request = fenced_road()
    again = decide(asked(request, decide(request, PACE, STAFF, now), now), PACE, STAFF, at("2025-10-13 16:00"))
    assert (again.act, again.reason, again.next_at) == ("rest", "asked_already", at("2025-10-14 08:00"))


def test_a_bot_that_was_off_for_a_month_asks_once_at_the_step_that_is_due_by_then() -> None:
    decision = decide(fenced_road(), PACE, STAFF, at("2025-11-13 10:40"))
    assert (people(decision), marks(decision)) == ((MARK, COMMITTEE), "late exhausted")
    assert decision.next_at is not None
    assert decision.next_at > at("2025-11-13 10:40")


@pytest.mark.parametrize("closed", ["2025-11-13 17:00", "2025-11-14 07:59", "2025-11-15 11:00", "2025-10-20 10:00"])
def test_nobody_is_asked_out_of_hours_and_the_next_look_is_at_opening(closed: str) -> None:
    decision = decide(fenced_road(), PACE, STAFF, at(closed))
    assert (decision.act, decision.reason) == ("rest", "office_closed")
    assert decision.next_at is not None
    assert local(decision.next_at)[-5:] == "08:00"
    assert look_at(fenced_road(), PACE, at(closed)) == decision.next_at


def test_a_pause_holds_everything_and_its_end_begins_the_ladder_anew() -> None:
    paused = fenced_road(paused_until=at("2025-10-24 17:00"))
    decision = decide(paused, PACE, STAFF, at("2025-10-22 10:00"))
    assert (decision.act, decision.reason, decision.next_at) == ("rest", "paused", at("2025-10-24 17:00"))
    assert look_at(paused, PACE, at("2025-10-22 10:00")) == at("2025-10-24 17:00")
    assert list(standing(paused, PACE, STAFF, at("2025-10-22 10:00"))) == []
    assert chase(paused, "2025-10-28 12:00")[:2] == [
        Look("Mon 27 Oct 08:00", "first_word", (MARK,), "late"),
        Look("Tue 28 Oct 08:00", "first_word", (MARK, IRENE), "group"),
    ]


@pytest.mark.parametrize(
    ("changes", "begins"),
    [
        ({"paused_until": at("2025-10-24 17:00")}, "2025-10-24 17:00"),
        ({"state": "reopened", "reopened_at": at("2025-10-21 09:48")}, "2025-10-21 09:48"),
        ({"moved_at": at("2025-10-20 15:00"), "acknowledge_due": at("2025-10-22 15:00")}, "2025-10-22 15:00"),
        ({"moved_at": at("2025-10-03 15:00"), "acknowledge_due": at("2025-10-06 15:00")}, "2025-10-16 17:00"),
        ({}, "2025-10-16 17:00"),
    ],
)
def test_what_was_due_stays_due_on_its_day_whenever_the_chase_begins(changes: dict[str, Any], begins: str) -> None:
    (late,) = [debt for debt in debts(fenced_road(**changes)) if debt.owed == "answer"]
    assert late == Debt("answer", "answer_late", since=at("2025-10-16 17:00"), begins=at(begins))


@pytest.mark.parametrize("state", ["closed", "answered"])
def test_what_nobody_owes_is_never_looked_at(state: str) -> None:
    done = fenced_road(state=state, word_due=None)
    decision = decide(done, PACE, STAFF, at("2025-11-13 10:40"))
    assert (decision.act, decision.reason, decision.next_at) == ("rest", "settled", None)
    assert look_at(done, PACE, at("2025-11-13 10:40")) is None


def test_without_any_date_there_is_nothing_to_ask() -> None:
    bare = {"acknowledge_due": None, "next_word_at": None, "expected_datetime": None}
    for state in ("submitted", "acknowledged", "reopened"):
        assert chase(fenced_road(state=state, **bare), "2025-12-01 12:00") == []


def test_a_word_due_after_closing_is_asked_for_in_the_morning() -> None:
    late = fenced_road(acknowledge_due=at("2025-10-13 16:55"))
    assert chase(late, "2025-10-14 09:00")[0] == Look("Tue 14 Oct 08:00", "first_word", (MARK,))


def test_without_a_wait_people_are_asked_at_the_minute() -> None:
    sharp = replace(PACE, ladders=replace(PACE.ladders, group_wait=timedelta(0)))
    assert chase(fenced_road(), "2025-10-13 14:00", pace=sharp) == [Look("Mon 13 Oct 13:05", "first_word", (MARK,))]


# --- who is asked -----------------------------------------------------------------------------------------------------

FIRST, SECOND = at("2025-10-13 13:15"), at("2025-10-16 08:00")


def test_where_nobody_holds_a_role_communications_are_asked_by_its_name() -> None:
    staff = {**STAFF, "chief_officer": ()}
    assert decide(fenced_road(), PACE, staff, SECOND).recipients == (
        Asked(MARK, "coordinator"),
        Asked(IRENE, "director"),
        Asked(NELSON, "chief_officer", vacant="chief_officer"),
    )


def test_under_empty_offices_the_highest_reachable_officer_goes_on_being_asked_on_every_later_morning() -> None:
    small = {role: STAFF[role] for role in ("coordinator", "director", "communications")}
    assert chase(fenced_road(), "2025-11-01 12:00", small) == [
        Look("Mon 13 Oct 13:15", "first_word", (MARK,)),
        Look("Tue 14 Oct 08:00", "first_word", (MARK, IRENE), "group"),
        Look("Wed 15 Oct 08:00", "first_word", (MARK, IRENE)),
        Look("Thu 16 Oct 08:00", "first_word", (MARK, IRENE, NELSON), "group"),
        Look("Tue 21 Oct 08:00", "first_word", (MARK, IRENE, NELSON), "late"),
        Look("Wed 22 Oct 08:00", "first_word", (MARK, IRENE, NELSON), "exhausted"),
        Look("Mon 27 Oct 08:00", "first_word", (MARK, IRENE, NELSON)),
    ]
    last = decide(fenced_road(), PACE, small, at("2025-10-22 08:00"))
    assert (last.reached, last.empty) == ("director", ("chief_officer", "executive", "committee"))
    with_chief = {**small, "chief_officer": (CHIEF,)}
    assert people(decide(fenced_road(), PACE, with_chief, at("2025-10-22 08:00"))) == (MARK, CHIEF, NELSON)


def test_who_is_told_of_several_empty_offices_is_told_of_the_highest() -> None:
    nobody = {"communications": (NELSON,)}
    decision = decide(fenced_road(), PACE, nobody, SECOND)
    assert decision.recipients == (Asked(NELSON, "chief_officer", vacant="chief_officer"),)
    assert (decision.reached, decision.empty) == ("", ("coordinator", "director", "chief_officer"))


def test_without_a_coordinator_the_director_is_asked_first_and_then_communications() -> None:
    assert decide(fenced_road(), PACE, {**STAFF, "coordinator": ()}, FIRST).recipients == (
        Asked(IRENE, "coordinator", vacant="coordinator"),
    )
    nobody = {"communications": (NELSON,)}
    assert decide(fenced_road(), PACE, nobody, FIRST).recipients == (
        Asked(NELSON, "coordinator", vacant="coordinator"),
    )
    assert decide(fenced_road(), PACE, {}, FIRST).recipients == ()


def test_whoever_gave_the_last_word_owes_the_next_one_while_they_hold_an_office_there() -> None:
    two = {**STAFF, "coordinator": (MARK, 20)}
    assert people(decide(fenced_road(officer_id=20), PACE, two, FIRST)) == (20,)
    spoken = fenced_road(state="acknowledged", officer_id=IRENE, next_word_at=at("2025-10-13 13:05"))
    assert people(decide(spoken, PACE, two, FIRST)) == (IRENE,)
    assert people(decide(fenced_road(officer_id=99), PACE, two, FIRST)) == (MARK, 20)
    assert people(decide(fenced_road(), PACE, two, FIRST)) == (MARK, 20)


def test_what_came_while_the_office_was_empty_is_asked_of_whoever_holds_it_by_now() -> None:
    came = fenced_road(officer_id=IRENE)
    assert people(decide(came, PACE, STAFF, FIRST)) == (MARK,)
    empty = {**STAFF, "coordinator": ()}
    assert decide(came, PACE, empty, FIRST).recipients == (Asked(IRENE, "coordinator", vacant="coordinator"),)


def test_a_confidential_case_is_asked_of_its_officer_alone_and_never_said_aloud() -> None:
    confidential = fenced_road(route="private")
    looks = chase(confidential, "2025-11-30 12:00", {**STAFF, "integrity": (30,), "communications": ()})
    assert looks
    assert {(look.people, look.marks) for look in looks} == {((30,), ""), ((30,), "exhausted")}
    answered = fenced_road(route="private", state="answered", word_due=at("2025-10-16 17:00"), word_asks=9)
    assert chase(answered, "2025-10-21 12:00", {"ward_admin": (PETER,)}) == [
        Look("Tue 21 Oct 08:00", "citizen_word", (PETER,))
    ]


@pytest.mark.parametrize("reopenings", [3, 4, 7])
def test_after_many_a_not_yet_the_ladder_ends_once_and_the_group_hears_of_the_top_once(reopenings: int) -> None:
    again = at("2025-10-14 09:00")
    request = fenced_road(
        state="reopened",
        reopenings=reopenings,
        reopened_at=again,
        acknowledge_due=None,
        next_word_at=at("2025-10-15 09:00"),
    )
    looks = chase(request, "2025-11-30 12:00")
    assert [look.marks for look in looks].count("group") <= 1
    assert 1 <= sum("exhausted" in look.marks for look in looks) <= 2  # of the word, of the answer


def test_one_person_in_two_roles_is_asked_once() -> None:
    assert people(decide(fenced_road(), PACE, {**STAFF, "chief_officer": (MARK,)}, SECOND)) == (MARK,)


# --- what a list says, who is next, what a change leaves --------------------------------------------------------------


def test_a_list_names_what_is_asked_for_now_the_weightiest_first_and_no_calls() -> None:
    found = list(standing(fenced_road(), PACE, STAFF, at("2025-10-21 09:00")))
    assert [claim.debt.reason for claim, _ in found] == ["first_word", "answer_late"]
    calling = fenced_road(priority="emergency", requested_datetime=at("2025-10-13 13:00"))
    assert list(standing(calling, PACE, STAFF, at("2025-10-13 13:00"))) == []


@pytest.mark.parametrize(
    ("now", "rung"),
    [
        ("2025-10-13 13:00", None),
        ("2025-10-13 14:00", Rung("director", at("2025-10-14 08:00"))),
        ("2025-10-14 15:10", Rung("chief_officer", at("2025-10-16 08:00"))),
        ("2025-10-24 15:10", None),
    ],
)
def test_the_next_rung_is_the_first_one_above_who_is_asked_now(now: str, rung: Rung | None) -> None:
    assert next_rung(fenced_road(), PACE, STAFF, at(now)) == rung


def test_an_office_that_nobody_holds_is_never_announced_as_next() -> None:
    without_chief = {**STAFF, "chief_officer": ()}
    after = Rung("executive", at("2025-10-21 08:00"))
    assert next_rung(fenced_road(), PACE, without_chief, at("2025-10-14 15:10")) == after
    assert next_rung(fenced_road(), PACE, {"director": (IRENE,)}, at("2025-10-14 15:10")) is None


def test_the_next_rung_of_an_emergency_that_somebody_is_on_comes_on_the_morning_it_is_said_to_holiday_or_not() -> None:
    taken = fenced_road(
        priority="emergency", state="acknowledged", officer_id=MARK, next_word_at=at("2025-10-18 04:50"),
        expected_datetime=None,
    )  # fmt: skip
    assert next_rung(taken, PACE, STAFF, at("2025-10-18 09:00")) == Rung("director", at("2025-10-19 08:00"))
    assert chase(taken, "2025-10-19 12:00") == [
        Look("Sat 18 Oct 05:00", "next_word", (MARK,)),
        Look("Sat 18 Oct 08:00", "next_word", (MARK,)),
        Look("Sun 19 Oct 08:00", "next_word", (MARK, IRENE)),
    ]


def test_the_next_rung_of_an_emergency_is_hours_away() -> None:
    calling = fenced_road(priority="emergency")
    assert next_rung(calling, PACE, STAFF, at("2025-10-13 13:30")) == Rung("director", at("2025-10-13 14:15"))


def test_a_word_an_answer_or_another_department_begins_the_ladder_anew() -> None:
    silent = fenced_road(escalation_step=3)
    ladders = PACE.ladders
    spoken = replace(silent, state="acknowledged", next_word_at=at("2025-10-30 12:00"))
    assert step_after(silent, spoken, ladders) == 0
    assert step_after(silent, replace(silent, service_code="water"), ladders) == 0
    assert step_after(silent, replace(silent, state="answered"), ladders) == 0
    assert step_after(silent, replace(silent, description="more"), ladders) == 3
    assert step_after(silent, replace(silent, state="closed"), ladders) == 3
    answered = replace(silent, state="answered", escalation_step=1)
    assert step_after(answered, replace(answered, word_due=at("2025-10-30 12:00")), ladders) == 1
    assert step_after(answered, replace(answered, state="reopened", reopenings=2), ladders) == 2
    assert step_after(answered, replace(answered, state="reopened", reopenings=9), ladders) == 4


def test_a_claim_to_come_has_no_latest_moment() -> None:
    early = at("2025-10-13 09:05")
    for request in (fenced_road(), fenced_road(priority="emergency", state="acknowledged", next_word_at=FIRST)):
        assert all(claim.latest is None and claim.next is not None for claim in claims(request, PACE, early))


def test_what_is_known_of_a_moment_does_not_grow_without_end_and_says_the_same_when_it_is_found_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("groupbot.rules.claims.MOST_KNOWN", 3)
    monkeypatch.setattr("groupbot.rules.claims.MOST_FIRSTS", 1)
    pace, nows = Pace(PACE.ladders, PACE.mornings), [at(f"2025-10-{day} 12:00") for day in (15, 16, 22, 23, 24)]
    often = [claims(fenced_road(), pace, now) for now in [*nows, *nows]]
    assert often == [claims(fenced_road(), PACE, now) for now in nows] * 2
    assert (1 <= len(pace.known) <= 3, len(pace.firsts)) == (True, 1)
