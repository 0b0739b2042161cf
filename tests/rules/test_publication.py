"""The allow-list: what of a request may leave its department's group."""

from __future__ import annotations

from groupbot.rules.publication import figures_params, is_summary_of_several, log_entry_shown, mirror_params
from tests.rules.requests import a_request

REQUEST = a_request()
LINE: dict[str, object] = {
    "ref": "HLT-25-0001-P",
    "department": "department.health",
    "ward": "Endo",
    "topic": "topic.medicines",
    "priority": "priority.urgent",
    "due": 1,
}
WRITTEN: dict[str, object] = {"problem": REQUEST.description, "address": REQUEST.address, "admin": "Miriam", "new": "x"}


def test_codes_and_dates_are_shown() -> None:
    assert mirror_params(REQUEST, LINE, hide_ward=False) == LINE


def test_what_a_person_wrote_or_is_called_is_never_shown() -> None:
    assert mirror_params(REQUEST, LINE | WRITTEN, hide_ward=False) == LINE


def test_a_sensitive_request_shows_neither_ward_nor_topic() -> None:
    shown = mirror_params(REQUEST, LINE, hide_ward=True)
    assert shown == {name: value for name, value in LINE.items() if name not in ("ward", "topic")}


def test_a_confidential_request_is_not_shown_at_all() -> None:
    assert mirror_params(a_request(route="private"), LINE, hide_ward=False) is None


def test_a_log_entry_is_shown_unless_its_request_is_confidential_or_sensitive() -> None:
    assert log_entry_shown("public", hide_ward=False)
    assert not log_entry_shown("public", hide_ward=True)
    assert not log_entry_shown("private", hide_ward=False)


def test_figures_are_counts_a_first_day_and_wards_by_name() -> None:
    counts: dict[str, object] = {"confirmed": 1, "due": 2, "wards": ["Endo"], "day": 1, "trend": [(1, 1, 2)]}
    assert figures_params(counts | WRITTEN | {"ref": "HLT-25-0001-P"}) == counts


def test_a_line_of_numbers_alone_is_told_from_one_that_says_more() -> None:
    refs = ["HLT-25-0001-P", "HLT-25-0002-Q"]
    assert is_summary_of_several({"refs": refs, "count": 3})
    assert not is_summary_of_several({"refs": refs, "text": "x"})
    assert not is_summary_of_several({"refs": refs[:1]})
    assert not is_summary_of_several({"count": 3})
