"""A queued notice -> the words that go out: checked once more, worded, frozen; several may share one message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from groupbot.chat import Chat
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import ALONE, COPY, Capabilities, instant, micros
from groupbot.rules import coalescing
from groupbot.store import drafts, outbox, requests
from groupbot.store.database import Tx
from groupbot.store.outbox import QueuedNotice

MOST_UNKNOWN = 2  # calls that may have arrived, where the chat cannot tell repeats: so at most one copy too many
REPEATABLE_FOR = timedelta(hours=23)  # Synapse keeps transaction ids for a day; a later repeat would be a second copy
LIVE = "live"  # what a notice holds by whose parameters are found when it is sent
CARD = "card"  # what one holds by that needs a chat that can pin and edit
UNWORDABLE = (LookupError, ValueError, TypeError)


# What a live text says now; None when there is nothing left to say, and a time (aware UTC) before which it must wait.
Live = Callable[[Tx, QueuedNotice, datetime], Mapping[str, object] | datetime | None]


@dataclass(frozen=True, slots=True)
class Worded:
    """A notice about to be sent, with its words and the notices that share its message."""

    notice: QueuedNotice
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    members: tuple[QueuedNotice, ...] = ()
    reply_to: str | None = None

    @property
    def chat(self) -> tuple[str, str]:
        """(platform, chat id)."""
        return self.notice.platform, self.notice.chat_id


class Wording:
    """Words notices in the languages of one jurisdiction."""

    def __init__(self, jurisdiction: Jurisdiction) -> None:
        self.jurisdiction = jurisdiction
        # By key: what finds a text's parameters anew when it is sent.
        self.live: dict[str, Live] = {}

    def as_it_is_now(self, tx: Tx, notice: QueuedNotice, now: datetime) -> QueuedNotice | datetime | None:
        """The notice with what it says now, where that is found only when it is sent; None when it is settled.

        A time (aware UTC) when it must wait until then. Words that surely reached nobody are not held on to.
        """
        if notice.holds != LIVE:
            return notice
        found = self.live[notice.key](tx, notice, now)
        if found is None or isinstance(found, datetime):
            return found
        return replace(notice, params=dict(found), text=notice.text if notice.unknowns else None)

    def no_longer_holds(self, tx: Tx, notice: QueuedNotice, capabilities: Capabilities, now: datetime) -> str:
        """Why a notice is not to be sent any more; '' when it is."""
        if notice.action == "react" and not capabilities.reactions:
            return "this chat has no reactions"
        if notice.action == "edit" and not capabilities.edits:
            return "this chat has no edits"
        if notice.action == "pin" and not capabilities.pins:
            return "this chat has no pins"
        if notice.action == "delete" and not capabilities.delete:
            return "this chat lets the bot delete nothing"
        if notice.holds == CARD and not (capabilities.pins and capabilities.edits):
            return "a card needs pins and edits"
        if notice.expires is not None and notice.expires <= micros(now):
            return "its time has passed"
        kind, _, wanted = notice.holds.partition(":")
        if kind == "state" and not any(requests.by_id(tx, pk).state == wanted for pk in notice.request_ids):
            return f"no request is {wanted} any more"
        if kind == "draft" and not drafts.is_open(tx, int(wanted)):
            return "the draft is completed"
        return ""

    def not_again(self, notice: QueuedNotice, capabilities: Capabilities, now: datetime) -> str:
        """Why a notice that may have arrived must not be sent once more; '' when it may."""
        if not notice.unknowns or notice.action != "send" or capabilities.finds_sent:
            return ""
        by_itself = notice.attempts > 0  # nobody has asked for it to be tried again
        if by_itself and notice.tried_at is not None and now - instant(notice.tried_at) > REPEATABLE_FOR:
            return "it may have arrived, too long ago to send it again"
        if not capabilities.repeatable_sends and notice.unknowns >= MOST_UNKNOWN:
            return "it may have arrived, and this chat cannot tell repeats"
        return ""

    def freeze(self, tx: Tx, chat: Chat, notice: QueuedNotice, crowd: list[QueuedNotice], now: datetime) -> Worded:
        """Word a notice, with as many of the crowd behind it as may share its message, and say that a call begins.

        Raises the errors of UNWORDABLE when the notice itself cannot be worded.
        """
        capabilities = chat.capabilities_of(notice.chat_id)
        members = tuple(outbox.merged(tx, notice)) if notice.text is not None else ()
        if notice.text is not None and (members or not crowd):
            text = self._again(notice, capabilities, notice.text, now)
            outbox.begin_sending(tx, notice, notice.text, now)
            return self._worded(notice, text, capabilities, members, now)
        members, text = self._together(tx, notice, crowd, capabilities.longest, now)
        outbox.begin_sending(tx, notice, text, now)
        return self._worded(notice, text, capabilities, members, now)

    def _worded(
        self,
        notice: QueuedNotice,
        text: str,
        capabilities: Capabilities,
        members: tuple[QueuedNotice, ...],
        now: datetime,
    ) -> Worded:
        shown = {COPY: capabilities.copy_button, ALONE: capabilities.alone_button}
        offered = [one for one in notice.buttons if shown.get(one.token, capabilities.buttons)]
        language = notice.language or self.jurisdiction.language
        catalogue = self.jurisdiction.catalogue
        buttons = tuple((catalogue.text(one.key, language, {"ref": one.ref}, now), one.token) for one in offered)
        replies = {one.reply_to for one in (notice, *members)}
        reply_to = notice.reply_to if len(replies) == 1 else ""
        return Worded(notice, text, buttons, members, reply_to or None)

    def _text(self, notice: QueuedNotice, now: datetime) -> str:
        if not notice.key:
            return ""  # an act without words
        language = notice.language or self.jurisdiction.language
        return self.jurisdiction.catalogue.text(notice.key, language, notice.params, now)

    def _together(
        self, tx: Tx, head: QueuedNotice, crowd: list[QueuedNotice], longest: int, now: datetime
    ) -> tuple[tuple[QueuedNotice, ...], str]:
        texts = [self._text(head, now)]
        for notice in crowd:
            try:
                texts.append(self._text(notice, now))
            except UNWORDABLE:
                break  # it will be met as a head of its own
        fit = coalescing.how_many_fit(texts, longest)
        members = tuple(crowd[: fit - 1])
        outbox.merge(tx, head, members)
        return members, "\n".join(texts[:fit])

    def _again(self, notice: QueuedNotice, capabilities: Capabilities, text: str, now: datetime) -> str:
        """A second copy where the chat cannot tell repeats says that it is one."""
        if notice.action != "send" or capabilities.repeatable_sends or not notice.unknowns:
            return text
        language = notice.language or self.jurisdiction.language
        return self.jurisdiction.catalogue.text("repeated", language, {"text": text}, now)
