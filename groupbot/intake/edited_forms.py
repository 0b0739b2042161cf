"""The edit of a post with several forms: each is taken for its own request or draft, and one that was added is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from groupbot import moves
from groupbot.intake import completions, emergencies, posts, private_road
from groupbot.intake.registering import offer_clean_copy
from groupbot.moment import Moment
from groupbot.records import Form, Person, Reading, ServiceRequest
from groupbot.rules import lifecycle
from groupbot.rules.danger import danger_words
from groupbot.rules.lifecycle import Refusal
from groupbot.rules.likeness import fingerprint
from groupbot.rules.revising import paired, revised
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
    """Take over what an edit changed of a request's form; False once it is answered: then an edit is only a note.

    What has become an emergency rings also then, or is asked about; so are words of danger that the edit brings. Of a
    post whose earlier words are not known any more only a higher priority counts: what else changed cannot be told.
    """
    request = requests.by_id(moment.tx, request.id)  # another form of the same edit may have been about it
    if before is None:
        presses = form.priority is not None and moves.raises(moment, request, form.priority)
        form, before = Form(priority=form.priority if presses else None), Form(priority=request.priority)
        if not presses:
            return False
    said = revised(before, form)
    if request.state in WHILE:
        if isinstance(moves.amend(moment, request, form, before), Refusal):
            return False
        emergencies.tell_if_made(moment, request)
        if said.reporter_name or said.reporter_phone:
            filing = moves.Filing.of(form, moment, request.service_code, request.language)
            offer_clean_copy(moment, [filing], [request.service_request_id])
    elif request.state not in lifecycle.OPEN and request.state != "answered":
        return False
    elif emergencies.made_by_form(moment, request, said):
        return True
    levels, amended = moment.jurisdiction.protocol.priorities, request.state in WHILE
    pressed = not amended and said.priority is not None and levels[said.priority].round_the_clock
    asks = pressed or _endangers(moment, said, before)
    if asks:
        emergencies.ask(moment, requests.by_id(moment.tx, request.id))
    return asks or amended


def _endangers(moment: Moment, said: Form, before: Form) -> bool:
    """Whether an edit brings words of danger that were not there before."""
    vocabulary = moment.jurisdiction.vocabulary
    known, words = (set(danger_words(f"{one.location}\n{one.problem}", vocabulary)) for one in (before, said))
    return bool(words - known)


def take(moment: Moment, person: Person, now: Reading, before: str | None) -> bool:
    """Take the edit of a post that has, or had, several forms; `before` is what it said, None when that is not known.

    Which form was which is told by what stayed of it. A form that was taken out changes nothing: its request is
    withdrawn in words. Confidential words are a case, and the forms in which they stand say nothing else. False if
    there never was more than one form, there is none now, or nothing came of them yet.
    """
    then = None if before is None else posts.read(moment, before)
    told = [] if then is None else [form for form in forms_of(then) if not _is_confidential(moment, then, form)]
    several = len(forms_of(now)) > 1 or len(told) > 1
    held = _held(moment) if several and forms_of(now) else []
    if not held:
        return False
    known = _Before([one.form for one in held], dict(enumerate(held)), known=before is not None)
    if told:
        known = _Before(told, _became(moment, told, held))
    if now.route == "private" and not _take_confidential(moment, now, known):
        return False
    _take_each(moment, person, now, known)
    if any(one.request is not None for one in _held(moment)):
        for one in held:
            if one.draft is not None:
                drafts.set_beside(moment.tx, one.draft)
    return True


def _is_confidential(moment: Moment, reading: Reading, form: Form) -> bool:
    return reading.route == "private" and private_road.is_of_it(form, moment.jurisdiction.vocabulary)


def _take_confidential(moment: Moment, now: Reading, before: _Before) -> bool:
    """Open a case of what must leave the group, beside the request in whose form it stands; False where none is."""
    forms = forms_of(now)
    were = paired(before.forms, forms)
    told = [old for form, old in zip(forms, were, strict=True) if _is_confidential(moment, now, form)]
    held = [before.became.get(old) for old in told if old is not None] + list(before.became.values())
    beside = next((one.request for one in held if one is not None and one.request is not None), None)
    return beside is not None and private_road.take_added(moment, beside, forms)


def forms_of(reading: Reading) -> list[Form]:
    """The forms of a post, whole or not; what could only be offered back is none."""
    if reading.kind not in ("request", "incomplete"):
        return []
    return [*reading.forms, *(form for _, form in reading.unfinished)]


def _held(moment: Moment) -> list[_Held]:
    update = moment.update
    message = (update.platform, update.chat_id, update.message_id)
    opened = [one for one in requests.by_post(moment.tx, *message) if one.route == "public"]
    return [
        *(_Held(_form_of(request), request=request) for request in opened),
        *(_Held(one.form, draft=one) for one in drafts.begun_with(moment.tx, *message) if one.kind == "incomplete"),
    ]


def _form_of(request: ServiceRequest) -> Form:
    return Form(request.ward, request.address, request.description, request.priority)


@dataclass(frozen=True, slots=True)
class _Before:
    """The forms of the post before the edit, and by their places what became of them.

    Where the post's own words are not `known` any more, as after an erasure, they are those of its requests.
    """

    forms: Sequence[Form]
    became: Mapping[int, _Held]
    known: bool = True


def _became(moment: Moment, told: Sequence[Form], held: Sequence[_Held]) -> dict[int, _Held]:
    """What each form had become: as its request remembers it, whatever others have said since; else by its words."""
    ids = {one.request.id: one for one in held if one.request is not None}
    known = {print_: ids[pk] for pk, print_ in requests.fingerprints(moment.tx, list(ids)).items()}
    found: dict[int, _Held] = {}
    for place, form in enumerate(told):
        one = known.pop(fingerprint(form), None)
        if one is not None:
            found[place] = one
    free = [place for place in range(len(told)) if place not in found]
    left = [one for one in held if one not in found.values()]
    pairs = paired([told[place] for place in free], [one.form for one in left])
    return found | {free[at]: one for at, one in zip(pairs, left, strict=True) if at is not None}


def _take_each(moment: Moment, person: Person, now: Reading, before: _Before) -> None:
    forms, said, added = forms_of(now), len(moment.notices), list[int]()
    for place, old in enumerate(paired(before.forms, forms)):
        form, one = forms[place], None if old is None else before.became.get(old)
        if (old is not None and form == before.forms[old]) or form in forms[:place]:
            continue
        confidential = _is_confidential(moment, now, form)
        if one is not None and old is not None:
            told = Form(priority=form.priority) if confidential else form
            _revise(moment, person, one, told, before.forms[old] if before.known else None)
        elif not confidential and before.known:  # else it may be one that was erased
            added.append(place)
    _tell_together(moment, said)
    if added:
        _open(moment, now, added)
    if len(moment.notices) == said:
        moment.receipt("receipt_noted")


def _revise(moment: Moment, person: Person, held: _Held, form: Form, before: Form | None) -> None:
    if held.draft is not None:
        completions.by_edit(moment, held.draft, form)
    elif held.request is not None and held.request.poster_id == person.id:
        amend(moment, held.request, form, before)


def _tell_together(moment: Moment, said: int) -> None:
    """What one edit changed of several requests is one message in each group, at the place of its first line."""
    if moment.roster.stages:
        return  # of wards in a pilot some are only watched: a line for several would speak of those too
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


def _open(moment: Moment, now: Reading, added: Sequence[int]) -> None:
    """Register the whole ones of the forms at these places, and ask for what the others lack."""
    update = moment.update
    first = requests.next_part(moment.tx, update.platform, update.chat_id, update.message_id)
    whole = now.forms if now.kind == "request" else ()
    lacking = now.unfinished if now.kind == "request" else ((1, now.forms[0]), *now.unfinished)
    opened = tuple(form for place, form in enumerate(whole) if place in added)
    unfinished = tuple(one for place, one in enumerate(lacking, len(whole)) if place in added)
    posts.take_request(moment, replace(now, kind="request", forms=opened, unfinished=unfinished), first)
