"""An installed wheel, outside any checkout: the packs come with it, and the commands run."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).parent.parent.parent
CONVERSATION = CHECKOUT / "tests" / "conversations" / "1-drugs-out-of-stock.txt"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the unpacked wheel and nothing else."""
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place), str(CHECKOUT)]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    (wheel,) = place.glob("groupbot-*.whl")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(place / "site"), str(wheel)]
    subprocess.run(pip, check=True, capture_output=True, timeout=120)
    return place / "site"


def _command(installed: Path, *words: str | Path) -> dict[str, object]:
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from groupbot.cli import main; main()"
    return {
        "args": [sys.executable, "-I", "-c", code, str(installed), *map(str, words)],
        "cwd": installed,
        "text": True,
    }


def test_the_wheel_is_what_runs_and_brings_its_packs(installed: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from groupbot import protocol;"
        "print(protocol.__file__); print(protocol.locate(None))"
    )
    command = [sys.executable, "-I", "-c", code, str(installed)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=installed, timeout=60).stdout
    assert all(line.startswith(str(installed)) for line in said.splitlines()), said


def test_it_replays_a_conversation(installed: Path) -> None:
    done = subprocess.run(capture_output=True, timeout=60, check=True, **_command(installed, "replay", CONVERSATION))
    assert done.stdout == CONVERSATION.with_suffix(".heard.txt").read_text(encoding="utf-8")


def test_it_serves_the_sandbox(installed: Path, tmp_path: Path) -> None:
    command = _command(installed, "sandbox", "--port", "0", "--folder", tmp_path / "county")
    process = subprocess.Popen(stdout=subprocess.PIPE, stderr=subprocess.PIPE, **command)
    try:
        assert process.stdout is not None
        assert re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
    finally:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
