"""One private message for each person, over all groups: what waits for their word, the worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from groupbot import piloting
from groupbot.delivery.wording import LIVE
from groupbot.moment import Moment
from groupbot.moves.answering import who_asks
from groupbot.moves.changing import clocks_of
from groupbot.nagging import tenure
from groupbot.nagging.reach import Staffing
from groupbot.records import Person, ServiceRequest, micros
from groupbot.rules import escalation
from groupbot.rules.debts import Reason
from groupbot.rules.escalation import Asked, Decided
from groupbot.rules.worktime import is_open
from groupbot.store import nags

REMEMBERED = timedelta(days=60)  # how far back is looked for what a person was asked
COVERS = "director"  # who may say who stands in for an officer; those above are not told to
MOST = 200  # requests that are looked at for one message
# At the head of the list stands the most pressing priority; within it, what is owed; within that, since longest.
_ORDER: Mapping[Reason, int] = {
    "ring": 0, "first_word": 1, "reopened": 1, "next_word": 2, "answer_late": 2, "citizen_word": 3, "answer_soon": 4,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for a person's word, why, since when (aware UTC), and in which role they are asked."""

    request: ServiceRequest
    reason: Reason
    since: datetime
    asked: Asked
    stands_in: bool = False  # for a role that is vacant, as an officer of the same department
    owes: int | None = None  # who is asked as the one that owes it


def tell(moment: Moment, told: Sequence[Decided]) -> None:
    """Queue a message for each person who is asked, unless one of today still waits to be sent."""
    asked: dict[int, list[int]] = {}
    for request, decision in told:
        if decision.claim is not None and not decision.claim.presses:
            for one in decision.recipients:
                asked.setdefault(one.person_id, []).append(request.id)
    budget = moment.jurisdiction.protocol.file.chase.daily_budget
    known = nags.known_keys(moment.tx, [_key(moment, person, turn) for person in asked for turn in range(budget)])
    for person_id, about in asked.items():
        turn = next((turn for turn in range(budget) if _key(moment, person_id, turn) not in known), None)
        before = known.get(_key(moment, person_id, (budget if turn is None else turn) - 1))
        if before != "new":
            _queue(moment, person_id, about, turn)


def _key(moment: Moment, person_id: int, turn: int) -> str:
    day = moment.now.astimezone(moment.jurisdiction.zone).date().isoformat()
    return f"digest|{person_id}|{day}|{turn}"


def _queue(moment: Moment, person_id: int, about: list[int], turn: int | None) -> None:
    """The day's next message; where the budget is spent, the first one of the next working day."""
    chat = moment.roster.private_chat(person_id)
    person = moment.roster.by_id(person_id, moment.now)
    if chat is None or person is None:
        return
    now, key = moment.now, _key(moment, person_id, turn or 0)
    if turn is None:
        now = moment.jurisdiction.pace.mornings.after(moment.now)
        key = f"digest|{person_id}|{now.astimezone(moment.jurisdiction.zone).date().isoformat()}|0"
    most = moment.jurisdiction.protocol.file.chase.most_items
    moment.queue(
        "send",
        (chat.platform, chat.chat_id),
        "digest",
        language=person.language or moment.jurisdiction.language,
        request_ids=tuple(about[:most]),
        not_before=now,
        holds=LIVE,
        dedup_key=key,
    )


# --- what it says, when it is sent ------------------------------------------------------------------------------------


def params(moment: Moment, staffing: Staffing, chat: tuple[str, str], language: str) -> Mapping[str, object] | None:
    """What a person's message says now; None when nothing waits for them. After hours it is put off to the morning."""
    person = _person(moment, chat)
    if person is None:
        return None
    if not is_open(moment.now, moment.jurisdiction.calendar):
        _queue(moment, person.id, [], None)  # it was held up: its time is the next morning
        moment.finish()
        return None
    found = waiting(moment, staffing, person)
    return _params(moment, person, found, language) if found else None


def params_now(moment: Moment, staffing: Staffing, chat: tuple[str, str], language: str) -> Mapping[str, object] | None:
    """What a list that stands in a chat says now, at any hour, because nobody hears an edit."""
    person = _person(moment, chat)
    return None if person is None else _params(moment, person, waiting(moment, staffing, person), language)


def _person(moment: Moment, chat: tuple[str, str]) -> Person | None:
    group = moment.roster.group(*chat)
    return moment.roster.by_id(group.person_id, moment.now) if group else None


def _params(moment: Moment, person: Person, found: Sequence[Waiting], language: str) -> Mapping[str, object]:
    most = moment.jurisdiction.protocol.file.chase.most_items
    said: dict[str, object] = {
        "person": person.called,
        "count": len(found),
        "items": [item(moment, one, language) for one in found[:most]],
    }
    if len(found) > most:
        said["more"] = len(found) - most
    return said


