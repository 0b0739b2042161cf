"""Free text on its way to the mirrors: made safe, shown to its coordinator as it would stand there, then published.

Only departments that the pack marks open publish words. Silence for the pack's working hours publishes; a reply NO
keeps the words back, YES publishes at once, and any other reply is what shall stand there instead, shown once more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from groupbot import mirroring, piloting
from groupbot.jurisdiction import Jurisdiction
from groupbot.moment import Moment
from groupbot.protocol import Clock
from groupbot.records import Group, Notice, ServiceRequest, micros
from groupbot.rules import publication, references, worktime
from groupbot.rules.public_text import publishable
from groupbot.rules.readings import may_be_private
from groupbot.rules.replies import read_reply
from groupbot.store import contacts, history, hot, inbox, log_read, people, publications, requests, service_log
from groupbot.store.database import Tx
from groupbot.store.people import Roster
from groupbot.store.publications import Publication, PublishedKind
from groupbot.store.service_log import LogEntry

GATHER = timedelta(minutes=10)  # ours: one private line for a burst of posts, not one for each
TELLING = {"opened": "problem", "amended": "problem", "details": "problem", "answered": "answer"}
LONGEST_DECISION = 3  # words: a longer reply is a text


class Previews:
    """A ticker: gathers new texts from the log, shows them, and publishes those that nobody kept back."""

    def __init__(self, jurisdiction: Jurisdiction) -> None:
        self.jurisdiction = jurisdiction

    def next_due(self, tx: Tx, now: datetime) -> datetime | None:
        """When something is to be shown or published (aware UTC, perhaps past); None while nothing waits."""
        dues = (publications.next_due(tx), self._next_gathering(tx))
        return min((due for due in dues if due is not None), default=None)

    def _next_gathering(self, tx: Tx) -> datetime | None:
        """In working time only: nobody is shown a text at night."""
        after = _seen(tx, self.jurisdiction)
        first = log_read.first_of(tx, self.jurisdiction.id, tuple(TELLING), after)
        return None if first is None else worktime.next_open(first + GATHER, self.jurisdiction.calendar)

    def run(self, tx: Tx, now: datetime) -> None:
        """Publish what is due, and show what has gathered."""
        here = Here(tx, self.jurisdiction, people.load_roster(tx, self.jurisdiction.id), now)
        for waiting in publications.due(tx, now):
            until = _window(here, waiting.at or now)
            if until > now:  # its working hours became a holiday
                publications.put_off(tx, waiting.id, until)
            else:
                publish(here, waiting, None)
        gathering = self._next_gathering(tx)
        if gathering is not None and gathering <= now:
            _gather(here)


@dataclass(frozen=True, slots=True)
class Here:
    """Where a text is published: the transaction, whose roster and mirrors, and when (aware UTC)."""

    tx: Tx
    jurisdiction: Jurisdiction
    roster: Roster
    now: datetime


def _seen(tx: Tx, jurisdiction: Jurisdiction) -> int:
    return int(inbox.get_state(tx, f"previews:{jurisdiction.id}") or 0)


def _gather(here: Here) -> None:
    """Make the texts safe that were said since the last time, and show each officer theirs in one message."""
    after = _seen(here.tx, here.jurisdiction)
    wanted: dict[tuple[int, PublishedKind], None] = {}
    for entry_type, request_id in log_read.since(here.tx, here.jurisdiction.id, after):
        if entry_type in TELLING and request_id is not None:
            wanted[request_id, TELLING[entry_type]] = None  # type: ignore[index]
    inbox.set_state(here.tx, f"previews:{here.jurisdiction.id}", str(log_read.size(here.tx, here.jurisdiction.id)))
    shown: dict[Group, list[Publication]] = {}
    for request_id, kind in wanted:
        request = requests.by_id(here.tx, request_id)
        if not _stands(request, kind):
            continue
        text = safe_text(here, request, request.description if kind == "problem" else request.status_notes)
        reader = _reader(here, request)
        if text is not None and reader is not None:
            shown.setdefault(reader, []).append(Publication(0, request_id, kind, text, "preview", None, ""))
    for reader, texts in shown.items():
        _show(here, reader, texts)


def safe_text(here: Here, request: ServiceRequest, text: str) -> str | None:
    """A text of a request as it may be published; None when it may not be, or nothing safe would be left."""
    if not _may_publish(here, request) or may_be_private(text, here.jurisdiction.vocabulary):
        return None
    known = [person.name for person in here.roster.everyone(here.now)]
    for case in (request.id, *history.twins(here.tx, request.id)):  # one answer may be for both, and name either's
        known += contacts.names_of_case(here.tx, case)
    country = here.jurisdiction.protocol.file.pack.country
    return publishable(text, country, known, here.jurisdiction.name_lore)


def _may_publish(here: Here, request: ServiceRequest) -> bool:
    jurisdiction = here.jurisdiction
    if piloting.mode_of(here.roster.stages, request, here.now) != "full":
        return False
    department = jurisdiction.protocol.departments.get(request.service_code)
    is_open = department is not None and department.mirror_text
    matter = [request, *(requests.by_id(here.tx, twin) for twin in history.twins(here.tx, request.id))]
    hidden = any(jurisdiction.hides(one) for one in matter)  # twins share answers: what protects one protects all
    return publication.text_shown(request, department_open=is_open, hide_ward=hidden)


def _stands(request: ServiceRequest, kind: PublishedKind) -> bool:
    """Whether what a text says still holds.

    An answer that the citizen refused, or that was taken back, does not, nor the need of a request that was withdrawn.
    """
    return request.outcome != "withdrawn" if kind == "problem" else request.state in ("answered", "closed")


def _reader(here: Here, request: ServiceRequest) -> Group | None:
    """The private chat of who answers for the request now; where nobody can be written to, communications' group."""
    officers = [here.roster.by_id(request.officer_id, here.now)]
    officers += here.roster.holders("coordinator", here.now, request.service_code)
    officers += here.roster.holders("director", here.now, request.service_code)
    chats = (here.roster.private_chat(officer.id) for officer in officers if officer is not None)
    found = next((chat for chat in chats if chat is not None), None)
    return found or next(here.roster.groups("communications"), None)


