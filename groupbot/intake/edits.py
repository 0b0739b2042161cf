"""An edited post: while the department has not answered it amends its request or draft; an edit is never an act.

An edit may also bring a better file in the place of an earlier one, as bridges do with photos that arrive small first.
"""

from __future__ import annotations

from dataclasses import replace

from groupbot.intake import attachments, completions, edited_forms, posts, private_road, word_acts
from groupbot.moment import Moment
from groupbot.records import Person, ServiceRequest
from groupbot.rules.readings import is_private, read_labels
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
    return bool(moment.update.text) and _before(moment) != moment.update.text


def _before(moment: Moment) -> str | None:
    """What the post said before this edit; None when that is not known."""
    update = moment.update
    message = (update.platform, update.chat_id, update.message_id)
    raw = inbox.raw_before(moment.tx, moment.inbox_id, message, update.sender_id)
    return None if raw is None else clean(moment.parse(raw).text)


def _take_words(moment: Moment, person: Person, message: tuple[str, str, str]) -> None:
    draft = drafts.by_message(moment.tx, *message)
    found = [request for request in requests.by_post(moment.tx, *message) if request.poster_id == person.id]
    if edited_forms.take(moment, person, _told_before(moment)):
        return
    if draft is not None and draft.kind == "incomplete":
        completions.by_edit(moment, draft, read_labels(moment.update.text, moment.jurisdiction.vocabulary))
    elif found:
        _amend(moment, found[0])
    elif not requests.by_message(moment.tx, *message):
        posts.take_reading(moment)


def _told_before(moment: Moment) -> str | None:
    """What the post said before, as far as it became requests: a version that became a case is no part of them."""
    before = _before(moment)
    return None if before is None or is_private(before, moment.jurisdiction.vocabulary) else before


def _amend(moment: Moment, request: ServiceRequest) -> None:
    if request.route == "private":
        private_road.add_words(moment, request)
        return
    if private_road.take_added(moment, request):
        return
    vocabulary, before = moment.jurisdiction.vocabulary, _told_before(moment)
    form, said = read_labels(moment.update.text, vocabulary), read_labels(before or "", vocabulary)
    if form.given() and form != said and edited_forms.amend(moment, request, form, None if before is None else said):
        return
    if not word_acts.hear_taken_back(moment, request):
        moment.receipt("receipt_noted")  # a note on what is answered already: kept, and nothing changes
