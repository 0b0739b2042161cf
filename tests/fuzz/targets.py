"""What is fuzzed: a name, what is done with any bytes, and how long one input may take.

A target returns for every input, or raises what its rule says it raises; anything else is a crash.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from groupbot import protocol, protocol_check
from groupbot.chat.sandbox_update import parse
from groupbot.rehearsal import transcript
from groupbot.rules.text import clean
from tests import nasty

SEEDS = Path(__file__).parent / "seeds"
SCRATCH = Path(__file__).parents[2] / ".fuzz"
PEOPLE_WAIT = 0.050  # seconds: a rule that reads what people write
OPERATOR_WAITS = 2.0  # seconds: a whole pack is read, by its author
FILES = ("protocol.toml", "reading.toml", "calendar.toml", "messages/en.toml", "words/sw.toml")


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that takes any bytes; `seconds` is the longest that an input may take (process time)."""

    name: str
    take: Callable[[bytes], object]
    seconds: float = PEOPLE_WAIT


def targets() -> Mapping[str, Target]:
    """Every target by name, in the order in which they run."""
    rules = nasty.rules()
    names = ("read_post", "read_labels", "read_reply", "find_time", "references", "read_command", "find_phones")
    found = [Target("update", lambda data: parse(_text(data)))]
    found += [Target(name, _reader(rules[name])) for name in names]
    found.append(Target("clean", lambda data: _clean(_text(data))))
    found.append(Target("transcript", lambda data: _transcript(_text(data))))
    found.append(Target("pack", _check_pack, OPERATOR_WAITS))
    return {target.name: target for target in found}


def seeds(name: str) -> list[bytes]:
    """The committed inputs of a target, in the order of their files; forms and replies for those that have none."""
    own = sorted((SEEDS / name).glob("*"))
    common = sorted((SEEDS / "people").glob("*"))
    return [path.read_bytes() for path in (own or common)]


def _text(data: bytes) -> str:
    """Bytes as a text; what is no UTF-8 becomes lone surrogates, which hostile clients send too."""
    return data.decode("utf-8", "surrogateescape")


def _reader(rule: Callable[[str], object]) -> Callable[[bytes], object]:
    """A rule behind the cleaning that stands before it on the road of a post."""
    return lambda data: rule(clean(_text(data)))


def _clean(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert len(cleaned) <= nasty.LONGEST
    cleaned.encode("utf-8")


def _transcript(text: str) -> None:
    try:
        transcript.read(text, ZoneInfo("Africa/Nairobi"))
    except transcript.TranscriptError as error:
        assert str(error).startswith("line ")


@functools.cache
def _pack_folder() -> Path:
    """A copy of the first pack that this process may spoil; removed when it ends."""
    folder = SCRATCH / f"pack-{os.getpid()}"
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(shutil.copytree(protocol.locate("ke-elgeyo-marakwet"), folder, dirs_exist_ok=True))


def _check_pack(data: bytes) -> None:
    """One file of the pack, a stretch of it replaced by the input's rest; its first five bytes say which and where."""
    if len(data) < 5:
        return
    folder = _pack_folder()
    file = folder / FILES[data[0] % len(FILES)]
    whole = file.read_bytes()
    start = int.from_bytes(data[1:4]) % (len(whole) + 1)
    try:
        file.write_bytes(whole[:start] + data[5:] + whole[start + data[4] :])
        for problem in protocol_check.check(folder):
            assert str(problem)
    finally:
        file.write_bytes(whole)
