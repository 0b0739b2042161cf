"""What is known already: a table of new forms against open requests, and the reading that each must get."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from groupbot.records import Form, micros
from groupbot.rules.likeness import Known, Measure, Newcomer, compare, share_words

NOW = datetime(2026, 11, 24, 7, 10, tzinfo=UTC)
MEASURE = Measure(timedelta(hours=1), timedelta(hours=24), {"still", "since"}, {"stadium", "market"})
FORM = Form(ward="Endo", location="Tot market tank", problem="pump has broken since Monday")
NEW = Newcomer(FORM, "f1", "water", 1, NOW)
KNOWN = Known(
    7, "WTR-26-0007-A", "water", 1, "Endo", "Tot market tank", "pump has broken since Monday", "f1",
    micros(NOW - timedelta(minutes=5)), "submitted",
)  # fmt: skip
OTHER = KNOWN._replace(fingerprint="f2")


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        (KNOWN, "same"),
        (KNOWN._replace(requested=micros(NOW - timedelta(hours=2))), "details"),
        (KNOWN._replace(service_code="health"), "move"),
        (KNOWN._replace(service_code="health", state="answered"), "same"),
        (OTHER, "details"),
        (OTHER._replace(description="the pump has broken, still nobody came since Monday"), "details"),
        (OTHER._replace(description="pipe has broken since Monday"), "new"),
        (OTHER._replace(description="pump 4 has broken since Monday"), "new"),
        (OTHER._replace(address="Chesongoch dispensary"), "new"),
        (OTHER._replace(ward="Lelan"), "new"),
        (OTHER._replace(service_code="roads"), "new"),
        (OTHER._replace(requested=micros(NOW - timedelta(hours=25))), "new"),
        (OTHER._replace(poster_id=2, ward="Lelan", address="tank at Tot market, upper side"), "twin"),
        (OTHER._replace(poster_id=2, address="Chesongoch market"), "new"),
        (OTHER._replace(poster_id=2, requested=micros(NOW - timedelta(days=4))), "new"),
    ],
)
def test_a_new_form_is_what_it_is_to_an_open_request(known: Known, kind: str) -> None:
    found = compare(NEW, [known], MEASURE)
    assert found.kind == kind
    assert found.known == (None if kind == "new" else known)


def test_a_place_that_is_alike_only_in_its_kind_or_ward_is_no_twin() -> None:
    stadium = replace(NEW, form=replace(FORM, location="Endo stadium"))
    assert compare(stadium, [OTHER._replace(poster_id=2, address="stadium of Endo")], MEASURE).kind == "new"


def test_nothing_known_is_new() -> None:
    assert compare(NEW, [], MEASURE).kind == "new"


@pytest.mark.parametrize(
    ("one", "other", "shared"), [("Kamwosor kiosk", "the KAMWOSOR one", True), ("Tot", "Tot", False)]
)
def test_only_words_long_enough_count_as_shared(one: str, other: str, shared: bool) -> None:
    assert share_words(one, other) is shared
