"""What the bot proposes: weighty acts that nobody asked for, forms, one request of several.

`intake.taking` is what becomes of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from groupbot.moment import Moment
from groupbot.records import Button, Form, Person, ServiceRequest, micros
from groupbot.store import offers, outbox
from groupbot.store.offers import Offer

IN_CONFIDENCE = ("confidential", "public")  # whether a matter is one: as long as it may come back

Named = tuple[str, Mapping[str, object]]  # an act, or a text, with its parameters


def offer_answer(moment: Moment, request: ServiceRequest) -> None:
    """An officer wrote that it is done, without saying so by command: offer to record the words as the answer."""
    params = {"ref": request.service_request_id, "officer": moment.person.called if moment.person else ""}
    _offer(moment, ("answer", {"text": moment.update.text}), ("offer_answer", params), request)


def offer_move_by_word(moment: Moment, request: ServiceRequest, service_code: str) -> None:
    """An officer wrote that it is another department's: offer to move it there."""
    called = moment.person.called if moment.person else ""
    params = {"ref": request.service_request_id, "officer": called, "other": f"department.{service_code}"}
    _offer(moment, ("move", {"to": service_code}), ("offer_move", params), request)


def offer_withdrawal(moment: Moment, request: ServiceRequest) -> None:
    """The citizen's side wrote that it should not count: offer, once, to withdraw it with those words as the reason."""
    once = f"taken_back|{request.service_request_id}"
    if not _was_offered(moment, once):
        act = ("withdraw", {"text": moment.update.text})
        _offer(moment, act, ("offer_withdraw", _of_whom(moment, request)), request, dedup_key=once)


def offer_citizen_yes(moment: Moment, request: ServiceRequest) -> None:
    """A yes beside words that nothing bears out: ask, once for each answer, whether it is the citizen's."""
    once = f"maybe_yes|{request.service_request_id}|{request.answers}"
    if not _was_offered(moment, once):
        act = ("citizen_yes", {"answers": request.answers})
        _offer(moment, act, ("offer_citizen_yes", _of_whom(moment, request)), request, dedup_key=once)


def offer_citizen_word(moment: Moment, request: ServiceRequest) -> None:
    """Agreed, and what is lacking beside it: ask, once for each answer, which of the two is the citizen's word.

    The line asks for the YES, so that a plain yes to it can mean nothing else.
    """
    once = f"in_part|{request.service_request_id}|{request.answers}|{request.reopenings}"
    if _was_offered(moment, once):
        return
    params, answers = _of_whom(moment, request), {"answers": request.answers}
    buttons = tuple(
        Button(label, _keep(moment, (act, answers), request_id=request.id))
        for label, act in (("button_yes", "citizen_yes"), ("button_not_yet", "citizen_not_yet"))
    )
    ids = (request.id,)
    moment.say(
        "offer_citizen_word", params, language=request.language, request_ids=ids, buttons=buttons, dedup_key=once
    )


def offer_hotline_yes(moment: Moment, request: ServiceRequest) -> None:
    """Communications wrote a bare YES under an answer: ask whether the citizen told the hotline so."""
    _offer(moment, ("hotline_yes", {}), ("offer_hotline_yes", _of_whom(moment, request)), request)


def offer_move(moment: Moment, request: ServiceRequest, params: Mapping[str, object], service_code: str) -> None:
    """A post that looks like another department's gets its number here, and the offer to move it."""
    said = {**params, "other": f"department.{service_code}"}
    _offer(moment, ("move", {"to": service_code}), ("number_elsewhere", said), request)


def offer_emergency(moment: Moment, request: ServiceRequest, params: Mapping[str, object], once: str) -> None:
    """Words of danger: print the numbers, and offer to make the request an emergency. `once` is the dedup_key."""
    _offer(moment, ("emergency", {}), ("danger", params), request, dedup_key=once)


def offer_form(moment: Moment, draft_id: int, form: Form, language: str, call: Mapping[str, object]) -> None:
    """A need in plain prose, offered back as the form that it would make; `call` has the numbers to call, of danger."""
    params = {"problem": (form.problem or "").rstrip(" ."), **call}
    if form.location:
        params["place"] = form.location.rstrip(" .")
    # without a place a YES would give no number: the line asks for the place instead
    button = (Button("button_yes", _keep(moment, ("register", {}), draft_id=draft_id)),) if form.location else ()
    moment.say("offer_form", params, language=language, draft_id=draft_id, buttons=button)


