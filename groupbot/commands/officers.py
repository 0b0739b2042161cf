"""Commands of those who answer for a department: coordinators and directors."""

from __future__ import annotations

from groupbot import moves
from groupbot.commands import targets
from groupbot.moment import Moment
from groupbot.records import ServiceRequest
from groupbot.rules import lifecycle
from groupbot.rules.commands import CommandCall
from groupbot.rules.lifecycle import Refusal
from groupbot.rules.replies import says_nothing


def resolve(moment: Moment, call: CommandCall) -> None:
    """`/resolve [REF] what was done`: the department's answer. One that says nothing is refused with the reason."""
    target = targets.find(moment, call)
    if target is None:
        return
    request = target.request
    decision = lifecycle.decide("answer", request, moves.held(moment, request))
    if isinstance(decision, Refusal):
        refuse(moment, request, decision)
    elif says_nothing(target.text, moment.jurisdiction.reply_vocabulary):
        moment.say("refused_says_nothing", {"ref": request.service_request_id})
    else:
        moves.take_answer(moment, request, target.text)


def refuse(moment: Moment, request: ServiceRequest, refusal: Refusal) -> None:
    """Say why an act was not done and who may do it."""
    params: dict[str, object] = {"ref": request.service_request_id}
    if refusal.reason == "not_entitled":
        roles = moment.jurisdiction.protocol.roles
        params["act"] = f"act.{refusal.act}"
        params["who"] = [f"role.{role}" for role in refusal.entitled if role in roles]
    moment.say(f"refused_{refusal.reason}", params)
