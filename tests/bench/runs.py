"""The alternated run: every contestant once a round, in reversed order every other round, each in a fresh folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.conditions import Mood
from tests.bench.contestants import Contestant, Sizes
from tests.bench.laps import Measures, syncs_per_second
from tests.bench.peers import PeerMissing

ERROR_TAIL = 300  # characters of what a failed process said


@dataclass(slots=True)
class Run:
    """What came out: the measures of each round, why a contestant was not measured, and the machine's moods."""

    rounds: list[dict[str, Measures]] = field(default_factory=list)
    absent: dict[str, str] = field(default_factory=dict)  # not to be had here, and why: no failure
    failed: dict[str, str] = field(default_factory=dict)
    moods: list[Mood] = field(default_factory=list)

    def why_not(self, names: Sequence[str]) -> str:
        """Why a figure of these contestants was not measured."""
        reasons = [{**self.absent, **self.failed}.get(name, "") for name in names]
        return "; ".join(reason for reason in reasons if reason)


def run(
    contestants: Sequence[Contestant], rounds: int, sizes: Sizes, scratch: Path, step: Callable[[str], None]
) -> Run:
    """Let them run; `step` is told who is next. Who fails once is not asked again."""
    result = Run()
    for number in range(rounds):
        result.moods.append(Mood(syncs_per_second(scratch), os.getloadavg()[0]))
        measured: dict[str, Measures] = {}
        for contestant in contestants if number % 2 == 0 else reversed(contestants):
            step(f"round {number + 1}: {contestant.name}")
            if not result.why_not([contestant.name]):
                _take_turn(contestant, sizes, scratch, (result, measured))
        result.rounds.append(measured)
    return result


def _take_turn(contestant: Contestant, sizes: Sizes, scratch: Path, into: tuple[Run, dict[str, Measures]]) -> None:
    result, measured = into
    folder = Path(tempfile.mkdtemp(dir=scratch))
    try:
        measured[contestant.name] = contestant.run(sizes, folder)
    except PeerMissing as reason:
        result.absent[contestant.name] = str(reason)
    except subprocess.SubprocessError as error:
        said = getattr(error, "stderr", None) or b""
        said = said.decode(errors="replace") if isinstance(said, bytes) else said
        result.failed[contestant.name] = f"{contestant.name}: {error} {said[-ERROR_TAIL:]}".strip()
    except Exception as error:
        result.failed[contestant.name] = f"{contestant.name}: {error!r}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
