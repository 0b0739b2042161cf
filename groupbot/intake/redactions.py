"""A post was deleted, by its author or a moderator: a draft goes with it; a request stays, and shows no more words.

One that was held until its sender was known, and deleted before, never becomes a request. Who may delete is the
platform's business. Of an act, such as a YES, the deletion takes nothing back: `undo` does.
"""

from __future__ import annotations

from groupbot import moderating, moves
from groupbot.moment import Moment
from groupbot.records import ServiceRequest
from groupbot.store import drafts, requests


def take(moment: Moment) -> None:
    """Handle a deletion in a department's group."""
    if moment.group.kind != "department":
        return
    if moment.released_at is not None:
        moderating.tell_taken_back(moment)
        return
    message = (moment.update.platform, moment.update.chat_id, moment.update.message_id)
    for draft in drafts.begun_with(moment.tx, *message):
        drafts.drop(moment.tx, draft)
    for request in requests.by_post(moment.tx, *message):
        if request.unsaid_at is None and request.erased_at is None:
            moves.unsay(moment, request)
            _tell_author(moment, request)


def _tell_author(moment: Moment, request: ServiceRequest) -> None:
    """A deleted post is no withdrawal: who posted it hears so, alone where that can be."""
    author = moment.roster.by_id(request.poster_id, moment.now)
    if request.state == "closed" or author is None:
        return
    params = {"ref": request.service_request_id}
    told = moment.tell_alone(author, "post_deleted", params, f"deleted|{request.id}")
    if not told and request.route == "public":
        moment.say("post_deleted", params, reply_to=None, language=request.language, request_ids=(request.id,))
