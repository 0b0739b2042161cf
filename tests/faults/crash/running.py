"""One run of the bot in a forked child: it works what waits, lets three days pass, and stops, or is killed at a point.

The child is the real App on a real database and a sandbox on its record; nothing but the clock is virtual.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from groupbot import failpoints, publishing
from groupbot.app import App
from groupbot.chat import Outgoing
from groupbot.chat.sandbox import FULL, Sandbox, SandboxChat
from groupbot.clock import VirtualClock
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Batch, Capabilities
from groupbot.rehearsal import stage
from groupbot.rehearsal.stage import PLATFORM
from groupbot.rules import log_leaf
from groupbot.store.database import Store
from tests.county import PLACES, PLAYERS, TUESDAY, jurisdiction
from tests.faults.crash import workload
from tests.faults.crash.workload import END

RECORD, EXPORT, NOISE, POINTS = "chats.jsonl", "log.jsonl", "stderr.txt", "points.txt"
KILLED = -signal.SIGKILL
LONGEST = 60  # seconds of the processor that a run may take; then it runs for ever, and its exit status is -SIGPROF
PATIENCE = 300  # seconds that it may take on a busy machine; then it waits for ever, and its exit status is -SIGALRM
COUNTY: Jurisdiction | None = None  # made once, before the first fork


@dataclass(frozen=True)
class Case:
    """Where and how one run is done: the folder, the database, updates per fetch, and if the chat can tell repeats."""

    folder: Path
    url: str
    limit: int
    again: int  # updates that the platform gives once more after a start: nothing promises that it does not
    repeatable: bool
    plant: Callable[[], None] | None = None


class CrashChat(SandboxChat):
    """The sandbox, made as forgetful as real platforms: it redelivers, and perhaps cannot tell a repeated send."""

    def __init__(self, case: Case, sandbox: Sandbox, clock: VirtualClock) -> None:
        names = {name: getattr(FULL, name) for name in FULL.__slots__} | {"repeatable_sends": case.repeatable}
        super().__init__(sandbox, clock, Capabilities(**names))
        self.case = case
        self.fetched = False

    async def fetch(self, cursor: str | None, limit: int = 100, wait: float = 0) -> Batch:
        """A few at a time; the first time some that were fetched before."""
        if not self.fetched and cursor:
            cursor = str(max(0, int(cursor) - self.case.again))
        self.fetched = True
        return await super().fetch(cursor, min(limit, self.case.limit), wait)

    async def send(self, message: Outgoing) -> str:
        """Where repeats cannot be told, each call is a new message."""
        if self.case.repeatable:
            return await super().send(message)
        sent = self.sandbox.state.sent
        copy = sum(1 for chat_id, txn in sent if chat_id == message.chat_id and txn.split("#")[0] == message.txn_id)
        txn_id = f"{message.txn_id}#{copy + 1}"
        return await super().send(Outgoing(message.chat_id, message.text, txn_id, message.reply_to, message.buttons))


def warm() -> Jurisdiction:
    """Load the pack and work a few days once, so that every child inherits what is worked out at first use."""
    global COUNTY  # noqa: PLW0603
    if COUNTY is None:
        COUNTY = Jurisdiction(jurisdiction().protocol)
        with tempfile.TemporaryDirectory(prefix="groupbot-warm-") as folder:
            for day in range(3):
                place = Path(folder) / str(day)
                place.mkdir()
                workload.record(place / RECORD, day)
                asyncio.run(_live(Case(place, "sqlite://", 100, 0, True)))
    return COUNTY


def prepare(url: str) -> None:
    """Make the schema and the roster, so that runs begin at the work."""
    county = warm()
    with Store(url) as store:
        from groupbot.store import migrations

        migrations.migrate(store)
        store.write_tx(lambda tx: stage.enrol(tx, county, (PLAYERS, PLACES), TUESDAY))


def run(case: Case, kill_at: int | None = None) -> int:
    """Run the bot in a child, to the end or to the point of that number. Its exit status; KILLED when it was killed."""
    warm()
    pid = os.fork()
    if pid == 0:
        _child(case, kill_at)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def points(case: Case) -> list[str]:
    """The points that the last whole run came to, in order."""
    return (case.folder / POINTS).read_text().split()


def _child(case: Case, kill_at: int | None) -> None:
    code = 3
    try:
        signal.setitimer(signal.ITIMER_PROF, LONGEST)
        signal.alarm(PATIENCE)
        noise = os.open(case.folder / NOISE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(noise, 1)
        os.dup2(noise, 2)
        logging.basicConfig(stream=sys.stderr, level=logging.DEBUG, force=True)
        logging.getLogger("asyncio").setLevel(logging.WARNING)
        if case.plant is not None:
            case.plant()
        reached: list[str] = []
        failpoints.arm(lambda name: _reached(reached, name, kill_at))
        asyncio.run(_live(case))
        failpoints.arm(None)
        (case.folder / POINTS).write_text("\n".join(reached))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _reached(reached: list[str], name: str, kill_at: int | None) -> None:
    reached.append(name)
    if len(reached) == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)


async def _live(case: Case) -> None:
    county = warm()
    sandbox = Sandbox(case.folder / RECORD)
    clock = VirtualClock(sandbox.state.latest)
    chat = CrashChat(case, sandbox, clock)
    app = App(county, Store(case.url), {PLATFORM: chat}, clock)
    await app.start(lambda tx: stage.enrol(tx, county, (PLAYERS, PLACES), TUESDAY))
    await app.step()
    await app.advance(clock, END)
    await app.worker.run(lambda: app.store.read(lambda tx: _export(tx, county, case.folder / EXPORT)))
    await app.close()


def _export(tx: object, county: Jurisdiction, file: Path) -> None:
    records = publishing.exported(tx, county)  # type: ignore[arg-type]
    file.write_bytes(b"".join(log_leaf.canonical(record) + b"\n" for record in records))
