"""What is hashed of an entry, byte by byte."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupbot import verify_log
from groupbot.rules import log_leaf, log_tree
from groupbot.rules.log_fold import Standing, fold
from tests.log import made

CODED: dict[str, Any] = {
    "epoch": 0,
    "seq": 42,
    "at": 1_795_504_200_000_000,
    "type": "opened",
    "ref": "HLT-26-0042-R",
    "service_code": "health",
    "ward": "Cherang'any/Chebororwa",
    "role": "author",
    "state": "submitted",
    "outcome": "",
    "pack_version": "1.0.0",
    "c_public": "",
    "c_private": "ab" * 32,
}
NUMBERS = st.integers(0, 10**18 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex) | st.just("")
ANY_CODED = st.fixed_dictionaries(
    {
        name: NUMBERS if name in log_leaf.NUMBERS else HASHES if name.startswith("c_") else TEXTS
        for name in log_leaf.CODED
    }
)


def test_a_leaf_is_its_fields_in_the_one_way_they_can_be_written() -> None:
    assert log_leaf.canonical(log_leaf.leaf("ke-elgeyo-marakwet", CODED)).decode() == (
        '{"at":1795504200000000,"c_private":"' + "ab" * 32 + '","c_public":"","epoch":0,'
        '"log_id":"ke-elgeyo-marakwet","outcome":"","pack_version":"1.0.0","ref":"HLT-26-0042-R","role":"author",'
        '"seq":42,"service_code":"health","state":"submitted","type":"opened","v":1,"ward":"Cherang\'any/Chebororwa"}'
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seq": "42"}, "seq must be of type int, not str"),
        ({"seq": True}, "seq must be of type int, not bool"),
        ({"ward": None}, "ward must be of type str, not NoneType"),
        ({"citizen": "Rael"}, "a leaf has the fields epoch, seq"),
    ],
)
def test_a_field_of_another_kind_is_no_leaf(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        log_leaf.leaf("ke", {**CODED, **change})


def test_a_leaf_lacks_no_field() -> None:
    with pytest.raises(ValueError, match="a leaf has the fields"):
        log_leaf.leaf("ke", {name: value for name, value in CODED.items() if name != "ward"})


@given(TEXTS, ANY_CODED)
def test_the_verifier_hashes_the_same_bytes_however_a_line_is_written(log_id: str, coded: dict[str, Any]) -> None:
    fields = log_leaf.leaf(log_id, coded)
    exact = log_leaf.canonical(fields)
    rewritten = json.dumps(dict(reversed(fields.items())), indent=1).replace("\n", " ").encode()
    wanted = (log_id, coded["epoch"], coded["seq"], log_tree.leaf_hash(exact))
    assert verify_log.read_entry(exact) == wanted
    assert verify_log.read_entry(rewritten) == wanted


def test_a_line_as_the_bot_writes_it_is_read_the_quick_way() -> None:
    for record in made.records(30):
        quick = verify_log.EXACT_WITHHELD if "leaf_hash" in record else verify_log.EXACT
        assert quick.fullmatch(log_leaf.canonical(record))


def test_the_fold_of_a_log_is_where_each_request_stands_by_its_latest_entry() -> None:
    entries = [
        {**CODED, "state": "submitted"},
        {**CODED, "ref": "WTR-26-0001-G", "service_code": "water"},
        {**CODED, "ref": "", "type": "gap"},
        {**CODED, "state": "closed", "outcome": "done", "service_code": "roads"},
    ]
    assert fold(entries) == {
        "HLT-26-0042-R": Standing("closed", "done", "roads", "Cherang'any/Chebororwa", "1.0.0"),
        "WTR-26-0001-G": Standing("submitted", "", "water", "Cherang'any/Chebororwa", "1.0.0"),
    }
