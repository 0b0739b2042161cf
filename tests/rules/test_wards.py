"""Which ward a text means."""

from __future__ import annotations

import pytest

from groupbot import protocol
from groupbot.protocol.county import AmbiguousWard
from groupbot.rules.wards import WardTable
from tests.rules.reading_pack import vocabulary


def find(text: str) -> str | None:
    return vocabulary().wards.find(text)


@pytest.mark.parametrize(
    ("written", "ward"),
    [
        ("Endo", "Endo"),
        ("LELAN WARD", "Lelan"),
        ("ward ya Lelan", "Lelan"),
        ("moiben kuserwo", "Moiben/Kuserwo"),
        ("Moiben", "Moiben/Kuserwo"),
        ("Kuserwo / Moiben", "Moiben/Kuserwo"),
        ("Embobut", "Embobut/Embolot"),
        ("Cherang'any", "Cherangany/Chebororwa"),
        ("Cherang’any", "Cherangany/Chebororwa"),
        ("Chebororwa ward", "Cherangany/Chebororwa"),
        ("Soy-North", "Soy North"),
        ("SOY_NORTH", "Soy North"),
        ("Kapsowar, Marakwet West", "Kapsowar"),
        ("Emsoo - Tuesday, Rimoi crush", "Emsoo"),
        ("Kapsower", "Kapsowar"),
        ("Sambiirir", "Sambirir"),
        ("Kapceputwa", None),
        ("All wards", None),
        ("Iten", None),
        ("", None),
        ("Wаrd Arrоr", "Arror"),
    ],
)
def test_careless_spellings_mean_their_ward_and_others_none(written: str, ward: str | None) -> None:
    assert find(written) == ward


def test_a_short_name_with_a_slip_is_not_guessed() -> None:
    assert find("Indo") is None
    assert find("Sony") is None


def test_soy_alone_may_be_two_wards_and_soy_north_only_one() -> None:
    wards = vocabulary().wards
    assert wards.ambiguous("Soy ward") == ("Soy North", "Soy South")
    assert wards.find("Soy") is None
    assert wards.ambiguous("Soy North") == ()
    assert wards.ambiguous("Endo") == ()
    assert wards.ambiguous("Soy side of Kabiemit ward") == ()


def test_a_sentence_names_a_ward_only_when_it_names_one() -> None:
    wards = vocabulary().wards
    assert wards.mentioned("the road from Tot in Endo ward") == "Endo"
    assert wards.mentioned("from Endo to Arror") is None
    assert wards.mentioned("from the office") is None


def test_a_line_is_a_ward_only_when_it_says_no_more() -> None:
    wards = vocabulary().wards
    assert wards.exactly("KAPSOWAR WARD") == "Kapsowar"
    assert wards.exactly("Kapsowar ward office") is None


def test_half_of_a_double_name_that_may_mean_two_wards_means_none() -> None:
    pack = protocol.load(protocol.locate("ke-elgeyo-marakwet"))
    assert WardTable.of(pack).find("Embolot") == "Embobut/Embolot"
    doubt = AmbiguousWard(alias="Embolot", wards=("Embobut/Embolot", "Endo"))
    file = pack.file.model_copy(update={"ambiguous_ward": (*pack.file.ambiguous_ward, doubt)})
    table = WardTable.of(pack.model_copy(update={"file": file}))
    assert table.find("Embolot") is None
    assert table.find("Embobut") == "Embobut/Embolot"
