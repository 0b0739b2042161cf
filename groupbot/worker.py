"""The one thread on which everything that touches the database runs: one writer, in order, off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Worker:
    """Runs ordinary functions one after the other on its own thread, for async callers to wait on."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="groupbot-worker")

    async def run(self, job: Callable[[], T]) -> T:
        """Run a function on the thread and give its result, or raise what it raised."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, job)

    def close(self) -> None:
        """End the thread after what it is doing."""
        self._pool.shutdown(wait=True)
