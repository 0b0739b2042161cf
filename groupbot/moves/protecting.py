"""A request that names or betrays somebody is protected: its words, ward and topic leave every copy that is public."""

from __future__ import annotations

from groupbot.moment import Moment
from groupbot.moves.changing import change, decide, person_id
from groupbot.records import Group, Notice, ServiceRequest
from groupbot.rules import publication
from groupbot.rules.lifecycle import Refusal, Transition
from groupbot.store import publications, service_log
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
    service_log.protect(moment.tx, request.id)
    publications.take_back(moment.tx, request.id, person_id(moment), moment.now)
    take_out_of_mirrors(moment, protected)
    moment.receipt("receipt_noted")
    return decision


def take_out_of_mirrors(moment: Moment, request: ServiceRequest) -> None:
    """Rewrite every line about the request in every mirror: what was sent by an edit, what waits before it is sent."""
    groups = {(group.platform, group.chat_id): group for group in moment.roster.groups("mirror")}
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
        if any((line.platform, line.chat_id) == (group.platform, group.chat_id) for line in found):
            _ask_to_delete(moment, group, request)


def _ask_to_delete(moment: Moment, group: Group, request: ServiceRequest) -> None:
    params = {"ref": request.service_request_id}
    language = group.language or moment.jurisdiction.language
    moment.queue("send", (group.platform, group.chat_id), "mirror_protected_note", params=params, language=language)


Worded = tuple[str, dict[str, object]]


def _rewritten(moment: Moment, line: Copy, request: ServiceRequest) -> Worded:
    if request.id not in line.about:
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
