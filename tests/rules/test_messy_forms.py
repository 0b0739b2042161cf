"""Forms in every hand: whatever marks, order and spelling their writer has, the fields are what was written."""

from __future__ import annotations

import random

import pytest

from groupbot.records import Reading
from tests.rules.mess import Mess, a_form, a_mess, gold, written
from tests.rules.reading_pack import form, read

FORMS = 1_200
SENDERS_WARD = "Kabiemit"
WHOLE = {"ward": "Endo", "location": "Kaben school", "problem": "no water since Monday"}


def _messes(*, joined_by_space: bool) -> list[tuple[int, Mess]]:
    messes = ((seed, a_mess(random.Random(f"mess {seed}"))) for seed in range(FORMS))
    return [(seed, mess) for seed, mess in messes if (mess.join == " ") == joined_by_space]


def _is_right(reading: Reading, right: dict[str, str]) -> bool:
    return reading.kind == "request" and [it.given() for it in reading.forms] == [right]


def _right_share(messes: list[tuple[int, Mess]]) -> float:
    right = 0
    for seed, mess in messes:
        chance = random.Random(f"form {seed}")
        fields = a_form(chance)
        right += _is_right(read(written(fields, mess, chance), ward=SENDERS_WARD), gold(fields, SENDERS_WARD))
    return right / len(messes)


def test_a_form_is_read_in_ninety_seven_of_a_hundred_hands() -> None:
    assert _right_share(_messes(joined_by_space=False)) >= 0.97


def test_fields_that_only_a_space_parts_are_read_in_two_of_three_hands() -> None:
    assert _right_share(_messes(joined_by_space=True)) >= 2 / 3


def test_a_form_that_lacks_something_lacks_just_that_in_nine_of_ten_hands() -> None:
    right = []
    for seed, mess in _messes(joined_by_space=False):
        chance = random.Random(f"lack {seed}")
        fields = a_form(chance)
        missing = chance.choice([("location",), ("problem",), ("location", "problem")])
        nothing = chance.choice([None, "", "-", "...", "n/a", "?", "TBD"])
        left = {code: value for code, value in fields.items() if code not in missing}
        typed = left if nothing is None else {code: left.get(code, nothing) for code in fields}
        if not mess.header or len(typed) < 3:
            continue
        reading = read(written(typed, mess, chance), ward=SENDERS_WARD)
        found = (reading.kind, reading.missing, [it.given() for it in reading.forms])
        right.append(found == ("incomplete", missing, [gold(left, SENDERS_WARD)]))
    assert len(right) > 300
    assert sum(right) / len(right) >= 0.9


@pytest.mark.parametrize(
    "text",
    [
        "W: Endo\nL: Kaben school\nP: no water since Monday",
        "W- Endo, L- Kaben school, P- no water since Monday",
        "W Endo\nL Kaben school\nP no water since Monday",
        "W\nEndo\nL\nKaben school\nP\nno water since Monday",
        "Ward Endo - Location Kaben school - Problem no water since Monday",
        "Ward - Endo - Location - Kaben school - Problem - no water since Monday",
        "ward-Endo, place-Kaben school, issue-no water since Monday",
        "WARD Endo LOCATION Kaben school PROBLEM no water since Monday",
        "Ward; Endo; Location; Kaben school; Problem; no water since Monday",
        "1. Ward Endo 2. Location Kaben school 3. Problem no water since Monday",
        "1) Ward: Endo 2) Place: Kaben school 3) Problem: no water since Monday",
        "Ward is Endo, location is Kaben school, problem is no water since Monday",
        "Kata ni Endo. Mahali ni Kaben school. Shida ni no water since Monday",
        "Ward (jina) - Endo / Location (exact place) - Kaben school / Problem (what is wrong) - no water since Monday",
        "*Ward:* Endo | *Location:* Kaben school | *Problem:* no water since Monday",
        "Prblm >> no water since Monday, Lction >> Kaben school, Wrd >> Endo",
        "Good morning, ward = Endo / location = Kaben school / problem = no water since Monday",
        "Ward:Endo Location:Kaben school Problem:no water since Monday.",
        "service request ward endo location Kaben school problem no water since Monday",
        "ward endo location Kaben school problem no water since Monday",
        "[12:03, 04/03/2026] Chebet: Ward. Endo, Place. Kaben school, Problem. no water since Monday",
    ],
)
def test_one_form_in_many_hands(text: str) -> None:
    assert {code: value.rstrip(".") for code, value in form(text, ward="Kabiemit").items()} == WHOLE


