"""A person takes back an act of their own, within the pack's hours and as long as nobody has built on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from groupbot import mirroring
from groupbot.moment import Moment
from groupbot.moves.changing import called, held, log, person_id
from groupbot.records import ServiceRequest, micros
from groupbot.rules import escalation
from groupbot.store import history, nags, outbox, requests
from groupbot.store.history import PastAct


@dataclass(frozen=True, slots=True)
class NotUndone:
    """Why nothing was taken back: there is nothing, or somebody (called `by`, '' unknown) has acted since."""

    reason: Literal["nothing", "changed_since"]
    request: ServiceRequest | None = None
    by: str = ""


def undo(moment: Moment, request: ServiceRequest | None) -> ServiceRequest | NotUndone:
    """Take back one's own newest act, on this request where one is meant, and on its twins; the request as it is."""
    hours = timedelta(hours=moment.jurisdiction.protocol.file.limits.undo_hours)
    since = moment.update.sent_at - hours
    me = person_id(moment)
    act = None if me is None else history.latest(moment.tx, me, since, request.id if request else None)
    if act is None or act.person_id is None:
        return NotUndone("nothing", request)
    whole = history.together(moment.tx, act)
    if {"withdrawn", "protected"} <= {part.act for part in whole}:  # it was set apart, and is a case by now
        return NotUndone("nothing", request)
    for part in whole:
        last = history.changed_since(moment.tx, part)
        if last is not None and last != act.person_id:
            by = moment.roster.by_id(last, moment.now)
            found = requests.by_id(moment.tx, part.request_id)
            return NotUndone("changed_since", found, by.called if by else "")
    restored = [_restore(moment, requests.by_id(moment.tx, part.request_id), part) for part in whole]
    return next(one for one in restored if one.id == act.request_id)


def _restore(moment: Moment, request: ServiceRequest, act: PastAct) -> ServiceRequest:
    settings = dict(act.columns) | {"updated_datetime": moment.update.sent_at}
    now = (moment.update.sent_at, history.UNDONE, person_id(moment), moment.inbox_id)
    history.keep(moment.tx, PastAct(request.id, request.version, *now), settings)
    history.mark_undone(moment.tx, act, moment.now)
    _forget_traces(moment, act)
    requests.change(moment.tx, request, settings)
    restored = requests.by_id(moment.tx, request.id)
    due = escalation.look_at(restored, moment.jurisdiction.pace, moment.now)
    if due != restored.next_nag_at:
        requests.change(moment.tx, restored, {"next_nag_at": due})
        restored = requests.by_id(moment.tx, request.id)
    capacity = next(iter(held(moment, restored)), "")
    log(moment, "undone", restored, capacity=capacity, private=act.act)
    _tell(moment, request, restored, act)
    return restored


def _forget_traces(moment: Moment, act: PastAct) -> None:
    """What an act has left beside the request's own row."""
    if act.act == "extended":
        history.drop_extension(moment.tx, act.request_id, act.at)
    elif act.act == "linked":
        history.unpair(moment.tx, act.request_id, act.person_id, act.at)


def _tell(moment: Moment, before: ServiceRequest, request: ServiceRequest, act: PastAct) -> None:
    """Whoever was told of the act is told that it is taken back: what it had changed, and how that stands again."""
    now: dict[str, object] = {"ref": request.service_request_id, "state": f"state.{request.state}"}
    moved = before.service_code != request.service_code
    if moved:
        now["department"] = f"department.{request.service_code}"
    elif request.expected_datetime and _dated(before) != _dated(request):
        now |= {"priority": f"priority.{request.priority}", "due": micros(request.expected_datetime)}
    params = now | {"who": called(moment)}
    moment.say_of(request, "undone", params)
    if moved:
        moment.tell_department(before, "undone", params)
        _tell_communications(moment, before, params)
    ladders = moment.jurisdiction.pace.ladders
    if ladders.presses(before) and (moved or not ladders.presses(request)):
        _tell_rung(moment, request, params, act)
    mirroring.corrected(moment, request, before, now)


def _dated(request: ServiceRequest) -> tuple[object, ...]:
    return request.priority, request.expected_datetime


def _tell_communications(moment: Moment, before: ServiceRequest, params: Mapping[str, object]) -> None:
    """Those who were asked to name a coordinator for it, where it was, need not hurry for it any more."""
    for group in moment.roster.groups("communications"):
        asked = f"unattended|{group.platform}|{group.chat_id}|{before.service_code}|"
        if outbox.was_about(moment.tx, asked, before.id):
            moment.tell(group, "undone", params, request_ids=(before.id,))


def _tell_rung(moment: Moment, request: ServiceRequest, params: Mapping[str, object], act: PastAct) -> None:
    """Officers whom the act had rung hear, alone, that it is over; calls that still wait are not made."""
    for asked in dict.fromkeys(nag.person_id for nag in nags.of_request(moment.tx, request.id, act.at)):
        calls = f"alarm|{request.service_request_id}|{asked}|"
        outbox.call_off(moment.tx, calls)
        person = moment.roster.by_id(asked, moment.now)
        if person is not None and asked != person_id(moment) and outbox.begun(moment.tx, calls):
            moment.tell_alone(person, "undone", params, f"undone|{moment.stamp}|{request.id}|{asked}")
