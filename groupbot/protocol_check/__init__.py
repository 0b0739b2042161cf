"""Does a pack hold? Every mistake as a sentence; what types cannot say: `sense`, `texts`, `cast`, `examples`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from groupbot.protocol import CalendarFile, Protocol, ProtocolFile, ReadingFile, WeightsFile, WordsFile, load, locate
from groupbot.protocol_check.problems import Findings, Problem, read, read_toml

__all__ = ["Problem", "check", "reload"]


def check(folder: Path) -> list[Problem]:
    """Every problem of the pack in `folder`, in the order of its files; empty when it holds. Never raises for its text.

    The files are read first; only when each is well formed are they compared with each other, and only when they
    agree are the examples read.
    """
    return _checked(folder)[1]


def reload(current: Protocol) -> tuple[Protocol, list[Problem]]:
    """The pack read again from its folder, if it holds; else the current one and the problems: bad never replaces good.

    A pack keeps its id: a folder that now holds another jurisdiction's pack is refused.
    """
    pack, problems = _checked(current.folder)
    if pack is not None and pack.id != current.id:
        remedy = "Put the new pack into a folder of its own."
        problems.append(Problem("protocol.toml", "pack.id", f"Expected '{current.id}', the pack in use.", remedy))
    return (current, problems) if pack is None or problems else (pack, [])


def _checked(folder: Path) -> tuple[Protocol | None, list[Problem]]:
    found = Findings()
    pack = read_pack(folder, found)
    if pack is not None:
        _compare(pack, found)
    return pack, sorted(dict.fromkeys(found.problems))


def read_pack(folder: Path, found: Findings) -> Protocol | None:
    """The pack's files, each checked by itself; None when one of them is not well formed."""
    file = read(folder, "protocol.toml", ProtocolFile, found)
    reading = read(folder, "reading.toml", ReadingFile, found)
    weights = read(folder, "weights.toml", WeightsFile, found)
    calendar = read(folder, "calendar.toml", CalendarFile, found)
    words: dict[str, WordsFile | None] = {}
    messages: dict[str, dict[str, Any] | None] = {}
    for language in _languages(folder, file):
        words[language] = read(folder, f"words/{language}.toml", WordsFile, found)
        messages[language] = read_toml(folder, f"messages/{language}.toml", found)
    if file is None or reading is None or weights is None or calendar is None or found.problems:
        return None
    return Protocol(
        folder=folder,
        file=file,
        reading=reading,
        weights=weights,
        calendar=calendar,
        words={code: part for code, part in words.items() if part is not None},
        messages={code: part for code, part in messages.items() if part is not None},
    )


def _languages(folder: Path, file: ProtocolFile | None) -> tuple[str, ...]:
    """Those the pack names; where that cannot be read, those whose files are there."""
    if file is not None:
        return file.pack.languages
    return tuple(sorted(path.stem for path in (folder / "messages").glob("*.toml")))


def _compare(pack: Protocol, found: Findings) -> None:
    from groupbot.protocol_check import cast, examples, sense, texts

    model = _model(pack)
    sense.compare(pack, model, found)
    texts.compare(pack, model, found)
    cast.compare(pack, found)
    if not found.problems:
        examples.compare(pack, found)


def _model(pack: Protocol) -> Protocol:
    """The pack that groupbot comes with, by which another's completeness is measured; the pack itself without it."""
    try:
        place = locate(None)
        return pack if place.resolve() == pack.folder.resolve() else load(place)
    except (OSError, ValueError):  # bad TOML and pydantic's errors are ValueErrors
        return pack
