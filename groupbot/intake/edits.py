"""An edited post: while the department has not answered it amends its request or draft; an edit is never an act.

An edit may also bring a better file in the place of an earlier one, as bridges do with photos that arrive small first.
"""

from __future__ import annotations

from dataclasses import replace

from groupbot import moves
from groupbot.intake import attachments, completions, emergencies, posts, private_road, word_acts
from groupbot.moment import Moment
from groupbot.records import Person, ServiceRequest
from groupbot.rules.readings import read_labels
from groupbot.rules.text import clean
from groupbot.store import drafts, inbox, requests


def take(moment: Moment) -> None:
    """Handle an edit by the post's own author; of anyone else's post, or of what is no form, it is only kept."""
    moment.update = replace(moment.update, text=clean(moment.update.text))
    update = moment.update
    message = (update.platform, update.chat_id, update.message_id)
    author = inbox.author(moment.tx, *message)
    if author not in (None, update.sender_id):
        return  # another one's post: a homeserver lets anybody send that
    if update.attachments and author is not None:
        attachments.replace(moment)
        if not _says_anew(moment):
            return
    if moment.group.kind == "department" and not update.disguise and moment.person is not None:
        _take_words(moment, moment.person, message)


def _says_anew(moment: Moment) -> bool:
    """Whether the words beside a file are others than before: a bridge gives the same ones with each better file."""
    update = moment.update
    before = inbox.raw_before(moment.tx, moment.inbox_id, update.platform, update.chat_id, update.message_id)
    return bool(update.text) and (before is None or clean(moment.parse(before).text) != update.text)


def _take_words(moment: Moment, person: Person, message: tuple[str, str, str]) -> None:
    draft = drafts.by_message(moment.tx, *message)
    found = [request for request in requests.by_post(moment.tx, *message) if request.poster_id == person.id]
    if draft is not None and draft.kind == "incomplete":
        completions.by_edit(moment, draft)
    elif len(found) == 1:
        _amend(moment, found[0])
    elif not found and not requests.by_message(moment.tx, *message):
        posts.take_reading(moment)


def _amend(moment: Moment, request: ServiceRequest) -> None:
    if request.route == "private":
        private_road.add_words(moment, request)
        return
    if private_road.take_added(moment, request):
        return
    form = read_labels(moment.update.text, moment.jurisdiction.vocabulary)
    if request.state in ("submitted", "acknowledged") and form.given():
        moves.amend(moment, request, form)
        emergencies.tell_if_made(moment, request)
    elif not word_acts.hear_taken_back(moment, request):
        moment.receipt("receipt_noted")  # a note on what is answered already: kept, and nothing changes
