"""A small disk with room for a database, and the program run on it; skipped where no disk can be mounted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from groupbot.cli import main
from tests.faults import full_disk

ADD = ("people", "add", "Jane Chebet", "--role", "ward_admin", "--ward", "Kapsowar")
COMMANDS = (
    ADD,
    ("people", "list"),
    ("health",),
    ("backup", "{elsewhere}/backup"),
    ("log", "export", "{elsewhere}/log.jsonl"),
)
LISTED = (0, "Jane Chebet: ward_admin Kapsowar (no id)\n")


def groupbot(words: tuple[str, ...], database: Path, elsewhere: Path) -> tuple[int, str]:
    """The exit status of one command on a database, and what it says; no error of Python may leave it."""
    given = [word.format(elsewhere=elsewhere) for word in words]
    done = CliRunner().invoke(main, [*given, "--database", f"sqlite:///{database}"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@contextmanager
def mounted(folder: Path) -> Iterator[tuple[Path, Path]]:
    """A database with one person on a small disk, and a folder on another one."""
    disk, elsewhere = folder / "disk", folder / "elsewhere"
    disk.mkdir()
    elsewhere.mkdir()
    if os.geteuid() != 0:
        pytest.skip("mounting a disk needs root")
    try:
        with full_disk.small_disk(disk):
            database = disk / "groupbot.db"
            assert groupbot(ADD, database, elsewhere)[0] == 0
            yield database, elsewhere
    except PermissionError as reason:
        pytest.skip(f"no disk can be mounted here: {reason}")
