"""`contact`: the citizen's name and number, in private, to who needs them for the case; every look is on record."""

from __future__ import annotations

from groupbot import moves
from groupbot.commands.arguments import Arguments
from groupbot.moment import ASK_IN, Moment
from groupbot.records import ServiceRequest
from groupbot.rules.lifecycle import OFFICERS
from groupbot.store import call_backs, contacts

# The ward's side brings the word and the department's side does the work; nobody else needs to know who the citizen is.
ENTITLED = ("author", "ward_admin", *OFFICERS)


def contact(moment: Moment, given: Arguments) -> None:
    """`/contact REF`, to the bot alone: who the citizen is and how to reach them."""
    request = given.target
    params = {"ref": request.service_request_id}
    person = moment.person
    if moment.group.kind != "private":
        moment.say("contact_where", params, buttons=ASK_IN)
    elif person is None or not _entitled(moment, request):
        moment.say("contact_refused", params)
    elif (found := contacts.of_request(moment.tx, request.id)) is None or not (found.name or found.phone):
        moment.say("contact_none", params)
    else:
        contacts.note_look(moment.tx, request.id, person.id, moment.now)
        moment.say("contact_told", params | {"citizen": found.name, "number": found.phone})


def _entitled(moment: Moment, request: ServiceRequest) -> bool:
    held = set(moves.held(moment, request))
    return bool(held & set(ENTITLED)) or ("communications" in held and call_backs.is_drawn(moment.tx, request.id))
