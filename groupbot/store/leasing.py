"""Who may write to a PostgreSQL database: one process at a time, by an advisory lock of the session that writes.

The server lets go of the lock when that session ends, however it ends, so whoever has lost it has lost the connection
too: nothing can be committed without it. A pooler that lends out sessions per transaction cannot carry it.
Source: postgresql.org/docs/current/explicit-locking.html, "Advisory Locks".
"""

from __future__ import annotations

import os
import socket
from typing import Any

from groupbot.store.errors import StoreBusy

LOCK = (0x67726F75, 1)  # "grou", and what for: two numbers that no other program of the database is likely to lock
PATIENCE = 2.0  # seconds; the session of a process that was killed goes a moment after it
LOCK_NOT_AVAILABLE = "55P03"
NAMED = "groupbot: "

# A machine that vanishes says no goodbye: the server asks after it, and lets its session go within a minute.
PROBED = (("tcp_keepalives_idle", "30"), ("tcp_keepalives_interval", "10"), ("tcp_keepalives_count", "3"))

_HOLDER = """SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND classid = %s AND objid = %s AND objsubid = 2
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


def take(session: Any, refusals: tuple[type[Exception], ...]) -> None:
    """Take the lock in a psycopg connection that is in autocommit. Raises StoreBusy when another session has it.

    `refusals` are what the driver raises; any other than that the lock is held goes on up.
    """
    own = (("application_name", f"{NAMED}process {os.getpid()} on {socket.gethostname()}"), *PROBED)
    for name, value in (*own, ("lock_timeout", f"{PATIENCE * 1000:.0f}ms")):
        session.execute("SELECT set_config(%s, %s, false)", (name, value))
    try:
        session.execute("SELECT pg_advisory_lock(%s, %s)", LOCK)
    except refusals as refusal:
        if getattr(refusal, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        raise StoreBusy(f"the database {session.info.dbname}", _holder(session)) from refusal
    session.execute("RESET lock_timeout")


def _holder(session: Any) -> str:
    """Who has the lock, as that session named itself; '' when it does not say, or has just let go."""
    found = session.execute(_HOLDER, LOCK).fetchone()
    return str(found[0] or "").removeprefix(NAMED) if found else ""
