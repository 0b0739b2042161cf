"""A disk that was made read-only: nothing is half done, and whoever runs the bot is told what to do."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from groupbot.cli import main
from groupbot.store.database import Store
from tests.faults import full_disk

WHO = ("people", "add", "Jane Chebet", "--role", "ward_admin", "--ward", "Kapsowar")
COMMANDS = (
    WHO,
    ("people", "list"),
    ("health",),
    ("migrate",),
    ("backup", "{elsewhere}/backup"),
    ("log", "export", "{elsewhere}/log.jsonl"),
)


def _groupbot(words: tuple[str, ...], database: Path, elsewhere: Path) -> tuple[int, str]:
    given = [word.format(elsewhere=elsewhere) for word in words]
    done = CliRunner().invoke(main, [*given, "--database", f"sqlite:///{database}"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


class _ReadOnly(NamedTuple):
    """What statvfs answers about a read-only disk, as far as it is asked."""

    f_flag: int = os.ST_RDONLY


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_where_no_disk_can_be_mounted_what_the_system_says_of_it_is_heeded(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _groupbot(WHO, tmp_path / "groupbot.db", tmp_path)[0] == 0
    monkeypatch.setattr(os, "statvfs", lambda folder: _ReadOnly())
    code, said = _groupbot(words, tmp_path / "groupbot.db", tmp_path)
    assert code == 1
    assert f"the disk of {tmp_path / 'groupbot.db'} is read-only." in said


def test_a_read_only_disk_is_named_with_its_remedy_by_every_command_and_the_copy_goes_on(tmp_path: Path) -> None:
    disk, elsewhere = tmp_path / "disk", tmp_path / "elsewhere"
    disk.mkdir()
    elsewhere.mkdir()
    if os.geteuid() != 0:
        pytest.skip("mounting a disk needs root")
    try:
        with full_disk.small_disk(disk):
            database = disk / "groupbot.db"
            assert _groupbot(WHO, database, elsewhere)[0] == 0
            before = database.read_bytes()
            full_disk.make_read_only(disk)
            for words in COMMANDS:
                code, said = _groupbot(words, database, elsewhere)
                assert code == 1, words
                assert f"the disk of {database} is read-only." in said, words
                assert "copy groupbot.db, and groupbot.db-wal if it is there, to another disk" in said
            assert database.read_bytes() == before
            assert list(elsewhere.iterdir()) == []
            shutil.copyfile(database, elsewhere / "groupbot.db")
    except PermissionError as reason:
        pytest.skip(f"no disk can be mounted here: {reason}")
    code, said = _groupbot(("people", "list"), elsewhere / "groupbot.db", elsewhere)
    assert (code, said) == (0, "Jane Chebet: ward_admin Kapsowar (no id)\n")
    with Store(f"sqlite:///{elsewhere / 'groupbot.db'}") as store:
        assert store.read(lambda tx: tx.scalar("PRAGMA integrity_check")) == "ok"
