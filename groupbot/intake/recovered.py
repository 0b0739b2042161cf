"""A post that an outage took and somebody forwards: it counts as said then, by whoever said it then.

Only the platform's word makes it so: its date lies in a time that is on record as lost for this chat. The forwarded
words stay forwarded: they are a post, never an act. Without an author on the roster they are the forwarder's.
"""

from __future__ import annotations

from dataclasses import replace

from groupbot.records import Update
from groupbot.store import gaps
from groupbot.store.database import Tx
from groupbot.store.people import Roster


def as_said_then(tx: Tx, roster: Roster, update: Update) -> Update:
    """The update with its first author and time, if it was lost; else as it is."""
    origin = update.origin
    if origin is None or update.kind != "post" or update.private:
        return update
    if not gaps.took(tx, update.platform, update.chat_id, origin.sent_at):
        return update
    found = replace(update, sent_at=origin.sent_at)
    if roster.person(update.platform, origin.sender_id, origin.sent_at) is None:
        return found
    return replace(found, sender_id=origin.sender_id, sender_name=origin.sender_name)
