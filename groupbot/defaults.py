"""Where things are when no settings say otherwise."""

from __future__ import annotations

from pathlib import Path

SETTINGS = Path("groupbot.toml")
SANDBOX = Path("groupbot-sandbox")  # where `groupbot run` and the commands beside it go when nothing is set
SANDBOX_DATABASE = "groupbot.db"  # in that folder
