"""Why an act was not done, and who may do it."""

from __future__ import annotations

from groupbot.moment import Moment
from groupbot.records import ServiceRequest
from groupbot.rules.lifecycle import Refusal, Transition
from groupbot.store import outbox


def refuse_if(moment: Moment, request: ServiceRequest, outcome: Transition | Refusal) -> bool:
    """Say why, if a move was refused; whether it was."""
    if isinstance(outcome, Refusal):
        refuse(moment, request, outcome)
        return True
    return False


def refuse(moment: Moment, request: ServiceRequest, refusal: Refusal) -> None:
    """Say why an act was not done and who may do it."""
    params: dict[str, object] = {"ref": request.service_request_id}
    if refusal.reason == "not_entitled":
        roles = moment.jurisdiction.protocol.roles
        params["act"] = f"act.{refusal.act}"
        params["who"] = [f"role.{role}" for role in refusal.entitled if role in roles]
    elif refusal.reason == "closed":
        poster = moment.roster.by_id(request.poster_id, moment.now)
        params["admin"] = poster.called if poster else ""
    moment.say(f"refused_{refusal.reason}", params)


def refuse_role(moment: Moment, act: str, roles: tuple[str, ...]) -> None:
    """Say that an act about no request belongs to others."""
    moment.say("refused_not_entitled", {"act": f"act.{act}", "who": [f"role.{role}" for role in roles]})


def ask_what_was_done(moment: Moment, request: ServiceRequest, *, once: bool = False) -> None:
    """An answer that says nothing is refused with the reason; with `once`, only if it was not said already."""
    params = {"ref": request.service_request_id}
    if not was_asked_what(moment, request):
        key = _asked_what(request)
        moment.say("refused_says_nothing", params, request_ids=(request.id,), dedup_key=key)
    elif not once:
        moment.say("refused_says_nothing", params, request_ids=(request.id,))


def was_asked_what(moment: Moment, request: ServiceRequest) -> bool:
    """Whether the department said that it is done, and was asked what was done, since the last answer or reopening."""
    return outbox.was_queued(moment.tx, _asked_what(request))


def _asked_what(request: ServiceRequest) -> str:
    return f"asked_what|{request.service_request_id}|{request.answers}|{request.reopenings}"
