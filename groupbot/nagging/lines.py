"""What a department's group, the mirrors and the poster hear of a chase: a line when it reaches the next person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from groupbot import mirroring
from groupbot.delivery.wording import LIVE
from groupbot.moment import Moment
from groupbot.nagging import tenure
from groupbot.nagging.reach import Staffing
from groupbot.records import Group, ServiceRequest, micros
from groupbot.rules import escalation, worktime
from groupbot.rules.claims import Pace, claims
from groupbot.rules.debts import Debt
from groupbot.rules.escalation import Climbed, Decided, Decision
from groupbot.store import nags, outbox, requests
from groupbot.store.database import Tx
from groupbot.store.outbox import QueuedNotice

TOGETHER = 2  # so many lines for one chat at one time become one
NAMED = 5  # references in a line that stands for many


def tell(moment: Moment, told: Sequence[Decided], staffing: Staffing) -> None:
    """Queue the lines of one pass: in the groups, in the mirrors, and to posters whose ladder has an end."""
    by_department: dict[str, list[Decided]] = {}
    for one in told:
        if one[1].group:
            by_department.setdefault(one[0].service_code, []).append(one)
    for code, found in by_department.items():
        for group in moment.roster.groups("department", code):
            _tell_group(moment, group, found)
    ended = [one for one in told if one[1].exhausted and one[0].route == "public"]
    climbed = partial(_climbed, moment, staffing)
    mirroring.exhausted(moment, ended, climbed)
    by_poster: dict[int, list[Decided]] = {}
    for one in ended:
        by_poster.setdefault(one[0].poster_id or 0, []).append(one)
    for poster_id, own in by_poster.items():
        _tell_poster(moment, poster_id, [request for request, _ in own], climbed(own[0]))
    for request, decision in told:
        if request.route == "private":
            _tell_of_case(moment, request, decision)


def tell_late(moment: Moment, late: Sequence[Decided]) -> None:
    """Let the mirrors know which answers have become late, those of paused requests too: a pause moves no date."""
    mirroring.late(moment, [one for one in late if not one[1].exhausted])  # the end of a ladder says that it is late


def _tell_of_case(moment: Moment, request: ServiceRequest, decision: Decision) -> None:
    """A confidential case has one office: communications are asked who holds it; at its end the poster hears, alone."""
    if not decision.recipients:
        moment.ask_for_integrity_officer()
    poster = moment.roster.by_id(request.poster_id, moment.now)
    if decision.exhausted and poster is not None:
        language = request.language
        ombudsman = moment.jurisdiction.protocol.file.chase.ombudsman
        body = ombudsman.name.get(language) or ombudsman.name[moment.jurisdiction.language]
        params: dict[str, object] = {"ref": request.service_request_id, "body": body, "contact": ombudsman.contact}
        once = f"exhausted|{poster.id}|{request.service_request_id}|{request.reopenings}"
        told = {"language": language, "request_ids": (request.id,), "dedup_key": once}
        moment.say_alone(poster, "exhausted_case", params=params, **told)


def _climbed(moment: Moment, staffing: Staffing, one: Decided) -> Climbed:
    """In which roles people were asked for what is owed now, as the store knows it; and which could not be."""
    request, decision = one
    assert decision.claim is not None
    found = nags.of_request(moment.tx, request.id, decision.claim.debt.begins)
    people = {nag.person_id for nag in found if nag.reason != "answer_soon"}
    staff = staffing.of(request)
    chain = escalation.chain_of(request, moment.jurisdiction.pace.ladders, decision.claim.debt.owed)
    asked = [role for role in (*chain, "communications") if people.intersection(staff.get(role, ()))]
    return Climbed(decision.claim.debt.owed, tuple(asked), decision.empty)


# --- the group --------------------------------------------------------------------------------------------------------


def _tell_group(moment: Moment, group: Group, found: Sequence[Decided]) -> None:
    place = (group.platform, group.chat_id)
    if len(found) >= TOGETHER:
        listed = sorted((request for request, _ in found), key=lambda request: (request.requested_datetime, request.id))
        moment.tell(
            group,
            "late_several",
            several_params(listed),
            request_ids=tuple(request.id for request in listed),
            holds=LIVE,
            dedup_key=f"late|{group.platform}|{group.chat_id}|{micros(moment.now)}",
        )
        return
    for request, decision in found:
        here = (request.platform, request.chat_id) == place
        moment.queue(
            "send",
            place,
            "late_vacant" if _vacant(decision) else "late",
            params=_params(moment, request, decision),
            language=request.language,
            reply_to=request.message_id if here else None,
            request_ids=(request.id,),
            holds=LIVE,
            dedup_key=f"late|{group.platform}|{group.chat_id}|{request.service_request_id}|{request.nags + 1}",
        )


def _vacant(decision: Decision) -> bool:
    """Whether nobody reachable holds the role that the ladder has reached."""
    return decision.role in decision.empty


def _params(moment: Moment, request: ServiceRequest, decision: Decision) -> Mapping[str, object]:
    assert decision.claim is not None
    found = [(asked, moment.roster.by_id(asked.person_id, moment.now)) for asked in decision.recipients]
    named = [person for asked, person in found if person and asked.role == decision.role]
    # the director who took on the word of an absent coordinator is asked as that one
    named = named or [person for _, person in found if person and person.holds(decision.role)]
    debt = decision.claim.debt
    bottom = escalation.chain_of(request, moment.jurisdiction.pace.ladders, debt.owed)[0]
    owes = escalation.owing(decision.recipients, bottom)
    others = [person for person in moment.officers(request.service_code) if person not in named]
    officer = (
        moment.roster.by_id(owes, moment.now) if owes not in {one.id for one in named} else next(iter(others), None)
    )
    said: dict[str, object] = {
        "ref": request.service_request_id,
        "owed": debt.owed,
        "reason": debt.reason,
        "form": _form(request, decision.claim.debt, decision.role),
        "role": f"role.{decision.role}",
        "people": [person.called for person in named],
        "days": decision.claim.passed,
        "since": micros(debt.since),
    }
    if officer is not None and bottom not in decision.empty:
        if not tenure.covers(moment, request, officer.id, moment.jurisdiction.pace.ladders.chain, debt.since):
            said["form"] = f"{said['form']}_new"  # they had no word to give then
        said["officer"] = officer.called
    return said


def _form(request: ServiceRequest, debt: Debt, role: str) -> str:
    """By which the line is chosen; another day for an answer can be named once."""
    owed = "next_word" if debt.reason == "next_word" else debt.owed
    return f"{owed}_{role}" + ("_extended" if owed == "answer" and request.extensions else "")


def several_params(listed: Sequence[ServiceRequest]) -> dict[str, object]:
    """What a line for several requests says, the longest first."""
    return {
        "owed": "",
        "count": len(listed),
        "refs": [request.service_request_id for request in listed[:NAMED]],
    }


def ended_params(notice: QueuedNotice, still: Sequence[ServiceRequest]) -> dict[str, object]:
    """What a line about the end of several ladders says of those that still stand there."""
    return {
        **notice.params,
        "count": len(still),
        "refs": [request.service_request_id for request in still[:NAMED]],
    }


def still_owed(tx: Tx, pace: Pace, request_ids: Sequence[int], owed: str, now: datetime) -> list[ServiceRequest]:
    """Those of the requests on which this debt (or any, for '') is still asked for at `now` (aware UTC)."""
    return [
        request
        for request in requests.by_ids(tx, request_ids)
        if not (request.paused_until and request.paused_until > now)
        and any(claim.latest is not None and owed in ("", claim.debt.owed) for claim in claims(request, pace, now))
    ]


# --- the poster -------------------------------------------------------------------------------------------------------


def _tell_poster(moment: Moment, poster_id: int, own: Sequence[ServiceRequest], climbed: Climbed) -> None:
    """Whoever can be reached was asked: the citizen may go on to the ombudsman; for one alone a text is ready.

    Even after an emergency it is told in working time, if it still holds then.
    """
    chat = moment.roster.private_chat(poster_id)
    if chat is None:
        return
    request = own[0]
    language = request.language
    ombudsman = moment.jurisdiction.protocol.file.chase.ombudsman
    said: dict[str, object] = {
        "ref": request.service_request_id,
        "refs": [one.service_request_id for one in own[:NAMED]],
        "count": len(own),
        "owed": climbed.owed if len(own) == 1 else "",
        **climbed.params(),
        "department": f"department.{request.service_code}",
        "posted": micros(request.requested_datetime),
        "due": micros(request.original_expected_datetime or request.requested_datetime),
        "body": ombudsman.name.get(language) or ombudsman.name[moment.jurisdiction.language],
        "contact": ombudsman.contact,
    }
    opens = worktime.next_open(moment.now, moment.jurisdiction.calendar)
    once = f"|{request.reopenings}|{request.moved_at or ''}"  # for each time that a ladder begins
    once += f"|{micros(opens)}" if opens > moment.now else ""  # where it does not hold then, a later one must be told
    text = "ombudsman_text"
    if request.expected_datetime is not None and request.expected_datetime > moment.now:
        text, owed = "ombudsman_text_word", request.next_word_at or request.acknowledge_due
        said["since"] = micros(owed or request.requested_datetime)
    if request.reopened_at is not None and request.answers:  # whoever goes to an authority must not say an untruth
        text, said["reopened"] = "ombudsman_text_again", micros(request.reopened_at)
    keys = ("exhausted", text) if len(own) == 1 else ("exhausted_several",)
    about = f"|{poster_id}|{request.service_request_id}{once}"
    if outbox.was_queued(moment.tx, f"{keys[0]}{about}"):
        return  # told already, by the line that leads to the text
    for key in keys:
        moment.queue(
            "send",
            (chat.platform, chat.chat_id),
            key,
            params=said,
            language=language,
            request_ids=tuple(one.id for one in own),
            not_before=opens,
            holds=LIVE,
            dedup_key=f"{key}{about}",
        )
