"""From when and until when an office is given, in the words of whoever gives it."""

from __future__ import annotations

from datetime import datetime

import pytest

from groupbot.rules.terms import NamedTerm, beginnings, read_term
from tests.county import jurisdiction

OURS = jurisdiction()
TUESDAY = "2026-11-24 10:00"


def _at(local: str | None) -> datetime | None:
    return None if local is None else datetime.fromisoformat(local).replace(tzinfo=OURS.zone)


def _read(text: str) -> NamedTerm | None:
    said_at = _at(TUESDAY)
    assert said_at is not None
    return read_term(text, said_at, OURS.beginnings, OURS.date_words, OURS.calendar)


@pytest.mark.parametrize(
    ("text", "since", "until", "rest"),
    [
        ("", None, None, ""),
        ("Jane Chebet", None, None, "Jane Chebet"),
        ("until Friday", None, "2026-11-27 17:00", ""),
        ("Jane until Friday please", None, "2026-11-27 17:00", "Jane please"),
        ("from Monday", "2026-11-30 00:00", None, ""),
        ("Jane, from 1 December", "2026-12-01 00:00", None, "Jane"),
        ("starting 2026-12-01 until 2026-12-18", "2026-12-01 00:00", "2026-12-18 17:00", ""),
        ("until 18 December from Monday", "2026-11-30 00:00", "2026-12-18 17:00", ""),
        ("from Monday 2 pm", "2026-11-30 14:00", None, ""),
        ("from today until Friday", None, "2026-11-27 17:00", ""),
        ("With effect from tomorrow", "2026-11-25 00:00", None, ""),
        ("kuanzia Jumatatu hadi Ijumaa tarehe 18 Desemba", "2026-11-30 00:00", "2026-12-18 17:00", ""),
        ("from Monday until 18 December", "2026-11-30 00:00", "2026-12-18 17:00", ""),
        ("from 1 December 2026 until 5 February 2027", "2026-12-01 00:00", "2027-02-05 17:00", ""),
        ("kuanzia kesho", "2026-11-25 00:00", None, ""),
    ],
)
def test_a_term_is_read(text: str, since: str | None, until: str | None, rest: str) -> None:
    assert _read(text) == NamedTerm(_at(since), _at(until), rest)


@pytest.mark.parametrize(
    "text", ["from", "from Iten", "from soon until Friday", "from next year", "from 18 December until 1 December"]
)
def test_a_beginning_that_is_no_day_or_is_after_the_end_is_no_term(text: str) -> None:
    assert _read(text) is None


def test_a_pack_without_words_for_a_beginning_knows_none() -> None:
    said_at = _at(TUESDAY)
    assert said_at is not None
    assert read_term("from", said_at, beginnings(()), OURS.date_words, OURS.calendar) == NamedTerm(None, None, "from")
