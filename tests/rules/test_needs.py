"""Which prose tells of a need, and the named tolerances that keep other talk silent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from groupbot import protocol
from groupbot.rules.readings.needs import need_reason
from groupbot.rules.readings.phrases import Heard
from groupbot.rules.readings.values import Sender
from groupbot.rules.readings.weights import Weights, features
from tests import fit_weights, score_corpus
from tests.rules.reading_pack import read, vocabulary


@pytest.mark.parametrize(
    "text",
    [
        "Trader at Tot has paid for his permit twice but no permit has been sent to him",
        "Contractor at Anin has dug a trench at the gate, nobody on site since Thursday",
        "12 pupils of Kaben have been sent home because the bursary never reached school",
        "The bridge at Kolol has not been repaired and children cross on two logs",
    ],
)
def test_words_of_work_that_are_denied_or_part_of_a_need_do_not_silence_it(text: str) -> None:
    assert read(text).kind == "unformatted"


@pytest.mark.parametrize(
    "text",
    [
        "The trader at Tot had no licence, today his permit has been sent",
        "Our team is on site at the gate where there was no water",
        "The bridge at Kolol has been repaired, no child crosses on logs",
    ],
)
def test_work_under_way_is_no_need_though_it_speaks_of_one(text: str) -> None:
    assert read(text).kind == "chatter"


@pytest.mark.parametrize("polite", ["Please", "Kindly", "pls", "Tafadhali"])
def test_an_errand_for_the_group_itself_is_no_need(polite: str) -> None:
    assert read(f"{polite} share the list of schools without enough desks by Friday").kind == "chatter"
    assert read(f"{polite} send somebody, the dispensary at Tot is without enough beds").kind == "unformatted"


def test_a_joke_is_no_need_until_it_says_that_it_is_serious() -> None:
    joke = "Even goats fear the road at Kaben, it has too many potholes 😂"
    assert read(joke).kind == "chatter"
    assert read(f"{joke} but seriously, two bodas fell there today").kind == "unformatted"
    assert read(f"{joke} please do something").kind == "unformatted"


def test_a_lone_question_is_no_need_without_plain_words_of_one() -> None:
    assert read("Is the nurse at Tot who is late in the office today?").kind == "chatter"
    assert read("Why is there no water at Tot hospital since Monday?").kind == "unformatted"


def test_a_stranger_is_heard_who_speaks_of_himself_asks_or_tells() -> None:
    assert read("Dispensary drugs out of stock? Herbal cure at Iten, 0755 000 870", role="stranger").kind == "chatter"
    for text in (
        "I live in Iten and our dispensary has had no drugs for a week",
        "Dispensary at Iten has no drugs since Monday, please help",
    ):
        assert read(text, role="stranger").kind == "unformatted"


@pytest.mark.parametrize(
    "text",
    [
        "BARAZA\nVenue: Chepkorio grounds\nAgenda: insecurity, no water, school fees",
        "FIXTURES\nSat: Flax v Nyaru\nVenue: Chepkorio primary\nNo boots, no game",
    ],
)
def test_labels_that_only_notices_have_make_a_notice_without_any_of_the_form_s(text: str) -> None:
    reading = read(text)
    assert (reading.kind, reading.reason) == ("chatter", "notice")


def test_one_label_of_a_notice_without_its_title_silences_no_need() -> None:
    assert read("There is no water at Tot hospital\nReason: the pump is broken since Monday").kind == "unformatted"


@pytest.mark.parametrize("problem", ["resolved", "Sorted out", "imeisha"])
def test_a_form_whose_problem_is_over_is_no_request(problem: str) -> None:
    reading = read(f"Issue: {problem}\nLocation: Bugar")
    assert (reading.kind, reading.reason) == ("chatter", "settled")
    assert read(f"Issue: {problem} last week and broken again\nLocation: Bugar").kind == "request"


def test_two_lines_of_a_person_s_particulars_are_no_form_but_a_ward_and_a_place_first_are() -> None:
    assert read("Name: Ann\nPhone: 0712 000 230\nWard: Endo\nVillage: Kaben").kind == "chatter"
    reading = read("Ward: Endo\nLocation: Kaben\nCitizen: Ann\nPhone: 0712 000 230")
    assert (reading.kind, reading.missing) == ("incomplete", ("problem",))


def test_a_need_in_words_that_nobody_listed_is_weighed_word_by_word_with_its_signs() -> None:
    weights = Weights(1.0, {"tumbled": 2.0, "oxen": 1.5, "tomorrow": -3.0, "*mbled": 0.0, "@asks": -5.0})
    assert weights.speak_of_a_need(Heard.of("Two oxen tumbled"), frozenset())
    assert not weights.speak_of_a_need(Heard.of("Two oxen tumbled tomorrow"), frozenset())
    assert not weights.speak_of_a_need(Heard.of("Two oxen tumbled"), frozenset({"@asks"}))
    assert not weights.speak_of_a_need(Heard.of(""), frozenset())


def test_what_words_weigh_together_does_not_depend_on_which_is_weighed_first() -> None:
    weights = Weights(0.5, {"a": 1e16, "b": 1.0, "c": -1e16})
    assert weights.speak_of_a_need(Heard.of("a b c"), frozenset())


def test_a_pack_without_weights_relies_on_its_plain_words_of_a_need() -> None:
    bare = replace(vocabulary(), weights=Weights(0.0, {}))
    sender = Sender("ward_admin", "Endo")

    def reason(text: str) -> str:
        return need_reason(text, Heard.of(text), bare, sender)

    assert reason("There is no water at Tot hospital since Monday") == "need"
    assert reason("There was no water at Tot hospital, it has been repaired") == ""
    assert reason("The weather at Tot hospital is very fine today") == ""
    assert not bare.weights.speak_of_a_need(Heard.of("Two oxen tumbled"), frozenset())


def test_a_long_word_is_weighed_by_its_beginning_and_its_ending_too_and_numbers_are_alike() -> None:
    assert features(Heard.of("Limebomoka 40 la 7")) == {"limebomoka", "lime*", "*omoka", "la", "#"}


def test_the_shipped_weights_are_those_that_the_corpus_gives() -> None:
    made = fit_weights.table(list(fit_weights.needs()), list(fit_weights.confidential()))
    assert (protocol.locate(None) / "weights.toml").read_text(encoding="utf-8") == made


@pytest.mark.parametrize(("kind", "count", "least"), [("unformatted", 1211, 0.96), ("chatter", 1447, 0.98)])
def test_nearly_all_prose_that_is_only_there_to_be_weighed_is_read_right(kind: str, count: int, least: float) -> None:
    files = sorted((score_corpus.CORPUS / "prose").glob("*.jsonl"))
    posts = [post for file in files for post in score_corpus.posts_of(file) if post["kind"] == kind]
    right = sum(score_corpus.read(post, vocabulary()).kind == kind for post in posts)
    assert len(posts) == count
    assert right / len(posts) >= least


def test_who_told_of_a_need_stands_below_its_words_and_is_not_weighed_with_them() -> None:
    reading = read("Maji yamepotea Kapsowar na watu 5 wanateseka\nJina: Jepkosgei\nSimu: 0722 123 456")
    assert (reading.kind, reading.forms[0].problem) == ("unformatted", "Maji yamepotea Kapsowar na watu 5 wanateseka")
    assert read("Kipyegon ameshinda tena leo asubuhi huko Oslo\nJina: Jepkosgei\nSimu: 0722 123 456").kind == "chatter"


def test_a_need_is_heard_whoever_tells_of_it() -> None:
    text = "Kondabilet watoto wanapika uji nje kwa mvua, jiko lilianguka tangu mwezi wa pili"
    for role in ("ward_admin", "champion", "stranger"):
        assert read(text, role=role).reason == "words_of_a_need"


@pytest.mark.parametrize(
    "text",
    [
        "Where is a broken pipe reported, is it to the county or to the water company? And who answers?",
        "I saw on the news that hospitals in Mombasa have no drugs and people there are suffering",
        "The dip that had no water was given a tank last week and the farmers are happy",
    ],
)
def test_a_question_of_procedure_news_and_what_is_over_are_no_needs_though_they_name_one(text: str) -> None:
    assert read(text).kind == "chatter"


def test_news_is_a_need_when_it_asks_something_of_us() -> None:
    text = "We heard on the radio that water was launched, at Tot the tank has no water"
    assert read(text).kind == "chatter"
    assert read(f"{text}, please send somebody").kind == "unformatted"


def test_a_need_is_one_though_another_county_is_named() -> None:
    assert (
        read("The lab machine of Kaben dispensary is broken since May, people go to Nakuru for tests").kind
        == "unformatted"
    )


def test_what_is_not_done_until_it_is_fixed_or_must_be_fixed_is_no_work_done() -> None:
    for end in ("unless it is fixed", "until it is repaired", "and it must be repaired"):
        assert read(f"The crush at Rimoi fell, our cows cannot be vaccinated {end}").kind == "unformatted"


def test_an_office_tells_of_a_need_or_of_its_own_work() -> None:
    text = "the ambulance at Tot has no fuel"
    told = f"I got a call from the in-charge, {text} and a mother is waiting to go to Kapsowar"
    assert read(told, role="coordinator").kind == "unformatted"
    assert read(f"We know {text}, the driver is filling it now", role="coordinator").kind == "chatter"


def test_who_is_to_do_the_work_is_no_work_under_way() -> None:
    text = "I passed Kamogich today and the road has collapsed on one side"
    assert read(f"{text}. Who is on it?", role="director").kind == "unformatted"
    assert read(f"{text}. Koros is on it", role="director").kind == "chatter"


def test_five_words_can_tell_of_a_need() -> None:
    assert read("Hakuna maji Iten tangu Alhamisi.").kind == "unformatted"
    assert read("The bridge at Tot collapsed").kind == "unformatted"
    assert read("No, somebody has posted it").kind == "chatter"
    assert read("We love you, dear bridge").kind == "chatter"


def test_two_words_of_danger_say_enough_in_any_sentence() -> None:
    for text in (
        "Ambulance. Mother in labour, Kapchumba, bleeding. Road is ok up to the school. Call 0713 000 448 the husband.",
        "Snake bite, the boy is very weak, we are walking to Tot",
        "House on fire and a child trapped",
        "fight broke out, one stabbed",
        "Lightning here, two are unconscious",
    ):
        assert read(text).kind == "unformatted", text
    joke = "What a landslide victory! 7-0, our queens buried them alive 😂🔥 their keeper was drowning in goals"
    assert read(joke).kind == "chatter"
    one = "May the Lord comfort the family of the two who drowned at Tot. We lost good people"
    assert read(one).kind == "chatter"


def test_four_words_can_tell_of_a_danger_and_talk_of_one_stays_talk() -> None:
    for text in (
        "watu wanne wamezama Kerio",
        "Kuna maporomoko hapa watu wamefunikwa",
        "mto umefurika watoto wako ng'ambo",
    ):
        assert read(text).kind == "unformatted", text
    for text in (
        "landslide victory for our candidate",
        "lightning speed today kabisa",
        "ajali ya jana inasikitisha sana",
        "cholera seminar tomorrow at 10am",
        "RIP to those who drowned",
    ):
        assert read(text).kind == "chatter", text


def test_a_fire_is_a_danger_and_a_fire_drill_is_none() -> None:
    assert read("There is a fire in the dormitory of Kapsowar girls right now").kind == "unformatted"
    assert read("Fire at the hostel, children trapped inside").kind == "unformatted"
    assert read("fire drill at the school tomorrow, all staff attend").kind == "chatter"
