"""What of a log entry is hashed: its coded fields, written in the one way in which they can be written.

Canonical JSON: keys sorted, no spaces, UTF-8, whole numbers; no free text and no person is among them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

VERSION = 1
NUMBERS = ("epoch", "seq", "at")  # `at` is when the bot took it, in UTC microseconds
CODES = ("type", "ref", "service_code", "ward", "role", "state", "outcome", "pack_version", "c_public", "c_private")
CODED = NUMBERS + CODES  # what an entry brings itself; the version and the log's id are added here
FIELDS = ("v", "log_id", *CODED)

_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def leaf(log_id: str, coded: Mapping[str, object]) -> dict[str, object]:
    """All fields of an entry's leaf. Raises ValueError when a coded field is missing, left over or of another type."""
    if coded.keys() != set(CODED):
        raise ValueError(f"a leaf has the fields {', '.join(CODED)}, not {', '.join(coded)}")
    for name, value in coded.items():
        wanted = int if name in NUMBERS else str
        if type(value) is not wanted:
            raise ValueError(f"{name} must be of type {wanted.__name__}, not {type(value).__name__}")
    return {"v": VERSION, "log_id": log_id, **coded}


def canonical(fields: Mapping[str, object]) -> bytes:
    """The bytes of a leaf, or of any other flat record of texts and whole numbers, as they are hashed and exported."""
    return _JSON.encode(fields).encode()
