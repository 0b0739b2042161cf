"""The pack's own county on a stage: its cast, its departments, and the conversation that opens the sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from groupbot.app import App
from groupbot.chat.sandbox import Sandbox
from groupbot.clock import VirtualClock
from groupbot.jurisdiction import Jurisdiction
from groupbot.protocol import load_cast
from groupbot.rehearsal import transcript
from groupbot.rehearsal.stage import Place, Player
from groupbot.rehearsal.transcript import Line

WEEK = timedelta(days=7)

# The county-wide groups and the roles that sit in each.
OFFICES: dict[Literal["mirror", "communications", "committee"], tuple[str, ...]] = {
    "mirror": ("observer",),
    "communications": ("communications",),
    "committee": ("committee", "communications"),
}


def players(jurisdiction: Jurisdiction) -> list[Player]:
    """The pack's cast."""
    return [
        Player(
            person.user_id,
            person.name,
            person.role or "",
            person.ward or "",
            person.department or "",
            person.language or "",
        )
        for person in load_cast(jurisdiction.protocol).person
    ]


def places(jurisdiction: Jurisdiction, cast: Sequence[Player]) -> list[Place]:
    """The departments' groups and the offices, with those who sit in each."""
    protocol = jurisdiction.protocol
    language = jurisdiction.language
    everywhere = [player.user_id for player in cast if _sits_everywhere(jurisdiction, player)]
    found = [
        Place(
            department.service_code,
            department.name[language],
            "department",
            department.service_code,
            (*_of(cast, department.service_code), *everywhere),
        )
        for department in protocol.file.department
    ]
    return found + offices(jurisdiction, cast)


def offices(jurisdiction: Jurisdiction, cast: Sequence[Player]) -> list[Place]:
    """The county-wide groups: the mirror, communications, the committee."""
    titles = load_cast(jurisdiction.protocol).titles
    members = {
        kind: tuple(player.user_id for player in cast if player.role in roles) for kind, roles in OFFICES.items()
    }
    return [Place(kind, titles.get(kind, kind), kind, "", members[kind]) for kind in OFFICES]


def _of(cast: Sequence[Player], service_code: str) -> tuple[str, ...]:
    return tuple(player.user_id for player in cast if player.service_code == service_code)


def _sits_everywhere(jurisdiction: Jurisdiction, player: Player) -> bool:
    """Ward admins and communications sit in every department's group; so does the stranger, to be tried out."""
    role = jurisdiction.protocol.roles.get(player.role)
    return role is None or role.scope == "ward" or player.role == "communications"


def opening(jurisdiction: Jurisdiction, present: datetime) -> list[Line]:
    """The conversation that opens the sandbox, moved by whole weeks so that it ends in the week before `present`."""
    file = jurisdiction.protocol.folder / "sandbox" / "opening.txt"
    if not file.is_file():
        return []
    lines = transcript.read(file.read_text(encoding="utf-8"), jurisdiction.zone)
    weeks = (present - lines[-1].at) // WEEK
    return [
        replace(
            line,
            at=line.at + weeks * WEEK,
            reply_to=line.reply_to and line.reply_to + weeks * WEEK,
            edits=line.edits and line.edits + weeks * WEEK,
        )
        for line in lines
    ]


async def play_opening(app: App, sandbox: Sandbox, clock: VirtualClock, lines: Sequence[Line]) -> None:
    """Let the cast say the opening lines. Raises SandboxError when a line's person or group is not on the stage."""
    said: dict[datetime, str] = {}
    people = {person.name: person.user_id for person in sandbox.people()}
    rooms = {room.title: room.chat_id for room in sandbox.chats()}
    for line in lines:
        await app.advance(clock, line.at)
        reply_to = said.get(line.reply_to) if line.reply_to else None
        chat_id = rooms.get(line.group, line.group)
        said[line.at] = sandbox.post(
            chat_id, people.get(line.name, line.name), line.text, at=line.at, reply_to=reply_to
        )
        await app.step()
