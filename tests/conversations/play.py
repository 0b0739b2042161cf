"""Playing a conversation of this folder and writing down what was heard."""

from __future__ import annotations

import asyncio
from pathlib import Path

from groupbot.cli.replay import as_text
from groupbot.rehearsal import transcript
from groupbot.rehearsal.replay import Heard, Options, Replay
from tests.county import jurisdiction

HERE = Path(__file__).parent
SCRIPTS = sorted(
    path for path in HERE.glob("*.txt") if not path.name.endswith((".heard.txt", ".plain.txt", ".expected.txt"))
)


def play(script: Path, *, plain: bool, taps: bool = True) -> list[Heard]:
    """All that is heard when the script is played."""
    county = jurisdiction()
    lines = transcript.read(script.read_text(encoding="utf-8"), county.zone)
    return asyncio.run(Replay(county, lines, Options(plain=plain, taps=taps)).run())


def heard_file(script: Path, *, plain: bool) -> Path:
    """Where what is heard is kept."""
    return script.with_suffix(".plain.txt" if plain else ".heard.txt")


def written(heard: list[Heard]) -> str:
    """What is heard, as a transcript."""
    zone = jurisdiction().zone
    return "\n".join(as_text(one, zone) for one in heard) + "\n"
