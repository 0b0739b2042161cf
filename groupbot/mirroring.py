"""What the CSO mirror hears of a request: coded lines only, each through the allow-list of rules/publication."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from groupbot.delivery.wording import LIVE
from groupbot.jurisdiction import Jurisdiction
from groupbot.moment import Moment
from groupbot.records import Group, Notice, ServiceRequest, instant, micros
from groupbot.rules import publication, worktime
from groupbot.rules.debts import owed_between
from groupbot.rules.escalation import Climbed, Decided
from groupbot.store import outbox, service_log
from groupbot.store.people import Roster


def opened(moment: Moment, request: ServiceRequest) -> None:
    """A new request: reference, department, ward, topic, priority, due day."""
    due = micros(request.expected_datetime) if request.expected_datetime else None
    params: dict[str, object] = {
        "ref": request.service_request_id,
        "department": f"department.{request.service_code}",
        "ward": request.ward,
        "priority": f"priority.{request.priority}",
        "due": due,
    }
    if request.topic:
        params["topic"] = f"topic.{request.topic}"
    _tell(moment, request, "mirror_new" if request.topic else "mirror_new_untopic", params)


def answered(moment: Moment, request: ServiceRequest) -> None:
    """The department says done; the citizen is being asked."""
    at = request.answered_at or moment.now
    days = (at - request.requested_datetime).days
    key = "mirror_answered" if days else "mirror_answered_same_day"
    _tell(moment, request, key, {"ref": request.service_request_id, "days": days})


def closed(moment: Moment, request: ServiceRequest) -> None:
    """The citizen agrees, reported by whom."""
    _tell(moment, request, "mirror_closed", {"ref": request.service_request_id, "source": request.word_source})


def reopened(moment: Moment, request: ServiceRequest) -> None:
    """The citizen says not yet."""
    _tell(moment, request, "mirror_reopened", {"ref": request.service_request_id})


def moved(moment: Moment, request: ServiceRequest) -> None:
    """The request is another department's now."""
    params = {"ref": request.service_request_id, "department": f"department.{request.service_code}"}
    _tell(moment, request, "mirror_moved", params)


def amended(moment: Moment, request: ServiceRequest) -> None:
    """Its priority has changed, and with it the day on which the answer is due."""
    due = micros(request.expected_datetime) if request.expected_datetime else None
    params = {"ref": request.service_request_id, "priority": f"priority.{request.priority}", "due": due}
    _tell(moment, request, "mirror_amended", params)


def refused(moment: Moment, request: ServiceRequest) -> None:
    """The department says that it will not do it now: which way, and the citizen is being asked."""
    _tell(moment, request, f"mirror_{request.outcome}", {"ref": request.service_request_id})


def extended(moment: Moment, request: ServiceRequest) -> None:
    """The deadline was moved, once and no more."""
    due = micros(request.expected_datetime) if request.expected_datetime else None
    _tell(moment, request, "mirror_extended", {"ref": request.service_request_id, "due": due})


def ended(moment: Moment, request: ServiceRequest) -> None:
    """Closed without an answer of the department: settled in the ward, withdrawn, or filed twice."""
    _tell(moment, request, f"mirror_{request.outcome}", {"ref": request.service_request_id})


def corrected(moment: Moment, request: ServiceRequest, before: ServiceRequest, params: Mapping[str, object]) -> None:
    """The last act was taken back: where the request stands again, also for those who heard where it was `before`."""
    began = len(moment.notices)
    _tell(moment, request, "mirror_corrected", params)
    told = {(notice.platform, notice.chat_id) for notice in moment.notices[began:]}
    made_by = f"{moment.stamp}|{len(moment.notices)}|mirror_corrected|{request.service_request_id}"
    moved = replace(request, service_code=before.service_code)
    found = lines(moment.jurisdiction, moment.roster, (moved, "mirror_corrected", params, made_by), moment.now)
    moment.notices += [notice for notice in found if (notice.platform, notice.chat_id) not in told]


def unreachable(moment: Moment, request: ServiceRequest) -> None:
    """Closed without the citizen's word, which was asked for in vain."""
    _tell(moment, request, "mirror_unreachable", {"ref": request.service_request_id})


def made_safe(moment: Moment, request: ServiceRequest) -> None:
    """An emergency is none any more; the rest is due by a later day."""
    due = micros(request.expected_datetime) if request.expected_datetime else None
    _tell(moment, request, "mirror_made_safe", {"ref": request.service_request_id, "due": due})


MANY = 3  # so many late requests of one morning become one line
NAMED = 10  # references in that line
_ENDED = "mirror_exhausted|"  # + a reference: the beginning of the dedup_key of a line about the end of its ladder


def late(moment: Moment, found: Sequence[Decided]) -> None:
    """Answers that were due before this morning and have not come, with the role that is asked and working days.

    Where the end of a request's ladder still waits to be told, that line says that it is late.
    """
    ending = {key.split("|")[1] for key in outbox.waiting(moment.tx, _ENDED)} if found else set()
    found = [one for one in found if one[0].service_request_id not in ending]
    if len(found) >= MANY:
        _tell_many(moment, "mirror_late_several", [request for request, _ in found])
        return
    for request, decision in found:
        days = _days_late(moment, request)
        params = {"ref": request.service_request_id, "days": days, "empty": [f"role.{role}" for role in decision.empty]}
        if decision.reached:
            params["role"] = f"role.{decision.reached}"
        _tell(moment, request, "mirror_late", params, once=f"late {request.nags}")


