"""A stage for the sandbox: its people and groups, made on the platform and put on the bot's roster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import count

from groupbot.chat.sandbox import Sandbox
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Grant, Group, GroupKind, Person
from groupbot.rules.names import called
from groupbot.store import people
from groupbot.store.database import Tx

PLATFORM = "sandbox"


@dataclass(frozen=True, slots=True)
class Player:
    """Someone on the stage; `role` is a role of the pack, or empty for a stranger who is not on the roster."""

    user_id: str
    name: str
    role: str = ""
    ward: str = ""
    service_code: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A group on the stage."""

    chat_id: str
    title: str
    kind: GroupKind
    service_code: str = ""
    members: tuple[str, ...] = ()


def same_salts() -> Callable[[], bytes]:
    """Salts that are the same in every rehearsal, so that its checkpoints are too; never for a log that counts."""
    numbers = count()
    return lambda: sha256(b"%d" % next(numbers)).digest()


def set_up(sandbox: Sandbox, players: Iterable[Player], places: Iterable[Place]) -> None:
    """Make the people, the groups and the private chats on the platform."""
    cast = list(players)
    for player in cast:
        sandbox.add_person(player.user_id, player.name, player.role, player.ward, player.service_code)
    for place in places:
        sandbox.add_chat(place.chat_id, place.title, place.kind, place.members)
    for player in cast:
        sandbox.add_private_chat(player.user_id)


def enrol(tx: Tx, jurisdiction: Jurisdiction, stage: tuple[Sequence[Player], Sequence[Place]], now: datetime) -> None:
    """Put the players on the roster and bind the places, each once however often the stage is set."""
    players, places = stage
    roster = people.load_roster(tx, jurisdiction.id)
    for player in players:
        if roster.person(PLATFORM, player.user_id, now) is None:
            _enrol_player(tx, jurisdiction, player, now)
    for place in places:
        if roster.group(PLATFORM, place.chat_id) is None:
            group = Group(0, PLATFORM, place.chat_id, place.kind, place.title, place.service_code or None)
            people.bind_chat(tx, jurisdiction.id, group, now)


def _enrol_player(tx: Tx, jurisdiction: Jurisdiction, player: Player, now: datetime) -> None:
    if not player.role:
        return
    grant = Grant(player.role, player.service_code or None, player.ward or None)
    name = called(player.name, jurisdiction.titles)
    person = Person(0, player.name, name, player.language, (grant,))
    person_id = people.add_person(tx, jurisdiction.id, person, now)
    people.add_identity(tx, jurisdiction.id, person_id, (PLATFORM, player.user_id, player.name), now)
    chat_id = f"private:{player.user_id}"
    private = Group(0, PLATFORM, chat_id, "private", f"private: {player.name}", person_id=person_id)
    people.bind_chat(tx, jurisdiction.id, private, now)
