"""What the citizen's side says when it agrees and takes some of it back: asked back, or a NOT YET, and never a YES."""

from __future__ import annotations

import pytest

from groupbot import protocol
from groupbot.rules.replies import ReplyVocabulary, read_reply

VOCABULARY = ReplyVocabulary.of(protocol.load(protocol.locate("ke-elgeyo-marakwet")).words)

NOT_YET = [
    "No. He got the permit but the name is wrong",
    "Ilirekebishwa Jumatatu, leo imeharibika tena",
    "yes but the tap is dry again since this morning",
    "Two lights work, six are dark",
    "Yes, it was fixed, but it broke again yesterday",
    "They repaired one side only, the other is still leaking",
    "Half only",
    "Some got, some did not get",
    "Maji yalirudi jana, leo yamekatika tena",
    "Ndio walikuja lakini hawakumaliza",
    "Ndiyo, lakini daraja bado ni hatari",
    "Dawa zimefika lakini si zote",
    "Walitengeneza lakini imeharibika tena",
    "The water came back for two days and went again",
    "It was fixed on Monday, today it is broken again",
    "Only two desks were brought out of twelve",
    "Six out of ten desks came, the rest are nowhere",
    "Water flows at night only",
    "Dawa zimekuja za watoto, za wazee hakuna",
    "Taa mbili zimewaka, nne bado",
    "Ndiyo wamefika ila hawakuleta mabomba",
    "Ilifanya kazi siku mbili ikazima tena",
    "Ndio, lakini choo kimejaa tena",
    "No, half of the bulbs only",
    "No the teacher reported but left after a week",
    "Hapana, walitengeneza lakini inavuja",
    "Hapana. Amepata dawa lakini zimeisha muda",
    "Fixed, yet the same pipe burst again",
    "Some children got books, others have none",
    "Repaired on Friday, broken again on Saturday",
    "The seeds came late and half are rotten",
    "Bomba limetengenezwa lakini linavuja tena",
    "Stima ilirudi asubuhi, sasa imepotea tena",
    "Two of three teachers reported",
    "The grader worked one day, the road is blocked again",
]

MIXED = [
    "only 3 of the 8 lights are working",
    "Half is done, the second culvert was left",
    "Yes they came, no they did not finish",
    "Ndio lakini maji ni machafu",
    "The road was graded but it is full of potholes again",
    "She got the medicine but it is expired",
    "Yes partly",
    "Nusu tu imefanywa",
    "Taa tatu kati ya nane zinafanya kazi",
    "Fixed but the handle is missing",
    "He agrees but says the gate is still not there",
    "yes but not all houses",
    "Yes, though the pressure is low",
    "Yes but next time come earlier",
    "Yes, only that they delayed",
    "She is satisfied but asks who will pay for the cow",
    "Confirmed, but please thank the team",
    "Ndio lakini walichelewa",
    "Yes but the fundi left his ladder here",
    "Yes, all 8 of the 8 lights are working",
    "She agrees, only 2 days and it was done",
    "Yes confirmed, the other half was never ours",
    "The road is half tarmac, half murram, all passable. She agrees",
    "Imetengenezwa lakini kwa muda tu",
    "done but not well",
    "It is done but the quality is poor",
    "Yes the pump works but the trough is cracked",
    "They fixed the road up to the church, from there it is the same",
    "Amepata cheque lakini jina si lake",
    "Kazi imefanyika nusu",
    "Ni sawa isipokuwa geti",
    "Wamepata maji upande mmoja tu",
    "The bridge is done but has no rails",
    "It works, except when it rains",
    "Yes he was paid but 2000 less",
    "Water is back but dirty",
    "She was treated but the baby was not",
    "done but the workers left the trench open",
    "Yes though only on Tuesdays",
    "Ndio ila maji ni kidogo sana",
]

AGREED = [
    "It is working again",
    "Maji yanatoka tena",
    "Water is back again, all is well",
    "Ndio, imefanya kazi tena, asante",
    "Yes, only yesterday they finished",
    "Yes, they worked day and night, all done",
    "She is happy again",
    "Yes all the eight lights are working again",
    "Ndio wote wamepata",
    "Yes thank you, no complaint",
    "Not only the tap, they fixed the tank too. She agrees",
    "Confirmed. She will buy nothing more from the chemist",
    "Amethibitisha, asante sana, kazi nzuri",
    "Yes again thank you",
    "He has water again and is happy",
    "Ilikuwa imeharibika tena lakini imetengenezwa, ameridhika",
]

# An if, a question and an errand are not asked back: they say what comes next.
NEITHER = [
    "Ok but who will pay for the cow",
    "Is only half done?",
    "If only half is done I will tell you",
    "It broke once but was fixed again, she is satisfied",
    "I will check whether only half is done",
    "Yes, but I have not asked her",
]


@pytest.mark.parametrize("text", NOT_YET)
def test_a_plain_no_and_what_is_bad_again_are_not_yet(text: str) -> None:
    assert read_reply(text, VOCABULARY, asked=True).meaning == "not_yet"


@pytest.mark.parametrize("text", MIXED)
def test_a_half_and_a_but_are_mixed(text: str) -> None:
    assert read_reply(text, VOCABULARY, asked=True).is_mixed


@pytest.mark.parametrize("text", MIXED)
def test_nobody_is_asked_back_what_was_not_asked(text: str) -> None:
    assert read_reply(text, VOCABULARY).meaning != "yes"


@pytest.mark.parametrize("text", AGREED)
def test_again_and_only_do_not_spoil_an_agreement(text: str) -> None:
    assert read_reply(text, VOCABULARY, asked=True).meaning == "yes"


@pytest.mark.parametrize("text", NEITHER)
def test_an_if_a_question_and_an_errand_are_not_mixed(text: str) -> None:
    reading = read_reply(text, VOCABULARY, asked=True)
    assert not reading.is_mixed
    assert reading.meaning not in ("yes", "not_yet")