def offer_confidence(moment: Moment, request: ServiceRequest, person: Person) -> None:
    """Words that come near to a matter that must leave the group: ask who posted them, alone, whether they are of one.

    Nothing is asked of whoever has no private chat: the group must not read the question. The line is linked to no
    request, so that no reply to it is taken for the citizen's word.
    """
    chat = moment.roster.private_chat(person.id)
    if chat is not None:
        place = (chat.platform, chat.chat_id)
        button = (Button("button_yes", _keep(moment, ("confidential", {}), request_id=request.id, chat=place)),)
        params = {"ref": request.service_request_id}
        moment.queue("send", place, "private_asked", params=params, language=request.language, buttons=button)


def offer_publicity(moment: Moment, case: ServiceRequest, person: Person) -> tuple[Button, ...]:
    """The button by which who posted a confidential report says that it is an ordinary matter."""
    chat = moment.roster.private_chat(person.id)
    if chat is None:
        return ()
    post = {"platform": case.platform, "chat_id": case.chat_id, "message_id": case.message_id}
    token = _keep(moment, ("public", post), request_id=case.id, chat=(chat.platform, chat.chat_id))
    return (Button("button_public", token),)


def offer_choice(
    moment: Moment,
    requests: Sequence[ServiceRequest],
    said: Mapping[str, object],
    line: Named | None = None,
    call: Mapping[str, object] = {},
) -> None:
    """Words that may be about several requests: ask which, with a button for each, and keep what was said for it.

    `said` is what `taking` does once the request is named: the words, and the command if they were one. `line` is what
    is asked, if it is not "which one"; `call` has the numbers to call, where the words are of danger.
    """
    kept = {**said, "message_id": moment.update.message_id, "sent_at": micros(moment.update.sent_at)}
    language = requests[0].language
    buttons, named = [], []
    for request in requests:
        token = _keep(moment, ("meant", kept), request_id=request.id)
        buttons.append(Button("button_reference", token, request.service_request_id))
        named.append(_item(moment, request, language))
    ids = tuple(request.id for request in requests)
    key, params = line or ("which_reference", {"refs": named, **call})
    moment.say(key, params, language=language, request_ids=ids, buttons=tuple(buttons))


def offer_to_author(moment: Moment, text: str) -> str:
    """Words in the group's name, to be taken by their author for their own; `text` where they are kept nowhere else.

    Returns the button's token.
    """
    return _keep(moment, ("unmask", {"message_id": moment.update.message_id, "text": text}))


def _was_offered(moment: Moment, once: str) -> bool:
    """Whether it was offered before: then its words are only received."""
    known = outbox.was_queued(moment.tx, once)
    if known:
        moment.receipt("receipt_noted")
    return known


def _of_whom(moment: Moment, request: ServiceRequest) -> dict[str, object]:
    return {"ref": request.service_request_id, "who": moment.person.called if moment.person else ""}


def _item(moment: Moment, request: ServiceRequest, language: str) -> str:
    """A request as people know it: nobody knows the numbers of a post by heart."""
    shown = request.topic and not moment.jurisdiction.hides(request)
    topic = f"topic.{request.topic}" if shown else ""
    params = {"ref": request.service_request_id, "topic": topic}
    return moment.jurisdiction.catalogue.text("which_item", language, params, moment.now)


def _offer(moment: Moment, act: Named, line: Named, request: ServiceRequest, **more: object) -> None:
    token = _keep(moment, act, request_id=request.id)
    key, params = line
    label = "button_emergency" if act[0] == "emergency" else "button_yes"
    button = (Button(label, token),)
    moment.say(key, params, language=request.language, request_ids=(request.id,), buttons=button, **more)


def _keep(
    moment: Moment,
    act: Named,
    *,
    request_id: int | None = None,
    draft_id: int | None = None,
    chat: tuple[str, str] | None = None,
) -> str:
    """Keep an offer to whoever wrote, made where they wrote unless it is made in another chat; its token."""
    name, params = act
    token = moment.jurisdiction.salt().hex()
    person_id = moment.person.id if moment.person else None
    place = chat or (moment.update.platform, moment.update.chat_id)
    offer = Offer(0, token, name, dict(params), request_id, draft_id, person_id, *place)
    limits = moment.jurisdiction.protocol.file.limits
    lasts = timedelta(days=limits.reopen_days) if name in IN_CONFIDENCE else timedelta(hours=limits.undo_hours)
    offers.add(moment.tx, offer, moment.now, moment.now + lasts)
    return token
