"""Commands of communications: pauses, announcements, holidays."""

from __future__ import annotations

import re
from dataclasses import replace

from groupbot import auditing, declaring, moves
from groupbot import health as rooms
from groupbot.commands.arguments import Arguments, any_day
from groupbot.commands.refusals import refuse_if
from groupbot.moment import ASK_IN, Moment
from groupbot.rules.phones import find_phones
from groupbot.rules.replies import gives_no_reason
from groupbot.store import call_backs
from groupbot.store.holidays import Declared

_FRONT = 3  # words, as "to 24 July"
_NUMBER = re.compile(r"(\d{1,2})[^\W\d]{0,2}\W*$")  # "21", "21,", "21st"
_LAST_OF_MONTH = 31


def pause(moment: Moment, given: Arguments) -> None:
    """`/pause [REF] until DAY why`: nobody is reminded of it meanwhile; its deadlines stay."""
    if given.at is None or gives_no_reason(given.text, moment.jurisdiction.reply_vocabulary):
        moment.say("how", {"command": "to_pause"}, request_ids=(given.target.id,))
    else:
        refuse_if(moment, given.target, moves.pause(moment, given.target, given.at, given.text))


def protect(moment: Moment, given: Arguments) -> None:
    """`/protect [REF] why`: its words, ward and topic leave every public copy, for good."""
    if gives_no_reason(given.text, moment.jurisdiction.reply_vocabulary):
        moment.say("how", {"command": "to_protect"}, request_ids=(given.target.id,))
    else:
        refuse_if(moment, given.target, moves.protect(moment, given.target, given.text))


def called(moment: Moment, given: Arguments) -> None:
    """`/called REF yes | no | not reached`: what the citizen of a sampled request said when they were called back."""
    if not call_backs.is_drawn(moment.tx, given.target.id):
        moment.say("called_not_drawn", {"ref": given.target.service_request_id}, request_ids=(given.target.id,))
    else:
        auditing.take(moment, given.target, given.kind)


def announce(moment: Moment, given: Arguments) -> None:
    """`/announce TEXT`, in the communications group, where colleagues see it: one line to all departments and CSOs."""
    if moment.group.kind != "communications":
        moment.say("announce_where", {})
        return
    params = {"text": given.text.strip(), "who": moment.person.called if moment.person else ""}
    groups = [*moment.roster.groups("department"), *moment.roster.groups("mirror")]
    for group in groups:
        moment.tell(group, "announcement", params)
    moment.say("announced", {"count": len(groups)})


def holiday(moment: Moment, given: Arguments) -> None:
    """`/holiday DAY what for`, in the communications group: that day does not count; asked back before it is done."""
    if moment.group.kind != "communications":
        moment.say("holiday_where", {})
    elif given.at is None or not given.text.strip() or _begins_with_a_day(moment, given):
        moment.say("how", {"command": "to_holiday"})
    else:
        day = given.at.astimezone(moment.jurisdiction.zone).date()
        declaring.offer(moment, Declared(day, given.text.strip(), declaring.gazette_of(given.text)))


def _begins_with_a_day(moment: Moment, given: Arguments) -> bool:
    """Whether what a day is to be for begins with another day ("20 July to 24 July"): each is declared by itself."""
    front = given.text.split()[:_FRONT]
    if any((number := _NUMBER.match(word)) and 0 < int(number[1]) <= _LAST_OF_MONTH for word in front[:2]):
        return True  # "from 21 to 24 December": 21 was left over
    return any_day(moment, replace(given, text=" ".join(front))) is not None


def workday(moment: Moment, given: Arguments) -> None:
    """`/workday DAY`, in the communications group: a holiday that was declared is taken back; asked back first."""
    if moment.group.kind != "communications":
        moment.say("workday_where", {})
    elif given.at is None:
        moment.say("how", {"command": "to_workday"})
    else:
        declaring.offer_workday(moment, given.at.astimezone(moment.jurisdiction.zone).date())


def health(moment: Moment, given: Arguments) -> None:
    """`/health`, from an operator: what waits, what was given up, what was missed, and who is missing."""
    if moment.group.kind not in ("private", "communications"):
        moment.say("health_where", {}, buttons=ASK_IN)
    else:
        found = rooms.look(moment.tx, moment.jurisdiction, moment.now)
        moment.say("health" if found.well else "health_ill", rooms.params(found))


def we_see(moment: Moment, given: Arguments) -> None:
    """`/we-see REF text`, from an observer in private: the department is told what "an observer" sees, by no name."""
    request = given.target
    if moment.group.kind != "private":
        moment.say("we_see_where", {}, buttons=ASK_IN)
    elif find_phones(given.text, moment.jurisdiction.protocol.file.pack.country):
        moment.say("we_see_phone", {"ref": request.service_request_id}, request_ids=(request.id,))
    else:
        _pass_on(moment, given)


def _pass_on(moment: Moment, given: Arguments) -> None:
    request = given.target
    params = {"ref": request.service_request_id, "text": given.text.strip()}
    moment.tell_department(request, "observer_says", params)
    moves.observe(moment, request, given.text)
    moment.say("observer_thanks", {"ref": request.service_request_id})
