"""Which words of an officer say that a request is another department's, and whose."""

from __future__ import annotations

import pytest

from groupbot import protocol
from groupbot.rules.elsewhere import READ_LENGTH, ElsewhereWords, departments_meant

PACK = protocol.load(protocol.locate("ke-elgeyo-marakwet"))
WORDS = ElsewhereWords.of(
    PACK.words,
    {code: (code, one.agency_responsible, *one.name.values(), *one.aliases) for code, one in PACK.departments.items()},
)

SAID = [
    ("this belongs to water", "water"),
    ("This belongs to Water department, not us", "water"),
    ("not our department, try roads", "roads"),
    ("Not our department try roads", "roads"),
    ("hii ni ya maji", "water"),
    ("Hii ni ya idara ya maji, si sisi", "water"),
    ("Hiyo ni mambo ya finance, sisi hatuhusiki na permits", "finance"),
    ("This one is for KeNHA / Roads, kindly post it in the roads group", "roads"),
    ("Not ours, street lights are under lands and urban development", "lands"),
    ("wrong department, take it to Education please", "education"),
    ("Wrong department, Education please", "education"),
    ("Please forward to Health, public toilets at dispensaries are theirs", "health"),
    ("Evans, this is a water matter and I cannot act on it. Please move it to the Water group", "water"),
    ("Sio idara yetu, peleka kwa barabara", "roads"),
    ("Haituhusu, jaribu barabara", "roads"),
    ("This is not our docket. Health please", "health"),
    ("This is a matter for agriculture, thanks", "agriculture"),
    ("It should go to Lands", "lands"),
    ("Umekosea idara. Ni ya elimu", "education"),
    ("Hili ni suala la idara ya elimu", "education"),
    ("Idara ya maji ndio wanahusika, si sisi", "water"),
    ("Si yetu, iko chini ya barabara", "roads"),
    ("*THIS BELONGS TO ROADS* 🙏🏾", "roads"),
    ("This belongs to water and roads", "water roads"),
    ("Not ours", ""),
    ("Si yetu", ""),
    ("Belongs to KeRRA, not us", ""),
    ("Not ours. The water people came today", ""),
    ("Wrong group. Is it for roads?", ""),
]

SILENT = [
    "",
    "Received, thank you",
    "Water is flowing here",
    "The water department was helpful",
    "Idara ya maji ilisaidia sana",
    "Maji yanatoka",
    "The bridge is under water",
    "Daraja iko chini ya maji",
    "Sorry, wrong group 🙈",
    "Wrong group, sorry",
    "The water issue is fixed",
    "It is a water problem at the dispensary and we are on it",
    "This is for water trucking tomorrow",
    "Hii ni ya maji ya kunywa",
    "Does this belong to water?",
    "Is this for roads",
    "Je, hii ni ya maji?",
    "not our department?",
    "If this belongs to water tell me",
    "Kama hii ni ya maji niambie",
    "Send it to Health when the bed is free",
    "This does not belong to water",
    "Nobody says this belongs to water",
    "This is ours, not water",
    "Not ours to judge, the team comes Monday",
    "She should go to the hospital",
    "The plot belongs to the children",
    "I will ask roads to lend us a grader",
    "We forwarded it to Health yesterday",
    "Finance has not paid us",
    "> this belongs to water",
    "This belongs to water. " + "x" * READ_LENGTH,
]


@pytest.mark.parametrize(("text", "codes"), SAID)
def test_words_that_point_to_another_department_name_it(text: str, codes: str) -> None:
    assert departments_meant(text, WORDS) == frozenset(codes.split())


@pytest.mark.parametrize("text", SILENT)
def test_a_department_that_is_only_spoken_of_a_question_and_an_if_say_nothing(text: str) -> None:
    assert departments_meant(text, WORDS) is None
