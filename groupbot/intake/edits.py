"""An edited post: while the department has not answered it amends its request or draft; an edit is never an act.

An edit may also bring a better file in the place of an earlier one, as bridges do with photos that arrive small first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from groupbot import offering
from groupbot.intake import attachments, completions, edited_forms, posts, private_road, word_acts
from groupbot.moment import Moment
from groupbot.records import Form, Person, Reading, ServiceRequest
from groupbot.rules.lifecycle import OPEN
from groupbot.rules.readings import is_private, read_labels
from groupbot.rules.taken_back import is_taken_back
from groupbot.rules.text import clean
from groupbot.store import drafts, inbox, requests
from groupbot.store.drafts import Draft


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
    return next(_versions(moment), None)


def _told_before(moment: Moment) -> str | None:
    """What the post said last, as far as it became requests: a version that became a case is no part of them."""
    vocabulary = moment.jurisdiction.vocabulary
    return next((text for text in _versions(moment) if not is_private(text, vocabulary)), None)


def _versions(moment: Moment) -> Iterator[str]:
    update = moment.update
    message = (update.platform, update.chat_id, update.message_id)
    raws = inbox.raws_before(moment.tx, moment.inbox_id, message, update.sender_id)
    return (clean(moment.parse(raw).text) for raw in raws)


def _take_words(moment: Moment, person: Person, message: tuple[str, str, str]) -> None:
    now, before = posts.read(moment, moment.update.text), _told_before(moment)
    if edited_forms.take(moment, person, now, before):
        return
    draft = drafts.begun_by(moment.tx, *message)
    found = [request for request in requests.by_post(moment.tx, *message) if request.poster_id == person.id]
    if draft is not None:
        _take_of_draft(moment, draft, now)
    elif len(found) > 1:
        _take_back_one(moment, found)
    elif found:
        _amend(moment, found[0], before)
    elif linked := requests.by_message(moment.tx, *message):
        _take_of_reply(moment, linked, now, before)
    else:
        posts.take_reading(moment)


def _take_of_draft(moment: Moment, draft: Draft, now: Reading) -> None:
    """The post of a form that lacks something, or of a need that was offered back as one: what it says now counts."""
    form = read_labels(moment.update.text, moment.jurisdiction.vocabulary)
    if draft.person_id is None or moment.person is None or draft.person_id != moment.person.id:
        return
    offered = draft.kind == "offered"
    anew = now.route == "private" or len(edited_forms.forms_of(now)) > 1
    if anew or (now.kind == "unformatted" and not offered):
        drafts.drop(moment.tx, draft)
        posts.take_reading(moment)
    elif form.given():
        completions.by_edit(moment, draft, form)
    elif now.kind == "unformatted":
        completions.by_edited_prose(moment, draft, now.forms[0])
    elif offered or is_taken_back(moment.update.text, moment.jurisdiction.taken_back_words):
        drafts.drop(moment.tx, draft)  # it tells of no need any more


def _take_back_one(moment: Moment, found: Sequence[ServiceRequest]) -> None:
    """Nothing of several forms is left in their post: if it says that one should not count, ask which."""
    open_ones = [request for request in found if request.state in OPEN]
    if open_ones and is_taken_back(moment.update.text, moment.jurisdiction.taken_back_words):
        offering.offer_choice(moment, open_ones, {"text": moment.update.text})
    else:
        moment.receipt("receipt_noted")


def _take_of_reply(moment: Moment, linked: Sequence[ServiceRequest], now: Reading, before: str | None) -> None:
    """Words about a request: what they corrected of it they correct again; a form in their place is a new post."""
    vocabulary = moment.jurisdiction.vocabulary
    form, said = read_labels(moment.update.text, vocabulary), read_labels(before or "", vocabulary)
    update = moment.update
    beside = "context" in requests.links_of(moment.tx, update.platform, update.chat_id, update.message_id)
    corrects = form.given() and len(linked) == 1 and not beside and (said.given() or now.kind != "request")
    if now.route == "private" and private_road.take_added(moment, linked[0]):
        return
    if corrects and linked[0].route == "public":
        edited_forms.amend(moment, linked[0], form, said)
    elif now.kind == "request" or (beside and now.kind == "incomplete"):
        posts.take_reading(moment)


def _amend(moment: Moment, request: ServiceRequest, before: str | None) -> None:
    if request.route == "private":
        private_road.add_words(moment, request)
        return
    form, said = _form_of(moment, moment.update.text, before), _form_of(moment, before or "", moment.update.text)
    if private_road.take_added(moment, request):
        if form.priority != said.priority:  # how much it presses is no part of what must leave the group
            edited_forms.amend(moment, request, Form(priority=form.priority), Form(priority=said.priority))
        return
    if form.given() and form != said and edited_forms.amend(moment, request, form, None if before is None else said):
        return
    if not word_acts.hear_taken_back(moment, request):
        moment.receipt("receipt_noted")  # a note on what is answered already: kept, and nothing changes


def _form_of(moment: Moment, text: str, other: str | None) -> Form:
    """What a version of a post tells: its labelled fields; of two in prose the need that each would be offered as."""
    vocabulary = moment.jurisdiction.vocabulary
    form = read_labels(text, vocabulary)
    if form.given() or other is None or read_labels(other, vocabulary).given():
        return form
    reading = posts.read(moment, text)
    told = reading.forms[0] if reading.kind == "unformatted" else Form()
    return Form(location=told.location, problem=told.problem)
