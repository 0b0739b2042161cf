"""A disk that was made read-only: nothing is half done, and whoever runs the bot is told what to do."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from groupbot.store.database import Store
from tests.faults import full_disk
from tests.store.small_disk import ADD, COMMANDS, LISTED, groupbot, mounted

EVERY = (*COMMANDS, ("migrate",))


class _ReadOnly(NamedTuple):
    """What statvfs answers about a read-only disk, as far as it is asked."""

    f_flag: int = os.ST_RDONLY


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_where_no_disk_can_be_mounted_what_the_system_says_of_it_is_heeded(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert groupbot(ADD, tmp_path / "groupbot.db", tmp_path)[0] == 0
    monkeypatch.setattr(os, "statvfs", lambda folder: _ReadOnly())
    code, said = groupbot(words, tmp_path / "groupbot.db", tmp_path)
    assert code == 1
    assert f"the disk of {tmp_path / 'groupbot.db'} is read-only." in said


def test_a_read_only_disk_is_named_with_its_remedy_by_every_command_and_the_copy_goes_on(tmp_path: Path) -> None:
    with mounted(tmp_path) as (database, elsewhere):
        before = database.read_bytes()
        full_disk.make_read_only(database.parent)
        for words in EVERY:
            code, said = groupbot(words, database, elsewhere)
            assert code == 1, words
            assert f"the disk of {database} is read-only." in said, words
            assert "copy groupbot.db, and groupbot.db-wal if it is there, to another disk" in said
        assert database.read_bytes() == before
        assert list(elsewhere.iterdir()) == []
        shutil.copyfile(database, elsewhere / "groupbot.db")
    copy = elsewhere / "groupbot.db"
    assert groupbot(("people", "list"), copy, elsewhere) == LISTED
    with Store(f"sqlite:///{copy}") as store:
        assert store.read(lambda tx: tx.scalar("PRAGMA integrity_check")) == "ok"
