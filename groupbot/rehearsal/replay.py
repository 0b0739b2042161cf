"""A transcript through the real bot on a virtual clock, and all that was said, by people and by the bot, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from groupbot.app import App
from groupbot.chat.sandbox import BOT, FULL, PLAIN, Room, Sandbox, SandboxChat, SandboxMessage
from groupbot.chat.sandbox_record import Event
from groupbot.clock import VirtualClock
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Attachment, instant
from groupbot.rehearsal import casting, stage
from groupbot.rehearsal.stage import PLATFORM
from groupbot.rehearsal.transcript import Line, TranscriptError
from groupbot.store import offers
from groupbot.store.database import Store

LINGER = timedelta(hours=1)  # how long the clock runs on after the last line


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as it stood at the end; what the bot said to somebody alone as it was said, each edit a line more.

    `at` is aware UTC; `reaction` is the bot's own, '' for none.
    """

    id: str
    at: datetime
    group: str
    sender: str
    text: str
    reply_to: str | None
    edits: tuple[str, ...] = ()
    reaction: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True)
class Options:
    """How to replay: until when (aware UTC; None is an hour after the last line), with taps, in the plain profile."""

    until: datetime | None = None
    taps: bool = True
    plain: bool = False


class Replay:
    """One replay. Raises TranscriptError for an empty transcript, or one that names what the pack does not have."""

    def __init__(self, jurisdiction: Jurisdiction, lines: Sequence[Line], options: Options) -> None:
        if not lines:
            raise TranscriptError("the transcript has no lines")
        self.jurisdiction = Jurisdiction(jurisdiction.protocol, stage.same_salts())
        self.lines = lines
        self.options = options
        self._clock = VirtualClock(self.lines[0].at)
        self._sandbox = Sandbox()
        capabilities = PLAIN if self.options.plain else FULL
        self._chat = SandboxChat(self._sandbox, self._clock, capabilities)
        self._players, self._places = casting.cast(self.lines, self.jurisdiction)
        self._said: dict[tuple[str, datetime], str] = {}
        self._looked_at: set[tuple[str, str]] = set()
        self._watch = self._sandbox.subscribe()
        self._events: list[Event] = []

    async def run(self) -> list[Heard]:
        """Play all lines and let the clock run on to the end; what was heard, in order."""
        store = Store("sqlite://")
        app = App(self.jurisdiction, store, {PLATFORM: self._chat}, self._clock)
        stage.set_up(self._sandbox, self._players, self._places)
        present = self._clock()
        await app.start(lambda tx: stage.enrol(tx, self.jurisdiction, (self._players, self._places), present))
        try:
            for line in self._lines_in_time():
                await app.advance(self._clock, line.at)
                self._speak(line)
                await app.step()
                await self._take_offers(app)
                self._note_events()
            await app.advance(self._clock, self.options.until or self.lines[-1].at + LINGER)
            self._note_events()
            return self._heard()
        finally:
            await app.close()

    def _speak(self, line: Line) -> None:
        chat_id = self._chat_of(line)
        user_id = next(player.user_id for player in self._players if player.name == line.name)
        if line.edits is not None:
            self._sandbox.edit(chat_id, user_id, self._earlier(line, line.edits), line.text, line.at)
            return
        photo = (Attachment("photo", f"photo-{line.number}"),) if line.photo else ()
        pin = (Attachment("location", "geo:0.000000,0.000000"),) if line.pin else ()
        reply_to = None if line.reply_to is None else self._earlier(line, line.reply_to)
        message_id = self._sandbox.post(
            chat_id,
            user_id,
            line.text,
            at=line.at,
            reply_to=reply_to,
            forwarded=line.forwarded,
            attachments=photo + pin,
        )
        self._said[(chat_id, line.at)] = message_id

    def _lines_in_time(self) -> list[Line]:
        until = self.options.until
        return [line for line in self.lines if until is None or line.at <= until]

    def _note_events(self) -> None:
        while not self._watch.empty():
            event = self._watch.get_nowait()
            edits_alone = event["do"] == "bot_edit" and self._sandbox.room(event["chat_id"]).private
            if event["do"] in ("post", "say", "tap") or edits_alone:
                self._events.append(event)

    def _chat_of(self, line: Line) -> str:
        return next(place.chat_id for place in self._places if place.title == line.group)

    def _earlier(self, line: Line, at: datetime) -> str:
        found = self._said.get((self._chat_of(line), at))
        if found is None:
            raise TranscriptError(f"line {line.number}: nobody said anything in '{line.group}' at the time it names")
        return found

    async def _take_offers(self, app: App) -> None:
        """Let the person to whom an offer was made take it at once: a tap, or in a plain chat a YES."""
        if not self.options.taps:
            return
        for room in self._sandbox.chats():
            for message in list(room.messages.values()):
                if message.sender_id == BOT and (room.chat_id, message.id) not in self._looked_at:
                    self._looked_at.add((room.chat_id, message.id))
                    await self._take_offer(app, room.chat_id, message)

    async def _take_offer(self, app: App, chat_id: str, message: SandboxMessage) -> None:
        place = (PLATFORM, chat_id, message.id)
        user_id = await app.worker.run(lambda: app.store.read(lambda tx: offers.offered_to(tx, place)))
        if user_id is None:
            return
        present = self._clock()
        if message.buttons:
            self._sandbox.tap(chat_id, user_id, message.id, message.buttons[0][1], present)
        else:
            yes = self.jurisdiction.catalogue.text("button_yes", self.jurisdiction.language, {}, present)
            self._sandbox.post(chat_id, user_id, yes, at=present, reply_to=message.id)
        await app.step()

    def _heard(self) -> list[Heard]:
        """All that was said, in the order in which it was said."""
        heard, edits = list[Heard](), Counter[str]()
        for event in self._events:
            room = self._sandbox.room(event["chat_id"])
            message = room.messages[event["message_id"]]
            if event["do"] == "tap":
                heard.append(self._tapped(event, room, message))
            elif event["do"] == "bot_edit":
                one = _said(room, message)
                edits[one.id] += 1
                heard.append(_edited(one, event, message, edits[one.id]))
            else:
                heard.append(_said(room, message))
        return heard

    def _tapped(self, event: Event, room: Room, message: SandboxMessage) -> Heard:
        """A tap, as the reply that it stands for."""
        label = next((label for label, token in message.buttons if token == event["token"]), "")
        name = self._sandbox.person(event["user_id"]).name
        target = f"{room.chat_id}/{message.id}"
        return Heard(f"{target}/tap", instant(event["at"]), room.title, name, label, target, private=room.private)


def _edited(one: Heard, event: Event, message: SandboxMessage, number: int) -> Heard:
    """What the bot made of a line in a private chat, when it did: nobody is rung for it, but it shows what was said."""
    before = message.old_texts[number - 1]
    return replace(
        one,
        id=f"{one.id}/edit/{number}",
        at=instant(event["at"]),
        text=f"[edited] {event['text']}",
        reply_to=one.id,
        edits=(before,),
        reaction="",
    )


def _said(room: Room, message: SandboxMessage) -> Heard:
    if room.private and message.sender_id == BOT and message.old_texts:
        # as it was heard: what became of it has lines of its own
        message = replace(message, text=message.old_texts[0], old_texts=[])
    text = message.text or " ".join(f"[{item.kind}]" for item in message.attachments)
    return Heard(
        id=f"{room.chat_id}/{message.id}",
        at=message.at,
        group=room.title,
        sender=BOT if message.sender_id == BOT else message.sender_name,
        text=f"[forwarded] {text}" if message.forwarded else text,
        reply_to=f"{room.chat_id}/{message.reply_to}" if message.reply_to else None,
        edits=tuple(message.old_texts),
        reaction=message.reactions.get(BOT, ""),
        private=room.private,
    )
