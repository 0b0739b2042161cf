"""The file of a backup: packed rows between a first line and a SHA-256 of all before it, so that any damage shows."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from groupbot import failpoints
from groupbot.store.copying import Table

MAGIC = b"groupbot backup 1\n"
HASH = 32
_PIECE = 1 << 20


class DamagedBackup(Exception):
    """The file is not a whole backup; the text says why."""


class Backup(NamedTuple):
    """A backup that is read: what it says of itself, and its rows."""

    head: Mapping[str, Any]
    rows: Iterator[Table | tuple[Any, ...]]


def write(file: Path, head: Mapping[str, Any], rows: Iterable[Table | tuple[Any, ...]]) -> int:
    """Write a backup whole or not at all; only its owner may read it. Returns how many rows. Raises OSError."""
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    fd = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(fd, "w+b") as out:
            out.write(MAGIC)
            count = _pack(out, head, rows)
            out.flush()
            failpoints.reach("backup.packed")
            out.seek(0)
            out.write(_digest(out, out.seek(0, os.SEEK_END)))
            out.flush()
            os.fsync(out.fileno())
            failpoints.reach("backup.synced")
        part.replace(file)
        failpoints.reach("backup.renamed")
        _sync_folder(file.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return count


def _pack(out: Any, head: Mapping[str, Any], rows: Iterable[Table | tuple[Any, ...]]) -> int:
    count = 0
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0, compresslevel=6) as packed:
        packed.write(_line(dict(head)))
        for row in rows:
            head_of_table = isinstance(row, Table)
            packed.write(_line({"table": row.name, "columns": row.columns} if head_of_table else list(row)))  # type: ignore[union-attr]
            count += not head_of_table
        packed.write(_line({"end": count}))
    return count


def read(file: Path) -> Backup:
    """A backup, its hash checked over the whole file before anything is given. Raises DamagedBackup, OSError."""
    with file.open("rb") as raw:
        size = raw.seek(0, os.SEEK_END)
        raw.seek(0)
        if raw.read(len(MAGIC)) != MAGIC:
            raise DamagedBackup(f"{file} is no backup of groupbot")
        body = size - HASH
        raw.seek(max(0, body))
        promised = raw.read(HASH)
        if body <= len(MAGIC) or _digest(raw, body) != promised:
            raise DamagedBackup(f"{file} is damaged or cut short: use another backup")
    lines = _lines(file)
    return Backup(next(lines), _rows(lines, file))


def _lines(file: Path) -> Iterator[Any]:
    with file.open("rb") as raw:
        raw.seek(len(MAGIC))
        body = raw.read()[:-HASH]
    for line in gzip.decompress(body).splitlines():
        yield json.loads(line)


def _rows(lines: Iterator[Any], file: Path) -> Iterator[Table | tuple[Any, ...]]:
    count = 0
    for line in lines:
        if isinstance(line, list):
            count += 1
            yield tuple(line)
        elif "table" in line:
            yield Table(line["table"], tuple(line["columns"]))
        elif line["end"] != count:
            raise DamagedBackup(f"{file} has {count} rows and says {line['end']}")
        else:
            return
    raise DamagedBackup(f"{file} has no end")


def _digest(file: Any, size: int) -> bytes:
    found = sha256()
    file.seek(0)
    while size > 0:
        piece = file.read(min(size, _PIECE))
        if not piece:
            break
        found.update(piece)
        size -= len(piece)
    file.seek(0, os.SEEK_END)
    return found.digest()


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
