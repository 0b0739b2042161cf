"""When a checkpoint is due, how it is written, and that it is found again however it was copied."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupbot import verify_log
from groupbot.rules import checkpoints
from groupbot.verify_log import find_checkpoints
from tests import county

ZONE = ZoneInfo("Africa/Nairobi")
CALENDAR = county.jurisdiction().calendar
ROOT = sha256(b"").digest()
SHOWN = checkpoints.Checkpoint("ke-elgeyo-marakwet", 0, 128, ROOT, date(2026, 11, 24))
FOUND = verify_log.Checkpoint("ke-elgeyo-marakwet", "2026-11-24", 0, 128, ROOT)
BASE64 = b64encode(ROOT).decode()
TEXT = "\n".join(checkpoints.lines(SHOWN))


def at(local: str) -> datetime:
    """A local time as an instant."""
    return datetime.fromisoformat(local).replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("logged", "due"),
    [
        ("2026-11-24 06:00", "2026-11-24 08:00"),  # Tuesday, before opening
        ("2026-11-24 08:00", "2026-11-25 08:00"),
        ("2026-11-24 10:10", "2026-11-25 08:00"),
        ("2026-11-24 22:47", "2026-11-25 08:00"),
        ("2026-11-27 16:59", "2026-11-30 08:00"),  # Friday
        ("2026-11-28 12:00", "2026-11-30 08:00"),
        ("2026-12-11 10:00", "2026-12-14 08:00"),  # before Jamhuri Day, a Saturday in that year
        ("2026-12-24 12:00", "2026-12-28 08:00"),  # before Christmas, a Friday
    ],
)
def test_a_checkpoint_is_due_at_the_next_opening(logged: str, due: str) -> None:
    assert checkpoints.due(1, at(logged), CALENDAR) == at(due)
    assert checkpoints.due(49, at(logged), CALENDAR) == at(due)


def test_fifty_entries_are_not_kept_waiting() -> None:
    assert checkpoints.due(50, at("2026-11-24 22:47"), CALENDAR) == at("2026-11-24 22:47")


def test_a_checkpoint_is_three_short_lines() -> None:
    assert checkpoints.lines(SHOWN) == [
        "log ke-elgeyo-marakwet 2026-11-24",
        "epoch 0 size 128",
        "root 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    ]


COPIES = {
    "as it is": TEXT,
    "on one line": TEXT.replace("\n", " "),
    "windows": TEXT.replace("\n", "\r\n"),
    "quoted": "\n".join(f"> {line}" for line in TEXT.splitlines()),
    "quoted twice": "\n".join(f">> > {line}" for line in TEXT.splitlines()),
    "a list": "\n".join(f"• {line}" for line in TEXT.splitlines()),
    "whatsapp": f"[24/11/2026, 08:00:11] groupbot: The public log has 128 entries.\n{TEXT}",
    "whatsapp export": f"24/11/2026, 08:00 - groupbot: Daftari la umma\n{TEXT}\n24/11/2026, 08:02 - Naomi: asante",
    "telegram": f"groupbot, [24/11/2026 08:00]\n{TEXT}\n\nNaomi: kept, thank you",
    "bold and code": f"*log* _ke-elgeyo-marakwet_ `2026-11-24`\n*epoch* 0, *size* 128;\n```root {BASE64}```",
    "shouted": TEXT.replace("log", "LOG").replace("epoch", "Epoch").replace("root", "ROOT"),
    "invisible marks": "\u200e\u2068" + TEXT.replace(" ", "\u00a0").replace("epoch", "\u200bep\u00adoch") + "\u2069",
    "full-width digits": TEXT.replace("128", "１２８"),
    "broken root": TEXT.replace(BASE64, f"{BASE64[:20]}\n> {BASE64[20:]}"),
    "without the last sign": TEXT.replace("=", "") + "\nplease keep",
    "in brackets": f"({TEXT})",
}


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES)
def test_a_checkpoint_is_found_however_it_was_copied(copy: str) -> None:
    assert find_checkpoints(copy) == ([FOUND], [])


@given(
    st.text(), st.binary(min_size=32, max_size=32), st.integers(0, 10**15), st.text(st.sampled_from("> \n*_`\u200b"))
)
def test_a_checkpoint_is_found_among_any_words(words: str, root: bytes, size: int, decoration: str) -> None:
    shown = checkpoints.Checkpoint("ke", 3, size, root, date(2027, 1, 2))
    text = f"\n{decoration}".join(checkpoints.lines(shown))
    found, damaged = find_checkpoints(f"{words} {text}\n{words}")
    assert (found, damaged) == ([verify_log.Checkpoint("ke", "2027-01-02", 3, size, root)], [])


def test_a_whole_chat_gives_all_its_checkpoints() -> None:
    assert find_checkpoints(f"Naomi: which epoch is it?\n{TEXT}\nNaomi: asante\n{TEXT}") == ([FOUND, FOUND], [])


@pytest.mark.parametrize(
    "damaged",
    [
        TEXT.replace(BASE64, BASE64[:30]),
        TEXT.replace(BASE64, BASE64[:38]) + " thank you all",
        TEXT.replace(BASE64, ""),
        TEXT.replace(BASE64, BASE64[:-2] + "F="),  # not the base64 of 32 bytes
        TEXT.replace("size 128", "size many"),
        TEXT.replace("size 128", "size " + "9" * 5000),
        TEXT.replace("2026-11-24", "24/11/2026"),
        TEXT.replace("root", "toor"),
        TEXT[4:],
        "epoch 0",
    ],
)
def test_a_checkpoint_that_is_not_whole_is_told_and_never_guessed(damaged: str) -> None:
    found, broken = find_checkpoints(damaged)
    assert found == []
    assert len(broken) == 1


@pytest.mark.parametrize("text", ["", "no such thing", "the epoch of speed", "epoch", "log epoch root"])
def test_words_are_no_checkpoint(text: str) -> None:
    assert find_checkpoints(text) == ([], [])
