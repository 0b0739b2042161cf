"""Commands of those who answer for a department: coordinators, directors, and the integrity officer for their own."""

from __future__ import annotations

from groupbot import enrolling, moves
from groupbot.commands.arguments import Arguments
from groupbot.commands.refusals import ask_what_was_done, refuse, refuse_if, refuse_role
from groupbot.intake import emergencies
from groupbot.moment import Moment
from groupbot.records import Grant, ServiceRequest, micros
from groupbot.rules import extensions, lifecycle, worktime
from groupbot.rules.extensions import NoPromise
from groupbot.rules.lifecycle import Act, Refusal
from groupbot.rules.outcomes import read_cannot
from groupbot.rules.replies import gives_no_reason, says_nothing


def _allowed(moment: Moment, act: Act, request: ServiceRequest) -> bool:
    """Whether the act may be done at all; asked first, so that nobody is told how to do what they may not."""
    decision = lifecycle.decide(act, request, moves.held(moment, request))
    if isinstance(decision, Refusal):
        refuse(moment, request, decision)
        return False
    return True


def resolve(moment: Moment, given: Arguments) -> None:
    """`/resolve [REF] what was done`: the department's answer. One that says nothing is refused with the reason."""
    request = given.target
    if not _allowed(moment, "answer", request):
        return
    if says_nothing(given.text, moment.jurisdiction.reply_vocabulary):
        ask_what_was_done(moment, request)
    else:
        moves.take_answer(moment, request, given.text)


def cannot(moment: Moment, given: Arguments) -> None:
    """`/cannot [REF] why`, or `planned YEAR`, or `refer BODY`: an answer too, and the citizen is asked about it."""
    request = given.target
    if not _allowed(moment, "cannot", request):
        return
    said = read_cannot(given.text, moment.jurisdiction.outcome_words)
    if said.missing or says_nothing(said.reason, moment.jurisdiction.reply_vocabulary):
        params = {"ref": request.service_request_id, "missing": said.missing or "reason"}
        moment.say("cannot_how", params, request_ids=(request.id,))
    else:
        moves.take_cannot(moment, request, said)


def by(moment: Moment, given: Arguments) -> None:
    """`/by [REF] DAY [why]`: the day by which it will be done; after the deadline it needs a reason, and only once."""
    request = given.target
    if not _allowed(moment, "by", request):
        return
    if given.at is None:
        moment.say("how", {"command": "to_by"}, request_ids=(request.id,))
        return
    said_at, due, zone = moment.update.sent_at, request.expected_datetime, moment.jurisdiction.zone
    last = extensions.last_day(said_at, due, moment.jurisdiction.protocol.file.limits.extend_days, zone)
    judged = extensions.judge(
        given.at, said_at, due, request.extensions, until=worktime.midnight(last + worktime.DAY, zone)
    )
    params: dict[str, object] = {"ref": request.service_request_id}
    if isinstance(judged, NoPromise):
        params["latest"] = micros(worktime.midnight(last, zone))
        if due:
            params["due"] = micros(due)
        moment.say(f"by_{judged.reason}", params, request_ids=(request.id,))
    elif judged.extends and gives_no_reason(given.text, moment.jurisdiction.reply_vocabulary):
        moment.say("by_needs_reason", params | {"until": micros(judged.done_by)}, request_ids=(request.id,))
    else:
        moves.take_promise(moment, request, judged, given.text)


def move(moment: Moment, given: Arguments) -> None:
    """`/move [REF] DEPARTMENT`: number and clock stay."""
    request = given.target
    if given.department == request.service_code:
        params = {"ref": request.service_request_id, "department": f"department.{given.department}"}
        moment.say("move_same", params, request_ids=(request.id,))
    else:
        refuse_if(moment, request, emergencies.move(moment, request, given.department))


def priority(moment: Moment, given: Arguments) -> None:
    """`/priority [REF] LEVEL why`: the director's, with the reason."""
    request = given.target
    if not _allowed(moment, "priority", request):
        return
    if gives_no_reason(given.text, moment.jurisdiction.reply_vocabulary):
        params = {"ref": request.service_request_id, "priority": f"priority.{given.level}"}
        moment.say("priority_needs_reason", params, request_ids=(request.id,))
    else:
        moves.set_priority(moment, request, given.level, given.text)
        emergencies.tell_if_made(moment, request)


def cover(moment: Moment, given: Arguments) -> None:
    """`/cover PERSON until DAY`: who stands in for the coordinator, on the director's word."""
    departments = (
        [grant.service_code for grant in moment.person.grants if grant.role == "director"] if moment.person else []
    )
    code = moment.group.service_code if moment.group.service_code in departments else next(iter(departments), None)
    if code is None or given.person is None or given.at is None:
        refuse_role(moment, "cover", ("director",))
        return
    covered = [one for one in moment.roster.holders("coordinator", moment.now, code) if one.id != given.person.id]
    grant = Grant("coordinator", service_code=code, acting_for=covered[0].id if covered else None)
    if given.person.holds("coordinator", service_code=code):
        params = {"person": given.person.name, "department": f"department.{code}"}
        moment.say("cover_already", params)
        return
    enrolling.cover(moment, grant, given.person, given.at)
    if moment.group.service_code != code:
        moment.receipt("receipt_noted")
