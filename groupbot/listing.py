"""The one list that stands in a person's private chat: a newer one takes its place, and what falls away leaves it.

A new list is a new message, because an edit rings nobody; once it has arrived the one before is deleted. What is
answered meanwhile leaves the list by an edit, in silence. Both only while the list is the last that was said there: one
below which people have written, or the bot has, stays as it is. Where a chat can neither, every list stays.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from groupbot.delivery.wording import LIVE
from groupbot.moment import Moment
from groupbot.records import Notice, ServiceRequest, instant, micros
from groupbot.store import hot, inbox, nags
from groupbot.store.database import Tx
from groupbot.store.outbox import QueuedNotice

OF_CHAT = "list|"  # + platform|chat id: which message is the list of a chat, and when it arrived; '' after other words
REMEMBERED = timedelta(days=60)  # who was asked earlier has other lists
_OLD = {"list": "old"}  # what the deletion of a list is known by


def landed(tx: Tx, notice: QueuedNotice, message_id: str, at: datetime) -> None:
    """A message has arrived (`at`: aware UTC): a list takes the place of the one before, other words stand below it."""
    if notice.action != "send":
        return
    place = (notice.platform, notice.chat_id)
    before = inbox.get_state(tx, _name(*place))
    if notice.key != "digest":
        if before:
            inbox.set_state(tx, _name(*place), "")
        return
    inbox.set_state(tx, _name(*place), json.dumps([message_id, micros(at)]))
    if before:
        target, since = json.loads(before)
        if target != message_id and not inbox.anything_from(tx, place, instant(since)):
            once = f"list_old|{place[0]}|{place[1]}|{target}"
            hot.queue(tx, [Notice(*place, "delete", once, params=_OLD, target=target)], at)


def left(tx: Tx, notice: QueuedNotice, now: datetime) -> None:
    """A message could not be deleted: if it is an old list it says that a newer one is below."""
    if notice.action == "delete" and notice.params == _OLD:
        once = f"list_left|{notice.platform}|{notice.chat_id}|{notice.target}"
        said = Notice(notice.platform, notice.chat_id, "edit", once, "digest_older", {}, target=notice.target)
        hot.queue(tx, [said], now)


def changed(moment: Moment, request: ServiceRequest) -> None:
    """A request for which people were asked has changed: the lists that stand say what still waits."""
    if request.nagged_at is None:
        return
    asked = nags.of_request(moment.tx, request.id, moment.now - REMEMBERED)
    for person_id in dict.fromkeys(nag.person_id for nag in asked):
        chat = moment.roster.private_chat(person_id)
        person = moment.roster.by_id(person_id, moment.now)
        standing = inbox.get_state(moment.tx, _name(chat.platform, chat.chat_id)) if chat else None
        if chat is None or person is None or not standing:
            continue
        target = json.loads(standing)[0]
        moment.queue(
            "edit",
            (chat.platform, chat.chat_id),
            "digest_now",
            language=person.language or moment.jurisdiction.language,
            target=target,
            holds=LIVE,
            dedup_key=f"list|{chat.platform}|{chat.chat_id}|{target}|{request.id}|{request.version}",
        )


def stands(tx: Tx, notice: QueuedNotice) -> bool:
    """Whether the message that an edit is for is still the list of its chat, with nothing said below it."""
    standing = inbox.get_state(tx, _name(notice.platform, notice.chat_id))
    if not standing:
        return False
    target, since = json.loads(standing)
    return target == notice.target and not inbox.anything_from(tx, (notice.platform, notice.chat_id), instant(since))


def _name(platform: str, chat_id: str) -> str:
    return OF_CHAT + json.dumps([platform, chat_id])
