"""Commands of the citizen's side: what the ward settles itself, what is withdrawn, and the list of one's own."""

from __future__ import annotations

from dataclasses import replace

from groupbot import moves
from groupbot.commands.arguments import Arguments
from groupbot.commands.refusals import refuse_if, refuse_role
from groupbot.moment import ASK_IN, Moment
from groupbot.moves import Filing
from groupbot.records import Form, Person, ServiceRequest, micros
from groupbot.rules import lifecycle
from groupbot.rules.replies import says_nothing
from groupbot.store import worklists

LONGEST_LIST = 10  # lines
WARD_ROLES = ("ward_admin", "sub_county_admin")


def local(moment: Moment, given: Arguments) -> None:
    """`/local [REF] what was done`: settled in the ward. Without a request it is put on record, numbered and closed."""
    if says_nothing(given.text, moment.jurisdiction.reply_vocabulary):
        moment.say("how", {"command": "to_local"})
    elif given.request is not None:
        refuse_if(moment, given.request, moves.settle(moment, given.request, given.text))
    else:
        _put_on_record(moment, given.text)


def _put_on_record(moment: Moment, text: str) -> None:
    """The ward's own ledger: work that never needed the department is counted, not lost."""
    person = moment.person
    ward = next((grant.ward for grant in person.grants if grant.role in WARD_ROLES), None) if person else None
    if person is None or not any(person.holds(role) for role in WARD_ROLES):
        refuse_role(moment, "local", WARD_ROLES)
    elif moment.group.kind != "department" or moment.group.service_code is None:
        moment.say("local_where", {})
    else:
        filing = Filing.of(Form(ward=ward, problem=text), moment, moment.group.service_code, moment.language)
        request = moves.open_request(moment, filing)
        moment.notices.clear()  # opened and closed in one: nobody waits for an answer, so nobody is told of one
        moves.settle(moment, request, text)


def withdraw(moment: Moment, given: Arguments) -> None:
    """`/withdraw [REF] [why]`: the citizen's side takes the request back."""
    refuse_if(moment, given.target, moves.withdraw(moment, given.target, given.text))


def mine(moment: Moment, given: Arguments) -> None:
    """`/mine`: what waits for this person first, then what they wait for; always in private."""
    person = moment.person
    if person is None:
        moment.say("not_registered", {})
        return
    found = _mine(moment, person)
    params: dict[str, object] = {"count": len(found), "items": _lines(moment, person, found[:LONGEST_LIST])}
    if len(found) > LONGEST_LIST:
        params["more"] = len(found) - LONGEST_LIST
    language = person.language or moment.jurisdiction.language
    key = "mine" if found else "mine_nothing"
    ids = tuple(request.id for request in found[:LONGEST_LIST])
    told = {"params": params, "language": language, "request_ids": ids if len(ids) == 1 else ()}
    if not moment.say_alone(person, key, **told):
        moment.say("mine_where", {}, buttons=ASK_IN)
    elif moment.group.kind != "private":
        moment.receipt("receipt_noted")


def _mine(moment: Moment, person: Person) -> list[ServiceRequest]:
    departments = {grant.service_code for grant in person.grants if grant.role in lifecycle.OFFICERS}
    own = {code for code in departments if code}
    scope = worklists.Scope(person.id, own, _wards(moment, person), confidential=person.holds("integrity"))
    found = worklists.open_within(moment.tx, moment.jurisdiction.id, scope)
    owed = {request.id for request in found if _waits_for(moment, request)}
    return sorted(found, key=lambda request: (request.id not in owed, request.expected_datetime or moment.now))


def _wards(moment: Moment, person: Person) -> set[str]:
    """The wards for which a person speaks: their own, or all of their sub-county."""
    grants = [grant for grant in person.grants if grant.role in lifecycle.CITIZEN_SIDE]
    wards = moment.jurisdiction.protocol.wards.values()
    within = {ward.name for grant in grants for ward in wards if ward.sub_county == grant.sub_county}
    return within | {grant.ward for grant in grants if grant.ward}


def _waits_for(moment: Moment, request: ServiceRequest) -> bool:
    """Whether the next word is this person's."""
    officer = any(own in lifecycle.OFFICERS for own in moves.held(moment, request))
    return officer != (request.state == "answered")


def _lines(moment: Moment, person: Person, found: list[ServiceRequest]) -> list[str]:
    language = person.language or moment.jurisdiction.language
    lines = []
    for request in found:
        shown = replace(request, expected_datetime=request.word_due) if request.state == "answered" else request
        params = {
            "ref": request.service_request_id,
            "ward": request.ward,
            "state": f"state.{request.state}",
            "due": micros(shown.expected_datetime) if shown.expected_datetime else None,
        }
        lines.append(moment.jurisdiction.catalogue.text("mine_item", language, params, moment.now))
    return lines
