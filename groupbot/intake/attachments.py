"""Photos, voice and files: what is known of them is kept and joined to the request they belong to, in any order."""

from __future__ import annotations

from datetime import timedelta

from groupbot.moment import Moment
from groupbot.records import ServiceRequest
from groupbot.store import attachments


def keep(moment: Moment) -> None:
    """Keep the metadata of what a message carries; an album's other parts and a reply's request are joined at once."""
    update = moment.update
    if update.attachments:
        attachments.add(moment.tx, update)
        if update.album_id:
            attachments.join_album(moment.tx, update)


def replace(moment: Moment) -> None:
    """What an edit by the author carries takes the place of what the message carried before, wherever that belongs."""
    attachments.replace(moment.tx, moment.update)


def join(moment: Moment, request: ServiceRequest) -> None:
    """A new request takes its own post's files, its album's, and those its poster sent just before without words."""
    window = timedelta(minutes=moment.jurisdiction.protocol.file.limits.context_minutes)
    attachments.join(moment.tx, moment.update, request.id, moment.update.sent_at - window)


def join_to(moment: Moment, request: ServiceRequest) -> None:
    """Files in a reply to a request are the request's."""
    if moment.update.attachments:
        attachments.join_message(moment.tx, moment.update, request.id)


def is_only(moment: Moment, kind: str) -> bool:
    """Whether a message is a file of this kind and no words."""
    return not moment.update.text.strip() and any(item.kind == kind for item in moment.update.attachments)
