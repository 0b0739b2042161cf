"""The guards' dry run: in a new group they only watch. Who decides is told before it ends what they would have done.

The pack says for how many days; `/guards until DAY` makes it longer or shorter for all groups that are bound by then.
A dry run of whose end nobody was told has not ended: no guard begins unannounced.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from groupbot import moment as moments
from groupbot.jurisdiction import Jurisdiction
from groupbot.moment import Moment
from groupbot.records import Group, instant, micros
from groupbot.store import inbox, members
from groupbot.store import moderation as acts
from groupbot.store.database import Tx
from groupbot.store.moderation import Found, ModerationAct
from groupbot.ticking import Hourly

GUARDED = ("department", "mirror")
MORNINGS = 2  # before the end: a whole working day to decide in
NAMED = 3  # people in one line of what was found
MOST_NAMED = 4  # groups in a line that is about all of them
DECIDERS = ("communications", "operator")


def in_dry_run(moment: Moment) -> bool:
    """Whether the guards of this group still only watch."""
    bound = acts.bound_at(moment.tx, moment.group.chat_pk)
    return bound is None or _watches(moment.tx, moment.jurisdiction, bound, moment.now)


def _watches(tx: Tx, jurisdiction: Jurisdiction, bound: datetime, now: datetime) -> bool:
    """Whether the guards of a group that was bound then only watch: until the end of which somebody was told."""
    end = _end(tx, jurisdiction, bound)
    return now < end or (end > bound and micros(end) > _told(tx, jurisdiction))


def _told(tx: Tx, jurisdiction: Jurisdiction) -> int:
    """The latest end of which somebody was told, in microseconds."""
    return int(inbox.get_state(tx, f"guards_told:{jurisdiction.id}") or 0)


def _end(tx: Tx, jurisdiction: Jurisdiction, bound: datetime) -> datetime:
    """When the guards of a group that was bound then begin."""
    kept = inbox.get_state(tx, f"guards_until:{jurisdiction.id}")
    if kept:
        decided, until = (instant(value) for value in json.loads(kept))
        if bound <= decided:
            return until
    end = bound + timedelta(days=jurisdiction.protocol.file.moderation.dry_run_days)
    late = json.loads(inbox.get_state(tx, f"guards_late:{jurisdiction.id}") or "[0, 0, 0]")
    return instant(late[2]) if late[0] < micros(end) <= late[1] else end


class Watches(Hourly):
    """The ticker that tells, a working day before guards begin, what they would have done."""

    def __init__(self, jurisdiction: Jurisdiction) -> None:
        super().__init__()
        self.jurisdiction = jurisdiction

    def look(self, tx: Tx, now: datetime) -> datetime | None:
        """When the first end that nobody was told of is told; None where there is none."""
        untold = self._untold(tx)
        if not untold:
            return None
        mornings = self.jurisdiction.pace.mornings
        due = mornings.before(min(untold), MORNINGS)
        kept = inbox.get_state(tx, f"guards_tried:{self.jurisdiction.id}")
        tried = instant(int(kept)) if kept else None
        return due if tried is None or tried > now else max(due, mornings.after(tried))

    def _untold(self, tx: Tx) -> list[datetime]:
        told = _told(tx, self.jurisdiction)
        bound = acts.bound_since(tx, self.jurisdiction.id, GUARDED)
        ends = [(one, _end(tx, self.jurisdiction, one)) for one in bound]
        return [end for one, end in ends if end > one and micros(end) > told]

    def run(self, tx: Tx, now: datetime) -> None:
        """Tell those who decide, in one line for all groups whose guards begin within a day of each other.

        While there is nobody who could be told, it is tried again each morning. What is told too late begins later.
        """
        self.look_again(tx)
        untold = self._untold(tx)
        if not untold:
            return
        moment = moments.of_clock(tx, self.jurisdiction, now)
        first, last = min(untold), min(untold) + timedelta(days=1)
        mornings = self.jurisdiction.pace.mornings
        begins = first if first >= mornings.after(now) else mornings.after(now, MORNINGS)
        soon = [group for group, end in _watched(moment) if end <= last]
        if not _tell(moment, report(moment, soon) | {"until": micros(begins)}):
            inbox.set_state(tx, f"guards_tried:{self.jurisdiction.id}", str(micros(now)))
            return
        end = max(end for end in untold if end <= last)
        if begins > first:
            late = [micros(first) - 1, micros(end), micros(begins)]
            inbox.set_state(tx, f"guards_late:{self.jurisdiction.id}", json.dumps(late))
        inbox.set_state(tx, f"guards_told:{self.jurisdiction.id}", str(micros(max(begins, end))))
        moment.finish()


def _watched(moment: Moment) -> list[tuple[Group, datetime]]:
    """The groups whose guards only watch now, and until when at least."""
    found = []
    for kind in GUARDED:
        for group in moment.roster.groups(kind):  # type: ignore[arg-type]
            bound = acts.bound_at(moment.tx, group.chat_pk)
            if bound is not None and _watches(moment.tx, moment.jurisdiction, bound, moment.now):
                found.append((group, _end(moment.tx, moment.jurisdiction, bound)))
    return found


def _tell(moment: Moment, params: dict[str, object]) -> bool:
    """Each of those who decide, alone, or else the group of communications; False where nobody can be told."""
    people = {one.id: one for role in DECIDERS for one in moment.roster.holders(role, moment.now)}
    reached = [one for one in people.values() if moment.roster.private_chat(one.id) is not None]
    for person in reached:
        language = person.language or moment.jurisdiction.language
        moment.say_alone(person, "guards_watch", params=_worded(moment, params, language), language=language)
    offices = [] if reached else list(moment.roster.groups("communications"))
    for office in offices:
        language = office.language or moment.jurisdiction.language
        moment.tell(office, "guards_watch", _worded(moment, params, language), language=language)
    return bool(reached or offices)


def say(moment: Moment) -> None:
    """Answer what the guards do now, and what they found while they watched or worked."""
    watched = _watched(moment)
    groups = [group for group, _ in watched] or [
        group
        for kind in GUARDED
        for group in moment.roster.groups(kind)  # type: ignore[arg-type]
    ]
    params = report(moment, groups)
    if watched:
        params["until"] = micros(max(moment.now, min(end for _, end in watched)))
    moment.say("guards_watch" if watched else "guards_work", _worded(moment, params, moment.language))


def decide(moment: Moment, until: datetime) -> None:
    """Let the guards of all groups only watch until then; a day that is today lets them begin now."""
    zone, county = moment.jurisdiction.zone, moment.jurisdiction
    if until.astimezone(zone).date() <= moment.now.astimezone(zone).date():
        until = moment.now
    inbox.set_state(moment.tx, f"guards_until:{county.id}", json.dumps([micros(moment.now), micros(until)]))
    soon = until <= county.pace.mornings.after(moment.now, MORNINGS)  # then the answer to this is word enough
    told = micros(until) if soon else min(_told(moment.tx, county), micros(until) - 1)
    inbox.set_state(moment.tx, f"guards_told:{county.id}", str(told))
    person_id = moment.person.id if moment.person else None
    place = (moment.update.platform, moment.update.chat_id, "", moment.update.message_id)
    acts.keep(moment.tx, county.id, ModerationAct(0, *place, "", "guards", "", person_id, until), moment.now)
    say(moment)


def report(moment: Moment, groups: Sequence[Group]) -> dict[str, object]:
    """What guards found in these groups for as long as a dry run lasts: params of their lines, not yet worded."""
    days = max(1, moment.jurisdiction.protocol.file.moderation.dry_run_days)
    places = {(group.platform, group.chat_id): group for group in groups}
    found = [
        one
        for one in acts.found_since(moment.tx, moment.jurisdiction.id, moment.now - timedelta(days=days))
        if (one.platform, one.chat_id) in places
    ]
    found.sort(key=lambda one: (one.platform, one.chat_id, one.finding))
    items = []
    for place, ones in groupby(found, key=lambda one: (one.platform, one.chat_id, one.finding)):
        same = list(ones)
        items.append({
            "finding": place[2], "count": len(same), "group": _called(places[place[:2]]),
            "members": list(dict.fromkeys(_member(moment, one) for one in same))[:NAMED],
        })  # fmt: skip
    return {"groups": _all_called(moment, groups), "found": items}


def _all_called(moment: Moment, groups: Sequence[Group]) -> list[str]:
    """Their names; where they are all there are, and many, that."""
    guarded = [group for kind in GUARDED for group in moment.roster.groups(kind)]  # type: ignore[arg-type]
    if len(groups) == len(guarded) > MOST_NAMED:
        return ["group.all"]
    return [_called(group) for group in groups]


def _called(group: Group) -> str:
    return f"department.{group.service_code}" if group.service_code else f"group.{group.kind}"


def _member(moment: Moment, one: Found) -> str:
    person = moment.roster.person(one.platform, one.user_id, moment.now)
    return person.name if person else members.name(moment.tx, (one.platform, one.chat_id), one.user_id) or one.user_id


def _worded(moment: Moment, params: dict[str, object], language: str) -> dict[str, object]:
    catalogue = moment.jurisdiction.catalogue
    found = params["found"]
    assert isinstance(found, list)
    items = [catalogue.text("guards_found", language, one, moment.now) for one in found]
    rest = {key: value for key, value in params.items() if key != "found"}
    return rest | ({"items": items} if items else {})
