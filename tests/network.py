"""Whom a process calls: every connection that Python opens, and every name that it looks up, while one listens."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_listening: list[set[tuple[str, int]]] = []


def _hear(event: str, args: tuple[Any, ...]) -> None:
    if not _listening:
        return
    if event in ("socket.connect", "socket.sendto"):
        where = args[1]
        called = (str(where[0]), int(where[1])) if isinstance(where, tuple) else (str(where), 0)
    elif event == "socket.getaddrinfo":
        called = (str(args[0]), int(args[1] or 0))
    else:
        return
    for one in _listening:
        one.add(called)


sys.addaudithook(_hear)  # cannot be taken away again; hears nothing while nobody listens


@contextmanager
def listening() -> Iterator[set[tuple[str, int]]]:
    """The (host, port) of all that is called meanwhile."""
    called: set[tuple[str, int]] = set()
    _listening.append(called)
    try:
        yield called
    finally:
        _listening.remove(called)
