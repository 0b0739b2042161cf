"""What an edited post changes: only what the post itself says anew; what others added to the request stays."""

from __future__ import annotations

import pytest

from groupbot.records import Form
from groupbot.rules.revising import follows, paired, retold, revised

POST = Form(location="Chesoi clinic", problem="No nurse", priority="urgent")


@pytest.mark.parametrize(
    ("now", "changed"),
    [
        (POST, Form()),
        (Form(location="Chesoi", problem="No nurse", priority="urgent"), Form(location="Chesoi")),
        (Form(location="Chesoi clinic", problem="No nurse"), Form()),  # what is left out takes nothing back
        (Form(ward="Endo", reporter_phone="+254700000123"), Form(ward="Endo", reporter_phone="+254700000123")),
    ],
)
def test_only_the_fields_that_say_something_else(now: Form, changed: Form) -> None:
    assert revised(POST, now) == changed


@pytest.mark.parametrize(
    ("description", "before", "now", "after"),
    [
        ("No nurse", "No nurse", "No nurse at night", "No nurse at night"),
        ("No nurse\nand no drugs", "No nurse", "No doctor", "No doctor\nand no drugs"),
        ("No nurse since May, all day", "No nurse", "No doctor", "No doctor since May, all day"),
        ("No nurse and no drugs", "No nurse and no drugs", "No nurse", "No nurse"),
        ("No nurse\n40 wait", "No nurse", "No nurse\n40 wait", "No nurse\n40 wait"),  # told already, by another post
        ("All is closed", "No nurse", "No nurse, no drugs", "All is closed\nNo nurse, no drugs"),
        ("All is closed", "No nurse", "closed", "All is closed"),
        ("All is closed", "", "No nurse", "All is closed\nNo nurse"),
    ],
)
def test_the_old_words_give_way_and_what_was_added_stays(description: str, before: str, now: str, after: str) -> None:
    assert retold(description, before, now) == after


@pytest.mark.parametrize(
    ("before", "now", "stands", "goes"),
    [
        (2, 0, 2, True),  # raised
        (0, 2, 0, True),  # and back again
        (2, 1, 0, False),  # somebody has raised it further
        (0, 1, 2, False),  # somebody has lowered it further
        (1, 2, 0, True),
        (1, 1, 0, False),  # the post says what it said
        (2, 0, 0, False),
    ],
)
def test_a_priority_goes_only_the_way_that_its_edit_goes(before: int, now: int, stands: int, goes: bool) -> None:
    assert follows(before, now, stands) is goes


PIPE, TANK = Form("Kapsowar", "Nyaru", "Pipe is cut"), Form("Kapsowar", "Kipkaner", "Tank leaks", "urgent")
TAP = Form("Kapsowar", "Nyaru", "No tap at the school")  # where the pipe is
OTHER = Form("Kapsowar", "Chebara", "Latrines are full")


@pytest.mark.parametrize(
    ("before", "now", "was"),
    [
        ([PIPE], [PIPE, TANK], [0, None]),
        ([PIPE], [TANK, PIPE], [None, 0]),  # added above the first
        ([PIPE, TANK], [TANK, PIPE], [1, 0]),
        ([PIPE, TANK], [TANK], [1]),  # the first was taken out
        ([PIPE, TANK], [Form("Kapsowar", "Nyaru", "Pipe is stolen"), TANK], [0, 1]),
        ([PIPE, TANK], [Form("Kapsowar", "Nyaru", "Nobody mends it"), TANK], [0, 1]),  # at its place in the post
        ([PIPE, TANK], [TANK, Form("Kapsowar", "Nyaru", "Nobody mends it")], [1, None]),
        ([PIPE, TANK], [Form("Endo", "Kipkaner", "Tank leaks"), Form("Endo", "Nyaru", "Pipe is cut")], [1, 0]),
        ([PIPE, TANK], [Form("Endo", "Tot", "Tank leaks"), Form("Endo", "Tot", "Pipe is cut")], [1, 0]),
        ([PIPE, TAP], [Form("Kapsowar", "Nyaru", "No tap at all at the school"), PIPE], [1, 0]),  # of one place both
        ([PIPE, TAP], [Form("Kapsowar", "Nyaru", "No tap, 40 children at school walk")], [1]),
        ([PIPE], [TAP, Form("Kapsowar", "Nyaru", "Pipe is cut again")], [None, 0]),
        ([PIPE, TANK], [OTHER, TANK], [None, 1]),  # nothing of it stayed: another need
        ([PIPE, TANK], [TANK, OTHER], [1, None]),
        ([PIPE], [Form(problem="All is bad"), TANK], [None, None]),
        ([Form(problem="Tank leaks")], [Form(location="Tot", problem="Tank leaks")], [0]),  # its place was added
        ([Form(location="Tot")], [Form(location="Tot")], [0]),
        ([PIPE], [Form("Endo", "Nyaru centre", "Pipe is cut again")], [0]),  # the place is told more exactly
        ([PIPE], [Form("Endo", "Chebara", "Pipe is cut again")], [None]),  # elsewhere another pipe
        ([Form(problem="Pipe is cut")], [Form("Endo", "Nyaru", "Pipe is cut again")], [0]),
        ([Form("Endo", "Tap 3", "Tap leaks a bit")], [Form("Endo", "Tap 4", "Tap leaks a lot")], [None]),
        ([], [PIPE], [None]),
        ([PIPE], [], []),
    ],
)
def test_which_form_of_an_edited_post_was_which(before: list[Form], now: list[Form], was: list[int | None]) -> None:
    assert paired(before, now) == was