def _days_late(moment: Moment, request: ServiceRequest) -> int:
    """Working mornings since the answer was due, without those on which an answer lay with the citizen's side."""
    entries = service_log.history(moment.tx, request.id)
    states = [(instant(entry["at"]), str(entry["state"])) for entry in entries if entry["state"]]
    spans = owed_between(request.expected_datetime or moment.now, states, moment.now)
    return sum(moment.jurisdiction.pace.mornings.count(*span) for span in spans)


def exhausted(moment: Moment, found: Sequence[Decided], climbed: Callable[[Decided], Climbed]) -> None:
    """Everybody on the ladder who can be reached was asked, in these roles; told in working time, if it holds."""
    began, opens = len(moment.notices), worktime.next_open(moment.now, moment.jurisdiction.calendar)
    _exhausted(moment, found, climbed)
    if opens > moment.now:
        moment.notices[began:] = [_held(notice, opens) for notice in moment.notices[began:]]


def _held(notice: Notice, opens: datetime) -> Notice:
    key = f"{notice.dedup_key}|{micros(opens)}"  # where it does not hold then, a later one must be told
    return replace(notice, dedup_key=key, not_before=max(opens, notice.not_before or opens), holds=LIVE)


def _exhausted(moment: Moment, found: Sequence[Decided], climbed: Callable[[Decided], Climbed]) -> None:
    if len(found) >= MANY:
        _tell_many(moment, "mirror_exhausted_several", [request for request, _ in found])
        return
    for one in found:
        request = one[0]
        params: dict[str, object] = {"ref": request.service_request_id, **climbed(one).params()}
        due, key = request.expected_datetime, "mirror_exhausted"
        if due is not None and due > moment.now:  # a word is owed and has not come; the answer is not late yet
            params, key = {**params, "due": micros(due)}, "mirror_exhausted_word"
        _tell(moment, request, key, params, once=f"exhausted {request.reopenings} {request.moved_at or ''}")


def holiday(moment: Moment, day: int, gazette: str, found: Sequence[ServiceRequest], once: str) -> None:
    """A day (its noon, in microseconds) became a holiday: how many answers are due later by it, with its Gazette."""
    params: dict[str, object] = {"day": day, "count": len(found)} | ({"gazette": gazette} if gazette else {})
    for group in moment.roster.groups("mirror"):
        count = sum(group.service_code in (None, one.service_code) for one in found if publication.request_shown(one))
        if count:
            moment.tell(
                group,
                "mirror_holiday",
                publication.summary_params({**params, "count": count}),
                not_before=worktime.next_open(moment.now, moment.jurisdiction.calendar),
                dedup_key=f"{once}|{group.platform}|{group.chat_id}",
            )


def _tell_many(moment: Moment, key: str, listed: Sequence[ServiceRequest]) -> None:
    ordered = sorted(listed, key=lambda request: (request.expected_datetime or moment.now, request.id))
    for group in moment.roster.groups("mirror"):
        ours = [one for one in ordered if group.service_code in (None, one.service_code)]
        shown = [one for one in ours if publication.request_shown(one)]
        if not shown:
            continue
        refs = [request.service_request_id for request in shown[:NAMED]]
        moment.tell(
            group,
            key,
            publication.summary_params({"count": len(shown), "refs": refs}),
            request_ids=tuple(request.id for request in shown),
            dedup_key=f"{key}|{group.platform}|{group.chat_id}|{micros(moment.now)}",
        )


def _tell(moment: Moment, request: ServiceRequest, key: str, params: Mapping[str, object], *, once: str = "") -> None:
    about = f"{key}|{request.service_request_id}"
    line = (request, key, params, f"{about}|{once}" if once else f"{moment.stamp}|{len(moment.notices)}|{about}")
    moment.notices += lines(moment.jurisdiction, moment.roster, line, moment.now)


Line = tuple[ServiceRequest, str, Mapping[str, object], str]  # whose, its text's key, what fills it, what it is made by


def lines(jurisdiction: Jurisdiction, roster: Roster, line: Line, now: datetime) -> list[Notice]:
    """One line for every mirror that shows the request's department; none where the request is not shown.

    Of the most sensitive ones the hour must not show: they are told on the next working morning.
    """
    request, key, params, made_by = line
    allowed = publication.mirror_params(request, params, hide_ward=jurisdiction.hides(request))
    if allowed is None:
        return []
    if "ward" in params and "ward" not in allowed:
        key = "mirror_new_hidden"
    not_before = next_morning(jurisdiction, now) if request.topic in jurisdiction.hidden_topics else None
    return [
        Notice(
            group.platform,
            group.chat_id,
            "send",
            f"{made_by}|{group.platform}|{group.chat_id}",
            key=key,
            params=allowed,
            language=group.language or jurisdiction.language,
            request_ids=(request.id,),
            not_before=not_before,
        )
        for group in mirrors(roster, request.service_code)
    ]


def mirrors(roster: Roster, service_code: str) -> Iterator[Group]:
    """The mirrors of a department: those of the whole county, and its own."""
    return (group for group in roster.groups("mirror") if group.service_code in (None, service_code))


def next_morning(jurisdiction: Jurisdiction, now: datetime) -> datetime:
    """When the next working day opens, in UTC; never today."""
    today = now.astimezone(jurisdiction.zone)
    midnight = (today + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return worktime.next_open(midnight.astimezone(UTC), jurisdiction.calendar)
