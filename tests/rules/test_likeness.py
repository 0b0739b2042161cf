"""What is known already: a table of new forms against open requests, and the reading that each must get."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from groupbot.records import Form
from groupbot.rules.likeness import Known, Measure, Newcomer, compare, share_words

NOW = datetime(2026, 11, 24, 7, 10, tzinfo=UTC)
MEASURE = Measure(timedelta(hours=1), timedelta(hours=24), {"still", "since"}, {"stadium", "market"})
FORM = Form(ward="Endo", location="Tot market tank", problem="pump has broken since Monday")
NEW = Newcomer(FORM, "f1", "water", 1, NOW)
KNOWN = Known(
    7, "WTR-26-0007-A", "water", 1, "Endo", "Tot market tank", "pump has broken since Monday", "f1",
    NOW - timedelta(minutes=5), "submitted",
)  # fmt: skip
OTHER = replace(KNOWN, fingerprint="f2")


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        (KNOWN, "same"),
        (replace(KNOWN, requested_datetime=NOW - timedelta(hours=2)), "details"),
        (replace(KNOWN, service_code="health"), "move"),
        (replace(KNOWN, service_code="health", state="answered"), "same"),
        (OTHER, "details"),
        (replace(OTHER, description="the pump has broken, still nobody came since Monday"), "details"),
        (replace(OTHER, description="pipe has broken since Monday"), "new"),
        (replace(OTHER, description="pump 4 has broken since Monday"), "new"),
        (replace(OTHER, address="Chesongoch dispensary"), "new"),
        (replace(OTHER, ward="Lelan"), "new"),
        (replace(OTHER, service_code="roads"), "new"),
        (replace(OTHER, requested_datetime=NOW - timedelta(hours=25)), "new"),
        (replace(OTHER, poster_id=2, ward="Lelan", address="tank at Tot market, upper side"), "twin"),
        (replace(OTHER, poster_id=2, address="Chesongoch market"), "new"),
        (replace(OTHER, poster_id=2, requested_datetime=NOW - timedelta(days=4)), "new"),
    ],
)
def test_a_new_form_is_what_it_is_to_an_open_request(known: Known, kind: str) -> None:
    found = compare(NEW, [known], MEASURE)
    assert found.kind == kind
    assert found.known == (None if kind == "new" else known)


def test_a_place_that_is_alike_only_in_its_kind_or_ward_is_no_twin() -> None:
    stadium = replace(NEW, form=replace(FORM, location="Endo stadium"))
    assert compare(stadium, [replace(OTHER, poster_id=2, address="stadium of Endo")], MEASURE).kind == "new"


def test_nothing_known_is_new() -> None:
    assert compare(NEW, [], MEASURE).kind == "new"


@pytest.mark.parametrize(
    ("one", "other", "shared"), [("Kamwosor kiosk", "the KAMWOSOR one", True), ("Tot", "Tot", False)]
)
def test_only_words_long_enough_count_as_shared(one: str, other: str, shared: bool) -> None:
    assert share_words(one, other) is shared
