"""An edited post: while the department has not answered it amends its request or draft; an edit is never an act.

An edit may also bring a better file in the place of an earlier one, as bridges do with photos that arrive small first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from groupbot import moves, offering
from groupbot.intake import attachments, completions, edited_forms, emergencies, posts, private_road, word_acts
from groupbot.moment import Moment
from groupbot.records import Form, Person, Reading, ServiceRequest
from groupbot.rules.danger import danger_words
from groupbot.rules.lifecycle import OPEN
from groupbot.rules.readings import is_private, read_labels
from groupbot.rules.revising import paired
from groupbot.rules.taken_back import is_taken_back
from groupbot.rules.text import bare, clean
from groupbot.store import drafts, inbox, requests
from groupbot.store.drafts import Draft

FEWEST_LEFT = 3  # words of what is left of a confidential post ("removed" tells nothing)
LONGEST_PLACE = 8  # words of a line that gave a place, and gives it anew


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
    if edited_forms.take(moment, person, now, _before(moment) if before is None else before):
        return
    draft = drafts.begun_by(moment.tx, *message)
    own = [request for request in requests.by_post(moment.tx, *message) if request.poster_id == person.id]
    found = [request for request in own if request.route == "public"]
    if draft is not None:
        _take_of_draft(moment, draft, now)
    elif len(found) > 1:
        _take_of_several(moment, found, now, before)
    elif found:
        _amend(moment, found[0], now, before)
    elif own:
        _take_of_case(moment, own[0], now)
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


def _take_of_several(moment: Moment, found: Sequence[ServiceRequest], now: Reading, before: str | None) -> None:
    """Nothing of several forms is left in their post: if it says that one should not count, or of danger, ask which."""
    text, open_ones = moment.update.text, [request for request in found if request.state in OPEN]
    if now.route == "private" and private_road.take_added(moment, found[0]):
        return
    call = _call(moment, found[0], before)
    if open_ones and (call or is_taken_back(text, moment.jurisdiction.taken_back_words)):
        offering.offer_choice(moment, open_ones, {"text": text}, call=call)
    else:
        moment.receipt("receipt_noted")


def _take_of_case(moment: Moment, case: ServiceRequest, now: Reading) -> None:
    """The post of a confidential report: more of it is added; what is no such matter, and says enough, is a request."""
    rest: Reading | None = now
    if now.route == "private":
        private_road.add_words(moment, case)
        rest = private_road.without_it(now, moment.jurisdiction.vocabulary)
    forms = () if rest is None else tuple(one for one in rest.forms if len((one.problem or "").split()) >= FEWEST_LEFT)
    if rest is not None and rest.kind == "request" and forms:
        _open_more(moment, replace(rest, forms=forms))


def _open_more(moment: Moment, reading: Reading) -> None:
    """Register forms of a post that has opened something already."""
    update = moment.update
    first = requests.next_part(moment.tx, update.platform, update.chat_id, update.message_id)
    posts.take_request(moment, reading, first)


def _take_of_reply(moment: Moment, linked: Sequence[ServiceRequest], now: Reading, before: str | None) -> None:
    """Words about a request: what they corrected of it they correct again; a form in their place is a new post."""
    vocabulary, text = moment.jurisdiction.vocabulary, moment.update.text
    form, said = read_labels(text, vocabulary), read_labels(before or "", vocabulary)
    update = moment.update
    beside = "context" in requests.links_of(moment.tx, update.platform, update.chat_id, update.message_id)
    corrects = form.given() and not beside and (said.given() or now.kind != "request")
    if now.route == "private" and private_road.take_added(moment, linked[0]):
        return
    if (now.kind == "request" and not corrects) or (beside and now.kind == "incomplete"):
        posts.take_reading(moment)
        return
    held = [one for one in linked if one.route == "public" and one.state in OPEN and moves.held(moment, one)]
    call = _call(moment, linked[0], before) or emergencies.numbers_beside(moment, [form], linked[0].language)
    if len(held) > 1 and (corrects or call):
        offering.offer_choice(moment, held, {"text": text}, call=call)
    elif held and corrects:
        edited_forms.amend(moment, held[0], form, None if before is None else said)
    elif held and call:
        emergencies.ask(moment, held[0])


def _amend(moment: Moment, request: ServiceRequest, now: Reading, before: str | None) -> None:
    form, said = _forms_of(moment, request, now, before)
    if private_road.take_added(moment, request):
        if form.priority != said.priority:  # how much it presses is no part of what must leave the group
            edited_forms.amend(moment, request, Form(priority=form.priority), Form(priority=said.priority))
    elif now.kind == "request" and _is_whole(moment, said) and paired([said], [form]) == [None]:
        _open_more(moment, now)  # nothing of it is left: another need, and no number is made over to it
    elif form.given() and form != said and edited_forms.amend(moment, request, form, None if before is None else said):
        return
    elif word_acts.may_be_raised(moment, request) and _call(moment, request, before):
        emergencies.ask(moment, request)
    elif not word_acts.hear_taken_back(moment, request):
        moment.receipt("receipt_noted")  # a note on what is answered already: kept, and nothing changes


def _call(moment: Moment, request: ServiceRequest, before: str | None) -> dict[str, object]:
    """The numbers to call, where an edit brings words of danger; else nothing."""
    vocabulary, text = moment.jurisdiction.vocabulary, moment.update.text
    if set(danger_words(text, vocabulary)).issubset(danger_words(before or "", vocabulary)):
        return {}
    return emergencies.numbers_beside(moment, [Form(problem=text)], request.language)


def _is_whole(moment: Moment, form: Form) -> bool:
    return form.given().keys() >= set(moment.jurisdiction.vocabulary.required)


def _forms_of(moment: Moment, request: ServiceRequest, now: Reading, before: str | None) -> tuple[Form, Form]:
    """What a post tells now and told before: its labelled fields; of prose the need that it would be offered as.

    Of a place that was given in answer to a question, the place.
    """
    vocabulary, text = moment.jurisdiction.vocabulary, moment.update.text
    form, said = read_labels(text, vocabulary), read_labels(before or "", vocabulary)
    if form.given() or said.given() or before is None:
        return form, said
    was = posts.read(moment, before)
    if now.kind == was.kind == "unformatted":
        return _need(now), _need(was)
    if bare(before) == request.address and now.kind == "chatter" and len(text.split()) <= LONGEST_PLACE:
        return Form(location=bare(text)), Form(location=bare(before))
    return form, said


def _need(reading: Reading) -> Form:
    return Form(location=reading.forms[0].location, problem=reading.forms[0].problem)
