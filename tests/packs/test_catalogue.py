"""How texts are filled: times, durations, lists, forms; what is missing is named, and user text changes nothing."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupbot.messages.wording import parse
from tests.packs.texts import PACK, at, catalogue, made_up, micros, toml

NOW = at("2026-11-23 10:10")
REF = "HLT-26-0042-R"
CATALOGUE = catalogue()
NUMBER = {
    "ref": REF,
    "priority": "priority.urgent",
    "ward": "Kapsowar",
    "coordinator": "Kiptoo",
    "reply_by": micros("2026-11-23 14:10"),
    "due": micros("2026-11-26 17:00"),
}
PEOPLE = {"ref": REF, "officer": "Kiptoo", "admin": "Chebet", "answers": 3, "took": 93_659}


WHEN = [
    ("2026-11-23 00:00", "today 00:00"),
    ("2026-11-23 23:59", "today 23:59"),
    ("2026-11-24 12:00", "tomorrow 12:00"),
    ("2026-11-22 22:47", "yesterday 22:47"),
    ("2026-12-03 10:31", "Thu 3 Dec 10:31"),
    ("2027-01-04 08:00", "Mon 4 Jan 2027 08:00"),
]


@pytest.mark.parametrize(("local", "said"), WHEN)
def test_a_time_is_said_by_its_distance_from_today(local: str, said: str) -> None:
    assert made_up(it="by {at:when}").text("it", "en", {"at": micros(local)}, NOW) == f"by {said}"


def test_today_is_the_readers_day_and_not_the_servers() -> None:
    late = at("2026-11-24 01:30")  # still the 23rd in UTC
    said = made_up(it="by {at:when}").text("it", "en", {"at": micros("2026-11-24 09:00")}, late)
    assert said == "by today 09:00"


def test_another_zone_may_be_named_for_a_reader_elsewhere() -> None:
    params = {"at": micros("2026-11-23 14:10")}
    assert made_up(it="{at:clock}").text("it", "en", params, NOW, ZoneInfo("Europe/London")) == "11:10"


def test_a_swahili_date_has_swahili_names() -> None:
    params = PEOPLE | {"next_word": micros("2026-08-07 10:31")}
    said = CATALOGUE.text("acknowledged", "sw", params, at("2026-08-03 09:00"))
    assert said == "HLT-26-0042-R: Kiptoo anashughulikia. Taarifa ijayo kabla ya Ijm 7 Ago 10:31."


def test_a_day_has_its_year_only_when_it_is_not_this_one() -> None:
    texts = made_up(it="due {at:day}")
    assert texts.text("it", "en", {"at": micros("2026-09-12 17:00")}, NOW) == "due Sat 12 Sep"
    assert texts.text("it", "en", {"at": micros("2025-09-12 17:00")}, NOW) == "due Fri 12 Sep 2025"


SPANS = [
    (93_659, "1 day 2 h", "siku 1, masaa 2"),
    (2 * 86_400 + 10 * 3_600 + 59, "2 days 10 h", "siku 2, masaa 10"),
    (3_600 + 11 * 60, "1 h 11 min", "saa 1, dakika 11"),
    (540, "9 min", "dakika 9"),
    (86_400 + 2 * 3_600 + 30 * 60, "1 day 2 h", "siku 1, masaa 2"),
    (86_400 + 300, "1 day", "siku 1"),
    (59, "under a minute", "chini ya dakika moja"),
    (-5, "under a minute", "chini ya dakika moja"),
]


@pytest.mark.parametrize(("seconds", "en", "sw"), SPANS)
def test_a_duration_is_said_in_its_two_largest_units(seconds: int, en: str, sw: str) -> None:
    params = NUMBER | {"state": "closed", "took": seconds}
    assert CATALOGUE.text("status_line", "en", params, NOW) == f"{REF}, urgent, Kapsowar: closed after {en}."
    assert CATALOGUE.text("status_line", "sw", params, NOW) == f"{REF}, haraka, Kapsowar: imefungwa baada ya {sw}."


def test_words_of_ours_that_open_a_sentence_take_a_capital_and_user_text_never() -> None:
    texts = made_up(it="{who}. {took:span}. {who}\n{who} {took:span}")
    assert texts.text("it", "en", {"who": "jane", "took": 60}, NOW) == "jane. 1 min. jane\njane 1 min"
    texts = made_up(it="{took:span}. {took:span}, {took:span}")
    assert texts.text("it", "en", {"took": 5}, NOW) == "A moment. A moment, a moment"


LISTS = [([], ""), (["A"], "A"), (["A", "B"], "A or B"), (["A", "B", "C"], "A, B or C")]


@pytest.mark.parametrize(("listed", "said"), LISTS)
def test_a_list_is_said_as_people_say_lists(listed: list[str], said: str) -> None:
    assert made_up(it="{them:either}").text("it", "en", {"them": listed}, NOW) == said


@pytest.mark.parametrize("evil", ["{ref}", "{{", "}", "{0.__class__}", "%s", "\\n", "{officer:when}", "x" * 64_000])
def test_what_a_user_wrote_is_put_in_as_it_is(evil: str) -> None:
    texts = made_up(it="{given}: {them:names}, {them:lines}")
    assert texts.text("it", "en", {"given": evil, "them": [evil]}, NOW) == f"{evil}: {evil}, {evil}"


@given(st.text(), st.lists(st.text()))
def test_no_user_text_changes_a_message_around_it(words: str, listed: list[str]) -> None:
    said = CATALOGUE.text("unknown_reference_alone", "en", {"given": words, "near": listed}, NOW)
    assert said == f"I find no {words}. Please check the number. Nothing was changed."


def test_a_language_that_the_pack_lacks_falls_back_to_its_first() -> None:
    assert CATALOGUE.text("refused_already_answered", "kln", {"ref": REF}, NOW) == (
        "HLT-26-0042-R is answered already; the citizen is being asked."
    )


def test_a_text_missing_in_one_language_is_said_wholly_in_the_first() -> None:
    sw = toml(PACK / "messages/sw.toml")
    del sw["acknowledged"]
    texts = catalogue(en=toml(PACK / "messages/en.toml"), sw=sw)
    params = PEOPLE | {"next_word": micros("2026-11-24 12:00")}
    assert texts.text("acknowledged", "sw", params, NOW) == (
        "HLT-26-0042-R: Kiptoo is on it. Next word by tomorrow 12:00."
    )


def test_a_missing_text_is_named() -> None:
    with pytest.raises(KeyError, match="no text 'nonsense'"):
        CATALOGUE.text("nonsense", "en", {}, NOW)


def test_a_table_of_words_is_not_a_text() -> None:
    with pytest.raises(KeyError, match="no text 'terms'"):
        CATALOGUE.text("terms", "en", {}, NOW)


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(KeyError, match="text 'closed' needs parameter 'took'"):
        CATALOGUE.text("closed", "en", {"ref": REF, "admin": "Chebet"}, NOW)


def test_a_missing_parameter_that_picks_a_form_is_named() -> None:
    with pytest.raises(KeyError, match="text 'incomplete' needs parameter 'missing'"):
        CATALOGUE.text("incomplete", "en", {"person": "Jane"}, NOW)


def test_an_unknown_term_is_named() -> None:
    with pytest.raises(KeyError, match=r"no term 'priority\.whenever'"):
        CATALOGUE.text("number", "en", NUMBER | {"priority": "priority.whenever"}, NOW)


def test_a_state_without_a_form_is_named() -> None:
    with pytest.raises(KeyError, match="no form for state 'lost'"):
        CATALOGUE.text("status_line", "en", NUMBER | {"state": "lost"}, NOW)


def test_now_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 23, 10, 10)  # noqa: DTZ001 - the mistake under test
    with pytest.raises(ValueError, match="aware"):
        CATALOGUE.text("mirror_closed", "en", {"ref": REF}, naive)


WRONG_VALUES = [
    ("{it:when}", "soon", "integer UTC microseconds"),
    ("{it:day}", True, "integer UTC microseconds"),
    ("{it:span}", "long", "seconds"),
    ("{it:names}", "Jane", "a list of words"),
    ("{it:count}", 1.5, "a whole number or a list"),
    ("{it}", ["A"], "a list needs a spec"),
    ("{it}", None, "a whole number or a list"),
]


@pytest.mark.parametrize(("template", "value", "said"), WRONG_VALUES)
def test_a_parameter_that_its_spec_cannot_say_is_refused(template: str, value: object, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        made_up(it=template).text("it", "en", {"it": value}, NOW)


BAD_TEMPLATES = [
    ("{ref", "no placeholder"),
    ("ref}", "no placeholder"),
    ("{}", "no placeholder"),
    ("{0}", "no placeholder"),
    ("{ref.name}", "no placeholder"),
    ("{ref[0]}", "no placeholder"),
    ("{ref!r}", "no placeholder"),
    ("{ref:>10}", "no placeholder"),
    ("{ref:shout}", "unknown spec"),
    (7, "a string or a table"),
    ({"one": "a", "other": "b"}, "exactly one of count, by or given"),
    ({"count": "n", "one": "a"}, "the forms one and other"),
    ({"given": "n", "with": "a", "without": "b", "else": "c"}, "the forms with and without"),
    ({"by": "n"}, "at least one form"),
    ({"by": "a", "x": {"by": "b", "x": {"by": "c", "x": {"by": "d", "x": {"by": "e", "x": "deep"}}}}}, "at most 4"),
]


@pytest.mark.parametrize(("template", "said"), BAD_TEMPLATES)
def test_a_badly_written_text_is_refused_with_its_reason(template: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse(template)


def test_doubled_braces_are_braces() -> None:
    assert made_up(it="{{ref}} is {ref}").text("it", "en", {"ref": "R"}, NOW) == "{ref} is R"


def test_emergency_numbers_are_worded_in_the_language() -> None:
    assert CATALOGUE.emergency_numbers("sw")[:2] == ["ambulensi 1199", "polisi 999 / 112"]
    assert CATALOGUE.emergency_numbers("xx")[0] == "ambulance 1199"


def test_nothing_is_compiled_before_it_is_asked_for() -> None:
    texts = made_up(good="fine", bad="{")
    assert texts.text("good", "en", {}, NOW) == "fine"
    with pytest.raises(ValueError, match="no placeholder"):
        texts.text("bad", "en", {}, NOW)