def _show(here: Here, reader: Group, texts: Iterable[Publication]) -> None:
    """Show an officer what would be published and when; the window begins now."""
    until = _window(here, here.now)
    rows = [replace(one, preview_until=until) for one in texts]
    key = f"preview|{reader.platform}|{reader.chat_id}|{publications.newest(here.tx)}"
    person = here.roster.by_id(reader.person_id, here.now)
    language = (person.language if person else reader.language) or here.jurisdiction.language
    items = []
    for row in rows:
        publications.propose(here.tx, replace(row, preview_key=key), here.now)
        request = requests.by_id(here.tx, row.request_id)
        said = {"ref": request.service_request_id, "text": row.text}
        items.append(here.jurisdiction.catalogue.text(f"published_{row.kind}", language, said, here.now))
    notice = Notice(
        reader.platform,
        reader.chat_id,
        "send",
        key,
        key="preview",
        params={"items": items, "until": micros(until)},
        language=language,
    )
    hot.queue(here.tx, [notice], here.now)


def _window(here: Here, shown_at: datetime) -> datetime:
    """Until when an officer may object to a text that was shown at that time (aware UTC)."""
    mirror = here.jurisdiction.protocol.file.mirror
    window = Clock(value=mirror.preview_working_hours, unit="working_hours", basis=mirror.basis)
    return worktime.add(shown_at, window, here.jurisdiction.calendar)


def publish(here: Here, waiting: Publication, person_id: int | None) -> bool:
    """Put a text into the mirrors and into the public log, unless its request may show no words any more."""
    request = requests.by_id(here.tx, waiting.request_id)
    if not _may_publish(here, request) or not _stands(request, waiting.kind):
        publications.decide(here.tx, waiting.id, "withheld", person_id, here.now)
        return False
    publications.decide(here.tx, waiting.id, "published", person_id, here.now)
    params = {"ref": request.service_request_id, "text": waiting.text}
    notices = [
        Notice(
            group.platform,
            group.chat_id,
            "send",
            f"published|{waiting.id}|{group.platform}|{group.chat_id}",
            key=f"published_{waiting.kind}",
            params=params,
            language=group.language or here.jurisdiction.language,
            request_ids=(request.id,),
        )
        for group in mirroring.mirrors(here.roster, request.service_code)
    ]
    hot.queue(here.tx, notices, here.now)
    entry = LogEntry(
        at=here.now,
        type="published",
        ref=request.service_request_id,
        service_code=request.service_code,
        ward=request.ward,
        role="coordinator" if person_id else "",
        state=request.state,
        outcome=request.outcome,
        pack_version=request.pack_version,
        request_id=request.id,
        actor_id=person_id,
        public_text=waiting.text,
    )
    service_log.append(here.tx, here.jurisdiction.id, entry, here.jurisdiction.salt)
    return True


# --- the officer's word on it -----------------------------------------------------------------------------------------


def take_reply(moment: Moment) -> bool:
    """A reply to a preview: keep back, publish, or another wording; False when the line replied to is no preview."""
    update = moment.update
    if update.reply_to is None or moment.group.kind not in ("private", "communications") or moment.person is None:
        return False
    shown = publications.shown_in(moment.tx, update.platform, update.chat_id, update.reply_to)
    if not shown:
        return False
    found = references.find(update.text, moment.jurisdiction.prefixes)
    text = update.text
    if found and found[0].valid and not text[: found[0].start].strip(" \t*_"):
        named = requests.by_reference(moment.tx, moment.jurisdiction.id, found[0].text)
        shown = [one for one in shown if named is not None and one.request_id == named.id]
        text = text[found[0].end :].strip(" \t\n:,.-")
    about = {one.request_id for one in shown}
    if len(about) > 1:
        refs = [requests.by_id(moment.tx, pk).service_request_id for pk in sorted(about)]
        moment.say("which_reference", {"refs": refs})
    elif shown:
        _decide(moment, shown, text.strip())
    return True


def _decide(moment: Moment, shown: list[Publication], text: str) -> None:
    meaning = read_reply(text, moment.jurisdiction.reply_vocabulary, asked=True).meaning
    brief = len(text.split()) <= LONGEST_DECISION
    person_id = moment.person.id if moment.person else None
    if brief and meaning in ("yes", "not_yet"):
        here = Here(moment.tx, moment.jurisdiction, moment.roster, moment.now)
        published = False
        for one in shown:
            if meaning == "yes":
                published = publish(here, one, person_id) or published
            else:
                publications.decide(moment.tx, one.id, "withheld", person_id, moment.now)
        ref = requests.by_id(moment.tx, shown[0].request_id).service_request_id
        moment.say("preview_published" if published else "preview_withheld", {"ref": ref})
    elif text:
        _reword(moment, shown[-1], text)


def _reword(moment: Moment, shown: Publication, text: str) -> None:
    """The officer's own wording is made safe like any other, and shown again for the same time."""
    here = Here(moment.tx, moment.jurisdiction, moment.roster, moment.now)
    request = requests.by_id(moment.tx, shown.request_id)
    safe = safe_text(here, request, text)
    if safe is None:
        moment.say("preview_unsafe", {"ref": request.service_request_id})
    else:
        _show(here, moment.group, [replace(shown, text=safe)])
