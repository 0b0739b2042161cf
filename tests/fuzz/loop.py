"""One target for a while, in a process of its own: python -m tests.fuzz.loop TARGET SECONDS SEED FOLDER.

Inputs come from atheris, which is led by what an input reaches, or, where it is not installed, from hypothesis. What
crashes or takes too long is kept in the folder, with `stats.json`: how many inputs, the worst one, what went wrong.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
import traceback
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fuzz.targets import Target

EVERY = 0.5  # seconds between two writings of the stats
LONGEST = 4_096  # bytes of an input that is made up; the nasty texts come first and are longer
CHUNK = 200  # hypothesis's examples between two looks at the clock
MOST_KEPT = 20


class Watch:
    """Hands inputs to a target, times each, and keeps what is wrong with it. Times are process times in seconds."""

    def __init__(self, target: Target, folder: Path, engine: str) -> None:
        self.target = target
        self.folder = folder
        self.stats: dict[str, Any] = {"engine": engine, "count": 0, "worst": 0.0, "crashes": {}, "slow": []}
        self._written = 0.0

    def take(self, data: bytes) -> None:
        """One input."""
        began = time.process_time()
        try:
            self.target.take(data)
        except Exception as error:
            self._crashed(data, error)
        taken = time.process_time() - began
        self.stats["count"] += 1
        if taken > self.stats["worst"]:
            self.stats["worst"] = taken
            (self.folder / "worst").write_bytes(data)
        if taken > self.target.seconds and len(self.stats["slow"]) < MOST_KEPT:
            self.stats["slow"].append(self._keep("slow", data))
        if time.monotonic() - self._written > EVERY:
            self.write()

    def write(self) -> None:
        """Write the stats down."""
        (self.folder / "stats.json").write_text(json.dumps(self.stats), encoding="utf-8")
        self._written = time.monotonic()

    def _crashed(self, data: bytes, error: Exception) -> None:
        """Keep the first input for each place at which it crashes."""
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
        if place not in self.stats["crashes"]:
            self.stats["crashes"][place] = self._keep("crash", data)
            self.write()

    def _keep(self, kind: str, data: bytes) -> str:
        name = f"{kind}-{hashlib.sha256(data).hexdigest()[:12]}"
        (self.folder / name).write_bytes(data)
        return name


def main(name: str, seconds: int, seed: int, folder: Path) -> None:
    """Run one target."""
    engine, found = _imported()
    watch = Watch(found.targets()[name], folder, engine)
    _take_known(watch, found.seeds(name))
    if engine == "hypothesis":
        _by_hypothesis(watch, found.seeds(name), seconds, seed)
    else:
        _by_atheris(watch, found.seeds(name), seconds, seed)


def _imported() -> tuple[str, ModuleType]:
    """What makes the inputs, and the targets: all that they import is observed where atheris is installed."""
    try:
        import atheris
    except ImportError:
        from tests.fuzz import targets

        return "hypothesis", targets
    with atheris.instrument_imports(include=["groupbot"]):
        from tests.fuzz import targets
    return "atheris", targets


def _take_known(watch: Watch, known: list[bytes]) -> None:
    """The committed inputs, and the nasty texts whole."""
    from tests import nasty

    texts = [] if watch.target.name == "pack" else nasty.texts().values()
    for data in [*known, *(text.encode("utf-8", "surrogatepass") for text in texts)]:
        watch.take(data)
    watch.write()


def _by_atheris(watch: Watch, known: list[bytes], seconds: int, seed: int) -> None:
    """Does not return: the process ends with the time."""
    import atheris

    inputs = watch.folder / "inputs"
    inputs.mkdir()
    for number, data in enumerate(known):
        (inputs / f"seed-{number}").write_bytes(data)
    options = [f"-max_total_time={seconds}", f"-seed={seed % 2**31}", f"-max_len={LONGEST}", "-len_control=0"]
    kept = [f"-artifact_prefix={watch.folder}/", "-timeout=20", "-verbosity=0"]
    atheris.Setup([sys.argv[0], str(inputs), *options, *kept], watch.take)
    atheris.Fuzz()


def _by_hypothesis(watch: Watch, known: list[bytes], seconds: int, seed: int) -> None:
    from hypothesis import HealthCheck, Phase, given, settings, strategies
    from hypothesis import seed as seeded

    texts = strategies.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass"))
    spliced = strategies.builds(
        lambda data, at, more: data[: at % (len(data) + 1)] + more + data[at % (len(data) + 1) :],
        strategies.sampled_from(known),
        strategies.integers(0, LONGEST),
        texts,
    )
    made = strategies.one_of(spliced, texts, strategies.binary(max_size=400))
    ends = time.monotonic() + seconds
    calm = settings(
        max_examples=CHUNK,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    while time.monotonic() < ends:
        seeded(seed)(calm(given(made)(watch.take)))()
        seed += 1
    watch.write()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
