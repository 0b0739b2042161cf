"""Bots begun by a fork: `groupbot run` with the settings named after each, all loaded already."""

from __future__ import annotations

import importlib
import secrets
from unittest.mock import patch

from groupbot.cli.run import run
from tests.county import jurisdiction
from tests.lives import bear

LATE = (  # what the bot or its libraries load when they need it
    "apscheduler.executors.asyncio",
    "apscheduler.schedulers.asyncio",
    "apscheduler.triggers.interval",
    "groupbot.app",
    "groupbot.chat.matrix",
    "groupbot.config",
    "groupbot.control",
    "groupbot.logs",
    "groupbot.menus",
    "groupbot.store.migrations",
)


def main() -> None:
    """Begin a bot for each line of the standard input."""
    for name in LATE:
        importlib.import_module(name)
    ours = jurisdiction()
    ours.salt = lambda: secrets.token_bytes(32)  # each life its own
    with patch("groupbot.cli.run.jurisdiction", lambda _: ours):
        bear(lambda settings: run.main(["--config", settings], standalone_mode=False))


if __name__ == "__main__":
    main()
