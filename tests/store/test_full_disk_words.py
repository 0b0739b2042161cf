"""A disk with no room left: every command says so in words, and once there is room the database goes on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import pytest

from groupbot.store.engines import full_disk
from tests.store.small_disk import COMMANDS, LISTED, groupbot, mounted

FULL = ". The disk is full: make room outside of the bot's folder, then try again;"


class _Full(NamedTuple):
    """What statvfs answers about a full disk, as far as it is asked."""

    f_flag: int = 0
    f_bavail: int = 0
    f_frsize: int = 4096


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as rest, pytest.raises(OSError, match="No space left"):
        while True:
            rest.write(bytes(512))


def test_a_disk_with_room_and_one_that_is_not_there_are_not_called_full(tmp_path: Path) -> None:
    assert full_disk(tmp_path / "groupbot.db") == full_disk(tmp_path / "no" / "groupbot.db") == full_disk(None) == ""


def test_where_no_disk_can_be_mounted_what_the_system_says_of_it_is_heeded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "groupbot.db"
    database.write_bytes(b"cut short by a full disk" * 100)
    code, said = groupbot(("people", "list"), database, tmp_path)
    assert (code, FULL in said) == (1, False)
    monkeypatch.setattr(os, "statvfs", lambda folder: _Full())
    code, said = groupbot(("people", "list"), database, tmp_path)
    assert (code, FULL in said) == (1, True)


def test_a_full_disk_is_named_by_every_command_and_with_room_the_database_goes_on(tmp_path: Path) -> None:
    with mounted(tmp_path) as (database, elsewhere):
        filler = database.parent / "filler"
        _fill(filler)
        for words in COMMANDS:
            code, said = groupbot(words, database, elsewhere)
            assert code == 1, words
            assert FULL in said, words
        filler.unlink()
        assert groupbot(("people", "list"), database, elsewhere) == LISTED
