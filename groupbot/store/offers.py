"""Offers: acts that the bot proposes and one person may take, once, with a tap or a YES, until they expire."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from groupbot.records import micros
from groupbot.store.database import Tx

MOST = 20  # offers of one message
_COLUMNS = "id, token, act, params, request_id, draft_id, person_id, platform, chat_id"


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered (`act` with its `params`), about which request or draft, to whom and where."""

    id: int
    token: str
    act: str
    params: dict[str, Any]
    request_id: int | None
    draft_id: int | None
    person_id: int | None
    platform: str
    chat_id: str


def add(tx: Tx, offer: Offer, now: datetime, expires_at: datetime) -> None:
    """Keep an offer; its own `id` is ignored."""
    tx.execute(
        "INSERT INTO offer(token, act, params, request_id, draft_id, person_id, platform, chat_id, message_id,"
        " created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?)",
        (
            offer.token,
            offer.act,
            json.dumps(offer.params, ensure_ascii=False),
            offer.request_id,
            offer.draft_id,
            offer.person_id,
            offer.platform,
            offer.chat_id,
            micros(now),
            micros(expires_at),
        ),
    )


def _found(tx: Tx, where: str, values: Sequence[object]) -> list[Offer]:
    rows = tx.all(f"SELECT {_COLUMNS} FROM offer WHERE {where} ORDER BY id DESC LIMIT {MOST}", values)
    return [
        Offer(pk, token, act, json.loads(params), *about_and_whom) for pk, token, act, params, *about_and_whom in rows
    ]


def by_token(tx: Tx, token: str, now: datetime) -> Offer | None:
    """The offer behind a button, if it is still open."""
    found = _found(tx, "token = ? AND used_at IS NULL AND expires_at > ?", (token, micros(now)))
    return found[0] if found else None


def open_ones(tx: Tx, act: str, now: datetime) -> list[Offer]:
    """The open offers of an act, newest first."""
    return _found(tx, "act = ? AND used_at IS NULL AND expires_at > ?", (act, micros(now)))


def about(tx: Tx, act: str, request_id: int, now: datetime) -> list[Offer]:
    """The open offers of an act on a request, newest first."""
    where = "act = ? AND request_id = ? AND used_at IS NULL AND expires_at > ?"
    return _found(tx, where, (act, request_id, micros(now)))


def made_to(tx: Tx, act: str, person_id: int, chat: tuple[str, str], now: datetime) -> list[Offer]:
    """The open offers of an act to a person in a chat (platform, chat id), newest first."""
    where = "act = ? AND person_id = ? AND platform = ? AND chat_id = ? AND used_at IS NULL AND expires_at > ?"
    return _found(tx, where, (act, person_id, *chat, micros(now)))


def by_message(tx: Tx, message: tuple[str, str, str], person_id: int, now: datetime) -> list[Offer]:
    """The open offers of a message (platform, chat id, message id) to this person or to nobody named, newest first."""
    where = (
        "platform = ? AND chat_id = ? AND message_id = ? AND (person_id = ? OR person_id IS NULL)"
        " AND used_at IS NULL AND expires_at > ?"
    )
    return _found(tx, where, (*message, person_id, micros(now)))


def offered_to(tx: Tx, message: tuple[str, str, str]) -> str | None:
    """The platform's user id of the person to whom a message makes an open offer that a YES takes.

    What is asked of a confidential matter is none of those: the answer depends on the matter.
    """
    found = tx.scalar(
        "SELECT identity.user_id FROM offer JOIN identity ON identity.person_id = offer.person_id"
        " AND identity.platform = offer.platform WHERE offer.platform = ? AND offer.chat_id = ?"
        " AND offer.message_id = ? AND offer.used_at IS NULL AND offer.act NOT IN ('meant', 'public', 'confidential')",
        message,
    )
    return None if found is None else str(found)


def told(tx: Tx, tokens: Sequence[str], message_id: str) -> None:
    """Remember in which message the offers stand."""
    for token in tokens:
        tx.execute("UPDATE offer SET message_id = ? WHERE token = ?", (message_id, token))


def use(tx: Tx, offer: Offer, now: datetime) -> bool:
    """Take an offer; False when someone took it in the meantime."""
    taken = tx.execute("UPDATE offer SET used_at = ? WHERE id = ? AND used_at IS NULL", (micros(now), offer.id))
    return taken.rowcount == 1
