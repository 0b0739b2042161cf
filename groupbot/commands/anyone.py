"""Commands that anyone may give: the status of a request, as far as this place may see it, and help."""

from __future__ import annotations

from groupbot import moves
from groupbot.commands import targets
from groupbot.moment import Moment
from groupbot.records import ServiceRequest, micros
from groupbot.rules import publication
from groupbot.rules.commands import CommandCall
from groupbot.rules.references import FoundReference


def status(moment: Moment, call: CommandCall) -> None:
    """`status REF`, or `status` in reply to a tracked line."""
    target = targets.find(moment, call)
    if target is not None:
        _say_status(moment, target.request)


def show_status(moment: Moment, found: FoundReference) -> None:
    """The status of a reference typed alone."""
    request = targets.look_up(moment, found)
    if request is not None:
        _say_status(moment, request)


def _say_status(moment: Moment, request: ServiceRequest) -> None:
    """In full in the owning department's group and to the request's own people; elsewhere the mirror's view."""
    if _sees_all(moment, request):
        moment.say("status_line", _full(moment, request))
        return
    topic = next((topic for topic in moment.jurisdiction.protocol.reading.topic if topic.code == request.topic), None)
    allowed = publication.mirror_params(request, _coded(request), hide_ward=bool(topic and topic.no_ward))
    if allowed is not None:
        moment.say("status_public", allowed)


def _sees_all(moment: Moment, request: ServiceRequest) -> bool:
    if moment.group.kind == "department":
        return moment.group.service_code == request.service_code
    return moment.group.kind == "private" and bool(set(moves.held(moment, request)) - {"observer"})


def _coded(request: ServiceRequest) -> dict[str, object]:
    params: dict[str, object] = {
        "ref": request.service_request_id,
        "state": f"state.{request.state}",
        "priority": f"priority.{request.priority}",
        "department": f"department.{request.service_code}",
        "ward": request.ward,
    }
    if request.topic:
        params["topic"] = f"topic.{request.topic}"
    if request.expected_datetime:
        params["due"] = micros(request.expected_datetime)
    return params


def _full(moment: Moment, request: ServiceRequest) -> dict[str, object]:
    officer = moment.roster.by_id(request.officer_id, moment.now)
    poster = moment.roster.by_id(request.poster_id, moment.now)
    params = _coded(request) | {
        "state": request.state,
        "officer": officer.called if officer else "",
        "admin": poster.called if poster else "",
    }
    if request.next_word_at:
        params["next_word"] = micros(request.next_word_at)
    if request.closed_at:
        params["took"] = int((request.closed_at - request.requested_datetime).total_seconds())
    return params


def help_command(moment: Moment, call: CommandCall) -> None:
    """`help`: the person's own five acts."""
    help_here(moment)


def help_here(moment: Moment) -> None:
    """The acts that fit the person who asks."""
    if moment.person is None:
        moment.say("not_registered", {})
        return
    roles = {grant.role for grant in moment.person.grants}
    if roles & {"coordinator", "director"}:
        key = "help_coordinator"
    else:
        key = "help_ward_admin" if roles & {"ward_admin", "sub_county_admin"} else "help_other"
    moment.say(key, {})
