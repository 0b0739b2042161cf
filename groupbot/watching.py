"""The guards' dry run: in a new group they only watch. Who decides is told before it ends what they would have done.

The pack says for how many days; `/guards until DAY` makes it longer or shorter for all groups that are bound by then.
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
DECIDERS = ("communications", "operator")


def in_dry_run(moment: Moment) -> bool:
    """Whether the guards of this group still only watch."""
    bound = acts.bound_at(moment.tx, moment.group.chat_pk)
    return bound is None or moment.now < _end(moment.tx, moment.jurisdiction, bound)


def _end(tx: Tx, jurisdiction: Jurisdiction, bound: datetime) -> datetime:
    """When the guards of a group that was bound then begin."""
    kept = inbox.get_state(tx, f"guards_until:{jurisdiction.id}")
    if kept:
        decided, until = (instant(value) for value in json.loads(kept))
        if bound <= decided:
            return until
    return bound + timedelta(days=jurisdiction.protocol.file.moderation.dry_run_days)


class Watches(Hourly):
    """The ticker that tells, a working day before guards begin, what they would have done."""

    def __init__(self, jurisdiction: Jurisdiction) -> None:
        super().__init__()
        self.jurisdiction = jurisdiction

    @property
    def _name(self) -> str:
        return f"guards_told:{self.jurisdiction.id}"

    def look(self, tx: Tx) -> datetime | None:
        """When the first end that nobody was told of is told; None where there is none."""
        told = int(inbox.get_state(tx, self._name) or 0)
        ends = [_end(tx, self.jurisdiction, bound) for bound in acts.bound_since(tx, self.jurisdiction.id, GUARDED)]
        untold = [end for end in ends if micros(end) > told]
        return self.jurisdiction.pace.mornings.before(min(untold), MORNINGS) if untold else None

    def run(self, tx: Tx, now: datetime) -> None:
        """Tell those who decide, in one line for all groups whose guards begin within a day of each other."""
        self.look_again(tx)
        moment = moments.of_clock(tx, self.jurisdiction, now)
        watched = _watched(moment)
        if not watched:
            ends = [_end(tx, self.jurisdiction, one) for one in acts.bound_since(tx, self.jurisdiction.id, GUARDED)]
            inbox.set_state(tx, self._name, str(micros(max(ends, default=now))))
            return
        first = min(end for _, end in watched)
        soon = [(group, end) for group, end in watched if end <= first + timedelta(days=1)]
        inbox.set_state(tx, self._name, str(micros(max(end for _, end in soon))))
        params = report(moment, [group for group, _ in soon]) | {"until": micros(first)}
        _tell(moment, params)
        moment.finish()


def _watched(moment: Moment) -> list[tuple[Group, datetime]]:
    """The groups whose guards only watch now, and until when."""
    found = []
    for kind in GUARDED:
        for group in moment.roster.groups(kind):  # type: ignore[arg-type]
            bound = acts.bound_at(moment.tx, group.chat_pk)
            end = None if bound is None else _end(moment.tx, moment.jurisdiction, bound)
            if end is not None and end > moment.now:
                found.append((group, end))
    return found


def _tell(moment: Moment, params: dict[str, object]) -> None:
    """Each of those who decide, alone; nobody where nothing was found, for then there is nothing to decide."""
    people = {one.id: one for role in DECIDERS for one in moment.roster.holders(role, moment.now)}
    for person in people.values() if params["found"] else ():
        language = person.language or moment.jurisdiction.language
        moment.say_alone(person, "guards_watch", params=_worded(moment, params, language), language=language)


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
        params["until"] = micros(min(end for _, end in watched))
    moment.say("guards_watch" if watched else "guards_work", _worded(moment, params, moment.language))


def decide(moment: Moment, until: datetime) -> None:
    """Let the guards of all groups only watch until then; a day that is today lets them begin now."""
    zone, county = moment.jurisdiction.zone, moment.jurisdiction
    if until.astimezone(zone).date() <= moment.now.astimezone(zone).date():
        until = moment.now
    inbox.set_state(moment.tx, f"guards_until:{county.id}", json.dumps([micros(moment.now), micros(until)]))
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
    return {"groups": [_called(group) for group in groups], "found": items}


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
