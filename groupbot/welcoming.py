"""Somebody new is welcomed once, alone, in their language, with the form and the rules of the group.

A bot can write to nobody first. Where somebody has opened no private chat yet, the group is told who is new and where
the welcome waits: once for each, in one line for all who come about the same time, and in one such line a day at most,
for twenty others read it.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from groupbot import moment as moments
from groupbot.jurisdiction import Jurisdiction
from groupbot.moment import ASK_IN, Moment
from groupbot.records import Group, Person, instant, micros
from groupbot.rules import worktime
from groupbot.store import inbox, members
from groupbot.store.database import Tx

GATHERS = timedelta(minutes=10)
APART = timedelta(days=1)
NAMED = 5  # people in one line; of more it says how many


def arrive(moment: Moment, person: Person) -> None:
    """A person of the roster has come into a group: welcome them, or let the group's next line say where it waits."""
    if moment.roster.private_chat(person.id) is not None:
        _welcome(moment, person, moment.group)
        return
    greeted = inbox.get_state(moment.tx, f"greeted:{person.id}") is not None
    if moment.group.kind == "department" and not greeted:
        place = (moment.update.platform, moment.update.chat_id)
        members.greet(moment.tx, place, moment.update.sender_id, _next_line(moment))


def _next_line(moment: Moment) -> datetime:
    at = moment.now + GATHERS
    last = inbox.get_state(moment.tx, _last_line(moment.group))
    if last is not None:
        at = max(at, instant(int(last)) + APART)
    return worktime.next_open(at, moment.jurisdiction.calendar)


def _last_line(group: Group) -> str:
    return f"greeting:{json.dumps([group.platform, group.chat_id])}"


def meet(moment: Moment) -> bool:
    """The sender can be written to from now on: they are welcomed to the group that they came into last, if to any.

    Returns whether anything was said.
    """
    update = moment.update
    person = moment.roster.person(update.platform, update.sender_id, moment.now)
    if person is None:
        return False
    place = members.sits_in(moment.tx, person.id)
    group = None if place is None else moment.roster.group(*place)
    return group is not None and _welcome(moment, person, group)


def _welcome(moment: Moment, person: Person, group: Group) -> bool:
    """Say it once to each, however many groups they come into; False where it was said before."""
    if not members.welcome(moment.tx, person.id, moment.now):
        return False
    language = person.language or moment.jurisdiction.language
    params: dict[str, object] = {"person": person.called}
    if group.kind == "department":
        params |= {
            "department": f"department.{group.service_code}",
            "form": moment.jurisdiction.blank_form(language).splitlines()[1:],
            "numbers": moment.jurisdiction.catalogue.emergency_numbers(language),
        }
    key = "welcome" if group.kind == "department" else "welcome_mirror"
    return moment.tell_alone(person, key, params, f"welcome|{person.id}")


class Greetings:
    """The ticker of the lines that tell who is new and where the welcome waits for them."""

    def __init__(self, jurisdiction: Jurisdiction) -> None:
        self.jurisdiction = jurisdiction

    def next_due(self, tx: Tx, now: datetime) -> datetime | None:
        """When the next line is to be said."""
        return members.next_greeting(tx)

    def run(self, tx: Tx, now: datetime) -> None:
        """Say it in each group in which it is due, of those who have opened no private chat meanwhile."""
        moment = moments.of_clock(tx, self.jurisdiction, now)
        for place, users in members.to_greet(tx, now).items():
            group = moment.roster.group(*place)
            if group is not None and group.kind == "department":
                _greet(moment, group, users)
        moment.finish()


def _greet(moment: Moment, group: Group, users: list[str]) -> None:
    found = [moment.roster.person(group.platform, user, moment.now) for user in users]
    fresh = [one for one in found if one is not None and moment.roster.private_chat(one.id) is None]
    new = [one for one in fresh if inbox.get_state(moment.tx, f"greeted:{one.id}") is None]
    if not new:
        return
    for one in new:
        inbox.set_state(moment.tx, f"greeted:{one.id}", str(micros(moment.now)))
    inbox.set_state(moment.tx, _last_line(group), str(micros(moment.now)))
    params: dict[str, object] = {"people": [one.called for one in new]} if len(new) <= NAMED else {"new": len(new)}
    moment.tell(group, "welcome_here", params, buttons=ASK_IN, expires=moment.now + APART)
