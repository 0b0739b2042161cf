"""What the page is given by the app, and the keys under which its handlers find it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from aiohttp import web

from groupbot.chat.sandbox import Sandbox


class SandboxClock(Protocol):
    """The sandbox's time."""

    def now(self) -> datetime:
        """The present instant there, aware UTC."""
        ...


OnAdvance = Callable[[datetime], Awaitable[None]]  # moves the clock forward, running everything due on the way


@dataclass(frozen=True)
class PageSettings:
    """What the pack says to the page.

    `county` heads it, `timezone` is an IANA name, `blank_form` is what "Fill in a form" puts into the box. With
    `next_opening` (aware instant -> the next aware instant at which offices open) there is a button for that.
    """

    county: str
    timezone: str
    blank_form: str = ""
    next_opening: Callable[[datetime], datetime] | None = None


SANDBOX = web.AppKey("sandbox", Sandbox)
CLOCK = web.AppKey[SandboxClock]("clock")
ON_ADVANCE = web.AppKey[OnAdvance]("on_advance")
SETTINGS = web.AppKey("settings", PageSettings)
ADVANCING = web.AppKey("advancing", asyncio.Lock)
STREAMS = web.AppKey[set[asyncio.Queue[dict[str, Any]]]]("streams")
