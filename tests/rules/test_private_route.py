"""Matters that must leave the group, told in words that no list holds, beside their innocent neighbours."""

from __future__ import annotations

from dataclasses import replace

import pytest

from groupbot.rules.readings import is_private, may_be_private, weights
from groupbot.rules.readings.weights import OfWords, parts
from tests.rules.reading_pack import read, vocabulary

FORM = (
    "SERVICE REQUEST\nWard: Endo\nLocation: Tot market\nProblem: {}\n"
    "Priority: urgent\nCitizen: Jane\nPhone: 0720 000 662"
)

MATTERS = [
    "the storekeeper loads our fertiliser on his cousin's pickup every night and tells farmers that it is finished",
    "the cook says the matron locks the small girls in the store without food when they wet the bed",
    "her brothers in law burnt her house and told her that land is for men",
    "kijana wa jirani analala na msichana wa darasa la sita na wazazi wamepewa mbuzi wanyamaze",
    "karani wa ardhi alisema faili haitaonekana mpaka tumwone na elfu tatu",
    "baba anawafungia watoto nje usiku na kuwanyima chakula",
]
NEIGHBOURS = [
    "the maternity ward has no delivery kits and mothers buy gloves in town",
    "girls miss school four days a month because there are no sanitary towels",
    "the grader has not come since the governor promised it in March",
    "bursary forms are not available at the ward office",
    "watoto wananyeshewa darasani kwa sababu paa limetoboka",
    "wakulima hawajapata mbolea ya ruzuku na msimu umeanza",
]


@pytest.mark.parametrize("words", MATTERS)
def test_a_matter_that_no_list_names_leaves_the_group_also_in_a_form(words: str) -> None:
    assert is_private(words, vocabulary())
    assert read(FORM.format(words)).route == "private"


@pytest.mark.parametrize(
    "words",
    [
        "the meter reader Peter Kiprop 0722 111 222 is asking for a bribe of 2,000 shillings",
        "a meter reader Peter Kiprop is asking for 2,000 shillings and gives no receipt",
        "karani wa maji anaomba hongo ya 500",
        "Headteacher John Kiprop defiled a pupil at Tot primary",
        "Chief Kiptoo wants kitu kidogo for ID letters",
    ],
)
def test_names_numbers_and_works_beside_a_plain_word_let_nothing_back(words: str) -> None:
    assert is_private(words, vocabulary())
    assert read(FORM.format(words)).route == "private"
    assert read(words).route == "private"


@pytest.mark.parametrize("words", NEIGHBOURS)
def test_needs_of_the_same_people_and_places_stay_and_nobody_is_asked(words: str) -> None:
    assert not may_be_private(words, vocabulary())
    assert read(FORM.format(words)).route == "public"


@pytest.mark.parametrize(
    "words",
    [
        "GBV training for all ward admins is on Thursday, please confirm attendance",
        "We need posters against early marriage for the clinic notice board",
        "The rescue centre for girls has no water and no mattresses",
        "Our team was beaten 3-0 but we thank the county for the balls",
        "Siku ya kupinga ukeketaji itaadhimishwa Iten, wote mnakaribishwa",
    ],
)
def test_a_listed_word_alone_does_not_make_it_one(words: str) -> None:
    assert not is_private(words, vocabulary())


def test_one_sentence_among_many_others_is_not_drowned() -> None:
    others = "No gauze or suture thread since Monday.\nToilets locked since Friday.\nThe generator has no diesel.\n"
    told = f"{others}Night guard asking for something small at the gate.\nThe ambulance needs new tyres."
    assert is_private(told, vocabulary())
    assert not is_private(told.replace("something small", "a new torch"), vocabulary())


@pytest.mark.parametrize(
    "post",
    [
        FORM.format("No water since Monday") + "\nRemarks: the plumber asked for a bribe of 2,000",
        FORM.format("No water since Monday").replace(
            "urgent", "urgent. The plumber asked for a bribe of 2,000 shillings"
        ),
        "The plumber asked for a bribe of 2,000\n" + FORM.format("No water since Monday"),
    ],
)
def test_what_a_form_tells_beside_its_problem_is_heard(post: str) -> None:
    assert read(post).route == "private"
    assert read(FORM.format("No water since Monday")).route == "public"


def test_what_only_comes_near_is_asked_about() -> None:
    known = vocabulary()
    least, asked = known.private.least, known.private.asked
    assert asked < least
    listed, weighed = "A survivor of GBV needs a bed tonight", MATTERS[0]
    between = replace(known, private=replace(known.private, least=99.0, pattern=0.0))
    for words, told in ((listed, known), (weighed, between)):
        assert (may_be_private(words, told), is_private(words, told)) == (True, False)
    assert not may_be_private(NEIGHBOURS[0], between)


def test_a_greeting_of_a_ward_admin_opens_no_case() -> None:
    for text in ("Eid Mubarak to our Muslim brothers and sisters", "Merry Christmas my brothers and sisters"):
        assert read(text).kind == "chatter"


def test_a_pack_without_weights_relies_on_its_lists() -> None:
    known = vocabulary()
    bare = replace(known, private=replace(known.private, weights=OfWords({})))
    for words in (
        "The clerk asked for a bribe",
        "The guard kicked an old woman",
        "The guard wants something small",
        "The clerk collects 100 shillings and gives no receipt",
    ):
        assert is_private(words, bare)
    for words in (MATTERS[1], "The guard kicked the ball and a woman scored for our team", "There is no receipt book"):
        assert not is_private(words, bare)
    assert may_be_private("The clerk asked for a bribe", bare)
    assert not may_be_private(MATTERS[1], bare)


def test_a_word_is_weighed_by_its_parts_and_a_number_by_nothing() -> None:
    assert parts("anaitisha") == ["anaitisha", "anai*", "*isha", "anait*", "*tisha"]
    assert parts("kesho") == ["kesho", "kesh*"]
    assert parts("chai") == ["chai"]
    assert parts("2nd") == []


def test_words_are_reckoned_anew_once_too_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "_MOST_KNOWN", 2)
    table = OfWords({"chai": 2.0, "maji": -1.0})
    assert [table[word] for word in ("chai", "maji", "moto", "chai")] == [2.0, -1.0, 0.0, 2.0]
    assert len(table) <= 2
    assert table.mean(()) == 0.0
