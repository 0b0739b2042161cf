"""The sandbox's durable record: one JSON event per line, only ever appended to, read back at start."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

from groupbot import failpoints

Event = dict[str, Any]

log = logging.getLogger(__name__)


class RecordError(Exception):
    """A line before the last cannot be read: the file was changed by something other than a crash."""


class Record:
    """The file of events, or nothing on disk when `path` is None. One process and one thread at a time.

    `events` is what was read at opening; `cut_off` counts the bytes of a torn last line that were removed then.
    Raises OSError for a file that cannot be opened, RecordError for one that cannot be read.
    """

    def __init__(self, path: Path | None) -> None:
        self.cut_off = 0
        self.events: list[Event] = []
        self._file: int | None = None
        self._end = 0
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._read_back(path)
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
            self._cut_to_end()

    def append(self, event: Event, *, durable: bool = True) -> str:
        """Write one event and return its line; with `durable` it is on the disk before this returns.

        Raises OSError (a full disk): then nothing of the event stays in the file.
        """
        line = as_line(event)
        if self._file is not None:
            self._write(line.encode("utf-8", "replace") + b"\n", durable)
        return line

    def close(self) -> None:
        """Close the file; later events are kept nowhere."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _read_back(self, path: Path) -> None:
        whole = path.read_bytes() if path.exists() else b""
        lines = whole.split(b"\n")
        torn = lines.pop()  # what stands after the last line break: empty unless a write was cut short
        for number, line in enumerate(lines, start=1):
            event = _event(line)
            if event is None and number < len(lines):
                raise RecordError(f"{path}, line {number}: not an event; restore the file or move it away")
            if event is None:
                torn = line + b"\n" + torn
                break
            self.events.append(event)
        self.cut_off = len(torn)
        self._end = len(whole) - len(torn)
        if torn:
            log.warning("%s: the last line was torn by a crash; %d bytes cut off", path, len(torn))

    def _write(self, data: bytes, durable: bool) -> None:
        assert self._file is not None
        try:
            rest = memoryview(data)
            failpoints.reach("record.writing")
            while rest:
                rest = rest[os.write(self._file, rest) :]
            failpoints.reach("record.written")
            if durable:
                os.fsync(self._file)
                failpoints.reach("record.synced")
        except OSError:
            self._cut_to_end()
            raise
        self._end += len(data)

    def _cut_to_end(self) -> None:
        assert self._file is not None
        os.ftruncate(self._file, self._end)
        os.lseek(self._file, self._end, os.SEEK_SET)


def as_line(event: Event) -> str:
    """An event as the one line of JSON that stands in the file and that the bot gets as a raw update."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


def _event(line: bytes) -> Event | None:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) and isinstance(event.get("do"), str) else None
