"""A pack on disk -> a frozen Protocol: one jurisdiction's wards, departments, form, clocks and texts, as data."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

from groupbot.protocol.calendar import CalendarFile
from groupbot.protocol.county import Department, Priority, ProtocolFile, Role, Ward
from groupbot.protocol.parts import Part
from groupbot.protocol.reading import ReadingFile
from groupbot.protocol.weights import WeightsFile
from groupbot.protocol.words import WordsFile


class Protocol(Part):
    """A whole pack. `messages` maps language -> key -> template, or {one, other} templates."""

    folder: Path
    file: ProtocolFile
    reading: ReadingFile
    weights: WeightsFile
    calendar: CalendarFile
    words: dict[str, WordsFile]
    messages: dict[str, dict[str, Any]]

    @property
    def id(self) -> str:
        """The jurisdiction_id."""
        return self.file.pack.id

    @property
    def version(self) -> str:
        """The version that each request opened under this pack keeps."""
        return self.file.pack.version

    @property
    def languages(self) -> tuple[str, ...]:
        """The pack's languages, the default first."""
        return self.file.pack.languages

    @functools.cached_property
    def departments(self) -> dict[str, Department]:
        """Departments by service code."""
        return {department.service_code: department for department in self.file.department}

    @functools.cached_property
    def priorities(self) -> dict[str, Priority]:
        """Priorities by level, the most pressing first."""
        return {priority.level: priority for priority in self.file.priority}

    def rank_of(self, level: str) -> int:
        """Where a priority stands: 0 is the most pressing one."""
        return list(self.priorities).index(level)

    def waiting(self, level: str) -> Priority:
        """The priority of a level; of one round the clock the most pressing one that can wait."""
        own = self.priorities[level]
        if not own.round_the_clock:
            return own
        return next((one for one in self.priorities.values() if not one.round_the_clock), own)

    @functools.cached_property
    def wards(self) -> dict[str, Ward]:
        """Wards by canonical name."""
        return {ward.name: ward for ward in self.file.ward}

    @functools.cached_property
    def roles(self) -> dict[str, Role]:
        """Roles by code."""
        return {role.code: role for role in self.file.role}

    @functools.cached_property
    def default_priority(self) -> str:
        """The level of a request whose post names none."""
        return next((level.level for level in self.file.priority if level.default), self.file.priority[-1].level)


def folder() -> Path:
    """Where the packs are: in an installed package, or beside a checkout. Marked by default.toml.

    Raises FileNotFoundError when neither holds the marker.
    """
    inside = Path(__file__).parents[1] / "protocols"
    beside = Path(__file__).parents[2] / "protocols"
    for place in (inside, beside):
        if (place / "default.toml").is_file():
            return place
    raise FileNotFoundError(f"no protocols folder with default.toml: looked in {inside} and {beside}")


def locate(pack: str | None) -> Path:
    """The folder of a pack given by id or path; None means the one that default.toml names.

    Raises FileNotFoundError when there is no such pack.
    """
    if pack is None:
        pack = str(tomllib.loads((folder() / "default.toml").read_text(encoding="utf-8"))["pack"])
    as_path = Path(pack)
    place = as_path if (as_path / "protocol.toml").is_file() else folder() / pack
    if not (place / "protocol.toml").is_file():
        raise FileNotFoundError(f"no pack '{pack}': neither a folder with protocol.toml nor a name in {folder()}")
    return place


def load(place: Path) -> Protocol:
    """Read a pack's files.

    Raises OSError for a missing file, tomllib.TOMLDecodeError for bad TOML, pydantic.ValidationError for a bad value;
    `protocol_check.check` turns these into sentences.
    """
    file = ProtocolFile.model_validate(_toml(place / "protocol.toml"))
    languages = file.pack.languages
    return Protocol(
        folder=place,
        file=file,
        reading=ReadingFile.model_validate(_toml(place / "reading.toml")),
        weights=WeightsFile.model_validate(_toml(place / "weights.toml")),
        calendar=CalendarFile.model_validate(_toml(place / "calendar.toml")),
        words={code: WordsFile.model_validate(_toml(place / "words" / f"{code}.toml")) for code in languages},
        messages={code: _toml(place / "messages" / f"{code}.toml") for code in languages},
    )


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
