"""Stop-watches: how long each of many turns took, how much memory a process has held, how fast the disk is."""

from __future__ import annotations

import gc
import os
import time
from pathlib import Path

Measures = dict[str, float]  # times in seconds, memory in MiB

PROBE_SECONDS = 0.4
BLOCK = 4096  # bytes of one probe write


class Laps:
    """`with laps:` around each turn; garbage is collected once before the first, the collector stays on."""

    def __init__(self) -> None:
        self._turns: list[int] = []  # nanoseconds
        self._began = 0
        gc.collect()
        self._cpu = time.process_time()

    def __enter__(self) -> None:
        self._began = time.perf_counter_ns()

    def __exit__(self, *_: object) -> None:
        self._turns.append(time.perf_counter_ns() - self._began)

    def measures(self, count: int) -> Measures:
        """What the turns say about `count` posts, of which several may have shared a turn."""
        cpu = time.process_time() - self._cpu
        ordered = sorted(self._turns)
        total = sum(ordered) / 1e9
        return {
            "seconds": total,
            "each": total / count,
            "per_s": count / total,
            "p50": ordered[len(ordered) // 2] / 1e9,
            "p99": ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)] / 1e9,
            "cpu": cpu / count,
        }


def peak_mib() -> float:
    """The most memory that this process has held. Not getrusage: a child's count begins with its parent's."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise OSError("/proc/self/status does not tell the peak of memory")


def syncs_per_second(folder: Path) -> float:
    """How many 4 KiB writes with fdatasync the folder's disk takes in a second."""
    file = folder / "sync.probe"
    handle = os.open(file, os.O_CREAT | os.O_WRONLY, 0o600)
    count, taken, began = 0, 0.0, time.perf_counter()
    try:
        while taken < PROBE_SECONDS:
            os.pwrite(handle, b"x" * BLOCK, count % 256 * BLOCK)
            os.fdatasync(handle)
            count += 1
            taken = time.perf_counter() - began
    finally:
        os.close(handle)
        file.unlink()
    return count / taken
