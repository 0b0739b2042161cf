"""Texts on their way to the mirrors: in preview, published, withheld, or taken back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from groupbot.records import instant, micros
from groupbot.store.database import Tx

PublishedKind = Literal["problem", "answer"]
PublicationState = Literal["preview", "published", "withheld", "replaced", "protected"]
_COLUMNS = "id, request_id, kind, text, state, preview_until, preview_key, at"


@dataclass(frozen=True, slots=True)
class Publication:
    """One text as it is, or was to be, published; `preview_until` is when silence publishes it.

    `at` is since when its state holds: of one in preview, when it was shown. Both are aware UTC.
    """

    id: int
    request_id: int
    kind: PublishedKind
    text: str
    state: PublicationState
    preview_until: datetime | None
    preview_key: str  # the dedup_key of the notice in which its coordinator saw it
    at: datetime | None = None


def _records(rows: Sequence[Sequence[Any]]) -> list[Publication]:
    return [
        Publication(pk, request_id, kind, text, state, None if until is None else instant(until), key, instant(at))
        for pk, request_id, kind, text, state, until, key, at in rows
    ]


def propose(tx: Tx, new: Publication, now: datetime) -> int:
    """Put a text into preview, in the place of an earlier one of its kind that waits; its row id.

    The record's own id and state are ignored.
    """
    tx.execute(
        "UPDATE publication SET state = 'replaced' WHERE request_id = ? AND kind = ? AND state = 'preview'",
        (new.request_id, new.kind),
    )
    until = None if new.preview_until is None else micros(new.preview_until)
    return int(
        tx.scalar(
            "INSERT INTO publication(request_id, kind, text, state, preview_until, at, preview_key)"
            " VALUES (?, ?, ?, 'preview', ?, ?, ?) RETURNING id",
            (new.request_id, new.kind, new.text, until, micros(now), new.preview_key),
        )
    )


def newest(tx: Tx) -> int:
    """The row id of the latest text; 0 while there is none."""
    return int(tx.scalar("SELECT MAX(id) FROM publication") or 0)


def decide(tx: Tx, publication_id: int, state: PublicationState, person_id: int | None, now: datetime) -> None:
    """Say what became of a text, and by whom; nobody for silence."""
    tx.execute(
        "UPDATE publication SET state = ?, decided_by = ?, at = ? WHERE id = ?",
        (state, person_id, micros(now), publication_id),
    )


def due(tx: Tx, now: datetime) -> list[Publication]:
    """The texts whose preview has ended, the oldest first."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM publication WHERE state = 'preview' AND preview_until <= ? ORDER BY id",
        (micros(now),),
    )
    return _records(rows)


def put_off(tx: Tx, publication_id: int, until: datetime) -> None:
    """Let a preview end later (aware UTC)."""
    tx.execute("UPDATE publication SET preview_until = ? WHERE id = ?", (micros(until), publication_id))


def next_due(tx: Tx) -> datetime | None:
    """When the next preview ends (aware UTC); None for never."""
    found = tx.scalar("SELECT MIN(preview_until) FROM publication WHERE state = 'preview'")
    return None if found is None else instant(int(found))


def shown_in(tx: Tx, platform: str, chat_id: str, message_id: str) -> list[Publication]:
    """The texts in preview that a message of the bot shows to a coordinator."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM publication WHERE state = 'preview' AND preview_key IN (SELECT dedup_key FROM outbox"
        " WHERE key = 'preview' AND platform = ? AND chat_id = ? AND message_id = ?) ORDER BY id",
        (platform, chat_id, message_id),
    )
    return _records(rows)


def take_back(tx: Tx, request_id: int, person_id: int | None, now: datetime) -> None:
    """Mark all texts of a request as taken back, and forget what they said."""
    tx.execute(
        "UPDATE publication SET state = 'protected', text = '', decided_by = ?, at = ? WHERE request_id = ?",
        (person_id, micros(now), request_id),
    )


# --- what the mirrors were told ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Copy:
    """One line of a message that stands in a mirror, or waits to be sent there (message id '')."""

    outbox_id: int
    platform: str
    chat_id: str
    key: str
    params: dict[str, Any]
    language: str
    message_id: str
    state: str
    head_id: int  # the notice in whose message it stands
    about: tuple[int, ...]


def copies(tx: Tx, chats: Sequence[tuple[str, str]], request_id: int) -> list[Copy]:
    """Every line about a request in these chats, with those that share a message with one, in order."""
    found: list[Copy] = []
    for platform, chat_id in chats:
        rows = tx.all(
            "SELECT id, platform, chat_id, key, params, language, COALESCE(message_id, ''), state,"
            " COALESCE(merged_into, id), request_ids FROM outbox WHERE platform = ? AND chat_id = ?"
            " AND action = 'send' AND state <> 'expired' ORDER BY id",
            (platform, chat_id),
        )
        lines = [_copy(row) for row in rows]
        heads = {line.head_id for line in lines if request_id in line.about}
        found += [line for line in lines if line.head_id in heads]
    return found


def _copy(row: Sequence[Any]) -> Copy:
    pk, platform, chat_id, key, params, language, message_id, state, head_id, about = row
    ids = tuple(int(part) for part in about.split(",")) if about else ()
    return Copy(pk, platform, chat_id, key, json.loads(params), language, message_id, state, head_id, ids)


def rewrite(tx: Tx, outbox_id: int, key: str, params: Mapping[str, object]) -> None:
    """Give a line another text, now and for whatever is worded of it later; what was worded is forgotten."""
    tx.execute(
        "UPDATE outbox SET key = ?, params = ?, text = NULL WHERE id = ?",
        (key, json.dumps(params, ensure_ascii=False), outbox_id),
    )
