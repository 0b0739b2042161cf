"""The worker's thread: jobs in order, results and errors to their caller, nothing lost at the end."""

from __future__ import annotations

import asyncio
import threading

import pytest

from groupbot.worker import AtOnce, Worker


async def test_jobs_run_in_order_on_one_thread_and_give_their_results() -> None:
    worker = Worker()
    ran: list[tuple[int, str]] = []
    jobs = [worker.run(lambda at=at: ran.append((at, threading.current_thread().name)) or at) for at in range(5)]  # type: ignore[misc,func-returns-value]
    assert await asyncio.gather(*jobs) == [0, 1, 2, 3, 4]
    assert ran == [(at, "groupbot-worker") for at in range(5)]
    worker.close()


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3)])
async def test_what_a_job_raises_is_its_caller_s_and_the_thread_goes_on(error: BaseException) -> None:
    worker = Worker()

    def job() -> None:
        raise error

    with pytest.raises(type(error)):
        await worker.run(job)
    assert await worker.run(lambda: 7) == 7
    worker.close()


async def test_a_stray_stop_iteration_does_not_leave_its_caller_waiting() -> None:
    worker = Worker()
    with pytest.raises(RuntimeError, match="StopIteration"):
        await asyncio.wait_for(worker.run(lambda: next(iter(()))), 5)
    worker.close()


async def test_a_job_whose_caller_went_away_is_still_done_before_the_end() -> None:
    worker = Worker()
    gate, done = threading.Event(), threading.Event()
    waiting = asyncio.ensure_future(worker.run(lambda: gate.wait(5) and done.set()))  # type: ignore[func-returns-value]
    await asyncio.sleep(0)
    waiting.cancel()
    gate.set()
    await asyncio.to_thread(worker.close)
    assert done.is_set()
    worker.close()  # twice is once
    with pytest.raises(RuntimeError, match="closed"):
        await worker.run(lambda: 1)


async def test_on_a_virtual_clock_a_function_runs_where_it_is_asked_for_and_none_after_the_end() -> None:
    worker = AtOnce()
    assert await worker.run(threading.get_ident) == threading.get_ident()
    with pytest.raises(ZeroDivisionError):
        await worker.run(lambda: 1 // 0)
    worker.close()
    with pytest.raises(RuntimeError, match="closed"):
        await worker.run(threading.get_ident)
