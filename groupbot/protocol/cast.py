"""The invented people of a pack's sandbox: whom one may speak as, from sandbox/cast.toml."""

from __future__ import annotations

import tomllib
from typing import Literal

from groupbot.protocol.pack import Protocol
from groupbot.protocol.parts import NonEmpty, Part

PLACE = "sandbox/cast.toml"


class CastMember(Part):
    """[[person]]: an invented person of the sandbox. A stranger has no role."""

    name: NonEmpty
    user_id: NonEmpty  # on the sandbox's own chat platform
    role: str = ""
    ward: str | None = None
    department: str | None = None
    language: str = ""  # empty: the pack's default


class CastFile(Part):
    """sandbox/cast.toml."""

    titles: dict[Literal["mirror", "communications", "committee"], NonEmpty] = {}
    person: tuple[CastMember, ...] = ()


def load_cast(protocol: Protocol) -> CastFile:
    """The cast of a pack; empty when the pack has none.

    Raises tomllib.TOMLDecodeError or pydantic.ValidationError for a bad file; `groupbot check` says how to mend it.
    """
    path = protocol.folder / PLACE
    if not path.is_file():
        return CastFile()
    return CastFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
