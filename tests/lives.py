"""Processes with many lives: a mother that has everything loaded, and forks another one each time she is asked to.

A life is a process of its own, with its own files, connections and event loop: a SIGKILL ends it as it would end any.
It only begins at once, where loading everything takes seconds. Linux only.
"""

from __future__ import annotations

import ctypes
import os
import random
import select
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
PR_SET_PDEATHSIG = 1  # prctl(2)
TO_BE_BORN, TO_DIE = 120.0, 60.0  # seconds


class Life:
    """A process that was begun by a mother, whose number nobody else gets while this object lives."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._handle = os.pidfd_open(pid)

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):
            os.close(self._handle)

    def ended(self, within: float = 0.0) -> bool:
        """Whether it has ended, waiting for it at most `within` seconds."""
        return bool(select.select([self._handle], [], [], within)[0])

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Send it a signal and wait until it is gone with all that it held. Raises TimeoutError."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, how)
        if not self.ended(TO_DIE):
            raise TimeoutError(f"process {self.pid} is still there after {how.name}")


class Mother:
    """A process that begins lives; `begin` gives each the words after it."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process = process
        self._log = log

    def begin(self, words: str = "") -> Life:
        """Begin a life. Raises TimeoutError and ChildProcessError, with what the mother has said."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(words + "\n")
            self._process.stdin.flush()
        if not select.select([self._process.stdout], [], [], TO_BE_BORN)[0]:
            raise TimeoutError(f"no life within {TO_BE_BORN:.0f} seconds")
        line = self._process.stdout.readline()
        if not line:
            raise ChildProcessError(self._log.read_text(errors="replace")[-2000:])
        return Life(int(line))


@contextmanager
def mother(log: Path, module: str, *arguments: str) -> Iterator[Mother]:
    """A mother from a module that calls `bear`; what she and her lives print goes to a file."""
    command = [sys.executable, "-m", module, *arguments]
    with log.open("ab") as said, subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True
    ) as process:  # fmt: skip
        try:
            yield Mother(process, log)
        finally:
            process.kill()


def bear(live: Callable[[str], None]) -> None:
    """For each line of the standard input fork a process that lives, and print its number. No loop or thread before."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them: the dead are gone at once
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _be(live, line.strip())
        print(pid, flush=True)


def _be(live: Callable[[str], None], words: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # no life is left over when a test run is ended
    random.seed()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # the mother's own output is for numbers
    try:
        live(words)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)
