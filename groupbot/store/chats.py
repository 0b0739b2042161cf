"""Chats that the bot is put out of, and its return: what was to be said there waits meanwhile."""

from __future__ import annotations

from datetime import datetime

from groupbot.records import Group, micros
from groupbot.store import outbox, people
from groupbot.store.database import Tx

# What takes a chat that the bot is in; to come into one, or to decline, takes none.
_SAID_INSIDE = "action NOT IN ('accept', 'decline')"


def lose(tx: Tx, jurisdiction_id: str, chat: tuple[str, str], now: datetime) -> bool:
    """The bot is no longer in a chat (platform, chat id): what waits for it is set aside. False when that is known."""
    lost = tx.execute(
        "UPDATE chat SET state = 'lost', unbound_at = ? WHERE platform = ? AND chat_id = ? AND state = 'bound'",
        (micros(now), *chat),
    ).rowcount
    if lost:
        people.touch(tx, jurisdiction_id)
    tx.execute(
        f"UPDATE outbox SET state = 'parked', error = ? WHERE state IN ('new', 'unknown') AND {_SAID_INSIDE}"
        " AND platform = ? AND chat_id = ?",
        (outbox.AWAY, *chat),
    )
    return bool(lost)


def regain(tx: Tx, jurisdiction_id: str, chat: tuple[str, str], now: datetime) -> bool:
    """The bot is back: the chat is what it was, and what was set aside is said now, unless its time has passed.

    False when the chat was not lost.
    """
    back = tx.one(
        "UPDATE chat SET state = 'bound', unbound_at = NULL WHERE platform = ? AND chat_id = ? AND state = 'lost'"
        " RETURNING person_id",
        chat,
    )
    if back:
        people.touch(tx, jurisdiction_id)
        outbox.take_up(tx, chat, back[0], now)
    return back is not None


def let_go(tx: Tx, jurisdiction_id: str, chat: tuple[str, str], now: datetime) -> None:
    """Unbind a chat (platform, chat id): what is due there is still said; what was planned for later is not."""
    tx.execute(
        "UPDATE chat SET state = 'unbound', unbound_at = ? WHERE platform = ? AND chat_id = ? AND state = 'bound'",
        (micros(now), *chat),
    )
    tx.execute(
        "UPDATE outbox SET state = 'expired', error = 'the chat was let go' WHERE state = 'new' AND platform = ?"
        " AND chat_id = ? AND action = 'send' AND not_before > ?",
        (*chat, micros(now)),
    )
    people.touch(tx, jurisdiction_id)


def part(tx: Tx, jurisdiction_id: str, group: Group, waits_until: datetime, now: datetime) -> bool:
    """A private chat is its person's no more; False when it was not before.

    What was still to be said there is said in another of theirs, or waits until then (aware UTC) for one to be opened.
    """
    assert group.person_id is not None
    done = tx.execute(
        "UPDATE chat SET state = 'unbound', unbound_at = ? WHERE id = ? AND state = 'bound'",
        (micros(now), group.chat_pk),
    ).rowcount
    outbox.set_aside(tx, (group.platform, group.chat_id), group.person_id, waits_until)
    people.touch(tx, jurisdiction_id)
    other = people.load_roster(tx, jurisdiction_id).private_chat(group.person_id)
    if other is not None:
        outbox.take_up(tx, (other.platform, other.chat_id), group.person_id, now)
    return bool(done)


def private_at(tx: Tx, chat: tuple[str, str]) -> Group | None:
    """A chat (platform, chat id) that is somebody's private one, or was until it was let go of; None for others."""
    row = tx.one(
        "SELECT id, title, person_id, language FROM chat WHERE platform = ? AND chat_id = ? AND person_id IS NOT NULL",
        chat,
    )
    if row is None:
        return None
    pk, title, person_id, language = row
    return Group(pk, *chat, "private", title, person_id=person_id, language=language)


def keep_waiting(tx: Tx) -> None:
    """What was just queued for chats that the bot is out of waits until it is back."""
    tx.execute(
        f"UPDATE outbox SET state = 'parked', error = ? WHERE state = 'new' AND {_SAID_INSIDE}"
        " AND EXISTS(SELECT 1 FROM chat"
        " WHERE chat.platform = outbox.platform AND chat.chat_id = outbox.chat_id AND chat.state = 'lost')",
        (outbox.AWAY,),
    )


def left_mirrors(tx: Tx, jurisdiction_id: str) -> list[Group]:
    """The mirrors that were let go, or that the bot is out of: what stands there can still be taken back.

    In one that the bot is out of it is as soon as the bot is back.
    """
    rows = tx.all(
        "SELECT chat.id, chat.platform, chat.chat_id, chat.title, chat.language, service_group.service_code FROM chat"
        " JOIN service_group ON service_group.id = chat.service_group_id WHERE service_group.jurisdiction_id = ?"
        " AND service_group.kind = 'mirror' AND chat.state IN ('unbound', 'lost') ORDER BY chat.id",
        (jurisdiction_id,),
    )
    return [
        Group(pk, platform, chat_id, "mirror", title, code or None, language=language)
        for pk, platform, chat_id, title, language, code in rows
    ]
