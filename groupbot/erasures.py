"""The list of what was erased, in a file of its own beside the database: a restored backup loses it again.

One JSON object a line, {"ref", "at", "by"}: numbers and no word of anybody. It must be kept with the backups.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from groupbot import moment as moments
from groupbot import moves
from groupbot.jurisdiction import Jurisdiction
from groupbot.store import requests
from groupbot.store.database import Tx


def place(database: str, folder: Path) -> Path | None:
    """Where the list is: beside the SQLite file, else in `folder`; None for a database in memory."""
    if database == "sqlite://":
        return None
    file = database.removeprefix("sqlite:///")
    return Path(f"{Path(file).resolve()}.erased") if file != database else folder.resolve() / "groupbot.erased"


def note(file: Path, reference: str, by: str, now: datetime) -> None:
    """Put a number on the list, durably; one that is there already is left alone. Raises OSError, ValueError."""
    if file.exists() and reference in read(file):
        return
    line = json.dumps({"ref": reference, "at": now.isoformat(), "by": by}, ensure_ascii=False)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "wb") as out:
        out.write(f"{line}\n".encode())
        out.flush()
        os.fsync(out.fileno())
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(file: Path) -> list[str]:
    """The numbers on the list, in order; a last line that a power cut left half written is passed over.

    Raises OSError, and ValueError with the line that is no line of such a list.
    """
    lines = file.read_bytes().split(b"\n")
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            if line:
                found.append(str(json.loads(line)["ref"]))
        except (ValueError, KeyError, TypeError):
            if number < len(lines):
                raise ValueError(f"{file}, line {number}: that is no line of a list of erasures") from None
    return found


def erase_again(tx: Tx, jurisdiction: Jurisdiction, listed: Sequence[str], now: datetime) -> int:
    """Erase in a restored database what was erased since its backup; how many requests that were."""
    count = 0
    for reference in dict.fromkeys(listed):
        request = requests.by_reference(tx, jurisdiction.id, reference)
        if request is not None and (request.erased_at is None or request.protected_at is None):
            moves.erase(moments.of_clock(tx, jurisdiction, now), request, told=False)
            count += 1
    return count
