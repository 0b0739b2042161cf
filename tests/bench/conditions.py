"""What the figures were measured under: the disk, the processor's load, the versions, the text."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from tests.bench import peers
from tests.bench.laps import Measures
from tests.bench.text import posts

IN_MEMORY = ("tmpfs", "ramfs")
SAMPLE = 2000  # posts
ALIKE = 0.1  # the peer's posts may be so much longer or shorter


class NotADisk(Exception):
    """The scratch folder lies in memory: a commit there costs nothing."""


@dataclass(frozen=True, slots=True)
class Mood:
    """The machine at the start of a round."""

    syncs_per_second: float
    load: float


def require_disk(folder: Path) -> str:
    """The kind of file system that the folder lies on. Raises NotADisk."""
    kind = _file_system(folder.resolve())
    if kind in IN_MEMORY:
        raise NotADisk(f"{folder} lies on {kind}: choose a folder on a disk with --folder")
    return kind


def _file_system(folder: Path) -> str:
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return "unknown"
    lines = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    fitting = [(len(fields[1]), fields[2]) for fields in lines if folder.is_relative_to(fields[1])]
    return max(fitting, default=(0, "unknown"))[1]


def machine() -> list[str]:
    """Versions and processor, in short lines."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("peewee", "pydantic", "aiohttp", "rapidfuzz"))
    return [
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {libraries}",
        f"{os.cpu_count()} processors, {platform.system()} {platform.release()}",
    ]


def moods(found: list[Mood]) -> str:
    """The disk and the load over all rounds."""
    syncs = [mood.syncs_per_second for mood in found]
    loads = [mood.load for mood in found]
    return (
        f"fdatasync {statistics.median(syncs):,.0f} a second ({min(syncs):,.0f}-{max(syncs):,.0f}),"
        f" load {statistics.median(loads):.1f} ({min(loads):.1f}-{max(loads):.1f})"
    )


def readings(rounds: list[dict[str, Measures]]) -> list[str]:
    """How much of what was parsed was parsed right, for a fast reading that is wrong is worth nothing."""
    found = [measured["parse"] for measured in rounds if "parse" in measured]
    if not found:
        return []
    shares = {name: min(parse[name] for parse in found) for name in found[0] if name.endswith("right")}
    ours = f"{shares['clean_right']:.1%} clean, {shares['slips_right']:.1%} misspelt"
    floor = f"{shares['clean_floor_right']:.1%}, {shares['slips_floor_right']:.1%}"
    return [f"parsed wholly right: groupbot {ours}; dictionary + difflib {floor}"]


def slowest(rounds: list[dict[str, Measures]]) -> list[str]:
    """Which rules the worst hostile texts keep busy longest."""
    found = [measured["worst"] for measured in rounds if "worst" in measured]
    if not found:
        return []
    times = {rule: min(worst[rule] for worst in found) for rule in found[0] if rule != "worst"}
    first = sorted(times, key=lambda rule: -times[rule])[:4]
    return ["hostile texts, slowest rules: " + ", ".join(f"{rule} {times[rule] * 1000:.1f} ms" for rule in first)]


def texts(*, with_peer: bool) -> list[str]:
    """How our text and the peer's compare; they must be alike for their figures to be comparable."""
    ours = list(posts(SAMPLE))
    size = sum(len(post.text) for post in ours) / SAMPLE
    share = sum(post.language == "sw" for post in ours) / SAMPLE
    lines = [f"our posts: {size:.0f} characters, {share:.0%} Swahili"]
    if with_peer:
        theirs, their_share = peers.text(SAMPLE)
        alike = "alike" if abs(theirs / size - 1) <= ALIKE else "NOT ALIKE: do not compare"
        lines.append(f"the peer's: {theirs:.0f} characters, {their_share:.0%} Swahili: {alike}")
    return lines
