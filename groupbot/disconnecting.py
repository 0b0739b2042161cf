"""A mirror ends on two people's word: one asks, its readers are told first, another agrees; both are on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from groupbot.delivery.wording import LIVE
from groupbot.enrolling import STEWARDS
from groupbot.moment import Moment
from groupbot.records import Button, Group, Person, micros
from groupbot.store import chats, offers
from groupbot.store.database import Tx
from groupbot.store.offers import Offer
from groupbot.store.outbox import QueuedNotice

Asked = Literal["asked", "again", "alone", "nowhere"]


def mirrors(moment: Moment) -> list[Group]:
    """All mirrors, oldest first."""
    return sorted(moment.roster.groups("mirror"), key=lambda one: one.chat_pk)


def name(moment: Moment, mirror: Group, language: str) -> str:
    """What people call a mirror: its title, where one is known, and what it shows."""
    params = {"shows": f"department.{mirror.service_code}"} if mirror.service_code else {}
    shown = moment.jurisdiction.catalogue.text("mirror_name", language, params, moment.now)
    return f"{mirror.title}, {shown}" if mirror.title else shown


def _which(moment: Moment, mirror: Group, office: Group) -> dict[str, object]:
    """Its name for an office's line, where there are others; else nothing."""
    language = office.language or moment.jurisdiction.language
    return {"mirror": name(moment, mirror, language)} if len(mirrors(moment)) > 1 else {}


def ask(moment: Moment, mirror: Group, by: Person, reason: str) -> Asked:
    """Announce in the mirror that `by` wants it to end, and ask communications for a second person's YES.

    Nothing else happens before it. "again": they have asked, and it still waits for another's YES; "alone": there is
    nobody else who could agree; "nowhere": no group to ask in.
    """
    offices = list(moment.roster.groups("communications"))
    if not any(one.id != by.id for role in STEWARDS for one in moment.roster.holders(role, moment.now)):
        return "alone"
    if not offices:
        return "nowhere"
    if any(_is_same(made, mirror, by) for made in offers.open_ones(moment.tx, "disconnect", moment.now)):
        return "again"
    said: dict[str, object] = {"who": by.called, "reason": reason}
    moment.tell(mirror, "mirror_ending", said)
    until = moment.now + timedelta(hours=moment.jurisdiction.protocol.file.limits.undo_hours)
    moment.tell(mirror, "mirror_goes_on", {"who": by.called}, not_before=until, holds=LIVE)
    for office in offices:
        token = moment.jurisdiction.salt().hex()
        params = {"platform": mirror.platform, "chat_id": mirror.chat_id, "by": by.id, "who": by.called}
        place = (office.platform, office.chat_id)
        made = Offer(0, token, "disconnect", params | {"reason": reason}, None, None, None, *place)
        offers.add(moment.tx, made, moment.now, until)
        line = said | _which(moment, mirror, office) | {"until": micros(until)}
        moment.tell(office, "disconnect_asked", line, buttons=(Button("button_yes", token),))
    _log(moment, "mirror_ending", mirror, by, reason)
    return "asked"


def _is_same(made: Offer, mirror: Group, by: Person) -> bool:
    return _is_about(made, mirror.platform, mirror.chat_id) and made.params["by"] == by.id


def _is_about(made: Offer, platform: str, chat_id: str) -> bool:
    return (made.params["platform"], made.params["chat_id"]) == (platform, chat_id)


def goes_on(tx: Tx, notice: QueuedNotice, now: datetime) -> Mapping[str, object] | None:
    """What its readers hear when nobody agreed in time; None while another's wish still waits for a second word."""
    waiting = offers.open_ones(tx, "disconnect", now)
    return None if any(_is_about(made, notice.platform, notice.chat_id) for made in waiting) else notice.params


def is_for(moment: Moment, made: Offer) -> bool:
    """Whether the sender can be the second one: a steward, and not who asked."""
    person = moment.person
    return person is not None and any(map(person.holds, STEWARDS)) and person.id != int(made.params["by"])


def take(moment: Moment, made: Offer) -> None:
    """The second person agrees: the mirror hears it as its last line, and nothing more is written there."""
    given, person = made.params, moment.person
    mirror = moment.roster.group(str(given["platform"]), str(given["chat_id"]))
    if person is None or mirror is None or mirror.kind != "mirror":
        moment.say("disconnect_gone", {})
        return
    chats.let_go(moment.tx, moment.jurisdiction.id, (mirror.platform, mirror.chat_id), moment.now)
    said = {"who": given["who"], "second": person.called, "reason": given["reason"]}
    moment.tell(mirror, "mirror_ended", said)
    for office in moment.roster.groups("communications"):
        moment.tell(office, "disconnected", said | _which(moment, mirror, office))
    _log(moment, "mirror_ended", mirror, person, str(given["reason"]))


def _log(moment: Moment, entry: str, mirror: Group, by: Person, reason: str) -> None:
    role = next(role for role in STEWARDS if by.holds(role))
    moment.record(entry, role, reason, service_code=mirror.service_code or "", actor_id=by.id)
