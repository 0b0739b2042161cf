"""Does the cast of a pack's sandbox fit the pack?"""

from __future__ import annotations

from collections.abc import Iterable

from groupbot.protocol import CastFile, CastMember, Protocol
from groupbot.protocol.cast import PLACE
from groupbot.protocol_check.problems import Findings, read


def compare(pack: Protocol, found: Findings) -> None:
    """Note where the cast names what the pack does not have, or one user_id twice. A pack may have no cast."""
    if not (pack.folder / PLACE).is_file():
        return
    cast = read(pack.folder, PLACE, CastFile, found)
    known: dict[str, CastMember] = {}
    for person in cast.person if cast else ():
        _fits(pack, person, found)
        if known.setdefault(person.user_id, person) is not person:
            place = (PLACE, f"person.{person.name}.user_id")
            problem = f"'{person.user_id}' is {known[person.user_id].name} already."
            found.add(place, problem, "Give each person their own.")


def _fits(pack: Protocol, person: CastMember, found: Findings) -> None:
    named: tuple[tuple[str, str | None, Iterable[str]], ...] = (
        ("role", person.role, pack.roles),
        ("ward", person.ward, pack.wards),
        ("department", person.department, pack.departments),
        ("language", person.language, pack.languages),
    )
    for key, value, known in named:
        if value and value not in known:
            place = (PLACE, f"person.{person.name}.{key}")
            found.add(place, f"The pack has no {key} '{value}'.", "Correct it, or leave it out.")
