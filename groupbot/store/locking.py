"""Who may open a SQLite database for writing: one process at a time, by an operating system lock beside the file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from groupbot.store.errors import StoreBusy, StoreError


class FileLock:
    """An flock on `<database>.lock`, whose text is the holder's process id.

    The kernel lets go of the lock when the holder dies, however it dies. The file itself stays: removing it would let
    two processes lock two files of one name.
    """

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ".lock")
        self._database = database
        self._fd: int | None = None

    def take(self) -> None:
        """Take the lock at once. Raises StoreBusy when it is held, StoreError where the system has no flock."""
        fcntl = _fcntl()
        try:
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"cannot make the lock file {self.path}: {error.strerror}") from error
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            pid = _holder(fd)
            os.close(fd)
            raise StoreBusy(self._database, f"process {pid}" if pid else "") from error
        os.ftruncate(fd, 0)
        _write_pid(fd)
        self._fd = fd

    def release(self) -> None:
        """Let go of the lock; nothing happens when it is not held."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def _fcntl() -> Any:
    try:
        import fcntl
    except ImportError as error:
        raise StoreError("this system has no flock; keep the database on Linux or macOS") from error
    return fcntl


def _write_pid(fd: int) -> None:
    # The text is a courtesy to whoever is refused: on a full disk the lock holds without it.
    try:
        os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
    except OSError:
        return


def _holder(fd: int) -> int | None:
    text = os.pread(fd, 32, 0).decode("ascii", "replace").strip()
    return int(text) if text.isascii() and text.isdigit() else None
