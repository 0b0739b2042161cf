"""What a request is about, which department it looks like, and words of danger."""

from __future__ import annotations

import pytest

from groupbot.rules.danger import danger_words
from groupbot.rules.readings.headers import stated_level
from groupbot.rules.readings.phrases import Heard, Phrases
from groupbot.rules.topics import best_department, find_topic
from tests.rules.reading_pack import vocabulary


@pytest.mark.parametrize(
    ("problem", "service_code", "topic"),
    [
        ("No malaria drugs and no paracetamol syrup since Friday", "health", "medicines"),
        ("Hakuna dawa za watoto wiki ya pili sasa", "health", "medicines"),
        ("Ambulance has no fuel", "health", "ambulance"),
        ("HIV patient has missed ARVs", "health", "hiv-tb"),
        ("Bomba limepasuka na maji yanaingia nyumbani", "water", "pipes"),
        ("Culvert is blocked with maize stalks", "roads", "bridges"),
        ("Mwalimu hajalipwa tangu Januari", "education", "ecde-teachers"),
        ("No HIV drugs, no malaria drugs, no paracetamol", "health", "hiv-tb"),  # one sensitive word hides the ward
        ("Maternity has no light", "health", "facility"),
        ("No ARVs since Monday", "water", "hiv-tb"),  # a wrong group changes nothing about what it betrays
        ("The pipe burst beside the TB patient", "water", "hiv-tb"),
        ("A child fell from the bridge", "roads", "bridges"),
        ("The girl was married off", "gender-youth-sports", "children-and-violence"),
        ("Something else altogether", "water", None),
        ("", "water", None),
        ("No malaria drugs", "no such department", None),
    ],
)
def test_a_topic_is_found_by_its_words_in_both_languages(problem: str, service_code: str, topic: str | None) -> None:
    assert find_topic(problem, service_code, vocabulary()) == topic


def test_another_department_is_named_only_when_it_is_clear() -> None:
    pump = "Pump is running but only air is coming, more than 90 homes have no water from Sunday"
    assert best_department(pump, vocabulary()) == "water"
    assert best_department("Somebody must look at this", vocabulary()) is None
    assert best_department("", vocabulary()) is None


@pytest.mark.parametrize("problem", ["No lights at the stalls", "No power and the roof leaks", "Blackout at the gate"])
def test_words_of_any_building_name_a_topic_but_no_department(problem: str) -> None:
    assert find_topic(problem, "health", vocabulary()) == "facility"
    assert best_department(problem, vocabulary()) is None
    assert best_department(f"{problem}, and no beds in the maternity ward of the hospital", vocabulary()) == "health"


def test_the_most_sensitive_topics_hide_their_ward() -> None:
    from groupbot import protocol

    pack = protocol.load(protocol.locate("ke-elgeyo-marakwet"))
    hidden = {topic.code for topic in pack.reading.topic if topic.no_ward}
    assert hidden == {"hiv-tb", "children-and-violence"}


def test_every_department_has_topics_and_every_topic_a_department() -> None:
    from groupbot import protocol

    pack = protocol.load(protocol.locate("ke-elgeyo-marakwet"))
    assert {topic.service_code for topic in pack.reading.topic} == set(pack.departments)
    codes = [topic.code for topic in pack.reading.topic]
    assert len(codes) == len(set(codes))


def test_words_of_danger_are_named_and_others_are_not() -> None:
    assert danger_words("Landslide! A matatu is TRAPPED below Kipkener", vocabulary()) == ("landslide", "trapped")
    assert danger_words("maporomoko ya ardhi, watu wamefukiwa", vocabulary()) == ("maporomoko", "wamefukiwa")
    assert danger_words("The desks are few", vocabulary()) == ()


def test_a_star_lets_a_phrase_go_on_or_begin_earlier() -> None:
    table = Phrases.of(["imeharib*", "*itishwa chai", "no water", "sick"])
    assert table.found(Heard.of("Pampu imeharibika!")) == ("imeharib",)
    assert table.found(Heard.of("wanaitishwa chai")) == ("itishwa chai",)
    assert table.found(Heard.of("no... WATER; he's sick")) == ("no water", "sick")
    assert not table.any(Heard.of("haijaharibika, waterless, sickness"))


def test_a_starred_phrase_of_short_or_several_words_is_found_as_any_other() -> None:
    table = Phrases.of(["ai*", "as below*", "a b*", "kutoa hong*", "*choma"])
    heard = Heard.of("Air as below, a big nyumbachoma; kutoa hongo, kuto")
    assert table.found(heard) == ("a b", "ai", "as below", "choma", "kutoa hong")
    assert all(table.any(Heard.of(text)) for text in ("aim", "so as belows", "a bee", "kutoa hongo", "wachoma moto"))
    assert not any(table.any(Heard.of(text)) for text in ("said", "was below", "ba bee", "kuto hongo", "chomaneni"))


def test_a_phrase_opens_a_text_only_at_its_beginning() -> None:
    table = Phrases.of(["thank you", "see photo*"])
    assert table.opens(Heard.of("Thank you all"))
    assert table.opens(Heard.of("see photos"))
    assert not table.opens(Heard.of("I thank you"))
    assert not table.opens(Heard.of(""))


def test_a_short_text_is_searched_as_any_other() -> None:
    tables = [vocabulary().around.anonymous, vocabulary().private.words, Phrases.of(["a b*", "*itishwa chai"])]
    texts = [
        "Philip Cheboi", "ANONYMOUS!", "anon. (wants no name)", "anaogopa sana", "Ana Kiprop", "Jina: bila jina",
        "a bee", "wanaitishwa chai", "chai", "wizi", "rushwa kwa soko", "", "…", "Ñandú Kibet", "do not\nmention her",
    ]  # fmt: skip
    for table in tables:
        assert [table.any(Heard.once(text)) for text in texts] == [table.any(Heard.of(text)) for text in texts]
    assert sum(tables[0].any(Heard.once(text)) for text in texts) >= 4


def test_a_topic_that_is_heard_anywhere_is_still_its_own_departments() -> None:
    assert vocabulary().is_of("hiv-tb", "health")
    assert not vocabulary().is_of("hiv-tb", "water")
    assert not vocabulary().is_of("", "water")


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("DHARURA! Gari imetumbukia mtoni", "emergency"),
        ("EMERGENCY EMERGENCY lorry imeanguka", "emergency"),
        ("EMERGENCY the bridge fell", "emergency"),
        ("🚨 *Hatari* - waya wa stima", "emergency"),
        ("Urgent: no water", "urgent"),
        ("Emergency lights are off", None),
        ("EMERGENCY LIGHTS ARE OFF", None),
        ("Emergency-lights are off", None),
        ("The emergency! is over", None),
        ("Emergency", None),
        ("", None),
    ],
)
def test_a_level_is_stated_by_a_word_that_opens_the_text_by_itself(text: str, level: str | None) -> None:
    assert stated_level(text, vocabulary()) == level
