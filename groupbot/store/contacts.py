"""The citizens' names and numbers, beside their requests: who they are, who looked, and what is erased."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from groupbot.records import micros
from groupbot.store.database import Tx


@dataclass(frozen=True, slots=True)
class Contact:
    """What a form said of its citizen; '' where it did not."""

    name: str
    phone: str
    channel: str


def of_request(tx: Tx, request_id: int) -> Contact | None:
    """The contact of a request; None where there is none, or it was erased."""
    row = tx.one(
        "SELECT reporter_name, reporter_phone, channel FROM contact WHERE request_id = ? AND erased_at IS NULL",
        (request_id,),
    )
    return None if row is None else Contact(*row)


def names_of_case(tx: Tx, request_id: int) -> list[str]:
    """Every name that the request's forms have given, the corrected ones too."""
    found = [str(row[0]) for row in tx.all("SELECT reporter_name FROM contact WHERE request_id = ?", (request_id,))]
    rows = tx.all("SELECT private_text FROM service_log WHERE request_id = ? AND private_text LIKE '{%'", (request_id,))
    for (text,) in rows:
        try:
            fields = json.loads(text)
        except ValueError:
            continue  # words of a person that only look like a form
        found += [fields[name] for name in ("reporter_name",) if isinstance(fields.get(name), str)]
    return [name for name in found if name]


def note_look(tx: Tx, request_id: int, person_id: int, now: datetime) -> None:
    """Put on record that somebody was shown a contact."""
    tx.execute(
        "INSERT INTO contact_look(request_id, person_id, at) VALUES (?, ?, ?)", (request_id, person_id, micros(now))
    )