@pytest.mark.parametrize(
    ("text", "more"),
    [
        (
            "Ward: Endo. Location: Kaben school. Problem: no water since Monday. Priority is urgent",
            {"priority": "urgent"},
        ),
        ("W: Endo\nL: Kaben school\nP: no water since Monday\nP: haraka", {"priority": "urgent"}),
        (
            "Ward: Endo | Prob: no water since Monday | Comp: Mzee Kibet | Loc: Kaben school",
            {"reporter_name": "Mzee Kibet"},
        ),
        (
            "Ward: Endo | Site: Kaben school | Comp: no water since Monday | Name: Mzee Kibet",
            {"reporter_name": "Mzee Kibet"},
        ),
        ("Ward: Endo\nLocation: Kaben school\nProblem: no water since Monday\nLevel\nHARAKA", {"priority": "urgent"}),
        (
            "Ward: Endo, Location: Kaben school, Problem: no water since Monday, Priority High",
            {"priority": "urgent"},
        ),
    ],
)
def test_a_letter_or_a_short_form_is_the_field_that_its_value_suits(text: str, more: dict[str, str]) -> None:
    assert form(text, ward="Kabiemit") == WHOLE | more


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Problem: Instructor not paid, his number is 0712 000 129", "Instructor not paid, his number is 0712 000 129"),
        ("Problem: Chief says name: is missing on the list", "Chief says name: is missing on the list"),
        ("Problem: tank cracked, maji inamwagika", "tank cracked, maji inamwagika"),
        ("Problem: The issue - as always - is the bridge", "The issue - as always - is the bridge"),
    ],
)
def test_words_of_labels_inside_a_problem_stay_there(text: str, problem: str) -> None:
    assert form(f"SERVICE REQUEST\nWard: Endo\nLocation: Tot\n{text}\nPriority: normal")["problem"] == problem


def test_a_number_told_in_a_sentence_stays_in_what_is_told() -> None:
    found = form("Location: Tot, Problem: Instructor not paid, his number is 0712 000 129. Priority is urgent")
    assert found["problem"] == "Instructor not paid, his number is 0712 000 129. Priority is urgent"
    assert found["reporter_phone"] == "+254712000129"


@pytest.mark.parametrize(
    "text",
    [
        "The ward admin is at the location, the problem is known",
        "ward members say that the location is known and the problem is an old one",
        "Gor 3 - Leopards 1, P 10 W 7 D 2 L 1",
        "I am at the office. A meeting is on. Problem solved",
        "Agenda - Friday, Venue - Iten hall, Time - 10 am, Contact - 0712 000 331",
    ],
)
def test_what_has_words_of_labels_but_is_no_form_stays_silent(text: str) -> None:
    assert read(text).kind == "chatter"


def test_a_label_without_value_takes_nothing_from_the_next_one() -> None:
    reading = read("Ward: Soy South\nL: Kimwarer line\nP:\nN: Chepkonga\nT: 0741 000 326", ward="Soy South")
    assert (reading.kind, reading.missing) == ("incomplete", ("problem",))
    assert reading.forms[0].given() == {
        "ward": "Soy South",
        "location": "Kimwarer line",
        "reporter_name": "Chepkonga",
        "reporter_phone": "+254741000326",
    }


def test_a_very_long_post_is_looked_at_once() -> None:
    reading = read("W- Endo, L- Kaben school, P- no water since Monday" + " and no answer" * 500)
    assert reading.kind != "request"


