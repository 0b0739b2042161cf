"""A platform gave a chat another id: everything that is still to be said there follows it."""

from __future__ import annotations

from datetime import datetime

from groupbot.records import micros
from groupbot.store import people
from groupbot.store.database import Tx

_ON_PEOPLE = "('restrict', 'unrestrict', 'ban', 'unban')"
_OPEN = "state IN ('new', 'sending', 'unknown', 'merged')"


def move_chat(tx: Tx, jurisdiction_id: str, chat: tuple[str, str], new_chat_id: str, now: datetime) -> bool:
    """Let a chat (platform, old chat id) go on under its new id; the old one is kept as an alias for ever.

    What waits to be said follows without its quotes, and what was to be done to old messages expires: message ids do
    not follow. People do: who is held back there is so in the new one, until the same time. Returns whether the chat
    was bound under the old id; a second call changes nothing more.
    """
    platform, old = chat
    bound = tx.scalar("SELECT id FROM chat WHERE platform = ? AND chat_id = ? AND moved_to IS NULL", (platform, old))
    if bound is not None:
        _rename(tx, int(bound), (platform, old, new_chat_id), now)
        people.touch(tx, jurisdiction_id)
    tx.execute(
        f"UPDATE outbox SET state = 'expired', error = 'the chat moved' WHERE {_OPEN} AND platform = ? AND chat_id = ?"
        f" AND action <> 'send' AND action NOT IN {_ON_PEOPLE}",
        (platform, old),
    )
    tx.execute(
        f"UPDATE outbox SET chat_id = ?, reply_to = '' WHERE {_OPEN} AND platform = ? AND chat_id = ?",
        (new_chat_id, platform, old),
    )
    tx.execute(  # what holds somebody back; a report stays with the post that it is about
        "UPDATE moderation_act SET chat_id = ? WHERE platform = ? AND chat_id = ? AND act IN ('mute', 'ban')",
        (new_chat_id, platform, old),
    )
    return bound is not None


def _rename(tx: Tx, chat_pk: int, ids: tuple[str, str, str], now: datetime) -> None:
    platform, old, new = ids
    known = tx.scalar("SELECT id FROM chat WHERE platform = ? AND chat_id = ?", (platform, new))
    if known is not None:  # bound anew before the move was heard of
        tx.execute("UPDATE chat SET state = 'moved', moved_to = ? WHERE id = ?", (known, chat_pk))
        return
    tx.execute("UPDATE chat SET chat_id = ? WHERE id = ?", (new, chat_pk))
    tx.execute(
        "INSERT INTO chat(platform, chat_id, service_group_id, person_id, title, language, state, bound_at, moved_to)"
        " SELECT platform, ?, service_group_id, person_id, title, language, 'moved', ?, id FROM chat WHERE id = ?",
        (old, micros(now), chat_pk),
    )
