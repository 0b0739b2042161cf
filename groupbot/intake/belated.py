"""A post that was held and is worked only now: as its sender left it meanwhile, edited or deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from groupbot.records import Update
from groupbot.store import inbox
from groupbot.store.database import Tx


def as_it_stands(tx: Tx, inbox_id: int, update: Update, parse: Callable[[str], Update]) -> Update:
    """The post with its sender's last words, which are no act since they are edited; a deleted one as its deletion."""
    for kind, sender_id, raw in inbox.after(tx, inbox_id, (update.platform, update.chat_id, update.message_id)):
        if kind == "redaction":
            return replace(update, kind="redaction")
        if kind == "edit" and sender_id == update.sender_id and raw:
            update = replace(update, text=parse(raw).text, disguise=update.disguise or "edited")
    return update
