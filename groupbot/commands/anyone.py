"""Commands that anyone may give: where a request stands, help, one's language, undo, one matter posted twice."""

from __future__ import annotations

from groupbot import declaring, explaining, moves
from groupbot.commands import targets
from groupbot.commands.arguments import Arguments
from groupbot.commands.refusals import refuse_if
from groupbot.explaining_text import Telling
from groupbot.moment import Moment
from groupbot.records import ServiceRequest, micros
from groupbot.rules import publication
from groupbot.rules.references import FoundReference
from groupbot.store import people


def status(moment: Moment, given: Arguments) -> None:
    """`status REF`, or `status` in reply to a tracked line."""
    say_status(moment, given.target)


def show_status(moment: Moment, found: FoundReference) -> None:
    """The status of a reference typed alone."""
    request = targets.look_up(moment, found)
    if request is not None:
        say_status(moment, request)


def say_status(moment: Moment, request: ServiceRequest, **more: object) -> None:
    """In full in the owning department's group and to the request's own people; elsewhere the mirror's view."""
    more.setdefault("request_ids", (request.id,))
    if _sees_all(moment, request):
        moment.say("status_line", _full(moment, request), **more)
        return
    allowed = publication.mirror_params(request, _coded(request), hide_ward=moment.jurisdiction.hides(request))
    if allowed is not None:
        moment.say("status_public", allowed, **more)


def why(moment: Moment, given: Arguments) -> None:
    """`why REF`: how its clocks were counted, who was asked, what comes next; in private where it can."""
    request = given.target
    alone = moment.roster.private_chat(moment.person.id) if moment.person and moment.group.kind != "private" else None
    office = moment.group.kind == "communications" and alone is not None  # who asks there is told alone
    inside = moment.person is not None and _sees_all(moment, request)  # a group may have members whom nobody knows
    inside = inside or (office and _stands_towards(moment, request))
    found = explaining.explain(moment.tx, moment.jurisdiction, request, moment.now)
    telling = Telling(moment.jurisdiction, moment.language, moment.now)
    heard = alone is None and moment.group.kind != "private"
    aloud = heard or not _stands_towards(moment, request)
    params = {"lines": telling.lines(found, outside=not inside, aloud=aloud)}
    if alone is None:
        moment.say("why", params, request_ids=(request.id,))
    else:
        moment.queue("send", (alone.platform, alone.chat_id), "why", params=params, request_ids=(request.id,))
        moment.receipt("receipt_noted")


def _sees_all(moment: Moment, request: ServiceRequest) -> bool:
    if moment.group.kind == "department":
        return moment.group.service_code == request.service_code and request.route != "private"
    return moment.group.kind == "private" and _stands_towards(moment, request)


def _stands_towards(moment: Moment, request: ServiceRequest) -> bool:
    """Whether whoever asks has an office that concerns the request; observers see what the mirror shows."""
    return bool(set(moves.held(moment, request)) - {"observer"})


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
        if request.state == "acknowledged" and request.next_word_at <= moment.now:
            params["state"] = "silent"
    if request.closed_at:
        params["took"] = int((request.closed_at - request.requested_datetime).total_seconds())
    return params


def request(moment: Moment, given: Arguments) -> None:
    """`request`, in reply to any post: it is offered back as a form."""
    from groupbot.intake import claiming  # intake runs commands, so it cannot be imported before it is there itself

    claiming.claim(moment)


def undo(moment: Moment, given: Arguments) -> None:
    """`undo [REF]`: take back one's own newest act of the last hours, while nobody has built on it."""
    if given.request is None and declaring.undo(moment):
        return
    done = moves.undo(moment, given.request)
    if not isinstance(done, moves.NotUndone):
        return
    if done.request is None or done.reason == "nothing":
        hours = moment.jurisdiction.protocol.file.limits.undo_hours
        roles = moment.jurisdiction.protocol.file.moderation.acts_by
        keeps_order = moment.person is not None and any(map(moment.person.holds, roles))
        moment.say("undo_nothing_order" if keeps_order else "undo_nothing", {"hours": hours})
    else:
        moment.say("undo_changed_since", {"ref": done.request.service_request_id, "who": done.by})


def safe(moment: Moment, given: Arguments) -> None:
    """`safe [REF]`: nobody is in danger any more; the chase goes on at the pace of ordinary work."""
    if moment.jurisdiction.pace.ladders.presses(given.target):
        refuse_if(moment, given.target, moves.make_safe(moment, given.target))
    else:
        moment.say("safe_no_emergency", {"ref": given.target.service_request_id}, request_ids=(given.target.id,))


def same(moment: Moment, given: Arguments) -> None:
    """`same REF REF`, or `same REF` in reply: one author's second filing closes; other people's are linked."""
    first, second = given.target, given.other
    if second is None or first.id == second.id:
        moment.say("same_itself", {"ref": first.service_request_id})
    elif (first.service_code, first.route) != (second.service_code, second.route):
        refs = [first.service_request_id, second.service_request_id]
        moment.say("same_elsewhere", {"refs": refs, "department": f"department.{second.service_code}"})
    elif first.poster_id is not None and moment.person and first.poster_id == second.poster_id == moment.person.id:
        kept, twice = sorted((first, second), key=lambda request: request.id)
        refuse_if(moment, twice, moves.close_duplicate(moment, twice, kept))
    else:
        _link(moment, first, second)


def _link(moment: Moment, first: ServiceRequest, second: ServiceRequest) -> None:
    mine = first if moves.held(moment, first) else second
    refuse_if(moment, mine, moves.link(moment, mine, second if mine is first else first))


def language(moment: Moment, given: Arguments) -> None:
    """`language NAME`: in private one's own, in a group the group's (communications, coordinator, director)."""
    if moment.group.kind == "private":
        if moment.person is None:
            moment.say("not_registered", {})
            return
        people.set_language(moment.tx, moment.jurisdiction.id, moment.person.id, given.language)
    else:
        if not _leads(moment):
            _refuse_language(moment)
            return
        people.set_chat_language(moment.tx, moment.jurisdiction.id, moment.group.chat_pk, given.language)
    moment.say("language_set", {"language": f"language.{given.language}"}, language=given.language)


_LEADERS = ("coordinator", "director", "communications", "operator")


def _leads(moment: Moment) -> bool:
    person = moment.person
    return person is not None and any(person.holds(role, service_code=moment.group.service_code) for role in _LEADERS)


def _refuse_language(moment: Moment) -> None:
    moment.say("refused_not_entitled", {"act": "act.language", "who": [f"role.{role}" for role in _LEADERS]})


def help_command(moment: Moment, given: Arguments) -> None:
    """`help`: the person's own five acts."""
    help_here(moment)


# Whose help is shown to somebody with several roles: the first of these that they hold.
HELP = (
    ("director", "help_director"),
    ("coordinator", "help_coordinator"),
    ("ward_admin", "help_ward_admin"),
    ("sub_county_admin", "help_ward_admin"),
    ("champion", "help_champion"),
    ("communications", "help_communications"),
    ("operator", "help_operator"),
    ("integrity", "help_coordinator"),
    ("observer", "help_observer"),
)


def help_here(moment: Moment) -> None:
    """The acts that fit the person who asks."""
    if moment.person is None:
        moment.say("not_registered", {})
        return
    roles = {grant.role for grant in moment.person.grants}
    key = next((text for role, text in HELP if role in roles), "help_other")
    moment.say(key, {})
