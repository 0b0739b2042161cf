"""One update in hand, or the clock's own turn: the transaction, who sent it, where, and what its handling may say.

It is passed from room to room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from groupbot import piloting
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import ALONE, Button, Group, Notice, NoticeAction, Person, ServiceRequest, Update, micros
from groupbot.store import chats, hot, outbox, people, service_log
from groupbot.store.database import Tx
from groupbot.store.people import Roster
from groupbot.store.service_log import LogEntry

ASK_IN = (Button("button_alone", ALONE),)  # opens the private chat of whoever taps it
WAITS = timedelta(days=7)


@dataclass(slots=True)
class Moment:
    """An update being handled. `now` is when it is handled, `update.sent_at` when it was said (both aware UTC).

    Notices are gathered and queued together at the end, in the same transaction.
    """

    tx: Tx
    jurisdiction: Jurisdiction
    roster: Roster
    update: Update
    inbox_id: int
    group: Group
    person: Person | None
    now: datetime
    parse: Callable[[str], Update]  # the platform's reading of a raw update
    loose_files: bool = True  # whether the sender may have sent files that belong to no request yet
    told: set[str] = field(default_factory=set)  # dedup_keys of notices that need not be made again
    released_at: datetime | None = None  # when a stranger's post was let through, its sender being registered
    notices: list[Notice] = field(default_factory=list)

    @property
    def language(self) -> str:
        """The language in which to answer when the post itself shows none."""
        person = self.person.language if self.person else ""
        return self.group.language or person or self.jurisdiction.language

    @property
    def stamp(self) -> str:
        """What the dedup_keys of all that comes of this update begin with: it is written in one page of their index."""
        update = self.update
        return f"{update.platform}|{update.chat_id}|{update.message_id}|{update.revision}"

    def say(self, key: str, params: Mapping[str, object], **more: object) -> None:
        """Queue a line in the chat of the update, as a reply to it."""
        more.setdefault("reply_to", self.update.message_id)
        self.queue("send", (self.update.platform, self.update.chat_id), key, params=params, **more)

    def say_of(self, request: ServiceRequest, key: str, params: Mapping[str, object], **more: object) -> None:
        """Queue a line that a request's department is to hear: in its group, wherever it was said.

        Who said it elsewhere is shown the line, or in another group gets a receipt. A confidential request has no
        group: who said it hears the line alone, and so does who is asked something.
        """
        if request.route == "private":
            self._say_in_confidence(request, key, params, more.get("asks"))
        elif not self.tell_department(request, key, params, **more):
            self.say(key, params, **_about(request, more))
        elif self.update.chat_id == self.group.chat_id and not self.is_with(request):
            self.show(request, key, params)

    def is_with(self, request: ServiceRequest) -> bool:
        """Whether something is said in the group of a request's department, where its people hear it."""
        return self.group.kind == "department" and self.group.service_code == request.service_code

    def tell_department(self, request: ServiceRequest, key: str, params: Mapping[str, object], **more: object) -> bool:
        """Queue a line in the groups of a request's department, below what was said or its post; False without any."""
        below = {(self.update.platform, self.update.chat_id): self.update.message_id}
        below.setdefault((request.platform, request.chat_id), request.message_id)
        places = [(group.platform, group.chat_id) for group in self.roster.groups("department", request.service_code)]
        for place in places:
            said = {**_about(request, more), "params": params, "reply_to": below.get(place)}
            self.queue("send", place, key, **said)
        return bool(places)

    def show(self, request: ServiceRequest, key: str, params: Mapping[str, object]) -> None:
        """Show whoever has said something elsewhere the line that a request's department hears of it.

        In a group that is neither the department's nor staff's it is only received.
        """
        if self.group.kind not in ("private", "communications"):
            self.receipt("receipt_noted")
            return
        line = self.jurisdiction.catalogue.text(key, request.language, params, self.now)
        said = {"department": f"department.{request.service_code}", "text": line}
        self.say("said_in", said, **_about(request, {}))

    def _say_in_confidence(
        self, request: ServiceRequest, key: str, params: Mapping[str, object], asked: object
    ) -> None:
        told = [one for one in (self.person, asked) if isinstance(one, Person)]
        for person in {one.id: one for one in told}.values():
            self.say_alone(person, key, params=params, **_about(request, {}))

    def tell(self, group: Group, key: str, params: Mapping[str, object], **more: object) -> None:
        """Queue a line in a group of the roster, in that group's language."""
        more.setdefault("language", group.language or self.jurisdiction.language)
        self.queue("send", (group.platform, group.chat_id), key, params=params, **more)

    def receipt(self, key: str) -> None:
        """Queue a reaction on the update, once: a receipt that costs nobody attention."""
        chat = (self.update.platform, self.update.chat_id)
        target = self.update.message_id
        if any((one.action, one.key, one.target) == ("react", key, target) for one in self.notices):
            return
        self.queue("react", chat, key, target=self.update.message_id)

    def receipt_of(self, request: ServiceRequest, key: str) -> None:
        """As `receipt`; for what was said outside of the request's group its post there gets the reaction as well."""
        self.receipt(key)
        chat = self.roster.group(request.platform, request.chat_id)
        posted_there = chat is not None and chat.service_code == request.service_code
        if posted_there and request.route == "public" and not self.is_with(request):
            place = (request.platform, request.chat_id)
            self.queue("react", place, key, target=request.message_id, request_ids=(request.id,))

    def queue(self, action: NoticeAction, chat: tuple[str, str], key: str, **more: object) -> None:
        """Queue a notice for any chat (platform, chat id); unless one is given, its dedup_key is this update's turn.

        `asks` are the people (or one of them, or None) whom it asks something: they alone are mentioned by their ids.
        """
        if asked := self._ids(more.pop("asks", None), chat[0]):
            more["params"] = {**more.get("params", {}), "mentions": asked}  # type: ignore[dict-item]
        if "language" not in more:
            more["language"] = self.language
        if "dedup_key" not in more:
            more["dedup_key"] = f"{self.stamp}|{key}|{chat[0]}|{chat[1]}|{len(self.notices)}"
        self.notices.append(Notice(*chat, action, key=key, **more))  # type: ignore[arg-type]

    def tells_first(self, dedup_key: str) -> bool:
        """Whether a notice that is told only once must still be made; from the commit on it is known to be.

        The outbox drops a second one in any case. This saves making it, which for some costs as much as the post.
        """
        if dedup_key in self.told:
            return False
        self.tx.after_commit(lambda: self.told.add(dedup_key))
        return True

    def tell_alone(self, person: Person, key: str, params: Mapping[str, object], once: str) -> bool:
        """Queue a line to a person alone, in their language, once for that key; False where that cannot be."""
        chat = self.roster.private_chat(person.id)
        if chat is None:
            return False
        language = person.language or self.jurisdiction.language
        self.queue("send", (chat.platform, chat.chat_id), key, params=params, language=language, dedup_key=once)
        return True

    def say_alone(self, person: Person, key: str, **more: object) -> bool:
        """Queue a line to a person alone. Where they have no private chat it waits until they open one: then False.

        It waits for a week at most. In its group they should be told, with `ASK_IN`.
        """
        chat = self.roster.private_chat(person.id)
        if chat is not None:
            self.queue("send", (chat.platform, chat.chat_id), key, **more)
            return True
        more.setdefault("expires", self.now + WAITS)
        self.queue("send", (outbox.PERSON, str(person.id)), key, **more)
        return False

    def _ids(self, asked: object, platform: str) -> list[str]:
        """The user ids of people on a platform."""
        people = [asked] if isinstance(asked, Person) else asked if isinstance(asked, Sequence) else []
        known = [person for person in people if isinstance(person, Person)]
        return [own for person in known for name, own in self.roster.identities(person.id) if name == platform]

    def ask_for_coordinator(self, request: ServiceRequest) -> None:
        """Tell communications, once a day for each department, that nobody there answers for it."""
        day = self.now.astimezone(self.jurisdiction.zone).date().isoformat()
        params = {"ref": request.service_request_id, "department": f"department.{request.service_code}"}
        for group in self.roster.groups("communications"):
            once = f"unattended|{group.platform}|{group.chat_id}|{request.service_code}|{day}"
            self.tell(group, "unattended", params, dedup_key=once, request_ids=(request.id,))

    def ask_for_integrity_officer(self) -> None:
        """Tell communications, once a day, that nobody is there to see confidential reports; nothing of the report."""
        day = self.now.astimezone(self.jurisdiction.zone).date().isoformat()
        for group in self.roster.groups("communications"):
            self.tell(group, "no_integrity", {}, dedup_key=f"no_integrity|{group.platform}|{group.chat_id}|{day}")

    def finish(self) -> None:
        """Write the gathered notices to the outbox: what the people concerned are told, the mirrors, then the slips."""
        mirrors = {(group.platform, group.chat_id) for group in self.roster.groups("mirror")}
        ordered = sorted(
            self.notices,
            key=lambda notice: (notice.key.startswith("sms_"), (notice.platform, notice.chat_id) in mirrors),
        )
        hot.queue(self.tx, ordered, self.now)
        if any(notice.platform == outbox.PERSON for notice in ordered):
            outbox.keep_back(self.tx)
        if any(self.roster.group(notice.platform, notice.chat_id) is None for notice in ordered):
            chats.keep_waiting(self.tx)
        if self.roster.stages:
            outbox.hush(self.tx, piloting.hushed(self, ordered))

    def record(self, entry: str, role: str, private_text: str, **more: object) -> None:
        """Append an act about no request to the public log, as done by this person in that role; why stays private."""
        more.setdefault("actor_id", self.person.id if self.person else None)
        logged = LogEntry(
            self.now,
            entry,
            role=role,
            pack_version=self.jurisdiction.protocol.version,
            inbox_id=self.inbox_id,
            private_text=private_text,
            **more,  # type: ignore[arg-type]
        )
        service_log.append(self.tx, self.jurisdiction.id, logged, self.jurisdiction.salt)

    def about(self, request: ServiceRequest) -> Moment:
        """The same moment, in which something is said about a request of itself: in its group, below its post."""
        said = replace(
            self.update,
            platform=request.platform,
            chat_id=request.chat_id,
            message_id=request.message_id,
            revision=f"clock {request.version}",
        )
        return replace(self, update=said)

    def officers(self, service_code: str) -> Sequence[Person]:
        """Who answers for a department now: its coordinators, or its directors where it has none."""
        for role in ("coordinator", "director"):
            people = self.roster.holders(role, self.now, service_code)
            if people:
                return people
        return ()


def _about(request: ServiceRequest, more: Mapping[str, object]) -> dict[str, Any]:
    """What a line about a request has unless something else is given: its language, and what a reply is about."""
    return {"language": request.language, "request_ids": (request.id,), **more}


def of_clock(tx: Tx, jurisdiction: Jurisdiction, now: datetime, roster: Roster | None = None) -> Moment:
    """A moment in which nobody has said anything: time has come (`now`, aware UTC) for something that was agreed.

    The roster is read unless the one that holds now is given.
    """
    update = Update("clock", "", str(micros(now)), "other", "", now)
    group = Group(0, "clock", "", "private", "")
    roster = roster or people.load_roster(tx, jurisdiction.id)
    return Moment(tx, jurisdiction, roster, update, 0, group, None, now, lambda raw: update)
