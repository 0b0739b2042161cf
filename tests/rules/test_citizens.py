"""What a poster labels as a citizen's name or number is cut out of prose before it is offered; the rest stays."""

from __future__ import annotations

import pytest

from groupbot.rules.readings.citizens import is_contact_label, without_contacts
from tests.rules.reading_pack import read, vocabulary

NEED = "The pipe at Tot market has burst, people have no water"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"{NEED}\nName: Mary Komen", f"{NEED}\n"),
        (f"{NEED}\nname : mary komen", f"{NEED}\n"),
        (f"{NEED}\nName\nMary Komen\nThank you", f"{NEED}\nThank you"),
        (f"{NEED}\nJina:\n\nmary komen", f"{NEED}\n"),
        (f"Reported by Mary Komen: {NEED}", NEED),
        (f"Reported by: Mary Komen, {NEED}", NEED),
        (f"Mwananchi - Mary Komen. {NEED}", NEED),
        ("The caller Mary Komen of Tot says the pipe has burst", "The of Tot says the pipe has burst"),
        (f"*Name*: _Mary Komen_; {NEED}", NEED),
        (f"Full name Mary A. Komen {NEED.lower()}", f"Komen {NEED.lower()}"),
        (NEED, NEED),
        ("Residents of Tot have no water", "Residents of Tot have no water"),
        ("Every resident has no water", "Every resident has no water"),
        ("", ""),
    ],
)
def test_a_name_that_a_label_announces_goes_with_its_label(text: str, left: str) -> None:
    assert without_contacts(text, vocabulary().labels) == left


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Phone:", True), ("Jina", True), ("Phone number", True), ("Location:", False), ("a b c d e", False), ("", False)],
)
def test_labels_of_names_and_numbers_are_known(text: str, expected: bool) -> None:
    assert is_contact_label(text, vocabulary().labels) is expected


@pytest.mark.parametrize(
    "contacts", ["Name: Mary Komen\nPhone: 0700 000 123", "Jina: Mary Komen\nSimu: 0700-000-123", "Name\nMary Komen"]
)
def test_an_offer_holds_the_need_and_nothing_of_who_told_it(contacts: str) -> None:
    (form,) = read(f"{NEED}\n{contacts}").forms
    assert (form.problem, form.location) == (NEED, "Tot market")