# --- what is no field of the form -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "aside",
    [
        "Vehicles affected - 3 matatus",
        "What we have done: sent them to Tot",
        "Namba ya kitambulisho - 21000456",
        "Number of households - 40",
    ],
)
def test_a_label_that_no_form_has_is_no_part_of_the_place_above_it(aside: str) -> None:
    text = f"Ward - Endo\nLocation - Kaben school\n{aside}\nProblem - no water since Monday\nPhone - 0712 000 129"
    assert form(text, ward="Kabiemit") == WHOLE | {"reporter_phone": "+254712000129"}


@pytest.mark.parametrize(
    ("place", "whole"),
    [
        ("Location: Kaben\nUpper Kaben - Lower Kaben road", "Kaben Upper Kaben - Lower Kaben road"),
        ("Location - Kaben,\nby the school", "Kaben, by the school"),
    ],
)
def test_a_place_that_goes_on_below_with_a_dash_of_its_own_is_kept_whole(place: str, whole: str) -> None:
    assert form(f"{place}\nProblem: no water", ward="Endo")["location"] == whole


def test_what_is_dictated_behind_a_header_has_each_label_once() -> None:
    found = form(
        "SERVICE REQUEST location market area problem no name on the gate since the rains citizen Mzee Kibet via call",
        ward="Endo",
    )
    assert (found["location"], found["channel"]) == ("market area", "call")


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("OMBI - SOY NORTH\n", {"ward": "Soy North"}),
        ("REQUEST: Metkei ward", {"ward": "Metkei"}),
        ("Ombi: HARAKA", {"ward": "Endo", "priority": "urgent"}),
    ],
)
def test_a_title_that_is_a_problems_label_and_only_a_ward_or_a_level_is_no_problem(
    title: str, named: dict[str, str]
) -> None:
    first, second = read(f"{title}\nMahali: soko\nShida: hakuna maji\n----\nMahali: shule\nShida: choo kimejaa").forms
    assert first.given() == {**named, "location": "soko", "problem": "hakuna maji"}
    assert second.given() == {**named, "location": "shule", "problem": "choo kimejaa"}


def test_a_problem_that_begins_with_a_ward_is_a_problem() -> None:
    found = form("Ombi: Soy North wapewe maji\nMahali: Lelboinet")
    assert found == {"ward": "Endo", "location": "Lelboinet", "problem": "Soy North wapewe maji"}


def test_emoji_above_a_form_of_pictures_are_no_label() -> None:
    found = form("🚨🚨\n📍 Kaben dip\n❗ The dip leaks ⚠️\n⏱ haraka\n☎️ 0712 000 129", ward="Endo")
    assert found == {
        "ward": "Endo", "location": "Kaben dip", "problem": "The dip leaks", "priority": "urgent",
        "reporter_phone": "+254712000129",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "FMD VACCINATION\nWard: Endo\nPlace: Tot crush\nDate: 20 and 21 Nov\nDetails: bring all cattle above 4 months",
        "LAND CLINIC\nLocation: Tot hall\nDates: 25-27 Nov\nDetails: bring your ID and sale agreement",
        "KLINIKI YA MACHO\nMahali: Tot\nMaelezo: njooni na kadi zenu, ni bure kwa wote",
        "FREE EYE CAMP\nPlace: Tot\nProblem: cataract, glaucoma, red eyes all welcome\nPhone: 0741 000 377",
    ],
)
def test_a_title_with_its_place_and_details_invites_people(text: str) -> None:
    assert read(text, role="coordinator").kind == "chatter"
    assert read(text, ward="Endo").reason == "notice"


@pytest.mark.parametrize(
    "text",
    [
        "BOREHOLE BROKEN\nLocation: Tot\nDetails: the pump has not worked since Monday, women walk to the river",
        "FMD VACCINATION\nLocation: Tot\nDetails: bring all cattle\nPriority: urgent",
        "FMD VACCINATION\nLocation: Tot\nProblem: nobody came",
        "Vaccination of cattle\nLocation: Tot\nDetails: nobody came",
    ],
)
def test_a_need_under_a_title_is_a_form(text: str) -> None:
    assert read(text, ward="Endo").kind == "request"


