"""The pinned card of a department's group: how to report, and each working morning how the department stands.

It is the line with which the bot greets a group that is connected, or the first one in a group that was bound on the
machine: pinned once, then edited in place, so that nobody is disturbed. A chat that has no pins or edits keeps the
greeting as it is, and gets none otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from groupbot import moment as moments
from groupbot.delivery.wording import CARD
from groupbot.jurisdiction import Jurisdiction
from groupbot.moment import Moment
from groupbot.records import Group, Notice, instant, micros
from groupbot.store import hot, inbox, rollcall
from groupbot.store.database import Tx
from groupbot.store.outbox import QueuedNotice

OF_CHAT = "card|"  # + platform|chat id: where the card of a chat is kept
DONE = "cards_done"  # when the cards were last written
SHOWN = ("coordinator", "director")


class Cards:
    """The ticker that writes the cards anew when a working day opens."""

    def __init__(self, jurisdiction: Jurisdiction) -> None:
        self.jurisdiction = jurisdiction

    def next_due(self, tx: Tx, now: datetime) -> datetime | None:
        """This morning, unless they are written; else the next one. None while no group has a card."""
        done = inbox.get_state(tx, DONE)
        if done is None:
            return None
        mornings = self.jurisdiction.pace.mornings
        latest = mornings.before(now + timedelta(microseconds=1))
        written = latest <= instant(int(done)) <= now  # one of a time to come was written by a wrong clock
        return mornings.after(now) if written else latest

    def run(self, tx: Tx, now: datetime) -> None:
        """Write every card as it stands now; one that cannot be edited is posted anew."""
        inbox.set_state(tx, DONE, str(micros(now)))
        moment = moments.of_clock(tx, self.jurisdiction, now)
        for name, kept in inbox.states(tx, OF_CHAT).items():
            platform, chat_id = json.loads(name.removeprefix(OF_CHAT))
            group = moment.roster.group(platform, chat_id)
            if group is not None and group.kind == "department":
                _write(moment, group, kept)
        moment.finish()


def begin(tx: Tx, jurisdiction: Jurisdiction, chats: Iterable[tuple[str, str]], now: datetime) -> None:
    """Post the card of these departments' chats (platform, chat id) that have none yet, without a greeting."""
    moment = moments.of_clock(tx, jurisdiction, now)
    for place in chats:
        group = moment.roster.group(*place)
        if group is None or group.kind != "department" or inbox.get_state(tx, _name(*place)) is not None:
            continue
        _keep(tx, place, "", now)
        _write(moment, group, "")
    moment.finish()


def _keep(tx: Tx, place: tuple[str, str], message_id: str, now: datetime) -> None:
    inbox.set_state(tx, _name(*place), message_id)
    if inbox.get_state(tx, DONE) is None:
        inbox.set_state(tx, DONE, str(micros(now)))


def _write(moment: Moment, group: Group, message_id: str) -> None:
    language = group.language or moment.jurisdiction.language
    closing = moment.now + timedelta(hours=12)
    moment.queue(
        "edit" if message_id else "send",
        (group.platform, group.chat_id),
        "card",
        params=_params(moment, group, language),
        language=language,
        target=message_id or None,
        expires=closing,
        holds=CARD,
        dedup_key=f"card|{group.platform}|{group.chat_id}|{micros(moment.now)}",
    )


def _params(moment: Moment, group: Group, language: str) -> dict[str, object]:
    county, code = moment.jurisdiction, group.service_code or ""
    stands = rollcall.of(moment.tx, county.id, code, moment.now)
    params: dict[str, object] = {
        "department": f"department.{code}",
        "day": micros(moment.now),
        "form": county.blank_form(language).splitlines()[1:],
        "open": stands.open,
        "unheard": stands.unheard,
        "late": stands.late,
        "asked": stands.asked,
        "officers": [_officers(moment, role, code, language) for role in SHOWN],
        "numbers": county.catalogue.emergency_numbers(language),
    }
    if stands.longest:
        params["refs"] = list(stands.longest)
    return params


def _officers(moment: Moment, role: str, code: str, language: str) -> str:
    people = [person.name for person in moment.roster.holders(role, moment.now, code)]
    params: dict[str, object] = {"role": f"role.{role}"} | ({"people": people} if people else {})
    return moment.jurisdiction.catalogue.text("card_officer", language, params, moment.now)


# --- what becomes of it in the chat -----------------------------------------------------------------------------------


def landed(tx: Tx, notice: QueuedNotice, message_id: str, at: datetime) -> None:
    """A message has arrived: the greeting of a department's group, or a card, is pinned and kept as its card."""
    greets = notice.key == "connected" and notice.params.get("kind") == "department"
    if not greets and (notice.key, notice.action) != ("card", "send"):
        return
    place = (notice.platform, notice.chat_id)
    _keep(tx, place, message_id, at)
    once = f"card_pin|{notice.platform}|{notice.chat_id}|{message_id}"
    hot.queue(tx, [Notice(*place, "pin", once, target=message_id, holds=CARD)], at)


def lost(tx: Tx, notice: QueuedNotice, now: datetime) -> bool:
    """A card cannot be edited: its message is gone, or not to be changed any more. A new one is posted, once.

    Returns whether the notice is a card's.
    """
    if (notice.key, notice.action) != ("card", "edit"):
        return False
    inbox.set_state(tx, _name(notice.platform, notice.chat_id), "")
    anew = Notice(
        notice.platform,
        notice.chat_id,
        "send",
        f"card_anew|{notice.id}",
        key="card",
        params=notice.params,
        language=notice.language,
        expires=None if notice.expires is None else instant(notice.expires),
        holds=CARD,
    )
    hot.queue(tx, [anew], now)
    return True


def _name(platform: str, chat_id: str) -> str:
    return OF_CHAT + json.dumps([platform, chat_id])
