"""The one thread on which everything that touches the database runs: one writer, in order, off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")

_Job = tuple[Callable[[], Any], "asyncio.Future[Any]", asyncio.AbstractEventLoop]


class Worker:
    """Runs ordinary functions one after the other on its own thread, for async callers to wait on.

    A thread with a plain queue: an executor's own future, with its lock, costs as much again for every job.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="groupbot-worker", daemon=True)
        self._thread.start()
        self._closed = False

    async def run(self, job: Callable[[], T]) -> T:
        """Run a function on the thread and give its result, or raise what it raised.

        A function whose caller stopped waiting is still run to its end. Raises RuntimeError after `close`.
        """
        if self._closed:
            raise RuntimeError("the worker is closed")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._jobs.put((job, done, loop))
        return await done

    def close(self) -> None:
        """End the thread after what it is doing and what waits."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while taken := self._jobs.get():
            job, done, loop = taken
            try:
                result, error = job(), None
            except BaseException as raised:  # whatever it is, it is the caller's
                result, error = None, raised
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_settle, done, result, error)
            del taken, job, done, loop, result, error  # nothing of a job outlives it here


class AtOnce(Worker):
    """Runs functions where they are asked for: on a virtual clock nobody waits for the event loop meanwhile."""

    def __init__(self) -> None:
        self._closed = False

    async def run(self, job: Callable[[], T]) -> T:
        """Run a function and give its result. Raises RuntimeError after `close`."""
        if self._closed:
            raise RuntimeError("the worker is closed")
        return job()

    def close(self) -> None:
        """Run nothing more."""
        self._closed = True


def _settle(done: asyncio.Future[Any], result: object, error: BaseException | None) -> None:
    if done.cancelled():
        return
    if error is not None:
        # a future refuses StopIteration, and its caller would wait for ever
        done.set_exception(RuntimeError(repr(error)) if isinstance(error, StopIteration) else error)
    else:
        done.set_result(result)