def waiting(moment: Moment, staffing: Staffing, person: Person) -> list[Waiting]:
    """All that waits for a person's word and that they were asked for, the worst first."""
    pace, found = moment.jurisdiction.pace, []
    stages = moment.roster.stages
    levels = sorted(moment.jurisdiction.protocol.priorities, key=moment.jurisdiction.protocol.rank_of)
    for request in nags.asked_of(moment.tx, person.id, moment.now - REMEMBERED, levels, MOST):
        if not piloting.is_chased(moment.jurisdiction, stages, request, moment.now):
            continue
        standing = escalation.standing(request, pace, staffing.of(request), moment.now)
        for claim, people in standing:
            mine = next((one for one in people if one.person_id == person.id), None)
            if mine is not None:
                stands_in = bool(mine.vacant) and not person.holds("communications")
                bottom = escalation.chain_of(request, pace.ladders, claim.debt.owed)[0]
                owes = escalation.owing(people, bottom) or request.officer_id
                found.append(Waiting(request, claim.debt.reason, claim.debt.since, mine, stands_in, owes))
                break
    return sorted(found, key=lambda one: _worst_first(moment, one))


def _worst_first(moment: Moment, one: Waiting) -> tuple[object, ...]:
    """What stands higher in a list; a reminder of what is still to come in time, whatever its priority, stands last."""
    rank = moment.jurisdiction.protocol.rank_of(clocks_of(moment, one.request).level)
    return one.reason == "answer_soon", rank, _ORDER[one.reason], one.since, one.request.id


def _number(moment: Moment, request: ServiceRequest, language: str) -> str:
    """The request's number, with its priority where that is more pressing than usual."""
    protocol, level = moment.jurisdiction.protocol, clocks_of(moment, request).level
    if protocol.rank_of(level) >= protocol.rank_of(protocol.default_priority):
        return request.service_request_id
    said = {"ref": request.service_request_id, "priority": f"priority.{level}"}
    return moment.jurisdiction.catalogue.text("nag_pressing", language, said, moment.now)


def item(moment: Moment, one: Waiting, language: str) -> str:
    """One line of a message."""
    request, ladders = one.request, moment.jurisdiction.pace.ladders
    said: dict[str, object] = {
        "ref": _number(moment, request, language),
        "ward": request.ward,
        "reason": one.reason,
        "since": micros(one.since),
        "department": f"department.{request.service_code}",
        "role": f"role.{one.asked.vacant or one.asked.role}",
    }
    if one.reason == "citizen_word" and request.answered_at:
        said["since"] = micros(request.answered_at)
    chain = escalation.chain_of(request, ladders, _owed(one.reason))
    key = "nag_item"
    if one.asked.vacant and not one.stands_in:
        key = "nag_item_vacant"
        said |= _place(moment, request, one.asked.vacant)
    elif one.asked.role != chain[0]:
        key, whom = _above(moment, one, chain)
        said |= whom
        if one.asked.role == COVERS:
            said["covers"] = "yes"
    elif one.reason == "next_word" and not tenure.covers(moment, request, one.asked.person_id, chain, one.since):
        said["reason"] = "inherited"
    return moment.jurisdiction.catalogue.text(key, language, said, moment.now)


def _above(moment: Moment, one: Waiting, chain: tuple[str, ...]) -> tuple[str, dict[str, object]]:
    """The text for those above, and whom it names: nobody is said to have been silent before their time."""
    officer = moment.roster.by_id(one.owes, moment.now)
    if one.reason == "citizen_word":
        officer = who_asks(moment, one.request) or moment.roster.by_id(one.request.poster_id, moment.now)
    whom: dict[str, object] = {"officer": officer.called if officer else ""}
    if officer is None or one.reason == "reopened":
        return "nag_item_above", whom
    began = tenure.since(moment, one.request, officer.id, chain)
    if began is None:
        return "nag_item_above_new", {}
    return ("nag_item_above", whom) if began <= one.since else ("nag_item_above_new", whom | {"began": micros(began)})


def _place(moment: Moment, request: ServiceRequest, role: str) -> dict[str, object]:
    """Of what a vacant role is: the department, the ward or its sub-county; nothing for one of the whole county."""
    protocol = moment.jurisdiction.protocol
    scope, ward = protocol.roles[role].scope, protocol.wards.get(request.ward)
    if scope == "department":
        return {"of_department": "yes"}
    return {"place": ward.sub_county if scope == "sub_county" and ward else request.ward} if scope != "county" else {}


def _owed(reason: Reason) -> str:
    return {"answer_late": "answer", "answer_soon": "answer", "citizen_word": "citizen"}.get(reason, "word")
