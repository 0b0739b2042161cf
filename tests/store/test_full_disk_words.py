"""A disk with no room left: every command says so in words, and once there is room the database goes on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from groupbot.cli import main
from groupbot.store.engines import full_disk
from tests.faults import full_disk as disks

WHO = ("people", "add", "Jane Chebet", "--role", "ward_admin", "--ward", "Kapsowar")
COMMANDS = (
    WHO,
    ("people", "list"),
    ("health",),
    ("backup", "{elsewhere}/backup"),
    ("log", "export", "{elsewhere}/log"),
)


def _groupbot(words: tuple[str, ...], database: Path, elsewhere: Path) -> tuple[int, str]:
    given = [word.format(elsewhere=elsewhere) for word in words]
    done = CliRunner().invoke(main, [*given, "--database", f"sqlite:///{database}"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as rest, pytest.raises(OSError, match="No space left"):
        while True:
            rest.write(bytes(512))


def test_a_disk_with_room_and_one_that_is_not_there_are_not_called_full(tmp_path: Path) -> None:
    assert full_disk(tmp_path / "groupbot.db") == full_disk(tmp_path / "no" / "groupbot.db") == full_disk(None) == ""


def test_a_full_disk_is_named_by_every_command_and_with_room_the_database_goes_on(tmp_path: Path) -> None:
    disk, elsewhere = tmp_path / "disk", tmp_path / "elsewhere"
    disk.mkdir()
    elsewhere.mkdir()
    if os.geteuid() != 0:
        pytest.skip("mounting a disk needs root")
    try:
        with disks.small_disk(disk):
            database, filler = disk / "groupbot.db", disk / "filler"
            assert _groupbot(WHO, database, elsewhere)[0] == 0
            _fill(filler)
            for words in COMMANDS:
                code, said = _groupbot(words, database, elsewhere)
                assert code == 1, words
                assert ". The disk is full: make room outside of the bot's folder, then try again;" in said, words
            filler.unlink()
            assert _groupbot(("people", "list"), database, elsewhere) == (
                0,
                "Jane Chebet: ward_admin Kapsowar (no id)\n",
            )
    except PermissionError as reason:
        pytest.skip(f"no disk can be mounted here: {reason}")
