"""Forms as tired people leave them: labels without values, twice, or behind a dozen marks; and tables of phrases."""

from __future__ import annotations

import pytest

from groupbot.rules.readings.marks import lead
from groupbot.rules.readings.phrases import Heard, Phrases
from tests.rules.reading_pack import form, read

TOT = {"ward": "Endo", "location": "Tot", "problem": "no water"}


@pytest.mark.parametrize(
    "text",
    [
        "Problem:\n\nProblem: no water\nLocation: Tot",
        "Problem- -\n\nProblm: no water\nLocation: Tot",
        "Ward\nSERVICE REQUEST\nLocation: Tot\nProblem: no water",
        "Location: Tot; Problem: no water; Channel: ",
        "- " * 5 + "Location: Tot\n" + "* " * 6 + "Problem: no water",
    ],
)
def test_an_empty_label_and_marks_before_one_do_not_disturb_the_form(text: str) -> None:
    assert form(text) == TOT


def test_more_emoji_than_anybody_types_are_left_standing() -> None:
    assert form("👉" * 11 + "Location: Tot\nProblem: no water") == TOT
    assert lead("👉" * 20 + "Location: Tot") == 12


def test_two_full_stops_do_not_begin_a_label() -> None:
    assert form("Location: Tot\nProblem: dry taps.. none: x")["problem"] == "dry taps.. none: x"


@pytest.mark.parametrize("text", ["Endo; x; ", ".. none:"])
def test_scraps_without_a_place_or_a_problem_are_chatter(text: str) -> None:
    assert read(text).kind == "chatter"


def test_a_phrase_without_words_finds_nothing() -> None:
    empty = Phrases.of(["…", "**", ""])
    assert not empty.any(Heard.of("… **"))
    assert not empty.opens(Heard.of(""))


@pytest.mark.parametrize(
    ("text", "opens"),
    [("Opening today", True), ("fly tipping here", True), ("Reopening", False), ("we fly tipping", False)],
)
def test_a_table_opens_a_text_with_a_word_a_phrase_or_a_stem(text: str, opens: bool) -> None:
    assert Phrases.of(["open*", "fly tipping"]).opens(Heard.of(text)) is opens


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("URGENT: Location: Tot dispensary. Problem: no ambulance", "urgent"),
        ("URGENT - Location: Tot dispensary\nProblem: no ambulance", "urgent"),
        ("*URGENT*\nLocation: Tot dispensary\nProblem: no ambulance", "urgent"),
        ("Good morning. Urgent!! Location: Tot dispensary; Problem: no ambulance", "urgent"),
        ("Emergency!! A mother is bleeding here. Location: Tot dispensary. Problem: no ambulance", "emergency"),
        ("DHARURA! Mahali: Tot dispensary. Shida: no ambulance", "emergency"),
        ("DHARURA\nMahali: Tot dispensary\nShida: no ambulance", "emergency"),
        ("Not urgent: Location: Tot dispensary; Problem: no ambulance", "routine"),
        ("URGENT: Location: Tot dispensary. Problem: no ambulance. Priority: routine", "routine"),
        ("This is not an urgent thing at all. Location: Tot dispensary. Problem: no ambulance", None),
        ("The emergency of last week is over. Location: Tot dispensary. Problem: no ambulance", None),
        ("Mahali: Tot dispensary\nShida: no ambulance\nDharura:", None),
        ("Dharura:\nMahali: Tot dispensary\nShida: no ambulance", None),
    ],
)
def test_a_level_that_stands_alone_before_the_form_is_its_priority(text: str, level: str | None) -> None:
    reading = read(text)
    assert [(form.location, form.problem, form.priority) for form in reading.forms] == [
        ("Tot dispensary", "no ambulance", level)
    ]


def test_a_label_in_bold_or_italics_needs_no_other_mark() -> None:
    reading = read("*Ward* Endo\n_Location_ Kaben\n*Problem* no water at the school")
    (form,) = reading.forms
    assert (form.ward, form.location, form.problem) == ("Endo", "Kaben", "no water at the school")


def test_a_form_whose_every_value_stands_in_brackets_is_blank() -> None:
    blank = "Ward: (jina la wadi)\nLocation: (mahali pa shida)\nProblem: (shida ni gani)"
    assert read(blank).reason == "blank_form"
    assert read(f"{blank}\nCitizen: Ann").kind == "request"


def test_a_numbered_problem_that_is_empty_is_asked_for_like_any_other() -> None:
    reading = read("SERVICE REQUEST\nWard: Endo\nLocation: Tot\nProblem 1:\nPriority: urgent")
    assert (reading.kind, reading.missing, reading.forms[0].location) == ("incomplete", ("problem",), "Tot")
    assert read("Location: Tot\nProblem 1:\nProblem 2: no water").forms[0].problem == "no water"
    assert read("SERVICE REQUEST\nWard:\nLocation:\nProblem 1:\nProblem 2:").reason == "blank_form"


def test_a_place_with_a_level_is_a_form_that_lacks_its_problem() -> None:
    assert read("Location: Kaben school\nPriority: haraka").missing == ("problem",)
    assert read("Location: Kaben school\nPhone: 0712 000 230").kind == "chatter"


def test_labels_with_words_around_them_are_known() -> None:
    (form,) = read("Mahali pa shida: Kaben\nShida iliyopo: choo kimejaa\nJina la mwananchi: Ann").forms
    assert (form.location, form.problem, form.reporter_name) == ("Kaben", "choo kimejaa", "Ann")


def test_labels_after_a_comma_without_a_space_are_seen_when_a_mark_follows_them() -> None:
    (form,) = read("Mahali:Kipsoen,Shida:mbuzi wanakufa,wakubwa kwa wadogo,Kipaumbele:dharura").forms
    assert (form.location, form.problem) == ("Kipsoen", "mbuzi wanakufa,wakubwa kwa wadogo")
    assert form.priority == "emergency"


@pytest.mark.parametrize(("written", "level"), [("hrgent", "urgent"), ("urgnet", "urgent"), ("absent", None)])
def test_a_level_is_known_with_its_first_letter_wrong_and_nothing_else(written: str, level: str | None) -> None:
    assert read(f"Location: Kaben\nProblem: no water\nPriority: {written}").forms[0].priority == level
