"""A reply to a tracked line: words are acts. Harmless ones are taken; the citizen's word counts once it was asked."""

from __future__ import annotations

from dataclasses import replace

from groupbot import commands, moves
from groupbot.intake import attachments, completions, emergencies, offering, taking
from groupbot.moment import Moment
from groupbot.records import ServiceRequest
from groupbot.rules import lifecycle, references
from groupbot.rules.danger import danger_words
from groupbot.rules.lifecycle import Refusal
from groupbot.rules.readings import read_labels
from groupbot.rules.replies import read_reply, says_nothing
from groupbot.store import drafts, outbox, requests

LONGEST_WORD = 12  # words of a line that may be the citizen's word without being a reply


def take(moment: Moment) -> bool:
    """Handle a reply to a line of the bot or to a post that it tracks; False when it is neither."""
    update = moment.update
    if update.reply_to is None:
        return False
    if taking.by_reply(moment):
        return True
    message = (update.platform, update.chat_id, update.reply_to)
    draft = drafts.by_message(moment.tx, *message)
    if draft is not None:
        return completions.by_reply(moment, draft)
    return _take_about(moment, requests.by_message(moment.tx, *message))


def take_by_number(moment: Moment) -> bool:
    """A line without a reply that begins with a real reference and says something of it; False when it does not."""
    text = moment.update.text
    found = references.find(text, moment.jurisdiction.prefixes)
    if not found or not found[0].valid or text[: found[0].start].strip(" \t*_"):
        return False
    request = requests.by_reference(moment.tx, moment.jurisdiction.id, found[0].text)
    if request is None or not moves.held(moment, request):
        return False
    moment.update = replace(moment.update, text=text[found[0].end :].strip(" \t\n:,.-"))
    _take(moment, request)
    return True


def take_plain_word(moment: Moment) -> bool:
    """YES or NOT YET without a reply, from someone who has exactly one open question in this group; False otherwise.

    Without a reply only what can be nothing else counts: "Yes" or "Not yet" alone, or one short line that says by
    itself that the citizen agrees.
    """
    words = moment.update.text.split()
    if moment.person is None or moment.group.service_code is None or "\n" in moment.update.text.strip():
        return False
    if len(words) > LONGEST_WORD:
        return False
    open_ones = requests.open_by_poster(moment.tx, moment.person.id, moment.group.service_code)
    asked = [request for request in open_ones if request.state == "answered"]
    if len(asked) != 1:
        return False
    vocabulary = moment.jurisdiction.reply_vocabulary
    alone = read_reply(moment.update.text, vocabulary, asked=True).meaning if len(words) <= 2 else ""
    says_so = read_reply(moment.update.text, vocabulary, asked=False).meaning
    if says_so != "yes" and not (alone == "not_yet" or (alone == "yes" and len(words) == 1)):
        return False
    _take(moment, asked[0])
    return True


def _take_about(moment: Moment, found: list[ServiceRequest]) -> bool:
    if not found:
        return False
    chosen = _chosen(moment, found)
    if chosen is not None:
        _take(moment, chosen)
    else:
        _ask_which(moment, found)
    return True


def _chosen(moment: Moment, found: list[ServiceRequest]) -> ServiceRequest | None:
    """The one request meant: the only one linked, or the one whose reference stands in the reply."""
    if len(found) == 1:
        return found[0]
    named = {
        reference.text
        for reference in references.find(moment.update.text, moment.jurisdiction.prefixes)
        if reference.valid
    }
    meant = [request for request in found if request.service_request_id in named]
    return meant[0] if len(meant) == 1 else None


def _ask_which(moment: Moment, found: list[ServiceRequest]) -> None:
    """A bare reply to a line with several references is asked back, if its sender could act on any of them."""
    if any(moves.held(moment, request) for request in found):
        refs = [request.service_request_id for request in found]
        moment.say("which_reference", {"refs": refs}, language=found[0].language)


def _take(moment: Moment, request: ServiceRequest) -> None:
    held = moves.held(moment, request)
    update = moment.update
    requests.link_message(
        moment.tx, (update.platform, update.chat_id, update.message_id), [request.id], "reply", moment.now
    )
    attachments.join_to(moment, request)
    citizen_side = any(own in lifecycle.CITIZEN_SIDE for own in held)
    if citizen_side and request.state in ("answered", "closed"):
        _take_citizen_word(moment, request)
    elif any(own in lifecycle.OFFICERS for own in held) and update.text.strip():
        _take_officer_word(moment, request)
    elif citizen_side:
        _take_author_word(moment, request)
    elif "communications" in held:
        _take_hotline_word(moment, request)


def _take_hotline_word(moment: Moment, request: ServiceRequest) -> None:
    """The hotline heard from the citizen: a NOT YET counts even after an admin's YES; a YES is the ward's to bring."""
    if request.state in ("answered", "closed") and _may_reopen(moment, request):
        reading = read_reply(moment.update.text, moment.jurisdiction.reply_vocabulary, asked=True)
        if reading.meaning == "not_yet":
            moves.take_not_yet(moment, request)


def _take_officer_word(moment: Moment, request: ServiceRequest) -> None:
    """Any word of the department keeps the request moving; "it is done" is also offered as the answer."""
    vocabulary = moment.jurisdiction.reply_vocabulary
    decision = moves.take_word(moment, request)
    if isinstance(decision, Refusal):
        return
    text = moment.update.text
    if read_reply(text, vocabulary, asked=False).meaning == "done" and not says_nothing(text, vocabulary):
        offering.offer_answer(moment, request)


def _take_author_word(moment: Moment, request: ServiceRequest) -> None:
    """The ward's side on a request that is not answered: a chase is told where it stands, danger is asked about."""
    reading = read_reply(moment.update.text, moment.jurisdiction.reply_vocabulary)
    form = read_labels(moment.update.text, moment.jurisdiction.vocabulary)
    if danger_words(moment.update.text, moment.jurisdiction.vocabulary):
        emergencies.ask(moment, request)
    elif form.given() and not isinstance(moves.amend(moment, request, form), Refusal):
        return
    elif reading.meaning == "chase":
        _answer_chase(moment, request)
    else:
        moment.receipt("receipt_noted")


def _answer_chase(moment: Moment, request: ServiceRequest) -> None:
    """Where the request stands, said once until something changes; a further chase is only counted."""
    once = f"chased|{request.service_request_id}|{request.version}"
    if outbox.was_queued(moment.tx, once):
        moment.receipt("receipt_noted")
    else:
        commands.say_status(moment, request, language=request.language, request_ids=(request.id,), dedup_key=once)


def _take_citizen_word(moment: Moment, request: ServiceRequest) -> None:
    """The bot has asked: a plain YES or NOT YET, in any words, is the answer. Anything else changes nothing."""
    reading = read_reply(moment.update.text, moment.jurisdiction.reply_vocabulary, asked=True)
    if reading.meaning == "yes" and request.state == "answered":
        moves.take_citizen_yes(moment, request)
    elif reading.meaning == "not_yet" and _may_reopen(moment, request):
        moves.take_not_yet(moment, request)
    elif request.state == "answered" and reading.meaning != "thanks":
        moment.receipt("receipt_noted")


def _may_reopen(moment: Moment, request: ServiceRequest) -> bool:
    if request.closed_at is None:
        return True
    days = (moment.update.sent_at - request.closed_at).days
    return days < moment.jurisdiction.protocol.file.limits.reopen_days
