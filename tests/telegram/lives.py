"""A bot with many lives: a process that has everything loaded and begins a bot each time it is asked to, by a fork.

For each line on its standard input it prints the process id of a new bot on the database and Bot API server named on
its command line. The bots run until they are killed; their platform's limits are off, or kills would take for ever.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace

import apscheduler.schedulers.asyncio  # noqa: F401  imported late by the bot

from groupbot.app import App
from groupbot.chat.telegram import CAPABILITIES, TelegramChat
from groupbot.chat.telegram_api import Api
from groupbot.clock import real_time
from groupbot.jurisdiction import Jurisdiction
from groupbot.records import Capabilities
from groupbot.store.database import Store
from tests.county import jurisdiction
from tests.telegram.world import TOKEN


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
    ours = jurisdiction()
    ours.vocabulary, ours.reply_vocabulary, ours.date_words, ours.calendar, ours.catalogue  # noqa: B018  compiled once
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            asyncio.run(live(ours, url, base_url))
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
