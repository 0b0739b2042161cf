"""Forms as people really write them: marks, labels, lines, several requests in a post."""

from __future__ import annotations

import pytest

from tests.rules.reading_pack import form, read, vocabulary

TIDY = {"ward": "Endo", "location": "Tot", "problem": "no water", "priority": "urgent"}


@pytest.mark.parametrize(
    "mark", [":", " : ", ": ", "=", " = ", ";", " - ", " – ", "-> ", " >> ", " → ", "：", ". ", ":- ", "::"]
)
def test_any_mark_parts_a_label_from_its_value(mark: str) -> None:
    text = f"Ward{mark}Endo\nLocation{mark}Tot\nProblem{mark}no water\nPriority{mark}urgent"
    assert form(text) == TIDY


@pytest.mark.parametrize(
    "text",
    [
        "Ward: Endo | Location: Tot | Problem: no water | Priority: urgent",
        "Ward: Endo; Location: Tot; Problem: no water; Priority: urgent;",
        "Ward: Endo, Location: Tot, Problem: no water, Priority: urgent",
        "Ward: Endo / Location: Tot / Problem: no water / Priority: urgent",
        "Ward: Endo. Location: Tot. Problem: no water. Priority: urgent",
        "Ward: Endo  Location: Tot  Problem: no water  Priority: urgent",
        "Ward: Endo Location: Tot Problem: no water Priority: urgent",
        "ward: Endo location: Tot problem: no water priority: urgent",
        "Ward:Endo Location:Tot Problem:no water Priority:urgent",
        "Ward Endo, Location Tot, Problem no water, Priority urgent",
        "SERVICE REQUEST Ward: Endo Location: Tot Problem: no water Priority: urgent",
        "SERVICE REQUEST | Ward - Endo | Location - Tot | Problem - no water | Priority - urgent",
        "Ward; Endo. Location; Tot. Problem; no water. Priority; urgent",
        "Service request: Ward: Endo. Location: Tot. Problem: no water. Priority: urgent.",
        "wrd: Endo\nlocn: Tot\nprblm: no water\nprty: urgent",
    ],
)
def test_a_form_on_one_line_is_the_same_form(text: str) -> None:
    assert form(text) == TIDY


@pytest.mark.parametrize(
    "text",
    [
        "WARD\nEndo\n\nLOCATION\nTot\n\nPROBLEM\nno water\n\nPRIORITY\nurgent",
        "*Ward:*\nEndo\n*Location:*\nTot\n*Problem:*\nno water\n*Priority:*\nurgent",
        "Ward Endo\nLocation Tot\nProblem no water\nPriority urgent",
        "1. Ward: Endo\n2) Location: Tot\n(3) Problem: no water\n4: Priority: urgent",
        "a) Ward: Endo\nb) Location: Tot\nc) Problem: no water\nd) Priority: urgent",
        "> Ward: Endo\n> Location: Tot\n> Problem: no water\n> Priority: urgent",
        "• Ward: Endo\n- Location: Tot\n➤ Problem: no water\n👉 Priority: urgent",
        "```\nWard     : Endo\nLocation : Tot\nProblem  : no\n           water\nPriority : urgent\n```",
        "[14/05/2025, 07:52] Rose: Ward: Endo\nLocation: Tot\nProblem: no water\nPriority: urgent",
        "Wrad: Endo\nLocaton: Tot\nProblm: no water\nPriorty: urgent",
        "W: Endo\nLoc: Tot\nProb: no water\nPrio: urgent",
        "Wаrd: Endo\nLоcation: Tot\nPrоblem: no water\nPriоrity: urgent",
        "𝐖𝐚𝐫𝐝: Endo\n𝐋𝐨𝐜𝐚𝐭𝐢𝐨𝐧: Tot\n𝐏𝐫𝐨𝐛𝐥𝐞𝐦: no water\n𝐏𝐫𝐢𝐨𝐫𝐢𝐭𝐲: 𝐮𝐫𝐠𝐞𝐧𝐭",
        "\u200bWard:\u00a0Endo\n\u200fLocation: Tot\nProb\u200blem: no water\r\nPriority: urgent",
        "URGENT SERVICE REQUEST - ENDO WARD\nLocation: Tot\nProblem: no water",
        "Wadi: Endo\nMahali: Tot\nShida: no water\nKipaumbele: haraka",
        "Priority level: urgent\nDescription of the problem: no water\nExact location: Tot\nWard name: Endo",
    ],
)
def test_layout_decoration_and_slips_do_not_change_the_form(text: str) -> None:
    assert form(text) == TIDY


