"""Texts without what names a citizen, as far as it can be known."""

from __future__ import annotations

import pytest

from groupbot.rules.redaction import redact


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        ("ask her on 0722 123 456", (), "ask her on"),
        ("call _0722 123 456_ or _23456789_ now", (), "call or now"),
        ("simu +254 (0)722.123.456 tafadhali", (), "simu tafadhali"),
        ("ID 23456789 of the mother", (), "ID of the mother"),
        ("write to mary.k@example.org today", (), "write to today"),
        ("Mary KOMEN was sent away", ("Mary Komen",), "was sent away"),
        ("Al was there", ("Al Too",), "Al was there"),
        ("HLT-26-0042-R since 2025, 300 girls, KSh 2,000", (), "HLT-26-0042-R since 2025, 300 girls, KSh 2,000"),
        ("line one 0722123456\nline two", (), "line one\nline two"),
        ("", (), ""),
    ],
)
def test_what_is_left(text: str, names: tuple[str, ...], left: str) -> None:
    assert redact(text, "KE", names) == left
