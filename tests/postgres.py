"""A throw-away PostgreSQL: one cluster per test session in a temporary folder, one fresh database per test."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ACCOUNTS = ("postgres", "nobody")  # initdb refuses root: who may run it instead
START_SECONDS = 30.0
FAST = ("fsync=off", "full_page_writes=off", "max_connections=40", "shared_buffers=16MB", "listen_addresses=")


class NoPostgres(Exception):
    """PostgreSQL cannot be started here; the message says why."""


class Cluster:
    """A running server that is reached by a socket in its own folder. `restart_at_once` is a crash."""

    def __init__(self, folder: Path, account: dict[str, Any]) -> None:
        self.folder = folder
        self._account = account
        self._made = 0
        self._server: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-D", folder / "data", "-U", "groupbot", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = [part for setting in FAST for part in ("-c", setting)]
        command = [program("postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder), *settings]
        with (self.folder / "server.log").open("ab") as log:
            self._server = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, **self._account)
        deadline = time.monotonic() + START_SECONDS
        while self._refuses():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise NoPostgres((self.folder / "server.log").read_text(errors="replace")[-2000:])
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT hangs up on everybody and stops cleanly; SIGQUIT stops as a crash would."""
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait(timeout=START_SECONDS)
            self._server = None

    def url(self, name: str = "postgres") -> str:
        """The address of a database of this cluster."""
        return f"postgresql://groupbot@/{name}?host={self.folder}"

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a new, empty database, dropped at the end."""
        self._made += 1
        name = f"t{self._made}"
        self._ask(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            self._ask(f"DROP DATABASE {name} WITH (FORCE)")

    def _ask(self, sql: str) -> None:
        import psycopg

        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql)

    def _refuses(self) -> bool:
        import psycopg

        try:
            self._ask("SELECT 1")
        except psycopg.OperationalError:
            return True
        return False

    def _run(self, name: str, *arguments: object) -> None:
        command = [program(name), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, cwd=self.folder, check=False, **self._account)
        if done.returncode:
            raise NoPostgres(f"{name} failed: {done.stderr.decode(errors='replace')[-2000:]}")


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A running cluster. Raises NoPostgres."""
    program("initdb")
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="groupbot-pg-"))
    running: Cluster | None = None
    try:
        if account:
            os.chown(folder, account["user"], account["group"])
        running = Cluster(folder, account)
        yield running
    finally:
        if running is not None:
            running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def program(name: str) -> str:
    """Where a PostgreSQL server program is: on the PATH, or where Debian keeps it. Raises NoPostgres."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = shutil.which(name) or (str(debian[-1]) if debian else None)
    if found is None:
        raise NoPostgres(f"no {name} here: install Debian's package postgresql")
    return found


def _account() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    for name in ACCOUNTS:
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise NoPostgres(f"initdb refuses root and none of the accounts {', '.join(ACCOUNTS)} exists")
