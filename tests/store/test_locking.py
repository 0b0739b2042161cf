"""One process at a time on one SQLite file: the second is told who holds it, and gets in when the first dies."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from groupbot.store.database import Store, StoreBusy, StoreError

HOLD = (
    "import sys; from groupbot.store.database import Store; held = Store(sys.argv[1]).open(); "
    "print(1, flush=True); input()"
)


@pytest.fixture
def holder(sqlite_url: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the database open."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", HOLD, sqlite_url], text=True, **pipes) as process:  # type: ignore[call-overload]
        assert process.stdout.readline() == "1\n"
        yield process
        process.kill()


def test_a_second_process_is_refused_and_told_who_has_the_file(
    holder: subprocess.Popen[str], sqlite_url: str, tmp_path: Path
) -> None:
    expected = (
        f"{tmp_path / 'groupbot.db'} is in use by process {holder.pid}: "
        "stop it first, or send the command to the running bot"
    )
    with pytest.raises(StoreBusy, match=f"^{re.escape(expected)}$") as caught:
        Store(sqlite_url).open()
    assert caught.value.holder == f"process {holder.pid}"


def test_after_a_kill_the_file_opens_at_once(holder: subprocess.Popen[str], sqlite_url: str, tmp_path: Path) -> None:
    holder.kill()
    holder.wait()
    with Store(sqlite_url):
        assert (tmp_path / "groupbot.db.lock").read_text() == f"{os.getpid()}\n"


def test_a_second_store_of_one_process_is_refused_until_the_first_closes(sqlite_url: str) -> None:
    with Store(sqlite_url), pytest.raises(StoreBusy, match=f"process {os.getpid()}"):
        Store(sqlite_url).open()
    Store(sqlite_url).open().close()


def test_another_name_of_the_same_file_is_refused_too(sqlite_url: str, tmp_path: Path) -> None:
    with Store(sqlite_url):
        (tmp_path / "other.db").symlink_to(tmp_path / "groupbot.db")
        with pytest.raises(StoreBusy):
            Store(f"sqlite:///{tmp_path / 'other.db'}").open()


def test_a_lock_file_with_nonsense_in_it_is_still_a_lock(sqlite_url: str, tmp_path: Path) -> None:
    with Store(sqlite_url):
        (tmp_path / "groupbot.db.lock").write_bytes(b"\xff\xfenot a number")
        with pytest.raises(StoreBusy, match="in use by another process"):
            Store(sqlite_url).open()


def test_a_store_that_cannot_be_opened_lets_go_of_the_lock(tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database, but long enough to be taken for the head of one" * 30)
    for _ in range(2):
        with pytest.raises(StoreError, match="not a database"):
            Store(f"sqlite:///{broken}").open()
