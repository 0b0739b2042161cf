"""What is for one person alone is not said where others have come in: looked at again when it would be sent."""

from __future__ import annotations

from datetime import datetime

from groupbot import enrolling
from groupbot.chat import Chat, Joinable, offers
from groupbot.jurisdiction import Jurisdiction
from groupbot.store import chats, outbox
from groupbot.store.database import Tx
from groupbot.store.outbox import QueuedNotice


def kept_back(tx: Tx, jurisdiction: Jurisdiction, chat: Chat, notice: QueuedNotice, now: datetime) -> bool:
    """Whether a notice is not to be said in its chat, because that is private no more.

    A message waits for another private chat of its person, an edit is given up.
    """
    if notice.action not in ("send", "edit") or notice.key == enrolling.NO_MORE:
        return False
    if not offers(chat, Joinable) or not chat.crowded(notice.chat_id):  # type: ignore[type-abstract]
        return False
    group = chats.private_at(tx, (notice.platform, notice.chat_id))
    if group is None:
        return False
    enrolling.joined_by_others(tx, jurisdiction, group, now)
    if notice.action == "edit":
        outbox.mark_expired(tx, notice, "others can read it")
    return True
