"""A request that names or betrays somebody is protected: its words, ward and topic leave every copy that is public."""

from __future__ import annotations

from groupbot.moment import Moment
from groupbot.moves.changing import change, decide, held, person_id
from groupbot.moves.closing import withdraw
from groupbot.records import Group, Notice, ServiceRequest
from groupbot.rules import publication
from groupbot.rules.lifecycle import Refusal, Transition
from groupbot.store import chats, publications, requests, service_log
from groupbot.store.publications import Copy

WORDS = ("published_problem", "published_answer")


def protect(moment: Moment, request: ServiceRequest, why: str) -> Transition | Refusal:
    """Take a request's words, ward and topic out of the mirrors, the exports and every status told elsewhere, for good.

    Lines in the mirrors are edited, and each mirror is asked to delete whatever copies it has besides.
    """
    decision = decide(moment, "protect", request)
    if isinstance(decision, Refusal):
        return decision
    protected = change(moment, request, decision, {"protected_at": moment.now}, entry="protected", private=why)
    _take_back(moment, protected, person_id(moment))
    moment.receipt("receipt_noted")
    return decision


def set_apart(moment: Moment, request: ServiceRequest) -> Transition | Refusal:
    """Close a request that its poster reports in confidence instead; it leaves all that is public, for good."""
    if request.state != "closed":
        decision = withdraw(moment, request, "")
        if isinstance(decision, Refusal):
            return decision
        request = requests.by_id(moment.tx, request.id)
    own = Transition("protect", None, next(iter(held(moment, request)), ""))
    protected = change(moment, request, own, {"protected_at": moment.now}, entry="protected")
    _take_back(moment, protected, person_id(moment))
    return own


def unsay(moment: Moment, request: ServiceRequest) -> None:
    """Take back the words of a request whose post was deleted; its number, ward, topic, state and clocks stay.

    Who may delete a post the platform has judged: no right is asked here.
    """
    capacity = next(iter(held(moment, request)), "")
    columns = {"unsaid_at": moment.now}
    unsaid = change(moment, request, Transition("protect", None, capacity), columns, entry="unsaid")
    _take_back(moment, unsaid, person_id(moment))


def hide(moment: Moment, before: ServiceRequest, now: ServiceRequest) -> None:
    """Take a request whose topic has just become a most sensitive one out of what the mirrors were told of it."""
    if moment.jurisdiction.hides(now) and not moment.jurisdiction.hides(before):
        _take_back(moment, now, None)


def _take_back(moment: Moment, request: ServiceRequest, by: int | None) -> None:
    """Take what shows too much of a request out of the log's texts, of what is published, and of the mirrors' lines."""
    service_log.protect(moment.tx, request.id)
    publications.take_back(moment.tx, request.id, by, moment.now)
    take_out_of_mirrors(moment, request)


def all_mirrors(moment: Moment) -> dict[tuple[str, str], Group]:
    """(platform, chat id) -> every mirror, present or past, and those that the bot is out of for now."""
    mirrors = [*moment.roster.groups("mirror"), *chats.left_mirrors(moment.tx, moment.jurisdiction.id)]
    return {(group.platform, group.chat_id): group for group in mirrors}


def take_out_of_mirrors(moment: Moment, request: ServiceRequest) -> None:
    """Rewrite every line in every mirror, present or past, that shows too much of the request: one sent by an edit.

    Of one whose post was deleted that is its words, of a protected or most sensitive one its ward and topic as well.
    """
    groups = all_mirrors(moment)
    found = publications.copies(moment.tx, list(groups), request.id)
    messages: dict[int, list[Copy]] = {}
    for copy in found:
        messages.setdefault(copy.head_id, []).append(copy)
    for lines in messages.values():
        rewritten = [_rewritten(moment, line, request) for line in lines]
        if rewritten != [(line.key, line.params) for line in lines]:
            for line, (key, params) in zip(lines, rewritten, strict=True):
                publications.rewrite(moment.tx, line.outbox_id, key, params)
            _edit(moment, lines, rewritten, request)
    for group in groups.values():
        place = (group.platform, group.chat_id)
        if any((line.platform, line.chat_id) == place and _shows_too_much(moment, line, request) for line in found):
            _ask_to_delete(moment, group, request)


def _ask_to_delete(moment: Moment, group: Group, request: ServiceRequest) -> None:
    moment.tell(group, "mirror_protected_note", {"ref": request.service_request_id})


Worded = tuple[str, dict[str, object]]


def _shows_too_much(moment: Moment, line: Copy, request: ServiceRequest) -> bool:
    return request.id in line.about and (moment.jurisdiction.hides(request) or line.key in WORDS)


def _rewritten(moment: Moment, line: Copy, request: ServiceRequest) -> Worded:
    if not _shows_too_much(moment, line, request):
        return line.key, line.params
    if line.key in WORDS:
        return "mirror_protected", {"ref": request.service_request_id}
    allowed = publication.mirror_params(request, line.params, hide_ward=True) or {}
    return ("mirror_new_hidden" if "ward" in line.params else line.key), allowed


def _edit(moment: Moment, lines: list[Copy], rewritten: list[Worded], request: ServiceRequest) -> None:
    """Queue the edit of a message that was sent; its lines that did not change are said again as they were."""
    head = next(line for line in lines if line.outbox_id == line.head_id)
    if not head.message_id:
        return
    catalogue = moment.jurisdiction.catalogue
    said = [catalogue.text(key, head.language, params, moment.now) for key, params in rewritten]
    stamp = f"protected|{request.service_request_id}|{request.version}|{head.outbox_id}"
    moment.notices.append(
        Notice(
            head.platform,
            head.chat_id,
            "edit",
            stamp,
            key="as_it_is",
            params={"lines": said},
            language=head.language,
            target=head.message_id,
            request_ids=(request.id,),
        )
    )
