"""Who and where, from a transcript: its people with their roles, its groups with their departments."""

from __future__ import annotations

from collections.abc import Sequence

from groupbot.jurisdiction import Jurisdiction
from groupbot.rehearsal.county import OFFICES, offices
from groupbot.rehearsal.stage import Place, Player
from groupbot.rehearsal.transcript import Line, TranscriptError
from groupbot.rules.text import fold
from groupbot.rules.wards import WardTable

# How transcripts write some roles in short, beside the role codes themselves.
SHORT_ROLES = {"comms": "communications", "cso": "observer", "stranger": ""}


def cast(lines: Sequence[Line], jurisdiction: Jurisdiction) -> tuple[list[Player], list[Place]]:
    """The stage for a transcript: everyone in it, its groups, and the offices every county has.

    Raises TranscriptError for a group that names no department and for an unknown role or ward.
    """
    places = {line.group: _place(line, jurisdiction) for line in lines}
    players: dict[str, Player] = {}
    for line in lines:
        if line.name not in players:
            players[line.name] = _player(line, places[line.group], jurisdiction)
    everyone = tuple(player.user_id for player in players.values())
    known = {place.chat_id for place in places.values()}
    stage = {place.chat_id: place for place in places.values()}
    stage |= {
        place.chat_id: place for place in offices(jurisdiction, list(players.values())) if place.chat_id not in known
    }
    seated = [
        Place(place.chat_id, place.title, place.kind, place.service_code, everyone if place.kind != "mirror" else ())
        for place in stage.values()
    ]
    return list(players.values()), seated


def _place(line: Line, jurisdiction: Jurisdiction) -> Place:
    title = fold(line.group)
    for kind in OFFICES:
        if kind in title.split():
            return Place(kind, line.group, kind)
    for department in jurisdiction.protocol.file.department:
        names = (department.service_code, *department.name.values(), *department.aliases)
        if any(_begins(title, fold(name)) for name in names):
            return Place(department.service_code, line.group, "department", department.service_code)
    raise TranscriptError(f"line {line.number}: no department of the pack is named in the group '{line.group}'")


def _begins(title: str, name: str) -> bool:
    return title == name or title.startswith(f"{name} ")


def _player(line: Line, place: Place, jurisdiction: Jurisdiction) -> Player:
    code = line.role.strip().replace(" ", "_").replace("-", "_")
    role = SHORT_ROLES.get(code, code)
    if role and role not in jurisdiction.protocol.roles:
        raise TranscriptError(f"line {line.number}: the pack has no role '{line.role}'")
    scope = jurisdiction.protocol.roles[role].scope if role else ""
    ward = ""
    if line.ward:
        ward = WardTable.of(jurisdiction.protocol).find(line.ward) or ""
        if not ward:
            raise TranscriptError(f"line {line.number}: the pack has no ward '{line.ward}'")
    user_id = fold(line.name).replace(" ", "-")
    service_code = place.service_code if scope == "department" else ""
    return Player(user_id, line.name, role, ward, service_code)
