"""What became of a call, written down: sent, tried again later, expired, parked, or gone on to a moved chat."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from groupbot import cards, listing, sanctioning, whereabouts
from groupbot.chat import ChatError
from groupbot.delivery.wording import Worded
from groupbot.jurisdiction import Jurisdiction
from groupbot.moves import telling
from groupbot.store import moving, offers, outbox, people, requests
from groupbot.store.database import Tx
from groupbot.store.outbox import QueuedNotice

log = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(minutes=15)
ANSWERS = frozenset({"retry_after", "moved", "gone", "refused"})  # the platform is there, whatever it said


@dataclass(frozen=True, slots=True)
class Landing:
    """How a call ended: with a message id ('' for what has none) or an error; a probe has no notice.

    `at` is when it ended (aware UTC).
    """

    platform: str
    at: datetime
    worded: Worded | None = None
    message_id: str = ""
    error: ChatError | None = None
    strayed: bool = False  # it landed in another topic than what it answers
    link: str = ""  # of a call that failed: where people find the message that it was for

    @property
    def answered(self) -> bool:
        """Whether the platform gave any answer."""
        return self.error is None or self.error.kind in ANSWERS


def settle(tx: Tx, jurisdiction: Jurisdiction, landing: Landing) -> None:
    """Write an ended call down."""
    if landing.worded is None:
        return
    if landing.error is None:
        _sent(tx, landing.worded, landing)
        if landing.strayed:
            whereabouts.strayed(tx, jurisdiction, landing.worded.chat, landing.at)
    else:
        _failed(tx, jurisdiction, landing.worded, landing)


def _sent(tx: Tx, worded: Worded, landing: Landing) -> None:
    outbox.mark_sent(tx, worded.notice, landing.message_id, landing.at)
    if not landing.message_id:
        return
    cards.landed(tx, worded.notice, landing.message_id, landing.at)
    listing.landed(tx, worded.notice, landing.message_id, landing.at)
    arrived(tx, (worded.notice, *worded.members), (*worded.chat, landing.message_id), landing.at)


def arrived(tx: Tx, notices: Sequence[QueuedNotice], message: tuple[str, str, str], at: datetime) -> None:
    """What these notices say stands in a message (platform, chat id, message id), by which replies find it."""
    for notice in notices:
        requests.link_message(tx, message, notice.request_ids, "bot", at)
        telling.told(tx, notice.key, notice.request_ids, at)
        offers.told(tx, [button.token for button in notice.buttons], message[2])
        if notice.draft_id:
            requests.link_draft(tx, message, notice.draft_id, at)


def _failed(tx: Tx, jurisdiction: Jurisdiction, worded: Worded, landing: Landing) -> None:
    notice, error, now = worded.notice, landing.error, landing.at
    assert error is not None
    moves = error.kind == "moved" and error.new_chat_id not in (None, "", notice.chat_id)
    if error.kind in ("gone", "refused") and cards.lost(tx, notice, now):
        outbox.mark_expired(tx, notice, "the card cannot be edited: it is posted anew")
    elif error.kind == "gone" and notice.action in ("react", "edit", "pin"):
        outbox.mark_expired(tx, notice, "the message is gone")
    elif error.kind == "refused" and notice.action == "pin":
        outbox.mark_expired(tx, notice, "the bot may not pin here")  # staff are told which rights it lacks
    elif error.kind in ("gone", "refused") and notice.action == "delete":
        outbox.mark_expired(tx, notice, "it is gone, or not the bot's to delete: the people there were asked to")
        listing.left(tx, notice, now)
        if error.kind == "refused" and "sent_at" in notice.params:
            whereabouts.left_standing(tx, jurisdiction, notice, landing.link, now)
    elif moves:
        outbox.put_off(tx, notice, "new", now, str(error))
        moving.move_chat(tx, jurisdiction.id, worded.chat, str(error.new_chat_id), now)
    elif error.kind == "gone" and notice.action == "send":
        outbox.put_off(tx, notice, "new", now, str(error))
        whereabouts.lose(tx, jurisdiction, people.load_roster(tx, jurisdiction.id), worded.chat, now)
        log.warning("notice %s to %s waits: the bot is not in that chat", notice.id, notice.platform)
    elif error.kind in ("refused", "gone", "moved") and worded.members and not notice.unknowns:
        outbox.unmerge(tx, notice)  # surely not sent, and one of them may be the poison: each is tried alone
    elif error.kind in ("refused", "gone") and notice.action in sanctioning.BEGINNINGS:
        outbox.mark_expired(tx, notice, f"those concerned were told that it was not done: {error}")
        sanctioning.refused(tx, jurisdiction, notice, now)
    elif error.kind in ("refused", "gone", "moved"):
        if notice.action in sanctioning.CALLS:
            sanctioning.refused(tx, jurisdiction, notice, now)
        outbox.mark_parked(tx, notice, str(error))
        log.error("notice %s to %s parked: %s", notice.id, notice.platform, error.kind)
    else:
        state = "unknown" if error.kind == "unknown" else "new"
        outbox.put_off(tx, notice, state, now + _wait(error, notice.attempts + 1), str(error))  # type: ignore[arg-type]


def _wait(error: ChatError, attempts: int) -> timedelta:
    """What the chat asked for, else doubling from one second."""
    if error.retry_after is not None:
        return timedelta(seconds=error.retry_after)
    return min(LONGEST_WAIT, timedelta(seconds=2 ** min(attempts - 1, 20)))


def named(raised: Exception) -> ChatError:
    """Every end of a call as one of the kinds that are dealt with; what is not known to be unsent may have arrived."""
    if isinstance(raised, ChatError):
        return raised
    if isinstance(raised, TimeoutError):
        return ChatError("unknown", detail="no answer in time")
    log.error("an adapter raised %s instead of a ChatError", type(raised).__name__)
    return ChatError("unknown", detail=type(raised).__name__)