@pytest.mark.parametrize(
    "text",
    [
        "Please:\nLocation: the village and a landmark, e.g. Tot, at the dam\nProblem: what is broken and since when",
        "How I fill it:\nWard: your ward\nLocation: the village or facility\nProblem: what is wrong, in short\n"
        "Priority: emergency, urgent or routine\nCitizen: who told you\nPhone: his number\nChannel: how he told you",
        "Please note:\n- Location means plot number too\n- Name means the name on the ID\n- Phone must be on",
        "Mahali: kijiji na alama iliyo karibu\nShida: ni nini kimeharibika\nSimu: nambari yake",
    ],
)
def test_a_form_that_tells_what_to_write_is_none(text: str) -> None:
    assert read(text, role="coordinator").kind == "chatter"
    assert read(text, ward="Endo").reason == "blank_form"


def test_a_real_place_or_problem_among_such_words_makes_it_a_form() -> None:
    assert read("Ward: your ward\nLocation: Tot\nProblem: what is wrong\nPhone: his number").kind != "chatter"
    assert read("Location: the village or Tot\nProblem: no water since Monday").kind == "request"


def test_a_no_behind_a_semicolon_denies_something_and_is_no_number() -> None:
    problem = "gas cylinder leaking; form 4s have prac on Monday; no money to refill"
    assert form(f"- location: lab block\n- problem: {problem}\n- phone: 0796 000 155")["problem"] == problem


def test_a_form_with_its_number_in_any_style_and_a_question_below_is_asked_about() -> None:
    for number in ("RDS/0457", "HLT-26-0001", "KE/RDS/260"):
        text = f"{number} – Mahali: Tot – Shida: lami imepasuka – Kipaumbele: haraka\nJe, hii imefikia wapi?"
        assert read(text, ward="Endo").kind == "chatter"


def test_a_landmark_is_the_place_only_where_nothing_else_is() -> None:
    assert form("Location: Tot\nLandmark: the mortuary\nProblem: lights off")["location"] == "Tot"
    assert form("Landmark: the mortuary\nProblem: lights off\nLocation: Tot")["location"] == "Tot"
    assert form("Location: Tot\nProblem: lights off\nLandmark: the mortuary")["location"] == "Tot"
    assert form("Landmark: the mortuary\nProblem: lights off")["location"] == "the mortuary"


def test_the_last_word_of_a_line_of_full_stops_is_a_value_where_its_label_has_none() -> None:
    line = "Ward. Endo. Location. Tot. Problem. No water. Phone. 0712 000 111. Channel. "
    assert form(f"{line}call.")["channel"] == "call"
    assert form(f"{line}Phone.")["channel"] == "Phone"
    assert "channel" not in form(line)


@pytest.mark.parametrize(
    "text",
    [
        "Which ward: Endo\nName of the place: Tot\nWhat happened: the wall fell\nHow urgent: haraka\n"
        "Who complained: Ann",
        "Reporting ward: Endo\nSite name: Tot\nWhat is the problem: the wall fell\nPriority rating: high\n"
        "Citizen's full name: Ann",
        "Wodi husika: Endo\nMahali penyewe: Tot\nTatizo kuu: the wall fell\nKiwango cha dharura: haraka\n"
        "Nani amelalamika: Ann",
        "WARD - ENDO\nLOKESHEN - Tot\nNATURE OF THE PROBLEM - the wall fell\nLEVEL OF URGENCY - HIGH\n"
        "NAME OF THE COMPLAINANT - Ann",
    ],
)
def test_labels_with_words_around_them_are_labels(text: str) -> None:
    assert form(text) == {
        "ward": "Endo", "location": "Tot", "problem": "the wall fell", "priority": "urgent", "reporter_name": "Ann",
    }  # fmt: skip
