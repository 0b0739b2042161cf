"""A request loses its words: at the citizen's wish at once and everywhere, or by itself when it is old.

What stays are its number, codes and dates, and in the log the fingerprints of what was said: the log still verifies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from groupbot.moment import Moment
from groupbot.moves.changing import change
from groupbot.moves.protecting import all_mirrors, take_out_of_mirrors
from groupbot.records import Notice, ServiceRequest
from groupbot.rules import erasing, publication, references
from groupbot.rules.lifecycle import Transition
from groupbot.store import erasure, publications
from groupbot.store.erasure import Said

WORDS = ("address", "description", "status_notes", "outcome_detail", "pause_reason", "fingerprint")
AT_ONCE = 500  # rows that are looked through at a time
OF = {"erased": "operator", "anonymised": ""}  # log entry -> in which capacity it is made: '' for the clock


def erase(moment: Moment, request: ServiceRequest, *, told: bool = True) -> None:
    """Take every word of a closed request out of the database, the mirrors and the chats, as far as these allow.

    Whoever had a line about it is asked to delete what they have. Not `told`: it was erased before, and comes back from
    a backup; nobody hears of it again.
    """
    said = erasure.words_of(moment.tx, request.id)
    erased = _forget(moment, request, {"protected_at": moment.now}, entry="erased")
    publications.take_back(moment.tx, request.id, None, moment.now)
    erasure.forget_published(moment.tx, request.id)
    take_out_of_mirrors(moment, erased)
    erasure.forget_naming(moment.tx, request.service_request_id)
    _forget_elsewhere(moment, request, said)
    if not told:
        moment.notices.clear()


def _forget_elsewhere(moment: Moment, request: ServiceRequest, said: Sequence[str]) -> None:
    """Forget what else came in that names a request, however loosely, or holds what its problem was said to be."""
    reference = request.service_request_id
    number = str(references.serial(reference)).replace("0", "_")  # an O may stand for it
    for inbox_id, raw in _like(moment, f"%{reference[:3].lower()}%{number}%"):
        if erasing.names(raw, reference, moment.jurisdiction.prefixes):
            erasure.forget_row(moment.tx, inbox_id)
    for words in said:
        if not (part := erasing.longest_part(words)):
            continue
        for inbox_id, raw in _like(moment, f"%{part}%"):
            if erasing.quotes(raw, words):
                erasure.forget_row(moment.tx, inbox_id, unless_of_another=request.id)


def _like(moment: Moment, pattern: str) -> Iterator[tuple[int, str]]:
    last = 0
    while rows := erasure.like(moment.tx, pattern, last, AT_ONCE):
        yield from rows
        last = rows[-1][0]


def anonymise(moment: Moment, request: ServiceRequest) -> None:
    """Forget the words of an old request. What is published stays: it names nobody."""
    _forget(moment, request, {}, entry="anonymised")
    erasure.forget_unpublished(moment.tx, request.id)


def _forget(moment: Moment, request: ServiceRequest, more: dict[str, object], *, entry: str) -> ServiceRequest:
    columns = dict.fromkeys(WORDS, "") | {"erased_at": moment.now} | more
    erased = change(moment, request, Transition("protect", None, OF[entry]), columns, entry=entry)
    if entry == "erased":
        _take_back_lines(moment, erased)
        _take_back_posts(moment, erased)
    erasure.forget(moment.tx, request.id, moment.now)
    return erased


def _take_back_lines(moment: Moment, request: ServiceRequest) -> None:
    """Edit what the bot said of it, keep what waits from being said, and ask each chat to delete its copies."""
    asked: dict[tuple[str, str], str] = {}
    mirrors = all_mirrors(moment)
    for message in erasure.said(moment.tx, request.id, request.service_request_id):
        if message.chat in mirrors or (message.live and not message.message_id):
            continue  # a mirror's lines hold codes alone; what is worded only when it is sent will not find it
        if publication.is_summary_of_several(message.params):
            continue  # it names others too, and of each its number alone, which stays
        lines = _left(moment, message, request)
        erasure.reword(moment.tx, message, lines)
        if message.message_id:
            asked[message.chat] = message.language
            _edit(moment, message, lines, request)
    for (platform, chat_id), language in asked.items():
        group = moment.roster.group(platform, chat_id)
        if request.route == "private" and (group is None or group.kind != "private"):
            continue  # where others read, a confidential case has no number
        params = {"ref": request.service_request_id}
        moment.queue("send", (platform, chat_id), "erased_note", params=params, language=language)


def _left(moment: Moment, message: Said, request: ServiceRequest) -> Sequence[str]:
    """The lines of a message that are about other requests."""
    if message.about <= {request.id} and message.text is None:
        return ()
    jurisdiction = moment.jurisdiction
    text = message.text
    if text is None:
        text = jurisdiction.catalogue.text(message.key, message.language, message.params, moment.now)
    return erasing.left(text.splitlines(), request.service_request_id, jurisdiction.prefixes)


def _edit(moment: Moment, message: Said, lines: Sequence[str], request: ServiceRequest) -> None:
    said = list(lines)
    if not said:
        params = {"ref": request.service_request_id}
        said = [moment.jurisdiction.catalogue.text("erased_line", message.language, params, moment.now)]
    moment.notices.append(
        Notice(
            message.platform,
            message.chat_id,
            "edit",
            f"erased|{request.service_request_id}|{request.version}|{message.head_id}",
            key="as_it_is",
            params={"lines": said},
            language=message.language,
            target=message.message_id,
            request_ids=(request.id,),
        )
    )


def _take_back_posts(moment: Moment, request: ServiceRequest) -> None:
    """Delete what people wrote of this request alone, where the chat lets the bot; else staff are asked to."""
    for platform, chat_id, message_id, sent_at in erasure.posts(moment.tx, request.id):
        once = f"erased|{request.service_request_id}|{request.version}|{platform}|{chat_id}|{message_id}"
        params = {"sent_at": sent_at}
        moment.notices.append(Notice(platform, chat_id, "delete", once, params=params, target=message_id))
