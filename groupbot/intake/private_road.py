"""Matters that must leave the group (corruption, abuse, child and GBV): a case of its own series, seen by integrity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from groupbot import moves, offering
from groupbot.commands.refusals import refuse_if
from groupbot.intake import emergencies
from groupbot.moment import ASK_IN, Moment
from groupbot.records import Form, Person, Reading, ServiceRequest
from groupbot.rules import lifecycle
from groupbot.rules.lifecycle import Refusal
from groupbot.rules.readings import OF_PROSE, Vocabulary, is_private, read_labels
from groupbot.store import contacts, inbox, requests
from groupbot.store.offers import Offer

_APART = "|apart"  # behind a message's id: the case that its words became, beside the requests that it is about


def take(moment: Moment, reading: Reading) -> Reading | None:
    """Open a confidential case; the group sees at most a neutral line, and only where the poster cannot be written to.

    Whoever is on the roster may report, in any words; a stranger's words are kept in the inbox. Returns what else the
    post tells: of several forms those that are of no such matter. None without any.
    """
    person = moment.person
    if person is None or reading.kind == "chatter":
        return None
    language = reading.language or moment.language
    told, rest = _parted(reading, moment.jurisdiction.vocabulary)
    case = _case_of(told, reading, moment.update.text)
    if rest is None:
        open_case(moment, person, case, language, returns=reading.kind == "request")
    else:
        with _apart(moment):
            open_case(moment, person, case, language)
    return rest


def is_of_it(form: Form, vocabulary: Vocabulary) -> bool:
    """Whether a form itself tells of such a matter."""
    return is_private(form.problem or "\n".join(form.given().values()), vocabulary)


def without_it(reading: Reading, vocabulary: Vocabulary) -> Reading | None:
    """What a post tells besides such a matter; None where nothing is left."""
    return _parted(reading, vocabulary)[1]


def _parted(reading: Reading, vocabulary: Vocabulary) -> tuple[list[Form], Reading | None]:
    """The forms that tell of such a matter, and the rest of a post with several; None where all of it is of it.

    Told beside several forms, in a greeting, it is of none of them. Beside a single one it is about that one.
    """
    forms = [*reading.forms, *(form for _, form in reading.unfinished)]
    told = [form for form in forms if is_of_it(form, vocabulary)]
    whole = tuple(form for form in reading.forms if form not in told)
    if reading.kind != "request" or not whole or len(forms) == 1:
        return told, None
    unfinished = tuple((number, form) for number, form in reading.unfinished if form not in told)
    return told, replace(reading, forms=whole, unfinished=unfinished, route="public")


def _case_of(told: Sequence[Form], reading: Reading, text: str) -> Form:
    """What a case says: the form that tells of such a matter, or where it is told elsewhere the whole of the post."""
    if len(told) == 1 and told[0].problem:
        return told[0]
    if len(reading.forms) == 1:
        return replace(reading.forms[0], problem=text)
    first = next(iter([*told, *reading.forms]), Form())
    return Form(ward=first.ward, location=first.location if told else None, problem=text)


@contextmanager
def _apart(moment: Moment) -> Iterator[None]:
    """What is opened within stands beside the post in hand, to which replies are about its requests."""
    update = moment.update
    moment.update = replace(update, message_id=update.message_id + _APART)
    yield
    moment.update = update


def open_case(
    moment: Moment,
    person: Person,
    form: Form,
    language: str,
    beside: ServiceRequest | None = None,
    *,
    returns: bool = False,
) -> ServiceRequest:
    """Open a case, tell its poster alone, and integrity; `beside` is the request to which its words were added.

    Of one that `returns` the poster may say that it is an ordinary matter.
    """
    request = moves.open_private(moment, form, language)
    params: dict[str, object] = {"ref": request.service_request_id, "person": person.called}
    key = "private_opened"
    buttons = offering.offer_publicity(moment, request, person) if returns else ()
    if buttons:
        params["returns"] = "yes"
    if beside is not None and moment.group.kind != "private":
        params, key = params | {"of": beside.service_request_id}, "private_added"
    told = {"params": params, "language": language, "request_ids": (request.id,), "buttons": buttons}
    if not moment.say_alone(person, key, **told):
        moment.say("private_hint", {}, language=language, buttons=ASK_IN)
    if call := emergencies.numbers_beside(moment, [form], language):  # they cannot wait for an office
        moment.say_alone(person, "private_danger", params=call, language=language, request_ids=(request.id,))
    _tell_integrity(moment, request)
    return request


def take_added(moment: Moment, request: ServiceRequest, forms: Sequence[Form] = ()) -> bool:
    """Words of such a matter, added to a request or edited into its post: they are a case, and the request stays.

    `forms` are those of the post where it has several. False if the words are of no such matter.
    """
    update, person, vocabulary = moment.update, moment.person, moment.jurisdiction.vocabulary
    if person is None or request.route == "private" or not is_private(update.text, vocabulary, more=OF_PROSE):
        return False
    if was_let_back(moment):
        return False
    told = [form for form in forms or [read_labels(update.text, vocabulary)] if is_of_it(form, vocabulary)]
    words = "\n".join(form.problem for form in told if form.problem) or update.text
    place = (told[0].location if len(told) == 1 else None) or request.address
    known = requests.by_message(moment.tx, update.platform, update.chat_id, update.message_id + _APART)
    if not any(_added(moment, case, words) for case in reversed(known)):
        with _apart(moment):
            case = Form(ward=request.ward, location=place, problem=words)
            open_case(moment, person, case, request.language, beside=request)
    return True


def _added(moment: Moment, case: ServiceRequest, words: str) -> bool:
    """Add words to a case that is still open; what stands in it stays. False if it is not: they are another one."""
    return not isinstance(moves.add_details(moment, case, Form(problem=words)), Refusal)


def add_words(moment: Moment, case: ServiceRequest) -> None:
    """What is said of an open case in a group is kept, and not a word is said of it there.

    Nothing is taken out of it: who cleans a post does as the bot has asked.
    """
    vocabulary = moment.jurisdiction.vocabulary
    form = read_labels(moment.update.text, vocabulary)
    if is_private(moment.update.text, vocabulary, more=OF_PROSE):
        words = form.problem if form.problem and is_of_it(form, vocabulary) else moment.update.text
        _added(moment, case, words)
    elif form.problem:
        _added(moment, case, form.problem)


def make_confidential(moment: Moment, offer: Offer) -> None:
    """Who posted a request says that it is of such a matter: it closes, leaves what is public, and is a case."""
    request = requests.by_id(moment.tx, offer.request_id or 0)
    known = contacts.of_request(moment.tx, request.id)
    if moment.person is not None and not refuse_if(moment, request, moves.set_apart(moment, request)):
        form = Form(
            request.ward or None,
            request.address or None,
            request.description or None,
            request.priority,
            reporter_name=known.name or None if known else None,
            reporter_phone=known.phone or None if known else None,
        )
        open_case(moment, moment.person, form, request.language)


def make_public(moment: Moment, offer: Offer) -> None:
    """Who posted a confidential report says that it is an ordinary matter: its post is taken as any other is.

    As it reads now: what was edited out of it stays out, and of one that was deleted nothing is taken. Its clocks begin
    now, since nobody could answer it before.
    """
    from groupbot.intake import posts  # posts come here with what is confidential, so it cannot be imported before

    case, place = requests.by_id(moment.tx, offer.request_id or 0), offer.params
    message = (str(place["platform"]), str(place["chat_id"]), str(place["message_id"]))
    group, tapped, chat = moment.roster.group(*message[:2]), moment.update, moment.group
    raw = next(inbox.raws_before(moment.tx, moment.inbox_id, message, tapped.sender_id), None)
    gone = case.unsaid_at is not None or case.state not in lifecycle.OPEN
    if raw is None or group is None or gone or refuse_if(moment, case, moves.withdraw(moment, case, "")):
        return
    _tell_integrity(moment, case, "withdrawn", {"who": moment.person.called if moment.person else ""})
    if _is_public(moment, message):
        return  # an edit has opened it already
    moment.update, moment.group = replace(moment.parse(raw), kind="post"), group
    moment.released_at = tapped.sent_at
    posts.take_public(moment)
    moment.update, moment.group, moment.released_at = tapped, chat, None


def _is_public(moment: Moment, message: tuple[str, str, str]) -> bool:
    """Whether a post has opened an ordinary request as well."""
    return any(one.route == "public" for one in requests.by_post(moment.tx, *message))


def was_let_back(moment: Moment) -> bool:
    """Whether the sender of the post in hand has said that it is no such matter: that holds for its edits too."""
    update = moment.update
    known = requests.by_post(moment.tx, update.platform, update.chat_id, update.message_id)
    return any(one.route == "private" and one.outcome == "withdrawn" for one in known)


def _tell_integrity(
    moment: Moment, request: ServiceRequest, key: str = "private_to_integrity", said: Mapping[str, object] | None = None
) -> None:
    officers = moment.roster.holders("integrity", moment.now)
    if not officers:
        moment.ask_for_integrity_officer()
    for officer in officers:
        moment.say_alone(
            officer,
            key,
            params={"ref": request.service_request_id} | dict(said or {}),
            language=officer.language or moment.jurisdiction.language,
            request_ids=(request.id,),
        )
