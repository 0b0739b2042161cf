"""The peer: django-helpdesk, tuned as its operator could tune it, in an environment of its own.

Its harness is a folder outside this repository, named by BENCH_PEERS; without it the rows that need it are not
measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

from tests.bench.laps import Measures
from tests.bench.startup import ROOT
from tests.bench.text import SEED

PACKAGE = "django-helpdesk==2.6.1"
ENVIRONMENT = ROOT / ".bench" / "helpdesk"
SCRIPT = "helpdesk_ingest.py"
PATIENCE = 600.0  # seconds
BURST = 10_000


class PeerMissing(Exception):
    """There is no peer to measure here, and why."""


def harness() -> Path:
    """The folder of the peers' scripts. Raises PeerMissing."""
    folder = Path(os.environ.get("BENCH_PEERS") or ROOT.parent / "shared" / "bench")
    if not (folder / SCRIPT).is_file():
        raise PeerMissing("peer harness not found: BENCH_PEERS names its folder")
    return folder.resolve()


def prepare() -> None:
    """Make the peer's environment where it is missing. Raises PeerMissing, CalledProcessError."""
    harness()
    marker = ENVIRONMENT / PACKAGE
    if marker.exists():
        return
    venv.create(ENVIRONMENT, with_pip=True, clear=True)
    command = [str(_python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    marker.touch()


def helpdesk(count: int, folder: Path) -> Measures:
    """Posts as e-mails, one transaction each: WAL, synchronous FULL. Raises PeerMissing, CalledProcessError."""
    options = ["--mode", "tuned", "--replies", "0", "--n", str(count), "--seed", str(SEED), "--dir", str(folder)]
    options += ["--escalate", str(count)]
    told = _told([str(_python()), SCRIPT, *options])
    created = told["create"]
    per_s = float(created["per_s"])
    return {
        "per_s": per_s,
        "each": 1 / per_s,
        "p50": float(created["p50_us"]) / 1e6,
        "p99": float(created["p99_us"]) / 1e6,
        "burst": BURST / per_s,
        "resolve": float(told["resolve"]["per_s"]),
        "nags": float(told["escalate"][0]["all_due_tick"]["nags_per_s"]),
    }


def text(count: int) -> tuple[float, float]:
    """The peer's text: characters per post on average, share of Swahili. Raises PeerMissing, CalledProcessError."""
    told = _told([sys.executable, "common.py", "--n", str(count), "--seed", str(SEED)])
    return float(told["mean_chars"]), float(told["swahili_share"])


def _python() -> Path:
    return ENVIRONMENT / "bin" / "python"


def _told(command: list[str]) -> dict[str, Any]:
    """The JSON of the last line that a script of the harness prints."""
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        command, cwd=harness(), env=environment, check=True, capture_output=True, text=True, timeout=PATIENCE
    )
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told
