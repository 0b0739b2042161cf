"""From the start of a process to what it was started for: the help, or the sandbox's first answer over HTTP."""

from __future__ import annotations

import http.client
import os
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.laps import Measures

ROOT = Path(__file__).parents[2]
LIBRARIES = "import peewee, apscheduler.schedulers.asyncio, aiohttp.web, pydantic, jinja2; print('ready', flush=True)"
ADDRESS = re.compile(rb"http://([\d.]+):(\d+)/")
PATIENCE = 60.0  # seconds
REPEATED = 3  # a process that takes milliseconds is started so often in a round, and the median taken


def groupbot() -> list[str]:
    """The command line as people call it: the installed script, or the module where there is none."""
    script = Path(sys.executable).parent / "groupbot"
    return [str(script)] if script.exists() else [sys.executable, "-c", "from groupbot.cli import main; main()"]


def help_and_floor() -> Measures:
    """Help against an empty program, by turns; the first start of each warms the disk's cache and is not counted."""
    ours, floor = [*groupbot(), "--help"], [sys.executable, "-c", "pass"]
    turns = [(_until_end(ours), _until_end(floor)) for _ in range(REPEATED + 1)][1:]
    return {"help": statistics.median(a for a, _ in turns), "floor": statistics.median(b for _, b in turns)}


def sandbox_and_floor(folder: Path) -> Measures:
    """Until the sandbox answers, and until its libraries are imported, by turns.

    The sandbox's `first` time is with a new folder, in which the opening conversation is played, `again` with that one.
    """
    floor = [sys.executable, "-c", LIBRARIES]
    turns = []
    for number in range(REPEATED + 1):
        ours = [*groupbot(), "sandbox", "--port", "0", "--folder", str(folder / f"sandbox-{number}")]
        turns.append((_until_said(floor), _until_answered(ours), _until_answered(ours)))
    names = ("floor", "first", "again")
    counted = zip(*turns[1:], strict=True)  # the first turn warms the disk's cache
    return {name: statistics.median(found) for name, found in zip(names, counted, strict=True)}


def _until_end(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _until_said(command: list[str]) -> float:
    return _watched(command, lambda line: b"ready" in line or None)


def _until_answered(command: list[str]) -> float:
    return _watched(command, _answered)


def _answered(line: bytes) -> bool | None:
    """Whether the line named an address that answers; None when it names none."""
    found = ADDRESS.search(line)
    if found is None:
        return None
    connection = http.client.HTTPConnection(found[1].decode(), int(found[2]), timeout=PATIENCE)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == http.HTTPStatus.OK
    finally:
        connection.close()


def _watched(command: list[str], seen: Callable[[bytes], bool | None]) -> float:
    """Seconds from the process's start until `seen` is content with one of its lines. Then it is ended."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None
    watchdog = threading.Timer(PATIENCE, process.kill)  # one that hangs without a word ends the loop below
    watchdog.start()
    said = b""
    try:
        for line in process.stdout:
            said += line
            content = seen(line)
            if content is not None:
                taken = time.perf_counter() - began
                break
        else:
            content = False
    finally:
        watchdog.cancel()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    if not content:
        raise RuntimeError(f"{command[0]} was not ready: {said.decode(errors='replace')[-500:]}")
    return taken


def environment() -> dict[str, str]:
    """That of a child process: the checkout is found, and sets are in the same order in all runs.

    Bytecode may be written, as it is where pip installs: a floor made of installed libraries has its own already.
    """
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
