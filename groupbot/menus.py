"""The menus of commands that a platform can show as people type: which commands, in whose chats, in which language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from groupbot.commands import COMMANDS
from groupbot.jurisdiction import Jurisdiction

# Scope -> its commands, the ones most needed first. Officers are administrators of their groups; words do the rest.
MENUS: Mapping[str, tuple[str, ...]] = {
    "groups": ("help", "status", "local", "withdraw", "same", "undo"),
    "officers": ("resolve", "cannot", "by", "move", "cover", "priority", "status", "undo", "help"),
    "private": ("help", "mine", "status", "join", "language", "undo"),
}


@dataclass(frozen=True, slots=True)
class Menu:
    """One menu: its scope ("groups", "officers", "private"), language ('' for people of all others), and commands."""

    scope: str
    language: str
    commands: tuple[tuple[str, str], ...]  # (name, what it does)


def menus(jurisdiction: Jurisdiction, now: datetime) -> Iterator[Menu]:
    """All menus, in each of the pack's languages and in its first one for everybody else."""
    for scope, names in MENUS.items():
        for language in ("", *jurisdiction.protocol.languages):
            spoken = language or jurisdiction.language
            said = [(name, jurisdiction.catalogue.text(COMMANDS[name].summary, spoken, {}, now)) for name in names]
            yield Menu(scope, language, tuple(said))
