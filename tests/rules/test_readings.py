"""What a post is: request, incomplete, unformatted or chatter; its road and language; and that nothing breaks it."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groupbot.records import Form, Reading
from groupbot.rules.readings import is_private, read_labels, read_post
from groupbot.rules.text import clean
from tests import score_corpus
from tests.rules.reading_pack import read, vocabulary

POSTS = [post for path in sorted(score_corpus.CORPUS.glob("*.jsonl")) for post in score_corpus.posts_of(path)]
PRIVATE = {"d002", "d024", "d045", "d076", "p1348", "p2310", "o208"}
UNHEARD = {"p604", "p1377", "p2195"}  # needs that weigh too little; whoever wrote them hears nothing
UNTOLD = {  # confidential matters that weigh too little: people must still watch
    "p220", "p228", "p498", "p528", "p692", "p1503", "p1506", "p1812", "p2128", "p2148", "p2648", "p2813",
}  # fmt: skip
FORM = "SERVICE REQUEST\nWard: Endo\nLocation: Tot\nProblem: no water\nPriority: urgent"


@pytest.mark.parametrize("post", POSTS, ids=lambda post: str(post["id"]))
def test_every_post_of_the_corpus_is_read_exactly_so(post: dict[str, Any]) -> None:
    reading = score_corpus.read(post, vocabulary())
    if post["id"] in UNTOLD:
        assert score_corpus.misses(post, reading) == ["route public"]
        return
    assert score_corpus.misses(post, reading) == (
        ["kind chatter (no_need), not unformatted"] if post["id"] in UNHEARD else []
    )
    assert reading.route == post.get("route", "private" if post["id"] in PRIVATE else "public")


def test_who_asks_where_and_what_in_swahili_has_labelled_a_place_and_a_problem() -> None:
    (form,) = read("Wapi: Kabiemit, karibu na posho mill\nNini: mita ya maji imeibiwa").forms
    assert (form.location, form.problem) == ("Kabiemit, karibu na posho mill", "mita ya maji imeibiwa")


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("Dharura: ndio", "emergency"),
        ("Dharura: Ndiyo", "emergency"),
        ("Haraka - eeh", "urgent"),
        ("Urgency: yes", "urgent"),
        ("Dharura: hapana", None),
        ("Kipaumbele: ndio", None),
        ("Kiwango: haraka", "urgent"),
        ("Dharura au kawaida: kawaida", "routine"),
    ],
)
def test_a_yes_under_a_label_that_is_a_level_names_that_level(written: str, level: str | None) -> None:
    (form,) = read(f"Mahali: Tot\nShida: daraja limepasuka\n{written}").forms
    assert (form.problem, form.priority) == ("daraja limepasuka", level)


def test_a_form_of_which_its_writer_forgot_the_need_and_the_place_is_asked_for_both() -> None:
    reading = read("Priority: Urgent\nCitizen: Monica Jeruto\nPhone: 0711 770 092")
    assert (reading.kind, reading.missing) == ("incomplete", ("location", "problem"))
    assert read("Priority: soon\nCitizen: Monica Jeruto\nPhone: 0711 770 092").kind == "chatter"
    assert read("Priority: Urgent\nCitizen: Monica Jeruto\nPhone: 0711 770 092", role="coordinator").kind == "chatter"


def test_a_number_in_a_chats_italics_is_a_number() -> None:
    (form,) = read("*Location*: _Tot_\n*Problem*: _no teacher since May_\n*Phone*: _0738604192_").forms
    assert (form.location, form.problem, form.reporter_phone) == ("Tot", "no teacher since May", "+254738604192")


@pytest.mark.parametrize("mark", ["{}| {}", "{} | {}", "{}|{}", "#{}# {}"])
def test_bars_and_hashes_part_a_label_from_its_value(mark: str) -> None:
    fields = (("Location", "Chebiemit"), ("Problem", "the grader dug and left"), ("Priority", "urgent"))
    for parting in ("\n", " ") if "#" in mark else ("\n",):
        (form,) = read(parting.join(mark.format(*one) for one in fields)).forms
        assert (form.location, form.problem, form.priority) == ("Chebiemit", "the grader dug and left", "urgent")


def test_full_stops_that_part_the_fields_are_no_part_of_them() -> None:
    (form,) = read("LOCATION Tenden .. PROBLEM the machine was never opened .. PRIORITY high .. CITIZEN Rael Too").forms
    assert (form.location, form.problem, form.reporter_name) == ("Tenden", "the machine was never opened", "Rael Too")


def test_a_whole_form_is_read_into_all_its_fields() -> None:
    text = FORM + "\nCitizen: Rael Chepkiyeng\nPhone: 0720 000 662\nChannel: phone call"
    assert read(text) == Reading(
        kind="request",
        forms=(
            Form(
                ward="Endo",
                location="Tot",
                problem="no water",
                priority="urgent",
                reporter_name="Rael Chepkiyeng",
                reporter_phone="+254720000662",
                channel="phone call",
            ),
        ),
        route="public",
        language="en",
        reason="form",
    )


@pytest.mark.parametrize(
    ("text", "role", "reason"),
    [
        ("SERVICE REQUEST\nWard:\nLocation:\nProblem:", "ward_admin", "blank_form"),
        ("SERVICE REQUEST\nWard: (your ward)\nLocation: (exact place)\nProblem: ...", "communications", "blank_form"),
        ("Fill it like this:\n" + FORM, "communications", "example_of_the_form"),
        (
            "SERVICE REQUEST\nWard: the ward of the citizen\nLocation: name of the village, school or facility\n"
            "Problem: what is wrong, in one or two sentences\nPriority: emergency, urgent or routine\nChannel: call",
            "coordinator",
            "blank_form",
        ),
        ("Wadi: jina la wadi yako\nMahali: kijiji au shule\nShida: eleza kwa kifupi", "ward_admin", "blank_form"),
        ("SERVICE REQUEST\nWard:\nLocation:\nProblem:\nChannel:\n\nThis is what we fill", "ward_admin", "blank_form"),
        ("> Location: Tot\n> Problem: dry tap\nThis one is solved, no need to send anybody", "ward_admin", "settled"),
        ("MINUTES - land clinic\nIssue 1: maps\nIssue 2: titles\nLocation: Tot", "ward_admin", "notice"),
        ("Ward: Endo\nLocation: Tot\nAgenda: roads\nVenue: hall", "ward_admin", "notice"),
        ("Dairy sacco AGM\nPlace: Tot hall\nIssues: loans, milk prices\nName: Ann", "ward_admin", "notice"),
        ("SERVICE REQUESTS SUMMARY\nProblem: pipes\nLocation: Lelan\nPriority: high", "ward_admin", "notice"),
        ("Name: Ann Yano\nPhone: 0712 000 230\nWard: Endo\nVillage: Kaben\nAge: 24", "ward_admin", "labels_of_no_form"),
        ("Location: Tot\nPriority: urgent\nName: Ann", "stranger", "labels_of_an_outsider"),
        (FORM + "\nEarn up to 3,500 a day", "stranger", "labels_of_an_outsider"),
        ("Name: any. Location: anywhere. INSTANT LOAN, price: low", "ward_admin", "labels_of_an_outsider"),
        (
            "> HLT-26-0042-R\n> Location: Tot\n> Problem: dry\n\nAny update?",
            "ward_admin",
            "question_on_a_known_request",
        ),
        ("RDS-0097 Location: Tot. Problem: dry tap. When will they come?", "ward_admin", "question_on_a_known_request"),
        ("Ref: END/12\nLocation: Tot\nProblem: dry\n\nIs it done?", "ward_admin", "question_on_a_known_request"),
        (
            "Ref. EDU-0061. Ward: Endo; Location: Kaben ECDE; Problem: no desks; Priority: routine. Did it go through?",
            "ward_admin",
            "question_on_a_known_request",
        ),
        ("Good morning all. May God bless our work 🙏🏾", "ward_admin", "no_need"),
        ("", "ward_admin", "no_need"),
        ("👍", None, "no_need"),
    ],
)
def test_what_is_no_request_is_chatter_for_a_named_reason(text: str, role: str | None, reason: str) -> None:
    reading = read(text, role=role)
    assert (reading.kind, reading.reason, reading.forms) == ("chatter", reason, ())


def test_a_link_in_a_form_with_a_number_asks_nothing() -> None:
    reading = read(
        "Ref: END/12\nLocation: Tot https://maps.example/?q=0.9,35.5\nProblem: the tap is dry, it was reported"
    )
    assert (reading.kind, reading.forms[0].location) == ("request", "Tot https://maps.example/?q=0.9,35.5")


def test_a_reference_of_another_book_does_not_silence_a_form() -> None:
    assert read("Ref: MET/12/05\nLocation: Tot\nProblem: dry").kind == "request"


def test_a_coordinator_s_form_needs_a_ward_of_its_own() -> None:
    assert read(FORM, role="coordinator", ward=None).kind == "request"
    without = read(FORM.replace("Ward: Endo\n", ""), role="coordinator", ward=None)
    assert (without.kind, without.reason) == ("unformatted", "no_ward")


def test_an_unknown_sender_s_form_is_read_as_far_as_it_goes() -> None:
    (found,) = read("Location: Tot\nProblem: dry", role=None, ward=None).forms
    assert found == Form(location="Tot", problem="dry")


def test_missing_fields_are_named_in_the_pack_s_order() -> None:
    reading = read("SERVICE REQUEST\nPriority: high\nCitizen: Ann")
    assert reading.kind == "incomplete"
    assert reading.missing == ("location", "problem")
    assert reading.forms == (Form(ward="Endo", priority="urgent", reporter_name="Ann"),)


def test_of_several_forms_the_whole_ones_are_requests() -> None:
    reading = read("Location: Tot\nProblem: dry\n\nLocation: Kaben\nProblem: TBD")
    assert [found.location for found in reading.forms] == ["Tot"]
    assert (reading.reason, reading.unfinished) == ("form_with_unfinished_ones", ())


@pytest.mark.parametrize(
    ("lines", "phone"),
    [
        ("No. of pupils: 38\nPhone: 0712 345 678", "+254712345678"),
        ("Phone: 0712 345 678\nNo. of pupils: 38", "+254712345678"),
        ("Phone: 0712 345 678\nPhone: 0723 000 118", "+254712345678"),
        ("Phone: withheld\nNo. of pupils: 38", None),
        ("Phone: withheld\nNumber: 0712 345 678", None),
        ("No. of pupils: 38", None),
    ],
)
def test_a_number_of_something_else_takes_no_telephone_s_place(lines: str, phone: str | None) -> None:
    (found,) = read(f"Location: Tot\nProblem: no desks\n{lines}").forms
    assert found == Form(ward="Endo", location="Tot", problem="no desks", reporter_phone=phone)


def test_a_form_beside_whole_ones_that_tells_a_problem_is_not_forgotten() -> None:
    reading = read("Problem: dry\nLocation: Tot\n\nProblem: No tap\nLocation: Kaben\n\nProblem: The tank leaks")
    assert [found.location for found in reading.forms] == ["Tot", "Kaben"]
    assert reading.unfinished == ((3, Form(ward="Endo", problem="The tank leaks")),)


@pytest.mark.parametrize("empty", ["\n", " \t\n"])
def test_empty_lines_do_not_use_up_the_lines_that_are_read(empty: str) -> None:
    text = empty * 10_000 + "Location: Tot" + empty * 500 + "Problem: dry"
    assert read(text).forms == (Form(ward="Endo", location="Tot", problem="dry"),)


def test_a_need_in_prose_is_offered_without_name_or_number() -> None:
    text = (
        "Good morning team. The pump at Kaben borehole has stopped working, ask Kiprop 0723 000 118. 40 homes are dry"
    )
    reading = read(text)
    assert (reading.kind, reading.reason, reading.missing) == ("unformatted", "words_of_a_need", ())
    assert reading.forms == (
        Form(
            ward="Endo",
            location="Kaben borehole",
            problem="The pump at Kaben borehole has stopped working 40 homes are dry",
        ),
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("no drugs at Tot sub county hospital since Monday", "Tot sub county hospital"),
        ("hakuna dawa katika zahanati ya Kaben tangu juzi", "zahanati ya Kaben"),
        ("the toilet at chepkorio market is a shame, doors are gone", "chepkorio market"),
        ("there is no water in Biretwo since yesterday", "Biretwo"),
        ("the bridge Kipteber is broken since the rain", "bridge Kipteber"),
        ("we have had no water since last Monday please", None),
    ],
)
def test_the_place_of_a_need_is_guessed_from_its_words(text: str, place: str | None) -> None:
    reading = read(text)
    assert reading.kind == "unformatted"
    assert reading.forms[0].location == place


@pytest.mark.parametrize(
    "text",
    [
        "Any news about the mango traps I posted two weeks ago? Farmers are asking",
        "HLT-26-0042-R there is still no water at Tot hospital",
        "The broken pump at Kolol has been repaired and water is back",
        "Ok thanks. The dispensary there is also dry",
        "Our technician will be at Kolol tomorrow to check the broken pump",
        "No water here",
        "INSTANT LOAN no CRB, no water bill needed, call 0700 000 911 now",
        "Asante sana mhandisi, tinga imefika Kaptalamwa na watu wanafurahi",
    ],
)
def test_old_matters_news_thanks_and_adverts_are_not_offered(text: str) -> None:
    assert read(text).kind == "chatter"


def test_an_office_s_words_are_offered_when_they_tell_of_a_need_and_not_of_its_own_work() -> None:
    told = "I passed by Kessup dispensary, the roof was blown off. No one has reported it yet."
    assert read(told, role="director", ward=None).kind == "unformatted"
    assert read("Both graders are broken, expect delays", role="director", ward=None).kind == "chatter"


@pytest.mark.parametrize(
    "problem",
    [
        "Night guard asking for something small at the gate",
        "residents say a meter reader is asking for 2,000 shillings to reconnect and gives no receipt",
        "Cess clerk is collecting 50 shillings per sack and giving no receipt",
        "Clerk wa revenue anaitisha kitu kidogo",
        "wasee wa boda wanaitishwa chai na askari kila asubuhi",
        "a girl of 15 was married off on Saturday",
        "msichana wa darasa la sita ametungwa mimba na mwalimu",
        "mama anapigwa na bwana yake kila wiki",
        "Mzee mmoja amembaka mtoto wa jirani na chief anataka wakubaliane nyumbani",
        "Headteacher amemtia mimba msichana",
        "Msichana wa miaka 14 ameolewa na mzee",
        "Bwana anamchapa bibi yake",
        "Mwalimu amepiga mtoto mpaka akazirai",
        "Pupil was beaten by teacher until he fainted",
        "The teacher slapped two pupils and one has lost hearing",
        "A teacher is touching the girls and telling them not to report",
        "Kiosk attendant is telling girls to sleep with him to get water",
        "Girls are being cut in the bush",
        "Clerk anataka kakitu",
        "The clerk is telling people to buy him tea of 3,000 before he connects them",
        "The revenue man pockets the money",
        "After the match the askari beat a boy and is asking for something small at the gate",
    ],
)
def test_corruption_abuse_and_children_in_harm_take_the_private_road(problem: str) -> None:
    assert is_private(problem, vocabulary())
    assert read(f"Location: Tot\nProblem: {problem}").route == "private"
    assert read(f"Location: Tot\nProblem: {problem.upper()}").route == "private"


@pytest.mark.parametrize(
    "problem",
    [
        "Meter reader says it is not his work",
        "Kiosk attendant has raised the price to 10 bob per jerrican",
        "Wafanyabiashara wanalipishwa ushuru lakini choo cha soko kimefungwa",
        "Revenue clerk is charging 50 shillings per goat and the market has no toilet",
        "Wakulima wa chai wanaomba afisa wa kilimo aje",
        "Traders want a receipt book, the officer is asking for the list",
        "No glucose strips at the dispensary, the nurse asks people to buy",
        "one child is very weak and the mother needs an ambulance",
        "Children are beaten by rain because the teacher has no classroom",
        "Bridge beaten by floods, men carry children across",
        "The driver hit a child near the stage, we need bumps",
        "Live wire is touching the school fence, teachers fear for the children",
        "mtoto amepigwa na stima karibu na nyumba ya mwalimu",
        "Mama amepiga simu mara tatu, mwalimu hajalipwa",
        "Watoto wanapiga magoti kuandika, mwalimu hana meza",
        "Nilitozwa 4,500 ya mbao na karani",
        "Water office is asking for a fee of 3,000 before connection",
    ],
)
def test_fees_prices_and_sick_children_stay_in_the_group(problem: str) -> None:
    assert not is_private(problem, vocabulary())
    assert read(f"Location: Tot\nProblem: {problem}").route == "public"


def test_a_training_on_violence_is_no_case_of_it() -> None:
    text = "Team, GBV training for all ward admins is on Thursday at Iten"
    assert read(text, role="communications", ward=None) == Reading("chatter", language="en", reason="no_need")


def test_the_language_is_that_of_the_labels_then_of_the_words() -> None:
    assert read("Mahali: Tot\nShida: no water since Monday").language == "sw"
    assert read("Location: Tot\nProblem: hakuna maji tangu jana").language == "en"
    assert read("hakuna maji hapa tangu jana").language == "sw"
    assert read("🙏🏾").language == "en"


def test_a_completing_reply_gives_its_labelled_fields_or_its_bare_words() -> None:
    table = vocabulary()
    assert read_labels("Location: Emsea ECDE", table) == Form(location="Emsea ECDE")
    assert read_labels("Problem 1:\nLocation: Emsea ECDE", table) == Form(location="Emsea ECDE")
    assert read_labels("Emsea ECDE, near\nthe chief", table, missing=("location",)) == Form(
        location="Emsea ECDE, near the chief"
    )
    assert read_labels("Emsea\ndesks are broken", table, missing=("location", "problem")) == Form(
        location="Emsea", problem="desks are broken"
    )
    assert read_labels("Emsea", table, missing=("location", "problem")) == Form()
    for nothing in ("Thanks", "Which one?", "see photo", "", "👍"):
        assert read_labels(nothing, table, missing=("location",)) == Form()


# --- nothing breaks it -----------------------------------------------------------------------------------------------

_BITS = [*"ab Wd:=|;\n.-07>*_~/,([", "Ward", "Location", "Problem 2", "Simu", "\u200b", "📍", "é", "0712 000 345"]
_FORMLIKE = st.lists(st.sampled_from(_BITS), max_size=60).map("".join)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), _FORMLIKE))
def test_any_text_has_a_reading_and_cleaning_it_again_changes_nothing(text: str) -> None:
    once = clean(text)
    reading = read(once)
    assert reading == read(clean(once))
    assert all(found.location and found.problem for found in reading.forms if reading.kind == "request")
    assert bool(reading.missing) == (reading.kind == "incomplete")


def test_a_raw_text_with_lone_surrogates_is_still_read() -> None:
    assert read("Location: Tot\ud800\nProblem: dry\x00").kind == "request"


_LONG = 64_000
HOSTILE = {
    "colons": ":" * _LONG,
    "letters and colons": "a:" * (_LONG // 2),
    "empty lines": "\n" * _LONG,
    "a thousand labels": "Location: A\nProblem: b\n" * 500,
    "misspelt labels": "Loction; x\n" * 6_000,
    "spaced labels": "Ward x\n" * 9_000,
    "headers": "SERVISE REQEST\n" * 4_000,
    "bars": "Ward: x | " * 6_400,
    "spaces before an end": "a" + " " * _LONG + "b",
    "spaces in a value": "Location: a" + " " * _LONG + ": b",
    "underscores": "_a" * (_LONG // 2),
    "opening strikes": "~a " * (_LONG // 3),
    "digits": "7" * _LONG,
    "numbers": "0712 000 111 " * 4_900,
    "brackets": "[" * _LONG,
    "piled accents": "a" + "\u0301" * _LONG,
    "letters that unfold": "\ufdfa" * _LONG,
    "dates": "[14/05/2025, 07:52] " * 3_200,
    "prose": "No water at Kolol dispensary. " * 2_000,
    "wards": "Ward: " + "Soy " * 16_000,
    "any marks": "".join(random.Random(1).choices("ab :=|;\n.-0712*_~>WardLocion", k=_LONG)),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_read_without_delay(text: str) -> None:
    before = time.process_time()
    reading = read_post(text, vocabulary(), sender_role="ward_admin", sender_ward="Endo")
    took = time.process_time() - before
    assert len(reading.forms) <= 20
    assert took < 0.5  # ten times the bar, which the benchmark holds: a quadratic search would take seconds


def test_a_director_names_the_ward_above_several_forms() -> None:
    two = "Location: Kombatich\nProblem: Headwall is leaning\n\nLocation: Chirchir\nProblem: Nails stand up"
    found = read(f"Team, two for your action, both from Metkei Ward.\n\n{two}", role="director", ward=None)
    assert [form.ward for form in found.forms] == ["Metkei", "Metkei"]
    assert read(f"Team, one from Metkei and one from Endo.\n\n{two}", role="director", ward=None).kind != "request"
