"""What a pilot leaves unsaid: notices of requests, wards and departments in which the bot only watches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from groupbot.records import Notice, PilotMode, ServiceRequest, Stage
from groupbot.rules import pilot
from groupbot.store import requests

if TYPE_CHECKING:
    from groupbot.jurisdiction import Jurisdiction
    from groupbot.moment import Moment

SAYING = ("send", "edit", "react", "pin")


def mode_of(stages: Sequence[Stage], request: ServiceRequest, now: datetime) -> PilotMode:
    """The stage of a request at `now` (aware UTC)."""
    if not stages:
        return "full"
    return pilot.mode_of(stages, (request.service_code, request.ward, request.requested_datetime), now)


def is_chased(jurisdiction: Jurisdiction, stages: Sequence[Stage], request: ServiceRequest, now: datetime) -> bool:
    """Whether people are reminded of a request: in full, and of an emergency wherever the bot says anything."""
    mode = mode_of(stages, request, now)
    level = jurisdiction.protocol.priorities[request.priority]
    return mode == "full" or (mode == "assist" and level.round_the_clock and request.made_safe_at is None)


def hushed(moment: Moment, notices: Sequence[Notice]) -> list[str]:
    """The dedup_keys of the notices that are not to be said."""
    return [notice.dedup_key for notice in notices if notice.action in SAYING and not _is_said(moment, notice)]


def _is_said(moment: Moment, notice: Notice) -> bool:
    group = moment.roster.group(notice.platform, notice.chat_id)
    if group is None:
        return True
    about = [requests.by_id(moment.tx, pk) for pk in notice.request_ids]
    modes = [mode_of(moment.roster.stages, request, moment.now) for request in about]
    from_group = group.kind == "private" and moment.group.kind == "department"
    if not modes and (group.kind == "department" or from_group):
        modes = [_here(moment, (moment.group if from_group else group).service_code or "")]
    return not modes or any(pilot.is_said(mode, group.kind) for mode in modes)


def _here(moment: Moment, service_code: str) -> PilotMode:
    """The stage of what whoever spoke says in a department's group: of their own ward, where they have one."""
    grants = moment.person.grants if moment.person else ()
    wards = [grant.ward for grant in grants if grant.ward] or [""]
    modes = [pilot.mode_at(moment.roster.stages, service_code, ward, moment.now) for ward in wards]
    return max(modes, key=pilot.MODES.index)
