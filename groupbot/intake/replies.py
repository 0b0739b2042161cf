"""A reply to a tracked line: words are acts. Harmless ones are taken; the citizen's word counts once it was asked."""

from __future__ import annotations

from groupbot import moves
from groupbot.intake import completions, offering
from groupbot.moment import Moment
from groupbot.records import ServiceRequest
from groupbot.rules import lifecycle, references
from groupbot.rules.lifecycle import Refusal
from groupbot.rules.replies import read_reply, says_nothing
from groupbot.store import drafts, requests


def take(moment: Moment) -> bool:
    """Handle a reply to a line of the bot or to a post that it tracks; False when it is neither."""
    update = moment.update
    if update.reply_to is None:
        return False
    if offering.by_reply(moment):
        return True
    message = (update.platform, update.chat_id, update.reply_to)
    draft = drafts.by_message(moment.tx, *message)
    if draft is not None:
        return completions.by_reply(moment, draft)
    found = requests.by_message(moment.tx, *message)
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
    citizen_side = any(own in lifecycle.CITIZEN_SIDE for own in held)
    if citizen_side and request.state in ("answered", "closed"):
        _take_citizen_word(moment, request)
    elif any(own in lifecycle.OFFICERS for own in held) and update.text.strip():
        _take_officer_word(moment, request)
    elif citizen_side:
        moment.receipt("receipt_noted")


def _take_officer_word(moment: Moment, request: ServiceRequest) -> None:
    """Any word of the department keeps the request moving; "it is done" is also offered as the answer."""
    vocabulary = moment.jurisdiction.reply_vocabulary
    decision = moves.take_word(moment, request)
    if isinstance(decision, Refusal):
        return
    text = moment.update.text
    if read_reply(text, vocabulary, asked=False).meaning == "done" and not says_nothing(text, vocabulary):
        offering.offer_answer(moment, request)


def _take_citizen_word(moment: Moment, request: ServiceRequest) -> None:
    """The bot has asked: a plain YES or NOT YET, in any words, is the answer. Anything else changes nothing."""
    reading = read_reply(moment.update.text, moment.jurisdiction.reply_vocabulary, asked=request.state == "answered")
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
