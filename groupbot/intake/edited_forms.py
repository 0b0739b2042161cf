"""The edit of a post with several forms: each is taken for its own request or draft, and one that was added is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from groupbot import moves
from groupbot.intake import completions, emergencies, posts
from groupbot.moment import Moment
from groupbot.records import Form, Person, Reading, ServiceRequest
from groupbot.rules.revising import paired
from groupbot.store import drafts, requests
from groupbot.store.drafts import Draft

WHILE = ("submitted", "acknowledged")  # after the answer an edit is a note


@dataclass(frozen=True, slots=True)
class _Held:
    """What a form of the post has become, and how it reads there."""

    form: Form
    request: ServiceRequest | None = None
    draft: Draft | None = None


def amend(moment: Moment, request: ServiceRequest, form: Form, before: Form | None) -> bool:
    """Take over what an edit changed of a request's form; False once it is answered: then an edit is only a note."""
    if request.state not in WHILE:
        return False
    moves.amend(moment, request, form, before)
    emergencies.tell_if_made(moment, request)
    return True


def take(moment: Moment, person: Person, before: str | None) -> bool:
    """Take the edit of a post that has, or had, several forms; `before` is what it said, None when that is not known.

    Which form was which is told by what stayed of it. A form that was taken out changes nothing: its request is
    withdrawn in words. False if there never was more than one form, nothing came of them yet, or the words are such
    as must leave the group.
    """
    now = posts.read(moment, moment.update.text)
    then = None if before is None else posts.read(moment, before)
    several = len(_forms(now)) > 1 or (then is not None and len(_forms(then)) > 1)
    held = _held(moment, then) if several and now.route == "public" else []
    if not held or any(one.request is not None and one.request.route == "private" for one in held):
        return False
    _take_each(moment, person, held, [one.form for one in held] if then is None else _forms(then), now)
    return True


def _forms(reading: Reading) -> list[Form]:
    """The forms of a post, whole or not; what could only be offered back is none."""
    if reading.kind not in ("request", "incomplete"):
        return []
    return [*reading.forms, *(form for _, form in reading.unfinished)]


def _held(moment: Moment, then: Reading | None) -> list[_Held]:
    update = moment.update
    place = (update.platform, update.chat_id)
    parts = [drafts.part_of(update.message_id, number) for number, _ in then.unfinished] if then is not None else []
    begun = [drafts.begun_by(moment.tx, *place, message_id) for message_id in (update.message_id, *parts)]
    opened = requests.by_post(moment.tx, *place, update.message_id)
    return [
        *(_Held(_form_of(request), request=request) for request in opened),
        *(_Held(draft.form, draft=draft) for draft in begun if draft is not None and draft.kind == "incomplete"),
    ]


def _form_of(request: ServiceRequest) -> Form:
    return Form(request.ward, request.address, request.description, request.priority)


def _take_each(moment: Moment, person: Person, held: Sequence[_Held], before: Sequence[Form], now: Reading) -> None:
    became = dict(zip(paired(before, [one.form for one in held]), held, strict=True))
    said = len(moment.notices)
    added = []
    for form, old in zip(_forms(now), paired(before, _forms(now)), strict=True):
        if old is not None and form == before[old]:
            continue
        if old is None or old not in became:
            added.append(form)
        else:
            _revise(moment, person, became[old], form, before[old])
    _tell_together(moment, said)
    if added and now.kind == "request":
        _open(moment, now, added)
    if len(moment.notices) == said:
        moment.receipt("receipt_noted")


def _revise(moment: Moment, person: Person, held: _Held, form: Form, before: Form) -> None:
    if held.draft is not None:
        completions.by_edit(moment, held.draft, form)
    elif held.request is not None and held.request.poster_id == person.id:
        amend(moment, held.request, form, before)


def _tell_together(moment: Moment, said: int) -> None:
    """What one edit changed of several requests is one message in each group, at the place of its first line."""
    before, since = moment.notices[:said], moment.notices[said:]
    for chat in dict.fromkeys((one.platform, one.chat_id) for one in since if one.key == "amended"):
        told = [one for one in since if one.key == "amended" and (one.platform, one.chat_id) == chat]
        if len(told) > 1:
            text = moment.jurisdiction.catalogue.text
            items = [text(one.key, one.language, one.params, moment.now) for one in told]
            about = tuple(number for one in told for number in one.request_ids)
            all_in_one = replace(told[0], key="amended_several", params={"items": items}, request_ids=about)
            since = [all_in_one if one is told[0] else one for one in since if one is told[0] or one not in told]
    moment.notices[:] = before + since


def _open(moment: Moment, now: Reading, added: Sequence[Form]) -> None:
    update = moment.update
    first = requests.next_part(moment.tx, update.platform, update.chat_id, update.message_id)
    whole = tuple(form for form in now.forms if form in added)
    unfinished = tuple((number, form) for number, form in now.unfinished if form in added)
    posts.take_request(moment, replace(now, forms=whole, unfinished=unfinished), first)