def test_pictograms_stand_for_labels() -> None:
    assert form("📍 Tot\n❗ no water\n⏱ urgent\n👤 Ann\n☎️ 0712 000 345") == {
        "ward": "Endo",
        "location": "Tot",
        "problem": "no water",
        "priority": "urgent",
        "reporter_name": "Ann",
        "reporter_phone": "+254712000345",
    }


def test_a_label_in_the_middle_of_a_sentence_is_no_label() -> None:
    text = (
        "Location: Tot, plot 14/B\nProblem: The complaint is this: the name on the letter, number and area were changed"
    )
    assert form(text)["problem"] == "The complaint is this: the name on the letter, number and area were changed"
    assert form(text)["location"] == "Tot, plot 14/B"


def test_commas_in_a_value_do_not_cut_it() -> None:
    text = "Location: Tot\nProblem: pump broke, no one came, no water, area dry\nPriority: high"
    assert form(text)["problem"] == "pump broke, no one came, no water, area dry"


def test_lines_under_a_problem_join_it_and_a_greeting_does_not() -> None:
    text = "Location: Tot\nProblem: The football\nteam has no boots,\n\nsince June\nPriority: low\nThanks\nRose"
    assert form(text)["problem"] == "The football team has no boots, since June"
    assert form(text)["priority"] == "routine"


def test_what_follows_the_form_after_a_blank_line_is_not_of_it() -> None:
    assert form("Location: Tot\nProblem: no water\n\nI had put it in the wrong group") == {
        "ward": "Endo",
        "location": "Tot",
        "problem": "no water",
    }


def test_a_label_that_is_not_kept_never_joins_the_value_above() -> None:
    text = "Ref: END/1\nLocation: Tot\nSub-county: East\nProblem: dry\nPeople affected: 300\nmany old\nPhoto: attached"
    assert form(text) == {"ward": "Endo", "location": "Tot", "problem": "dry"}


def test_issue_and_details_are_one_problem() -> None:
    assert form("Location: Tot\nIssue: Dry taps\nDetails: Since June. Pump is off")["problem"] == (
        "Dry taps Since June. Pump is off"
    )


def test_numbered_problems_are_requests_that_share_the_rest() -> None:
    forms = read("Location: Tot\nProblem 1: dry tap\nProblem 2: cut pipe\nPriority: urgent\nCitizen: Ann").forms
    assert [found.problem for found in forms] == ["dry tap", "cut pipe"]
    assert {(found.location, found.priority, found.reporter_name) for found in forms} == {("Tot", "urgent", "Ann")}


def test_numbered_problems_need_not_have_the_same_label() -> None:
    forms = read("Location: Tot\nProblem 1: dry tap\nIssue 2: cut pipe").forms
    assert [found.problem for found in forms] == ["dry tap", "cut pipe"]


def test_a_numbered_list_in_a_problem_keeps_its_numbers_though_a_word_of_it_is_a_label() -> None:
    found = form("Location: Tot\nProblem:\n1. Culvert broken\n2. No signs for the school\nPriority: low")
    assert found["problem"] == "1. Culvert broken 2. No signs for the school"


def test_a_header_behind_the_prefix_of_a_chat_export_is_a_header() -> None:
    text = "[14/05/2025, 07:52:10] Rose Ward Admin: URGENT SERVICE REQUEST - ARROR\nLocation: Tot\nProblem: no water"
    assert form(text) == TIDY | {"ward": "Arror"}


def test_a_hyphen_inside_a_word_makes_no_label() -> None:
    assert form("Location: Tot\nProblem: dry\nArea-wide shortage")["problem"] == "dry Area-wide shortage"


def test_several_forms_in_a_post_are_several_requests() -> None:
    first, second = "1. Location: Tot\nProblem: dry", "2. Location: Kaben\nProblem: cut\nPriority: low"
    text = f"Endo ward\nPriority: urgent\n\n{first}\n\n{second}"
    forms = read(text, ward="Arror").forms
    assert [(found.ward, found.location, found.problem, found.priority) for found in forms] == [
        ("Endo", "Tot", "dry", "urgent"),
        ("Endo", "Kaben", "cut", "routine"),
    ]


def test_a_second_header_opens_a_second_form() -> None:
    text = "URGENT SERVICE REQUEST\nLocation: Tot\nProblem: dry\nSERVICE REQUEST\nProblem: cut\nLocation: Kaben"
    forms = read(text).forms
    assert [(found.location, found.problem, found.priority) for found in forms] == [
        ("Tot", "dry", "urgent"),
        ("Kaben", "cut", None),
    ]


