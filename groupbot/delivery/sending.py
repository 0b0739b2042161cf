"""The senders: one call per chat at a time and in order, the chats independent of each other.

A turn, in one transaction on the worker thread, writes down how the ended calls went and takes up what may be said now;
that a call is about to be made is committed before the call, so after a crash it is known which notices may have
arrived. The libraries' own retries are off; only this room retries.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
from collections import Counter
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from groupbot import failpoints
from groupbot.chat import Chat, ChatError, Linking, Outgoing, Picture, Topical, keeping
from groupbot.clock import Clock
from groupbot.delivery import discretion, outcomes, showing
from groupbot.delivery.outcomes import Landing
from groupbot.delivery.returning import Returning
from groupbot.delivery.traffic import PlatformHealth, Traffic
from groupbot.delivery.wording import UNWORDABLE, Live, Worded, Wording
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import instant, micros
from groupbot.rules import coalescing
from groupbot.store import inbox, outbox
from groupbot.store.database import Store, Tx, row_errors
from groupbot.store.outbox import QueuedNotice
from groupbot.worker import Worker

log = logging.getLogger(__name__)

LONGEST_CALL = 30.0  # seconds; a call that takes longer may have arrived or not
GRACE = 10.0  # seconds that calls under way are given at a stop
LOOK_EVERY = 1.0  # seconds between looks when nothing else wakes the senders
REMEMBERED = timedelta(minutes=15)  # no platform, and no rate of ours, counts further back


@dataclass(slots=True)
class Turn:
    """What one transaction found to do."""

    starting: list[Worded] = field(default_factory=list)
    probes: list[str] = field(default_factory=list)
    dropped: int = 0  # notices that expired or were parked without a call


class Delivery:
    """Sends what the outbox holds. `chats` is by platform name; `clock` gives the present (aware UTC).

    `deliver_due` sends all that is due and waits for it; `run` goes on for ever, and `kick` makes it look at once.
    """

    def __init__(
        self, store: Store, jurisdiction: Jurisdiction, chats: Mapping[str, Chat], worker: Worker, clock: Clock
    ) -> None:
        self.store = store
        self.chats = chats
        self.worker = worker
        self.clock = clock
        self.longest_call = LONGEST_CALL
        self._jurisdiction = jurisdiction
        self._wording = Wording(jurisdiction)
        self._traffic: dict[str, Traffic] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self._landed: list[Landing] = []
        self._noted = 0  # how many of the landed are in the windows already
        self._restores: list[int] = []
        self._returning = Returning()
        self._back: set[str] = set()  # platforms that gave a sign of life again
        self._changed: set[str] = set()  # platforms whose breaker opened or closed
        self._own_errors: tuple[type[Exception], ...] = (*UNWORDABLE, *row_errors())
        self._one_turn = asyncio.Lock()
        self._wake = asyncio.Event()

    @property
    def live(self) -> dict[str, Live]:
        """By a text's key: what finds its parameters when it is sent, for notices that hold by LIVE."""
        return self._wording.live

    # --- on the event loop -------------------------------------------------------------------------------------------

    async def deliver_due(self) -> int:
        """Send everything that is due now, and wait for it. Returns how many notices were dealt with."""
        dealt = 0
        while True:
            dealt += await self.start_due()
            if self._under_way:
                await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            elif not self._landed:
                return dealt

    async def start_due(self, *, stopping: bool = False) -> int:
        """Write down what has ended and start what may start; returns how many notices ended or were dropped.

        When `stopping`, nothing starts. Raises the database's errors; what has ended is then kept for the next time.
        """
        async with self._one_turn:
            dealt = 0
            while True:
                landed = self._landed[:]
                turn = await self.worker.run(lambda landed=landed: self._turn(landed, stopping=stopping))  # type: ignore[misc]
                del self._landed[: len(landed)]
                self._noted -= len(landed)
                dealt += len(landed) + turn.dropped
                for worded in turn.starting:
                    self._start(self._call(worded))
                for platform in turn.probes:
                    self._start(self._probe(platform))
                if stopping or not turn.dropped:
                    return dealt

    def kick(self) -> None:
        """Look at once for what is due."""
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send what falls due until `stop` is set (and `kick` called)."""
        while not stop.is_set():
            self._wake.clear()
            try:
                await self.start_due()
            except Exception:
                log.exception("a turn of the senders failed; what has ended is kept for the next")
            try:
                await asyncio.wait_for(self._wake.wait(), self._pause())
            except TimeoutError:
                continue

    def _pause(self) -> float:
        now = self.clock()
        waits = [(traffic.wake - now).total_seconds() for traffic in self._traffic.values() if traffic.wake]
        return max(0.0, min([LOOK_EVERY, *waits]))

    async def finish(self) -> None:
        """Let the calls under way end, for a moment, and write down how they went. Raises the database's errors."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=GRACE)
            for task in late:  # their notices stay marked: the next start knows that they may have arrived
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._landed:
            await self.start_due(stopping=True)

    def health(self) -> list[PlatformHealth]:
        """How delivery to each platform fares now."""
        return [self._traffic_of(name).health(name) for name in self.chats]

    def _start(self, call: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(call)
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self.kick()

    async def _call(self, worded: Worded) -> None:
        platform = worded.notice.platform
        chat, message_id, error = self.chats[platform], "", None
        shows = chat.capabilities_of(worded.notice.chat_id).pictures
        picture = await showing.picture_of(worded.notice) if shows else None
        try:
            async with asyncio.timeout(self.longest_call):
                failpoints.reach("delivery.calling")
                message_id = await self._said(chat, worded, picture)
                failpoints.reach("delivery.called")
        except Exception as raised:
            error = outcomes.named(raised)
        replied = bool(worded.reply_to and message_id)
        strayed = replied and isinstance(chat, Topical) and chat.strayed(worded.reply_to, message_id)
        link = _link(chat, worded.notice) if error else ""
        self._landed.append(Landing(platform, self.clock(), worded, message_id, error, strayed, link))

    async def _probe(self, platform: str) -> None:
        error = None
        try:
            async with asyncio.timeout(self.longest_call):
                await self.chats[platform].ping()
        except Exception as raised:
            error = outcomes.named(raised)
        self._landed.append(Landing(platform, self.clock(), error=error))

    async def _said(self, chat: Chat, worded: Worded, picture: Picture | None) -> str:
        notice = worded.notice
        if notice.action == "react":
            await chat.react(notice.chat_id, notice.target, worded.text)
        elif notice.action == "edit":
            await chat.edit(notice.chat_id, notice.target, worded.text, worded.buttons)
        elif notice.action == "delete":
            _refuse_too_old(chat, notice, self.clock())
            await chat.delete(notice.chat_id, notice.target)
        elif notice.action == "pin":
            await chat.pin(notice.chat_id, notice.target)
        elif notice.action in keeping.ACTS:
            await keeping.carry_out(chat, notice.action, notice.chat_id, notice.target, notice.params)
        else:
            asked = [one for said in (notice, *worded.members) for one in said.params.get("mentions", ())]
            message = Outgoing(notice.chat_id, worded.text, self._txn_id(notice), worded.reply_to, worded.buttons)
            message = replace(message, mentions=tuple(asked), picture=picture)
            if notice.unknowns and notice.tried_at is not None:
                message = replace(message, tried_at=instant(notice.tried_at))
            return await chat.send(message)
        return ""

    def _txn_id(self, notice: QueuedNotice) -> str:
        """What was queued after a restore is another message than what the platform may know by the same id."""
        restore = sum(last < notice.id for last in self._restores)
        return f"{notice.txn_id}-{restore}" if restore else notice.txn_id

    # --- on the worker thread ----------------------------------------------------------------------------------------

    def begin_run(self, tx: Tx) -> None:
        """After a start: what was being sent may have arrived, and the last minute's calls still count."""
        outbox.mark_interrupted(tx)
        self._restores = outbox.restores(tx)
        for platform, chat_id, at in outbox.recent_calls(tx, self.clock() - REMEMBERED):
            if (chat := self.chats.get(platform)) is not None:
                traffic = self._traffic_of(platform)
                traffic.all.remember(chat.rates, instant(at))
                traffic.window(chat_id).remember(chat.capabilities_of(chat_id).rates, instant(at))
                self._returning.heard((platform, chat_id), instant(at))

    def next_due(self, tx: Tx, now: datetime) -> datetime | None:
        """The next moment after `now` at which something may be sent or a platform is looked after; None for never."""
        notice = outbox.next_due(tx, now)
        moments = [None if notice is None else instant(notice)]
        for traffic in self._traffic.values():
            moments += [traffic.wake, traffic.breaker.probe_at]
        return min((at for at in moments if at is not None and at > now), default=None)

    def _traffic_of(self, platform: str) -> Traffic:
        return self._traffic.setdefault(platform, Traffic())

    def _turn(self, landed: list[Landing], *, stopping: bool) -> Turn:
        self._note(landed)
        now = self.clock()
        if not landed and not self.store.read(lambda tx: outbox.anything_due(tx, now)):
            return Turn(probes=[] if stopping else self._probes(now))
        try:
            turn = self.store.write_tx(lambda tx: self._work(tx, landed, now, stopping=stopping))
        except self._own_errors:
            self._settle_alone(landed)
            turn = self.store.write_tx(lambda tx: self._work(tx, [], now, stopping=stopping))
        self._back.clear()
        self._changed.clear()
        for worded in turn.starting:
            self._traffic_of(worded.notice.platform).begin(worded.notice.chat_id)
        turn.probes = [] if stopping else self._probes(now)
        return turn

    def _note(self, landed: list[Landing]) -> None:
        """Take ended calls into the windows and breakers, each once, even where the database fails."""
        for landing in landed[self._noted :]:
            self._noted += 1
            traffic = self._traffic_of(landing.platform)
            if landing.worded is None:
                traffic.probing = False
            else:
                chat, chat_id = self.chats[landing.platform], landing.worded.notice.chat_id
                traffic.end(chat.rates, chat_id, chat.capabilities_of(chat_id).rates, landing.at)
            if landing.answered and traffic.answered():
                self._back.add(landing.platform)
                self._changed.add(landing.platform)
                log.warning("%s answers again", landing.platform)
            elif not landing.answered and traffic.failed(landing.at):
                self._changed.add(landing.platform)
                log.error("%s does not answer: nothing is sent there until it gives a sign of life", landing.platform)

    def _work(self, tx: Tx, landed: list[Landing], now: datetime, *, stopping: bool) -> Turn:
        for landing in landed:
            outcomes.settle(tx, self._jurisdiction, landing)
        for platform in self._back:
            outbox.try_now(tx, platform, now)
        for platform in self._changed:
            since = self._traffic_of(platform).breaker.open_since
            inbox.set_state(tx, f"delivery:{platform}", json.dumps({"open_since": micros(since)}) if since else "")
        return Turn() if stopping else self._take_up(tx, now)

    def _settle_alone(self, landed: list[Landing]) -> None:
        """Something ended in a way that cannot be written down: the others must not suffer for it."""
        for landing in landed:
            try:
                self.store.write_tx(lambda tx, one=landing: outcomes.settle(tx, self._jurisdiction, one))  # type: ignore[misc]
            except self._own_errors as error:
                assert landing.worded is not None
                notice, reason = landing.worded.notice, f"its outcome cannot be kept: {type(error).__name__}"
                self.store.write_tx(lambda tx, notice=notice, reason=reason: outbox.mark_parked(tx, notice, reason))  # type: ignore[misc]
                log.error("notice %s to %s parked: %s", notice.id, notice.platform, reason)

    def _probes(self, now: datetime) -> list[str]:
        due = []
        for platform in self.chats:
            traffic = self._traffic_of(platform)
            at = traffic.breaker.probe_at
            if at is not None and at <= now and not traffic.probing:
                traffic.probing = True
                due.append(platform)
        return due

    def _take_up(self, tx: Tx, now: datetime) -> Turn:
        turn, starting = Turn(), Counter[str]()
        for platform in self.chats:
            self._traffic_of(platform).wake = None
        for head in outbox.heads(tx, now):
            chat = self.chats.get(head.platform)
            if chat is None:
                continue
            rates = chat.capabilities_of(head.chat_id).rates
            traffic = self._traffic_of(head.platform)
            if not traffic.may_start(chat.rates, (head.chat_id, rates), starting[head.platform], now):
                continue
            worded = self._worded(tx, chat, head, now)
            if worded is None:
                turn.dropped += 1
                continue
            turn.starting.append(worded)
            starting[head.platform] += 1
            if head.action == "send":
                self._returning.heard(worded.chat, now)
        return turn

    def _worded(self, tx: Tx, chat: Chat, head: QueuedNotice, now: datetime) -> Worded | None:
        """The words of a notice, or None for one that is not to be sent, which is written down."""
        capabilities = chat.capabilities_of(head.chat_id)
        if discretion.kept_back(tx, self._jurisdiction, chat, head, now):
            return None
        if (until := self._returning.until(tx, head, now)) is not None:
            outbox.let_wait(tx, head, until)
            return None
        try:
            expired = self._wording.no_longer_holds(tx, head, capabilities, now)
            parked = self._wording.not_again(head, capabilities, now)
            fresh = None if expired or parked else self._wording.as_it_is_now(tx, head, now)
            if isinstance(fresh, datetime):
                outbox.postpone(tx, head, fresh)
                return None
            if fresh is not None:
                return self._wording.freeze(tx, chat, fresh, self._crowd(tx, chat, fresh, now), now)
            expired = expired or ("" if parked else "it is settled")
        except UNWORDABLE as error:
            # A text or term that the pack lacks: this one notice waits for a person, the others go on.
            expired, parked = "", f"cannot be worded: {type(error).__name__}"
        if expired:
            outbox.mark_expired(tx, head, expired)
        else:
            outbox.mark_parked(tx, head, parked)
            log.error("notice %s (%s) to %s parked: %s", head.id, head.key, head.platform, parked)
        return None

    def _crowd(self, tx: Tx, chat: Chat, head: QueuedNotice, now: datetime) -> list[QueuedNotice]:
        """The notices behind the head that may share its message.

        None while the chat lets them through one by one, unless they are many and nobody replies to them.
        """
        rates, told = chat.capabilities_of(head.chat_id).rates, coalescing.only_read(head.key)
        if not (rates or told) or not _shares(head):
            return []
        waiting = outbox.behind(tx, head, now, coalescing.MOST_TOGETHER - 1)
        window = self._traffic_of(head.platform).window(head.chat_id)
        crowd = list(itertools.takewhile(_shares, waiting))
        if rates and window.earliest(rates, now, len(waiting) + 1) - now > coalescing.PATIENCE:
            return crowd
        read = list(itertools.takewhile(lambda notice: coalescing.only_read(notice.key), crowd)) if told else []
        return read if len(read) >= coalescing.FEW else []


def _shares(notice: QueuedNotice) -> bool:
    """Whether a notice may stand in one message with others: a line that only tells, and surely reached nobody yet.

    One that was refused in a message of several has lost its frozen words, and is tried alone.
    """
    tried = notice.unknowns or (notice.attempts and notice.text is None)
    alone = notice.buttons or notice.draft_id or notice.holds or notice.expires is not None or tried
    alone = alone or showing.has_picture(notice)
    return notice.action == "send" and not alone and coalescing.may_share(notice.key)


def _link(chat: Chat, notice: QueuedNotice) -> str:
    """Where people find the message that the bot could not delete; '' for other calls and where a chat has no links."""
    return chat.link(notice.chat_id, notice.target) if notice.action == "delete" and isinstance(chat, Linking) else ""


def _refuse_too_old(chat: Chat, notice: QueuedNotice, now: datetime) -> None:
    """Raises ChatError for the deletion of a message that is older than its platform lets a bot delete."""
    sent_at, longest = notice.params.get("sent_at"), chat.capabilities_of(notice.chat_id).deletes_for
    if sent_at is not None and longest is not None and now - instant(sent_at) > longest:
        raise ChatError("refused", detail="it is older than what the platform lets a bot delete")
