"""The log of a running bot: one JSON object a line, without secrets and without what citizens wrote.

Of an error its class and the places it came through are written; its message only where it can hold nobody's words. Of
what a library says that handles messages only what it says always is written, and where it said it.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import IO

from groupbot.store.errors import OperationalError, StoreError

# Errors whose messages are the machine's own words.
SAYABLE = (OSError, OperationalError, StoreError)
# Libraries that write addresses (and with them a token), or much that helps nobody, at INFO.
QUIET = ("httpx", "httpcore", "telegram", "nio", "apscheduler", "aiohttp.access", "peewee")
# Libraries through whose hands messages go: what they log may quote them.
HANDLING = ("telegram", "nio", "httpx", "httpcore", "aiohttp", "peewee")
_TOKEN = re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{20,}")
HIDDEN = "(secret)"


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON: at (ISO 8601, UTC), level, logger, message, and an error's class and places."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _unquoted(record) if record.name.split(".")[0] in HANDLING else record.getMessage(),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["error"] = [_error(one) for one in _chain(error)]
        return self._without_secrets(json.dumps(line, ensure_ascii=False))

    def _without_secrets(self, line: str) -> str:
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return _TOKEN.sub(HIDDEN, line)


def _unquoted(record: logging.LogRecord) -> str:
    """A record's place and its pattern without what is put in; without a pattern it may quote anything: its place."""
    said = f": {record.msg}" if record.args and isinstance(record.msg, str) else ""
    return f"{record.module}:{record.lineno}{said}"


def _chain(error: BaseException) -> list[BaseException]:
    """The error and what caused it, outermost first."""
    found: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in found:
        found.append(cause)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return found


def _error(error: BaseException) -> dict[str, object]:
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    said = {"says": str(error)} if isinstance(error, SAYABLE) else {}
    return {"class": type(error).__name__, **said, "through": places[-8:]}


def begin(secrets: Iterable[str] = (), stream: IO[str] | None = None) -> None:
    """Write the whole process's log from now on: JSON to `stream` (stderr), INFO and above, none of the secrets."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter(secrets))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