def test_a_post_of_too_many_requests_keeps_the_first_twenty() -> None:
    forms = read("".join(f"Location: place {number}\nProblem: dry\n" for number in range(30))).forms
    assert [found.location for found in forms] == [f"place {number}" for number in range(20)]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "...",
        "TBD",
        "see photo 👆🏾",
        "[insert village]",
        "-",
        "N/A",
        "(exact place)",
        "____",
        "tazama picha",
        "?",
        "see pin",
        "same as above",
        "will call to explain",
        "nitapiga simu",
    ],
)
def test_a_placeholder_is_no_value(value: str) -> None:
    reading = read(f"SERVICE REQUEST\nLocation: {value}\nProblem: no water")
    assert (reading.kind, reading.missing) == ("incomplete", ("location",))


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("EMERGENCY!!!", "emergency"),
        ("hatari", "emergency"),
        ("dharura kubwa", "emergency"),
        ("very urgent", "urgent"),
        ("haraka sana", "urgent"),
        ("High - 40 homes", "urgent"),
        ("urgant", "urgent"),
        ("midium", "routine"),
        ("Not so urgent", "routine"),
        ("si haraka", "routine"),
        ("~low~ high", "urgent"),
        ("emergency / urgent / routine", None),
        ("yes", None),
        ("...", None),
    ],
)
def test_a_priority_is_read_from_its_field(written: str, level: str | None) -> None:
    assert form(f"Location: Tot\nProblem: an urgent emergency\nPriority: {written}").get("priority") == level


@pytest.mark.parametrize(
    ("written", "name", "phone"),
    [
        ("Bilha Kiprono 0747 000 391", "Bilha Kiprono", "+254747000391"),
        ("Jacob Rutto (0725 000 683)", "Jacob Rutto", "+254725000683"),
        ("Dr. S. Too, tel 0725 000 683", "Dr. S. Too", "+254725000683"),
        ("0725 000 683", None, "+254725000683"),
        ("Anonymous", None, None),
        ("a widow who fears to be named", None, None),
        ("hataki kutajwa", None, None),
        ("Mwalimu Esther Jelimo", "Mwalimu Esther Jelimo", None),
    ],
)
def test_a_name_is_kept_as_written_without_the_number(written: str, name: str | None, phone: str | None) -> None:
    found = form(f"Location: Tot\nProblem: dry\nCitizen: {written}")
    assert (found.get("reporter_name"), found.get("reporter_phone")) == (name, phone)


def test_a_struck_out_number_is_ignored_and_withheld_gives_none() -> None:
    start = "Location: Tot\nProblem: dry, call 0712 000 111\nPhone: "
    assert form(start + "~0712 000 730~ 0712 000 735")["reporter_phone"] == "+254712000735"
    assert "reporter_phone" not in form(start + "withheld")


def test_a_number_in_the_problem_counts_when_there_is_no_phone_field() -> None:
    found = form("Location: Tot\nProblem: dry, owner is on 0712 000 111")
    assert found["reporter_phone"] == "+254712000111"
    assert found["problem"] == "dry, owner is on 0712 000 111"


def test_the_ward_of_the_form_wins_over_the_sender_s() -> None:
    assert form("Ward: emsoo\nLocation: Kolol\nProblem: dry", ward="Tambach")["ward"] == "Emsoo"
    assert form("Location: Kolol\nProblem: dry", ward="Tambach")["ward"] == "Tambach"


def test_an_ambiguous_ward_is_settled_by_the_sender_s_or_left_open() -> None:
    text = "Ward: Soy\nLocation: Emsea\nProblem: dry"
    assert form(text, ward="Soy North")["ward"] == "Soy North"
    assert "ward" not in form(text, ward="Endo")


@pytest.mark.parametrize("word", ["Game", "Card", "Plate", "Donation", "Vocation", "President", "Residence", "Course"])
def test_a_word_that_is_near_a_label_is_not_taken_for_it(word: str) -> None:
    label = vocabulary().labels.find(word)
    assert label is None or label.code in ("other", "notice")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Nmae", "reporter_name"),
        ("Phne", "reporter_phone"),
        ("Prblm", "problem"),
        ("ocation", "location"),
        ("Citzn", "reporter_name"),
        ("Citizen's phone", "reporter_phone"),
        ("Name/Phone", "reporter_name"),
        ("Location (exact place)", "location"),
        ("Problem no. 2", "problem"),
        ("LOCATION 2", "location"),
        ("  *Ward*", "ward"),
        ("Nambari ya simu", "reporter_phone"),
        ("Location details", "location"),
        ("Details of the problem", "problem"),
        ("Problem with roads", None),
        ("Tel" * 40, None),
        ("", None),
    ],
)
def test_a_label_is_known_with_its_slips_and_trimmings(written: str, code: str | None) -> None:
    label = vocabulary().labels.find(written)
    assert (label.code if label else None) == code
