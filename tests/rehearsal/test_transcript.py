"""Reading transcripts: every mark, and every mistake with the number of its line."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from groupbot.rehearsal.transcript import TranscriptError, read

ZONE = ZoneInfo("Africa/Nairobi")
HEAD = "2025-09-09 07:48 | Health feedback | Miriam Jepkosgei (ward admin, Endo) | "


def test_a_line_is_read_with_its_person_role_and_ward() -> None:
    (line,) = read(HEAD + "Good morning team", ZONE)
    assert line.at == datetime(2025, 9, 9, 4, 48, tzinfo=UTC)
    assert (line.group, line.name, line.role, line.ward) == (
        "Health feedback", "Miriam Jepkosgei", "ward admin", "Endo",
    )  # fmt: skip
    assert line.text == "Good morning team"


def test_indented_lines_go_on_with_the_text_before_them() -> None:
    (line,) = read(HEAD + "SERVICE REQUEST\n    Ward: Endo\n      Location: Tot", ZONE)
    assert line.text == "SERVICE REQUEST\nWard: Endo\n  Location: Tot"


def test_a_text_may_hold_bars_and_brackets_of_its_own() -> None:
    (line,) = read(HEAD + "Ward: Endo | Location: [Tot]", ZONE)
    assert line.text == "Ward: Endo | Location: [Tot]"


def test_marks_are_taken_off_the_text() -> None:
    reply, edit, photo, forward, pin = read(
        "\n".join(
            [
                "2025-09-10 08:00 | G | A (coordinator) | [reply 09-09 07:48] Seen",
                "2025-09-10 08:01 | G | A (coordinator) | [edit 07:59] Seen it",
                "2025-09-10 08:02 | G | A (coordinator) | [photo]",
                "2025-09-10 08:03 | G | A (coordinator) | [forwarded] SERVICE REQUEST",
                "2025-09-10 08:04 | G | A (coordinator) | [pin] [photo] Tot",
            ]
        ),
        ZONE,
    )
    assert (pin.text, pin.pin, pin.photo, pin.forwarded) == ("Tot", True, True, False)
    assert (reply.text, reply.reply_to) == ("Seen", datetime(2025, 9, 9, 4, 48, tzinfo=UTC))
    assert (edit.text, edit.edits) == ("Seen it", datetime(2025, 9, 10, 4, 59, tzinfo=UTC))
    assert (photo.text, photo.photo) == ("", True)
    assert (forward.text, forward.forwarded) == ("SERVICE REQUEST", True)


def test_a_reply_over_new_year_is_to_the_year_before() -> None:
    (line,) = read("2026-01-02 08:00 | G | A (coordinator) | [reply 12-31 17:00] Seen", ZONE)
    assert line.reply_to == datetime(2025, 12, 31, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("hello", "line 1: expected 'YYYY-MM-DD HH:MM | group | Person (role) | text'"),
        (
            "2025-09-09 07:48 | G | Miriam | hi",
            "line 1: expected 'Person (role)' or 'Person (role, ward)', got 'Miriam'",
        ),
        ("2025-02-30 07:48 | G | A (comms) | hi", "line 1: no such time '2025-02-30 07:48'"),
        ("2025-09-09 07:48 | G | A (comms) | [reply 25:99] hi", "line 1: no such time in '[reply 25:99]'"),
        (f"{HEAD}hi\n2025-09-09 07:47 | G | A (comms) | hi", "line 2: its time is before that of line 1"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, mistake: str) -> None:
    with pytest.raises(TranscriptError) as told:
        read(text, ZONE)
    assert str(told.value) == mistake


def test_a_byte_order_mark_and_signs_that_only_look_like_line_ends_do_no_harm() -> None:
    (line,) = read("\ufeff" + HEAD + "Ward: Endo\u2028Location: Tot\x0cTown", ZONE)
    assert (line.number, line.text) == (1, "Ward: Endo\u2028Location: Tot\x0cTown")


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("0001-01-01 00:00 | G | A (coordinator) | Hi", "line 1: no such time '0001-01-01 00:00'"),
        (
            "2024-01-05 07:00 | G | A (coordinator) | [reply 02-29 07:00] Hi",
            "line 1: no such time in '[reply 02-29 07:00]'",
        ),
        ("0001-01-01 04:00 | G | A (coordinator) | [reply 05:00] Hi", "line 1: no such time in '[reply 05:00]'"),
    ],
)
def test_a_time_that_no_calendar_has_is_named(written: str, complaint: str) -> None:
    with pytest.raises(TranscriptError) as raised:
        read(written, ZONE)
    assert str(raised.value) == complaint


def test_a_reply_to_a_leap_day_is_read_in_a_leap_year() -> None:
    (line,) = read("2024-03-01 07:00 | G | A (coordinator) | [reply 02-29 07:00] Hi", ZONE)
    assert line.reply_to == datetime(2024, 2, 29, 4, tzinfo=UTC)
