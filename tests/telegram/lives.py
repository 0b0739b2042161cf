"""Bots on a fake Telegram, begun by a fork: on the database and Bot API server named on the command line.

They run until they are killed; their platform's limits are off, or kills would take for ever.
"""

from __future__ import annotations

import asyncio
import importlib
import secrets
import sys
from dataclasses import replace

from groupbot.app import App
from groupbot.chat.telegram import CAPABILITIES, TelegramChat
from groupbot.chat.telegram_api import Api
from groupbot.clock import real_time
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Capabilities
from groupbot.store.database import Store
from tests.county import jurisdiction
from tests.lives import bear
from tests.telegram.world import TOKEN

LATE = (  # what the bot or its libraries load when they need it
    "anyio._backends._asyncio",
    "apscheduler.executors.asyncio",
    "apscheduler.schedulers.asyncio",
    "apscheduler.triggers.interval",
    "httpcore",
)


class Hurried(TelegramChat):
    """Telegram without its limits."""

    rates = ()

    def capabilities_of(self, chat_id: str) -> Capabilities:
        """All, and no limit."""
        return replace(CAPABILITIES, rates=())


async def live(ours: Jurisdiction, url: str, base_url: str) -> None:
    """Run a bot until the process is killed."""
    app = App(ours, Store(url), {"telegram": Hurried(Api(TOKEN, base_url), real_time)}, real_time)
    await app.start()
    await app.run(asyncio.Event())


def main() -> None:
    """Begin a life for each line of the standard input."""
    url, base_url = sys.argv[1:]
    for name in LATE:
        importlib.import_module(name)
    ours = jurisdiction()
    ours.salt = lambda: secrets.token_bytes(32)  # each life its own
    bear(lambda _: asyncio.run(live(ours, url, base_url)))


if __name__ == "__main__":
    main()
